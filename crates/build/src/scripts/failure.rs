//! A script that failed, told with the command, its line of the spec, and what may be the reason.
//!
//! Not here: how the command is found out, see [`crate::scripts::watch`].

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use source::{Code, Diagnostic, Origin, SourceMap, Span, Text, look_alike};
use spec::{Source, SourceKind};

use crate::project::Project;
use crate::scripts::script::{Frame, Script};
use crate::scripts::shell::{can_be_parsed, goes_on};
use crate::scripts::watch::FailedCommand;

/// A script ended with a status other than 0.
pub(crate) const FAILED: Code = crate::codes::SCRIPT_FAILED;

/// How many of the last lines that a script printed are shown.
const LAST_LINES: usize = 10;

/// How many beginnings of a script are tried to find the command in it that has no end.
const MOST_BEGINNINGS: usize = 400;

/// How much of a command is shown, in characters.
const LONGEST_COMMAND: usize = 200;

/// A script, and how it ended.
pub(crate) struct Failure<'f> {
    pub(crate) script: &'f Script<'f>,
    /// The file it is in.
    pub(crate) path: &'f str,
    /// The shell that ran it, if it was one.
    pub(crate) shell: Option<&'f str>,
    pub(crate) status: ExitStatus,
    pub(crate) command: Option<FailedCommand>,
    /// The script as it was run.
    pub(crate) whole: &'f str,
    /// How many lines of it come before the section's body.
    pub(crate) lines_before: usize,
    /// The end of what it printed, where nobody has seen that.
    pub(crate) printed: &'f str,
    /// Whether it printed its commands.
    pub(crate) is_verbose: bool,
}

/// rpm's message, at the section's line.
pub(crate) fn tell(failure: &Failure<'_>) -> Diagnostic {
    message(failure)
        .at(failure.script.origin)
        .note(how_it_ended(failure))
}

/// rpm's message, at the command that failed, with all that is known about it.
pub(crate) fn explain(project: &Project, mut failure: Failure<'_>) -> Diagnostic {
    let syntax_error = syntax_error(&failure);
    let line = match &syntax_error {
        Some(error) => Some(error.line),
        None => failed_line(&failure),
    };
    // What cannot be parsed is not the command that ran last.
    failure.command = failure.command.filter(|_| syntax_error.is_none());
    let failure = &failure;
    let mut diagnostic = at_line(message(failure), failure, &project.engine.sources, line);
    diagnostic = diagnostic.note(how_it_ended(failure));
    if let Some(error) = syntax_error {
        diagnostic = diagnostic.note(error.said);
        if error.is_unclosed {
            diagnostic = diagnostic.note("the command that begins there has no end");
        }
    } else if let Some(line) = line {
        let lines = logical_line(failure.whole, line);
        diagnostic = about_patch(diagnostic, &project.spec.sources, &lines);
        diagnostic = about_directory(diagnostic, failure, &project.spec.build_dir);
        diagnostic = about_missing_program(diagnostic, failure);
        diagnostic = about_look_alikes(diagnostic, &lines, &project.spec.path);
    }
    diagnostic = about_undefined_macros(diagnostic, project, failure);
    diagnostic = about_output(diagnostic, failure.printed);
    about_what_is_left(diagnostic, failure, &project.spec.build_dir)
}

fn message(failure: &Failure<'_>) -> Diagnostic {
    let name = failure.script.frame.name;
    let message = format!("Bad exit status from {} ({name})", failure.path);
    Diagnostic::error(FAILED, message)
}

fn how_it_ended(failure: &Failure<'_>) -> String {
    let name = failure.script.frame.name;
    match (failure.status.code(), failure.status.signal()) {
        (Some(code), _) => format!("{name} ended with exit status {code}"),
        (None, signal) => format!("{name} was ended by signal {}", signal.unwrap_or(0)),
    }
}

/// Why a script can't be parsed.
struct SyntaxError {
    line: usize,
    /// What the shell says.
    said: String,
    /// Whether the command in that line has no end.
    is_unclosed: bool,
}

