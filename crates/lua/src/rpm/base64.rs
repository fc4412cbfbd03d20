//! `rpm.b64encode` and `rpm.b64decode`: RFC 4648, standard alphabet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mlua::{Lua, Value};

use crate::native::{Answer, Args, answer};

/// Columns of a line if none are asked for.
const LINE: usize = 64;

/// `rpm.b64encode(BYTES, COLUMNS)`. Every line ends in a newline; with 0 columns there are no lines.
pub(crate) fn encode_string(lua: &Lua, args: &Args) -> Answer {
    let bytes = args.bytes(1)?;
    let columns = usize::try_from(args.integer_or(2, -1)?).unwrap_or(LINE);
    answer(lua, encode(&bytes, columns))
}

/// `rpm.b64decode(TEXT)`: nil if it is not base64. White space in between is ignored.
pub(crate) fn decode_string(lua: &Lua, args: &Args) -> Answer {
    let digits: Vec<u8> = args
        .bytes(1)?
        .into_iter()
        .filter(|it| !it.is_ascii_whitespace())
        .collect();
    match STANDARD.decode(digits) {
        Ok(bytes) => answer(lua, lua.create_string(bytes)?),
        Err(_) => answer(lua, Value::Nil),
    }
}

/// Lines hold whole groups of four.
fn encode(bytes: &[u8], columns: usize) -> String {
    match columns / 4 * 3 {
        0 => STANDARD.encode(bytes),
        per_line => bytes
            .chunks(per_line)
            .map(|line| STANDARD.encode(line) + "\n")
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn lines_hold_whole_groups() {
        assert_eq!(encode(b"xxxxxx", 0), "eHh4eHh4");
        assert_eq!(encode(b"xxxxxx", 7), "eHh4\neHh4\n");
        assert_eq!(encode(b"xxxxxxx", 8), "eHh4eHh4\neA==\n");
        assert_eq!(encode(b"", 8), "");
    }
}
