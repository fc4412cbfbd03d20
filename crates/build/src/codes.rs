//! The kinds of findings this crate makes, each with what it means.

use source::Code;

macro_rules! codes {
    ($($name:ident = $code:literal : $meaning:literal;)*) => {
        $(pub(crate) const $name: Code = Code($code);)*

        /// Every kind of finding of this crate, with a paragraph on what it means.
        pub const CODES: &[(Code, &str)] = &[$(($name, $meaning)),*];
    };
}

codes! {
    UNSAFE_BUILD_ROOT = "build::unsafe-build-root":
        "The build root, which `%install` removes before it fills it, is or holds a directory with \
         other things in it: the working directory, that of the spec or the sources, `%_topdir`, \
         the home directory, or one of the system.";
    BAD_CHECKSUM_LINE = "build::bad-checksum-line":
        "The file `sources` can't be read, or a line of it is not a checksum, or is one that nobody can compare with a \
         file: of the wrong length, by an unknown algorithm, or another than an earlier line has.";
    BAD_FILE_DIGEST = "build::bad-file-digest":
        "`%_source_filedigest_algorithm` or `%_binary_filedigest_algorithm` names no digest \
         algorithm that packages can have.";
    BAD_GENERATED_REQUIREMENT = "build::bad-generated-requirement":
        "A line that `%generate_buildrequires` printed is not a dependency.";
    BAD_OUTPUT = "build::bad-output":
        "`--output` has a macro that is not defined where the spec is not yet read. A directory \
         would be made that has the macro in its name.";
    BAD_PACKAGE_FILE_NAME = "build::bad-package-file-name":
        "`%_build_name_fmt` gives a package no usable file name.";
    BAD_TIME = "build::bad-time":
        "`SOURCE_DATE_EPOCH`, or a macro that holds a time, is not a number of seconds since \
         1970.";
    FETCH_FAILED = "build::fetch-failed":
        "A source can't be fetched from its URL.";
    FETCHING = "build::fetching":
        "A source is being fetched from its URL; told so that nobody wonders about the network.";
    LOST_DEFINITION = "build::lost-definition":
        "A macro given on the command line can't be carried over into a `.dsc`, \
         where the build has to be repeated without it.";
    MACHINE_LIBRARIES = "build::machine-libraries":
        "Packages for one release have programs, libraries or modules that were built with the \
         compiler, libraries and interpreters of another, that of this machine. They may not \
         install or run there. A root directory of the target's release, in which the build runs, \
         is the way out. `--strict` makes it an error. Where the machine is such a root and doesn't \
         say so, `--define '_build_machine NAME-VERSION'` does.";
    MISSING_SOURCE = "build::missing-source":
        "A file that `Source` or `Patch` names is neither in `%_sourcedir` nor beside the spec.";
    NO_DEBUG_PACKAGES = "build::no-debug-packages":
        "The target has packages of debugging symbols, and a program that takes the symbols out of \
         programs and libraries is missing on this machine. They keep theirs, or lose them. \
         `--nodebuginfo` says that none are wanted.";
    NO_EARLIER_BUILD = "build::no-earlier-build":
        "`--short-circuit`, `--noprep` and `-bl` go on from where an earlier build of the same spec \
         ended, and nothing is left of one: it never ran, or it made packages and was tidied up.";
    NO_HOME = "build::no-home":
        "`HOME` is empty, and `%_topdir` lies below it: the build would take place in a directory at \
         the root of the system.";
    NO_SOURCE_PACKAGE = "build::no-source-package":
        "The sources can't be made into a source package of the target's format.";
    NO_TEMPORARY_FILE = "build::no-temporary-file":
        "A script can't be written to `%_tmppath`.";
    PACKAGE_CHECK = "build::package-check":
        "The program that `%_build_pkgcheck` or its kin names does not accept a package.";
    PACKAGE_WITHOUT_FILES = "build::package-without-files":
        "A `%package` has no `%files`, without which no package is made of it. What a false branch \
         of the spec lists counts as listed.";
    RPMRC = "build::rpmrc":
        "A line of an rpmrc file can't be read.";
    SCRIPT_FAILED = "build::script-failed":
        "A script of the build ended with a status other than 0. The finding shows the command \
         that failed where the shell tells it.";
    SCRIPTLET_SYNTAX = "build::scriptlet-syntax":
        "A scriptlet can't be parsed by the shell that will run it when the package is installed.";
    TWO_SOURCES = "build::two-sources":
        "A source lies beside the spec and in `%_sourcedir`, and the files differ. The one beside \
         the spec is taken.";
    UNAPPLIED_PATCH = "build::unapplied-patch":
        "A patch that the spec names is in no script of the build, and no line of the spec applies \
         it in another branch.";
    UNKNOWN_CONDITION = "build::unknown-condition":
        "`--with` or `--without`, or a definition of `_with_` or `_without_`, names a condition that \
         neither the spec nor a file it reads has.";
    UNLISTED_CHECKSUM = "build::unlisted-checksum":
        "The file `sources` has no checksum of a source that has a URL or is an archive, or has one \
         of a file that is called nearly so.";
    UNREADABLE_HISTORY = "build::unreadable-history":
        "The spec asks for `%autorelease` or `%autochangelog`, and the git repository that begins in its directory \
         can't be read: git is not there, or does not trust the owner of the directory.";
    UNMET_BUILD_REQUIREMENT = "build::unmet-build-requirement":
        "A package that `BuildRequires` names is not installed, or one that `BuildConflicts` \
         names is.";
    WRONG_CHECKSUM = "build::wrong-checksum":
        "A source has another checksum than the file `sources` has for it, or none is given where \
         `%_verify_sources` requires one.";
}
