//! Commands that shells have built in, and what of them is bash's alone.
//!
//! Source: dash(1), "Builtins"; bash(1), "Shell Builtin Commands"; POSIX, "Special Built-In Utilities".

use super::super::shell::Word;

/// Commands that only bash has built in. What its POSIX mode does as any shell is not among them: rpm
/// calls it `sh`.
const BASH_ONLY: [&str; 23] = [
    "bind",
    "builtin",
    "caller",
    "compgen",
    "complete",
    "compopt",
    "declare",
    "dirs",
    "disown",
    "enable",
    "fc",
    "help",
    "history",
    "let",
    "logout",
    "mapfile",
    "popd",
    "pushd",
    "readarray",
    "shopt",
    "source",
    "suspend",
    "typeset",
];

/// The options that any shell has for its commands.
const OPTIONS: [(&str, &str); 14] = [
    ("cd", "LP"),
    ("command", "pvV"),
    ("exec", ""),
    ("export", "p"),
    ("hash", "r"),
    ("jobs", "lp"),
    ("local", ""),
    ("pwd", "LP"),
    ("read", "pr"),
    ("readonly", "p"),
    ("type", ""),
    ("ulimit", "HSacdflmnpstv"),
    ("umask", "S"),
    ("unset", "fv"),
];

/// Options of `set` that mean the same to any shell, by letter and by name.
const SET: &str = "aCbefmnuvx";
const SET_NAMES: [&str; 14] = [
    "allexport",
    "emacs",
    "errexit",
    "ignoreeof",
    "monitor",
    "noclobber",
    "noexec",
    "noglob",
    "nolog",
    "notify",
    "nounset",
    "verbose",
    "vi",
    "xtrace",
];

/// Commands that any shell has built in and that differ.
const DIFFERENT: [&str; 11] = [
    "[", ".", "echo", "eval", "exit", "kill", "printf", "return", "set", "shift", "test",
];

/// Whether a command is one of those that shells differ in.
pub(super) fn is_builtin(name: &str) -> bool {
    BASH_ONLY.contains(&name)
        || DIFFERENT.contains(&name)
        || OPTIONS.iter().any(|(known, _)| *known == name)
        || matches!(name, "trap" | "wait")
}

/// Whether a command does something else, or nothing, in other shells. `words` are what is called and
/// with what.
pub(super) fn needs_bash_for(words: &[Word]) -> bool {
    let Some((first, arguments)) = words.split_first() else {
        return false;
    };
    let name = first.value.as_str();
    if !first.is_literal {
        return false;
    }
    BASH_ONLY.contains(&name)
        || has_other_option(name, arguments)
        || match name {
            "echo" => is_bash_echo(arguments),
            "printf" => is_bash_printf(arguments),
            "test" | "[" => is_bash_test(arguments),
            "kill" => arguments
                .iter()
                .any(|it| is_signal_of_bash(it.value.trim_start_matches('-')) || it.value == "-n"),
            "trap" => is_bash_trap(arguments),
            "set" => is_bash_set(arguments),
            "read" => names_nothing(arguments),
            "shift" => first_number(arguments).is_some_and(|count| count > 1),
            "exit" | "return" => first_number(arguments).is_some_and(|status| status < 0),
            "wait" => arguments.iter().any(|it| it.value.starts_with('-')),
            "unset" => arguments.iter().any(|it| it.value.contains('[')),
            "export" | "readonly" => arguments.iter().any(|it| appends(&it.value)),
            "local" => arguments.iter().any(is_bash_local),
            "." => arguments.len() > 1 || arguments.first().is_some_and(is_unknown_script),
            _ => false,
        }
}

fn has_other_option(name: &str, arguments: &[Word]) -> bool {
    let Some((_, known)) = OPTIONS.iter().find(|(it, _)| *it == name) else {
        return false;
    };
    options(arguments).any(|it| it.chars().any(|letter| !known.contains(letter)))
}

/// The letters of the options before the first argument.
fn options(arguments: &[Word]) -> impl Iterator<Item = &str> {
    let options = arguments.iter().map_while(|it| it.value.strip_prefix('-'));
    options.take_while(|it| !it.is_empty() && *it != "-")
}

/// dash has no options of `echo` but `-n`, and expands backslashes.
fn is_bash_echo(arguments: &[Word]) -> bool {
    let options = arguments.iter().map_while(|it| it.value.strip_prefix('-'));
    let mut options =
        options.take_while(|it| !it.is_empty() && it.chars().all(|letter| "neE".contains(letter)));
    options.any(|it| it != "n") || arguments.iter().any(|it| it.has_backslash)
}

