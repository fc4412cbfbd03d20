//! Licence names: the spec's, and those of Debian's `copyright` files.
//!
//! Source: Fedora's old short names and the SPDX licence list for what specs have; machine-readable
//! copyright file 1.0, "Short name", for what a `copyright` file has; Debian Policy 12.5 for the
//! texts that the system keeps.

/// Names that differ: the spec's (SPDX, or Fedora's old short name) and the copyright file's. The
/// endings `-only`, `-or-later` and `+` of the GNU licences are treated by rule.
const NAMES: [(&str, &str); 26] = [
    ("MIT", "Expat"),
    ("ASL 2.0", "Apache-2.0"),
    ("ASL 1.1", "Apache-1.1"),
    ("BSD-2-Clause", "BSD-2-clause"),
    ("BSD-3-Clause", "BSD-3-clause"),
    ("BSD-4-Clause", "BSD-4-clause"),
    ("BSD", "BSD-3-clause"),
    ("MPLv1.1", "MPL-1.1"),
    ("MPLv2.0", "MPL-2.0"),
    ("Artistic", "Artistic-1.0"),
    ("Artistic 2.0", "Artistic-2.0"),
    ("Artistic-1.0-Perl", "Artistic-1.0"),
    ("Boost", "BSL-1.0"),
    ("CC0", "CC0-1.0"),
    ("CPL", "CPL-1.0"),
    ("EPL", "EPL-1.0"),
    ("OFL", "OFL-1.1"),
    ("Perl-5", "Perl"),
    ("Public Domain", "public-domain"),
    ("LicenseRef-Fedora-Public-Domain", "public-domain"),
    ("PostgreSQL", "PostgreSQL"),
    ("Python", "Python-2.0"),
    ("PSF-2.0", "Python-2.0"),
    ("W3C", "W3C"),
    ("zlib", "Zlib"),
    ("zlib License", "Zlib"),
];

/// Copyright-file names and the texts below `/usr/share/common-licenses`.
const KEPT: [(&str, &str); 15] = [
    ("Apache-2.0", "Apache-2.0"),
    ("Artistic-1.0", "Artistic"),
    ("CC0-1.0", "CC0-1.0"),
    ("GFDL-1.2", "GFDL-1.2"),
    ("GFDL-1.3", "GFDL-1.3"),
    ("GPL-1", "GPL-1"),
    ("GPL-2", "GPL-2"),
    ("GPL-3", "GPL-3"),
    ("LGPL-2", "LGPL-2"),
    ("LGPL-2.0", "LGPL-2"),
    ("LGPL-2.1", "LGPL-2.1"),
    ("LGPL-3", "LGPL-3"),
    ("MPL-1.1", "MPL-1.1"),
    ("MPL-2.0", "MPL-2.0"),
    ("GPL-2.0", "GPL-2"),
];

/// What opens the texts that the system keeps, blanks squeezed, and their files.
const TITLES: [(&str, &str); 13] = [
    ("GNU LESSER GENERAL PUBLIC LICENSE Version 3", "LGPL-3"),
    ("GNU LESSER GENERAL PUBLIC LICENSE Version 2.1", "LGPL-2.1"),
    ("GNU LIBRARY GENERAL PUBLIC LICENSE Version 2", "LGPL-2"),
    ("GNU GENERAL PUBLIC LICENSE Version 3", "GPL-3"),
    ("GNU GENERAL PUBLIC LICENSE Version 2", "GPL-2"),
    ("GNU GENERAL PUBLIC LICENSE Version 1", "GPL-1"),
    ("GNU Free Documentation License Version 1.3", "GFDL-1.3"),
    ("GNU Free Documentation License Version 1.2", "GFDL-1.2"),
    ("Apache License Version 2.0", "Apache-2.0"),
    ("Mozilla Public License Version 2.0", "MPL-2.0"),
    ("MOZILLA PUBLIC LICENSE Version 1.1", "MPL-1.1"),
    ("Creative Commons Legal Code CC0 1.0 Universal", "CC0-1.0"),
    ("The Artistic License Preamble", "Artistic"),
];

/// One licence under both names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The spec's.
    pub(crate) spec: String,
    /// The copyright file's.
    pub(crate) short: String,
}

/// A licence expression, `GPL-2+ or Expat`, in the copyright file's words, and its single names.
pub(crate) fn synopsis(expression: &str) -> (String, Vec<Name>) {
    let mut words = Vec::new();
    let mut names: Vec<Name> = Vec::new();
    for token in tokens(expression) {
        if let Some(joint) = joint(&token) {
            words.push(joint.to_owned());
            continue;
        }
        let short = short_name(&token);
        words.push(short.clone());
        if !names.iter().any(|known| known.short == short) {
            names.push(Name { spec: token, short });
        }
    }
    (words.join(" "), names)
}

