//! OpenPGP signatures and keys: what they say of themselves, and their armor. Nothing is verified.
//!
//! Source: RFC 4880, sections 4.2, 5.2 and 6.

use super::element::Element;
use super::{text, time};
use crate::Value;

const PUBLIC_KEY_ALGORITHMS: [(u8, &str); 8] = [
    (1, "RSA"),
    (2, "RSA(Encrypt-Only)"),
    (3, "RSA(Sign-Only)"),
    (17, "DSA"),
    (19, "ECDSA"),
    (22, "EdDSA"),
    (27, "Ed25519"),
    (28, "Ed448"),
];

const HASH_ALGORITHMS: [(u8, &str); 12] = [
    (1, "MD5"),
    (2, "SHA1"),
    (3, "RIPEMD160"),
    (5, "MD2"),
    (6, "TIGER192"),
    (7, "HAVAL-5-160"),
    (8, "SHA256"),
    (9, "SHA384"),
    (10, "SHA512"),
    (11, "SHA224"),
    (12, "SHA3-256"),
    (14, "SHA3-512"),
];

/// The name of a hash algorithm.
pub(super) fn hash_name(number: u8) -> Option<&'static str> {
    HASH_ALGORITHMS
        .iter()
        .find(|(known, _)| *known == number)
        .map(|(_, name)| *name)
}

/// `RSA/SHA256, DATE, Key ID 0123456789abcdef`.
pub(super) fn signature(it: &Element<'_>) -> String {
    if matches!(it.value, Value::Numbers(_) | Value::Text(_)) {
        return "(invalid type)".to_owned();
    }
    let described = text::blob(it).and_then(|packet| Signature::parse(&packet));
    described.map_or("(not an OpenPGP signature)".to_owned(), |it| it.to_string())
}

/// What a signature packet says.
struct Signature {
    public_key_algorithm: u8,
    hash_algorithm: u8,
    created: u32,
    key_id: [u8; 8],
}

impl Signature {
    fn parse(packet: &[u8]) -> Option<Self> {
        let body = packet_body(packet)?;
        match body.first()? {
            3 => Some(Self {
                public_key_algorithm: *body.get(15)?,
                hash_algorithm: *body.get(16)?,
                created: u32::from_be_bytes(body.get(3..7)?.try_into().ok()?),
                key_id: body.get(7..15)?.try_into().ok()?,
            }),
            4 => Self::parse_v4(body),
            _ => None,
        }
    }

    /// Version 4 keeps time and key in two lists of subpackets, of which the first is signed.
    fn parse_v4(body: &[u8]) -> Option<Self> {
        let (signed, rest) = counted(body.get(4..)?)?;
        let (unsigned, _) = counted(rest)?;
        let find = |kind| subpacket(signed, kind).or_else(|| subpacket(unsigned, kind));
        Some(Self {
            public_key_algorithm: *body.get(2)?,
            hash_algorithm: *body.get(3)?,
            created: u32::from_be_bytes(find(2)?.try_into().ok()?),
            key_id: find(16)?.try_into().ok()?,
        })
    }
}

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = PUBLIC_KEY_ALGORITHMS
            .iter()
            .find(|it| it.0 == self.public_key_algorithm);
        let key = known.map_or("Unknown public key algorithm", |it| it.1);
        let hash = hash_name(self.hash_algorithm).unwrap_or("Unknown hash algorithm");
        write!(
            f,
            "{key}/{hash}, {}, Key ID ",
            time::date(self.created.into())
        )?;
        self.key_id
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The body of a signature packet with a header of either format.
fn packet_body(packet: &[u8]) -> Option<&[u8]> {
    const SIGNATURE: u8 = 2;
    let tag = *packet.first()?;
    let length = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | *byte as usize)
    };
    let (kind, start, size) = if tag & 0xc0 == 0xc0 {
        let (size, used) = new_length(packet.get(1..)?)?;
        (tag & 0x3f, 1 + used, size)
    } else {
        let width = [1, 2, 4].get(usize::from(tag & 3)).copied()?;
        (tag >> 2 & 0xf, 1 + width, length(packet.get(1..=width)?))
    };
    if tag & 0x80 == 0 || kind != SIGNATURE {
        return None;
    }
    packet.get(start..start.checked_add(size)?)
}

/// A length of the newer format, and how many bytes it takes.
fn new_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.first()?);
    match first {
        0..=191 => Some((first, 1)),
        192..=223 => Some((((first - 192) << 8) + usize::from(*bytes.get(1)?) + 192, 2)),
        255 => Some((
            u32::from_be_bytes(bytes.get(1..5)?.try_into().ok()?) as usize,
            5,
        )),
        _ => None,
    }
}

/// A list behind its length in two bytes, and what follows it.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
    bytes.get(2..)?.split_at_checked(size.into())
}

/// The content of the first subpacket of a kind.
fn subpacket(mut list: &[u8], kind: u8) -> Option<&[u8]> {
    loop {
        let (size, used) = new_length(list)?;
        let (packet, rest) = list.get(used..)?.split_at_checked(size)?;
        if packet.first()? & 0x7f == kind {
            return packet.get(1..);
        }
        list = rest;
    }
}

/// The armor of a signature (bytes) or of a public key (base64 of one).
pub(super) fn armor(it: &Element<'_>) -> String {
    let kind = match it.value {
        Value::Bytes(_) => "SIGNATURE",
        Value::Text(_) | Value::Texts(_) => "PUBLIC KEY BLOCK",
        Value::Numbers(_) => return "(invalid type)".to_owned(),
    };
    let Some(bytes) = text::blob(it) else {
        return "(not base64)".to_owned();
    };
    let check = text::base64(&crc24(&bytes).to_be_bytes()[1..]);
    let body = text::base64_lines(&bytes);
    format!("-----BEGIN PGP {kind}-----\n\n{body}={check}\n-----END PGP {kind}-----\n")
}

/// RFC 4880, section 6.1.
fn crc24(bytes: &[u8]) -> u32 {
    let mut crc: u32 = 0xb7_04ce;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x100_0000 != 0 {
                crc ^= 0x186_4cfb;
            }
        }
    }
    crc & 0xff_ffff
}

#[cfg(test)]
mod tests {
    use super::{Signature, crc24};

    #[test]
    fn a_signature_tells_algorithms_time_and_key() {
        let mut body = vec![4, 0, 1, 8, 0, 6, 5, 2, 0, 0, 0, 1];
        body.extend([0, 10, 9, 16, 1, 2, 3, 4, 5, 6, 7, 8]);
        let mut packet = vec![0xc2, body.len() as u8];
        packet.extend(&body);
        let text = Signature::parse(&packet).unwrap().to_string();
        assert_eq!(
            text,
            "RSA/SHA256, Thu Jan  1 00:00:01 1970, Key ID 0102030405060708"
        );
        assert!((0..packet.len()).all(|end| Signature::parse(&packet[..end]).is_none()));
    }

    #[test]
    fn the_check_sum_is_that_of_the_standard() {
        assert_eq!(crc24(b"123456789"), 0x21_cf02);
    }
}
