//! Scriptlets read as a shell reads them: simple commands with their words, wherever they stand.
//!
//! Quotes, comments, here-documents, `case` patterns and substitutions are told apart; nothing is
//! expanded or run. What only bash reads so is noted in [`Shell::extensions`]. What no shell can read
//! is passed over here; see `build`, which asks the shells themselves.
//!
//! Source: POSIX, "Shell Command Language", 2.2 to 2.10.

mod here_documents;
mod reader;
mod words;

use std::ops::Range;

use reader::Reader;

/// A script as far as it matters here.
#[derive(Debug, Default)]
pub(crate) struct Shell {
    /// Simple commands in order of their ends, those of functions and substitutions included.
    pub(crate) commands: Vec<Command>,
    /// Syntax that POSIX does not have and bash does, by an example of it.
    pub(crate) extensions: Vec<&'static str>,
    /// Names of the parameters that are expanded.
    pub(crate) parameters: Vec<String>,
    /// Names of the functions that are defined.
    pub(crate) functions: Vec<String>,
    /// Arithmetic expressions.
    pub(crate) expressions: Vec<String>,
    /// Here-documents, in order.
    pub(crate) documents: Vec<Document>,
}

/// The text of a here-document.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// As the command gets it, but for expansions.
    pub(crate) value: String,
    /// Where it stands in the script, its last line included.
    pub(crate) span: Range<usize>,
    /// Whether there is nothing to expand in it.
    pub(crate) is_literal: bool,
}

/// What a command reads from its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A here-document, by its place in [`Shell::documents`].
    Document(usize),
    /// What another command prints: its place in [`Shell::commands`], if it is a simple one.
    Pipe(Option<usize>),
    /// A file.
    File,
}

impl Shell {
    /// Reads a script.
    pub(crate) fn read(text: &str) -> Self {
        Reader::read(text)
    }
}

/// One simple command. The words of `for` and of tests in double brackets are commands too, and `case`
/// with its word and all its patterns is one.
#[derive(Debug, Default)]
pub(crate) struct Command {
    /// `NAME=value` before the command.
    pub(crate) assignments: Vec<Word>,
    /// The command and its arguments.
    pub(crate) words: Vec<Word>,
    /// Where it reads from and writes to, without here-documents.
    pub(crate) targets: Vec<Word>,
    /// What it reads, if that is redirected.
    pub(crate) input: Option<Input>,
    /// The function it is in, by its place in [`Shell::functions`].
    pub(crate) function: Option<usize>,
}

impl Command {
    fn named(name: &str) -> Self {
        Self {
            words: vec![Word::literal(name)],
            ..Self::default()
        }
    }

    /// What is called, if that is no expansion.
    pub(crate) fn name(&self) -> Option<&str> {
        let word = self.words.first()?;
        word.is_literal.then_some(word.value.as_str())
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.targets.is_empty()
    }
}

/// A word after quotes have gone; expansions stand in it as they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    pub(crate) value: String,
    /// Where it stands in the script.
    pub(crate) span: Range<usize>,
    /// Whether there are no expansions in it.
    pub(crate) is_literal: bool,
    /// Whether anything in it is quoted.
    pub(crate) is_quoted: bool,
    /// Whether a backslash is left after quotes have gone.
    pub(crate) has_backslash: bool,
}

impl Word {
    /// A word that stands nowhere.
    pub(crate) fn literal(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            is_literal: true,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<String> {
        let commands = Shell::read(text).commands.into_iter();
        let words = |it: Command| it.words.into_iter().map(|it| it.value).collect::<Vec<_>>();
        commands
            .map(|it| words(it).join("|"))
            .filter(|it| !it.is_empty())
            .collect()
    }

    #[test]
    fn commands_are_found_wherever_they_stand() {
        for (text, expected) in [
            (
                "a b; c \"d e\" && f 'g;h' # i\n",
                &["a|b", "c|d e", "f|g;h"][..],
            ),
            ("if a; then b; else c; fi >x", &["a", "b", "c"]),
            (
                "case $1 in (a|b) c;; *) d $(e f) ;; esac; g",
                &["c", "e|f", "d|$(e f)", "case|$1|a|b|*", "g"],
            ),
            ("x=1 y=`a b` c", &["a|b", "c"]),
            ("cat <<-'E' | b\n\t$(no) it's\n\tE\nc", &["cat", "b", "c"]),
            ("cat <<E\n$(a) it's \"\nE\nb", &["cat", "a", "b"]),
            ("f() { a; }\n(b; (c)) | d", &["a", "b", "c", "d"]),
            ("for x in a b; do c $x; done", &["for|x|in|a|b", "c|$x"]),
            ("a \\\n b; c\\ d", &["a|b", "c d"]),
            (
                "a \"${x:-\"$(b)\"}\" $((1 + $(c)))",
                &["b", "c", "a|${x:-\"$(b)\"}|$((1 + $(c)))"],
            ),
            (
                "[[ $a =~ ^(b|c)$ && d ]] || e",
                &["[[|$a|=~|^(b|c)$", "d|]]", "e"],
            ),
        ] {
            assert_eq!(commands(text), expected, "{text}");
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_read() {
        for text in [
            "'", "\"$(", "${", "$((", "`", "case", "<<", "a <<E", ")", ";;", "x=(", "\\", "$",
        ] {
            Shell::read(text);
            Shell::read(&text.repeat(50_000));
        }
    }

    proptest::proptest! {
        #[test]
        fn words_stand_where_they_say(text in "[ab1é $@'\"`\\\\(){}\\[\\];&|<>#=!*\n/-]{0,80}") {
            for word in Shell::read(&text).commands.iter().flat_map(|it| &it.words) {
                proptest::prop_assert!(text.get(word.span.clone()).is_some(), "{:?}", word);
            }
        }
    }
}
