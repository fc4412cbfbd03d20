//! Programs that scriptlets call by a path, or by a name, that the target has under another.
//!
//! A path is part of what a distribution is; a scriptlet that calls `/usr/sbin/update-alternatives` does
//! nothing where that lies in `/usr/bin`. What the target has is data, behind [`crate::Resolver`]. Scripts
//! that are handed to `sh` are bash's where specs come from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use package::{Interpreter, Scriptlet};
use source::{Diagnostic, Sink};

use super::called::called_words;
use super::inner_scripts::{InnerScript, inner_shell};
use super::options::{Found, foreign_options};
use super::shell::{Command, Shell, Word};
use crate::codes;
use crate::context::{Context, Program};

/// Commands whose arguments are files to make or to look after, not programs to run.
const TAKE_PATHS: [&str; 17] = [
    "alternatives",
    "chcon",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "install",
    "ln",
    "mkdir",
    "mv",
    "restorecon",
    "rm",
    "rmdir",
    "semanage",
    "touch",
    "update-alternatives",
    "usermod",
];

/// Scripts within scripts.
const DEEPEST: usize = 4;

/// Commands that ask whether there is a program.
const ASK: [&str; 7] = ["[", "[[", "test", "command", "type", "which", "hash"];

/// A scriptlet that calls the target's programs. What the target has no counterpart of is reported,
/// unless the scriptlet asks for it first.
pub(crate) fn with_programs<'s>(
    name: &str,
    scriptlet: &'s Scriptlet,
    context: &Context<'_>,
    sink: &mut Sink,
) -> Cow<'s, Scriptlet> {
    let Interpreter::Program(interpreter) = &scriptlet.interpreter else {
        return Cow::Borrowed(scriptlet);
    };
    let mut changed = Cow::Borrowed(scriptlet);
    if let Some(place) = interpreter.first().and_then(|it| place_of(it, context)) {
        let mut words = interpreter.clone();
        words[0] = place;
        changed.to_mut().interpreter = Interpreter::Program(words);
    }
    let Some(body) = scriptlet.body.as_deref() else {
        return changed;
    };
    let is_shell = interpreter.first().is_some_and(|it| it.ends_with("sh"));
    let edits = if is_shell {
        let shell = Shell::read(body);
        report_absent(name, scriptlet, &shell, context, sink);
        let mut lost = Vec::new();
        let edits = edits_of(body, &shell, context, 0, &mut lost);
        report_lost(name, scriptlet, &lost, sink);
        edits
    } else {
        edits_in(body, 0..body.len(), context).collect()
    };
    if !edits.is_empty() {
        changed.to_mut().body = Some(edited(body, &edits));
    }
    changed
}

/// Where the target has a program, if that is elsewhere.
fn place_of(called: &str, context: &Context<'_>) -> Option<String> {
    let is_shipped = |path: &str| {
        context
            .packages
            .iter()
            .any(|it| it.files.get(path).is_some())
    };
    match context.resolver.program(called) {
        Program::At(place) if !is_shipped(called) => Some(place),
        _ => None,
    }
}

/// What stands in a script in place of what is there, by its first byte.
type Edits = BTreeMap<usize, (usize, String)>;

/// An option that the target lacks.
struct Lost {
    /// Where it stands in the script.
    at: usize,
    what: String,
    outcome: &'static str,
    help: String,
}

fn edits_of(
    body: &str,
    shell: &Shell,
    context: &Context<'_>,
    depth: usize,
    lost: &mut Vec<Lost>,
) -> Edits {
    let mut edits = Edits::new();
    for command in &shell.commands {
        let called = command.name().unwrap_or("");
        let takes_paths = TAKE_PATHS.contains(&base_name(called));
        let arguments = command.words.iter().skip(1).filter(|_| !takes_paths);
        let first = command.words.first();
        let first = first.filter(|_| !means_own(command, context));
        let words = first
            .into_iter()
            .chain(arguments)
            .chain(&command.assignments);
        for word in words {
            edits.extend(edits_in(body, word.span.clone(), context));
        }
        if let Some(inner) = inner_shell(command, shell) {
            if let InnerScript::Known(known) = &inner.script
                && let Some(start) = known.start_in(body)
                && depth < DEEPEST
            {
                edits.extend(edits_within(&known.text, start, context, depth + 1, lost));
            }
            let edit = inner.edit();
            edits.extend(edit.map(|(start, end, text)| (start, (end, text))));
        }
        for found in foreign_options(command, context) {
            lost.extend(lost_option(&found));
            edits.extend(found.edit().map(|(at, text)| (at.start, (at.end, text))));
        }
        if let Some(word) = first
            && is_bare(word, shell)
            && let Some(name) = place_of(&word.value, context)
        {
            edits.insert(word.span.start, (word.span.end, name));
        }
    }
    edits
}

