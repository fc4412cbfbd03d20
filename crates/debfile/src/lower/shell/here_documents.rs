//! Here-documents: their lines come after the one that has the command.

use std::ops::Range;

use super::Document;
use super::reader::Reader;

/// One that begins on the line that is read.
pub(super) struct HereDocument {
    pub(super) end: String,
    pub(super) is_quoted: bool,
    pub(super) strips_tabs: bool,
}

impl Reader<'_> {
    /// Reads the here-documents that begin on this line.
    pub(super) fn read_here_documents(&mut self) {
        let mut spans = Vec::new();
        for document in std::mem::take(&mut self.here_documents) {
            let (start, end) = self.here_document(&document);
            let text = text_of(&document, self.text, start..end);
            self.shell.documents.push(text);
            spans.push((start, end, document.is_quoted));
        }
        for (start, end, is_quoted) in spans {
            if !is_quoted {
                let after = std::mem::replace(&mut self.at, start);
                let limit = std::mem::replace(&mut self.end, end);
                self.nested(Self::expanded_text);
                self.end = limit;
                self.at = after;
            }
        }
    }

    /// Passes over a here-document; the result is where its text begins and ends.
    fn here_document(&mut self, document: &HereDocument) -> (usize, usize) {
        let start = self.at;
        while self.at < self.end {
            let line_start = self.at;
            self.skip_line();
            let line = &self.text[line_start..self.at];
            self.at = (self.at + 1).min(self.end);
            let line = if document.strips_tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if line == document.end {
                return (start, line_start);
            }
        }
        (start, self.end)
    }
}

/// A here-document whose lines stand at `span`.
fn text_of(document: &HereDocument, text: &str, span: Range<usize>) -> Document {
    let raw = &text[span.clone()];
    let lines = raw.split_inclusive('\n');
    let value = match document.strips_tabs {
        true => lines.map(|line| line.trim_start_matches('\t')).collect(),
        false => raw.to_owned(),
    };
    Document {
        is_literal: document.is_quoted || !value.contains(['$', '`', '\\']),
        value,
        span,
    }
}
