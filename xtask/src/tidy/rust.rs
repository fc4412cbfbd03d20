//! A Rust file as the rules see it: code without comments and literals, the string literals,
//! and which lines are tests. A scanner of one pass; it knows no grammar beyond braces.

use super::TextFile;

/// A Rust file taken apart, line by line.
pub(crate) struct RustFile {
    pub(crate) path: String,
    /// The first line as it stands.
    pub(crate) first_line: String,
    /// Code lines; comments and the insides of literals are blank.
    pub(crate) code: Vec<String>,
    /// Line (from 1) and content of each string literal.
    pub(crate) strings: Vec<(usize, String)>,
    /// For each line, whether it is compiled for tests only.
    test: Vec<bool>,
}

impl RustFile {
    /// Line numbers (from 1) and code of the lines that are not tests.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.iter().zip(&self.test).enumerate();
        lines
            .filter(|(_, (_, test))| !**test)
            .map(|(index, (line, _))| (index + 1, line.as_str()))
    }

    /// Line numbers and contents of the string literals that are not in tests.
    pub(crate) fn literals(&self) -> impl Iterator<Item = (usize, &str)> {
        let used = self
            .strings
            .iter()
            .filter(|(line, _)| !self.test[*line - 1]);
        used.map(|(line, text)| (*line, text.as_str()))
    }
}

/// Takes all Rust files apart.
pub(crate) fn read_all(files: &[TextFile]) -> Vec<RustFile> {
    // What lies under testdata is built by specs, as other people's code is.
    let is_ours = |path: &str| path.ends_with(".rs") && !path.starts_with("testdata/");
    let rust = files.iter().filter(|file| is_ours(&file.path));
    rust.map(|file| read(&file.path, &file.text)).collect()
}

fn read(path: &str, text: &str) -> RustFile {
    let (code, strings) = scan(text);
    let test = if is_test_path(path) {
        vec![true; code.len()]
    } else {
        test_lines(&code)
    };
    let first_line = text.lines().next().unwrap_or_default().to_owned();
    RustFile {
        path: path.to_owned(),
        first_line,
        code,
        strings,
        test,
    }
}

fn is_test_path(path: &str) -> bool {
    let parts = [
        "/tests/",
        "/benches/",
        "/examples/",
        "/fuzz/",
        "crates/testkit/",
    ];
    parts.iter().any(|part| path.contains(part))
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// Marks the items under `#[cfg(test)]`: from the attribute to the brace that closes the item.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut test = vec![false; code.len()];
    let mut line = 0;
    while line < code.len() {
        if !code[line].contains("#[cfg(test)]") {
            line += 1;
            continue;
        }
        let end = item_end(code, line);
        test[line..=end].fill(true);
        line = end + 1;
    }
    test
}

fn item_end(code: &[String], start: usize) -> usize {
    let mut depth = 0usize;
    for (line, text) in code.iter().enumerate().skip(start) {
        for byte in text.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth <= 1 => return line,
                b'}' => depth -= 1,
                b';' if depth == 0 => return line,
                _ => {}
            }
        }
    }
    code.len() - 1
}

/// Splits a text into code lines and string literals.
fn scan(text: &str) -> (Vec<String>, Vec<(usize, String)>) {
    let (mut code, mut strings) = (String::new(), Vec::new());
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, keep) = token(rest, code.chars().next_back());
        let (taken, left) = rest.split_at(length);
        match keep {
            Keep::Code => code.push(first),
            Keep::Blank => code.extend(taken.chars().filter(|it| *it == '\n')),
            Keep::Literal => {
                code.push('"');
                code.extend(taken.chars().filter(|it| *it == '\n'));
                code.push('"');
                strings.push((line, taken.to_owned()));
            }
        }
        line += taken.matches('\n').count();
        rest = left;
    }
    (code.lines().map(str::to_owned).collect(), strings)
}

enum Keep {
    Code,
    Blank,
    Literal,
}

/// The length in bytes of what starts here, and what becomes of it.
fn token(rest: &str, before: Option<char>) -> (usize, Keep) {
    let in_word = before.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let first = rest.chars().next().map_or(1, char::len_utf8);
    match rest.as_bytes() {
        [b'/', b'/', ..] => (rest.find('\n').unwrap_or(rest.len()), Keep::Blank),
        [b'/', b'*', ..] => (block_comment(rest), Keep::Blank),
        [b'"', ..] => (quoted(rest), Keep::Literal),
        [b'b' | b'c', b'"', ..] if !in_word => (1 + quoted(&rest[1..]), Keep::Literal),
        [b'r', b'"' | b'#', ..] if !in_word => raw(rest, 1),
        [b'b' | b'c', b'r', b'"' | b'#', ..] if !in_word => raw(rest, 2),
        [b'\'', ..] => (character(rest), Keep::Blank),
        _ => (first, Keep::Code),
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A raw string, or a raw identifier (`r#type`), which is code.
fn raw(rest: &str, prefix: usize) -> (usize, Keep) {
    let hashes = rest[prefix..]
        .bytes()
        .take_while(|byte| *byte == b'#')
        .count();
    let start = prefix + hashes + 1;
    if !rest[prefix + hashes..].starts_with('"') {
        return (1, Keep::Code);
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = rest[start..]
        .find(&end)
        .map_or(rest.len(), |at| start + at + end.len());
    (length, Keep::Literal)
}

/// A character literal, or the tick of a lifetime.
fn character(rest: &str) -> usize {
    let mut inside = rest[1..].chars();
    match inside.next() {
        Some('\\') => rest[3..].find('\'').map_or(1, |at| at + 4),
        Some(first) if inside.next() == Some('\'') => first.len_utf8() + 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{read, scan};

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = "let a = \"x // {\"; // {\nlet b = r#\"\"{\"#; /* { /* */ */ let c = '{';\n";
        let (code, strings) = scan(text);
        assert_eq!(code, ["let a = \"\"; ", "let b = \"\";  let c = ;"]);
        assert_eq!(
            strings,
            [(1, "\"x // {\"".to_owned()), (2, "r#\"\"{\"#".to_owned())]
        );
    }

    #[test]
    fn lifetimes_are_not_literals() {
        let (code, strings) = scan("fn f<'a>(x: &'a str) -> char { '\\'' }");
        assert_eq!(code, ["fn f<a>(x: &a str) -> char {  }"]);
        assert!(strings.is_empty());
    }

    #[test]
    fn tests_are_marked_and_what_follows_is_not() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let file = read("crates/x/src/lib.rs", text);
        let lines: Vec<usize> = file.lines().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 6]);
    }
}
