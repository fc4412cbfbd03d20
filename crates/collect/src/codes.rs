//! The kinds of findings this crate makes.

use source::Code;

pub(crate) use generate::BAD_SETTING;

/// Nothing in the build root answers to a line of `%files`.
pub(crate) const NOT_FOUND: Code = Code("collect::not-found");
/// Something named as a directory is none.
pub(crate) const NOT_A_DIRECTORY: Code = Code("collect::not-a-directory");
/// A path is not UTF-8 or holds control characters.
pub(crate) const BAD_NAME: Code = Code("collect::bad-name");
/// Two lines of `%files` bring in the same file.
pub(crate) const LISTED_TWICE: Code = Code("collect::listed-twice");
/// A mode was given to a link.
pub(crate) const LINK_MODE: Code = Code("collect::link-mode");
/// A link has an absolute target.
pub(crate) const ABSOLUTE_LINK: Code = Code("collect::absolute-link");
/// A link points into the build root.
pub(crate) const LINK_TO_BUILD_ROOT: Code = Code("collect::link-to-build-root");
/// Names of one file are in several packages.
pub(crate) const SPLIT_LINKS: Code = Code("collect::split-links");
/// A list that `%files -f` names can't be used.
pub(crate) const MANIFEST: Code = Code("collect::manifest");
/// Files were installed that no package has.
pub(crate) const UNPACKAGED: Code = Code("collect::unpackaged");
/// A package holds machine code it should not.
pub(crate) const WRONG_ARCH: Code = Code("collect::wrong-arch");
/// A macro that steers the packaging has another name by now.
pub(crate) const OLD_SETTING: Code = Code("collect::old-setting");
/// A program lacks a build id, or shares it with another.
pub(crate) const BUILD_ID: Code = Code("collect::build-id");
/// A package with debugging information has the name of another.
pub(crate) const DEBUG_PACKAGE: Code = Code("collect::debug-package");
/// A script's file, `-f`, can't be read.
pub(crate) const SCRIPT_FILE: Code = Code("collect::script-file");
/// A source, patch or icon is not there.
pub(crate) const NO_SOURCE: Code = Code("collect::no-source");
/// `%pubkey` names no key.
pub(crate) const BAD_KEY: Code = Code("collect::bad-key");
/// `Icon:` names no picture that packages can have.
pub(crate) const BAD_ICON: Code = Code("collect::bad-icon");
/// `%semodule` names no module, or one that does not go with another.
pub(crate) const BAD_POLICY: Code = Code("collect::bad-policy");

/// Every code with what it means.
pub const CODES: &[(Code, &str)] = &[
    (
        NOT_FOUND,
        "A line of `%files` names a path, or a pattern, that nothing in the build root answers to. \
         Either `%install` did not put the file there, or the line has a slip.",
    ),
    (
        NOT_A_DIRECTORY,
        "A path marked by `%dir`, or written with a slash at its end, is not a directory.",
    ),
    (
        BAD_NAME,
        "The path of a packaged file must be UTF-8 and free of control characters.",
    ),
    (
        LISTED_TWICE,
        "Two lines of `%files` of one package bring in the same file. Usually a directory was \
         listed without `%dir`, which takes everything in it. An error under \
         `%_duplicate_files_terminate_build`.",
    ),
    (
        LINK_MODE,
        "`%attr` gives a mode to a symbolic link, which has none.",
    ),
    (
        ABSOLUTE_LINK,
        "A symbolic link with an absolute target breaks when the system is mounted elsewhere.",
    ),
    (
        LINK_TO_BUILD_ROOT,
        "A symbolic link points into the build root and will point nowhere once installed.",
    ),
    (
        SPLIT_LINKS,
        "Several names of one file are in different packages. Each package gets a copy of its own, \
         so that they are no longer one file once installed.",
    ),
    (
        MANIFEST,
        "A list named by `%files -f` can't be read, or has no line.",
    ),
    (
        UNPACKAGED,
        "`%install` put files into the build root that no `%files` brings in. An error unless \
         `%_unpackaged_files_terminate_build` is 0.",
    ),
    (
        WRONG_ARCH,
        "A package for all architectures holds machine code, or a package holds code for another \
         word length only.",
    ),
    (
        OLD_SETTING,
        "A macro that steers the packaging has another name by now, and still works.",
    ),
    (
        BUILD_ID,
        "A program or library has no usable build id, which ties it to its debugging information, or \
         two different ones have the same. The first is an error under \
         `%_missing_build_ids_terminate_build`.",
    ),
    (
        DEBUG_PACKAGE,
        "The spec has a package of the name that one with debugging information is to have.",
    ),
    (
        SCRIPT_FILE,
        "The file that `-f` of a scriptlet names can't be read.",
    ),
    (
        BAD_KEY,
        "`%pubkey` puts an armored OpenPGP key into the header of the package. The file it names holds \
         none.",
    ),
    (
        BAD_ICON,
        "`Icon:` puts a GIF or XPM picture into the header of the package.",
    ),
    (
        BAD_POLICY,
        "A module of `%sepolicy` can't be read, or has the name and types of another.",
    ),
    (
        NO_SOURCE,
        "A file that belongs into the source package does not exist.",
    ),
];