fn syntax_error(failure: &Failure<'_>) -> Option<SyntaxError> {
    // Both bash and dash end with it.
    if failure.status.code() != Some(2) {
        return None;
    }
    let mut shell = Command::new(failure.shell?);
    shell.arg("-n").arg(failure.path).env("LC_ALL", "C");
    let output = shell.stdin(Stdio::null()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = said.lines().next()?;
    let said = said.split_once(failure.path)?.1.trim_start_matches(": ");
    let (line, said) = said.trim_start_matches("line ").split_once(": ")?;
    let line = line.parse().ok()?;
    let last = failure.lines_before + failure.script.body.lines().len();
    // The shell names the line in which it gave up.
    let is_at_end = ["EOF", "end of file", "Unterminated"];
    let written = failure.lines_before + failure.script.body.trim_end().lines().count();
    let is_at_end = is_at_end.iter().any(|word| said.contains(word)) || line > written;
    let unclosed = is_at_end.then(|| unclosed_line(failure, last)).flatten();
    Some(SyntaxError {
        line: unclosed.unwrap_or(line),
        said: said.to_owned(),
        is_unclosed: unclosed.is_some(),
    })
}

/// The line of a section's last command, if that has no end: what stands before it can be parsed, and
/// nothing longer.
fn unclosed_line(failure: &Failure<'_>, last: usize) -> Option<usize> {
    let shell = failure.shell?;
    let mut ends = failure.whole.match_indices('\n').map(|(at, _)| at + 1);
    let start = ends.nth(failure.lines_before.checked_sub(1)?)?;
    let ends: Vec<usize> = std::iter::once(start).chain(ends).collect();
    let count = (last - failure.lines_before).min(ends.len() - 1);
    let tried = (0..=count).rev().take(MOST_BEGINNINGS);
    let mut whole = tried.filter(|lines| can_be_parsed(shell, &failure.whole[..ends[*lines]]));
    let whole = whole.next().filter(|lines| *lines < count)?;
    Some(failure.lines_before + whole + 1)
}

/// The line of the script that failed: as the shell says, or the only one with that command in it.
fn failed_line(failure: &Failure<'_>) -> Option<usize> {
    let command = failure.command.as_ref()?;
    let lines: Vec<&str> = failure.whole.lines().collect();
    let Some(last) = command.line.filter(|line| *line <= lines.len()) else {
        let start = command.text.lines().next()?;
        let mut found = (1..).zip(&lines).filter(|(_, line)| line.contains(start));
        let only = found.next()?.0;
        return found.next().is_none().then_some(only);
    };
    // A command over several lines has the number of a later one.
    let mut first = last;
    while let Some(before) = line_before(&lines[..first - 1]).filter(|at| goes_on(lines[*at])) {
        first = before + 1;
    }
    if command.text.starts_with('(') {
        let opening = (1..=first).rev();
        let mut opening = opening.filter(|line| lines[line - 1].trim_start().starts_with('('));
        first = opening.next().unwrap_or(first);
    }
    Some(first)
}

/// The last of some lines that is not blank, from 0.
fn line_before(lines: &[&str]) -> Option<usize> {
    lines.iter().rposition(|line| !line.trim().is_empty())
}

/// A line and those that go on with it.
fn logical_line(script: &str, line: usize) -> String {
    let mut text = String::new();
    for part in script.split('\n').skip(line - 1) {
        text.push_str(part);
        text.push('\n');
        if !part.trim().is_empty() && !goes_on(part) {
            break;
        }
    }
    text
}

/// Points at a line of the script where it stands in the spec, or says what part of the script it is.
fn at_line(
    diagnostic: Diagnostic,
    failure: &Failure<'_>,
    sources: &SourceMap,
    line: Option<usize>,
) -> Diagnostic {
    let section = failure.script.origin;
    let Some(line) = line else {
        return diagnostic.at(section);
    };
    let body = failure.script.body.lines();
    let index = line.checked_sub(failure.lines_before + 1);
    let Some(index) = index else {
        let where_to = "in the lines that come before the section's own";
        return about_command(diagnostic.at(section), failure, where_to);
    };
    let Some(text) = body.get(index) else {
        let key = failure.script.frame.key;
        let where_to = format!("in `%__spec_{key}_post`, after the section's own lines");
        return about_command(diagnostic.at(section), failure, &where_to);
    };
    let text = text.trim();
    let Some(place) = place_of(failure, sources, &text) else {
        return about_command(diagnostic.at(section), failure, "in this section");
    };
    let diagnostic = diagnostic.label(place, label_of(failure, place));
    let shown = sources.slice(place.span);
    let mut command = failure.command.iter();
    match command.all(|command| shown.contains(&command.text)) {
        true => diagnostic,
        false => about_command(diagnostic, failure, "here"),
    }
}

/// Where somebody who wrote the spec looks for a line: where it is written, if need be in a macro of the
/// spec itself; at the call of a macro that stands elsewhere, or brings a part of the line.
fn place_of(failure: &Failure<'_>, sources: &SourceMap, text: &Text) -> Option<Origin> {
    let spec = failure.script.origin.map(|section| section.span.file);
    let origins: Vec<Origin> = text.pieces().iter().filter_map(|it| it.origin).collect();
    let first = *origins.first()?;
    let is_one = origins.iter().all(|it| it.frame == first.frame);
    let spans: Vec<Span> = match is_one && spec == Some(first.span.file) {
        true => origins.iter().map(|it| it.span).collect(),
        false => origins.iter().map(|it| sources.written(*it)).collect(),
    };
    let in_one_file = spans.iter().filter(|span| span.file == spans[0].file);
    let span = Span {
        file: spans[0].file,
        start: in_one_file.clone().map(|span| span.start).min()?,
        end: in_one_file.map(|span| span.end).max()?,
    };
    let frame = first
        .frame
        .filter(|_| is_one && span.file == first.span.file);
    Some(Origin { span, frame })
}

/// A few words on the line that failed.
fn label_of(failure: &Failure<'_>, origin: Origin) -> String {
    let undefined = failure.script.undefined.iter();
    let mut on_it = undefined.filter(|call| {
        let span = call.origin.map(|it| it.span);
        span.is_some_and(|span| span.file == origin.span.file && span.start == origin.span.start)
    });
    match on_it.next() {
        Some(call) => format!("no macro `%{}` is defined", call.name),
        None => "this failed".to_owned(),
    }
}

fn about_command(diagnostic: Diagnostic, failure: &Failure<'_>, place: &str) -> Diagnostic {
    let Some(command) = &failure.command else {
        return diagnostic;
    };
    // A carriage return at its end would move the cursor.
    let text = command.text.trim_end();
    let mut shown: String = text.chars().take(LONGEST_COMMAND).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    diagnostic.note(format!("the command that failed, {place}: {shown}"))
}

/// Names the patch that a command reads.
fn about_patch(diagnostic: Diagnostic, sources: &[Source], command: &str) -> Diagnostic {
    let words = command.split(|c: char| !c.is_ascii_alphanumeric());
    let applies = words
        .clone()
        .any(|word| ["patch", "apply", "am", "import", "qimport", "push"].contains(&word));
    let is_read = |source: &&Source| {
        source.kind == SourceKind::Patch
            && (command.contains(&source.path) || command.contains(&source.file_name))
    };
    // Of two names, one may be the end of the other.
    let patch = sources
        .iter()
        .filter(is_read)
        .max_by_key(|source| source.file_name.len());
    match patch.filter(|_| applies) {
        Some(patch) => diagnostic
            .label(
                patch.origin,
                format!("`{}` does not apply", patch.file_name),
            )
            .note("what `patch` could not apply is in files that end in `.rej`, beside those to be patched"),
        None => diagnostic,
    }
}

/// Says what directories there are, where the script wants to enter one that is not.
fn about_directory(diagnostic: Diagnostic, failure: &Failure<'_>, build_dir: &str) -> Diagnostic {
    let command = failure.command.as_ref().map(|it| it.text.as_str());
    let wanted = command.and_then(|text| text.strip_prefix("cd ").or(text.strip_prefix("pushd ")));
    let Some(wanted) = wanted.filter(|_| failure.script.frame == Frame::PREP) else {
        return diagnostic;
    };
    let wanted = wanted.trim().trim_matches(['\'', '"']);
    let is_there = Path::new(build_dir).join(wanted).exists();
    let there = directories_in(build_dir);
    let made = there.iter().filter(|name| is_made(failure.whole, name));
    if let (Some(made), 1) = (made.clone().next(), made.count()) {
        return about_directory_in(diagnostic, build_dir, made, wanted);
    }
    match there.as_slice() {
        _ if is_there => diagnostic,
        [] => diagnostic.note(format!("nothing was unpacked in {build_dir}")),
        [only] => diagnostic
            .note(format!(
                "the archive has the top directory `{only}`, and no `{wanted}`"
            ))
            .help(format!("name it by `-n {only}`")),
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            diagnostic.note(format!(
                "the build directory has {}, and no `{wanted}`",
                names.join(", ")
            ))
        }
    }
}

