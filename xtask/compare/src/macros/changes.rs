//! Where the language changed its meaning, so that an older rpm must differ from ours, and where
//! rpm reads beyond the end of a text, which ours does not.
//!
//! What is new is not here: programs for a peer that lacks it do without, see `grammar`.

use super::program::{Given, Program};
use crate::messages::{Message, join_repeated};
use crate::rpm::Run;
use crate::trial::{Change, NEVER, Trial};

const TOO_DEEP: &str = "Too many levels of recursion";

pub(super) const CHANGES: &[Change<Program>] = &[
    Change {
        name: "empty-command",
        reason: "for `%()` rpm runs whatever follows in the text as a command, bracket first, of which \
                 no shell makes anything",
        since: NEVER,
        excuses: |program, ours, peer| {
            program.texts().iter().any(|text| text.contains("%()"))
                && *ours == without_bracket_fault(peer)
        },
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
            let (ours, peer) = (without_warning(ours), without_warning(peer));
            let mut said = ours.messages.iter();
            let stop = said.position(|it| it.words.contains("error expanding macro"));
            !says(&peer, "error expanding macro")
                && stop.is_some_and(|stop| {
                    let (before, after) = (&ours.messages[..stop], &ours.messages[stop + 1..]);
                    let rest = peer.messages.strip_prefix(before);
                    let is_alike =
                        |rest| are_among(after, rest) && peer.stdout.starts_with(&ours.stdout);
                    // What fails within a recursion changes what every level around it makes of it.
                    rest.is_some_and(|rest| is_alike(rest) || says(&ours, TOO_DEEP))
                })
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
                && are_equal_without_levels(ours, peer)
        },
    },
    Change {
        name: "lua-version",
        reason: "Lua 5.3, which rpm may be built with, blames another line where a call spans lines, \
                 calls metamethods by another name, and ends a number where a letter follows",
        since: NEVER,
        excuses: |_, ours, peer| {
            without_lines(ours) == without_lines(peer)
                || agree_before_number(&without_warning(ours), &without_warning(peer))
        },
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
        name: "undefine-asked",
        reason: "ours takes `--undefine -x`, by which build roots ask whether the option is known",
        since: NEVER,
        excuses: |program, ours, peer| {
            let is_option =
                |it: &Given| matches!(it, Given::Undefine(name) if name.starts_with('-'));
            let refused = peer.messages.split_last();
            program.given.iter().any(is_option)
                && refused.is_some_and(|(last, before)| {
                    last.words.starts_with("Macro %-")
                        && last.words.ends_with("(%undefine)")
                        && ours.messages.starts_with(before)
                        && ours.stdout.starts_with(&peer.stdout)
                })
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

/// Whether messages are among others, in their order.
fn are_among(messages: &[Message], others: &[Message]) -> bool {
    let mut others = others.iter();
    messages.iter().all(|it| others.any(|other| other == it))
}

/// Without what a shell says of a command that begins with a bracket.
fn without_bracket_fault(run: &Run) -> Run {
    let is_it = |it: &Message| {
        it.words.starts_with("sh: ") && (it.words.contains("\")\"") || it.words.contains("`)"))
    };
    let mut run = run.clone();
    run.messages.retain(|it| !is_it(it));
    run
}

/// How long an expression may be that ours shows in a message.
const MOST_SHOWN: usize = 1000;

/// Whether runs differ in the number of levels alone. The last one may have got less far, and say one
/// thing more of what it lacks.
fn are_equal_without_levels(ours: &Run, peer: &Run) -> bool {
    let (ours, peer) = (without_levels(ours), without_levels(peer));
    let goes_on = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let is_same = |(ours, peer): (&Message, &Message)| {
        ours.severity == peer.severity && goes_on(&ours.words, &peer.words)
    };
    ours.status == peer.status
        && goes_on(&ours.stdout, &peer.stdout)
        && ours.messages.len().abs_diff(peer.messages.len()) <= 1
        && ours.messages.iter().zip(&peer.messages).all(is_same)
}

/// With each repeated part of a message and of the output once, since every level of a recursion adds one.
/// Expressions that ours would not show are left out.
fn without_levels(run: &Run) -> Run {
    let once = |text: &str| {
        let text = match text.split_once(": ") {
            Some((fault, expression)) if expression.len() > MOST_SHOWN => fault,
            _ => text,
        };
        without_repeats(text.trim())
    };
    let mut run = reworded(&without_warning(run), once);
    run.stdout = once(&run.stdout);
    run.messages.dedup();
    run
}

/// How long a part may be that is repeated, in letters.
const LONGEST_PART: usize = 300;

fn without_repeats(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (mut kept, mut rest) = (String::new(), &letters[..]);
    while let [first, others @ ..] = rest {
        let lengths = 1..=LONGEST_PART.min(rest.len() / 2);
        let mut parts = lengths.map(|length| rest.split_at(length));
        match parts.find(|(part, after)| after.starts_with(part)) {
            Some((_, after)) => rest = after,
            None => {
                kept.push(*first);
                rest = others;
            }
        }
    }
    kept
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

/// Whether both say the same up to where ours finds a number that ends in a letter, which stops the chunk.
fn agree_before_number(ours: &Run, peer: &Run) -> bool {
    let mut said = ours.messages.iter();
    let stop = said.position(|it| it.words.contains("malformed number near '"));
    stop.is_some_and(|stop| {
        peer.messages.starts_with(&ours.messages[..stop]) && peer.stdout.starts_with(&ours.stdout)
    })
}

/// The misspelt word put right; the caret below it moves along.
fn respelt(run: &Run) -> Run {
    let mut run = run.clone();
    let mut is_moved = false;
    for message in &mut run.messages {
        if is_moved && message.words.trim_start() == "^" {
            message.words.insert(0, ' ');
        }
        is_moved = message.words.contains("unsupported funcion");
        message.words = message
            .words
            .replace("unsupported funcion", "unsupported function");
    }
    run
}

#[cfg(test)]
mod tests {
    use super::{CHANGES, Given, Message, Program, Run};

    fn run(stdout: &str, messages: &[&str]) -> Run {
        let message = |words: &&str| Message {
            severity: "error",
            words: (*words).to_owned(),
        };
        Run {
            stdout: stdout.to_owned(),
            status: 0,
            messages: messages.iter().map(message).collect(),
        }
    }

    fn is_excused(name: &str, text: &str, ours: &Run, peer: &Run) -> bool {
        let program = Program {
            given: vec![Given::Eval(text.to_owned())],
            ..Program::default()
        };
        let change = CHANGES.iter().find(|it| it.name == name).unwrap();
        (change.excuses)(&program, ours, peer)
    }

    #[test]
    fn an_empty_command_excuses_what_the_shell_says_of_the_bracket() {
        let name = "empty-command";
        let fault = "sh: 1: Syntax error: \")\" unexpected";
        let ours = run("=a\n", &[]);
        assert!(is_excused(name, "%()a", &ours, &run("=a\n", &[fault])));
        assert!(!is_excused(name, "%()a", &ours, &run("=b\n", &[fault])));
        assert!(!is_excused(
            name,
            "%()a",
            &ours,
            &run("=a\n", &[fault, "more"])
        ));
    }

    #[test]
    fn a_call_that_fails_excuses_what_comes_after_it() {
        let name = "table-call-failed";
        let failed = "lua script failed: [string \"<lua>\"]:1: error expanding macro";
        let ours = run("=", &["before", failed]);
        let peer = run("=x\n", &["before", "after"]);
        assert!(is_excused(name, "", &ours, &peer));
        assert!(!is_excused(name, "", &run("=", &["else", failed]), &peer));
        assert!(!is_excused(
            name,
            "",
            &run("=", &["before", failed, "c"]),
            &peer
        ));
        assert!(!is_excused(name, "", &run("y", &["before", failed]), &peer));
    }

    #[test]
    fn depth_excuses_how_often_words_are_repeated() {
        let name = "expression-depth";
        let deep = "Too many levels of recursion";
        let peer = run("x x x", &[deep, "unterminated string: a b a b"]);
        let ours = |message| run("x x", &[deep, message]);
        assert!(is_excused(
            name,
            "%[x]",
            &ours("unterminated string: a b a b a b"),
            &peer
        ));
        assert!(!is_excused(
            name,
            "%[x]",
            &ours("unterminated string: a c"),
            &peer
        ));
        assert!(!is_excused(name, "%[x]", &run("", &[deep, "other"]), &peer));
        assert!(!is_excused(
            name,
            "%[x]",
            &run("c", &[deep, "unterminated string: a b a b"]),
            &peer
        ));
    }
}
