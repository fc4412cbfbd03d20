//! Reading a format. Source: rpm-queryformat(7), "SYNTAX".

use crate::field::{Field, Quantity, Width};
use crate::{formats, table};

/// A format, ready to render.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    pub(crate) parts: Vec<Part>,
}

/// A stretch of a format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// Text as it is.
    Text(String),
    /// `%{TAG}`.
    Field(Field),
    /// `[…]`: once for each element of the arrays inside.
    Each(Vec<Part>),
    /// `%|TAG?{…}:{…}|`. A tag that nobody knows is never there.
    Choice {
        tag: Option<&'static str>,
        present: Vec<Part>,
        absent: Vec<Part>,
    },
}

/// Why a text is no format; in rpm's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatFault {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes from the start of the format.
    pub at: usize,
}

/// What a stretch of format ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    End,
    Bracket,
    Brace,
}

impl Format {
    /// Reads a format as it is given on the command line, escapes such as `\n` included.
    pub fn parse(text: &str) -> Result<Self, FormatFault> {
        let mut cursor = Cursor { text, at: 0 };
        Ok(Self {
            parts: parse_parts(&mut cursor, Until::End)?,
        })
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn accept(&mut self, word: &str) -> bool {
        let is_there = self.rest().starts_with(word);
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    fn expect(&mut self, word: &str, message: &str) -> Result<(), FormatFault> {
        if self.accept(word) {
            Ok(())
        } else {
            Err(self.fault(message))
        }
    }

    /// The text up to a character, which is taken too; `None` if it does not come.
    fn take_until(&mut self, end: char) -> Option<&'t str> {
        let (taken, _) = self.rest().split_once(end)?;
        self.at += taken.len() + end.len_utf8();
        Some(taken)
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn fault(&self, message: impl Into<String>) -> FormatFault {
        FormatFault {
            message: message.into(),
            at: self.at,
        }
    }
}

fn parse_parts(cursor: &mut Cursor<'_>, until: Until) -> Result<Vec<Part>, FormatFault> {
    let mut parts = Vec::new();
    loop {
        let start = cursor.at;
        let Some(next) = cursor.next() else {
            return end_of_text(cursor, until).map(|()| parts);
        };
        match next {
            '%' if cursor.accept("%") => push_text(&mut parts, '%'),
            '%' if cursor.accept("|") => parts.push(parse_choice(cursor)?),
            '%' => parts.push(Part::Field(parse_field(cursor)?)),
            '[' => parts.push(Part::Each(parse_parts(cursor, Until::Bracket)?)),
            ']' if until == Until::Bracket => return Ok(parts),
            '}' if until == Until::Brace => return Ok(parts),
            ']' | '}' => {
                return Err(FormatFault {
                    message: format!("unexpected {next}"),
                    at: start,
                });
            }
            '\\' => {
                let escaped = cursor.next();
                let fault = || cursor.fault("escaped char expected after \\");
                push_text(&mut parts, escape(escaped.ok_or_else(fault)?));
            }
            plain => push_text(&mut parts, plain),
        }
    }
}

fn end_of_text(cursor: &Cursor<'_>, until: Until) -> Result<(), FormatFault> {
    match until {
        Until::End => Ok(()),
        Until::Bracket => Err(cursor.fault("] expected at end of array")),
        Until::Brace => Err(cursor.fault("} expected in expression")),
    }
}

fn push_text(parts: &mut Vec<Part>, character: char) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.push(character),
        _ => parts.push(Part::Text(character.into())),
    }
}

/// What stands after a backslash, as in C; any other character stands for itself.
fn escape(character: char) -> char {
    match character {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        other => other,
    }
}

/// `TAG?{…}:{…}|` or `TAG?{…}|`, after `%|`.
fn parse_choice(cursor: &mut Cursor<'_>) -> Result<Part, FormatFault> {
    let fault = cursor.fault("? expected in expression");
    let tag = table::find(cursor.take_until('?').ok_or(fault)?);
    cursor.expect("{", "{ expected after ? in expression")?;
    let present = parse_alternative(cursor)?;
    if cursor.accept("|") {
        return Ok(Part::Choice {
            tag,
            present,
            absent: Vec::new(),
        });
    }
    cursor.expect(":", ": expected following ? subexpression")?;
    cursor.expect("{", "{ expected after : in expression")?;
    let absent = parse_alternative(cursor)?;
    cursor.expect("|", "| expected at end of expression")?;
    Ok(Part::Choice {
        tag,
        present,
        absent,
    })
}

/// `…}`, after which the expression must go on; rpm misses the brace if it does not.
fn parse_alternative(cursor: &mut Cursor<'_>) -> Result<Vec<Part>, FormatFault> {
    let parts = parse_parts(cursor, Until::Brace)?;
    if cursor.rest().is_empty() {
        Err(cursor.fault("} expected in expression"))
    } else {
        Ok(parts)
    }
}

/// `WIDTH{TAG:FORMAT}`, after `%`.
fn parse_field(cursor: &mut Cursor<'_>) -> Result<Field, FormatFault> {
    let width = cursor
        .rest()
        .bytes()
        .take_while(|it| it.is_ascii_digit() || *it == b'-')
        .count();
    let width_text = &cursor.rest()[..width];
    cursor.at += width;
    match cursor.rest().chars().next() {
        Some('{') => cursor.at += 1,
        None | Some('%') => return Err(cursor.fault("missing { after %")),
        Some(_) => return Err(cursor.fault("invalid field width")),
    }
    let quantity = match () {
        () if cursor.accept("=") => Quantity::First,
        () if cursor.accept("#") => Quantity::Count,
        () => Quantity::Each,
    };
    let start = cursor.at;
    let fault = cursor.fault("missing } after %{");
    let inside = cursor.take_until('}').ok_or(fault)?;
    let (name, format) = inside
        .split_once(':')
        .map_or((inside, None), |it| (it.0, Some(it.1)));
    let fault = |message: String| FormatFault { message, at: start };
    if format == Some("") {
        return Err(fault("empty tag format".to_owned()));
    }
    if name.is_empty() {
        return Err(fault("empty tag name".to_owned()));
    }
    // rpm says the same of a format that it does not know.
    let unknown = || fault(format!("unknown tag: \"{name}\""));
    let default = if quantity == Quantity::Count {
        "arraysize"
    } else {
        "string"
    };
    Ok(Field {
        tag: if name == "*" {
            None
        } else {
            Some(table::find(name).ok_or_else(unknown)?)
        },
        width: Width::parse(width_text),
        quantity,
        format: formats::find(format.unwrap_or(default)).ok_or_else(unknown)?,
    })
}
