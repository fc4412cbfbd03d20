//! Whose `$1` a scriptlet expects: rpm's count of instances or dpkg's word.
//!
//! Specs that know of Debian are still written for both, so each scriptlet is asked what it does with its
//! argument. What it doesn't give away follows from where it stands, and then from the spec.
//!
//! Source: rpm-scriptlets(7), "Scriptlet arguments"; Debian Policy 6.5.

use package::{Interpreter, Scriptlet};
use source::{Diagnostic, Sink};

use super::shell::{Command, Shell};
use crate::codes;
use crate::context::{Context, ScriptletArguments};

/// What dpkg calls maintainer scripts with.
const WORDS: [&str; 13] = [
    "abort-deconfigure",
    "abort-install",
    "abort-remove",
    "abort-upgrade",
    "configure",
    "deconfigure",
    "disappear",
    "failed-upgrade",
    "install",
    "purge",
    "remove",
    "triggered",
    "upgrade",
];

const COMPARISONS: [&str; 6] = ["-eq", "-ne", "-gt", "-ge", "-lt", "-le"];

/// What a scriptlet compares `$1` with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Compared {
    with_numbers: bool,
    with_words: bool,
}

/// What a scriptlet gets in `$1`.
pub(crate) fn arguments_of(scriptlet: &Scriptlet, context: &Context<'_>) -> ScriptletArguments {
    if let Some(forced) = context.scriptlet_arguments {
        return forced;
    }
    match compared(scriptlet) {
        Compared {
            with_numbers: true,
            with_words: false,
        } => ScriptletArguments::Rpm,
        Compared {
            with_numbers: false,
            with_words: true,
        } => ScriptletArguments::Dpkg,
        _ => usual(scriptlet, context),
    }
}

/// What scriptlets get that don't give away what they expect.
fn usual(scriptlet: &Scriptlet, context: &Context<'_>) -> ScriptletArguments {
    let is_inside = |origin: source::Origin| {
        let span = origin.span;
        let mut branches = context.debbuild_branches.iter();
        branches.any(|it| it.file == span.file && (it.start..it.end).contains(&span.start))
    };
    if context.debbuild_aware || scriptlet.origin.is_some_and(is_inside) {
        ScriptletArguments::Dpkg
    } else {
        ScriptletArguments::Rpm
    }
}

/// Reports a scriptlet that is called otherwise than the rest of its spec would suggest.
pub(crate) fn report_arguments(
    name: &str,
    scriptlet: &Scriptlet,
    context: &Context<'_>,
    sink: &mut Sink,
) {
    let decided = arguments_of(scriptlet, context);
    if context.scriptlet_arguments.is_some() || decided == usual(scriptlet, context) {
        return;
    }
    let (found, outcome, word) = match decided {
        ScriptletArguments::Rpm => ("numbers", "gets 0, 1 or 2 there, as from rpm", "dpkg"),
        ScriptletArguments::Dpkg => ("dpkg's words", "gets them there", "rpm"),
    };
    let message = format!("`%{name}` compares `$1` with {found}: it {outcome}");
    sink.push(
        Diagnostic::warning(codes::SCRIPTLET_ARGUMENT, message)
            .at(scriptlet.origin)
            .help(format!(
                "`%global _deb_scriptlet_args {word}` decides otherwise, for all scriptlets"
            )),
    );
}

fn compared(scriptlet: &Scriptlet) -> Compared {
    let is_shell = matches!(&scriptlet.interpreter, Interpreter::Program(words)
        if words.first().is_some_and(|it| it.ends_with("sh")));
    let body = scriptlet.body.as_deref().filter(|_| is_shell);
    body.map_or_else(Compared::default, |body| compared_by(&Shell::read(body)))
}

fn compared_by(shell: &Shell) -> Compared {
    let aliases = aliases(shell);
    let mut found = Compared::default();
    for command in shell.commands.iter().filter(|it| sees_argument(it, shell)) {
        found.take(command, &aliases);
    }
    let is_first = |expression: &String| {
        let mut marks = expression
            .match_indices("$1")
            .chain(expression.match_indices("${1"));
        marks.any(|(at, it)| {
            !expression[at + it.len()..].starts_with(|next: char| next.is_ascii_digit())
        })
    };
    found.with_numbers |= shell.expressions.iter().any(is_first);
    found
}

/// Variables that hold the first argument.
fn aliases(shell: &Shell) -> Vec<String> {
    let mut aliases = Vec::new();
    for command in shell.commands.iter().filter(|it| sees_argument(it, shell)) {
        for word in command.assignments.iter().chain(&command.words) {
            if let Some((name, value)) = word.value.split_once('=')
                && is_first(value, &[])
            {
                aliases.push(name.to_owned());
            }
        }
    }
    aliases
}

