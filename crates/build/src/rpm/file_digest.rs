//! The digests that packages have of their files, by the numbers that macros give.
//!
//! Any that is known will do: `docs/manual/format_v6.md` wants SHA-256 at least, but rpm 6 does not look.
//!
//! Source: rpmbuild-config(5), `_binary_filedigest_algorithm`; rpm `build/files.cc`.

use archive::Algorithm;
use expand::Engine;
use source::{Code, Diagnostic};

/// The digest asked for is not known.
const BAD_FILE_DIGEST: Code = crate::codes::BAD_FILE_DIGEST;

/// The macro for binary packages.
pub(crate) const BINARIES: &str = "_binary_filedigest_algorithm";
/// The macro for source packages.
pub(crate) const SOURCES: &str = "_source_filedigest_algorithm";

/// Number of SHA-256, rpm's default.
const DEFAULT: u32 = 8;

/// The digest that a macro asks for, or else rpm's default.
pub(crate) fn of(macro_name: &str, engine: &mut Engine) -> Algorithm {
    rpmfile::file_digest(number(macro_name, engine)).unwrap_or(Algorithm::Sha256)
}

/// Warns if that is not the one asked for.
pub(crate) fn check(macro_name: &str, engine: &mut Engine) {
    let number = number(macro_name, engine);
    if rpmfile::file_digest(number).is_some() {
        return;
    }
    let message = format!("Unknown file digest algorithm {number}, falling back to {DEFAULT}");
    let finding = Diagnostic::warning(BAD_FILE_DIGEST, message);
    let note = format!("it is the value of `%{macro_name}`");
    engine.sink.push(finding.note(note));
}

/// What the macro says, in 32 bits without a sign, as in rpm; the default where it says nothing.
fn number(macro_name: &str, engine: &mut Engine) -> u32 {
    match engine.expand_number(&format!("%{{?{macro_name}}}")) as u32 {
        0 => DEFAULT,
        number => number,
    }
}
