//! Where the language changed its meaning, so that an older rpm must differ from ours, and where
//! rpm reads beyond the end of a text, which ours does not.
//!
//! What is new is not here: programs for a peer that lacks it do without, see `grammar`.

use super::program::Program;
use crate::compare::messages::{Message, join_repeated};
use crate::compare::rpm::Run;
use crate::compare::trial::{Change, NEVER, Trial};

const TOO_DEEP: &str = "Too many levels of recursion";

pub(super) const CHANGES: &[Change<Program>] = &[
    Change {
        name: "empty-command",
        reason: "for `%()` rpm runs whatever follows in the text as a command, bracket first",
        since: NEVER,
        excuses: |program, _, _| program.texts().iter().any(|text| text.contains("%()")),
    },
    Change {
        name: "backslash-at-end",
        reason: "where a text ends in a backslash within an open bracket, rpm looks for the end of \
                 the bracket beyond the text",
        since: NEVER,
        excuses: |_, ours, _| {
            let is_cut =
                |it: &Message| it.words.starts_with("Unterminated ") && it.words.ends_with('\\');
            ours.messages.iter().any(is_cut)
        },
    },
    Change {
        name: "undefined-in-its-call",
        reason: "rpm goes on with what it has freed when the arguments of a macro undefine it",
        since: NEVER,
        excuses: |program, _, peer| {
            program.texts().iter().any(|it| it.contains("undefine")) && is_garbled(peer)
        },
    },
    Change {
        name: "message-too-deep",
        reason: "rpm expands macros to tell where a message comes from, which fails at the last levels \
                 of a recursion",
        since: NEVER,
        excuses: |_, ours, peer| {
            let is_endless = |run| says(run, TOO_DEEP);
            is_endless(ours) && is_endless(peer) && without_depth(ours) == without_depth(peer)
        },
    },
    Change {
        name: "quotes-shown",
        reason: "the marks around a `%{quote:…}` that is no argument are taken away",
        since: (4, 20),
        excuses: |program, ours, peer| {
            let is_open = |run| says(run, "Unterminated {");
            let is_told = |it: &Message| it.words.contains('\u{241f}');
            (has_quotes(program) && is_open(ours) && !is_open(peer))
                || (peer.messages.iter().any(is_told) && !ours.messages.iter().any(is_told))
                || peer.stdout.contains('\u{1f}') && without_blanks(ours) == without_blanks(peer)
                || without_quotes(ours) == without_quotes(peer)
        },
    },
    Change {
        name: "argument-unexpected",
        reason: "there is a warning about arguments of a macro that takes none",
        since: (4, 20),
        excuses: |_, ours, peer| {
            without_lines(&without_warning(ours)) == without_lines(&without_warning(peer))
        },
    },
    Change {
        name: "quotes-lost",
        reason: "the marks around the arguments in `%**` keep them apart, blanks and empty ones too",
        since: (6, 0),
        excuses: |program, ours, peer| {
            let lacks = |run| says(run, "argument expected") || says(run, "Unknown option ");
            has_quotes(program)
                && (lacks(peer) && !lacks(ours) || without_blanks(ours) == without_blanks(peer))
        },
    },
    Change {
        name: "table-call-failed",
        reason: "a macro that fails when called by the table `macros` stops the chunk",
        since: (4, 20),
        excuses: |_, ours, peer| {
            let stops = |run| says(run, "error expanding macro");
            stops(ours) && !stops(peer)
        },
    },
    Change {
        name: "expression-depth",
        reason: "the terms of `%[ ]` count as calls within the call around them",
        since: (4, 19),
        excuses: |program, ours, peer| {
            let is_endless = |run| says(run, TOO_DEEP);
            program.texts().iter().any(|text| text.contains("%["))
                && is_endless(ours)
                && is_endless(peer)
        },
    },
    Change {
        name: "lua-version",
        reason: "Lua 5.3, which rpm may be built with, blames another line where a call spans lines, \
                 and calls metamethods by another name",
        since: NEVER,
        excuses: |_, ours, peer| without_lines(ours) == without_lines(peer),
    },
    Change {
        name: "function-misspelt",
        reason: "the message about an unsupported function in an expression was misspelt",
        since: (6, 0),
        excuses: |_, ours, peer| ours == &respelt(peer),
    },
    Change {
        name: "define-options",
        reason: "what begins with `-` after `%define` is an option, not a bad name",
        since: (6, 1),
        excuses: |_, ours, peer| {
            let is_option = |words| says(ours, words) && !says(peer, words);
            is_option("%define: invalid option -- ") || is_option("%define: no option after -")
        },
    },
    Change {
        name: "undefine-checked",
        reason: "`--undefine`, `rpm.undefine` and `macros.NAME = nil` refuse names that cannot be",
        since: (6, 1),
        excuses: |_, ours, peer| says(ours, "(%undefine)") && !says(peer, "(%undefine)"),
    },
];

fn says(run: &Run, words: &str) -> bool {
    run.messages
        .iter()
        .any(|message| message.words.contains(words))
}

fn has_quotes(program: &Program) -> bool {
    let is_quoting = |it: &&String| it.contains("**") || it.contains("quote");
    program.texts().iter().any(is_quoting)
}

/// Whether it shows bytes that no program has.
fn is_garbled(run: &Run) -> bool {
    let is_known = |c: char| c.is_whitespace() || c == '\u{1f}';
    let is_strange = |c: char| c == '\u{fffd}' || (c.is_ascii_control() && !is_known(c));
    let words = run.messages.iter().map(|it| it.words.as_str());
    words
        .chain([run.stdout.as_str()])
        .any(|it| it.contains(is_strange))
}

/// A run with its messages put differently.
fn reworded(run: &Run, reword: impl Fn(&str) -> String) -> Run {
    let mut run = run.clone();
    for message in &mut run.messages {
        message.words = reword(&message.words).trim_end().to_owned();
    }
    run
}

fn without_depth(run: &Run) -> Run {
    let mut run = run.clone();
    run.messages.retain(|it| !it.words.contains(TOO_DEEP));
    join_repeated(&mut run.messages);
    run
}

fn without_quotes(run: &Run) -> Run {
    let mut run = reworded(run, |words| words.replace('\u{241f}', ""));
    run.stdout = run.stdout.replace('\u{1f}', "");
    run
}

/// Without blanks either, since marks kept some of them from being squeezed.
fn without_blanks(run: &Run) -> Run {
    let mut run = reworded(&without_warning(run), |words| {
        words.replace([' ', '\t'], "")
    });
    run.stdout = run.stdout.replace([' ', '\t', '\n'], "");
    run
}

fn without_warning(run: &Run) -> Run {
    let mut run = respelt(&without_quotes(run));
    let start = "unexpected argument to non-parametric macro";
    run.messages.retain(|it| !it.words.starts_with(start));
    join_repeated(&mut run.messages);
    run
}

fn without_lines(run: &Run) -> Run {
    reworded(run, |words| {
        let words = words.replace("'__index'", "'index'");
        let mut parts = words.split("\"]:");
        let first = parts.next().unwrap_or_default().to_owned();
        let is_digit = |c: char| c.is_ascii_digit();
        parts.fold(first, |words, part| {
            words + "\"]:" + part.trim_start_matches(is_digit)
        })
    })
}

fn respelt(run: &Run) -> Run {
    reworded(run, |words| {
        words.replace("unsupported funcion", "unsupported function")
    })
}
