//! Bytes that are not UTF-8, carried through strings and given back unchanged.
//!
//! Specs, macro files and lists of files may be written in an older encoding, and rpm passes their
//! bytes on to scripts as they are. A string holds such a byte as a character of its own, at the very
//! end of the private use area that Unicode leaves to everybody (`U+10FF80` to `U+10FFFF`, the byte
//! added to `U+10FF00`). Text that spells one of these characters out is carried byte by byte, so
//! that what goes in is what comes out.

use std::borrow::Cow;

/// The character of a byte is this far above it.
const BASE: u32 = 0x0010_ff00;
/// The first byte in UTF-8 of every carrying character, and of few others.
const LEAD: u8 = 0xf4;

/// Bytes as a string. What is UTF-8 stays as it is; every other byte becomes a character that
/// [`restore`] knows.
pub fn carry(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if !carries(&text) => text,
        Ok(text) => carry_parts(text.as_bytes(), push_apart),
        Err(error) => carry_parts(error.as_bytes(), push_apart),
    }
}

/// As [`carry`], for bytes of something that was handed carried text as it is, as Lua is: characters
/// that stand for bytes go on doing so.
pub fn carry_back(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| carry_parts(error.as_bytes(), String::push))
}

fn carry_parts(bytes: &[u8], push: fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut out, c));
        out.extend(chunk.invalid().iter().copied().map(character));
    }
    out
}

/// Appends a character; one that would stand for a byte byte by byte.
fn push_apart(out: &mut String, c: char) {
    match is_carried(c) {
        true => out.extend(c.encode_utf8(&mut [0; 4]).bytes().map(character)),
        false => out.push(c),
    }
}

fn character(byte: u8) -> char {
    char::from_u32(BASE + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether a character stands for a byte that is not UTF-8.
pub fn is_carried(c: char) -> bool {
    u32::from(c) >= BASE + 0x80
}

/// Whether some character stands for a byte that is not UTF-8.
pub fn carries(text: &str) -> bool {
    text.as_bytes().contains(&LEAD) && text.contains(is_carried)
}

/// The bytes that [`carry`] took.
pub fn restore(text: &str) -> Cow<'_, [u8]> {
    if !carries(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match is_carried(c) {
            true => out.push((u32::from(c) - BASE) as u8),
            false => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    Cow::Owned(out)
}

/// The text with U+FFFD in place of the bytes, for people and for formats that take UTF-8 only.
pub fn readable(text: &str) -> String {
    match carries(text) {
        true => text.replace(is_carried, "\u{fffd}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_byte_of_an_older_encoding_is_one_character() {
        let text = carry(b"caf\xe9 \xc3\xa9".to_vec());
        assert_eq!(text.chars().count(), 6);
        assert_eq!(readable(&text), "caf\u{fffd} é");
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(bytes: Vec<u8>) {
            let text = carry(bytes.clone());
            prop_assert_eq!(&*restore(&text), bytes.as_slice());
        }

        #[test]
        fn so_do_all_characters(text in "(\\PC|[\u{10ff70}-\u{10ffff}]){0,20}") {
            let carried = carry(text.clone().into_bytes());
            prop_assert_eq!(&*restore(&carried), text.as_bytes());
        }
    }
}
