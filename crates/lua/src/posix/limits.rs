//! `posix.sysconf` and `posix.pathconf`: limits of the system. A limit it does not have is -1.

use mlua::{Lua, Value};
use nix::unistd::{PathconfVar, SysconfVar, pathconf as ask_path, sysconf as ask_system};

use crate::native::{Answer, Args};

/// `posix.sysconf(NAME)`, or a table of all.
pub(super) fn sysconf(lua: &Lua, args: &Args) -> Answer {
    use SysconfVar as V;
    let names = [
        "arg_max",
        "child_max",
        "clk_tck",
        "ngroups_max",
        "stream_max",
        "tzname_max",
        "open_max",
        "job_control",
        "saved_ids",
        "version",
    ];
    let choice = super::Choice {
        number: 1,
        names: &names,
    };
    choice.answer(lua, args, |index| {
        let limit = match index {
            0 => V::ARG_MAX,
            1 => V::CHILD_MAX,
            2 => V::CLK_TCK,
            3 => V::NGROUPS_MAX,
            4 => V::STREAM_MAX,
            5 => V::TZNAME_MAX,
            6 => V::OPEN_MAX,
            7 => V::_POSIX_JOB_CONTROL,
            8 => V::_POSIX_SAVED_IDS,
            _ => V::_POSIX_VERSION,
        };
        limit_value(ask_system(limit))
    })
}

/// `posix.pathconf(PATH, NAME)`, or a table of all.
pub(super) fn pathconf(lua: &Lua, args: &Args) -> Answer {
    use PathconfVar as V;
    let path = args.path(1)?;
    let names = [
        "link_max",
        "max_canon",
        "max_input",
        "name_max",
        "path_max",
        "pipe_buf",
        "chown_restricted",
        "no_trunc",
        "vdisable",
    ];
    let choice = super::Choice {
        number: 2,
        names: &names,
    };
    choice.answer(lua, args, |index| {
        let limit = match index {
            0 => V::LINK_MAX,
            1 => V::MAX_CANON,
            2 => V::MAX_INPUT,
            3 => V::NAME_MAX,
            4 => V::PATH_MAX,
            5 => V::PIPE_BUF,
            6 => V::_POSIX_CHOWN_RESTRICTED,
            7 => V::_POSIX_NO_TRUNC,
            _ => V::_POSIX_VDISABLE,
        };
        limit_value(ask_path(&path, limit))
    })
}

fn limit_value(limit: nix::Result<Option<impl Into<i64>>>) -> Value {
    let limit = limit.ok().flatten().map_or(-1, Into::into);
    Value::Number(limit as f64)
}