/// Splits at `and`, `or` and brackets. Brackets are left out: the format has none, and a comma says
/// the same in its place only for people.
fn tokens(expression: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut name = String::new();
    let bare = expression.replace(['(', ')'], " ");
    for word in bare.split_whitespace() {
        if joint(word).is_some() {
            tokens.extend((!name.is_empty()).then(|| std::mem::take(&mut name)));
            tokens.push(word.to_owned());
        } else {
            let gap = if name.is_empty() { "" } else { " " };
            name = format!("{name}{gap}{word}");
        }
    }
    tokens.extend((!name.is_empty()).then_some(name));
    tokens
}

fn joint(word: &str) -> Option<&'static str> {
    match word {
        "and" | "AND" => Some("and"),
        "or" | "OR" => Some("or"),
        _ => None,
    }
}

/// One licence's name, `X WITH Y` included.
fn short_name(name: &str) -> String {
    if let Some((license, exception)) = name.split_once(" WITH ") {
        return format!("{} with {exception} exception", short_name(license));
    }
    if let Some((_, short)) = NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        return (*short).to_owned();
    }
    gnu_name(name).unwrap_or_else(|| name.split_whitespace().collect::<Vec<_>>().join("-"))
}

/// `GPL-2.0-or-later`, `GPLv2+`, `LGPL-2.1-only`, …: `GPL-2+`, `LGPL-2.1`.
fn gnu_name(name: &str) -> Option<String> {
    let family = ["LGPL", "AGPL", "GFDL", "GPL"]
        .into_iter()
        .find(|it| name.starts_with(it))?;
    let rest = name[family.len()..].trim_start_matches(['-', 'v']);
    let (version, later) = match rest.strip_suffix("-or-later").or(rest.strip_suffix('+')) {
        Some(version) => (version, "+"),
        None => (rest.strip_suffix("-only").unwrap_or(rest), ""),
    };
    let numeric = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let version = version.strip_suffix(".0").unwrap_or(version);
    numeric.then(|| format!("{family}-{version}{later}"))
}

/// The file below `/usr/share/common-licenses` with the text of a licence.
pub(crate) fn kept_text(short_name: &str) -> Option<&'static str> {
    let name = short_name
        .split(" with ")
        .next()
        .unwrap_or("")
        .trim_end_matches('+');
    let found = KEPT.iter().find(|(known, _)| *known == name);
    found.map(|(_, file)| *file)
}

/// The file below `/usr/share/common-licenses` that a text is the same as.
pub(crate) fn recognise_text(text: &str) -> Option<&'static str> {
    let start: Vec<&str> = text.split_whitespace().take(12).collect();
    let start = start
        .join(" ")
        .replace("Version 2.0,", "Version 2.0")
        .to_lowercase();
    let start = start.trim_start_matches("the ").to_owned();
    let opens = |title: &str| {
        let title = title.to_lowercase();
        start.starts_with(title.trim_start_matches("the "))
    };
    TITLES
        .iter()
        .find(|(title, _)| opens(title))
        .map(|(_, file)| *file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated() {
        let cases = [
            ("GPL-2.0-or-later AND MIT", "GPL-2+ and Expat"),
            (
                "GPLv2+ and (LGPLv2 or ASL 2.0)",
                "GPL-2+ and LGPL-2 or Apache-2.0",
            ),
            ("LGPL-2.1-only", "LGPL-2.1"),
            (
                "GPL-3.0-only WITH GCC-exception-3.1",
                "GPL-3 with GCC-exception-3.1 exception",
            ),
            ("Public Domain", "public-domain"),
            ("Some Odd License", "Some-Odd-License"),
        ];
        for (spec, expected) in cases {
            assert_eq!(synopsis(spec).0, expected, "{spec}");
        }
    }

    #[test]
    fn kept_texts_are_found_by_name_and_by_title() {
        assert_eq!(kept_text("GPL-2+"), Some("GPL-2"));
        assert_eq!(kept_text("BSD-3-clause"), None);
        assert_eq!(kept_text("Expat"), None);
        let text = "\t\t    GNU GENERAL PUBLIC LICENSE\n\t\t       Version 2, June 1991\n";
        assert_eq!(recognise_text(text), Some("GPL-2"));
        assert_eq!(recognise_text("Permission is hereby granted"), None);
    }
}
