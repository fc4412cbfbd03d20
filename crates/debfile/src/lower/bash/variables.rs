//! Variables that bash sets and other shells don't.
//!
//! Source: bash(1), "Shell Variables"; `$LINENO` is empty in dash.

const NAMES: [&str; 28] = [
    "_",
    "COPROC",
    "DIRSTACK",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "FUNCNAME",
    "GLOBIGNORE",
    "GROUPS",
    "HISTCMD",
    "HOSTNAME",
    "HOSTTYPE",
    "LINENO",
    "MACHTYPE",
    "MAPFILE",
    "OSTYPE",
    "PIPESTATUS",
    "RANDOM",
    "READLINE_LINE",
    "READLINE_POINT",
    "REPLY",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "TIMEFORMAT",
    "TMOUT",
    "UID",
];

/// Whether only bash gives a variable of that name a value.
pub(super) fn only_bash_has(name: &str) -> bool {
    name.starts_with("BASH") || name.starts_with("COMP_") || NAMES.contains(&name)
}
