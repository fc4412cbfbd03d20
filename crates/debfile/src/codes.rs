//! The kinds of findings this crate makes.

use source::Code;

/// A package name has characters that Debian's tools don't take.
pub const BAD_NAME: Code = Code("debfile::bad-name");
/// A version has characters that have no counterpart in Debian's.
pub const BAD_VERSION: Code = Code("debfile::bad-version");
/// The target's table has no dpkg architecture for this one.
pub const UNKNOWN_ARCH: Code = Code("debfile::unknown-arch");
/// Neither a package of the spec nor one of the target provides a capability.
pub const UNRESOLVED: Code = Code("debfile::unresolved-dependency");
/// A dependency says more than a relation of a `.deb` can.
pub const LOSSY_DEPENDENCY: Code = Code("debfile::lossy-dependency");
/// A scriptlet is written in the package manager's Lua.
pub const LUA_SCRIPTLET: Code = Code("debfile::lua-scriptlet");
/// A scriptlet, or an option of one, has no counterpart.
pub const NO_SCRIPTLET: Code = Code("debfile::no-counterpart-of-scriptlet");
/// A trigger has no counterpart.
pub const NO_TRIGGER: Code = Code("debfile::no-counterpart-of-trigger");
/// A trigger works, but at another time or for fewer cases than in rpm.
pub const LOSSY_TRIGGER: Code = Code("debfile::lossy-trigger");
/// A file is of a kind that an archive can't hold.
pub const BAD_FILE: Code = Code("debfile::bad-file");
/// Two packages of the spec hold the same file.
pub const SHARED_PATH: Code = Code("debfile::shared-path");
/// Nobody is named who could be the maintainer.
pub const NO_MAINTAINER: Code = Code("debfile::no-maintainer");
/// `%config` on something that can't be a conffile.
pub const NO_CONFFILE: Code = Code("debfile::no-conffile");
/// A licence has neither a text in the package nor one that the target keeps.
pub const NO_LICENSE_TEXT: Code = Code("debfile::no-license-text");