/// Whether `%setup -c` makes this directory: archives are unpacked in it.
fn is_made(script: &str, name: &str) -> bool {
    let mut lines = script.lines().zip(script.lines().skip(1));
    lines.any(|(line, next)| {
        let is_mkdir = line.split_whitespace().any(|word| word.ends_with("mkdir"));
        let names_it = |line: &str| line.replace(['\'', '"'], "").ends_with(&format!(" {name}"));
        is_mkdir && names_it(line) && next.starts_with("cd ") && names_it(next)
    })
}

/// The same in the directory that `%setup -c` has made, where nothing can be named by `-n`.
fn about_directory_in(
    diagnostic: Diagnostic,
    build_dir: &str,
    made: &str,
    wanted: &str,
) -> Diagnostic {
    let inside = Path::new(build_dir).join(made);
    if inside.join(wanted).exists() {
        return diagnostic;
    }
    let there = directories_in(&inside.to_string_lossy());
    let names: Vec<String> = there.iter().map(|name| format!("`{name}`")).collect();
    let there = match names.as_slice() {
        [] => "no directory".to_owned(),
        names => names.join(", "),
    };
    diagnostic.note(format!(
        "`%setup -c` has made `{made}` for what is unpacked: it has {there}, and no `{wanted}`"
    ))
}

