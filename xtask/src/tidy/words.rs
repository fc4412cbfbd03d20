//! Rule: distributions are data. Their names occur in profiles and macro files, not in Rust
//! identifiers or string literals.

use super::rust::RustFile;
use super::{Finding, crate_of};

const DISTRIBUTIONS: [&str; 5] = ["debian", "ubuntu", "fedora", "opensuse", "suse"];

/// Words of the .deb format, its rule book and licence lists that happen to hold such a name.
const FORMAT_WORDS: [&str; 10] = [
    "debian-binary",
    "debian/",
    ".debian.tar",
    "changelog.Debian",
    "NEWS.Debian",
    "README.Debian",
    "DEBIAN",
    "Debian Policy",
    "LicenseRef-Fedora-",
    "www.debian.org/doc/",
];

pub(crate) fn check(file: &RustFile) -> Vec<Finding> {
    // This crate has to name them, and one file lists the data to embed by its names.
    if crate_of(&file.path) == "xtask" || file.path.ends_with("target/src/embedded.rs") {
        return Vec::new();
    }
    let literals = file
        .literals()
        .map(|(line, text)| (line, without_format_words(text)));
    let lines = file.lines().map(|(line, code)| (line, code.to_owned()));
    lines
        .chain(literals)
        .filter_map(|(line, text)| {
            let name = distribution_in(&text)?;
            let message = format!(
                "`{name}`: distributions are data; this belongs into a profile or macro file"
            );
            Some(Finding::new(&file.path, line, message))
        })
        .collect()
}

fn without_format_words(text: &str) -> String {
    FORMAT_WORDS
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, ""))
}

/// The distribution that a word of the text starts with. `MyDebianName` is three words.
fn distribution_in(text: &str) -> Option<&'static str> {
    let words = words(text);
    DISTRIBUTIONS
        .into_iter()
        .find(|name| words.iter().any(|word| word.starts_with(name)))
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        let starts = letter.is_uppercase() && before.is_lowercase();
        if starts || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words
                .last_mut()
                .expect("there is always a word")
                .extend(letter.to_lowercase());
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{distribution_in, without_format_words};

    #[test]
    fn names_are_found_in_any_spelling() {
        assert_eq!(distribution_in("fn for_debian_12()"), Some("debian"));
        assert_eq!(distribution_in("struct NewFedora;"), Some("fedora"));
        assert_eq!(distribution_in("misuse of a resume"), None);
    }

    #[test]
    fn words_of_the_format_are_no_names() {
        assert_eq!(
            distribution_in(&without_format_words("\"debian-binary\"")),
            None
        );
    }
}
