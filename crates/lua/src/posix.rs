//! The `posix` library. Source: rpm-lua(7), "posix extension".
//!
//! Functions that fail return nil, a message and the error's number.

mod accounts;
mod environment;
mod files;
mod limits;
mod mode;
mod process;

use mlua::{IntoLua, Lua, MultiValue, Table, Value};
use nix::errno::Errno;

use crate::context::Context;
use crate::native::{self, Answer, Args, Entry, answer};

const FUNCTIONS: &[Entry] = &[
    ("access", files::access),
    ("chdir", files::chdir),
    ("chmod", files::chmod),
    ("chown", files::chown),
    ("ctermid", process::ctermid),
    ("dir", files::dir),
    ("files", files::files),
    ("getcwd", files::getcwd),
    ("getgroup", accounts::getgroup),
    ("getlogin", accounts::getlogin),
    ("getpasswd", accounts::getpasswd),
    ("getprocessid", process::getprocessid),
    ("kill", process::kill),
    ("link", files::link),
    ("mkdir", files::mkdir),
    ("mkfifo", files::mkfifo),
    ("mkstemp", files::mkstemp),
    ("pathconf", limits::pathconf),
    ("readlink", files::readlink),
    ("rmdir", files::rmdir),
    ("setgid", accounts::setgid),
    ("setuid", accounts::setuid),
    ("sleep", process::sleep),
    ("stat", files::stat),
    ("symlink", files::symlink),
    ("sysconf", limits::sysconf),
    ("times", process::times),
    ("ttyname", process::ttyname),
    ("umask", files::umask),
    ("uname", process::uname),
    ("unlink", files::unlink),
    ("utime", files::utime),
];

/// Functions that change nothing outside of Lua; a confined state has no others.
const HARMLESS_FUNCTIONS: &[Entry] = &[
    ("errno", errno),
    ("exec", |_, _| crate::rpm::check_gone("posix.exec")),
    ("fork", |_, _| crate::rpm::check_gone("posix.fork")),
    ("getenv", environment::getenv),
    ("putenv", environment::putenv),
    ("redirect2null", |_, _| {
        crate::rpm::check_gone("rpm.redirect2null")
    }),
    ("setenv", environment::setenv),
    ("unsetenv", environment::unsetenv),
    ("wait", |_, _| crate::rpm::check_gone("posix.wait")),
];

/// The table `posix`.
pub(crate) fn create(lua: &Lua, is_confined: bool) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    native::register(lua, &table, HARMLESS_FUNCTIONS)?;
    if !is_confined {
        native::register(lua, &table, FUNCTIONS)?;
    }
    table.set("version", "posix library for Lua 5.4")?;
    Ok(table)
}

/// Message and number of the last failure.
fn errno(lua: &Lua, _: &Args) -> Answer {
    let code = Context::of(lua).errno.get();
    answer(lua, (Errno::from_raw(code).desc(), f64::from(code)))
}

/// The answer to a system call: a number, or what went wrong, with the path if there is one.
fn number_or_failure(lua: &Lua, result: nix::Result<impl Into<f64>>, path: Option<&str>) -> Answer {
    match result {
        Ok(number) => answer(lua, number.into()),
        Err(error) => failed(lua, error, path),
    }
}

/// The answer to a system call that returns nothing: 0, or what went wrong.
fn done(lua: &Lua, result: nix::Result<()>, path: Option<&str>) -> Answer {
    number_or_failure(lua, result.map(|()| 0.0), path)
}

fn failed(lua: &Lua, error: Errno, path: Option<&str>) -> Answer {
    Context::of(lua).errno.set(error as i32);
    let message = match path {
        Some(path) => format!("{path}: {}", error.desc()),
        None => error.desc().to_owned(),
    };
    answer(lua, (Value::Nil, message, f64::from(error as i32)))
}

/// The error number of an error of the standard library.
fn number_of(error: &std::io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(Errno::EIO as i32))
}

/// An argument that chooses one of several values by name.
struct Choice<'a, const N: usize> {
    /// The number of the argument.
    number: usize,
    /// The names that it may have.
    names: &'a [&'a str; N],
}

impl<const N: usize> Choice<'_, N> {
    /// The value of the name that is given, or a table of all if none is; `value` gets the index of a name.
    fn answer(&self, lua: &Lua, args: &Args, value: impl Fn(usize) -> Value) -> Answer {
        if !args.is_none(self.number) {
            let chosen = args.choice(self.number, self.names)?;
            return Ok(MultiValue::from_iter([value(chosen)]));
        }
        let table = lua.create_table()?;
        for (index, name) in self.names.iter().enumerate() {
            table.set(*name, value(index))?;
        }
        answer(lua, table)
    }
}

/// A value for Lua, nil if it cannot be made.
fn value(lua: &Lua, it: impl IntoLua) -> Value {
    it.into_lua(lua).unwrap_or(Value::Nil)
}
