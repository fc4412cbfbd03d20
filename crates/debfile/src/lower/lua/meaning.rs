//! What Lua's values are in a shell script.

use super::super::script_text::quote;

/// A part of a text that is known when the script is made, or when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    /// What stands between double quotes: `$1`, `${lua_path}`, `$(readlink x)`.
    Expansion(String),
}

/// A text in pieces; no two literals are neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(Vec<Piece>);

impl Text {
    pub(super) fn literal(text: impl Into<String>) -> Self {
        Self(vec![Piece::Literal(text.into())])
    }

    pub(super) fn expansion(text: impl Into<String>) -> Self {
        Self(vec![Piece::Expansion(text.into())])
    }

    /// The text, if all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The expansion, if the text is nothing else.
    pub(super) fn sole_expansion(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Expansion(text)] => Some(text),
            _ => None,
        }
    }

    /// Appends another text.
    pub(super) fn append(&mut self, other: Self) {
        for piece in other.0 {
            match (self.0.last_mut(), piece) {
                (Some(Piece::Literal(end)), Piece::Literal(more)) => end.push_str(&more),
                (_, piece) => self.0.push(piece),
            }
        }
    }

    /// The text as one word of the shell.
    pub(super) fn word(&self) -> String {
        if let Some(text) = self.known() {
            return quote(text);
        }
        let mut word = String::from("\"");
        for piece in &self.0 {
            match piece {
                Piece::Expansion(text) => word.push_str(text),
                Piece::Literal(text) => {
                    for sign in text.chars() {
                        if matches!(sign, '"' | '$' | '`' | '\\') {
                            word.push('\\');
                        }
                        word.push(sign);
                    }
                }
            }
        }
        word.push('"');
        word
    }
}

/// Whether something holds: known, or by a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Known(bool),
    Command(String),
}

impl Condition {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Known(holds) => Self::Known(!holds),
            Self::Command(command) => Self::Command(format!("! {{ {command}; }}")),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(true), other) => other,
            (Self::Known(false), _) => Self::Known(false),
            (one, Self::Known(true)) => one,
            (Self::Command(one), Self::Known(false)) => {
                Self::Command(format!("{{ {one}; }} && false"))
            }
            (Self::Command(one), Self::Command(other)) => {
                Self::Command(format!("{} && {}", grouped(&one), grouped(&other)))
            }
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(true), _) => Self::Known(true),
            (Self::Known(false), other) => other,
            (one, Self::Known(false)) => one,
            (Self::Command(one), Self::Known(true)) => {
                Self::Command(format!("{{ {one}; }} || true"))
            }
            (Self::Command(one), Self::Command(other)) => {
                Self::Command(format!("{} || {}", grouped(&one), grouped(&other)))
            }
        }
    }
}

/// `&&` and `||` bind alike in the shell.
fn grouped(command: &str) -> String {
    if command.contains(" && ") || command.contains(" || ") {
        format!("{{ {command}; }}")
    } else {
        command.to_owned()
    }
}

/// What a value of the Lua chunk is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Nil,
    Bool(bool),
    /// A string or a number: never nil.
    Text(Text),
    /// A string, or nil where the expansion is empty.
    Perhaps(Text),
    /// What `posix.stat` returns: the kind of a file, or nothing; and the file, if it is known.
    Kind(Text, Option<String>),
    /// True or nil.
    Condition(Condition),
    /// The path of a file that is open for writing, or nothing.
    File(Text),
    List(Vec<Meaning>),
    /// Values by name.
    Table(Vec<(String, Meaning)>),
    /// A library, or a function of one.
    Library,
}

impl Meaning {
    /// Whether it counts as true.
    pub(super) fn condition(&self) -> Condition {
        match self {
            Self::Nil => Condition::Known(false),
            Self::Bool(value) => Condition::Known(*value),
            Self::Text(_) | Self::List(_) | Self::Table(_) | Self::Library => {
                Condition::Known(true)
            }
            Self::Condition(condition) => condition.clone(),
            Self::Perhaps(text) | Self::Kind(text, _) | Self::File(text) => {
                Condition::Command(format!("[ -n {} ]", text.word()))
            }
        }
    }
}
