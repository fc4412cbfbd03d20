//! Words of a command, as popt(3) splits them: at blanks, outside of quotes.

/// Splits a command into words. Quotes of both kinds hold blanks together; a backslash takes what
/// follows as it is, between single quotes too where that is a quote. `None` if a quote stays open.
///
/// Source: poptParseArgvString(3).
pub fn split_words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(open), '\\') => {
                let next = letters.next()?;
                let text = word.get_or_insert_default();
                if next != open {
                    text.push('\\');
                }
                text.push(next);
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().push(letters.next()?),
            (None, _) if letter.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn quotes_and_backslashes() {
        let split = |command| split_words(command).unwrap();
        assert_eq!(split("  a  b\tc\n"), ["a", "b", "c"]);
        assert_eq!(
            split(r#"'a b' "c 'd'" e\ f ''"#),
            ["a b", "c 'd'", "e f", ""]
        );
        assert_eq!(split(r#""a\"b" 'c\d'"#), ["a\"b", r"c\d"]);
        assert_eq!(split_words("'open"), None);
        assert_eq!(split_words("end\\"), None);
    }

    /// `%{shescape:}` writes a quote within quotes as `'\''`.
    #[test]
    fn what_shescape_makes() {
        assert_eq!(split_words(r"'it'\''s'").unwrap(), ["it's"]);
    }
}