/// The directories in a build directory that archives have brought.
fn directories_in(build_dir: &str) -> Vec<String> {
    let entries = fs::read_dir(build_dir).into_iter().flatten().flatten();
    let entries = entries.filter(|entry| entry.path().is_dir());
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names
        .filter(|name| !["BUILDROOT", "SPECPARTS"].contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

/// 127 is a shell's status for a command that it can't find.
fn about_missing_program(diagnostic: Diagnostic, failure: &Failure<'_>) -> Diagnostic {
    let word = failure
        .command
        .as_ref()
        .and_then(|command| command.text.split_whitespace().next());
    match word.filter(|_| failure.status.code() == Some(127)) {
        Some(word) if !word.contains(['$', '/', '%', '=']) => diagnostic.help(format!(
            "there is no program `{word}`: install the package that has it, and name that in `BuildRequires`"
        )),
        _ => diagnostic,
    }
}

/// Names a character of the command that is not what it looks like.
fn about_look_alikes(diagnostic: Diagnostic, command: &str, spec: &str) -> Diagnostic {
    let returns = || format!("remove the carriage returns: `sed -i 's/\\r$//' {spec}`");
    match look_alike(command) {
        Some(found) if command[found.at..].starts_with('\r') => diagnostic.help(returns()),
        Some(found) => diagnostic.help(format!(
            "there is a {} in it: {}",
            found.name, found.instead
        )),
        None => diagnostic,
    }
}

/// Says again which macros of the section are not defined, unless the failure is at their call.
fn about_undefined_macros(
    mut diagnostic: Diagnostic,
    project: &Project,
    failure: &Failure<'_>,
) -> Diagnostic {
    let failed = diagnostic
        .labels
        .first()
        .map(|label| label.origin.span.start);
    for call in &failure.script.undefined {
        let Some(origin) = call.origin.filter(|it| Some(it.span.start) != failed) else {
            continue;
        };
        let place = project.engine.sources.locate(origin.span);
        diagnostic = diagnostic.note(format!(
            "macro `%{}` of this section is not defined: {}:{}",
            call.name, place.file, place.line
        ));
    }
    diagnostic
}

fn about_output(diagnostic: Diagnostic, printed: &str) -> Diagnostic {
    let lines: Vec<&str> = printed.trim_end().lines().collect();
    if lines.is_empty() {
        return diagnostic;
    }
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    let shown = last.join("\n");
    diagnostic.note(format!("the last that it printed:\n{shown}"))
}

fn about_what_is_left(
    diagnostic: Diagnostic,
    failure: &Failure<'_>,
    build_dir: &str,
) -> Diagnostic {
    let diagnostic = match Path::new(build_dir).is_dir() {
        true => diagnostic.note(format!("the build directory is left in {build_dir}")),
        false => diagnostic,
    };
    match failure.is_verbose {
        true => diagnostic,
        false => diagnostic.note("`-v` shows each command before it runs"),
    }
}
