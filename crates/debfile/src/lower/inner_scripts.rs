//! Scripts that a script hands to another shell: `sh -c TEXT`, `sh FILE`, `sh <<END`, `… | sh`, `su -c TEXT`.
//!
//! Source: POSIX, sh; su(1); runuser(1).

use std::ops::Range;

use super::bash::needs_bash;
use super::programs::base_name;
use super::shell::{Command, Input, Shell, Word};

/// Commands that call what stands behind their options.
const WRAPPERS: [&str; 13] = [
    "builtin", "chroot", "command", "env", "exec", "ionice", "nice", "nohup", "runuser", "setsid",
    "sudo", "timeout", "xargs",
];

/// Actions of `find` that call what stands behind them.
const ACTIONS: [&str; 4] = ["-exec", "-execdir", "-ok", "-okdir"];

/// Programs that run scripts for the shell.
const SHELLS: [&str; 4] = ["bash", "dash", "ksh", "sh"];

/// Programs that have the shell of a user run what they are given.
const FOR_USERS: [&str; 2] = ["runuser", "su"];

/// Options of a shell, and of those programs, that take the next word.
const TAKE_WORD: [&str; 3] = ["-o", "+o", "-O"];

/// A shell that a command calls.
pub(super) struct InnerShell<'s> {
    /// The program that is called: the shell, or `su`.
    caller: &'s Word,
    /// The word that names the shell; a user's may be named by none.
    name: Option<&'s Word>,
    pub(super) script: InnerScript,
}

/// What such a shell runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum InnerScript {
    Known(InnerText),
    /// A file, or what another program prints.
    Unknown,
    /// Nothing that could be told.
    Nothing,
}

/// The text of such a script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InnerText {
    pub(super) text: String,
    /// Where it stands, with its quotes.
    pub(super) span: Range<usize>,
}

impl InnerText {
    fn of_word(word: &Word) -> Self {
        Self {
            text: word.value.clone(),
            span: word.span.clone(),
        }
    }

    /// Where the text begins in a script in which it stands byte for byte.
    pub(super) fn start_in(&self, script: &str) -> Option<usize> {
        let raw = &script[self.span.clone()];
        let at = raw.find(&self.text)?;
        let is_quoted = at == 1 && raw.len() == self.text.len() + 2;
        (raw.len() == self.text.len() || is_quoted).then_some(self.span.start + at)
    }
}

impl InnerShell<'_> {
    /// What has to stand in a script so that bash runs what only bash understands. Where `sh` is bash, a
    /// script that isn't known may have been written for that.
    pub(super) fn edit(&self) -> Option<(usize, usize, String)> {
        let needs_bash = match &self.script {
            InnerScript::Known(known) => needs_bash(&known.text),
            InnerScript::Unknown => self.name.is_some(),
            InnerScript::Nothing => false,
        };
        if !needs_bash {
            return None;
        }
        let Some(name) = self.name else {
            let end = self.caller.span.end;
            return Some((end, end, " -s /bin/bash".to_owned()));
        };
        let is_sh = matches!(name.value.as_str(), "sh" | "/bin/sh" | "/usr/bin/sh");
        let Range { start, end } = name.span;
        (is_sh && name.is_literal).then(|| (start, end, "/bin/bash".to_owned()))
    }
}

/// The shell that a command of a script calls, directly or by another program.
pub(super) fn inner_shell<'s>(command: &'s Command, shell: &Shell) -> Option<InnerShell<'s>> {
    let words = &command.words[..];
    let mut called = vec![0];
    called.extend(behind_wrappers(words));
    called.extend(behind_actions(words));
    let is = |at: &usize, names: &[&str]| {
        let word = words.get(*at);
        word.is_some_and(|it| it.is_literal && names.contains(&base_name(&it.value)))
    };
    if let Some(at) = called.iter().find(|at| is(at, &SHELLS)) {
        return Some(InnerShell {
            caller: &words[*at],
            name: Some(&words[*at]),
            script: script_of_shell(command, &words[at + 1..], shell),
        });
    }
    let at = called.into_iter().find(|at| is(at, &FOR_USERS))?;
    let options = &words[at + 1..];
    if options
        .iter()
        .any(|it| matches!(it.value.as_str(), "-u" | "--user"))
    {
        return None; // what that calls is among the words above
    }
    let text = value_of(options, 'c', "--command");
    Some(InnerShell {
        caller: &words[at],
        name: value_of(options, 's', "--shell"),
        script: match text {
            Some(word) => InnerScript::Known(InnerText::of_word(word)),
            None => read_script(command, shell),
        },
    })
}

