//! The kinds of findings that generating dependencies makes. Their names are of the area `collect`, as
//! to the user both crates are one step of the build.

use source::Code;

/// A link leads back to itself.
pub(crate) const LINK_LOOP: Code = Code("collect::link-loop");
/// A macro that steers the packaging has a value it can't have.
pub const BAD_SETTING: Code = Code("collect::bad-setting");
/// A file that a dependency generator looks at is not as it should be.
pub(crate) const GENERATOR: Code = Code("collect::generator");

/// Every code with what it means.
pub const CODES: &[(Code, &str)] = &[
    (
        LINK_LOOP,
        "A symbolic link leads back to itself, so that nobody can follow it.",
    ),
    (
        BAD_SETTING,
        "A macro that steers the packaging has a value that means nothing.",
    ),
    (
        GENERATOR,
        "A file from which dependencies are read can't be understood.",
    ),
];
