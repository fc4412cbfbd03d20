//! Files and directories.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};

use mlua::{Lua, Table, Value};
use nix::sys::stat::{Mode, utimes};
use nix::sys::time::{TimeVal, TimeValLike};
use nix::unistd;

use super::{accounts, done, failed, mode, number_of};
use crate::fault::Fault;
use crate::native::{Answer, Args, answer, native};

/// Wraps a call on one path, which messages then name.
macro_rules! on_path {
    ($(#[$doc:meta] $name:ident = $call:expr;)*) => {$(
        #[$doc]
        pub(super) fn $name(lua: &Lua, args: &Args) -> Answer {
            let path = args.path(1)?;
            done(lua, $call(path.as_path()), Some(&path.to_string_lossy()))
        }
    )*};
}

on_path! {
    /// `posix.chdir(PATH)`.
    chdir = unistd::chdir;
    /// `posix.mkdir(PATH)`.
    mkdir = |path| unistd::mkdir(path, Mode::from_bits_truncate(0o777));
    /// `posix.mkfifo(PATH)`.
    mkfifo = |path| unistd::mkfifo(path, Mode::from_bits_truncate(0o777));
    /// `posix.rmdir(PATH)`.
    rmdir = |path| fs::remove_dir(path).map_err(|error| number_of(&error));
    /// `posix.unlink(PATH)`.
    unlink = unistd::unlink;
}

/// `posix.link(OLD, NEW)`.
pub(super) fn link(lua: &Lua, args: &Args) -> Answer {
    let linked = fs::hard_link(args.path(1)?, args.path(2)?);
    done(lua, linked.map_err(|error| number_of(&error)), None)
}

/// `posix.symlink(OLD, NEW)`.
pub(super) fn symlink(lua: &Lua, args: &Args) -> Answer {
    let linked = std::os::unix::fs::symlink(args.path(1)?, args.path(2)?);
    done(lua, linked.map_err(|error| number_of(&error)), None)
}

/// `posix.readlink(PATH)`.
pub(super) fn readlink(lua: &Lua, args: &Args) -> Answer {
    let path = args.path(1)?;
    match fs::read_link(&path) {
        Ok(target) => answer(lua, target.to_string_lossy()),
        Err(error) => failed(lua, number_of(&error), Some(&path.to_string_lossy())),
    }
}

/// `posix.getcwd()`.
pub(super) fn getcwd(lua: &Lua, _: &Args) -> Answer {
    match unistd::getcwd() {
        Ok(path) => answer(lua, path.to_string_lossy()),
        Err(error) => failed(lua, error, Some(".")),
    }
}

/// `posix.access(PATH, MODE)`: `f` exists, `r`, `w`, `x`.
pub(super) fn access(lua: &Lua, args: &Args) -> Answer {
    let path = args.path(1)?;
    let mut wanted = unistd::AccessFlags::F_OK;
    for letter in args.string_or(2, "f")?.chars() {
        wanted |= match letter {
            ' ' | 'f' => unistd::AccessFlags::F_OK,
            'r' => unistd::AccessFlags::R_OK,
            'w' => unistd::AccessFlags::W_OK,
            'x' => unistd::AccessFlags::X_OK,
            _ => return Err(unknown_option("mode", letter)),
        };
    }
    done(
        lua,
        unistd::access(&path, wanted),
        Some(&path.to_string_lossy()),
    )
}

/// The fault of a letter that is none of the known ones.
pub(super) fn unknown_option(what: &str, letter: char) -> Fault {
    Fault::Argument(2, format!("unknown {what} option `{letter}'"))
}

/// `posix.chmod(PATH, MODE)`.
pub(super) fn chmod(lua: &Lua, args: &Args) -> Answer {
    let (path, text) = (args.path(1)?, args.string(2)?);
    let old = match fs::metadata(&path) {
        Ok(metadata) => metadata.mode(),
        Err(error) => return failed(lua, number_of(&error), Some(&path.to_string_lossy())),
    };
    let bad_mode = || Fault::Argument(2, "bad mode".to_owned());
    let new = mode::parse(&text, old & 0o7777).ok_or_else(bad_mode)?;
    let changed = fs::set_permissions(&path, fs::Permissions::from_mode(new));
    done(
        lua,
        changed.map_err(|error| number_of(&error)),
        Some(&path.to_string_lossy()),
    )
}

/// `posix.chown(PATH, USER, GROUP)`; who is not known stays as it is.
pub(super) fn chown(lua: &Lua, args: &Args) -> Answer {
    let path = args.path(1)?;
    let changed = unistd::chown(&path, accounts::uid(args, 2)?, accounts::gid(args, 3)?);
    done(lua, changed, Some(&path.to_string_lossy()))
}