/// What a shell with these arguments runs.
fn script_of_shell(command: &Command, arguments: &[Word], shell: &Shell) -> InnerScript {
    let mut rest = arguments.iter();
    let (mut is_text, mut is_read) = (false, false);
    let mut operand = None;
    while let Some(word) = rest.next() {
        let value = word.value.as_str();
        if value == "--" || value == "-" {
            operand = rest.next();
            break;
        }
        if !value.starts_with(['-', '+']) {
            operand = Some(word);
            break;
        }
        let is_short = !value.starts_with("--");
        is_text |= is_short && value.contains('c');
        is_read |= is_short && value.contains('s');
        if TAKE_WORD.contains(&value) || (is_short && value.ends_with('o')) {
            rest.next();
        }
    }
    match operand {
        Some(word) if is_text => InnerScript::Known(InnerText::of_word(word)),
        Some(_) if !is_read => InnerScript::Unknown,
        _ => read_script(command, shell),
    }
}

/// The script that a command gets by its standard input.
fn read_script(command: &Command, shell: &Shell) -> InnerScript {
    let known = match command.input {
        None => return InnerScript::Nothing,
        Some(Input::File) => None,
        Some(Input::Document(number)) => document(shell, number),
        Some(Input::Pipe(from)) => from
            .and_then(|from| shell.commands.get(from))
            .and_then(|from| printed_by(from, shell)),
    };
    known.map_or(InnerScript::Unknown, InnerScript::Known)
}

fn document(shell: &Shell, number: usize) -> Option<InnerText> {
    let document = shell.documents.get(number).filter(|it| it.is_literal)?;
    Some(InnerText {
        text: document.value.clone(),
        span: document.span.clone(),
    })
}

/// What a command prints, where that is a text of the script.
fn printed_by(command: &Command, shell: &Shell) -> Option<InnerText> {
    match (command.name()?, &command.words[1..], command.input) {
        ("cat", [], Some(Input::Document(number))) => document(shell, number),
        ("echo", [only], _) if only.is_literal && !only.value.starts_with('-') => {
            Some(InnerText::of_word(only))
        }
        _ => None,
    }
}

/// The word behind `-c`, also where other letters stand before that, or behind its long form.
fn value_of<'s>(words: &'s [Word], letter: char, long: &str) -> Option<&'s Word> {
    let is_it = |it: &Word| {
        let value = it.value.as_str();
        value == long
            || (value.starts_with('-') && !value.starts_with("--") && value.ends_with(letter))
    };
    words.get(words.iter().position(is_it)? + 1)
}

/// Where the words are that `exec`, `env`, `xargs` and their like call. Behind an option of one letter may
/// stand its value, so that the word after that counts too.
pub(super) fn behind_wrappers(words: &[Word]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(wrapper) = words.get(at).map(|it| base_name(&it.value))
        && WRAPPERS.contains(&wrapper)
    {
        let Some(mut next) = operand(words, at + 1) else {
            break;
        };
        found.push(next);
        let option = words[next - 1].value.as_str();
        let is_value = next > at + 1 && option.starts_with('-') && option.len() == 2;
        let is_wrapper = WRAPPERS.contains(&base_name(&words[next].value));
        if ((is_value && option != "--") || wrapper == "chroot")
            && let Some(after) = operand(words, next + 1)
        {
            found.push(after);
            next = if is_wrapper { next } else { after };
        }
        at = next;
    }
    found
}

