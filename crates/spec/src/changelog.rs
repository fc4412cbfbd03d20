//! `%changelog`: entries with dates, newest first.
//!
//! Source: rpm-spec(5), "%changelog section".

mod date;

use package::ChangelogEntry;
use source::{Code, Diagnostic, Reported, Text};

use crate::codes;
use crate::context::{Context, join};
use crate::line::{Line, Strip};
use crate::section::Next;
use crate::words::part_of;

/// Reads the changelog.
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let is_second = !context.spec.changelog.is_empty();
    let (lines, next) = context.lines(Strip::COMMENTS)?;
    if is_second {
        let message = format!("line {}: second %changelog", header.number);
        let diagnostic = Diagnostic::error(codes::SECOND_SECTION, message).at(header.origin());
        context.sink().report(diagnostic);
        return Ok(next);
    }
    let text = join(&lines, Strip::COMMENTS);
    context.spec.changelog = parse_entries(context, &text);
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
        let Ok(entry) = parse_entry(context, &entry, last) else {
            continue;
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

fn fault(context: &mut Context<'_>, code: Code, message: String, place: &Text) -> Reported {
    let diagnostic = Diagnostic::error(code, message).at(place.trim().whole());
    context.sink().report(diagnostic)
}

fn parse_entry(
    context: &mut Context<'_>,
    entry: &Text,
    last: Option<i64>,
) -> Result<ChangelogEntry, Reported> {
    let bad = codes::BAD_CHANGELOG;
    let lines = entry.lines();
    let head = &lines[0];
    if !head.starts_with('*') {
        let message = "%changelog entries must start with *".to_owned();
        return Err(fault(context, bad, message, head));
    }
    if !entry.contains('\n') {
        return Err(fault(
            context,
            bad,
            "incomplete %changelog entry".to_owned(),
            head,
        ));
    }
    let date = part_of(head, head[1..].trim_start());
    let Some(parsed) = date::parse(&date) else {
        let diagnostic = Diagnostic::error(bad, format!("bad date in %changelog: {date}"))
            .at(date.trim().whole())
            .help("write `* Mon Jan 02 2006 Name <address> - version-release`");
        return Err(context.sink().report(diagnostic));
    };
    if parsed.is_bogus {
        warn_bogus(context, &date, &parsed);
    }
    if last.is_some_and(|last| last < parsed.time) {
        let message = "%changelog not in descending chronological order".to_owned();
        let diagnostic = Diagnostic::error(bad, message).label(
            date.trim().whole(),
            "this entry is newer than the one above it",
        );
        return Err(context.sink().report(diagnostic));
    }
    let author = date[parsed.len..].trim();
    if author.is_empty() {
        return Err(fault(
            context,
            bad,
            "missing name in %changelog".to_owned(),
            head,
        ));
    }
    let text = entry[head.len()..].trim();
    if text.is_empty() {
        return Err(fault(
            context,
            bad,
            "no description in %changelog".to_owned(),
            head,
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
