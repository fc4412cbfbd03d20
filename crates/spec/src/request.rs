//! What is to be read, how, and the result.

use std::sync::Arc;

use crate::ast::Spec;

/// What to read, and how.
#[derive(Clone, Debug, Default)]
pub struct ParseRequest {
    /// Path of the spec, as messages show it.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// Architectures that the building machine can build for, its own among them; `BuildArch:`
    /// picks from them. Empty: any.
    pub buildable_archs: Vec<String>,
    /// Read for one architecture of `BuildArch:`, which therefore requires no further reading.
    pub is_reparse: bool,
    /// Accept a spec that excludes the target, as `rpmspec` does (`RPMSPEC_ANYARCH`).
    pub any_arch: bool,
    /// No package is made, so missing tags are not reported (`RPMSPEC_NOFINALIZE`).
    pub is_partial: bool,
    /// Pass over what debbuild passes over, with a warning instead of an error.
    pub is_lenient: bool,
    /// The name of the target's architecture that a lenient reader takes beside rpm's (`amd64`).
    pub other_arch: Option<String>,
    /// Names what would define a macro that is not defined, for messages.
    pub macro_owner: Option<fn(&str) -> Option<String>>,
    /// Leave translations out (`--nolang`).
    pub no_translations: bool,
    /// `--buildroot`; else `BUILDROOT` in the build directory. Its macros are still to be expanded.
    pub build_root: Option<String>,
    /// Where a build root lies whose path, once expanded, doesn't begin at the root.
    pub working_dir: String,
    /// The build directory where it is not `%_builddir/NAME-VERSION-build` (`--build-in-place`).
    pub build_dir: Option<String>,
}

/// A part of a spec that its build has written (`*.specpart`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecPart {
    /// Path of the file, as messages show it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The result of reading a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The spec, read to its end.
    Parsed(Box<Spec>),
    /// `BuildArch:` names these architectures: for each, set `%_target_cpu` and read again with
    /// [`ParseRequest::is_reparse`]. As in rpm the engine stays the same, so that what the first
    /// reading defined is known to the second from its first line on; specs rely on that.
    Reparse(Vec<String>),
}
