//! What stands after the colon of `%{TAG:FORMAT}`. Source: rpm-queryformat(7), "Formats".

mod element;
mod flags;
mod markup;
mod number;
mod pgp;
mod text;
mod time;

use crate::{Value, table, tag_number};
use element::Element;

/// What a format is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Any,
    Number,
    Text,
    Bytes,
}

impl Class {
    /// What is written in place of a value of another class.
    fn refusal(self) -> &'static str {
        match self {
            Self::Number => "(not a number)",
            Self::Text => "(not a string)",
            Self::Bytes => "(not a blob)",
            Self::Any => "(invalid type)",
        }
    }

    fn takes(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Number => matches!(value, Value::Numbers(_)),
            Self::Text => matches!(value, Value::Text(_) | Value::Texts(_)),
            Self::Bytes => matches!(value, Value::Bytes(_)),
        }
    }
}

/// A format.
#[derive(Debug)]
pub(crate) struct Formatter {
    /// Its name.
    pub(crate) name: &'static str,
    class: Class,
    write: fn(&Element<'_>) -> String,
}

impl PartialEq for Formatter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Formatter {
    /// The text of one element.
    pub(crate) fn apply(&self, tag: &'static str, value: &Value, index: usize) -> String {
        if self.class.takes(value) {
            (self.write)(&Element { tag, value, index })
        } else {
            self.class.refusal().to_owned()
        }
    }
}

const fn format(name: &'static str, class: Class, write: fn(&Element<'_>) -> String) -> Formatter {
    Formatter { name, class, write }
}

const FORMATS: &[Formatter] = &[
    format("armor", Class::Any, pgp::armor),
    format("arraysize", Class::Any, |it| it.value.len().to_string()),
    format("base64", Class::Bytes, |it| text::base64_lines(it.bytes())),
    format("date", Class::Number, |it| time::date(it.number())),
    format("day", Class::Number, |it| time::day(it.number())),
    format("depflags", Class::Number, |it| flags::relation(it.number())),
    format("deptype", Class::Number, |it| {
        flags::dependency_kind(it.number())
    }),
    // Macros are the caller's: here a text stays as it is.
    format("expand", Class::Text, |it| it.text().to_owned()),
    format("fflags", Class::Number, |it| flags::file(it.number())),
    format("fstate", Class::Number, |it| flags::file_state(it.number())),
    format("fstatus", Class::Number, |it| {
        flags::verify(it.number(), ".")
    }),
    format("hashalgo", Class::Number, |it| {
        // As in rpm, whatever the number is, its lowest byte counts.
        let [algorithm, ..] = it.number().to_le_bytes();
        pgp::hash_name(algorithm).unwrap_or("Unknown").into()
    }),
    format("hex", Class::Number, |it| format!("{:x}", it.number())),
    format("humaniec", Class::Number, |it| {
        number::human(it.number(), 1024.0)
    }),
    format("humansi", Class::Number, |it| {
        number::human(it.number(), 1000.0)
    }),
    format("json", Class::Any, markup::json),
    format("octal", Class::Number, |it| format!("{:o}", it.number())),
    format("permissions", Class::Number, |it| {
        number::permissions(it.number())
    }),
    format("perms", Class::Number, |it| {
        number::permissions(it.number())
    }),
    format("pgpsig", Class::Any, pgp::signature),
    format("shescape", Class::Any, text::shell_quoted),
    format("string", Class::Any, text::plain),
    format("tagname", Class::Any, |it| table::printed_name(it.tag)),
    format("tagnum", Class::Any, |it| {
        tag_number(it.tag).unwrap_or(0).to_string()
    }),
    format("triggertype", Class::Number, |it| {
        flags::trigger_kind(it.number()).to_owned()
    }),
    format("vflags", Class::Number, |it| flags::verify(it.number(), "")),
    format("xml", Class::Any, markup::xml),
];

/// The format of a name.
pub(crate) fn find(name: &str) -> Option<&'static Formatter> {
    FORMATS.iter().find(|format| format.name == name)
}

pub(crate) use flags::{relation, trigger_kind};
pub(crate) use number::permissions;
pub(crate) use text::{base64, from_base64};
pub(crate) use time::month_day;
