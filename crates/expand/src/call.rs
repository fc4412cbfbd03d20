//! Taking a macro call apart.
//!
//! Not here: finding the macro and expanding it, see `engine`.

use crate::scan::find_macro_end;

/// A half-open range of bytes in the text being expanded.
pub(crate) type Range = std::ops::Range<usize>;

/// What follows a `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// `%(command)`.
    Shell { command: Range, end: usize },
    /// `%[expression]`.
    Expression { expression: Range, end: usize },
    /// `%name` or `%{name…}`.
    Named(NamedCall),
    /// Nothing that could be a call: the `%` stands for itself, and reading goes on at `resume`.
    Literal { resume: usize },
    /// A bracket at this offset is never closed.
    Unterminated { bracket: usize },
}

/// A call by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedCall {
    /// Where the name stands.
    pub(crate) name: Range,
    /// An odd number of `!`.
    pub(crate) is_negated: bool,
    /// At least one `?`.
    pub(crate) is_conditional: bool,
    /// `%{…}`, not `%…`.
    pub(crate) is_braced: bool,
    /// What follows the colon in `%{name:arg}`.
    pub(crate) argument: Option<Range>,
    /// The words after the name, up to the closing brace or the end of the line.
    pub(crate) words: Option<Range>,
    /// Just past the name or the closing brace.
    pub(crate) end: usize,
    /// Where reading goes on if the call turns out to be plain text.
    pub(crate) resume: usize,
}

/// Takes the call apart whose `%` stands just before `at`; `text` ends where the expansion ends.
pub(crate) fn parse_call(text: &str, at: usize) -> Call {
    let Some(length) = find_macro_end(&text[at..]) else {
        return Call::Unterminated { bracket: at };
    };
    let end = (at + length).min(text.len());
    let inner = at + 1..end.saturating_sub(1).max(at + 1);
    match text.as_bytes().get(at) {
        Some(b'(') => Call::Shell {
            command: inner,
            end,
        },
        Some(b'[') => Call::Expression {
            expression: inner,
            end,
        },
        Some(b'{') => braced(text, at, inner, end),
        _ => bare(text, at, end),
    }
}

/// The condition marks at the front: where they end, whether they negate, whether they ask.
fn marks(text: &str, at: usize, end: usize) -> (usize, bool, bool) {
    let marks = &text.as_bytes()[at..end];
    let count = marks
        .iter()
        .take_while(|byte| matches!(byte, b'?' | b'!'))
        .count();
    let negations = marks[..count].iter().filter(|byte| **byte == b'!').count();
    (at + count, negations % 2 == 1, negations < count)
}

fn braced(text: &str, at: usize, inner: Range, end: usize) -> Call {
    let (start, is_negated, is_conditional) = marks(text, inner.start, inner.end);
    let rest = &text.as_bytes()[start..inner.end];
    let name_end = start
        + rest
            .iter()
            .take_while(|byte| !b" :}".contains(byte))
            .count();
    if name_end == start {
        return Call::Literal { resume: at };
    }
    let separator = text
        .as_bytes()
        .get(name_end)
        .filter(|_| name_end < inner.end);
    Call::Named(NamedCall {
        name: start..name_end,
        is_negated,
        is_conditional,
        is_braced: true,
        argument: (separator == Some(&b':')).then_some(name_end + 1..inner.end),
        words: (separator == Some(&b' ')).then_some(name_end..inner.end),
        end,
        resume: at,
    })
}

fn bare(text: &str, at: usize, end: usize) -> Call {
    let (start, is_negated, is_conditional) = marks(text, at, end);
    if start == end {
        return Call::Literal { resume: start };
    }
    let blank_follows = matches!(text.as_bytes().get(end), Some(b' ' | b'\t'));
    let line_end = || {
        text[end..]
            .find('\n')
            .map_or(text.len(), |newline| end + newline)
    };
    Call::Named(NamedCall {
        name: start..end,
        is_negated,
        is_conditional,
        is_braced: false,
        argument: None,
        words: blank_follows.then(|| end..line_end()),
        end,
        resume: start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> (String, Option<String>, Option<String>) {
        let Call::Named(call) = parse_call(text, 0) else {
            panic!("{text} is no named call")
        };
        let part = |range: Option<Range>| range.map(|range| text[range].to_owned());
        (
            text[call.name].to_owned(),
            part(call.argument),
            part(call.words),
        )
    }

    #[test]
    fn the_forms_of_a_call() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(named("{?!name:a b}"), ("name".into(), some("a b"), None));
        assert_eq!(named("{name a b}"), ("name".into(), None, some(" a b")));
        assert_eq!(named("name a b\nc"), ("name".into(), None, some(" a b")));
        assert_eq!(named("{-f*}"), ("-f*".into(), None, None));
        assert_eq!(parse_call(" x", 0), Call::Literal { resume: 0 });
        assert_eq!(parse_call("{x", 0), Call::Unterminated { bracket: 0 });
        assert_eq!(parse_call("{}", 0), Call::Literal { resume: 0 });
    }
}
