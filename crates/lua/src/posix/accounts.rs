//! Users and groups.

use mlua::{Lua, Value};
use nix::unistd::{Gid, Group, Uid, User};

use crate::fault::Fault;
use crate::native::{Answer, Args, answer};

/// The user an argument names, by number or name.
fn user(args: &Args, number: usize) -> Result<Option<User>, Fault> {
    match args.value(number) {
        Value::Integer(_) | Value::Number(_) => {
            Ok(id(args, number)?.and_then(|id| User::from_uid(Uid::from_raw(id)).ok().flatten()))
        }
        Value::String(_) => Ok(User::from_name(&args.string(number)?).ok().flatten()),
        _ => Err(args.wrong_type(number, "string or number")),
    }
}

/// The group an argument names, by number or name.
fn group(args: &Args, number: usize) -> Result<Option<Group>, Fault> {
    match args.value(number) {
        Value::Integer(_) | Value::Number(_) => {
            Ok(id(args, number)?.and_then(|id| Group::from_gid(Gid::from_raw(id)).ok().flatten()))
        }
        Value::String(_) => Ok(Group::from_name(&args.string(number)?).ok().flatten()),
        _ => Err(args.wrong_type(number, "string or number")),
    }
}

/// A number of 32 bits; `None` for any other.
fn id(args: &Args, number: usize) -> Result<Option<u32>, Fault> {
    Ok(u32::try_from(args.integer(number)?).ok())
}

/// The user ID an argument stands for: a number as it is, a name looked up, nothing if not known.
pub(super) fn uid(args: &Args, number: usize) -> Result<Option<Uid>, Fault> {
    match args.value(number) {
        _ if args.is_none(number) => Ok(None),
        Value::Integer(_) | Value::Number(_) => Ok(id(args, number)?.map(Uid::from_raw)),
        _ => Ok(user(args, number)?.map(|it| it.uid)),
    }
}

/// The group ID an argument stands for.
pub(super) fn gid(args: &Args, number: usize) -> Result<Option<Gid>, Fault> {
    match args.value(number) {
        _ if args.is_none(number) => Ok(None),
        Value::Integer(_) | Value::Number(_) => Ok(id(args, number)?.map(Gid::from_raw)),
        _ => Ok(group(args, number)?.map(|it| it.gid)),
    }
}

/// `posix.getpasswd(USER, FIELD)`; this process's user if none is named.
pub(super) fn getpasswd(lua: &Lua, args: &Args) -> Answer {
    let found = if args.is_nothing(1) {
        User::from_uid(Uid::effective()).ok().flatten()
    } else {
        user(args, 1)?
    };
    let Some(user) = found else {
        return answer(lua, Value::Nil);
    };
    let names = ["name", "uid", "gid", "dir", "shell", "gecos", "passwd"];
    let choice = super::Choice {
        number: 2,
        names: &names,
    };
    choice.answer(lua, args, |index| match index {
        0 => super::value(lua, user.name.as_str()),
        1 => Value::Number(user.uid.as_raw().into()),
        2 => Value::Number(user.gid.as_raw().into()),
        3 => super::value(lua, user.dir.to_string_lossy()),
        4 => super::value(lua, user.shell.to_string_lossy()),
        5 => super::value(lua, user.gecos.to_string_lossy()),
        _ => super::value(lua, user.passwd.to_string_lossy()),
    })
}

/// `posix.getgroup(GROUP)`: a table with `name`, `gid` and the members from 1 on.
pub(super) fn getgroup(lua: &Lua, args: &Args) -> Answer {
    let found = if args.is_nothing(1) {
        Group::from_gid(Gid::effective()).ok().flatten()
    } else {
        group(args, 1)?
    };
    let Some(group) = found else {
        return answer(lua, Value::Nil);
    };
    let table = lua.create_sequence_from(group.mem)?;
    table.set("name", group.name)?;
    table.set("gid", f64::from(group.gid.as_raw()))?;
    answer(lua, table)
}

/// `posix.getlogin()`: the user who logged in, as the kernel knows; nil if nobody did.
pub(super) fn getlogin(lua: &Lua, _: &Args) -> Answer {
    let text = std::fs::read_to_string("/proc/self/loginuid").unwrap_or_default();
    let id = text
        .trim()
        .parse()
        .ok()
        .filter(|id| *id != u32::MAX)
        .map(Uid::from_raw);
    let user = id.and_then(|id| User::from_uid(id).ok().flatten());
    answer(lua, user.map(|it| it.name))
}

/// `posix.setuid(USER)`.
pub(super) fn setuid(lua: &Lua, args: &Args) -> Answer {
    let uid = uid(args, 1)?.ok_or(nix::errno::Errno::EINVAL);
    super::done(lua, uid.and_then(nix::unistd::setuid), None)
}

/// `posix.setgid(GROUP)`.
pub(super) fn setgid(lua: &Lua, args: &Args) -> Answer {
    let gid = gid(args, 1)?.ok_or(nix::errno::Errno::EINVAL);
    super::done(lua, gid.and_then(nix::unistd::setgid), None)
}
