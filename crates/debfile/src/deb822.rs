//! Paragraphs of fields, as control files have them.
//!
//! Source: deb822(5); Debian Policy 5.1 for the syntax, 5.6.13 for descriptions.

use nom::branch::alt;
use nom::bytes::complete::is_not;
use nom::character::complete::{char, one_of};
use nom::combinator::{map, rest};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// One paragraph: fields in order, each name once.
///
/// Values are logical: their lines carry no leading blank; [`Paragraph::write`] folds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph(Vec<(String, String)>);

impl Paragraph {
    /// An empty paragraph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the first paragraph of a text; lines that are no fields are passed over.
    pub fn parse(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        let lines = text.lines().skip_while(|line| line.trim().is_empty());
        let lines = lines.take_while(|line| !line.trim().is_empty());
        for line in lines.filter_map(|text| Some(line(text).ok()?.1)) {
            match line {
                Line::Further(more) => {
                    if let Some((_, value)) = fields.last_mut() {
                        value.push('\n');
                        value.push_str(more);
                    }
                }
                Line::Field { name, value } => fields.push((name.to_owned(), value.to_owned())),
            }
        }
        Self(fields)
    }

    /// Sets a field; a later value replaces an earlier one in its place, an empty one changes
    /// nothing.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if value.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The value of a field; names are the same in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The paragraph as a file has it, each field ending in a newline.
    pub fn write(&self) -> String {
        let line = |(name, value): (&str, &str)| {
            let gap = if value.starts_with('\n') { "" } else { " " };
            format!("{name}:{gap}{}\n", fold(value))
        };
        self.fields().map(line).collect()
    }
}

/// A line of a paragraph.
#[derive(Debug, PartialEq, Eq)]
enum Line<'t> {
    /// A further line of the value before it; a dot stands for an empty one.
    Further(&'t str),
    /// `Name: value`.
    Field { name: &'t str, value: &'t str },
}

fn line(text: &str) -> IResult<&str, Line<'_>> {
    let further = map(preceded(one_of(" \t"), rest), |more: &str| {
        Line::Further(if more.trim_end() == "." { "" } else { more })
    });
    let field = map(
        (is_not(":"), char(':'), rest),
        |(name, _, value): (_, _, &str)| {
            let value = value.trim();
            Line::Field { name, value }
        },
    );
    alt((further, field)).parse_complete(text)
}

/// Folds a value: the first line stands after the colon, each further one after a blank, and an
/// empty one is a dot.
fn fold(value: &str) -> String {
    let mut lines = value.lines();
    let mut folded = lines.next().unwrap_or("").trim().to_owned();
    for line in lines {
        folded.push_str("\n ");
        folded.push_str(if line.trim().is_empty() {
            "."
        } else {
            line.trim_end()
        });
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            fields in prop::collection::btree_map(
                "[A-Z][a-z-]{0,8}",
                "[a-z0-9:]{1,9}(\n[ a-z:]{0,5}[a-z:]){0,3}",
                1..5,
            ),
        ) {
            let mut paragraph = Paragraph::new();
            for (name, value) in fields {
                paragraph.set(&name, value);
            }
            prop_assert_eq!(Paragraph::parse(&paragraph.write()), paragraph);
        }

        #[test]
        fn no_text_is_too_strange(text in "[a:. \t\né]{0,40}") {
            let paragraph = Paragraph::parse(&text);
            prop_assert!(paragraph.fields().all(|(name, _)| !name.contains(':')));
        }
    }

    #[test]
    fn a_value_of_several_lines_is_folded() {
        let mut paragraph = Paragraph::new();
        paragraph.set("Package", "hello");
        paragraph.set("Description", "greets\nOne.\n\n  verbatim\n");
        paragraph.set("Homepage", "");
        let expected = "Package: hello\nDescription: greets\n One.\n .\n   verbatim\n";
        assert_eq!(paragraph.write(), expected);
        let parsed = Paragraph::parse(&format!("\n{expected}\nPackage: second\n"));
        assert_eq!(parsed.get("package"), Some("hello"));
        let description = "greets\nOne.\n\n  verbatim";
        assert_eq!(parsed.get("Description"), Some(description));
    }

    #[test]
    fn a_value_cannot_start_a_field_of_its_own() {
        let mut paragraph = Paragraph::new();
        paragraph.set("Homepage", "x\nPackage: y");
        assert_eq!(paragraph.write(), "Homepage: x\n Package: y\n");
    }
}
