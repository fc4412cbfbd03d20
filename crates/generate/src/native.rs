//! The table of generators that are functions of this program.
//!
//! Not here: which of them run, and generators that are programs or macros, see `attributes`.
//!
//! Source: rpm-dependency-generators(7).

mod cmake;
mod crate_version;
pub(crate) mod crates;
mod desktop;
pub(crate) mod elf_dependencies;
pub(crate) mod go_tree;
mod golang;
mod kernel;
mod npm;
mod npm_range;
mod perl;
mod pkgconfig;
mod python;
mod python_marker;
mod python_requirement;
mod rubygems;
mod simple;
mod sysusers;

use std::io;
use std::path::Path;

use package::{Dependency, RelationKind};
use source::Origin;

use crate::fault::Fault;
use crate::selector::Rules;

/// A file that generators look at.
pub(crate) struct Subject<'a> {
    /// Path as installed.
    pub(crate) path: &'a str,
    /// Path on disk.
    pub(crate) disk: &'a Path,
    /// Whether it is a file that anybody may execute.
    pub(crate) is_executable: bool,
    /// The rule that brought it in.
    pub(crate) origin: Option<Origin>,
    /// The package that it is in.
    pub(crate) package: &'a str,
    /// The version of Python that modules are for where no path tells it; may be empty.
    pub(crate) python: &'a str,
}

impl Subject<'_> {
    /// The last part of the path.
    fn base_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// What generators find in one file.
pub(crate) type Found = io::Result<Vec<Dependency>>;
/// A generator of one kind of dependency.
pub(crate) type Generate = fn(&Subject<'_>) -> Found;

/// What tells what is doubtful about a file.
pub(crate) type Doubts = fn(&Subject<'_>) -> io::Result<Vec<Fault>>;

/// The generators, by attribute and kind, that find fault with what they read.
const DOUBTS: [(&str, RelationKind, Doubts); 1] = [("sysusers", Provides, sysusers::doubts)];

/// What is doubtful about a file that the native generator of an attribute reads.
pub(crate) fn doubts(attribute: &str, kind: RelationKind) -> Option<Doubts> {
    let mut rows = DOUBTS.iter();
    let row = rows.find(|(name, of, _)| *name == attribute && *of == kind);
    row.map(|(.., doubts)| *doubts)
}

/// A file attribute that this program knows by itself.
pub(crate) struct Native {
    pub(crate) name: &'static str,
    pub(crate) rules: Rules,
    generators: &'static [(RelationKind, Generate)],
}

impl Native {
    /// The generator of one kind of dependency.
    pub(crate) fn generator(&self, kind: RelationKind) -> Option<Generate> {
        let row = self.generators.iter().find(|(known, _)| *known == kind);
        row.map(|(_, generate)| *generate)
    }
}

use RelationKind::{Provides, Recommends, Requires};

/// An attribute that no rule gives to a file.
pub(crate) const NONE: Rules = Rules {
    path: "",
    magic: "",
    flags: "",
    exclude_path: "",
};

/// The attributes, by name. Those without rules are of distributions whose macros describe them.
pub(crate) const NATIVES: [Native; 18] = [
    Native {
        name: "cmake",
        rules: NONE,
        generators: &[(Provides, cmake::provides)],
    },
    Native {
        name: "debuginfo",
        rules: Rules {
            path: r"^/usr/lib/debug/\.build-id/[^/]+/[^/]+\.debug$",
            ..NONE
        },
        generators: &[(Provides, simple::debuginfo)],
    },
    Native {
        name: "desktop",
        rules: Rules {
            path: r"^%{_datadir}/applications/.*\.desktop$",
            ..NONE
        },
        generators: &[(Provides, desktop::provides)],
    },
    Native {
        name: "elf",
        rules: Rules {
            magic: r"^((setuid|setgid|sticky),? )*ELF (32|64)-bit ",
            exclude_path: r"^/lib/modules/.*\.ko\.[[:alnum:]]+$",
            ..NONE
        },
        generators: &[
            (Provides, simple::elf_provides),
            (Requires, simple::elf_requires),
        ],
    },
    Native {
        name: "go_mod_vendor",
        rules: NONE,
        generators: &[(Provides, golang::bundled)],
    },
    Native {
        name: "kmod",
        rules: NONE,
        generators: &[(Provides, kernel::provides)],
    },
    Native {
        name: "metainfo",
        rules: Rules {
            path: r"^%{_datadir}/(appdata|metainfo)/.*\.(appdata|metainfo)\.xml$",
            ..NONE
        },
        generators: &[(Provides, desktop::metainfo)],
    },
    Native {
        name: "nodejs",
        rules: NONE,
        generators: &[(Provides, npm::provides), (Requires, npm::requires)],
    },
    Native {
        name: "perl",
        rules: NONE,
        generators: &[(Requires, perl::requires)],
    },
    Native {
        name: "perllib",
        rules: NONE,
        generators: &[(Provides, perl::provides), (Requires, perl::requires)],
    },
    Native {
        name: "pkgconfig",
        rules: Rules {
            path: r"^(%{_libdir}|%{_datadir})/pkgconfig/.*\.pc$",
            ..NONE
        },
        generators: &[
            (Provides, pkgconfig::provides),
            (Requires, pkgconfig::requires),
        ],
    },
    Native {
        name: "python",
        rules: Rules {
            path: r"^(%{_prefix}/lib(64)?/python[0-9]+\.[0-9]+/.*\.(py[oc]?|so)|%{_bindir}/python[0-9]+\.[0-9]+)$",
            ..NONE
        },
        generators: &[
            (Provides, python::abi_provides),
            (Requires, python::abi_requires),
        ],
    },
    Native {
        name: "pythondist",
        rules: Rules {
            path: r"/lib(64)?/python[0-9.]+/(site|dist)-packages/[^/]+\.(dist-info|egg-info)$",
            ..NONE
        },
        generators: &[(Provides, python::provides), (Requires, python::requires)],
    },
    Native {
        name: "rpm_lua",
        rules: Rules {
            path: r"^%{_rpmluadir}/.+\.lua$",
            ..NONE
        },
        generators: &[(Provides, simple::rpm_lua)],
    },
    Native {
        name: "rubygems",
        rules: NONE,
        generators: &[
            (Provides, rubygems::provides),
            (Requires, rubygems::requires),
        ],
    },
    Native {
        name: "script",
        rules: Rules {
            magic: r" script[, ]",
            flags: "exeonly",
            ..NONE
        },
        generators: &[(Requires, simple::interpreter)],
    },
    Native {
        name: "sysusers",
        rules: Rules {
            path: r"^%{_sysusersdir}/.*\.conf$",
            ..NONE
        },
        generators: &[
            (Provides, sysusers::provides),
            (Requires, sysusers::members),
            (Recommends, sysusers::members),
        ],
    },
    Native {
        name: "usergroup",
        rules: Rules {
            path: r"^/etc/(passwd|group)$",
            ..NONE
        },
        generators: &[(Provides, simple::accounts)],
    },
];

/// The lines of a text file, whatever bytes it holds; none if it does not exist, as behind a
/// dangling link.
fn lines(path: &Path) -> io::Result<Vec<String>> {
    match limits::read(path, limits::METADATA) {
        Ok(content) => Ok(String::from_utf8_lossy(&content)
            .lines()
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
