//! What packages the archives have that apt knows.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::machine::installed::without_arch;

/// The names of all packages that could be installed, which are read when first asked for.
///
/// A machine without apt, or without its lists, has none. Source: apt-cache(8).
#[derive(Debug, Default)]
pub(crate) struct Archive {
    names: OnceLock<HashSet<String>>,
    provided: OnceLock<HashSet<String>>,
}

impl Archive {
    /// An archive that has these packages alone.
    #[cfg(test)]
    pub(crate) fn of(names: &[&str]) -> Self {
        let names: HashSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            names: OnceLock::from(names),
            provided: OnceLock::from(HashSet::new()),
        }
    }

    /// Whether there is a package of this name; an architecture behind it is left out.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().contains(without_arch(name))
    }

    /// Whether a package provides this name. That takes longer to know than what packages there are.
    pub(crate) fn provides(&self, name: &str) -> bool {
        let provided = self.provided.get_or_init(|| match self.is_known() {
            true => load_provided(),
            false => HashSet::new(),
        });
        provided.contains(without_arch(name))
    }

    /// Whether this machine knows what packages there are.
    pub(crate) fn is_known(&self) -> bool {
        !self.names().is_empty()
    }

    fn names(&self) -> &HashSet<String> {
        self.names.get_or_init(load)
    }
}

fn load() -> HashSet<String> {
    let Some(lines) = ask("pkgnames") else {
        return HashSet::new();
    };
    lines.collect()
}

/// The names in all `Provides` fields.
fn load_provided() -> HashSet<String> {
    let lines = ask("dumpavail").into_iter().flatten();
    let mut names = HashSet::new();
    for line in lines {
        let provided = line.strip_prefix("Provides: ").unwrap_or_default();
        let provided = provided.split(',').map(str::trim);
        let name = provided.filter_map(|it| it.split([' ', ':']).next());
        names.extend(name.filter(|it| !it.is_empty()).map(str::to_owned));
    }
    names
}

/// The lines that apt-cache prints; `None` if it can't be run. All of them are read.
fn ask(what: &str) -> Option<impl Iterator<Item = String>> {
    let mut command = Command::new("apt-cache");
    command.arg(what).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut lines = BufReader::new(child.stdout.take()?).split(b'\n');
    Some(std::iter::from_fn(move || match lines.next() {
        Some(Ok(line)) => Some(String::from_utf8_lossy(&line).into_owned()),
        _ => {
            let _ = child.wait();
            None
        }
    }))
}
