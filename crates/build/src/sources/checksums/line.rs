//! One line of a file of checksums.
//!
//! Known are `SHA512 (NAME) = SUM`, which BSD's tools, `cksum --tag` and `openssl dgst` write, and
//! `SUM  NAME`, where the length tells the algorithm. Source: cksum(1), "--tag"; openssl-dgst(1); GNU
//! coreutils manual, "md5sum invocation", for names after a backslash.

use archive::Algorithm;

/// The names of algorithms in such files, and the length of their sums in digits.
const ALGORITHMS: [(&str, Algorithm, usize); 8] = [
    ("MD5", Algorithm::Md5, 32),
    ("SHA1", Algorithm::Sha1, 40),
    ("SHA224", Algorithm::Sha224, 56),
    ("SHA256", Algorithm::Sha256, 64),
    ("SHA384", Algorithm::Sha384, 96),
    ("SHA512", Algorithm::Sha512, 128),
    ("SHA3-256", Algorithm::Sha3_256, 64),
    ("SHA3-512", Algorithm::Sha3_512, 128),
];

/// One checksum of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checksum {
    pub(super) name: &'static str,
    pub(super) algorithm: Algorithm,
    /// In lower-case hexadecimal.
    pub(super) digits: String,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing: it is empty, or a comment.
    Nothing,
    /// A checksum of a file.
    Sum(String, Checksum),
    /// A checksum of a file that nobody can compare with it.
    Malformed(Malformed),
    /// No checksum.
    Other,
}

/// A checksum that is not what it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// The file it belongs to.
    pub(super) file_name: String,
    /// What is wrong.
    pub(super) fault: String,
    /// The part of the line that is wrong.
    pub(super) part: String,
}

/// Reads a line; `is_source` says of a word that it is the file name of a source.
pub(super) fn parse_line(line: &str, is_source: &dyn Fn(&str) -> bool) -> Line {
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.is_empty() || line.starts_with('#') {
        return Line::Nothing;
    }
    let (is_escaped, line) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (tag, name, digits) = match tagged(line) {
        Some((tag, name, digits)) => (Some(tag), name, digits),
        None => match untagged(line) {
            Some((digits, name)) => (None, name, digits),
            None => return Line::Other,
        },
    };
    let name = match is_escaped {
        true => name.replace("\\n", "\n").replace("\\\\", "\\"),
        false => name.to_owned(),
    };
    // Sums made from another directory have that in front; sources are known by their last part.
    let name = name.rsplit('/').next().unwrap_or_default().to_owned();
    match checksum(tag, digits) {
        Ok(sum) if !name.is_empty() => Line::Sum(name, sum),
        Err((fault, part)) if tag.is_some() || is_source(&name) => Line::Malformed(Malformed {
            file_name: name,
            fault,
            part: part.to_owned(),
        }),
        _ => Line::Other,
    }
}

/// `TAG (NAME) = SUM`, with or without blanks.
fn tagged(line: &str) -> Option<(&str, &str, &str)> {
    let (tag, rest) = line.split_once('(')?;
    let (name, rest) = rest.rsplit_once(')')?;
    let digits = rest.trim_start().strip_prefix('=')?;
    let is_word = |it: &str| !it.is_empty() && !it.contains(char::is_whitespace);
    is_word(tag.trim()).then(|| (tag.trim(), name, digits.trim()))
}

/// `SUM  NAME` or `SUM *NAME`.
fn untagged(line: &str) -> Option<(&str, &str)> {
    let (digits, name) = line.split_once(char::is_whitespace)?;
    let name = name.trim_start();
    Some((digits, name.strip_prefix('*').unwrap_or(name)))
}

