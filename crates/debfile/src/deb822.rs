//! Paragraphs of fields, as control files have them.
//!
//! Source: deb822(5); Debian Policy 5.1 for the syntax, 5.6.13 for descriptions.

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

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
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
        self.fields()
            .map(|(name, value)| format!("{name}: {}\n", fold(value)))
            .collect()
    }
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
    use super::*;

    #[test]
    fn a_value_of_several_lines_is_folded() {
        let mut paragraph = Paragraph::new();
        paragraph.set("Package", "hello");
        paragraph.set("Description", "greets\nOne.\n\n  verbatim\n");
        paragraph.set("Homepage", "");
        let expected = "Package: hello\nDescription: greets\n One.\n .\n   verbatim\n";
        assert_eq!(paragraph.write(), expected);
    }

    #[test]
    fn a_value_cannot_start_a_field_of_its_own() {
        let mut paragraph = Paragraph::new();
        paragraph.set("Homepage", "x\nPackage: y");
        assert_eq!(paragraph.write(), "Homepage: x\n Package: y\n");
    }
}
