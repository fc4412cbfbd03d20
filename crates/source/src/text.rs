//! A string whose every byte knows where it was written.
//!
//! Not here: expansion. A `Text` only remembers; `expand` makes new ones.

use crate::{FrameId, Origin, Span};

/// From `start` on (until the next piece) the bytes of a [`Text`] come from `origin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset in the text, in bytes.
    pub start: u32,
    /// Where these bytes come from; `None` if no file holds them. A span as long as the piece was
    /// copied byte for byte; any other length means that the piece as a whole stems from that span.
    pub origin: Option<Origin>,
}

/// A string with provenance.
///
/// Invariant: pieces are sorted by `start`, the first starts at 0, none is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    string: String,
    pieces: Vec<Piece>,
}

impl Text {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text with room for some bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            string: String::with_capacity(bytes),
            pieces: Vec::new(),
        }
    }

    /// A text that comes from one place as a whole.
    pub fn from_origin(string: impl Into<String>, origin: Origin) -> Self {
        Self::whole_piece(string.into(), Some(origin))
    }

    /// A text of unknown origin, for values that no file holds.
    pub fn detached(string: impl Into<String>) -> Self {
        Self::whole_piece(string.into(), None)
    }

    fn whole_piece(string: String, origin: Option<Origin>) -> Self {
        let pieces = if string.is_empty() {
            Vec::new()
        } else {
            vec![Piece { start: 0, origin }]
        };
        Self { string, pieces }
    }

    /// The bytes.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// Gives up the provenance.
    pub fn into_string(self) -> String {
        self.string
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.string.len()
    }

    /// Returns whether the text has no bytes.
    pub fn is_empty(&self) -> bool {
        self.string.is_empty()
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Appends bytes that come from `origin`.
    pub fn push_str(&mut self, string: &str, origin: Origin) {
        if string.is_empty() {
            return;
        }
        let start = self.string.len();
        if self.continues(origin, start) {
            if let Some(Piece {
                origin: Some(last), ..
            }) = self.pieces.last_mut()
            {
                last.span.end = origin.span.end;
            }
        } else {
            self.pieces.push(Piece {
                start: offset(start),
                origin: Some(origin),
            });
        }
        self.string.push_str(string);
    }

    /// Appends bytes of unknown origin.
    pub fn push_detached(&mut self, string: &str) {
        let goes_on = self.pieces.last().is_some_and(|last| last.origin.is_none());
        if !string.is_empty() && !goes_on {
            self.pieces.push(Piece {
                start: offset(self.string.len()),
                origin: None,
            });
        }
        self.string.push_str(string);
    }

    /// Whether bytes from `origin` just go on where the last piece ends.
    fn continues(&self, origin: Origin, end: usize) -> bool {
        let Some(Piece {
            start,
            origin: Some(last),
        }) = self.pieces.last()
        else {
            return false;
        };
        last.frame == origin.frame
            && last.span.file == origin.span.file
            && last.span.end == origin.span.start
            && last.span.len() == end - *start as usize
    }

    /// Appends another text with its provenance.
    pub fn push_text(&mut self, other: &Text) {
        self.push_slice(other, 0, other.len());
    }

    /// Appends the bytes `start..end` of another text, which must lie on character boundaries.
    pub fn push_slice(&mut self, other: &Text, start: usize, end: usize) {
        self.push_slice_in(other, start, end, None);
    }

    /// Appends a part of another text that is the body of a macro call: bytes that do not know the
    /// call they came by get `frame`.
    pub fn push_slice_in(
        &mut self,
        other: &Text,
        start: usize,
        end: usize,
        frame: Option<FrameId>,
    ) {
        for (from, to, origin) in other.runs(start, end) {
            match origin {
                None => self.push_detached(&other.string[from..to]),
                Some(origin) => {
                    let origin = Origin {
                        frame: origin.frame.or(frame),
                        ..origin
                    };
                    self.push_str(&other.string[from..to], origin);
                }
            }
        }
    }

    /// The runs of one origin each that make up `start..end`.
    fn runs(
        &self,
        start: usize,
        end: usize,
    ) -> impl Iterator<Item = (usize, usize, Option<Origin>)> {
        let first = self.piece_at(start);
        (first..self.pieces.len()).map_while(move |index| {
            let piece_start = self.pieces[index].start as usize;
            let piece_end = self.piece_end(index);
            let (from, to) = (piece_start.max(start), piece_end.min(end));
            (from < to).then(|| (from, to, self.cut(index, from, to)))
        })
    }

    fn piece_at(&self, at: usize) -> usize {
        self.pieces
            .partition_point(|piece| piece.start as usize <= at)
            .saturating_sub(1)
    }

    fn piece_end(&self, index: usize) -> usize {
        self.pieces
            .get(index + 1)
            .map_or(self.string.len(), |next| next.start as usize)
    }

    /// The origin of `from..to`, which lies within piece `index`.
    fn cut(&self, index: usize, from: usize, to: usize) -> Option<Origin> {
        let piece = self.pieces[index];
        let origin = piece.origin?;
        let (start, end) = (piece.start as usize, self.piece_end(index));
        if origin.span.len() != end - start {
            return Some(origin);
        }
        Some(Origin {
            span: origin.span.slice(from - start, to - from),
            ..origin
        })
    }

    /// A part of the text; `start..end` must lie on character boundaries.
    pub fn slice(&self, start: usize, end: usize) -> Text {
        let mut part = Text::new();
        part.push_slice(self, start, end);
        part
    }

    /// Drops all but the first `len` bytes; the cut must lie on a character boundary.
    pub fn truncate(&mut self, len: usize) {
        if len == 0 {
            *self = Self::new();
        } else if len < self.len() {
            let last = self.piece_at(len - 1);
            let start = self.pieces[last].start as usize;
            self.pieces[last].origin = self.cut(last, start, self.piece_end(last).min(len));
            self.pieces.truncate(last + 1);
            self.string.truncate(len);
        }
    }

    /// The text without blanks at both ends (ASCII white space).
    pub fn trim(&self) -> Text {
        let trimmed = self.string.trim_matches(|c: char| c.is_ascii_whitespace());
        let start = trimmed.as_ptr() as usize - self.string.as_ptr() as usize;
        self.slice(start, start + trimmed.len())
    }

    /// The origin of `start..end`: the whole stretch if it was written in one place; otherwise the
    /// first part that no macro brought in, or else the first part. `None` if it is not known.
    pub fn origin(&self, start: usize, end: usize) -> Option<Origin> {
        if self.pieces.is_empty() {
            return None;
        }
        let start = start.min(self.string.len());
        let index = self.piece_at(start.min(self.string.len().saturating_sub(1)));
        let to = end.clamp(start, self.piece_end(index));
        let Some(first) = self.cut(index, start, to) else {
            return self.written_part(start, end);
        };
        let same_place = |part: Origin| {
            part.frame == first.frame
                && part.span.file == first.span.file
                && part.span.start >= first.span.start
        };
        let mut last = first;
        for (_, _, part) in self.runs(start, end.min(self.string.len())) {
            match part {
                Some(part) if same_place(part) => last = part,
                _ => return self.written_part(start, end).or(Some(first)),
            }
        }
        Some(Origin {
            span: hull(first.span, last.span),
            ..first
        })
    }

    /// The first part of `start..end` that stands where it is used, not in a macro.
    fn written_part(&self, start: usize, end: usize) -> Option<Origin> {
        self.runs(start, end.min(self.string.len()))
            .filter_map(|(_, _, origin)| origin)
            .find(|origin| origin.frame.is_none())
    }

    /// The origin of the whole text.
    pub fn whole(&self) -> Option<Origin> {
        self.origin(0, self.string.len())
    }

    /// The lines, without their newlines; a newline at the very end starts no further line.
    pub fn lines(&self) -> Vec<Text> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.string.split_inclusive('\n') {
            let end = start + line.len();
            lines.push(self.slice(start, end - usize::from(line.ends_with('\n'))));
            start = end;
        }
        lines
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn hull(a: Span, b: Span) -> Span {
    Span {
        file: a.file,
        start: a.start.min(b.start),
        end: a.end.max(b.end),
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.string
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceMap;

    fn written(content: &str) -> (SourceMap, Text) {
        let mut map = SourceMap::new();
        let file = map.add("t", content);
        let text = Text::from_origin(content, map.whole(file).into());
        (map, text)
    }

    #[test]
    fn neighbouring_bytes_stay_one_piece() {
        let (_, text) = written("abcdef");
        let mut joined = text.slice(0, 3);
        joined.push_slice(&text, 3, 6);
        assert_eq!(joined, text);
        assert_eq!(joined.pieces().len(), 1);
    }

    #[test]
    fn a_slice_points_at_its_own_bytes() {
        let (map, text) = written("one\ntwo\n");
        let line = text.lines()[1].clone();
        assert_eq!(line.as_str(), "two");
        assert_eq!(map.slice(line.origin(1, 2).unwrap().span), "w");
    }

    #[test]
    fn bytes_of_unknown_origin_stay_apart() {
        let (map, text) = written("abc");
        let mut mixed = Text::detached("x");
        mixed.push_text(&text);
        mixed.push_detached("y");
        let copy = mixed.slice(0, mixed.len());
        assert_eq!(copy, mixed);
        assert_eq!(copy.origin(0, 1), None);
        assert_eq!(map.slice(copy.origin(2, 3).unwrap().span), "b");
    }

    #[test]
    fn what_is_cut_off_is_like_a_slice() {
        let (_, text) = written("abcdef");
        let mut mixed = Text::detached("x");
        mixed.push_text(&text);
        mixed.push_detached("yz");
        for len in 0..=mixed.len() {
            let mut cut = mixed.clone();
            cut.truncate(len);
            assert_eq!(cut, mixed.slice(0, len));
        }
    }

    #[test]
    fn trim_keeps_the_place() {
        let (map, text) = written("  x y ");
        assert_eq!(map.slice(text.trim().whole().unwrap().span), "x y");
    }
}
