//! Chunks that only Lua itself can run: they become scripts for `lua5.4`, with a stand-in for what
//! the package manager's Lua has beside the language.
//!
//! Source: rpm-lua(7).

use super::fault::Fault;
use super::words::{Word, words};

/// The package that has the program.
pub(crate) const LUA: &str = "lua5.4";

/// The function of maintainer scripts that runs a chunk.
const RUN_LUA: &str = "run_lua";

const STAND_IN: &str = include_str!("stand_in.lua");

/// What the stand-in has.
const KNOWN: [(&str, &[&str]); 2] = [
    (
        "posix",
        &[
            "access", "chmod", "chown", "dir", "files", "getcwd", "getenv", "link", "mkdir",
            "mkfifo", "readlink", "rmdir", "sleep", "stat", "symlink", "uname", "unlink", "utime",
        ],
    ),
    (
        "rpm",
        &["execute", "expand", "glob", "next_file", "spawn", "vercmp"],
    ),
];

/// What chunks do where there is no `rpm.spawn`.
const BEFORE_SPAWN: [&str; 4] = ["exec", "fork", "redirect2null", "wait"];

/// Whether the stand-in has all that a chunk takes from the package manager.
pub(crate) fn check_chunk(chunk: &str) -> Result<(), Fault> {
    let mut words = words(chunk)?;
    words.extend(std::iter::repeat_n((Word::End, 0), 4));
    let asks_for_spawn = words.windows(4).any(|it| {
        let name = field(it, "rpm");
        name == Some("spawn") && it[3].0 != Word::Sign("(")
    });
    for (at, window) in words.windows(5).enumerate() {
        let is_inside = at > 0 && matches!(words[at - 1].0, Word::Sign("." | ":"));
        if is_inside {
            continue;
        }
        for (library, known) in &KNOWN {
            let Some(name) = field(window, library) else {
                continue;
            };
            let is_skipped = asks_for_spawn && BEFORE_SPAWN.contains(&name);
            if !known.contains(&name) && !is_skipped {
                let why = format!("`{library}.{name}` is not there outside of rpm");
                return Err(Fault::new(window[0].1, why));
            }
        }
        check_expansion(window)?;
    }
    Ok(())
}

/// `posix.stat`: the name of what is taken from a library.
fn field<'w>(words: &'w [(Word, usize)], library: &str) -> Option<&'w str> {
    match words {
        [
            (Word::Name(of), _),
            (Word::Sign("."), _),
            (Word::Name(name), _),
            ..,
        ] if of == library => Some(name),
        _ => None,
    }
}

/// There are no macros where packages are installed.
fn check_expansion(words: &[(Word, usize)]) -> Result<(), Fault> {
    if field(words, "rpm") != Some("expand") {
        return Ok(());
    }
    match &words[3..] {
        [(Word::Sign("("), _), (Word::Text(text), _)] if !text.contains('%') => Ok(()),
        _ => {
            let why = "`rpm.expand` has no macros where the package is installed";
            Err(Fault::new(words[0].1, why))
        }
    }
}

/// The words that run a chunk that is in a file.
pub(crate) fn interpreter() -> Vec<String> {
    vec![RUN_LUA.to_owned()]
}

/// The function that runs one. At removal Lua may be gone before the package is.
pub(crate) fn run_lua() -> String {
    format!(
        "# {RUN_LUA} FILE ARGUMENT...\n{RUN_LUA}() (\n\
         \tif ! command -v {LUA} >/dev/null; then\n\
         \t\techo \"$DPKG_MAINTSCRIPT_PACKAGE: no {LUA} to run $scriptlet with\" >&2\n\
         \t\texit 127\n\
         \tfi\n\
         \tstand_in=$(mktemp) || exit 1\n\
         \ttrap 'rm -f \"$stand_in\"' EXIT\n\
         \tcat >\"$stand_in\" <<'END_OF_STAND_IN'\n{STAND_IN}END_OF_STAND_IN\n\
         \t{LUA} -e \"dofile('$stand_in')\" \"$@\"\n)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_stand_in_lacks_is_found_at_its_line() {
        for (chunk, line) in [
            ("\nposix.fork()", 2),
            ("x = 1\nx.posix = 1\nif rpm.define('a b') then end", 3),
            ("local p =\nrpm.expand('%{_x}')", 2),
            ("rpm.expand(x)", 1),
        ] {
            assert_eq!(check_chunk(chunk).unwrap_err().line, line, "{chunk}");
        }
    }

    #[test]
    fn what_lua_has_is_no_matter() {
        for chunk in [
            "function f(...) return 0x1F & ~2 // 1.5 end goto x ::x::",
            "if rpm.spawn ~= nil then rpm.spawn({'x'}) else posix.fork() end",
            "print(self.posix.fork, '\\x41\\27', rpm.expand('x'))",
        ] {
            assert_eq!(check_chunk(chunk), Ok(()), "{chunk}");
        }
    }

    #[test]
    fn the_stand_in_has_what_is_said() {
        for (library, names) in KNOWN {
            for name in names {
                let function = format!("\n{library}.{name} = function(");
                assert!(STAND_IN.contains(&function), "{function}");
            }
        }
    }
}
