//! Lines that were meant to begin a section and do not: a header has its `%` at the very start of the
//! line, directly followed by the name.
//!
//! In a script the shell takes such a line for a command of its own. Names of sections are given without
//! `%`.

use std::ops::Range;

use source::{Diagnostic, Origin, Sink, Text};

use crate::ast::UndefinedCall;
use crate::codes;
use crate::shell_lines::is_bound_to_run;

/// A line that nearly is a section's header.
struct NearHeader {
    /// The section, without `%`.
    name: &'static str,
    /// Where in the line it stands, from its `%` on.
    place: Range<usize>,
    /// The reason why it is not a header.
    hindrance: &'static str,
}

/// Warns of such lines in a script where the shell would run them, and returns them.
pub(crate) fn check_script(
    sink: &mut Sink,
    body: &Text,
    sections: &[&'static str],
) -> Vec<UndefinedCall> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        if let Some(near) = near_header(line, sections)
            && is_bound_to_run(body, start + near.place.start)
        {
            let origin = origin_of(body, start, &near);
            warn(sink, origin, &near);
            found.push(UndefinedCall {
                name: near.name.to_owned(),
                origin,
                is_bound_to_fail: true,
            });
        }
        start += line.len();
    }
    found
}

/// Warns of such lines in a text for people, if nothing but what a header takes follows. Braces there
/// are more likely those of a macro that is not defined.
pub(crate) fn check_prose(sink: &mut Sink, body: &Text, sections: &[&'static str]) {
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let near =
            near_header(line, sections).filter(|near| !line[near.place.start..].starts_with("%{"));
        if let Some(near) = near.filter(|near| is_whole(&line[near.place.end..])) {
            warn(sink, origin_of(body, start, &near), &near);
        }
        start += line.len();
    }
}

/// What to write for a line of a preamble that is one of these.
pub(crate) fn help_for_line(line: &str, sections: &[&'static str]) -> Option<String> {
    near_header(line, sections).map(|near| help(&near))
}

/// Whether what follows a name are a package's name or options.
fn is_whole(rest: &str) -> bool {
    let rest = rest.trim_start_matches([':', '(', ')', '}']).trim();
    rest.is_empty() || rest.starts_with('-') || !rest.contains(char::is_whitespace)
}

fn near_header(line: &str, sections: &[&'static str]) -> Option<NearHeader> {
    let from_percent = line.trim_start_matches([' ', '\t']);
    let start = line.len() - from_percent.len();
    let rest = from_percent.strip_prefix('%')?;
    let from_name = rest.trim_start_matches([' ', '\t', '{']);
    let before = &rest[..rest.len() - from_name.len()];
    let length = from_name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(from_name.len());
    let (name, after) = from_name.split_at(length);
    let mut known = sections.iter();
    let name = known.find(|known| known.eq_ignore_ascii_case(name))?;
    let ends = after.is_empty() || after.starts_with(char::is_whitespace);
    let (hindrance, length) = match (before, after) {
        ("{", _) if after.starts_with('}') => ("it stands in braces", length + 1),
        ("", _) if after.starts_with([':', '(']) => ("its name ends in another sign", length + 1),
        ("", _) if start > 0 && ends => ("blanks stand before it", length),
        (_, _) if is_blank(before) && ends => ("a blank follows its `%`", length),
        _ => return None,
    };
    let end = start + 1 + before.len() + length;
    Some(NearHeader {
        name,
        place: start..end,
        hindrance,
    })
}

fn is_blank(text: &str) -> bool {
    !text.is_empty() && text.trim().is_empty()
}

fn help(near: &NearHeader) -> String {
    format!(
        "begin the line with `%{}`, and nothing before or in it",
        near.name
    )
}

/// Where it is written; its line begins at `start`.
fn origin_of(text: &Text, start: usize, near: &NearHeader) -> Option<Origin> {
    text.origin(start + near.place.start, start + near.place.end)
}

fn warn(sink: &mut Sink, origin: Option<Origin>, near: &NearHeader) {
    let message = format!("the section `%{}` does not begin here", near.name);
    let diagnostic = Diagnostic::warning(codes::NEAR_HEADER, message)
        .label(origin, near.hindrance)
        .help(help(near));
    sink.push(diagnostic.not_in_rpm());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_something_in_their_way_are_near() {
        let near = |line: &str| {
            let near = near_header(line, &["files", "install"])?;
            Some((near.name, line[near.place.start..near.place.end].to_owned()))
        };
        for (line, written) in [
            (" %install\n", "%install"),
            ("\t%install", "%install"),
            ("% install\n", "% install"),
            ("  %\tINSTALL -a", "%\tINSTALL"),
            ("%{install}\n", "%{install}"),
            ("%install:\n", "%install:"),
            ("%install()\n", "%install("),
        ] {
            assert_eq!(near(line), Some(("install", written.to_owned())), "{line}");
        }
        for line in [
            "%install\n",
            "%install -a\n",
            "%{install -x}",
            "  %installer",
            "echo %install",
            "%",
            "  %s",
            "%{?install}",
        ] {
            assert_eq!(near(line), None, "{line}");
        }
    }
}
