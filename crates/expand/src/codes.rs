//! The kinds of findings this crate makes.

use source::Code;

/// A macro calls itself without end, or nests deeper than 64 calls.
pub(crate) const RECURSION: Code = Code("expand::recursion");
/// An expansion grows past the engine's limits.
pub(crate) const BUDGET: Code = Code("expand::budget");
/// A `%{`, `%(` or `%[` has no end.
pub(crate) const UNTERMINATED: Code = Code("expand::unterminated");
/// A definition is not well formed.
pub(crate) const BAD_DEFINITION: Code = Code("expand::bad-definition");
/// A macro was called in a way it does not support.
pub(crate) const BAD_CALL: Code = Code("expand::bad-call");
/// A local macro was never used.
pub(crate) const UNUSED: Code = Code("expand::unused");
/// An expression can't be evaluated.
pub(crate) const EXPRESSION: Code = Code("expand::expression");
/// A shell command can't be run.
pub(crate) const SHELL: Code = Code("expand::shell");
/// A macro file can't be read.
pub(crate) const LOAD: Code = Code("expand::load");
/// A script failed.
pub(crate) const SCRIPT: Code = Code("expand::script");
/// `%{error:…}` or `%{warn:…}` said so.
pub(crate) const MESSAGE: Code = Code("expand::message");

/// Every code with what it means.
pub const CODES: &[(Code, &str)] = &[
    (
        RECURSION,
        "A macro calls itself, directly or through others, or nests deeper than 64 calls.",
    ),
    (
        BUDGET,
        "An expansion makes more text or more calls than the engine allows.",
    ),
    (
        UNTERMINATED,
        "A `%{`, `%(` or `%[` has no matching bracket before the end of the text.",
    ),
    (
        BAD_DEFINITION,
        "A `%define`, `%global` or macro file line is not `NAME[(OPTIONS)] BODY`.",
    ),
    (
        BAD_CALL,
        "A macro got an option it does not know, or too many or too few arguments.",
    ),
    (
        UNUSED,
        "A macro defined inside a parametric macro was never used before the call ended.",
    ),
    (
        EXPRESSION,
        "What stands in `%[ ]`, `%{expr:}` or after `%if` is not a valid expression.",
    ),
    (SHELL, "The shell for `%( )` could not be started."),
    (LOAD, "A macro file could not be read."),
    (
        SCRIPT,
        "A `%{lua:}` chunk failed, or there is no Lua to run it.",
    ),
    (
        MESSAGE,
        "The spec or a macro said so itself, by `%{error:…}` or `%{warn:…}`.",
    ),
];
