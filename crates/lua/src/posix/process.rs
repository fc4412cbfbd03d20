//! This process, other processes, the terminal and the system's name.

use std::time::Duration;

use mlua::{Lua, Value};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{self, Signal};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{self, Pid};

use super::files::unknown_option;
use crate::native::{Answer, Args, answer};

/// `posix.getprocessid(NAME)`, or a table of all.
pub(super) fn getprocessid(lua: &Lua, args: &Args) -> Answer {
    let names = ["egid", "euid", "gid", "uid", "pgrp", "pid", "ppid"];
    let choice = super::Choice {
        number: 1,
        names: &names,
    };
    choice.answer(lua, args, |index| {
        Value::Number(match index {
            0 => unistd::getegid().as_raw().into(),
            1 => unistd::geteuid().as_raw().into(),
            2 => unistd::getgid().as_raw().into(),
            3 => unistd::getuid().as_raw().into(),
            4 => unistd::getpgrp().as_raw().into(),
            5 => unistd::getpid().as_raw().into(),
            _ => unistd::getppid().as_raw().into(),
        })
    })
}

/// `posix.kill(PID, SIGNAL)`, SIGTERM if none is given.
pub(super) fn kill(lua: &Lua, args: &Args) -> Answer {
    let number = |it: i64| i32::try_from(it).map_err(|_| nix::errno::Errno::EINVAL);
    let (pid, signal) = (
        args.integer(1)?,
        args.integer_or(2, Signal::SIGTERM as i64)?,
    );
    let sent = number(pid).and_then(|pid| {
        let signal = match number(signal)? {
            0 => None,
            signal => Some(Signal::try_from(signal)?),
        };
        signal::kill(Pid::from_raw(pid), signal)
    });
    super::done(lua, sent, None)
}

/// `posix.sleep(SECONDS)`.
pub(super) fn sleep(lua: &Lua, args: &Args) -> Answer {
    let seconds = args.integer(1)?;
    std::thread::sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    answer(lua, 0.0)
}

/// `posix.times(NAME)`, or a table of all: seconds of processor time of this process and of those
/// it waited for, and seconds since the system started.
pub(super) fn times(lua: &Lua, args: &Args) -> Answer {
    let seconds = |microseconds: i64| microseconds as f64 / 1e6;
    let used = |who| match getrusage(who) {
        Ok(usage) => {
            [usage.user_time(), usage.system_time()].map(|it| seconds(it.num_microseconds()))
        }
        Err(_) => [0.0; 2],
    };
    let (own, children) = (used(UsageWho::RUSAGE_SELF), used(UsageWho::RUSAGE_CHILDREN));
    let elapsed = clock_gettime(ClockId::CLOCK_BOOTTIME).map_or(0, |it| it.num_microseconds());
    let values = [own[0], own[1], children[0], children[1], seconds(elapsed)];
    let names = ["utime", "stime", "cutime", "cstime", "elapsed"];
    let choice = super::Choice {
        number: 1,
        names: &names,
    };
    choice.answer(lua, args, |index| Value::Number(values[index]))
}

/// `posix.ctermid()`: the name by which every process reaches its terminal.
pub(super) fn ctermid(lua: &Lua, _: &Args) -> Answer {
    answer(lua, "/dev/tty")
}

/// `posix.ttyname(FD)`: the terminal behind a descriptor of this process, 0 if none is given; nil
/// if there is none.
pub(super) fn ttyname(lua: &Lua, args: &Args) -> Answer {
    let descriptor = args.integer_or(1, 0)?;
    let name = std::fs::read_link(format!("/proc/self/fd/{descriptor}")).ok();
    let terminal = name.filter(|it| it.starts_with("/dev/tty") || it.starts_with("/dev/pts"));
    answer(lua, terminal.map(|it| it.to_string_lossy().into_owned()))
}

/// `posix.uname(FORMAT)`: `%m`, `%n`, `%r`, `%s`, `%v` and `%%`.
pub(super) fn uname(lua: &Lua, args: &Args) -> Answer {
    let system = match nix::sys::utsname::uname() {
        Ok(system) => system,
        Err(error) => return super::failed(lua, error, None),
    };
    let format = args.string_or(1, "%s %n %r %v %m")?;
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let word = match letters.next() {
            Some('%') => "%".into(),
            Some('m') => system.machine().to_string_lossy(),
            Some('n') => system.nodename().to_string_lossy(),
            Some('r') => system.release().to_string_lossy(),
            Some('s') => system.sysname().to_string_lossy(),
            Some('v') => system.version().to_string_lossy(),
            other => return Err(unknown_option("format", other.unwrap_or('%'))),
        };
        text.push_str(&word);
    }
    answer(lua, text)
}
