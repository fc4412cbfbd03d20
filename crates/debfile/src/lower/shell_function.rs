//! One scriptlet as a function of a maintainer script.

use package::{Interpreter, Scriptlet};

use super::bash::needs_bash;
use super::script_text::quote;

const BASH: &str = "/bin/bash";

/// Whether a scriptlet does nothing but run ldconfig, which is a trigger's business in Debian.
pub(crate) fn is_ldconfig(scriptlet: &Scriptlet) -> bool {
    let is_it = |word: &str| matches!(word, "/sbin/ldconfig" | "/usr/sbin/ldconfig" | "ldconfig");
    let Interpreter::Program(words) = &scriptlet.interpreter else {
        return false;
    };
    match scriptlet
        .body
        .as_deref()
        .map(str::trim)
        .filter(|body| !body.is_empty())
    {
        None => words.first().is_some_and(|word| is_it(word)),
        Some(body) => is_shell(words) && body.lines().all(|line| is_it(line.trim())),
    }
}

fn is_shell(words: &[String]) -> bool {
    const SHELLS: [&str; 4] = ["/bin/sh", "/usr/bin/sh", "/bin/bash", "/usr/bin/bash"];
    matches!(words, [program] if SHELLS.contains(&program.as_str()))
}

/// Whether a program is the shell that is bash where specs come from.
fn is_plain_shell(program: &str) -> bool {
    matches!(program, "/bin/sh" | "/usr/bin/sh")
}

/// Whether a scriptlet that becomes a part of a maintainer script has bash run that.
pub(crate) fn is_bash(scriptlet: &Scriptlet) -> bool {
    let Interpreter::Program(words) = &scriptlet.interpreter else {
        return false;
    };
    let body = scriptlet.body.as_deref().unwrap_or("");
    is_shell(words) && (words[0].ends_with("/bash") || needs_bash(body))
}

/// The shell that runs a scriptlet as a part of a maintainer script; `None` if another program does.
pub fn shell_of(scriptlet: &Scriptlet) -> Option<&'static str> {
    let Interpreter::Program(words) = &scriptlet.interpreter else {
        return None;
    };
    let shell = if is_bash(scriptlet) { BASH } else { "/bin/sh" };
    is_shell(words).then_some(shell)
}

/// The scriptlet as a shell function of this name; `None` if there is nothing to run.
pub(crate) fn function(name: &str, scriptlet: &Scriptlet) -> Option<String> {
    let Interpreter::Program(words) = &scriptlet.interpreter else {
        return None;
    };
    let body = scriptlet.body.as_deref().unwrap_or("").trim_matches('\n');
    if is_shell(words) {
        return has_commands(body).then(|| format!("{name}() (\n{body}\n)"));
    }
    let mut words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    if let Some(shell) = words.first_mut().filter(|it| is_plain_shell(it))
        && needs_bash(body)
    {
        BASH.clone_into(shell);
    }
    let program = words.join(" ");
    if body.trim().is_empty() {
        return Some(format!("{name}() {{\n\t{program} \"$@\"\n}}"));
    }
    Some(with_file(name, &program, body))
}

/// A function that puts the body into a file and has a program run it, as rpm does.
fn with_file(name: &str, program: &str, body: &str) -> String {
    let end = heredoc_end(body);
    format!(
        "{name}() (\n\
         \tbody=$(mktemp) || exit 1\n\
         \ttrap 'rm -f \"$body\"' EXIT\n\
         \tcat >\"$body\" <<'{end}'\n{body}\n{end}\n\
         \t{program} \"$body\" \"$@\"\n)"
    )
}

/// A word that is no line of the body.
fn heredoc_end(body: &str) -> String {
    let mut end = "END_OF_SCRIPTLET".to_owned();
    while body.lines().any(|line| line == end) {
        end.push('_');
    }
    end
}

/// Whether there is more than blank lines and comments.
fn has_commands(body: &str) -> bool {
    body.lines()
        .map(str::trim)
        .any(|line| !line.is_empty() && !line.starts_with('#'))
}