/// Whether the arguments of a call are such that only the target's own program of that name has.
fn means_own(command: &Command, context: &Context<'_>) -> bool {
    let arguments = command.words.iter().skip(1);
    let arguments: Vec<&str> = arguments.map(|it| it.value.as_str()).collect();
    let called = command.name().unwrap_or("");
    context.resolver.means_own_program(called, &arguments)
}

/// The edits of a text for another shell that begins at `start`.
fn edits_within(
    text: &str,
    start: usize,
    context: &Context<'_>,
    depth: usize,
    lost: &mut Vec<Lost>,
) -> Edits {
    let before = lost.len();
    let edits = edits_of(text, &Shell::read(text), context, depth, lost).into_iter();
    for it in &mut lost[before..] {
        it.at += start;
    }
    edits
        .map(|(at, (end, place))| (start + at, (start + end, place)))
        .collect()
}

/// Whether a command is called by a name alone that no function has.
fn is_bare(word: &Word, shell: &Shell) -> bool {
    word.is_literal && !word.value.contains('/') && !shell.functions.contains(&word.value)
}

/// The paths in a part of a script that the target has elsewhere.
fn edits_in<'b>(
    body: &'b str,
    part: Range<usize>,
    context: &'b Context<'_>,
) -> impl Iterator<Item = (usize, (usize, String))> + 'b {
    let slashes = body[part.clone()].match_indices('/');
    let starts = slashes
        .map(move |(at, _)| part.start + at)
        .filter(|at| begins_path(&body[..*at]));
    starts.filter_map(move |at| {
        let path = path_at(&body[at..]);
        Some((at, (at + path.len(), place_of(path, context)?)))
    })
}

/// Whether a path can begin behind a text: not in the middle of another, nor behind an expansion.
fn begins_path(before: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || "_./~*?+%@}-$)".contains(it);
    !before.ends_with(is_part)
}

fn path_at(text: &str) -> &str {
    let is_end = |it: char| !(it.is_alphanumeric() || "_./+-@".contains(it));
    &text[..text.find(is_end).unwrap_or(text.len())]
}

fn edited(body: &str, edits: &Edits) -> String {
    let mut text = String::with_capacity(body.len());
    let mut at = 0;
    for (start, (end, place)) in edits.iter() {
        if *start >= at {
            text.push_str(&body[at..*start]);
            text.push_str(place);
            at = *end;
        }
    }
    text.push_str(&body[at..]);
    text
}

fn report_absent(
    name: &str,
    scriptlet: &Scriptlet,
    shell: &Shell,
    context: &Context<'_>,
    sink: &mut Sink,
) {
    let mut reported: Vec<String> = Vec::new();
    for (called, at) in called_words(shell) {
        let Program::Absent(instead) = context.resolver.program(&called) else {
            continue;
        };
        let is_known = shell.functions.contains(&called)
            || asks_for(shell, &called)
            || context
                .packages
                .iter()
                .any(|it| it.files.get(&called).is_some());
        if is_known || reported.contains(&called) {
            continue;
        }
        let message = format!("no package of the target has `{called}`, which `%{name}` calls");
        reported.push(called);
        sink.push(
            Diagnostic::warning(codes::NO_PROGRAM, message)
                .at(scriptlet.origin)
                .note(line_of(scriptlet, at))
                .help(instead),
        );
    }
}

/// What there is to say of an option that the target's program lacks.
fn lost_option(found: &Found<'_>) -> Option<Lost> {
    Some(Lost {
        at: found.words.first()?.span.start,
        what: format!(
            "the target's `{}` has no `{}`",
            found.option.program,
            found.shown()
        ),
        outcome: match found.option.becomes {
            Some(_) => "it is left out",
            None => "the call fails",
        },
        help: found.option.loss.clone()?,
    })
}

