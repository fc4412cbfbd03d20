//! `rpm.b64encode` and `rpm.b64decode`: RFC 4648, standard alphabet.

use mlua::{Lua, Value};

use crate::native::{Answer, Args, answer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Columns of a line if none are asked for.
const LINE: usize = 64;

/// `rpm.b64encode(BYTES, COLUMNS)`. Every line ends in a newline; with 0 columns there are no lines.
pub(crate) fn encode_string(lua: &Lua, args: &Args) -> Answer {
    let bytes = args.bytes(1)?;
    let columns = args.integer_or(2, -1)?;
    let columns = usize::try_from(columns).unwrap_or(LINE) / 4 * 4;
    answer(lua, encode(&bytes, columns))
}

/// `rpm.b64decode(TEXT)`: nil if it is no base64.
pub(crate) fn decode_string(lua: &Lua, args: &Args) -> Answer {
    match decode(&args.bytes(1)?) {
        Some(bytes) => answer(lua, lua.create_string(bytes)?),
        None => answer(lua, Value::Nil),
    }
}

fn encode(bytes: &[u8], columns: usize) -> String {
    let mut text = String::new();
    let mut column = 0;
    for group in bytes.chunks(3) {
        let mut padded = [0; 4];
        padded[1..=group.len()].copy_from_slice(group);
        let number = u32::from_be_bytes(padded);
        for digit in 0..4 {
            let index = (number >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= group.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
        column += 4;
        if column == columns {
            text.push('\n');
            column = 0;
        }
    }
    if columns > 0 && column > 0 {
        text.push('\n');
    }
    text
}

/// White space is skipped; padding must be complete.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|it| !it.is_ascii_whitespace())
        .collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|it| **it == b'=').count();
    let mut bytes = Vec::new();
    for group in digits[..digits.len().checked_sub(padding.min(3))?].chunks(4) {
        let value = |digit: &u8| ALPHABET.iter().position(|it| it == digit);
        let number = group
            .iter()
            .try_fold(0, |sum, digit| Some(sum << 6 | value(digit)? as u32))?;
        let number = number << (6 * (4 - group.len()));
        bytes.extend_from_slice(&number.to_be_bytes()[1..group.len()]);
    }
    (padding < 3).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn texts_of_the_standard() {
        let pairs = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ];
        for (plain, encoded) in pairs {
            assert_eq!(encode(plain.as_bytes(), 0), encoded);
            assert_eq!(decode(encoded.as_bytes()).unwrap(), plain.as_bytes());
        }
        assert_eq!(encode(b"xxxxxx", 4), "eHh4\neHh4\n");
        assert_eq!(encode(b"xxxxxxx", 8), "eHh4eHh4\neA==\n");
        assert_eq!(decode(b"eHh4\neHh4\n").unwrap(), b"xxxxxx");
        assert_eq!(
            [decode(b"!!!!"), decode(b"eHh"), decode(b"====")],
            [None, None, None]
        );
    }
}
