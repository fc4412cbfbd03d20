//! Where a family has the programs that scriptlets call.

use indexmap::IndexMap;
use serde::Deserialize;

/// What a table says about a program, or another file, that scripts name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counterpart<'a> {
    /// It is called by this path, or by this name.
    At(&'a str),
    /// No package of the family has it; what does its work there, in a sentence.
    Absent(&'a str),
}

/// An option that a program has elsewhere, and not in the family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForeignOption {
    /// The family's program; a table has the option below its name.
    #[serde(skip)]
    pub program: String,
    /// How many words behind it belong to it.
    pub takes: usize,
    /// What stands there in the family, with the same meaning; nothing for an option that only goes. `None`
    /// where the family has no such call.
    pub becomes: Option<String>,
    /// If not 0, it is meant only where this word behind it is no path.
    pub path: usize,
    /// It is meant only where no word follows.
    pub alone: bool,
    /// What is lost, or how the family does it, in a sentence.
    pub loss: Option<String>,
}

/// Programs of a family, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Programs {
    pub(crate) places: IndexMap<String, String>,
    /// By name, and other files by path.
    pub(crate) absent: IndexMap<String, String>,
    /// By name, the options by which the family's own program is told from another of that name.
    pub(crate) own_arguments: IndexMap<String, Vec<String>>,
    /// By the family's name, options that others have.
    pub(crate) options: IndexMap<String, IndexMap<String, ForeignOption>>,
}

/// Directories in which programs lie. The first two are links to the others.
const DIRECTORIES: [&str; 4] = ["/bin", "/sbin", "/usr/bin", "/usr/sbin"];

impl Programs {
    /// What a program that is called by a path or by its name alone is, where that is something else.
    pub(crate) fn counterpart_of(&self, called: &str) -> Option<Counterpart<'_>> {
        let (directory, name) = called.rsplit_once('/').unwrap_or(("", called));
        let is_program = !called.contains('/') || DIRECTORIES.contains(&directory);
        let absent = self.absent.get(called);
        if let Some(instead) = absent.or_else(|| self.absent.get(name).filter(|_| is_program)) {
            return Some(Counterpart::Absent(instead));
        }
        let place = self.places.get(name).filter(|_| is_program)?;
        if directory.is_empty() {
            let (_, other) = place.rsplit_once('/')?;
            return (other != name).then_some(Counterpart::At(other));
        }
        let is_there = place == called || place.strip_prefix("/usr") == Some(called);
        (!is_there).then_some(Counterpart::At(place))
    }

    /// An option that the family's counterpart of a program lacks.
    pub(crate) fn foreign_option(&self, called: &str, option: &str) -> Option<ForeignOption> {
        let name = called.rsplit('/').next().unwrap_or(called);
        let place = self.places.get(name).map_or(name, String::as_str);
        let name = place.rsplit('/').next().unwrap_or(place);
        let (name, options) = self.options.get_key_value(name)?;
        Some(ForeignOption {
            program: name.clone(),
            ..options.get(option)?.clone()
        })
    }

    /// Whether a call has arguments that only the family's own program of that name takes.
    pub(crate) fn means_own(&self, called: &str, arguments: &[&str]) -> bool {
        let name = called.rsplit('/').next().unwrap_or(called);
        let own = self.own_arguments.get(name);
        let is_own = |it: &&str| {
            let option = it.split('=').next().unwrap_or(it);
            own.is_some_and(|own| own.iter().any(|known| known == option))
        };
        arguments.iter().any(is_own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_lead_to_the_familys_own() {
        let entry = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let programs = Programs {
            places: [
                entry("tool", "/usr/bin/tool"),
                entry("other", "/usr/bin/tool"),
            ]
            .into(),
            absent: [entry("gone", "a"), entry("/etc/gone", "b")].into(),
            own_arguments: [("tool".to_owned(), vec!["--own".to_owned()])].into(),
            options: [(
                "tool".to_owned(),
                [("--strange".to_owned(), ForeignOption::default())].into(),
            )]
            .into(),
        };
        let lacks = |called, option| Some(programs.foreign_option(called, option)?.program);
        let found = lacks("/usr/sbin/other", "--strange");
        assert_eq!(found.as_deref(), Some("tool"));
        assert_eq!(lacks("tool", "--own").or(lacks("x", "--strange")), None);
        assert!(programs.means_own("/usr/sbin/tool", &["a", "--own=b"]));
        assert!(!programs.means_own("tool", &["a"]) && !programs.means_own("x", &["--own"]));
        let at = |path| Some(Counterpart::At(path));
        for (called, expected) in [
            ("/usr/sbin/tool", at("/usr/bin/tool")),
            ("/sbin/tool", at("/usr/bin/tool")),
            ("/bin/tool", None),
            ("/usr/bin/tool", None),
            ("tool", None),
            ("other", at("tool")),
            ("/usr/bin/other", at("/usr/bin/tool")),
            ("/opt/x/sbin/tool", None),
            ("/sbin/gone", Some(Counterpart::Absent("a"))),
            ("gone", Some(Counterpart::Absent("a"))),
            ("/opt/gone", None),
            ("/etc/gone", Some(Counterpart::Absent("b"))),
        ] {
            assert_eq!(programs.counterpart_of(called), expected, "{called}");
        }
    }
}
