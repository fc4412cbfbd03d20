//! One line of a spec after expansion, and what kind of line it is.

use source::{LINE_END, Origin, Text};

/// What is removed from the lines of a section. Source: rpm's `STRIP_*` flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strip {
    /// Lines that are comments become empty.
    pub(crate) comments: bool,
    /// Blanks and the newline at the end go.
    pub(crate) trailing_space: bool,
}

impl Strip {
    /// Scripts: nothing goes, comments and newlines belong to the script.
    pub(crate) const NOTHING: Self = Self {
        comments: false,
        trailing_space: false,
    };
    /// File lists and changelogs.
    pub(crate) const COMMENTS: Self = Self {
        comments: true,
        trailing_space: false,
    };
    /// Preambles and descriptions.
    pub(crate) const ALL: Self = Self {
        comments: true,
        trailing_space: true,
    };
}

/// An expanded line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its text; it ends in a newline unless blanks at the end were to go.
    pub(crate) text: Text,
    /// Number of the last physical line it was made of.
    pub(crate) number: usize,
}

impl Line {
    /// Where the line was written, blanks around it left out.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.text.trim().whole()
    }

    /// The line as messages quote it. rpm shows the newline of lines that were read with theirs.
    pub(crate) fn shown(&self) -> String {
        self.text.replace('\n', LINE_END.encode_utf8(&mut [0; 4]))
    }
}

/// Lines that the reader deals with itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directive {
    If,
    IfArch { negated: bool },
    IfOs { negated: bool },
    Elif,
    ElifArch,
    ElifOs,
    Else,
    Endif,
    Include,
}

/// Each directive with its word.
pub(crate) const DIRECTIVES: [(&str, Directive); 11] = [
    ("%endif", Directive::Endif),
    ("%else", Directive::Else),
    ("%if", Directive::If),
    ("%ifarch", Directive::IfArch { negated: false }),
    ("%ifnarch", Directive::IfArch { negated: true }),
    ("%ifos", Directive::IfOs { negated: false }),
    ("%ifnos", Directive::IfOs { negated: true }),
    ("%include", Directive::Include),
    ("%elifarch", Directive::ElifArch),
    ("%elifos", Directive::ElifOs),
    ("%elif", Directive::Elif),
];

impl Directive {
    /// The directive a line begins with, blanks before it left out.
    ///
    /// One that takes no argument may be followed by anything but a letter, the others by a blank
    /// only.
    pub(crate) fn of(line: &str) -> Option<Self> {
        let line = line.trim_start_matches(|c: char| c.is_ascii_whitespace() && c != '\n');
        if !line.starts_with('%') {
            return None;
        }
        let starts = |(word, directive): &(&str, Self)| {
            let rest = line.strip_prefix(word)?;
            let next = rest.chars().next();
            let ends = if directive.takes_argument() {
                matches!(next, None | Some(' ' | '\t'))
            } else {
                !next.is_some_and(|c| c.is_ascii_alphabetic())
            };
            ends.then_some(*directive)
        };
        DIRECTIVES.iter().find_map(starts)
    }

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        let own = DIRECTIVES.iter().find(|(_, directive)| *directive == self);
        own.map_or("", |(word, _)| word)
    }

    /// Whether something has to follow it.
    pub(crate) fn takes_argument(self) -> bool {
        !matches!(self, Self::Else | Self::Endif)
    }

    /// Whether an expression follows it.
    pub(crate) fn is_condition(self) -> bool {
        matches!(self, Self::If | Self::Elif)
    }

    /// Whether it is `%elif`, `%elifarch` or `%elifos`.
    pub(crate) fn is_elif(self) -> bool {
        matches!(self, Self::Elif | Self::ElifArch | Self::ElifOs)
    }

    /// Whether it opens a conditional.
    pub(crate) fn opens(self) -> bool {
        matches!(self, Self::If | Self::IfArch { .. } | Self::IfOs { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::Directive;

    #[test]
    fn directives_are_whole_words() {
        assert_eq!(Directive::of("  %if 1\n"), Some(Directive::If));
        assert_eq!(
            Directive::of("%ifarch x86_64"),
            Some(Directive::IfArch { negated: false })
        );
        assert_eq!(Directive::of("%endif # x\n"), Some(Directive::Endif));
        assert_eq!(Directive::of("%iffy 1"), None);
        assert_eq!(Directive::of("%elsewhere"), None);
        assert_eq!(Directive::of("%if\n"), None);
    }
}