/// `posix.umask(MODE)`: the permissions that new files get, as `rwxr-xr-x`.
pub(super) fn umask(lua: &Lua, args: &Args) -> Answer {
    let old = nix::sys::stat::umask(Mode::empty());
    nix::sys::stat::umask(old);
    let granted = !old.bits() & 0o777;
    if args.is_none(1) {
        return answer(lua, mode::spell(granted));
    }
    let Some(new) = mode::parse(&args.string(1)?, granted) else {
        return answer(lua, Value::Nil);
    };
    nix::sys::stat::umask(Mode::from_bits_truncate(!new & 0o777));
    answer(lua, mode::spell(new & 0o777))
}

/// `posix.utime(PATH, MTIME, ATIME)`, in seconds since 1970; now if not given.
pub(super) fn utime(lua: &Lua, args: &Args) -> Answer {
    let path = args.path(1)?;
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = since_1970.map_or(0, |it| it.as_secs() as i64);
    let (mtime, atime) = (args.integer_or(2, now)?, args.integer_or(3, now)?);
    let changed = utimes(&path, &TimeVal::seconds(atime), &TimeVal::seconds(mtime));
    done(lua, changed, Some(&path.to_string_lossy()))
}

/// The names in a directory: `.` and `..`, then the others, sorted.
fn names_in(args: &Args) -> Result<(String, Result<Vec<String>, nix::errno::Errno>), Fault> {
    let path = args.string_or(1, ".")?;
    let read = || -> std::io::Result<Vec<String>> {
        let mut names = vec![".".to_owned(), "..".to_owned()];
        for entry in fs::read_dir(&path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names[2..].sort();
        Ok(names)
    };
    let names = read().map_err(|error| number_of(&error));
    Ok((path, names))
}

/// `posix.dir(PATH)`: a table of names.
pub(super) fn dir(lua: &Lua, args: &Args) -> Answer {
    match names_in(args)? {
        (_, Ok(names)) => answer(lua, lua.create_sequence_from(names)?),
        (path, Err(error)) => failed(lua, error, Some(&path)),
    }
}

/// `posix.files(PATH)`: an iterator over names.
pub(super) fn files(lua: &Lua, args: &Args) -> Answer {
    let names = match names_in(args)? {
        (_, Ok(names)) => RefCell::new(names.into_iter()),
        (path, Err(error)) => return failed(lua, error, Some(&path)),
    };
    answer(
        lua,
        native(lua, move |lua, _| answer(lua, names.borrow_mut().next()))?,
    )
}

/// `posix.mkstemp(TEMPLATE)`: the open file and its path.
pub(super) fn mkstemp(lua: &Lua, args: &Args) -> Answer {
    match unistd::mkstemp(&args.path(1)?) {
        Ok((descriptor, path)) => {
            let path = path.to_string_lossy().into_owned();
            let open: mlua::Function = lua.globals().get::<Table>("io")?.get("open")?;
            let file: Value = open.call((path.as_str(), "a+"))?;
            // Lua holds the file by a descriptor of its own now.
            let _ = unistd::close(descriptor);
            answer(lua, (file, path))
        }
        Err(error) => failed(lua, error, None),
    }
}

const STAT_FIELDS: [&str; 12] = [
    "mode", "ino", "dev", "nlink", "uid", "gid", "size", "atime", "mtime", "ctime", "type", "_mode",
];

/// `posix.stat(PATH, FIELD)`, without following a link.
pub(super) fn stat(lua: &Lua, args: &Args) -> Answer {
    let path = args.path(1)?;
    let found = match fs::symlink_metadata(&path) {
        Ok(found) => found,
        Err(error) => return failed(lua, number_of(&error), Some(&path.to_string_lossy())),
    };
    let choice = super::Choice {
        number: 2,
        names: &STAT_FIELDS,
    };
    choice.answer(lua, args, |index| {
        let number = match index {
            0 => return super::value(lua, mode::spell(found.mode())),
            1 => found.ino() as f64,
            2 => found.dev() as f64,
            3 => found.nlink() as f64,
            4 => found.uid().into(),
            5 => found.gid().into(),
            6 => found.size() as f64,
            7 => found.atime() as f64,
            8 => found.mtime() as f64,
            9 => found.ctime() as f64,
            10 => return super::value(lua, kind(found.file_type())),
            _ => found.mode().into(),
        };
        Value::Number(number)
    })
}

/// The word for a kind of file.
fn kind(it: fs::FileType) -> &'static str {
    let kinds = [
        (it.is_file(), "regular"),
        (it.is_symlink(), "link"),
        (it.is_dir(), "directory"),
        (it.is_char_device(), "character device"),
        (it.is_block_device(), "block device"),
        (it.is_fifo(), "fifo"),
        (it.is_socket(), "socket"),
    ];
    kinds
        .iter()
        .find(|(is, _)| *is)
        .map_or("?", |(_, word)| word)
}
