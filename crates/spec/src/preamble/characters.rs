//! Characters that names and versions may have. Source: rpm-spec(5), "Name", "Version", "Release".

use package::illegal_character;
use source::{Diagnostic, Reported, Text};

use crate::codes;
use crate::context::Context;
use crate::line::Line;

/// Characters allowed beside letters and digits.
#[derive(Clone, Copy)]
pub(crate) struct Allowed {
    /// Anywhere.
    anywhere: &'static str,
    /// As the first one; `None`: as anywhere.
    first: Option<&'static str>,
    /// What messages call such a text.
    what: &'static str,
}

/// A package's name.
pub(crate) const NAME: Allowed = Allowed {
    anywhere: ".-_+%{}",
    first: Some("_%"),
    what: "a package name",
};
/// What is added to the main package's name.
pub(crate) const SUFFIX: Allowed = Allowed {
    first: None,
    ..NAME
};
/// A version in a dependency.
pub(crate) const EVR: Allowed = Allowed {
    anywhere: "._+:-~^%{}",
    first: None,
    what: "a version",
};
/// A version or release.
pub(crate) const VERSION: Allowed = Allowed {
    anywhere: "._+%{}~^",
    first: None,
    what: "a version or release",
};

/// Reports the last character that is not allowed, and `..`; warns of what looks like a macro.
pub(crate) fn check(
    context: &mut Context<'_>,
    line: &Line,
    text: &Text,
    allowed: Allowed,
) -> Result<(), Reported> {
    if let Some(at) = text.find(['%', '{', '}']) {
        warn_of_macro(context, line, text, at);
    }
    let is_bad = |(at, c): &(usize, char)| {
        let others = if *at == 0 { allowed.first } else { None };
        !c.is_ascii_alphanumeric() && !others.unwrap_or(allowed.anywhere).contains(*c)
    };
    if let Some((at, c)) = text.char_indices().rev().find(is_bad) {
        let message = in_line(line, &illegal_character(c));
        let diagnostic = Diagnostic::error(codes::ILLEGAL_CHARACTER, message)
            .at(text.origin(at, at + c.len_utf8()))
            .help(describe(allowed));
        // dpkg's versions may have one, and debbuild leaves them as they are.
        if c == '-' && context.request.is_lenient {
            context.refuse(diagnostic);
            return Ok(());
        }
        return Err(context.sink().report(diagnostic));
    }
    if let Some(at) = text.find("..") {
        let diagnostic = Diagnostic::error(
            codes::ILLEGAL_CHARACTER,
            in_line(line, "Illegal sequence \"..\""),
        );
        return Err(context
            .sink()
            .report(diagnostic.at(text.origin(at, at + 2))));
    }
    Ok(())
}

fn describe(allowed: Allowed) -> String {
    let others: Vec<_> = allowed
        .anywhere
        .chars()
        .filter(|c| !"%{}".contains(*c))
        .map(|c| format!("`{c}`"))
        .collect();
    format!(
        "{} has letters, digits and {}",
        allowed.what,
        others.join(" ")
    )
}

fn warn_of_macro(context: &mut Context<'_>, line: &Line, text: &Text, at: usize) {
    let message = in_line(line, "Possible unexpanded macro");
    let diagnostic = Diagnostic::warning(codes::UNEXPANDED_MACRO, message)
        .at(text.origin(at, text.len()))
        .help("no macro of this name is defined");
    context.sink().push(diagnostic);
}

/// rpm's form `line N: WHAT in: LINE`.
pub(crate) fn in_line(line: &Line, what: &str) -> String {
    format!("line {}: {what} in: {}", line.number, line.shown())
}
