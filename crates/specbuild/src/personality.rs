//! The names the binary answers to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use target::Personality;

/// A name under which packages are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// `specbuild`.
    Specbuild,
    /// `rpmbuild`.
    Rpmbuild,
    /// `debbuild`.
    Debbuild,
}

impl Name {
    /// The name itself.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Specbuild => "specbuild",
            Self::Rpmbuild => "rpmbuild",
            Self::Debbuild => "debbuild",
        }
    }

    /// What it means for the choice of a target.
    pub(crate) fn personality(self) -> Personality {
        match self {
            Self::Specbuild => Personality::Specbuild,
            Self::Rpmbuild => Personality::Rpm,
            Self::Debbuild => Personality::Debbuild,
        }
    }
}

/// The name a program was called by, without directories.
pub(crate) fn name_of(path: &OsString) -> String {
    Path::new(path)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Whether the program was called by the name of one of rpm's own programs.
pub(crate) fn is_rpms_own() -> bool {
    static IS_RPMS_OWN: OnceLock<bool> = OnceLock::new();
    *IS_RPMS_OWN.get_or_init(|| {
        // All arguments are copied for it, which are many where many specs are asked.
        let name = std::env::args_os().next().map(|path| name_of(&path));
        name.is_some_and(|name| name.starts_with("rpm"))
    })
}

/// Whether findings are shown with their codes. Programs that call others' names look for `error: …`.
pub(crate) fn shows_codes(is_terminal: bool) -> bool {
    let name = std::env::args_os().next().map(|path| name_of(&path));
    let is_debbuild = name.is_some_and(|name| name == Name::Debbuild.as_str());
    is_terminal || !(is_rpms_own() || is_debbuild)
}

/// The path of this program. Where there is no `/proc` it is found as the shell has found it; if that
/// fails, too, it is the bare name, and whatever calls it says that it is not there.
pub(crate) fn own_program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| {
        let name = std::env::args_os().next().unwrap_or_default();
        found(Path::new(&name)).unwrap_or_else(|| PathBuf::from(name))
    })
}

/// The program of a name, sought in `PATH` unless it has a slash.
fn found(name: &Path) -> Option<PathBuf> {
    if name.components().count() > 1 || name.is_absolute() {
        return std::path::absolute(name).ok();
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|program| program.is_file())
        .and_then(|program| std::path::absolute(program).ok())
}
