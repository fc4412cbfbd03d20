//! Arguments of parametric macros: words, quotes and options.

use source::{Origin, Reported, Text};

/// rpm marks quoted arguments by this byte (ASCII unit separator) at both ends.
pub(crate) const QUOTE: char = '\u{1f}';

/// Splits at blanks outside of quotes; quotes are taken away. Quoted words may be empty.
pub fn split_quoted(text: &Text) -> Vec<Text> {
    let mut words = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, c) in text.char_indices() {
        if !is_quoted && matches!(c, ' ' | '\t') {
            push_word(&mut words, text, start, at);
            start = at + 1;
        }
        is_quoted ^= c == QUOTE;
    }
    push_word(&mut words, text, start, text.len());
    words
}

fn push_word(words: &mut Vec<Text>, text: &Text, start: usize, end: usize) {
    if start < end {
        words.push(without_quotes(&text.slice(start, end)));
    }
}

/// The text without quote marks.
pub(crate) fn without_quotes(text: &Text) -> Text {
    if !text.contains(QUOTE) {
        return text.clone();
    }
    let mut plain = Text::new();
    let mut start = 0;
    for (at, _) in text.match_indices(QUOTE) {
        plain.push_slice(text, start, at);
        start = at + QUOTE.len_utf8();
    }
    plain.push_slice(text, start, text.len());
    plain
}

/// Joins words by blanks with each word in quotes, so that they can be split again.
pub fn unsplit_quoted(words: &[Text]) -> Text {
    let mut joined = Text::new();
    for (index, word) in words.iter().enumerate() {
        let mark = if index == 0 { "\u{1f}" } else { " \u{1f}" };
        push_beside(&mut joined, mark, word);
        joined.push_text(word);
        push_beside(&mut joined, "\u{1f}", word);
    }
    joined
}

/// Joins words by blanks.
pub(crate) fn join(words: &[Text]) -> Text {
    let mut joined = Text::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            push_beside(&mut joined, " ", word);
        }
        joined.push_text(word);
    }
    joined
}

/// Appends what no file holds, but belongs to a word: it has the word's place, and none of its bytes.
fn push_beside(joined: &mut Text, made: &str, word: &Text) {
    match word.whole() {
        Some(origin) => {
            let span = origin.span.slice(0, 0);
            joined.push_str(made, Origin { span, ..origin });
        }
        None => joined.push_detached(made),
    }
}

/// An option given in a call.
pub(crate) struct GivenOption {
    /// Its letter.
    pub(crate) letter: char,
    /// Its argument, if it takes one.
    pub(crate) argument: Option<Text>,
}

/// What getopt(3) makes of the words of a call.
pub(crate) struct ParsedArgs {
    /// The options, in the order given.
    pub(crate) options: Vec<GivenOption>,
    /// The words that are no options.
    pub(crate) words: Vec<Text>,
}

/// Parses options by getopt(3)'s rules, as rpm calls it: words that are no options may stand before
/// options, unless the option string begins with `+`; `--` ends them. With `-` as option string
/// nothing is an option.
///
/// The error is the letter of an unknown option, or of one whose argument is missing.
pub(crate) fn parse_options(options: &str, args: &[Text]) -> Result<ParsedArgs, char> {
    let mut parsed = ParsedArgs {
        options: Vec::new(),
        words: Vec::new(),
    };
    if options == "-" {
        parsed.words.extend_from_slice(args);
        return Ok(parsed);
    }
    let stops_at_word = options.starts_with('+');
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg.as_str() == "--" {
            break;
        }
        if !arg.starts_with('-') || arg.len() < 2 {
            parsed.words.push(arg.clone());
            if stops_at_word {
                break;
            }
            continue;
        }
        parse_cluster(options, arg, &mut args, &mut parsed)?;
    }
    parsed.words.extend(args.cloned());
    Ok(parsed)
}

/// The message of getopt(3) for a letter, with the name of what was called.
pub(crate) fn getopt_message(name: &str, options: &str, letter: char) -> String {
    match arity(options, letter) {
        None => format!("{name}: invalid option -- '{letter}'"),
        Some(_) => format!("{name}: option requires an argument -- '{letter}'"),
    }
}

/// Parses one word of options, `-abVALUE`.
fn parse_cluster<'a>(
    options: &str,
    arg: &Text,
    rest: &mut impl Iterator<Item = &'a Text>,
    parsed: &mut ParsedArgs,
) -> Result<(), char> {
    for (at, letter) in arg.char_indices().skip(1) {
        let after = at + letter.len_utf8();
        let argument = match arity(options, letter).ok_or(letter)? {
            0 => None,
            _ if after < arg.len() => Some(arg.slice(after, arg.len())),
            1 => Some(rest.next().ok_or(letter)?.clone()),
            _ => None,
        };
        let ends_word = argument.is_some();
        parsed.options.push(GivenOption { letter, argument });
        if ends_word {
            break;
        }
    }
    Ok(())
}

/// 0: no argument, 1: an argument, 2: an argument only within the same word. `None`: unknown.
fn arity(options: &str, letter: char) -> Option<usize> {
    if letter == ':' {
        return None;
    }
    let at = options.find(letter)?;
    let after = &options[at + letter.len_utf8()..];
    Some(
        after
            .bytes()
            .take_while(|byte| *byte == b':')
            .count()
            .min(2),
    )
}

/// Text of our own for a macro that has no place in any file.
pub(crate) fn detached(text: impl Into<String>) -> Text {
    Text::detached(text)
}

/// The result of anything that may report.
pub(crate) type Outcome<T = ()> = Result<T, Reported>;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(options: &str, line: &str) -> Result<(String, String), char> {
        let parsed = parse_options(options, &split_quoted(&Text::detached(line)))?;
        let option = |given: &GivenOption| {
            format!(
                "{}={}",
                given.letter,
                given.argument.as_deref().unwrap_or("")
            )
        };
        let options: Vec<_> = parsed.options.iter().map(option).collect();
        Ok((options.join(" "), join(&parsed.words).into_string()))
    }

    #[test]
    fn options_follow_getopt() {
        assert_eq!(
            parse("ab:", "x -a y -b z w").unwrap(),
            ("a= b=z".into(), "x y w".into())
        );
        assert_eq!(
            parse("ab:", "-abz -- -a").unwrap(),
            ("a= b=z".into(), "-a".into())
        );
        assert_eq!(parse("a", "-c"), Err('c'));
        assert_eq!(parse("b:", "-b"), Err('b'));
        assert_eq!(
            parse("-", "-a -- b").unwrap(),
            (String::new(), "-a -- b".into())
        );
        assert_eq!(parse("a", "- x").unwrap(), (String::new(), "- x".into()));
    }

    #[test]
    fn quoted_words_stay_whole() {
        let words = split_quoted(&Text::detached("a \u{1f}b c\u{1f} \u{1f}\u{1f}\td"));
        let words: Vec<_> = words.iter().map(Text::as_str).collect();
        assert_eq!(words, ["a", "b c", "", "d"]);
    }
}
