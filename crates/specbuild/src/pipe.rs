//! `--pipe CMD`: what goes to standard output is read by a command.
//!
//! The program starts itself anew, without the option and with its output going there.
//! Source: rpm(8), rpm-common(8).

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::terminal;

/// The exit status of a run whose arguments have the option; otherwise `None`.
pub(crate) fn run(args: &[OsString]) -> Option<u8> {
    let (command, rest) = split(args)?;
    let status = start(&command, &rest).unwrap_or_else(|error| {
        let reason = build::reason_of(&error);
        terminal::print_error(&format!("error: cannot run a command for --pipe: {reason}"));
        1
    });
    Some(status)
}

/// The command, and the arguments without it.
fn split(args: &[OsString]) -> Option<(OsString, Vec<OsString>)> {
    let place = args.iter().position(|word| {
        let word = word.to_string_lossy();
        word == "--pipe" || word.starts_with("--pipe=")
    })?;
    let mut rest = args.to_vec();
    let option = rest.remove(place);
    let option = option.to_string_lossy();
    let command = match option.split_once('=') {
        Some((_, command)) => command.into(),
        None if place < rest.len() => rest.remove(place),
        None => return None,
    };
    Some((command, rest))
}

/// Fails where the command does, even if the program itself does not.
fn start(command: &OsStr, args: &[OsString]) -> std::io::Result<u8> {
    let (name, rest) = args.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut own = Command::new(crate::personality::own_program())
        .arg0(name)
        .args(rest)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = own.stdout.take().map_or_else(Stdio::null, Stdio::from);
    let mut reader = Command::new("/bin/sh");
    let read = reader.arg("-c").arg(command).stdin(output).status()?;
    // Whoever waits for a reader that has gone must not wait for ever.
    drop(reader);
    let status = own.wait()?.code().unwrap_or(1);
    Ok(if read.success() {
        u8::try_from(status).unwrap_or(1)
    } else {
        1
    })
}
