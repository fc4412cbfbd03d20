//! Options that a program has where specs come from, and that the target's program of its name lacks.
//!
//! Which these are is data, behind [`crate::Resolver`].

use std::ops::Range;

use target::ForeignOption;

use super::shell::{Command, Word};
use crate::context::Context;

/// Such an option in a call.
pub(super) struct Found<'s> {
    /// The option with the words that belong to it.
    pub(super) words: &'s [Word],
    pub(super) option: ForeignOption,
}

impl Found<'_> {
    /// Where it stands, and what stands there instead.
    pub(super) fn edit(&self) -> Option<(Range<usize>, String)> {
        let becomes = self.option.becomes.clone()?;
        let (first, last) = (self.words.first()?, self.words.last()?);
        Some((first.span.start..last.span.end, becomes))
    }

    /// The option as a message shows it.
    pub(super) fn shown(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|it| it.value.as_str()).collect();
        words.join(" ")
    }
}

/// The options of a call that the target's program lacks.
pub(super) fn foreign_options<'s>(command: &'s Command, context: &Context<'_>) -> Vec<Found<'s>> {
    let Some(called) = command.name() else {
        return Vec::new();
    };
    let words = &command.words[1..];
    let found = (0..words.len()).filter_map(|at| found_at(called, &words[at..], context));
    found.collect()
}

/// Such an option at the first of some words.
fn found_at<'s>(called: &str, words: &'s [Word], context: &Context<'_>) -> Option<Found<'s>> {
    let first = words.first().filter(|it| it.is_literal)?;
    let (name, has_value) = match first.value.split_once('=') {
        Some((name, _)) => (name, true),
        None => (first.value.as_str(), false),
    };
    let option = context.resolver.foreign_option(called, name)?;
    let takes = if has_value { 0 } else { option.takes };
    let argument = words.get(option.path).filter(|it| it.is_literal);
    let is_path = |it: &Word| it.value.starts_with('/');
    if option.path > 0 && argument.is_none_or(is_path) || option.alone && words.len() > 1 {
        return None;
    }
    let count = 1 + takes.max(option.path);
    Some(Found {
        words: &words[..count.min(words.len())],
        option,
    })
}
