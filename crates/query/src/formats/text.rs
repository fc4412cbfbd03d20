//! Text, quoted for others to read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::element::Element;
use crate::Value;

/// Columns of a line of base64.
const COLUMNS: usize = 64;

/// The bare value: a number in decimal, bytes in hexadecimal.
pub(super) fn plain(it: &Element<'_>) -> String {
    match it.value {
        Value::Numbers(_) => it.number().to_string(),
        Value::Text(_) | Value::Texts(_) => it.text().to_owned(),
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// A word for the shell, in single quotes; numbers need none.
pub(super) fn shell_quoted(it: &Element<'_>) -> String {
    match it.value {
        Value::Numbers(_) => it.number().to_string(),
        Value::Text(_) | Value::Texts(_) => source::shell_quoted(it.text()),
        Value::Bytes(_) => "(invalid type)".to_owned(),
    }
}

/// Base64 on one line.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 in lines, each with a newline.
pub(super) fn base64_lines(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(COLUMNS / 4 * 3) {
        text.push_str(&base64(chunk));
        text.push('\n');
    }
    text
}

/// The bytes of base64, white space aside; `None` if it is none.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|it| !it.is_ascii_whitespace())
        .collect();
    STANDARD.decode(digits).ok()
}

/// The bytes of a value that is a blob, or base64 of one.
pub(super) fn blob(it: &Element<'_>) -> Option<Vec<u8>> {
    match it.value {
        Value::Bytes(_) => Some(it.bytes().to_vec()),
        _ => from_base64(it.text()),
    }
}
