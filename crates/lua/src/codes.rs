//! The kinds of findings this crate makes.

use source::Code;

/// The file that runs before all chunks failed.
pub(crate) const INIT_FAILED: Code = Code("lua::init-failed");
/// A function registered with `rpm.register` failed.
pub(crate) const HOOK_FAILED: Code = Code("lua::hook-failed");

/// A script run as a program failed.
pub(crate) const PROGRAM_FAILED: Code = Code("lua::program-failed");

/// Every code with what it means.
pub const CODES: &[(Code, &str)] = &[
    (
        INIT_FAILED,
        "`init.lua`, which runs before the first Lua chunk, cannot be read or failed.",
    ),
    (
        HOOK_FAILED,
        "A Lua function registered with `rpm.register` failed when its hook was called.",
    ),
    (
        PROGRAM_FAILED,
        "A Lua script that was run as a program failed.",
    ),
];
