//! `%{TAG}`: one placeholder of a format.

use crate::Value;
use crate::formats::Formatter;

/// A placeholder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// The tag; `None` for `*`, every tag in turn.
    pub(crate) tag: Option<&'static str>,
    pub(crate) width: Width,
    pub(crate) quantity: Quantity,
    pub(crate) format: &'static Formatter,
}

/// Which elements of an array a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// The one whose turn it is.
    Each,
    /// `%{=TAG}`: always the first.
    First,
    /// `%{#TAG}`: their number.
    Count,
}

/// The least width, in bytes as printf(3) counts, and whether text stands at the left of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Width {
    least: usize,
    is_left: bool,
    /// What stands in place of any value, where printf(3) can make nothing of the width.
    instead: Option<String>,
}

/// Widths beyond this are cut, so that no format fills the memory.
const MOST: usize = 1 << 16;

impl Width {
    pub(crate) fn parse(text: &str) -> Self {
        let digits = text.trim_start_matches('-');
        let least = digits.parse().unwrap_or(0);
        Self {
            instead: digits.contains('-').then(|| format!("%{text}s")),
            least: MOST.min(least),
            is_left: text.starts_with('-'),
        }
    }

    /// Fills a text up with blanks.
    pub(crate) fn fill(&self, text: String) -> String {
        if let Some(instead) = &self.instead {
            return instead.clone();
        }
        let blanks = " ".repeat(self.least.saturating_sub(text.len()));
        if self.is_left {
            text + &blanks
        } else {
            blanks + &text
        }
    }
}

impl Field {
    /// The text for an element of a value; `(none)` if there is no such element.
    pub(crate) fn text(&self, tag: &'static str, value: Option<&Value>, index: usize) -> String {
        let index = if self.quantity == Quantity::Each {
            index
        } else {
            0
        };
        let text = match value.filter(|value| value.len() > index) {
            Some(value) => self.format.apply(tag, value, index),
            None => "(none)".to_owned(),
        };
        self.width.fill(text)
    }
}
