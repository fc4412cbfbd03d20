//! Scriptlets in the package manager's Lua, for dpkg, which has none.
//!
//! A chunk becomes a script of the shell if it does nothing that a shell does otherwise; what cannot
//! is reported by the caller. Nearly all of them replace a directory by a link, or a link by a
//! directory, before the package is unpacked; the former is recognised as a whole.
//!
//! Source: Fedora Packaging Guidelines, "Directory Replacement"; rpm-lua(7).

mod calls;
mod flow;
mod idiom;
mod meaning;
mod shell;
mod tree;
mod values;
mod words;

use package::{Interpreter, Scriptlet};

pub(crate) use shell::Shell;

/// Why a chunk cannot be written for the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line of the chunk, from 1.
    pub(crate) line: usize,
    /// What there is no counterpart of.
    pub(crate) why: String,
}

impl Fault {
    fn new(line: usize, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { line, why }
    }
}

/// Writes a chunk for the shell. With `moves_directories`, directories that it moves out of the way
/// are told apart.
pub(crate) fn lower_lua(chunk: &str, moves_directories: bool) -> Result<Shell, Fault> {
    shell::write_shell(&tree::parse_chunk(chunk)?, moves_directories)
}

/// A scriptlet for the shell that does what one in Lua does.
pub(crate) fn with_script(scriptlet: &Scriptlet, script: String) -> Scriptlet {
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
-- a directory becomes a link
path = \"/usr/share/foo/data\"
st = posix.stat(path)
if st and st.type == \"directory\" then
  status = os.rename(path, path .. \".rpmmoved\")
  if not status then
    suffix = 0
    while not status do
      suffix = suffix + 1
      status = os.rename(path .. \".rpmmoved\", path .. \".rpmmoved.\" .. suffix)
    end
    os.rename(path, path .. \".rpmmoved\")
  end
end
";

    #[test]
    fn directories_that_are_moved_away_are_told_apart() {
        let shell = lower_lua(DIRECTORY, true).unwrap();
        assert_eq!(shell.directories, ["/usr/share/foo/data"]);
        let more = format!("{DIRECTORY}{}", DIRECTORY.replace("data", "more"));
        let directories = lower_lua(&more, true).unwrap().directories;
        assert_eq!(directories, ["/usr/share/foo/data", "/usr/share/foo/more"]);
        assert!(lower_lua(DIRECTORY, false).unwrap().directories.is_empty());
        let other = DIRECTORY.replace("  if not", "  os.remove('/x')\n  if not");
        assert!(lower_lua(&other, true).unwrap().directories.is_empty());
    }

    #[test]
    fn nothing_becomes_nothing() {
        assert_eq!(
            lower_lua("-- nothing\n--[[ at\nall ]]", true),
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
            ("a = 'open", 1),
            ("x = 1.5", 1),
            ("function f() end", 1),
        ] {
            assert_eq!(lower_lua(chunk, true).unwrap_err().line, line, "{chunk}");
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
            assert!(lower_lua(&chunk, true).is_err());
        }
    }

    #[test]
    fn no_nesting_exhausts_the_stack() {
        for deep in ["(", "not ", "{", "a..", "a+", "f(", "if "] {
            assert!(lower_lua(&format!("x={}", deep.repeat(100_000)), true).is_err());
        }
        let long = format!("x=f{}", ".a".repeat(100_000));
        assert!(lower_lua(&long, true).is_err());
    }
}
