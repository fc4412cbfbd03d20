//! `%changelog`: entries with dates, newest first.
//!
//! A fault ends the reading of entries, but not of the spec: rpm 6.1 goes on with the entries it has,
//! and so do we, with a warning.
//!
//! Source: rpm-spec(5), "%changelog section"; the behaviour of rpm's `parseChangelog`.

mod date;

use package::ChangelogEntry;
use source::{Diagnostic, Origin, Reported, Text};

use crate::codes;
use crate::context::{Context, join};
use crate::line::{Line, Strip};
use crate::section::Next;
use crate::unexpanded::{self, Place};
use crate::words::part_of;

/// Reads the changelog.
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let is_second = !context.spec.changelog.is_empty();
    let (lines, next) = context.lines(Strip::COMMENTS)?;
    if is_second {
        let message = format!("line {}: second %changelog", header.number);
        let diagnostic = Diagnostic::error(codes::SECOND_SECTION, message).at(header.origin());
        context.refuse(diagnostic);
        if !context.request.is_lenient {
            return Ok(next);
        }
    }
    let text = join(&lines, Strip::COMMENTS);
    unexpanded::check(context, &text, Place::Prose);
    let entries = parse_entries(context, &text);
    context.spec.changelog.extend(entries);
    Ok(next)
}

/// Which entries are too old to be kept.
struct Trim {
    /// `%_changelog_trimage`: seconds before the first entry; 0: no limit.
    age: i64,
    /// `%_changelog_trimtime`: seconds since 1970; 0: no limit.
    time: i64,
}

impl Trim {
    fn keeps(&self, time: i64, newest: i64) -> bool {
        let limit = if self.age != 0 {
            newest - self.age
        } else {
            self.time
        };
        limit == 0 || time >= limit
    }
}

fn parse_entries(context: &mut Context<'_>, text: &Text) -> Vec<ChangelogEntry> {
    let trim = Trim {
        age: context.engine.expand_number("%{?_changelog_trimage}"),
        time: context.engine.expand_number("%{?_changelog_trimtime}"),
    };
    let mut entries: Vec<ChangelogEntry> = Vec::new();
    let mut last: Option<i64> = None;
    for entry in split_entries(text) {
        let entry = match parse_entry(context, &entry, last) {
            Ok(entry) => entry,
            Err(fault) => {
                warn(context, fault);
                break;
            }
        };
        last = Some(entry.time);
        let newest = entries.first().map_or(entry.time, |first| first.time);
        if !trim.keeps(entry.time, newest) {
            break;
        }
        entries.push(entry);
    }
    entries
}

/// Cuts the text where a line begins with `*`; what precedes the first entry is cut off as one.
fn split_entries(text: &Text) -> Vec<Text> {
    let lead = text.len() - text.trim_start().len();
    let mut starts: Vec<_> = vec![lead];
    starts.extend(
        text.match_indices("\n*")
            .map(|(at, _)| at + 1)
            .filter(|at| *at > lead),
    );
    let ends = starts[1..].iter().copied().chain([text.len()]);
    let entries = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| text.slice(*start, end));
    entries.filter(|entry| !entry.is_empty()).collect()
}

/// What is wrong with an entry.
struct Fault {
    message: String,
    place: Option<Origin>,
    help: &'static str,
}

const FORM: &str = "an entry begins with `* Mon Jan 02 2006 Name <address> - version-release`";

fn fault(message: impl Into<String>, place: &Text, help: &'static str) -> Fault {
    Fault {
        message: message.into(),
        place: place.trim().whole(),
        help,
    }
}

fn warn(context: &mut Context<'_>, fault: Fault) {
    let diagnostic = Diagnostic::warning(codes::BAD_CHANGELOG, fault.message)
        .label(fault.place, "this entry and those that follow are left out")
        .help(fault.help);
    // rpm goes on all the same.
    context.sink().push(diagnostic.called_error_by_rpm());
}

fn parse_entry(
    context: &mut Context<'_>,
    entry: &Text,
    last: Option<i64>,
) -> Result<ChangelogEntry, Fault> {
    let end = entry.find('\n').unwrap_or(entry.len());
    let head = &entry.slice(0, end);
    if !head.starts_with('*') {
        return Err(fault("%changelog entries must start with *", head, FORM));
    }
    if !entry.contains('\n') {
        return Err(fault(
            "incomplete %changelog entry",
            head,
            "say what has changed",
        ));
    }
    let date = part_of(head, head[1..].trim_start());
    let parsed = date::parse(&date)
        .ok_or_else(|| fault(format!("bad date in %changelog: {date}"), &date, FORM))?;
    if parsed.is_bogus {
        warn_bogus(context, &date, &parsed);
    }
    if last.is_some_and(|last| last < parsed.time) {
        let message = "%changelog not in descending chronological order";
        return Err(fault(message, &date, "put the newest entry first"));
    }
    // Blanks that follow stay, as in rpm.
    let author = date[parsed.len..].trim_start();
    if author.is_empty() {
        return Err(fault("missing name in %changelog", head, FORM));
    }
    let text = entry[head.len()..].trim();
    if text.is_empty() {
        return Err(fault(
            "no description in %changelog",
            head,
            "say what has changed",
        ));
    }
    Ok(ChangelogEntry {
        time: parsed.time,
        author: author.to_owned(),
        text: text.to_owned(),
    })
}

fn warn_bogus(context: &mut Context<'_>, date: &Text, parsed: &date::ParsedDate) {
    let place = date.origin(0, parsed.len);
    let diagnostic = Diagnostic::warning(
        codes::BOGUS_DATE,
        format!("bogus date in %changelog: {date}"),
    )
    .at(place)
    .help_if(parsed.weekday.map(|day| format!("that day was a {day}")));
    context.sink().push(diagnostic);
}