/// A sign behind a backslash that both shells read alike, and a directive that both have.
const ESCAPES: &str = "\\abfnrtv01234567";
const DIRECTIVES: &str = "diouxXeEfFgGcsb%";

fn is_bash_printf(arguments: &[Word]) -> bool {
    let mut arguments = arguments;
    if let [first, rest @ ..] = arguments
        && first.value == "--"
    {
        arguments = rest;
    }
    let Some((format, rest)) = arguments.split_first() else {
        return false;
    };
    let format = format.value.as_str();
    let reads_arguments = format.contains("%b");
    format == "-v"
        || has_other_escape(format)
        || format
            .replace("%%", "")
            .split('%')
            .skip(1)
            .any(is_other_directive)
        || (reads_arguments && rest.iter().any(|it| has_other_escape(&it.value)))
}

/// Whether a backslash stands before what only one of the shells reads.
fn has_other_escape(text: &str) -> bool {
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign == '\\' && !signs.next().is_some_and(|it| ESCAPES.contains(it)) {
            return true;
        }
    }
    false
}

/// Whether a directive, given without its `%`, has a flag, a length or a letter of bash.
fn is_other_directive(directive: &str) -> bool {
    let is_flag = |it: char| "-+ #.*".contains(it) || it.is_ascii_digit();
    let letter = directive.trim_start_matches(is_flag).chars().next();
    // An expansion may end in the letter.
    letter.is_none_or(|it| !DIRECTIVES.contains(it) && it != '$')
}

/// `==`, `=~`, and tests that only bash has.
fn is_bash_test(arguments: &[Word]) -> bool {
    let bare = |it: &Word| if it.is_quoted { "" } else { it.value.as_str() }.to_owned();
    let words: Vec<String> = arguments.iter().map(bare).collect();
    let begins = |at: usize| at == 0 || matches!(words[at - 1].as_str(), "!" | "(" | "-a" | "-o");
    words
        .iter()
        .enumerate()
        .any(|(at, word)| match word.as_str() {
            "==" | "=~" => true,
            "-v" | "-R" | "-N" => begins(at),
            "-a" | "-o" => begins(at) && words.len() > at + 1 && words[at + 1] != "]",
            _ => false,
        })
}

fn is_signal_of_bash(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("SIG") || matches!(name.as_str(), "ERR" | "DEBUG" | "RETURN")
}

fn is_bash_trap(arguments: &[Word]) -> bool {
    let is_option = options(arguments).next().is_some();
    is_option
        || arguments
            .iter()
            .skip(1)
            .any(|it| is_signal_of_bash(&it.value))
}

fn is_bash_set(arguments: &[Word]) -> bool {
    let mut words = arguments.iter().map(|it| it.value.as_str());
    while let Some(word) = words.next() {
        let Some(letters) = word
            .strip_prefix(['-', '+'])
            .filter(|it| !it.is_empty() && *it != "-")
        else {
            return false;
        };
        let (plain, names) = match letters.strip_suffix('o') {
            Some(plain) => (plain, true),
            None => (letters, false),
        };
        let is_other = plain.chars().any(|letter| !SET.contains(letter));
        if is_other || (names && words.next().is_some_and(|name| !SET_NAMES.contains(&name))) {
            return true;
        }
    }
    false
}

/// `read` without a variable.
fn names_nothing(arguments: &[Word]) -> bool {
    let mut rest = arguments
        .iter()
        .skip_while(|it| it.value.starts_with('-') && !it.value.ends_with('p'));
    match rest.next() {
        Some(it) if it.value.starts_with('-') => rest.nth(1).is_none(),
        found => found.is_none(),
    }
}

/// Places of files that set variables, which any shell reads alike, and of the functions that the target has
/// for its own scripts.
const SETTINGS: [&str; 4] = [
    "/etc/",
    "/usr/lib/os-release",
    "/lib/lsb/",
    "/usr/share/debconf/confmodule",
];

/// Whether a file that is read into the script may be written for bash.
fn is_unknown_script(file: &Word) -> bool {
    let path = file.value.as_str();
    let is_setting = SETTINGS.iter().any(|it| path.starts_with(it));
    !is_setting || path.ends_with(".sh")
}

fn first_number(arguments: &[Word]) -> Option<i64> {
    arguments.first()?.value.parse().ok()
}

/// `x+=…`, or a variable without a value: dash leaves it the one that it has outside.
fn is_bash_local(word: &Word) -> bool {
    appends(&word.value) || !word.value.contains('=')
}

fn appends(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| name.ends_with('+'))
}
