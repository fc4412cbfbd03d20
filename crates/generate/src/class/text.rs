//! Text and scripts in libmagic's words.
//!
//! Source: the output of file(1) 5.44 on files of known content.

mod kinds;
mod languages;

pub(crate) use kinds::is_python_bytecode;

/// Describes bytes that no other rule knows: as some kind of text, or as `data`.
pub(crate) fn describe(head: &[u8]) -> String {
    let encoding = encoding(head);
    let script = head
        .strip_prefix(b"#!")
        .and_then(|line| script(line, encoding, &line_ends(head)));
    if let Some(script) = script {
        return script;
    }
    let Some(encoding) = encoding else {
        return "data".to_owned();
    };
    if let Some(pixmap) = pixmap(head) {
        return pixmap;
    }
    if head.starts_with(b"%!") {
        return post_script(head);
    }
    let kind = match kinds::of(head) {
        Some(whole) if whole.starts_with("SVG") || whole.starts_with("JSON") => {
            return whole.to_owned();
        }
        Some(kind) => format!("{kind}, "),
        None => bitmap(head).map_or(String::new(), |kind| format!("{kind}, ")),
    };
    let executable = if kind.starts_with("Python") {
        " executable"
    } else {
        ""
    };
    format!("{kind}{encoding}{executable}{}", line_ends(head))
}

/// A pixmap of X, whose first string has its sizes, colours and characters for each point.
fn pixmap(head: &[u8]) -> Option<String> {
    let text = head.strip_prefix(b"/* XPM */")?;
    let mut strings = text.split(|byte| *byte == b'"').skip(1);
    let numbers = std::str::from_utf8(strings.next()?).ok()?;
    let numbers: Vec<&str> = numbers.split_whitespace().collect();
    let [width, height, colors, letters, ..] = numbers.as_slice() else {
        return None;
    };
    let sizes = format!("{width} x {height} x {colors}, {letters} chars/pixel");
    Some(format!("X pixmap image text, {sizes}"))
}

/// A bitmap of X, which begins with `#define NAME_width N` and `#define NAME_height N`.
fn bitmap(head: &[u8]) -> Option<String> {
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut size = |end: &str| {
        let line = std::str::from_utf8(lines.next()?).ok()?;
        let (name, size) = line.strip_prefix("#define ")?.split_once(' ')?;
        name.ends_with(end).then(|| size.trim().to_owned())
    };
    let (width, height) = (size("_width")?, size("_height")?);
    Some(format!("xbm image ({width}x{height})"))
}

fn post_script(head: &[u8]) -> String {
    let level = head.strip_prefix(b"%!PS-Adobe-").and_then(|it| it.get(..3));
    let level = level.map(String::from_utf8_lossy);
    let level = level.map_or(String::new(), |it| format!(" conforming DSC level {it}"));
    format!("PostScript document text{level}")
}

/// The encoding, or `None` for what is no text.
fn encoding(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe") {
        return Some("Unicode text, UTF-16, little-endian text");
    }
    if head.starts_with(b"\xfe\xff") {
        return Some("Unicode text, UTF-16, big-endian text");
    }
    if !is_text(head) {
        return None;
    }
    if head.is_ascii() {
        return Some("ASCII text");
    }
    match std::str::from_utf8(head) {
        Ok(_) if head.starts_with(b"\xef\xbb\xbf") => Some("Unicode text, UTF-8 (with BOM) text"),
        Ok(_) => Some("Unicode text, UTF-8 text"),
        // The head may end within a character.
        Err(error) if error.error_len().is_none() => Some("Unicode text, UTF-8 text"),
        Err(_) if head.iter().any(|byte| (0x80..0xa0).contains(byte)) => {
            Some("Non-ISO extended-ASCII text")
        }
        Err(_) => Some("ISO-8859 text"),
    }
}

/// Whether all bytes may be in a text.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_text_byte(*byte))
}

/// Bell to carriage return, escape, and everything printable or above ASCII.
fn is_text_byte(byte: u8) -> bool {
    matches!(byte, 7..=13 | 27 | 32..=126 | 128..)
}

/// A line is called very long from this length on.
const LONG: usize = 300;

/// Characters of a line in UTF-8, or bytes of one in an older encoding.
fn characters(line: &[u8]) -> usize {
    line.iter()
        .filter(|byte| !(0x80..0xc0).contains(*byte))
        .count()
}

fn line_ends(head: &[u8]) -> String {
    let mut text = String::new();
    let longest = head
        .split(|byte| *byte == b'\n')
        .map(characters)
        .max()
        .unwrap_or(0);
    if longest >= LONG {
        text.push_str(&format!(", with very long lines ({longest})"));
    }
    let both = head.windows(2).filter(|pair| *pair == b"\r\n").count();
    let feeds = head.iter().filter(|byte| **byte == b'\n').count() - both;
    let returns = head.iter().filter(|byte| **byte == b'\r').count() - both;
    let kinds = [(both, "CRLF"), (returns, "CR"), (feeds, "LF")];
    let used: Vec<_> = kinds
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, it)| *it)
        .collect();
    match used.as_slice() {
        [] => text.push_str(", with no line terminators"),
        ["LF"] => {}
        used => text.push_str(&format!(", with {} line terminators", used.join(", "))),
    }
    text
}

