//! The bits of a dependency's flags. Source: rpm `rpmds.h`, `rpmsenseFlags`.

/// `<`.
pub const LESS: u32 = 1 << 1;
/// `>`.
pub const GREATER: u32 = 1 << 2;
/// `=`.
pub const EQUAL: u32 = 1 << 3;
/// For `%posttrans`.
pub const POST_TRANS: u32 = 1 << 5;
/// A prerequisite, as old packages have them.
pub const PREREQ: u32 = 1 << 6;
/// For `%pretrans`.
pub const PRE_TRANS: u32 = 1 << 7;
/// The program that runs a scriptlet.
pub const INTERPRETER: u32 = 1 << 8;
/// For `%pre`.
pub const PRE: u32 = 1 << 9;
/// For `%post`.
pub const POST: u32 = 1 << 10;
/// For `%preun`.
pub const PRE_UN: u32 = 1 << 11;
/// For `%postun`.
pub const POST_UN: u32 = 1 << 12;
/// For `%verifyscript`.
pub const VERIFY: u32 = 1 << 13;
/// A generator found the requirement.
pub const FOUND_REQUIREMENT: u32 = 1 << 14;
/// A generator found what is provided.
pub const FOUND_PROVISION: u32 = 1 << 15;
/// Of `%triggerin` and its kin for files.
pub const TRIGGER_IN: u32 = 1 << 16;
/// Of `%triggerun` and its kin for files.
pub const TRIGGER_UN: u32 = 1 << 17;
/// Of `%triggerpostun` and its kin for files.
pub const TRIGGER_POST_UN: u32 = 1 << 18;
/// `Requires(missingok)`.
pub const MISSING_OK: u32 = 1 << 19;
/// For `%preuntrans`.
pub const PRE_UN_TRANS: u32 = 1 << 20;
/// For `%postuntrans`.
pub const POST_UN_TRANS: u32 = 1 << 21;
/// A feature of rpm itself.
pub const RPMLIB: u32 = 1 << 24;
/// Of `%triggerprein`.
pub const TRIGGER_PRE_IN: u32 = 1 << 25;
/// `config(name)`.
pub const CONFIG: u32 = 1 << 28;
/// `Requires(meta)`.
pub const META: u32 = 1 << 29;
