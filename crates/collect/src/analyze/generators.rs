//! The table of generators, and running them over a file.
//!
//! Source: rpm-dependency-generators(7).

mod desktop;
mod pkgconfig;
mod python;
mod python_marker;
mod python_requirement;
mod simple;
mod sysusers;

use std::io;
use std::path::Path;

use expand::Engine;
use package::{Dependency, Phase, Phases, RelationKind};
use source::{Diagnostic, Origin, Sink};

use super::filters::Filter;
use super::selector::{Rules, Selector, Traits};
use crate::codes;

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
}

impl Subject<'_> {
    /// The last part of the path.
    fn base_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// Something a generator could not understand.
pub(crate) struct Fault {
    message: String,
    origin: Option<Origin>,
}

impl Fault {
    /// Puts the fault into the sink; a dependency that is missing ends no build.
    pub(crate) fn report(self, sink: &mut Sink) {
        sink.push(Diagnostic::warning(codes::GENERATOR, self.message).at(self.origin));
    }
}

/// What generators find in one file.
type Found = io::Result<Vec<Dependency>>;
/// A generator of one kind of dependency.
type Generate = fn(&Subject<'_>) -> Found;

/// The generators of one file attribute.
struct Attribute {
    name: &'static str,
    rules: Rules,
    provides: Option<Generate>,
    requires: Option<Generate>,
}

const NONE: Rules = Rules {
    path: "",
    magic: "",
    flags: "",
    exclude_path: "",
};

/// The built-in generators, by the names of their file attributes.
const ATTRIBUTES: [Attribute; 11] = [
    Attribute {
        name: "debuginfo",
        rules: Rules {
            path: r"^/usr/lib/debug/\.build-id/[^/]+/[^/]+\.debug$",
            ..NONE
        },
        provides: Some(simple::debuginfo),
        requires: None,
    },
    Attribute {
        name: "desktop",
        rules: Rules {
            path: r"^%{_datadir}/applications/.*\.desktop$",
            ..NONE
        },
        provides: Some(desktop::provides),
        requires: None,
    },
    Attribute {
        name: "elf",
        rules: Rules {
            magic: r"^((setuid|setgid|sticky),? )*ELF (32|64)-bit ",
            exclude_path: r"^/lib/modules/.*\.ko\.[[:alnum:]]+$",
            ..NONE
        },
        provides: Some(simple::elf_provides),
        requires: Some(simple::elf_requires),
    },
    Attribute {
        name: "metainfo",
        rules: Rules {
            path: r"^%{_datadir}/(appdata|metainfo)/.*\.(appdata|metainfo)\.xml$",
            ..NONE
        },
        provides: Some(desktop::metainfo),
        requires: None,
    },
    Attribute {
        name: "pkgconfig",
        rules: Rules {
            path: r"^(%{_libdir}|%{_datadir})/pkgconfig/.*\.pc$",
            ..NONE
        },
        provides: Some(pkgconfig::provides),
        requires: Some(pkgconfig::requires),
    },
    Attribute {
        name: "python",
        rules: Rules {
            path: r"^(%{_prefix}/lib(64)?/python[0-9]+\.[0-9]+/.*\.(py[oc]?|so)|%{_bindir}/python[0-9]+\.[0-9]+)$",
            ..NONE
        },
        provides: Some(python::abi_provides),
        requires: Some(python::abi_requires),
    },
    Attribute {
        name: "pythondist",
        rules: Rules {
            path: r"/lib(64)?/python[0-9.]+/(site|dist)-packages/[^/]+\.(dist-info|egg-info)$",
            ..NONE
        },
        provides: Some(python::provides),
        requires: Some(python::requires),
    },
    Attribute {
        name: "rpm_lua",
        rules: Rules {
            path: r"^%{_rpmluadir}/.+\.lua$",
            ..NONE
        },
        provides: Some(simple::rpm_lua),
        requires: None,
    },
    Attribute {
        name: "script",
        rules: Rules {
            magic: r" script[, ]",
            flags: "exeonly",
            ..NONE
        },
        provides: None,
        requires: Some(simple::interpreter),
    },
    Attribute {
        name: "sysusers",
        rules: Rules {
            path: r"^%{_sysusersdir}/.*\.conf$",
            ..NONE
        },
        provides: Some(sysusers::provides),
        requires: Some(sysusers::members),
    },
    Attribute {
        name: "usergroup",
        rules: Rules {
            path: r"^/etc/(passwd|group)$",
            ..NONE
        },
        provides: Some(simple::accounts),
        requires: None,
    },
];

/// A generator that is switched on.
struct Step {
    attribute: usize,
    kind: RelationKind,
    generate: Generate,
}

/// What is to be run for one package.
pub(crate) struct Plan {
    selectors: Vec<Selector>,
    steps: Vec<Step>,
    provides: Filter,
    requires: Filter,
    /// How dependencies on members of groups count.
    weak_owners: bool,
}

impl Plan {
    /// Reads the settings as they stand; `wants_*` are `AutoProv:` and `AutoReq:`.
    pub(crate) fn read(
        engine: &mut Engine,
        wants_provides: bool,
        wants_requires: bool,
        weak_owners: bool,
    ) -> Self {
        let mut steps = Vec::new();
        let mut selectors = Vec::new();
        for (index, attribute) in ATTRIBUTES.iter().enumerate() {
            selectors.push(Selector::read(attribute.name, &attribute.rules, engine));
            let sides = [
                (
                    RelationKind::Provides,
                    "provides",
                    attribute.provides,
                    wants_provides,
                ),
                (
                    RelationKind::Requires,
                    "requires",
                    attribute.requires,
                    wants_requires,
                ),
            ];
            for (kind, word, generate, wanted) in sides {
                if let (Some(generate), true) =
                    (generate, wanted && is_on(engine, attribute.name, word))
                {
                    steps.push(Step {
                        attribute: index,
                        kind,
                        generate,
                    });
                }
            }
        }
        let provides = Filter::read("provides", engine);
        let requires = Filter::read("requires", engine);
        Self {
            selectors,
            steps,
            provides,
            requires,
            weak_owners,
        }
    }

    fn filter(&self, kind: RelationKind) -> &Filter {
        if kind == RelationKind::Provides {
            &self.provides
        } else {
            &self.requires
        }
    }

    /// Runs what applies to a file.
    pub(crate) fn run(
        &self,
        subject: &Subject<'_>,
        traits: &Traits<'_>,
    ) -> (Vec<(RelationKind, Dependency)>, Vec<Fault>) {
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        let fits: Vec<bool> = self.selectors.iter().map(|it| it.fits(traits)).collect();
        for step in self.steps.iter().filter(|step| fits[step.attribute]) {
            let filter = self.filter(step.kind);
            if !filter.admits_path(subject.path) {
                continue;
            }
            match (step.generate)(subject) {
                Ok(dependencies) => {
                    let generated = Phases::NONE.with(Phase::Generated);
                    let wanted = dependencies.into_iter().filter(|it| filter.admits(it));
                    found.extend(wanted.map(|it| (self.kind(step), it.at(generated))));
                }
                Err(error) => faults.push(fault(subject, ATTRIBUTES[step.attribute].name, &error)),
            }
        }
        (found, faults)
    }

    /// Dependencies on members of groups may be weak, `%_use_weak_usergroup_deps`.
    fn kind(&self, step: &Step) -> RelationKind {
        let is_sysusers = ATTRIBUTES[step.attribute].name == "sysusers";
        if is_sysusers && self.weak_owners && step.kind == RelationKind::Requires {
            RelationKind::Recommends
        } else {
            step.kind
        }
    }
}

/// Whether a generator runs.
///
/// Where macro files describe the attribute, they decide: a generator whose macro is undefined or
/// empty does not run. An attribute of which they say nothing has its built-in generators.
fn is_on(engine: &mut Engine, attribute: &str, word: &str) -> bool {
    let is_described = ["path", "magic", "provides", "requires"]
        .iter()
        .any(|part| engine.is_defined(&format!("__{attribute}_{part}")));
    if !is_described {
        return true;
    }
    let name = format!("__{attribute}_{word}");
    match engine.definition(&name) {
        None => false,
        Some(definition) if definition.is_parametric() => true,
        Some(_) => !crate::switches::value(engine, &name).trim().is_empty(),
    }
}

fn fault(subject: &Subject<'_>, attribute: &str, error: &io::Error) -> Fault {
    let path = subject.path;
    let message = format!("no `{attribute}` dependencies could be read from `{path}`: {error}");
    Fault {
        message,
        origin: subject.origin,
    }
}

/// The lines of a text file, whatever bytes it holds; none if it does not exist, as behind a
/// dangling link.
fn lines(path: &Path) -> io::Result<Vec<String>> {
    match std::fs::read(path) {
        Ok(content) => Ok(String::from_utf8_lossy(&content)
            .lines()
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