/// A checksum, or what is wrong and the part that is.
fn checksum<'l>(tag: Option<&'l str>, digits: &'l str) -> Result<Checksum, (String, &'l str)> {
    let digits_there = digits.len();
    let known = match tag {
        Some(tag) => ALGORITHMS.iter().find(|it| is_called(it.0, tag)),
        None => ALGORITHMS.iter().find(|it| it.2 == digits_there),
    };
    let Some((name, algorithm, length)) = known else {
        let names: Vec<&str> = ALGORITHMS.iter().map(|it| it.0).collect();
        return Err(match tag {
            Some(tag) => {
                let names = names.join(", ");
                (
                    format!("`{tag}` is not an algorithm that can be checked, such as {names}"),
                    tag,
                )
            }
            None => {
                let fault = format!("no algorithm makes checksums of {digits_there} characters");
                (fault, digits)
            }
        });
    };
    if *length != digits_there {
        let fault = format!("a checksum by {name} has {length} digits, not {digits_there}");
        return Err((
            fault,
            if digits.is_empty() {
                tag.unwrap_or_default()
            } else {
                digits
            },
        ));
    }
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err((
            format!("a checksum by {name} has only the digits 0 to 9 and a to f"),
            digits,
        ));
    }
    Ok(Checksum {
        name,
        algorithm: *algorithm,
        digits: digits.to_ascii_lowercase(),
    })
}

/// `openssl` writes `SHA2-256`, others `sha256` or `SHA-256`.
fn is_called(name: &str, tag: &str) -> bool {
    let tag = tag.to_ascii_uppercase();
    let plain = tag.strip_prefix("SHA2-").or(tag.strip_prefix("SHA-"));
    tag == name || plain.is_some_and(|rest| name.strip_prefix("SHA") == Some(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

    fn parsed(line: &str) -> Line {
        parse_line(line, &|name| name == "a.tgz")
    }

    #[test]
    fn all_forms_of_lines_are_known() {
        let upper = MD5.to_uppercase();
        for (line, file, algorithm) in [
            (format!("MD5 (a (1).tgz) = {MD5}"), "a (1).tgz", "MD5"),
            (format!("MD5(a.tgz)= {MD5}"), "a.tgz", "MD5"),
            (format!("md5 (a.tgz) = {MD5}\r"), "a.tgz", "MD5"),
            (format!("\u{feff}{MD5}  a.tgz"), "a.tgz", "MD5"),
            (format!("{upper} *./a.tgz"), "a.tgz", "MD5"),
            (format!("MD5 (./a.tgz) = {MD5}"), "a.tgz", "MD5"),
            (format!("{MD5}  ../SOURCES//a.tgz"), "a.tgz", "MD5"),
            (format!("\\{MD5}  a\\nb\\\\c"), "a\nb\\c", "MD5"),
            (format!("SHA2-256(a.tgz)= {MD5}{MD5}"), "a.tgz", "SHA256"),
            (format!("SHA-1 (a.tgz) = {MD5}00000000"), "a.tgz", "SHA1"),
            (
                format!("SHA3-256 (a.tgz) = {MD5}{MD5}"),
                "a.tgz",
                "SHA3-256",
            ),
        ] {
            match parsed(&line) {
                Line::Sum(name, sum) => assert_eq!((name.as_str(), sum.name), (file, algorithm)),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_checksum_that_proves_nothing_is_malformed() {
        let short = &MD5[1..];
        let no_hex = MD5.replace('d', "g");
        for (line, part) in [
            ("SHA512 (b.tgz) = 00aa".to_owned(), "00aa"),
            (format!("SHA512 (b.tgz) = {MD5}"), MD5),
            (format!("BLAKE2b (b.tgz) = {MD5}"), "BLAKE2b"),
            (format!("MD5 (b.tgz) = {no_hex}"), &no_hex),
            ("MD5 (b.tgz) =".to_owned(), "MD5"),
            (format!("{short}  a.tgz"), short),
            (format!("{no_hex}  a.tgz"), &no_hex),
            ("00aa  a.tgz".to_owned(), "00aa"),
        ] {
            match parsed(&line) {
                Line::Malformed(malformed) => assert_eq!(malformed.part, part, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn other_lines_are_no_checksums() {
        let swapped = format!("a.tgz {MD5}");
        let directory = format!("MD5 (a/) = {MD5}");
        let lines = [
            "words only",
            "one",
            "00aa  b.tgz",
            "a call(of = this)",
            "SHA512 (a.tgz)",
        ];
        for line in lines.into_iter().chain([&*swapped, &*directory]) {
            assert_eq!(parsed(line), Line::Other, "{line}");
        }
        for line in ["", " \r", "# MD5 (a.tgz) = 00"] {
            assert_eq!(parsed(line), Line::Nothing, "{line}");
        }
    }
}
