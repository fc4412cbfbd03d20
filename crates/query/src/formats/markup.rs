//! `:xml` and `:json`.

use super::element::Element;
use super::text;
use crate::Value;

/// `<string>…</string>`, `<integer>…</integer>` or `<base64>…</base64>`, after a tab.
pub(super) fn xml(it: &Element<'_>) -> String {
    let (name, content) = match it.value {
        Value::Numbers(_) => ("integer", text::plain(it)),
        Value::Text(_) | Value::Texts(_) => ("string", text::plain(it)),
        Value::Bytes(_) => ("base64", text::base64_lines(it.bytes())),
    };
    if content.is_empty() {
        return format!("\t<{name}/>");
    }
    let escaped = content
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("\t<{name}>{escaped}</{name}>")
}

/// A number, or a string in quotes.
pub(super) fn json(it: &Element<'_>) -> String {
    match it.value {
        Value::Numbers(_) => text::plain(it),
        Value::Text(_) | Value::Texts(_) => quoted(it.text()),
        Value::Bytes(_) => quoted(&text::base64(it.bytes())),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", control as u32)),
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}
