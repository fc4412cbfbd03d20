//! What packages the archives have that apt knows.

use std::collections::HashSet;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The names of all packages that could be installed, which are read when first asked for.
///
/// A machine without apt, or without its lists, has none. Source: apt-cache(8).
#[derive(Debug, Default)]
pub(crate) struct Archive {
    names: OnceLock<HashSet<String>>,
}

impl Archive {
    /// An archive that has these packages alone.
    #[cfg(test)]
    pub(crate) fn of(names: &[&str]) -> Self {
        let names: HashSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            names: OnceLock::from(names),
        }
    }

    /// Whether there is a package of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.get_or_init(load).contains(name)
    }
}

fn load() -> HashSet<String> {
    let mut command = Command::new("apt-cache");
    command.arg("pkgnames").stdin(Stdio::null());
    let said = command.stderr(Stdio::null()).output();
    let names = said.map(|said| said.stdout).unwrap_or_default();
    let names = String::from_utf8_lossy(&names).into_owned();
    names.lines().map(str::to_owned).collect()
}
