//! The digests that packages have of their files, by the numbers that macros give.
//!
//! Source: rpmbuild-config(5), `_binary_filedigest_algorithm`; rpm `docs/manual/format_v6.md`.

use archive::Algorithm;
use expand::Engine;
use package::RpmFormat;
use source::{Code, Diagnostic};

/// The digest asked for is not known, or too weak for the format.
const BAD_FILE_DIGEST: Code = Code("build::bad-file-digest");

/// The macro for binary packages.
pub(super) const BINARIES: &str = "_binary_filedigest_algorithm";
/// The macro for source packages.
pub(super) const SOURCES: &str = "_source_filedigest_algorithm";

/// Number of SHA-256, rpm's default.
const DEFAULT: i64 = 8;

/// The digest that a macro asks for, or else rpm's default.
pub(super) fn of(macro_name: &str, engine: &mut Engine, format: RpmFormat) -> Algorithm {
    let wanted = known(number(macro_name, engine));
    let wanted = wanted.filter(|it| !is_too_weak(*it, format));
    wanted.unwrap_or(Algorithm::Sha256)
}

/// Warns if that is not the one asked for.
pub(super) fn check(macro_name: &str, engine: &mut Engine, format: RpmFormat) {
    let number = number(macro_name, engine);
    let fault = match known(number) {
        None => format!("Unknown file digest algorithm {number}"),
        Some(algorithm) if is_too_weak(algorithm, format) => {
            format!("File digest algorithm {number} is too weak for v6 packages")
        }
        Some(_) => return,
    };
    let message = format!("{fault}, falling back to {DEFAULT}");
    let finding = Diagnostic::warning(BAD_FILE_DIGEST, message);
    let note = format!("it is the value of `%{macro_name}`");
    engine.sink.push(finding.note(note));
}

/// What the macro says; the default where it says nothing.
fn number(macro_name: &str, engine: &mut Engine) -> i64 {
    match engine.expand_number(&format!("%{{?{macro_name}}}")) {
        0 => DEFAULT,
        number => number,
    }
}

fn known(number: i64) -> Option<Algorithm> {
    u32::try_from(number).ok().and_then(rpmfile::file_digest)
}

/// Format 6 wants what is as strong as SHA-256 at least.
fn is_too_weak(algorithm: Algorithm, format: RpmFormat) -> bool {
    let is_weak = matches!(
        algorithm,
        Algorithm::Md5 | Algorithm::Sha1 | Algorithm::Sha224
    );
    is_weak && format >= RpmFormat::V6
}
