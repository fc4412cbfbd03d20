//! Macros that are not defined where they are used. rpm leaves such calls as they are, and a script
//! ends in `fg: no job control`.
//!
//! A `%%` in the spec stands for a `%`, so what comes of one is not a call. In scripts `%` has other uses
//! (`date +%Y`, `${name%.c}`), and in texts for people as well: only `%{name}`, and calls in the place of a
//! command, are reported there.

use expand::Engine;
use source::{Diagnostic, Origin, Text};

use crate::ast::UndefinedCall;
use crate::codes;
use crate::context::Context;
use crate::keywords::is_keyword;
use crate::section::help_for_section;
use crate::shell_lines::is_bound_to_run;

/// The kind of text that is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The body of a script.
    Script,
    /// The value of a tag, or a line of a file list.
    Value,
    /// A text for people. A line that is a call should have become something else: a sub-package, a section.
    Prose,
}

/// Names shorter than this are more likely something else.
const SHORTEST: usize = 3;

/// After so many macros nobody reads suggestions, and each is a walk through all macros.
const MOST_SUGGESTIONS: usize = 100;

/// A call of a macro.
struct Call<'t> {
    start: usize,
    end: usize,
    name: &'t str,
    is_braced: bool,
}

/// Warns of each macro that is called and not defined, once for each name. Returns all such calls.
pub(crate) fn check(context: &mut Context<'_>, text: &Text, place: Place) -> Vec<UndefinedCall> {
    let mut undefined = Vec::new();
    for (percent, _) in text.match_indices('%') {
        let Some(call) = call_at(text, percent) else {
            continue;
        };
        let counts = match place {
            Place::Value => true,
            _ if call.is_braced => call.name.bytes().any(|it| it.is_ascii_lowercase()),
            Place::Script => is_command(text, &call),
            Place::Prose => is_command(text, &call) || near_section(text, &call).is_some(),
        };
        if !counts
            || is_escaped(context.engine, text, percent)
            || is_keyword(&text[percent..call.end])
        {
            continue;
        }
        if context.engine.is_defined(call.name) {
            continue;
        }
        if context.reported_macros.insert(call.name.to_owned()) {
            warn(context, text, &call);
        }
        let is_command =
            place == Place::Script && undefined.len() < MOST_SUGGESTIONS && is_command(text, &call);
        undefined.push(UndefinedCall {
            name: call.name.to_owned(),
            origin: origin_of(text, &call),
            is_bound_to_fail: is_command && is_bound_to_run(text, call.start),
        });
    }
    undefined
}

/// The macros that a text calls.
pub(crate) fn names(text: &str) -> Vec<&str> {
    let calls = text
        .match_indices('%')
        .filter_map(|(at, _)| call_at(text, at));
    calls.map(|call| call.name).collect()
}

/// The calls `%{name}` in a text of macros that are not defined: their names and places.
pub(crate) fn braced(engine: &mut Engine, text: &Text) -> Vec<(String, Option<Origin>)> {
    let calls = text
        .match_indices('%')
        .filter_map(|(at, _)| call_at(text, at));
    let calls: Vec<Call<'_>> = calls.filter(|call| call.is_braced).collect();
    let undefined = calls
        .iter()
        .filter(|call| !is_escaped(engine, text, call.start) && !engine.is_defined(call.name));
    undefined
        .map(|call| (call.name.to_owned(), origin_of(text, call)))
        .collect()
}

/// What defines a macro that is not defined, or which one was meant.
pub(crate) fn advice(
    engine: &mut Engine,
    name: &str,
    owner: Option<fn(&str) -> Option<String>>,
) -> Option<String> {
    match owner.and_then(|owner| owner(name)) {
        Some(owner) => Some(format!("it is defined by {owner}")),
        None => {
            let near = engine.closest_macro(name);
            near.map(|near| format!("did you mean `%{near}`?"))
        }
    }
}

/// The help about the section that was meant, if a call stands where one would begin.
fn near_section(text: &str, call: &Call<'_>) -> Option<String> {
    let is_first = call.start == 0 || text[..call.start].ends_with('\n');
    // Short names are near to too much.
    (is_first && !call.is_braced && call.name.len() > 3)
        .then(|| help_for_section(call.name))
        .flatten()
}

fn origin_of(text: &Text, call: &Call<'_>) -> Option<Origin> {
    let end = call.end + usize::from(call.is_braced);
    text.origin(call.start, end.min(text.len()))
}

/// The call that begins with the `%` at `percent`, if it has the form of one.
fn call_at(text: &str, percent: usize) -> Option<Call<'_>> {
    let after = &text[percent + 1..];
    let is_braced = after.starts_with('{');
    let start = percent + 1 + usize::from(is_braced);
    let rest = &text[start..];
    let length = rest
        .bytes()
        .take_while(|it| it.is_ascii_alphanumeric() || *it == b'_')
        .count();
    let name = &rest[..length];
    let goes_on = text.as_bytes().get(start + length).copied();
    let is_name = length >= SHORTEST && !name.starts_with(|it: char| it.is_ascii_digit());
    // The old `%patch0` is an error of its own.
    let is_patch = name
        .strip_prefix("patch")
        .is_some_and(|it| it.parse::<u32>().is_ok());
    let is_call =
        is_name && !is_patch && (!is_braced || matches!(goes_on, Some(b'}' | b' ' | b':')));
    is_call.then_some(Call {
        start: percent,
        end: start + length,
        name,
        is_braced,
    })
}

/// Whether a call stands where the shell looks for a command. One in braces may go on in them.
fn is_command(text: &str, call: &Call<'_>) -> bool {
    let line = text[..call.start].rsplit('\n').next().unwrap_or_default();
    let rest = &text[call.end..];
    let (rest, goes_on) = match call.is_braced {
        true => (
            rest.strip_prefix('}').unwrap_or(rest),
            !rest.starts_with('}'),
        ),
        false => (rest, false),
    };
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\n']);
    line.trim().is_empty() && (ends || goes_on)
}

/// Whether the `%` was written `%%`.
fn is_escaped(engine: &Engine, text: &Text, percent: usize) -> bool {
    let Some(origin) = text.origin(percent, percent + 1) else {
        return true;
    };
    let before = origin.span.start.checked_sub(1);
    let source = engine.sources.text(origin.span.file);
    before.is_some_and(|at| source.as_bytes().get(at as usize) == Some(&b'%'))
}

fn warn(context: &mut Context<'_>, text: &Text, call: &Call<'_>) {
    let name = call.name;
    let owner = context.request.macro_owner;
    let is_owned = owner.is_some_and(|owner| owner(name).is_some());
    let help = match near_section(text, call).filter(|_| !is_owned) {
        Some(help) => Some(help),
        None if !is_owned && context.reported_macros.len() > MOST_SUGGESTIONS => None,
        None => advice(context.engine, name, owner),
    };
    let message = format!("macro `%{name}` is not defined, and stays as it is");
    let diagnostic = Diagnostic::warning(codes::UNEXPANDED_MACRO, message)
        .at(origin_of(text, call))
        .help_if(help);
    context.sink().push(diagnostic.not_in_rpm());
}
