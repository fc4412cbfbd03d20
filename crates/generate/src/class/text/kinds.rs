//! Which language or format a text is in, as far as libmagic tells.
//!
//! Not here: scripts, which their interpreters are known by.
//!
//! Source: the output of file(1) 5.44 on files of known content.

use super::languages;

/// What kind of text it is, if it is of a kind.
pub(crate) fn of(head: &[u8]) -> Option<&'static str> {
    let start = head.trim_ascii_start();
    let begins = |word: &[u8]| {
        start
            .get(..word.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(word))
    };
    if begins(b"<?xml version=\"1.0\"") || begins(b"<?xml version='1.0'") {
        let is_svg = head.windows(4).take(4096).any(|window| window == b"<svg");
        return Some(if is_svg {
            "SVG Scalable Vector Graphics image"
        } else {
            "XML 1.0 document"
        });
    }
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") {
        return Some("HTML document");
    }
    if begins(b"<svg") {
        return Some("SVG Scalable Vector Graphics image");
    }
    if let Some(language) = languages::of(head) {
        return Some(language);
    }
    if head.starts_with(b"\"\"\"") {
        return Some("Python script");
    }
    if is_diff(head) {
        return Some("unified diff output");
    }
    if let Some((_, kind)) = STARTS.iter().find(|(word, _)| begins(word)) {
        return Some(kind);
    }
    if matches!(start.first(), Some(b'{' | b'[')) && looks_like_json(start) {
        return Some("JSON text data");
    }
    None
}

/// What texts are by their first letters.
const STARTS: [(&[u8], &str); 5] = [
    (b"<!doctype", "exported SGML document"),
    (b"<?xml", "XML document"),
    (b"<?php", "PHP script"),
    (b"diff ", "diff output"),
    (b"index:", "RCS/CVS diff output"),
];

/// Whether there are lines of a unified diff, close to the start.
fn is_diff(head: &[u8]) -> bool {
    let head = &head[..head.len().min(8192)];
    let has = |start: &[u8]| {
        let mut lines = head.split(|it| *it == b'\n');
        lines.any(|it| it.starts_with(start))
    };
    has(b"+++ ") && has(b"--- ") && has(b"@@ ")
}

/// Whether it is a module that CPython 3 has compiled: a number for its version, and a line end.
pub(crate) fn is_python_bytecode(head: &[u8]) -> bool {
    matches!(head, [low, high, b'\r', b'\n', ..]
        if (3000..4000).contains(&u16::from_le_bytes([*low, *high])))
}

/// Whether brackets and quotes begin as those of JSON do; libmagic reads it all.
fn looks_like_json(text: &[u8]) -> bool {
    let after = text[1..].trim_ascii_start();
    match (text[0], after.first()) {
        (b'{', Some(b'"' | b'}')) => true,
        (b'[', Some(b'"' | b']' | b'{' | b'[' | b'0'..=b'9')) => {
            matches!(text.trim_ascii_end().last(), Some(b']'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_lines_and_starts() {
        let cases = [
            ("// x\n#include <a>\n", Some("C source")),
            (".TH X 1\n#include <a>\n", Some("C source")),
            (".TH X 1\n.SH NAME\n", Some("troff or preprocessor input")),
            ("<!DOCTYPE busconfig>\n", Some("exported SGML document")),
            ("--- a\n+++ b\n@@ -1 +1 @@\n", Some("unified diff output")),
            ("+++ b\n", None),
            ("<svg/>", Some("SVG Scalable Vector Graphics image")),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text.as_bytes()), expected, "{text}");
        }
    }
}
