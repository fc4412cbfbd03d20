//! The kinds of findings this crate makes, each with what it means.

use source::Code;

macro_rules! codes {
    ($($name:ident = $code:literal : $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: Code = Code($code);)*

        /// Every kind of finding of this crate, with a sentence on what it means.
        pub const CODES: &[(Code, &str)] = &[$(($name, $meaning)),*];
    };
}

codes! {
    BAD_NAME = "debfile::bad-package-name":
        "A package name has characters that dpkg doesn't take.";
    BAD_VERSION = "debfile::bad-version":
        "A version has characters that a `.deb` can't have.";
    UNKNOWN_ARCH = "debfile::unknown-arch":
        "The target's table has no dpkg architecture for this one.";
    UNRESOLVED = "debfile::unresolved-dependency":
        "Neither a package of the spec nor one of the target provides a capability.";
    LOSSY_DEPENDENCY = "debfile::lossy-dependency":
        "A dependency says more than a relation of a `.deb` can.";
    LUA_SCRIPTLET = "debfile::lua-scriptlet":
        "A scriptlet is written in the package manager's Lua.";
    NO_SCRIPTLET = "debfile::no-counterpart-of-scriptlet":
        "A scriptlet, or an option of one, has no counterpart.";
    SCRIPTLET_ARGUMENT = "debfile::scriptlet-argument":
        "A scriptlet expects another `$1` than its spec would suggest, and gets it.";
    NO_PROGRAM = "debfile::no-such-program":
        "A scriptlet calls a program that no package of the target has.";
    NO_OPTION = "debfile::no-such-option":
        "A scriptlet calls a program with an option that the target's program lacks.";
    NO_TRIGGER = "debfile::no-counterpart-of-trigger":
        "A trigger has no counterpart.";
    LOSSY_TRIGGER = "debfile::lossy-trigger":
        "A trigger works, but at another time or for fewer cases than in rpm.";
    BAD_FILE = "debfile::bad-file":
        "A file is of a kind that an archive can't hold.";
    OUT_OF_RANGE = "debfile::number-out-of-range":
        "A number is larger or smaller than a `.deb` or dpkg has room for.";
    BAD_PLACE = "debfile::bad-place":
        "A file is lost where it lies, or nothing of the target looks for it there.";
    SHARED_PATH = "debfile::shared-path":
        "Two packages of the spec hold the same file.";
    LEFT_PATH = "debfile::path-left-to-other":
        "Two packages of the spec hold the same file; only the one that the other needs keeps it.";
    NO_MAINTAINER = "debfile::no-maintainer":
        "Nobody is named who could be the maintainer.";
    NO_TAG = "debfile::no-counterpart-of-tag":
        "A tag of the spec has no field in a `.deb`.";
    UNMADE_OWNER = "debfile::unmade-owner":
        "Files belong to a user or group that neither every system has nor the spec makes.";
    NO_CONFFILE = "debfile::no-conffile":
        "`%config` on something that can't be a conffile.";
    NO_LICENSE_TEXT = "debfile::no-license-text":
        "A licence has neither a text in the package nor one that the target keeps.";
}
