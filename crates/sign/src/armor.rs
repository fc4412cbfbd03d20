//! Armored public keys, as packages carry them in their headers.
//!
//! Source: RFC 9580, section 6; rpm `build/files.cc`, what becomes of `%pubkey`.

use std::io::Read;

use pgp::armor::{BlockType, Dearmor, write};
use pgp::ser::Serialize;

/// Why a text is no armored public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmorFault {
    /// There is no armored block, or a broken one.
    Unreadable,
    /// The block is not one of public keys.
    OtherKind,
}

/// The first armored block of a text, in the one form that packages have: without headers, in lines of
/// 64 characters, with a checksum.
pub fn public_key_block(text: &[u8]) -> Result<String, ArmorFault> {
    let mut block = Dearmor::new(text);
    let mut packets = Vec::new();
    block
        .read_to_end(&mut packets)
        .map_err(|_| ArmorFault::Unreadable)?;
    match block.typ {
        Some(BlockType::PublicKey) if !packets.is_empty() => Ok(armored(packets)),
        Some(BlockType::PublicKey) | None => Err(ArmorFault::Unreadable),
        Some(_) => Err(ArmorFault::OtherKind),
    }
}

fn armored(packets: Vec<u8>) -> String {
    let mut text = Vec::new();
    // Memory takes everything.
    write(
        &Packets(packets),
        BlockType::PublicKey,
        &mut text,
        None,
        true,
    )
    .ok();
    String::from_utf8_lossy(&text).into_owned()
}

/// Packets as they were read.
struct Packets(Vec<u8>);

impl Serialize for Packets {
    fn to_writer<W: std::io::Write>(&self, writer: &mut W) -> pgp::errors::Result<()> {
        Ok(writer.write_all(&self.0)?)
    }

    fn write_len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: hello\n\nmDMEawzWNxYJKwYB\n\
                       -----END PGP PUBLIC KEY BLOCK-----\n";

    #[test]
    fn keys_lose_their_headers() {
        let block = public_key_block(KEY.as_bytes()).unwrap();
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(
            lines[..3],
            [KEY.lines().next().unwrap(), "", "mDMEawzWNxYJKwYB"]
        );
        assert_eq!(lines[4..], ["-----END PGP PUBLIC KEY BLOCK-----"]);
        assert!(
            lines[3].starts_with('=') && block.ends_with('\n'),
            "{block}"
        );
    }

    #[test]
    fn other_texts_are_told_apart() {
        let signature = KEY.replace("PUBLIC KEY BLOCK", "SIGNATURE");
        let fault = |text: &str| public_key_block(text.as_bytes());
        assert_eq!(fault(&signature), Err(ArmorFault::OtherKind));
        assert_eq!(fault("key\n"), Err(ArmorFault::Unreadable));
        assert_eq!(fault(""), Err(ArmorFault::Unreadable));
    }
}
