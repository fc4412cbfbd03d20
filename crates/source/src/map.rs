//! The texts of one run, positions in them, and the frames of macro calls.
//!
//! Not here: strings with provenance, see [`crate::Text`].

use std::num::NonZeroU32;
use std::sync::Arc;

/// Names one text of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A half-open range of bytes, offsets from 0, in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `len` bytes that starts `offset` bytes into this one.
    ///
    /// Both are clamped to the end of this span.
    pub fn slice(self, offset: usize, len: usize) -> Self {
        let start = clamp(self.start, offset).min(self.end);
        Self {
            start,
            end: clamp(start, len).min(self.end),
            ..self
        }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

fn clamp(base: u32, add: usize) -> u32 {
    u32::try_from(add).map_or(u32::MAX, |add| base.saturating_add(add))
}

/// Names one [`Frame`] of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(NonZeroU32);

/// One macro call on the way to a byte. Frames chain towards the line the user wrote.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The macro's name, without `%`.
    pub name: Arc<str>,
    /// The place of the call.
    pub call: Origin,
    /// Where its body was defined; `None` for builtins.
    pub defined: Option<Span>,
}

/// Where a byte comes from: its place in a text, and the macro call that yielded it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The bytes as written.
    pub span: Span,
    /// The innermost macro call, or `None` if the bytes were written where they are used.
    pub frame: Option<FrameId>,
}

impl From<Span> for Origin {
    fn from(span: Span) -> Self {
        Self { span, frame: None }
    }
}

/// A place as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The text's name: a path, or `<name>` where there is no file.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A string that is part of the program, or one that a run has read and shares.
#[derive(Clone, Debug)]
pub enum Shared {
    /// Part of the program.
    Static(&'static str),
    /// Read in this run.
    Counted(Arc<str>),
}

impl<T: Into<Arc<str>>> From<T> for Shared {
    fn from(text: T) -> Self {
        Self::Counted(text.into())
    }
}

impl std::ops::Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Counted(text) => text,
        }
    }
}

#[derive(Debug)]
struct File {
    name: Shared,
    text: Shared,
}

/// Every text a run has read, and every macro call it has followed.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<File>,
    frames: Vec<Frame>,
}

/// Calls beyond this number are no longer recorded, so that a looping spec can't fill the memory.
const MAX_FRAMES: usize = 1 << 20;

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the name that messages show, and returns its id.
    ///
    /// Texts above 4 GiB are not representable; offsets past that point are clamped.
    pub fn add(&mut self, name: impl Into<Shared>, text: impl Into<Shared>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    /// The name a text was added under.
    pub fn name(&self, file: FileId) -> &Shared {
        &self.files[file.0 as usize].name
    }

    /// The text that was added last under a name.
    pub fn id_of(&self, name: &str) -> Option<FileId> {
        let at = self.files.iter().rposition(|file| &*file.name == name)?;
        u32::try_from(at).ok().map(FileId)
    }

    /// The names of all texts, in the order they were added.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &*file.name)
    }

    /// A whole text.
    pub fn text(&self, file: FileId) -> &Shared {
        &self.files[file.0 as usize].text
    }

    /// The span of a whole text.
    pub fn whole(&self, file: FileId) -> Span {
        Span {
            file,
            start: 0,
            end: clamp(0, self.text(file).len()),
        }
    }

    /// The bytes of a span; empty if the span does not lie on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file)
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Records a macro call; `None` once too many calls were recorded.
    pub fn push_frame(&mut self, frame: Frame) -> Option<FrameId> {
        if self.frames.len() >= MAX_FRAMES {
            return frame.call.frame;
        }
        self.frames.push(frame);
        u32::try_from(self.frames.len())
            .ok()
            .and_then(NonZeroU32::new)
            .map(FrameId)
    }

    /// A recorded call.
    pub fn frame(&self, id: FrameId) -> &Frame {
        &self.frames[id.0.get() as usize - 1]
    }

    /// The calls that led to an origin, innermost first.
    pub fn chain(&self, origin: Origin) -> impl Iterator<Item = &Frame> {
        let mut next = origin.frame;
        std::iter::from_fn(move || {
            let frame = self.frame(next?);
            next = frame.call.frame;
            Some(frame)
        })
    }

    /// The bytes the user wrote that led to an origin: the outermost call, or the origin itself.
    pub fn written(&self, origin: Origin) -> Span {
        self.chain(origin)
            .last()
            .map_or(origin.span, |frame| frame.call.span)
    }

    /// File, line and column of a span's first byte.
    pub fn locate(&self, span: Span) -> Location {
        let text = self.text(span.file);
        let before = &text.as_bytes()[..(span.start as usize).min(text.len())];
        let line_start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |at| at + 1);
        Location {
            file: (**self.name(span.file)).into(),
            line: before.iter().filter(|&&b| b == b'\n').count() + 1,
            column: String::from_utf8_lossy(&before[line_start..])
                .chars()
                .count()
                + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let mut map = SourceMap::new();
        let file = map.add("a.spec", "Name: x\nSummary: äöü!\n");
        let at = map.text(file).find('!').unwrap() as u32;
        let place = map.locate(Span {
            file,
            start: at,
            end: at + 1,
        });
        assert_eq!((place.line, place.column), (2, 13));
        assert_eq!(place.to_string(), "a.spec:2:13");
    }

    #[test]
    fn a_chain_leads_to_the_written_bytes() {
        let mut map = SourceMap::new();
        let file = map.add("a.spec", "%outer");
        let whole = map.whole(file);
        let outer = map.push_frame(Frame {
            name: "outer".into(),
            call: whole.into(),
            defined: None,
        });
        let call = Origin {
            span: whole.slice(1, 2),
            frame: outer,
        };
        let inner = map.push_frame(Frame {
            name: "inner".into(),
            call,
            defined: None,
        });
        let origin = Origin {
            span: whole,
            frame: inner,
        };
        let names: Vec<_> = map.chain(origin).map(|f| f.name.to_string()).collect();
        assert_eq!(names, ["inner", "outer"]);
        assert_eq!(map.written(origin), whole);
    }
}
