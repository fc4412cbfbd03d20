//! Words of command lines: as popt(3) splits them, and as a shell takes them whole.

use std::str::CharIndices;

use crate::Text;

/// Splits a line at blanks. A quote of either kind runs to the next one like it or to the end, empty
/// words are dropped, and a backslash protects the next character.
///
/// The error is the offset of a backslash that nothing follows. Source: poptParseArgvString(3).
pub fn split_words(line: &Text) -> Result<Vec<Text>, usize> {
    let mut words = Vec::new();
    let mut word: Option<Text> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            Some(mark) if c == mark => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_ascii_whitespace() => words.extend(word.take()),
            _ if c == '\\' => {
                let (from, to) = escaped(&mut chars, quote, at).ok_or(at)?;
                word.get_or_insert_with(Text::new)
                    .push_slice(line, from, to);
            }
            _ => word
                .get_or_insert_with(Text::new)
                .push_slice(line, at, at + c.len_utf8()),
        }
    }
    words.extend(word);
    Ok(words)
}

/// What a backslash stands for; within quotes it stays unless a quotation mark follows.
fn escaped(chars: &mut CharIndices<'_>, quote: Option<char>, at: usize) -> Option<(usize, usize)> {
    let (next, c) = chars.next()?;
    let stays = quote.is_some_and(|mark| mark != c);
    Some((if stays { at } else { next }, next + c.len_utf8()))
}

/// A word in single quotes, for a shell.
pub fn shell_quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<String> {
        let words = split_words(&Text::detached(line)).unwrap();
        words.into_iter().map(Text::into_string).collect()
    }

    #[test]
    fn quotes_join_and_backslashes_protect() {
        assert_eq!(
            split("%post -p \"/bin/sh -x\" a\\ b ''"),
            ["%post", "-p", "/bin/sh -x", "a b"]
        );
        assert_eq!(split("a 'b c"), ["a", "b c"]);
        assert_eq!(
            split(r#"'a b' "c 'd'" "a\"b" 'c\d'"#),
            ["a b", "c 'd'", "a\"b", r"c\d"]
        );
        assert_eq!(split_words(&Text::detached("a b\\")).unwrap_err(), 3);
    }

    #[test]
    fn what_is_quoted_is_split_into_one_word() {
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
        assert_eq!(split(&shell_quoted("it's a")), ["it's a"]);
    }
}
