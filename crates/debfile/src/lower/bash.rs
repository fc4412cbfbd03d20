//! Tells shell scripts that need bash from those that any POSIX shell runs.
//!
//! Scriptlets that name no interpreter were written where `/bin/sh` is bash. Running a plain one
//! under bash does no harm, so that a false alarm costs little.
//!
//! Source: Debian Policy 10.4; POSIX, "Shell Command Language".

/// Signs of bash that stand anywhere in a line.
const ANYWHERE: [&str; 18] = [
    "[[ ",
    "<(",
    ">(",
    "<<<",
    "&>",
    "|&",
    "$'",
    "$\"",
    "$RANDOM",
    "${!",
    "$UID",
    "$EUID",
    "$HOSTNAME",
    "$OSTYPE",
    "${PIPESTATUS",
    "BASH_",
    "${FUNCNAME",
    "+=(",
];

/// Commands that only bash has built in.
const COMMANDS: [&str; 13] = [
    "declare",
    "typeset",
    "let",
    "pushd",
    "popd",
    "shopt",
    "mapfile",
    "readarray",
    "function",
    "source",
    "select",
    "disown",
    "compgen",
];

/// Whether a script uses what only bash understands.
pub(crate) fn needs_bash(body: &str) -> bool {
    let code = body
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with('#'));
    code.into_iter().any(line_needs_bash)
}

fn line_needs_bash(line: &str) -> bool {
    ANYWHERE.iter().any(|sign| line.contains(sign))
        || commands(line).any(|command| COMMANDS.contains(&command))
        || has_bash_test(line)
        || has_bash_expansion(line)
        || has_array(line)
        || has_arithmetic_command(line)
        || line.contains("echo -e ")
        || redirects_both(line)
        || has_brace_list(line)
}

/// `>& file`; elsewhere only the number of a descriptor can follow.
fn redirects_both(line: &str) -> bool {
    line.split(">&").skip(1).any(|rest| {
        let target = rest.trim_start();
        target.starts_with(['/', '.', '~', '"']) || target.starts_with(char::is_alphabetic)
    })
}

/// The first words of the commands of a line, roughly.
fn commands(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split([';', '|', '&', '(']);
    parts.filter_map(|part| {
        let mut words = part.split_whitespace();
        words.find(|word| !matches!(*word, "if" | "then" | "else" | "while" | "do" | "!" | "{"))
    })
}

/// `[ a == b ]`.
fn has_bash_test(line: &str) -> bool {
    let tests = line
        .split("[ ")
        .skip(1)
        .filter_map(|rest| rest.split(" ]").next());
    tests
        .into_iter()
        .any(|test| test.contains(" == ") || test.contains(" =~ "))
}

/// `${x//a/b}`, `${x:0:1}`, `${x^^}`, `${x,,}`, `${x[0]}`.
fn has_bash_expansion(line: &str) -> bool {
    line.split("${").skip(1).any(|rest| {
        let inner = rest.split('}').next().unwrap_or("");
        let name = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let Some(operator) = name.filter(|at| *at > 0).map(|at| &inner[at..]) else {
            return false;
        };
        let offset = operator
            .strip_prefix(':')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == ' '));
        offset || operator.starts_with(['/', '^', ',', '['])
    })
}

/// `name=(…)`.
fn has_array(line: &str) -> bool {
    line.match_indices("=(")
        .any(|(at, _)| line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// `((…))` as a command.
fn has_arithmetic_command(line: &str) -> bool {
    line.match_indices("((")
        .any(|(at, _)| !line[..at].ends_with(['$', '(']))
}

/// `{a,b}` outside quotes and expansions.
fn has_brace_list(line: &str) -> bool {
    let mut quote = None;
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), _) if open == *byte => quote = None,
            (None, b'{') if at == 0 || bytes[at - 1] != b'$' => {
                let inner = line[at + 1..].split('}').next().unwrap_or("");
                if inner.contains(',') && !inner.contains(char::is_whitespace) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_is_recognised() {
        for body in [
            "if [[ $1 -eq 1 ]]; then :; fi",
            "if [ \"$1\" == 1 ]; then :; fi",
            "mv /etc/{a,b}",
            "x=${y//a/b}",
            "cat <<< x",
            "list=(a b)",
            "source /etc/x",
            "foo &>/dev/null",
            "lsmod | grep x >& /dev/null",
            "(( n > 1 )) && exit",
            "if function_x; then declare -a y; fi",
        ] {
            assert!(needs_bash(body), "{body}");
        }
    }

    #[test]
    fn plain_shell_is_left_to_any_shell() {
        for body in [
            "if [ \"$1\" -eq 1 ]; then\n  useradd -r x >/dev/null 2>&1 || :\nfi",
            "x=${y:-a} z=${y%%.*} w=$((1 + 2)) v=$( (true) )",
            "getent passwd x >/dev/null || exit 0",
            "echo >&2 x; exec 3>&-; y >&$fd",
            "# [[ a comment ]]",
            "{ a; b; }",
            "awk '{print $1,$2}' f",
        ] {
            assert!(!needs_bash(body), "{body}");
        }
    }
}
