//! The kinds of findings this crate makes.

use source::Code;

/// A function registered with `rpm.register` failed.
pub(crate) const HOOK_FAILED: Code = Code("lua::hook-failed");

/// Every code with what it means.
pub const CODES: &[(Code, &str)] = &[(
    HOOK_FAILED,
    "A Lua function registered with `rpm.register` failed when its hook was called.",
)];
