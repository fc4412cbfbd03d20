//! The installed packages that a build could rely on, as `.buildinfo` files list them.
//!
//! Source: deb-buildinfo(5), `Installed-Build-Depends`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use debfile::Paragraph;

/// What every build may use without asking for it.
const ALWAYS: &str = "build-essential";
/// The vendor where a machine names none.
const NO_VENDOR: &str = "unknown";

/// Packages with all that they depend on.
#[derive(Default)]
struct Graph {
    packages: BTreeMap<String, Node>,
    /// Virtual packages, and who provides them.
    providers: BTreeMap<String, Vec<String>>,
}

struct Node {
    version: String,
    depends: String,
    is_essential: bool,
}

/// Everything that is installed and needed by `wanted`, a list of relations, by essential packages
/// and by what every build may use: `NAME (= VERSION)`, sorted.
pub(crate) fn closure(admin_dir: &Path, wanted: &str) -> Vec<String> {
    let status = std::fs::read(admin_dir.join("status")).unwrap_or_default();
    let graph = Graph::read(&String::from_utf8_lossy(&status));
    let essential = graph.packages.iter().filter(|(_, node)| node.is_essential);
    let mut open: Vec<String> = essential.map(|(name, _)| name.clone()).collect();
    open.push(ALWAYS.to_owned());
    open.extend(names(wanted));
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        for name in graph.installed(&name) {
            if reached.insert(name.to_owned()) {
                open.extend(names(&graph.packages[name].depends));
            }
        }
    }
    let line = |name: &String| format!("{name} (= {})", graph.packages[name].version);
    reached.iter().map(line).collect()
}

impl Graph {
    fn read(status: &str) -> Self {
        let mut graph = Self::default();
        for text in status.split("\n\n") {
            let paragraph = Paragraph::parse(text);
            let field = |name: &str| paragraph.get(name).unwrap_or_default();
            if field("Package").is_empty() || !is_installed(field("Status")) {
                continue;
            }
            let name = field("Package").to_owned();
            for provided in names(field("Provides")) {
                graph
                    .providers
                    .entry(provided)
                    .or_default()
                    .push(name.clone());
            }
            let node = Node {
                version: field("Version").to_owned(),
                depends: format!("{},{}", field("Pre-Depends"), field("Depends")),
                is_essential: field("Essential") == "yes",
            };
            graph.packages.insert(name, node);
        }
        graph
    }

    /// The package of a name, and those that stand in for it.
    fn installed<'g>(&'g self, name: &str) -> Vec<&'g str> {
        let own = self.packages.get_key_value(name).map(|(name, _)| &**name);
        let others = self.providers.get(name).into_iter().flatten();
        own.into_iter().chain(others.map(String::as_str)).collect()
    }
}

/// Whether a package is there; triggers of it may still have to run.
fn is_installed(status: &str) -> bool {
    let state = status.rsplit(' ').next().unwrap_or_default();
    matches!(state, "installed" | "triggers-pending" | "triggers-awaited")
}

/// The names in a list of relations, all alternatives included.
fn names(relations: &str) -> Vec<String> {
    let single = relations.split([',', '|']);
    let name = single.filter_map(|it| {
        it.split([' ', '(', ':', '\n'])
            .find(|word| !word.is_empty())
    });
    name.map(str::to_owned).collect()
}

/// The vendor of this machine's packages. Source: deb-origin(5).
pub(crate) fn vendor() -> String {
    let text = std::fs::read_to_string("/etc/dpkg/origins/default").unwrap_or_default();
    let origin = Paragraph::parse(&text);
    origin.get("Vendor").unwrap_or(NO_VENDOR).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let package = |name: &str, more: &str| {
            format!("Package: {name}\nStatus: install ok installed\nVersion: 1\n{more}\n\n")
        };
        let status = package("base", "Essential: yes\n")
            + &package("gcc", "Depends: libc-dev | other, gone (>= 2)\n")
            + &package("musl-dev", "Provides: libc-dev (= 2)\n")
                .replace(" installed", " triggers-pending")
            + &package("halfway", "").replace(" installed", " unpacked")
            + &package("stray", "Depends: gcc\n");
        std::fs::write(dir.path().join("status"), status).unwrap();
        let found = closure(dir.path(), "gcc:native (>= 1), none, halfway");
        assert_eq!(found, ["base (= 1)", "gcc (= 1)", "musl-dev (= 1)"]);
    }
}
