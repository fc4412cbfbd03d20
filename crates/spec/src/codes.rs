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
    UNCLOSED_MACRO = "spec::unclosed-macro":
        "The text ends within a macro call, or after a backslash that asks for another line.";
    UNCLOSED_IF = "spec::unclosed-if":
        "The text ends within a conditional: an `%endif` is missing.";
    STRAY_DIRECTIVE = "spec::stray-directive":
        "`%else`, `%elif` or `%endif` stands where no conditional is open, after an `%else`, or has \
         words behind it.";
    BAD_CONDITION = "spec::bad-condition":
        "`%ifarch`, `%ifos` or one of their kin names nothing.";
    BAD_INCLUDE = "spec::bad-include":
        "`%include` names no file, or one that can't be read.";
    MACRO_IN_COMMENT = "spec::macro-in-comment":
        "A comment holds a macro. Macros are expanded in comments too, and one that yields several \
         lines leaves all but the first outside of the comment.";
    BAD_ENCODING = "spec::bad-encoding":
        "A text of a package holds bytes that are not UTF-8, which is what packages are written in. \
         `%_invalid_encoding_terminates_build 0` makes this a warning.";
    UNKNOWN_TAG = "spec::unknown-tag":
        "A line of a preamble begins with a word that is no tag, or with a macro that is not \
         defined.";
    BAD_TAG = "spec::bad-tag":
        "A tag has no value, unexpected text after it, or a value of the wrong form.";
    DEPRECATED_TAG = "spec::deprecated-tag":
        "The tag still works, but another one has taken its place.";
    DUPLICATE_TAG = "spec::duplicate-tag":
        "A tag that may stand only once in a package stands there again.";
    SECOND_TEXT = "spec::second-text":
        "A summary, group or description is given twice for one language; the last one counts.";
    MISSING_TAG = "spec::missing-tag":
        "A package lacks a tag that every package has to have.";
    MISSING_DESCRIPTION = "spec::missing-description":
        "A package lacks its `%description`.";
    ILLEGAL_CHARACTER = "spec::illegal-character":
        "A name, version or release holds a character that it can't have.";
    FOREIGN_ARCH = "spec::foreign-architecture":
        "An architecture or system goes by dpkg's name, such as `amd64`. Conditions and limits compare \
         rpm's names, such as `x86_64`, so that the line never matches.";
    DOUBTFUL_NAME = "spec::doubtful-name":
        "A dependency's name holds an operator, as in `make>=4`, or ends in a qualifier that only dpkg \
         knows, as in `python3:any`. rpm takes all of it for the name of a package.";
    UNEXPANDED_MACRO = "spec::unexpanded-macro":
        "A macro is called that is not defined there, so that the call stays as it is: in a script the \
         shell takes it for a command, in a name or version it is wrong.";
    NEAR_HEADER = "spec::near-header":
        "A line was meant to begin a section, but blanks stand before its `%`, or its name is not alone. \
         The line and those that follow belong to the section before it.";
    BAD_QUALIFIER = "spec::bad-qualifier":
        "The brackets after a dependency tag hold an unknown word.";
    BAD_DEPENDENCY = "spec::bad-dependency":
        "A dependency can't be read.";
    VERSION_FORM = "spec::version-form":
        "The version of a dependency is not of the form `[epoch:]version[-release]`.";
    WIDE_OBSOLETES = "spec::wide-obsoletes":
        "`Obsoletes` without an upper limit keeps the name from ever being used again.";
    BAD_SOURCE = "spec::bad-source":
        "A source, patch or icon has a bad number, one that is taken, or does not exist.";
    EXCLUDED = "spec::excluded":
        "The spec is not meant for the architecture or system asked for.";
    BAD_BUILD_ROOT = "spec::bad-build-root":
        "The build root is empty or the root of the file system.";
    BAD_BUILD_SYSTEM = "spec::bad-build-system":
        "`BuildSystem` names a build system that no macros define, or not all of it.";
    BAD_HEADER = "spec::bad-header":
        "The line that begins a section has an unknown option, too many names, or a quotation mark \
         without a partner.";
    UNKNOWN_PACKAGE = "spec::unknown-package":
        "A section is about a package that no `%package` declares.";
    SECOND_PACKAGE = "spec::second-package":
        "A package is declared twice.";
    SECOND_SECTION = "spec::second-section":
        "A section that may stand only once stands there again.";
    SECOND_FILES = "spec::second-files":
        "A package has two file lists; the lines of the first are dropped.";
    STRAY_LINE = "spec::stray-line":
        "A line follows `%end`, before another section begins.";
    TOO_LATE = "spec::too-late":
        "A part of a spec that the build has written holds a section of the build itself.";
    BAD_INTERPRETER = "spec::bad-interpreter":
        "`-p` of a scriptlet names neither a program by its path nor `<lua>`.";
    BAD_LUA = "spec::bad-lua":
        "A scriptlet for `-p <lua>` is no Lua.";
    BAD_TRIGGER = "spec::bad-trigger":
        "A trigger lacks its condition, or has one that can't be read.";
    BAD_PREP = "spec::bad-prep":
        "`%setup` or `%patch` is called with options or numbers that don't exist.";
    OBSOLETE_PATCH = "spec::obsolete-patch":
        "`%patchN` with the number glued to the name is no longer read; write `%patch -P N`.";
    BAD_CHANGELOG = "spec::bad-changelog":
        "An entry of the changelog has no date, name or text, or is newer than the one above it.";
    BOGUS_DATE = "spec::bogus-date":
        "The weekday of a changelog entry does not go with its date.";
    BAD_POLICY = "spec::bad-semodule-line":
        "A line of `%sepolicy` is not of the form `%semodule [-n NAME] [-t TYPES] [-b] PATH`.";
    BAD_FILE_LINE = "spec::bad-file-line":
        "A line of `%files` can't be read: a directive is misspelt or incomplete, or a path stands \
         where none can.";
    LOOK_ALIKE = "spec::look-alike":
        "A tag or a script holds a character that can't be seen, or looks like a blank: a no-break \
         space, a zero width space, a byte order mark. It is taken for a letter.";
    LINE_ENDS = "spec::line-ends":
        "Lines of the spec end in carriage return and newline, as on Windows. The shell takes the \
         carriage return for a part of the last word.";
    BAD_FORMAT = "spec::bad-format":
        "`%_rpmformat` asks for a format of packages that is not written: neither 4 nor 6.";
    DUPLICATE_LOCALE = "spec::duplicate-locale":
        "`%lang` names a language twice for the same file.";
}
