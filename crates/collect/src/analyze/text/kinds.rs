//! Which language or format a text is in, as far as libmagic tells.
//!
//! Not here: scripts, which their interpreters are known by.
//!
//! Source: the output of file(1) 5.44 on files of known content.

/// What kind of text it is, if it is of a kind.
pub(super) fn of(head: &[u8]) -> Option<&'static str> {
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
    if is_troff(start) {
        return Some("troff or preprocessor input");
    }
    if is_python(head) {
        return Some("Python script");
    }
    if let Some(language) = by_lines(head) {
        return Some(language);
    }
    if matches!(start.first(), Some(b'{' | b'[')) && looks_like_json(start) {
        return Some("JSON text data");
    }
    None
}

fn is_troff(head: &[u8]) -> bool {
    const STARTS: [&[u8]; 5] = [b".\\\"", b"'\\\"", b"'.\\\"", b"\\\"", b"'''"];
    let is_request = matches!(
        head,
        [b'.', first, second, b' ' | b'\t' | b'\n', ..]
            if first.is_ascii_alphabetic() && second.is_ascii_alphanumeric()
    );
    is_request || STARTS.iter().any(|start| head.starts_with(start))
}

/// How far lines of a language are looked for, in bytes.
const LANGUAGE_HEAD: usize = 8192;

/// What texts are by the start of one of their lines; the first row that fits counts.
const LINES: [(&[u8], &str); 5] = [
    (b"using namespace ", "C++ source"),
    (b"namespace ", "C++ source"),
    (b"#include", "C source"),
    (b"\\documentclass", "LaTeX 2e document"),
    (b"+++ ", "unified diff output"),
];

fn by_lines(head: &[u8]) -> Option<&'static str> {
    let head = &head[..head.len().min(LANGUAGE_HEAD)];
    let has = |start: &[u8]| {
        head.split(|it| *it == b'\n')
            .any(|it| it.starts_with(start))
    };
    let is_diff = has(b"--- ") && has(b"@@ ");
    let fits = |(start, kind): &&(&[u8], &str)| has(start) && (is_diff || !kind.contains("diff"));
    LINES.iter().find(fits).map(|(_, kind)| *kind)
}

/// Whether it is a module that CPython 3 has compiled: a number for its version, and a line end.
pub(in crate::analyze) fn is_python_bytecode(head: &[u8]) -> bool {
    matches!(head, [low, high, b'\r', b'\n', ..]
        if (3000..4000).contains(&u16::from_le_bytes([*low, *high])))
}

/// Whether there is an import or a definition, or text starts as a module's documentation does.
fn is_python(head: &[u8]) -> bool {
    let head = &head[..head.len().min(LANGUAGE_HEAD)];
    let is_python = |line: &[u8]| is_import(line) || is_definition(line.trim_ascii_start());
    head.starts_with(b"\"\"\"") || head.split(|byte| *byte == b'\n').any(is_python)
}

/// `def NAME(…):`, `class NAME:` or `class NAME(…):`, as a whole line.
fn is_definition(line: &[u8]) -> bool {
    let is_name = |text: &[u8]| {
        text.first()
            .is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_')
            && text
                .iter()
                .all(|it| it.is_ascii_alphanumeric() || *it == b'_')
    };
    let Some(line) = line.strip_suffix(b":") else {
        return false;
    };
    let head = |rest: &[u8]| {
        let name = rest.split(|it| *it == b'(').next().unwrap_or(rest);
        is_name(name) && (name.len() == rest.len() || rest.ends_with(b")"))
    };
    match (line.strip_prefix(b"def "), line.strip_prefix(b"class ")) {
        (Some(rest), _) => {
            rest.ends_with(b")") && head(rest) && !rest.windows(2).any(|it| it == b"->")
        }
        (None, Some(rest)) => head(rest),
        (None, None) => false,
    }
}

/// `from NAME import …` or `import NAME as …`, as a whole line.
fn is_import(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.splitn(4, |byte| *byte == b' ').collect();
    matches!(words.as_slice(), [b"from", module, b"import", what] | [b"import", module, b"as", what]
        if !module.is_empty() && what.first().is_some_and(|it| it.is_ascii_alphabetic() || b"(_*".contains(it)))
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
    fn languages_are_known_by_their_lines() {
        let cases = [
            ("# x\nclass Foo(Bar):\n", Some("Python script")),
            ("    def f(x, y):\n", Some("Python script")),
            ("def f(x) -> int:\n", None),
            ("x\nimport os as o\n", Some("Python script")),
            ("import os\n", None),
            ("// x\n#include <a>\n", Some("C source")),
            ("#include <a>\nnamespace a {\n", Some("C++ source")),
            ("--- a\n+++ b\n@@ -1 +1 @@\n", Some("unified diff output")),
            ("+++ b\n", None),
            ("\\documentclass{article}\n", Some("LaTeX 2e document")),
            ("<svg/>", Some("SVG Scalable Vector Graphics image")),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text.as_bytes()), expected, "{text}");
        }
    }
}
