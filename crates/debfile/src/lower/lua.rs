//! Scriptlets in the package manager's Lua, for dpkg, which has none.
//!
//! A chunk becomes a script of the shell if it does nothing that a shell does otherwise, else one for
//! Lua itself, which the package then depends on; what cannot is reported by the caller. Nearly all of
//! them replace a directory by a link, or a link by a directory, before the package is unpacked; the
//! former is recognised as a whole.
//!
//! Source: Fedora Packaging Guidelines, "Directory Replacement"; rpm-lua(7).

mod calls;
mod fault;
mod flow;
mod idiom;
mod meaning;
mod shell;
mod stand_in;
mod tree;
mod values;
mod words;

use package::{Interpreter, Scriptlet};

pub(crate) use fault::Fault;
use shell::Shell;
pub(crate) use stand_in::{LUA, run_lua};

/// A scriptlet in Lua, in another form.
pub(crate) struct Lowered {
    /// Directories that the chunk moves out of the way, which dpkg has a helper for.
    pub(crate) directories: Vec<String>,
    /// The rest, for a program.
    pub(crate) scriptlet: Scriptlet,
    /// Whether the maintainer script needs [`run_lua`], and the package [`LUA`].
    pub(crate) needs_lua: bool,
}

/// Brings a scriptlet in Lua into a form that dpkg can run. With `moves_directories`, directories that
/// it moves out of the way are told apart.
pub(crate) fn lower_lua(scriptlet: &Scriptlet, moves_directories: bool) -> Result<Lowered, Fault> {
    let chunk = scriptlet.body.as_deref().unwrap_or("");
    if let Ok(shell) = in_shell(chunk, moves_directories) {
        return Ok(Lowered {
            directories: shell.directories,
            scriptlet: with_script(scriptlet, shell.script),
            needs_lua: false,
        });
    }
    stand_in::check_chunk(chunk)?;
    let run = Scriptlet {
        interpreter: Interpreter::Program(stand_in::interpreter()),
        ..scriptlet.clone()
    };
    Ok(Lowered {
        directories: Vec::new(),
        scriptlet: run,
        needs_lua: true,
    })
}

/// Writes a chunk for the shell.
fn in_shell(chunk: &str, moves_directories: bool) -> Result<Shell, Fault> {
    shell::write_shell(&tree::parse_chunk(chunk)?, moves_directories)
}

/// A scriptlet for the shell that does what one in Lua does.
fn with_script(scriptlet: &Scriptlet, script: String) -> Scriptlet {
    Scriptlet {
        interpreter: Interpreter::Program(vec!["/bin/sh".to_owned()]),
        body: Some(script),
        ..scriptlet.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECTORY: &str = "\
-- `themes` is a link from this version on.
local themes = \"/usr/share/clock/themes\"
local kind = posix.stat(themes)
if kind and kind.type == \"directory\" then
  local tries = 0
  local is_gone = os.rename(themes, themes .. \".rpmmoved\")
  while not is_gone do
    tries = tries + 1
    is_gone = os.rename(themes, themes .. \".rpmmoved\" .. tries)
  end
end
";

    #[test]
    fn directories_that_are_moved_away_are_told_apart() {
        let shell = in_shell(DIRECTORY, true).unwrap();
        assert_eq!(shell.directories, ["/usr/share/clock/themes"]);
        let sounds = DIRECTORY.replace("clock/themes", "clock/sounds");
        let both = in_shell(&format!("{DIRECTORY}{sounds}"), true).unwrap();
        let expected = ["/usr/share/clock/themes", "/usr/share/clock/sounds"];
        assert_eq!(both.directories, expected);
        assert!(in_shell(DIRECTORY, false).unwrap().directories.is_empty());
        let other = DIRECTORY.replace("  while not", "  os.remove('/x')\n  while not");
        assert!(in_shell(&other, true).unwrap().directories.is_empty());
    }

    #[test]
    fn what_a_newer_rpm_has_is_called() {
        let chunk = "if rpm.spawn ~= nil then\n  rpm.spawn({'a', rpm.expand('b')}, {stderr='/dev/null'})\n\
                     else\n  posix.fork()\nend";
        let script = in_shell(chunk, false).unwrap().script;
        assert_eq!(script, "a b 2>/dev/null\nexit 0\n");
    }

    #[test]
    fn nothing_becomes_nothing() {
        assert_eq!(
            in_shell("-- nothing\n--[[ at\nall ]]", true),
            Ok(Shell::default())
        );
    }

    #[test]
    fn faults_name_the_line() {
        for (chunk, line) in [
            ("\nf = io.open('/x')", 2),
            ("posix.fork()", 1),
            ("if arg[2] == 1 then\n  y = rpm.glob('/x')\nend", 2),
            ("local t = {}\n\nt.x = 1", 3),
            ("x = {a = 1, 2}", 1),
            ("x = '\\27'", 1),
            ("a = 'open", 1),
            ("x = 1.5", 1),
            ("function f() end", 1),
            ("rpm.spawn({'x'}, {stdout = {'y'}})", 1),
        ] {
            assert_eq!(in_shell(chunk, true).unwrap_err().line, line, "{chunk}");
        }
    }

    #[test]
    fn nothing_grows_without_end() {
        let text = format!("x = 'abc'\n{}", "x = x .. x\n".repeat(60));
        let table = format!("x = {{}}\n{}", "x = {x, x}\n".repeat(60));
        let list = format!("l = {{{}}}\n", "'a', ".repeat(100));
        let loops = format!(
            "{list}{} x = '' {}",
            "for _, v in ipairs(l) do ".repeat(20),
            "end ".repeat(20)
        );
        let long = format!(
            "{list}for _, v in ipairs(l) do {} end",
            "print('xyz') ".repeat(100)
        );
        for chunk in [text, table, loops, long] {
            assert!(in_shell(&chunk, true).is_err());
        }
    }

    #[test]
    fn no_nesting_exhausts_the_stack() {
        for deep in ["(", "not ", "{", "a..", "a+", "f(", "if "] {
            assert!(in_shell(&format!("x={}", deep.repeat(100_000)), true).is_err());
        }
        let long = format!("x=f{}", ".a".repeat(100_000));
        assert!(in_shell(&long, true).is_err());
    }
}
