//! The programs that run between a build script and the package, as native code.
//!
//! A spec's macros call them by the names rpm gives them (`brp-compress`, `find-lang`,
//! `check-rpaths` and so on); here each is one function in the table [`HELPERS`], run inside our own
//! binary as `specbuild helper NAME ARGS…`. Arguments, environment and exit statuses are those of
//! the program of that name. Nothing here knows a spec, a package or a distribution.

mod call;
mod checks;
mod debug_edit;
mod elf_file;
mod error;
mod links;
mod lists;
mod pages;
mod python;
mod shebangs;
mod strip;
mod symbols;
mod tree;
mod uncompress;

use std::ffi::OsString;
use std::io::Write;

pub use call::{Call, Environment};
pub use error::Error;
pub use pages::wants_compression;
pub use uncompress::{PROGRAMS as UNCOMPRESS_PROGRAMS, usual as usual_program};

/// One program of this crate.
pub struct Helper {
    /// The name it is called by, such as `brp-strip`.
    pub name: &'static str,
    /// What it does, in one line, for a list of helpers.
    pub summary: &'static str,
    /// Runs it; the value is the exit status. An error is a fault of the world and becomes status 1.
    pub function: fn(&mut Call<'_>) -> Result<u8, Error>,
}

/// Makes a row of the table.
const fn helper(
    name: &'static str,
    summary: &'static str,
    function: fn(&mut Call<'_>) -> Result<u8, Error>,
) -> Helper {
    Helper {
        name,
        summary,
        function,
    }
}

/// All helpers, sorted by name.
pub const HELPERS: &[Helper] = &[
    helper(
        "brp-compress",
        "compress manual and info pages",
        pages::compress,
    ),
    helper(
        "brp-compress-docs",
        "compress documentation as .deb packages have it",
        pages::docs,
    ),
    helper(
        "brp-elfperms",
        "take the executable bit off shared libraries",
        strip::permissions,
    ),
    helper(
        "brp-linkdupes",
        "hard-link files that are equal",
        links::duplicates,
    ),
    helper(
        "brp-mangle-shebangs",
        "point scripts at interpreters in /usr/bin",
        shebangs::mangle,
    ),
    helper(
        "brp-python-bytecompile",
        "compile Python modules",
        python::compile,
    ),
    helper(
        "brp-python-hardlink",
        "hard-link equal Python bytecode",
        links::python,
    ),
    helper(
        "brp-remove-la-files",
        "remove libtool's .la files",
        links::remove_la_files,
    ),
    helper(
        "brp-strip",
        "take debugging symbols out of ELF files",
        strip::debug,
    ),
    helper(
        "brp-strip-comment-note",
        "take comments out of stripped programs",
        strip::comments,
    ),
    helper(
        "brp-strip-deb",
        "strip programs and libraries as .deb packages have them",
        strip::full,
    ),
    helper(
        "brp-strip-lto",
        "take link-time code out of objects and archives",
        strip::link_time,
    ),
    helper(
        "brp-strip-static-archive",
        "take debugging symbols out of archives",
        strip::archives,
    ),
    helper(
        "check-buildroot",
        "look for the build root's path in files",
        checks::build_root,
    ),
    helper(
        "check-files",
        "list files of a build root that a list omits",
        checks::files,
    ),
    helper(
        "check-rpaths",
        "look for harmful library search paths",
        checks::rpaths,
    ),
    helper(
        "find-debuginfo",
        "run find-debuginfo with build IDs that follow from no path",
        debug_edit::separate,
    ),
    helper(
        "find-lang",
        "list a package's translations for %files",
        lists::languages,
    ),
    helper(
        "uncompress",
        "write a file uncompressed, or unpack an archive",
        uncompress::uncompress,
    ),
];

/// Runs the helper `name` with the process's environment and current directory.
///
/// Returns the exit status: the helper's own, 1 for a fault of the world (told on `err` as
/// `name: cannot … PATH: cause`), 127 when there is no helper of that name.
pub fn run(name: &str, args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    match Environment::of_process() {
        Ok(environment) => run_in(&environment, name, args, out, err),
        Err(error) => report(name, &error, err),
    }
}

/// As [`run`], in an environment that the caller sets up.
pub fn run_in(
    environment: &Environment,
    name: &str,
    args: &[OsString],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let Some(helper) = HELPERS.iter().find(|helper| helper.name == name) else {
        // A closed stderr leaves nobody to tell; the status says it all.
        let _ = writeln!(err, "there is no helper `{name}`");
        return 127;
    };
    let result = (helper.function)(&mut Call {
        args,
        environment,
        out,
        err,
    });
    result.unwrap_or_else(|error| report(name, &error, err))
}

/// Writes an error and what caused it in one line.
fn report(name: &str, error: &Error, err: &mut dyn Write) -> u8 {
    let mut text = format!("{name}: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    let _ = writeln!(err, "{text}");
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted() {
        assert!(HELPERS.is_sorted_by_key(|helper| helper.name));
    }

    #[test]
    fn unknown_helper_is_status_127() {
        let mut err = Vec::new();
        assert_eq!(run("brp-nothing", &[], &mut Vec::new(), &mut err), 127);
        assert_eq!(
            String::from_utf8_lossy(&err),
            "there is no helper `brp-nothing`\n"
        );
    }
}