/// The first word from a place on that is no option, no variable and no number.
fn operand(words: &[Word], from: usize) -> Option<usize> {
    let is_passed = |it: &Word| {
        let value = it.value.as_str();
        let is_number = value.starts_with(|sign: char| sign.is_ascii_digit());
        value.starts_with('-') || value.contains('=') || is_number
    };
    let rest = words.get(from..)?;
    Some(from + rest.iter().position(|it| !is_passed(it))?)
}

/// Where the words are that `find` calls.
pub(super) fn behind_actions(words: &[Word]) -> Vec<usize> {
    if words
        .first()
        .is_none_or(|it| base_name(&it.value) != "find")
    {
        return Vec::new();
    }
    let actions = (1..words.len()).filter(|at| ACTIONS.contains(&words[at - 1].value.as_str()));
    actions.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is to stand in a script, by its last command that calls a shell.
    fn edited(script: &str) -> String {
        let shell = Shell::read(script);
        let mut inner = shell
            .commands
            .iter()
            .rev()
            .filter_map(|it| inner_shell(it, &shell));
        let edit = inner.next().and_then(|it| it.edit());
        edit.map_or("as it is".to_owned(), |(start, end, text)| {
            format!("{}{text}{}", &script[..start], &script[end..])
        })
    }

    #[test]
    fn bash_gets_what_only_bash_understands() {
        for (script, expected) in [
            ("sh <<'E'\nx+=1\nE\n", "/bin/bash <<'E'\nx+=1\nE\n"),
            (
                "sh -e -s a <<E\n[[ a ]]\nE",
                "/bin/bash -e -s a <<E\n[[ a ]]\nE",
            ),
            (
                "cat <<-\\E |\n\tlet x\n\tE\n /bin/sh",
                "cat <<-\\E |\n\tlet x\n\tE\n /bin/bash",
            ),
            ("echo 'x+=1' | sh", "echo 'x+=1' | /bin/bash"),
            ("make-commands | sh -x", "make-commands | /bin/bash -x"),
            ("{ a; b; } | sh", "{ a; b; } | /bin/bash"),
            ("a | (b; sh) | sh", "a | (b; sh) | /bin/bash"),
            ("sh < /x", "/bin/bash < /x"),
            ("cat <<E | sh\n$x\nE\n", "cat <<E | /bin/bash\n$x\nE\n"),
            ("sh -e /usr/share/x/y.sh", "/bin/bash -e /usr/share/x/y.sh"),
            ("chroot /x sh -c 'x+=1'", "chroot /x /bin/bash -c 'x+=1'"),
            (
                "runuser -u u -- sh -c 'x+=1'",
                "runuser -u u -- /bin/bash -c 'x+=1'",
            ),
            (
                "find / -exec sh -c '[[ a ]]' \\;",
                "find / -exec /bin/bash -c '[[ a ]]' \\;",
            ),
            ("su u -c 'x+=1'", "su -s /bin/bash u -c 'x+=1'"),
            (
                "su - u <<'E'\nx+=1\nE\n",
                "su -s /bin/bash - u <<'E'\nx+=1\nE\n",
            ),
            (
                "runuser u -s /bin/sh -c '[[ a ]]'",
                "runuser u -s /bin/bash -c '[[ a ]]'",
            ),
        ] {
            assert_eq!(edited(script), expected);
        }
    }

    #[test]
    fn what_any_shell_understands_stays() {
        for script in [
            "sh <<'E'\nx=1\nE\n",
            "cat <<'E' | sh\nx=1\nE\n",
            "echo 'a b' | sh",
            "sh",
            "bash -c 'x+=1'",
            "dash -c 'x=1'",
            "su u -c 'a b'",
            "su u -s /bin/bash -c 'x+=1'",
            "a | su u",
            "useradd -s /bin/sh -c \"of {a,b}\" u",
            "a | useradd -s /bin/sh u",
            "find / -name sh",
            "echo sh | cat",
        ] {
            assert_eq!(edited(script), "as it is", "{script}");
        }
    }
}
