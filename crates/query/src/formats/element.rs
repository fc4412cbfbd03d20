//! What a format writes.

use crate::Value;

/// One element of a tag's value, to be written.
#[derive(Clone, Copy)]
pub(super) struct Element<'v> {
    pub(super) tag: &'static str,
    pub(super) value: &'v Value,
    pub(super) index: usize,
}

impl Element<'_> {
    /// The number; 0 if it is not a number.
    pub(super) fn number(&self) -> u64 {
        self.value.number_at(self.index).unwrap_or(0)
    }

    /// The text; empty if it is not a text.
    pub(super) fn text(&self) -> &str {
        self.value.text_at(self.index).unwrap_or_default()
    }

    /// The bytes; none if it is not a blob.
    pub(super) fn bytes(&self) -> &[u8] {
        match self.value {
            Value::Bytes(bytes) => bytes,
            _ => &[],
        }
    }
}
