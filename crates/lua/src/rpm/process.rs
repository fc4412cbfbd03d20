//! Running programs: `rpm.execute`, `rpm.spawn`.

use std::fs::{File, OpenOptions};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use mlua::{Lua, Table, Value};
use nix::errno::Errno;

use crate::context::{Context, path_of};
use crate::fault::Fault;
use crate::native::{Answer, Args, answer};

/// `rpm.execute(PROGRAM, ARG…)`: 0, or nil, a message and a code.
pub(crate) fn execute(lua: &Lua, args: &Args) -> Answer {
    let mut command = Command::new(args.path(1)?);
    for number in 2..=args.len() {
        command.arg(args.path(number)?);
    }
    run(lua, command)
}

/// `rpm.spawn({PROGRAM, ARG…}, {stdin=PATH, stdout=PATH, stderr=PATH})`: the same.
pub(crate) fn spawn(lua: &Lua, args: &Args) -> Answer {
    let words = args.table(1)?;
    if words.raw_len() == 0 {
        return Err(Fault::text("command not supplied"));
    }
    let mut command = Command::new(path_of(&word(lua, &words, 1)?));
    for number in 2..=words.raw_len() {
        command.arg(path_of(&word(lua, &words, number)?));
    }
    if let Value::Table(actions) = args.value(2) {
        for pair in actions.pairs::<String, String>() {
            let (stream, path) = pair?;
            if let Err(error) = redirect(&mut command, &stream, &path)? {
                return failed(lua, &error);
            }
        }
    }
    run(lua, command)
}

fn word(lua: &Lua, words: &Table, number: usize) -> Result<Vec<u8>, Fault> {
    let value: Value = words.raw_get(number)?;
    let kind = value.type_name();
    let text = lua.coerce_string(value)?;
    // rpm counts from the end of Lua's stack here.
    let wrong = || {
        Fault::text(format!(
            "bad argument #-1 to 'spawn' (string expected, got {kind})"
        ))
    };
    Ok(text.ok_or_else(wrong)?.as_bytes().to_vec())
}

/// Opens a file for one of the command's streams; output is appended.
fn redirect(command: &mut Command, stream: &str, path: &str) -> Result<std::io::Result<()>, Fault> {
    let append = || OpenOptions::new().append(true).create(true).open(path);
    let opened = match stream {
        "stdin" => File::open(path).map(|file| command.stdin(file)),
        "stdout" => append().map(|file| command.stdout(file)),
        "stderr" => append().map(|file| command.stderr(file)),
        _ => return Err(Fault::text(format!("invalid spawn directive: {stream}"))),
    };
    Ok(opened.map(|_| ()))
}

fn run(lua: &Lua, mut command: Command) -> Answer {
    for (name, value) in Context::of(lua).variables() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    match command.status() {
        Ok(status) => status_answer(lua, status),
        Err(error) => failed(lua, &error),
    }
}

fn status_answer(lua: &Lua, status: ExitStatus) -> Answer {
    match (status.code(), status.signal()) {
        (Some(0), _) => answer(lua, 0.0),
        (Some(code), _) => answer(lua, (Value::Nil, "exit code", f64::from(code))),
        (None, signal) => answer(
            lua,
            (Value::Nil, "exit signal", f64::from(signal.unwrap_or(0))),
        ),
    }
}

fn failed(lua: &Lua, error: &std::io::Error) -> Answer {
    let code = error.raw_os_error().unwrap_or(0);
    answer(
        lua,
        (Value::Nil, Errno::from_raw(code).desc(), f64::from(code)),
    )
}

/// `rpm.redirect2null` is gone: there is no forked child to use it in.
pub(crate) fn redirect_to_null(_: &Lua, _: &Args) -> Answer {
    check_gone("rpm.redirect2null")
}

/// rpm 6's error for functions that only scriptlets of old packages may use.
pub(crate) fn check_gone(name: &str) -> Answer {
    Err(Fault::text(format!(
        "{name}() is no longer available, use rpm.spawn() or rpm.execute() instead"
    )))
}
