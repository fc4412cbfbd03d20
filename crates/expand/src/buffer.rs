//! Text being made, and where in another text it comes from.

use source::{FrameId, Origin, Text};

use crate::args::{QUOTE, without_quotes};
use crate::call::Range;

/// Text being made.
#[derive(Default)]
pub(crate) struct Buffer {
    pub(crate) text: Text,
    /// Quote marks are wanted.
    pub(crate) keep_quoted: bool,
    /// Quote marks were made.
    pub(crate) have_quoted: bool,
}

/// Where a call stands: its bytes, and the call whose body they are in.
#[derive(Clone, Copy, Default)]
pub(crate) struct Site {
    pub(crate) origin: Option<Origin>,
    pub(crate) frame: Option<FrameId>,
}

/// The beginning of a call in the text that is being expanded.
#[derive(Clone, Copy)]
pub(crate) struct CallStart<'t> {
    pub(crate) text: &'t Text,
    /// The call whose body the text is.
    pub(crate) frame: Option<FrameId>,
    /// Where the `%` stands.
    pub(crate) percent: usize,
}

impl CallStart<'_> {
    /// The call, given where it ends.
    pub(crate) fn to(self, end: usize) -> Site {
        Site {
            origin: site(self.text, self.percent..end, self.frame),
            frame: self.frame,
        }
    }
}

/// What a macro is expanded with.
pub(crate) struct Invocation<'a> {
    /// The arguments; `None` for a call that can't have any.
    pub(crate) args: Option<&'a [Text]>,
    /// Where to say how many bytes of an argument that is read as written were taken.
    pub(crate) taken: Option<&'a mut usize>,
    /// Where the call stands.
    pub(crate) at: Site,
}

impl Invocation<'_> {
    /// A call without arguments.
    pub(crate) fn plain(at: Site) -> Self {
        Self {
            args: None,
            taken: None,
            at,
        }
    }
}

impl Buffer {
    /// Bytes of memory, those of its provenance included.
    pub(crate) fn size(&self) -> usize {
        self.text.len() + size_of_val(self.text.pieces())
    }

    /// Appends text that a call made.
    pub(crate) fn push(&mut self, made: &str, origin: Option<Origin>) {
        let Some(origin) = origin else {
            self.text.push_detached(made);
            return;
        };
        // As long as its call by chance, it would look like a copy of the call; two parts don't.
        let is_alike = made.len() == origin.span.len();
        let (first, second) = made.split_at(match made.chars().next() {
            Some(first) if is_alike => first.len_utf8(),
            _ => 0,
        });
        self.text.push_str(first, origin);
        self.text.push_str(second, origin);
    }

    /// Removes the quote marks from `start` on.
    pub(crate) fn remove_quotes(&mut self, start: usize) {
        if self.text[start..].contains(QUOTE) {
            let plain = without_quotes(&self.text.slice(start, self.text.len()));
            self.text = self.text.slice(0, start);
            self.text.push_text(&plain);
        }
    }
}

/// The origin of a call within a text that is the body of `frame`.
pub(crate) fn site(text: &Text, range: Range, frame: Option<FrameId>) -> Option<Origin> {
    let origin = text.origin(range.start, range.end.min(text.len()))?;
    Some(Origin {
        frame: origin.frame.or(frame),
        ..origin
    })
}

/// Copies plain text out of the body of `frame`.
pub(crate) fn copy(text: &Text, range: Range, frame: Option<FrameId>, out: &mut Text) {
    out.push_slice_in(text, range.start, range.end, frame);
}
