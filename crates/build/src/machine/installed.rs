//! What the package database of this machine holds: dpkg's, read directly, or rpm's.
//!
//! Source: dpkg(1), `/var/lib/dpkg`; deb-control(5).
//! Not here: shared libraries, which `debfile::shlibs` looks up.

mod archive;
mod closure;
mod rpm;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) use archive::Archive;
pub(crate) use closure::{closure, vendor};
pub use rpm::DatabasePlace;
pub(crate) use rpm::RpmDatabase;

/// Where dpkg keeps its database.
pub(crate) const DPKG_DIR: &str = "/var/lib/dpkg";

/// An installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Installed {
    /// Version.
    pub(crate) version: String,
    /// Whether the system can't be without it.
    pub(crate) is_essential: bool,
}

/// dpkg's database, of which each part is read when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct DpkgDatabase {
    admin_dir: PathBuf,
    status: OnceLock<Status>,
    files: OnceLock<HashMap<String, String>>,
}

/// What is installed.
#[derive(Debug, Default)]
struct Status {
    packages: HashMap<String, Installed>,
    /// Virtual packages with the version they are provided in.
    provided: HashMap<String, Option<String>>,
}

impl Status {
    /// Reads the status file below an administrative directory; nothing is installed if there is none.
    fn load(admin_dir: &Path) -> Self {
        let mut status = Self::default();
        let text = std::fs::read(admin_dir.join("status")).unwrap_or_default();
        for paragraph in String::from_utf8_lossy(&text).split("\n\n") {
            status.take(paragraph);
        }
        status
    }

    fn take(&mut self, paragraph: &str) {
        let field = |name: &str| {
            paragraph
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let is_installed = field("Status").is_some_and(|status| status.ends_with(" installed"));
        let (Some(name), true) = (field("Package"), is_installed) else {
            return;
        };
        let version = field("Version").unwrap_or("").to_owned();
        let is_essential = field("Essential") == Some("yes");
        for provided in field("Provides").unwrap_or("").split(',') {
            let (virtual_name, version) = match provided.trim().split_once(" (= ") {
                Some((name, version)) => (name, Some(version.trim_end_matches(')').to_owned())),
                None => (provided.trim(), None),
            };
            self.provided.insert(virtual_name.to_owned(), version);
        }
        self.packages.insert(
            name.to_owned(),
            Installed {
                version,
                is_essential,
            },
        );
    }
}

impl DpkgDatabase {
    /// The database below an administrative directory.
    pub(crate) fn at(admin_dir: &Path) -> Self {
        Self {
            admin_dir: admin_dir.to_owned(),
            ..Self::default()
        }
    }

    /// Whether this machine has no such database.
    pub(crate) fn is_empty(&self) -> bool {
        self.status().packages.is_empty()
    }

    fn status(&self) -> &Status {
        self.status.get_or_init(|| Status::load(&self.admin_dir))
    }

    /// An installed package.
    pub(crate) fn get(&self, name: &str) -> Option<&Installed> {
        self.status().packages.get(name)
    }

    /// Version in which a name is there, as a package or by another one; `None` if it is not there,
    /// an empty version if it is there in no version in particular. An architecture behind the name
    /// (`perl:any`) is left out.
    pub(crate) fn version_of(&self, name: &str) -> Option<String> {
        let name = without_arch(name);
        let Status { packages, provided } = self.status();
        match packages.get(name) {
            Some(installed) => Some(installed.version.clone()),
            None => {
                let version = provided.get(name);
                version.map(|version| version.clone().unwrap_or_default())
            }
        }
    }

    /// The package that an installed path belongs to; merged `/usr` directories count as one.
    pub(crate) fn owner(&self, path: &str) -> Option<&str> {
        let files = self.files();
        let moved = path.strip_prefix("/usr").unwrap_or(path);
        files
            .get(path)
            .or_else(|| files.get(moved))
            .map(String::as_str)
    }

    /// The package that has a file whose path ends so.
    pub(crate) fn owner_of_ending(&self, ending: &str) -> Option<&str> {
        self.owner_of(ending, |_| true)
    }

    /// The package that has a file whose path ends so, in a directory of some kind.
    pub(crate) fn owner_of(&self, ending: &str, is_there: fn(&str) -> bool) -> Option<&str> {
        self.owner_where(&|path| path.strip_suffix(ending).is_some_and(is_there))
    }

    /// The package that has a file of some path.
    pub(crate) fn owner_where(&self, fits: &dyn Fn(&str) -> bool) -> Option<&str> {
        let found = self.files().iter().filter(|(path, _)| fits(path));
        found.map(|(_, package)| package.as_str()).min()
    }

    /// Owners by path, read when first asked for. Only paths that capabilities can mean are kept.
    fn files(&self) -> &HashMap<String, String> {
        self.files.get_or_init(|| {
            let mut owners = HashMap::new();
            for (package, list) in self.lists() {
                let text = std::fs::read(list).unwrap_or_default();
                for path in String::from_utf8_lossy(&text).lines().filter_map(sought) {
                    owners.insert(path.to_owned(), package.clone());
                }
            }
            owners
        })
    }

    fn lists(&self) -> Vec<(String, PathBuf)> {
        let entries = std::fs::read_dir(self.admin_dir.join("info"))
            .into_iter()
            .flatten()
            .flatten();
        let mut lists: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let package = name.strip_suffix(".list")?.split(':').next()?.to_owned();
                Some((package, entry.path()))
            })
            .collect();
        lists.sort();
        lists
    }
}

/// A name without the architecture that it may be asked for in. Source: deb-control(5), `Depends`.
pub(crate) fn without_arch(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

/// Where packages of Go lie by the paths that they are imported by.
pub(crate) const GO_SOURCES: &str = "/usr/share/gocode/src/";

/// What is sought of an installed path: itself, the directory of Go's sources, or nothing.
fn sought(path: &str) -> Option<&str> {
    if path.starts_with(GO_SOURCES) {
        let (directory, file) = path.rsplit_once('/')?;
        return file.ends_with(".go").then_some(directory);
    }
    is_sought(path).then_some(path)
}

/// Programs, and files that `pkgconfig(x)`, `cmake(x)`, `tex(x)` and the like stand for.
fn is_sought(path: &str) -> bool {
    path.contains("bin/")
        || path.ends_with(".pc")
        || path.ends_with(".cmake")
        || path.ends_with(".pm")
        || path.ends_with(".dist-info")
        || path.ends_with(".egg-info")
        || path.contains("/aclocal/")
        || path.contains("/texmf")
}