/// Interpreters by base name, and by the whole path for shells that may be something else.
const INTERPRETERS: [(&str, &str); 22] = [
    ("/bin/sh", "POSIX shell script"),
    ("bash", "Bourne-Again shell script"),
    ("/bin/csh", "C shell script"),
    ("/bin/ksh", "Korn shell script"),
    ("tcsh", "Tenex C shell script"),
    ("zsh", "Paul Falstad's zsh script"),
    ("fish", "fish shell script"),
    ("ash", "Neil Brown's ash script"),
    ("python", "Python script"),
    ("ruby", "Ruby script"),
    ("lua", "Lua script"),
    ("awk", "awk script"),
    ("gawk", "GNU awk script"),
    ("mawk", "awk script"),
    ("nawk", "new awk script"),
    ("tclsh", "Tcl/Tk script"),
    ("wish", "Tcl/Tk script"),
    ("expect", "a /usr/bin/expect script"),
    ("php", "PHP script"),
    ("perl", "Perl script"),
    ("node", "Node.js script"),
    ("nodejs", "Node.js script"),
];

/// Describes a script by what follows `#!`.
fn script(after: &[u8], encoding: Option<&str>, line_ends: &str) -> Option<String> {
    let line = after.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let command = line.trim();
    let encoding = encoding.unwrap_or("data");
    let text = if encoding == "data" {
        "data".to_owned()
    } else {
        format!("{encoding} executable{line_ends}")
    };
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    // libmagic knows programs by the blank or line end after them.
    let is_cut = !after.contains(&b'\n') && command == program;
    let inner = match words.next() {
        Some(word) if program.ends_with("/env") && words.next().is_none() => word,
        _ => program,
    };
    Some(match interpreter(inner).filter(|_| !is_cut) {
        Some("Perl script") => "Perl script text executable".to_owned(),
        Some("Node.js script") => format!("Node.js script executable, {encoding}"),
        Some(known) => format!("{known}, {text}"),
        None => {
            let shown = if program.ends_with("/env") {
                command
                    .strip_prefix(program)
                    .unwrap_or(command)
                    .trim_start()
            } else {
                command
            };
            format!("a {shown} script, {text}")
        }
    })
}

fn interpreter(program: &str) -> Option<&'static str> {
    let base = program.rsplit('/').next().unwrap_or(program);
    let unversioned = base.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let name = if matches!(
        unversioned,
        "python" | "ruby" | "lua" | "tclsh" | "php" | "perl"
    ) {
        unversioned
    } else {
        base
    };
    let known = INTERPRETERS
        .iter()
        .find(|(known, _)| *known == program || *known == name);
    known.map(|(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_described_by_encoding_and_line_ends() {
        let cases: [(&[u8], &str); 10] = [
            (
                b"/* XPM */\nstatic char *a[] = {\n\"8 5 3 1\",\n",
                "X pixmap image text, 8 x 5 x 3, 1 chars/pixel",
            ),
            (
                b"#define a_width 8\n#define a_height 9\n",
                "xbm image (8x9), ASCII text",
            ),
            (b"hello\n", "ASCII text"),
            (b"hello", "ASCII text, with no line terminators"),
            (b"a\r\nb\r\n", "ASCII text, with CRLF line terminators"),
            ("ä\n".as_bytes(), "Unicode text, UTF-8 text"),
            (b"caf\xe9\n", "ISO-8859 text"),
            (b"a\0b", "data"),
            (
                b"<?xml version=\"1.0\"?>\n<a/>\n",
                "XML 1.0 document, ASCII text",
            ),
            (b"{\"a\":1}\n", "JSON text data"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(describe(bytes), expected);
        }
    }

    #[test]
    fn scripts_are_described_by_their_interpreters() {
        let cases = [
            ("#!/bin/sh\n", "POSIX shell script, ASCII text executable"),
            (
                "#! /bin/bash -e\n",
                "Bourne-Again shell script, ASCII text executable",
            ),
            (
                "#!/usr/bin/env python3\n",
                "Python script, ASCII text executable",
            ),
            ("#!/usr/bin/perl\n", "Perl script text executable"),
            ("#! \n", "a  script, ASCII text executable"),
            (
                "#!/bin/sh",
                "a /bin/sh script, ASCII text executable, with no line terminators",
            ),
            (
                "#!/usr/bin/env node\n",
                "Node.js script executable, ASCII text",
            ),
            (
                "#!/usr/bin/foo -x y\n",
                "a /usr/bin/foo -x y script, ASCII text executable",
            ),
            (
                "#!/usr/bin/env sh -e\n",
                "a sh -e script, ASCII text executable",
            ),
            (
                "#!/bin/sh\nä\n",
                "POSIX shell script, Unicode text, UTF-8 text executable",
            ),
        ];
        for (bytes, expected) in cases {
            assert_eq!(describe(bytes.as_bytes()), expected);
        }
    }
}