/// Whether `$1` is the scriptlet's own argument, not that of a function that is called with others.
fn sees_argument(command: &Command, shell: &Shell) -> bool {
    let Some(name) = command.function.and_then(|it| shell.functions.get(it)) else {
        return true;
    };
    let passes = |it: &Command| match &it.words[..] {
        [called, first, ..] => {
            called.value == *name
                && (is_first(&first.value, &[]) || matches!(first.value.as_str(), "$@" | "$*"))
        }
        _ => false,
    };
    shell.commands.iter().any(passes)
}

impl Compared {
    fn take(&mut self, command: &Command, aliases: &[String]) {
        let words: Vec<&str> = command.words.iter().map(|it| it.value.as_str()).collect();
        if let ["case", subject, patterns @ ..] = &words[..] {
            if is_first(subject, aliases) {
                patterns.iter().for_each(|pattern| self.take_value(pattern));
            }
            return;
        }
        for (left, operator, right) in words.windows(3).map(|it| (it[0], it[1], it[2])) {
            let value = match (is_first(left, aliases), is_first(right, aliases)) {
                (true, _) => right,
                (_, true) => left,
                _ => continue,
            };
            if COMPARISONS.contains(&operator) {
                self.with_numbers = true;
            } else if matches!(operator, "=" | "==" | "!=" | "=~") {
                self.take_value(value);
            }
        }
    }

    /// A value, or a pattern, or a regular expression of several.
    fn take_value(&mut self, value: &str) {
        let value = value.trim_end_matches('$');
        if value.contains('$') {
            return; // another parameter
        }
        for part in value
            .split(['|', '(', ')', '^'])
            .map(|it| it.trim_matches(['x', 'X', '.', '_', '"']))
        {
            self.with_words |= WORDS.contains(&part) || WORDS.contains(&part.trim_end_matches('*'));
            self.with_numbers |=
                !part.is_empty() && part.bytes().all(|it| b"0123456789[]-".contains(&it));
        }
    }
}

/// Whether a word is the first argument, or a variable that holds it. `x$1` keeps a test from an empty
/// word.
fn is_first(word: &str, aliases: &[String]) -> bool {
    let word = word.trim_matches(['x', 'X', '.', '_', '"']);
    let Some(name) = word.strip_prefix('$') else {
        return false;
    };
    let name = match name.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(inner) => inner.split([':', '-', '=']).next().unwrap_or(inner),
        None => name,
    };
    name == "1" || aliases.iter().any(|it| it == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> (bool, bool) {
        let found = compared_by(&Shell::read(body));
        (found.with_numbers, found.with_words)
    }

    #[test]
    fn comparisons_with_numbers_are_rpms() {
        for body in [
            "if [ $1 -eq 0 ]; then a; fi",
            "if [ \"$1\" = 1 ]; then a; fi",
            "test \"$1\" != \"0\" || a",
            "[ 0 = \"$1\" ]",
            "[ \"x$1\" = x0 ]",
            "[[ $1 == 2 ]]",
            "[[ ${1:-0} -gt 1 ]]",
            "if (( $1 == 0 )); then a; fi",
            "case \"$1\" in 0) a;; 1|2) b;; esac",
            "case $1 in [12]) a;; esac",
            "n=$1\nif [ $n -ge 1 ]; then a; fi",
            "f() { [ $1 -eq 1 ] && a; }\nf $1",
            "f() { case $1 in 0) a;; esac; }; f \"$@\"",
            "[ $(($1 + 0)) -gt 1 ]",
            "a && [ $1 -eq 0 ] && b || :",
            "x=`[ $1 -eq 0 ] && echo a`",
        ] {
            assert_eq!(found(body), (true, false), "{body}");
        }
    }

    #[test]
    fn comparisons_with_words_are_dpkgs() {
        for body in [
            "if [ \"$1\" = configure ]; then a; fi",
            "case \"$1\" in purge|remove) a;; *) b;; esac",
            "[ \"x$1\" = \"xconfigure\" ]",
            "action=\"$1\"; [ \"$action\" = upgrade ] && a",
            "[[ $1 =~ ^(remove|purge)$ ]]",
            "case \"$1\" in abort-*|upgrade) a;; esac",
            "case ${1} in failed-upgrade) ;; esac",
            "set_up() { if [ $1 = 1 ]; then a; fi; }\nset_up 1\n[ \"$1\" = install ]",
        ] {
            assert_eq!(found(body), (false, true), "{body}");
        }
    }

    #[test]
    fn the_rest_gives_nothing_away() {
        for body in [
            "a",
            "setup \"$1\"",
            "[ \"$1\" = \"$2\" ]",
            "[ $# -eq 1 ]",
            "echo '$1 -eq 0'",
            "# [ $1 -eq 0 ]",
            "[ $10 -eq 1 ]",
        ] {
            assert_eq!(found(body), (false, false), "{body}");
        }
        assert_eq!(
            found("[ \"$1\" = 1 ] || [ \"$1\" = configure ]"),
            (true, true)
        );
    }
}