fn report_lost(name: &str, scriptlet: &Scriptlet, lost: &[Lost], sink: &mut Sink) {
    for it in lost {
        let message = format!("{}, with which `%{name}` calls it: {}", it.what, it.outcome);
        let finding = Diagnostic::warning(codes::NO_OPTION, message).at(scriptlet.origin);
        let line = line_of(scriptlet, it.at);
        sink.push(finding.note(line).help(it.help.as_str()));
    }
}

fn asks_for(shell: &Shell, called: &str) -> bool {
    let asks = |it: &&Command| it.name().is_some_and(|name| ASK.contains(&name));
    let mut asked = shell
        .commands
        .iter()
        .filter(asks)
        .flat_map(|it| it.words.iter().skip(1));
    asked.any(|it| it.value == called || it.value == base_name(called))
}

fn line_of(scriptlet: &Scriptlet, at: usize) -> String {
    let body = scriptlet.body.as_deref().unwrap_or("");
    let number = body[..at].lines().count().max(1) + usize::from(body[..at].ends_with('\n'));
    let line = body.lines().nth(number - 1).unwrap_or("").trim();
    format!("in line {number} of it, `{line}`")
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use target::ForeignOption;

    use crate::context::{Distribution, Resolution, Resolver};

    struct Table;

    impl Resolver for Table {
        fn resolve(&self, _: &str) -> Resolution {
            Resolution::Unknown
        }

        fn program(&self, called: &str) -> Program {
            match called {
                "/usr/sbin/tool" | "/sbin/tool" => Program::At("/usr/bin/tool".into()),
                "other-tool" => Program::At("tool".into()),
                "twin" => Program::At("tool".into()),
                "/sbin/gone" | "gone" => Program::Absent("use `tool`".into()),
                _ => Program::Same,
            }
        }

        fn foreign_option(&self, called: &str, option: &str) -> Option<ForeignOption> {
            let (takes, becomes, path, alone) = match (called.trim_start_matches("/sbin/"), option)
            {
                ("other-tool" | "tool", "--group") => (1, Some(""), 0, false),
                ("other-tool" | "tool", "--follower") => (0, Some("--slave"), 0, false),
                ("other-tool" | "tool", "--add") => (0, None, 0, false),
                ("other-tool" | "tool", "--set") => (0, None, 2, false),
                ("other-tool" | "tool", "--list") => (0, Some("--all"), 0, true),
                _ => return None,
            };
            Some(ForeignOption {
                program: "tool".into(),
                takes,
                becomes: becomes.map(str::to_owned),
                path,
                alone,
                loss: (option != "--follower" && !alone).then(|| "see tool(8)".into()),
            })
        }

        fn means_own_program(&self, called: &str, arguments: &[&str]) -> bool {
            called == "twin" && arguments.contains(&"--own")
        }
    }

    fn scriptlet(body: &str) -> Scriptlet {
        Scriptlet {
            interpreter: Interpreter::Program(vec!["/bin/sh".into()]),
            body: Some(body.into()),
            flags: package::ScriptletFlags::default(),
            origin: None,
        }
    }

    fn lowered(body: &str) -> (String, Vec<String>) {
        let context = Context::new(Distribution::default(), &[], &Table);
        let mut sink = Sink::new();
        let scriptlet = scriptlet(body);
        let changed = with_programs("post", &scriptlet, &context, &mut sink).into_owned();
        let notes = sink.found().iter().map(|it| it.notes.join(" ")).collect();
        (changed.body.unwrap_or_default(), notes)
    }

    #[test]
    fn programs_are_called_by_the_targets_paths() {
        for (body, expected) in [
            ("/usr/sbin/tool --install /x", "/usr/bin/tool --install /x"),
            (
                "if [ -x /sbin/tool ]; then /sbin/tool a; fi",
                "if [ -x /usr/bin/tool ]; then /usr/bin/tool a; fi",
            ),
            (
                "TOOL=/usr/sbin/tool\n\"$TOOL\" a",
                "TOOL=/usr/bin/tool\n\"$TOOL\" a",
            ),
            (
                "x=$(/usr/sbin/tool a) || y `/sbin/tool`",
                "x=$(/usr/bin/tool a) || y `/usr/bin/tool`",
            ),
            ("sh -c '/usr/sbin/tool a'", "sh -c '/usr/bin/tool a'"),
            (
                "sh -c 'x+=1'; sh -c 'x=1'",
                "/bin/bash -c 'x+=1'; sh -c 'x=1'",
            ),
            (
                "su - u -s /bin/sh -c 'x+=1'; exec sh -ec '[[ x ]]'; sh x -c",
                "su - u -s /bin/bash -c 'x+=1'; exec /bin/bash -ec '[[ x ]]'; /bin/bash x -c",
            ),
            (
                "cat <<'E' | sh\nother-tool a\nE\n",
                "cat <<'E' | sh\ntool a\nE\n",
            ),
            (
                "su - u -c \"other-tool $x && [[ x ]]\"",
                "su -s /bin/bash - u -c \"tool $x && [[ x ]]\"",
            ),
            ("sh /x/y.sh; a | sh", "/bin/bash /x/y.sh; a | /bin/bash"),
            (
                "other-tool --group g \\\n --follower a b; tool --list",
                "tool  \\\n --slave a b; tool --all",
            ),
            (
                "tool --set a /b; tool --list x",
                "tool --set a /b; tool --list x",
            ),
            ("twin -r x; twin --own x", "tool -r x; twin --own x"),
            ("other-tool a; b other-tool", "tool a; b other-tool"),
            (
                "ln -s /usr/sbin/tool /x # /usr/sbin/tool",
                "ln -s /usr/sbin/tool /x # /usr/sbin/tool",
            ),
            (
                "$root/usr/sbin/tool; /usr/sbin/tool2; /x/usr/sbin/tool",
                "$root/usr/sbin/tool; /usr/sbin/tool2; /x/usr/sbin/tool",
            ),
            (
                "other-tool() { :; }; other-tool",
                "other-tool() { :; }; other-tool",
            ),
        ] {
            assert_eq!(lowered(body).0, expected);
        }
    }

    #[test]
    fn options_that_the_target_lacks_are_reported_at_their_lines() {
        for (body, line) in [
            ("a\ntool --group g x", "in line 2 of it, `tool --group g x`"),
            (
                "/sbin/tool --add x y",
                "in line 1 of it, `/sbin/tool --add x y`",
            ),
            ("tool --set a b", "in line 1 of it, `tool --set a b`"),
            (
                "a\nsh -c 'tool --add x'",
                "in line 2 of it, `sh -c 'tool --add x'`",
            ),
        ] {
            assert_eq!(lowered(body).1, [line], "{body}");
        }
        for body in [
            "tool --follower a",
            "tool --set a \"$b\"",
            "tool --list",
            "echo --add",
        ] {
            assert_eq!(lowered(body).1, [""; 0], "{body}");
        }
    }

    #[test]
    fn what_the_target_lacks_is_reported_at_its_line() {
        assert_eq!(
            lowered("a\nif b; then\n  /sbin/gone --add x\nfi").1,
            ["in line 3 of it, `/sbin/gone --add x`"]
        );
        assert_eq!(
            lowered("gone; gone x").1,
            ["in line 1 of it, `gone; gone x`"]
        );
        assert_eq!(lowered("[ -x /sbin/gone ] && /sbin/gone").1, [""; 0]);
        assert_eq!(
            lowered("if command -v gone >/dev/null; then /sbin/gone; fi").1,
            [""; 0]
        );
        for body in [
            "echo gone # gone",
            "xargs echo gone",
            "find . -name gone",
            "sh gone",
        ] {
            assert_eq!(lowered(body).1, [""; 0], "{body}");
        }
        for body in [
            "sh -c '/sbin/gone x'",
            "su - u -c \"a; gone $x\"",
            "eval gone x",
            "find . -exec /sbin/gone {} \\;",
            "a | xargs -r -n 1 gone",
            "exec gone",
            "env A=b gone",
            "sudo -u root sh -ec 'eval \"gone x\"'",
        ] {
            assert_eq!(lowered(body).1, [format!("in line 1 of it, `{body}`")]);
        }
    }
}
