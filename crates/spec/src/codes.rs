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
    BAD_FILE_LINE = "spec::bad-file-line":
        "A line of `%files` can't be read: a directive is misspelt or incomplete, or a path stands \
         where none can.";
    DUPLICATE_LOCALE = "spec::duplicate-locale":
        "`%lang` names a language twice for the same file.";
}
