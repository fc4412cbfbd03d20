//! Name tables: what a capability or a package is called in another family.
//!
//! Only names are translated here; relations, versions and the search in an archive's
//! index belong to the writer of the packages.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;

use crate::embedded;
use crate::error::Error;
use crate::places::Place;
use crate::programs::{Counterpart, ForeignOption, Programs};

/// What a table says about one capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Override<'a> {
    /// The family needs nothing in its place.
    Dropped,
    /// A relation in the family's own words: a name, or alternatives parted by `|`.
    Relation(&'a str),
}

/// The merged name tables of a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Translation {
    essential: IndexSet<String>,
    inside: IndexMap<String, String>,
    names: IndexMap<String, String>,
    endings: IndexMap<String, String>,
    /// The keys of `names` in lower case and with `-` for `_` and `.`, and their values.
    normal: HashMap<String, String>,
    /// The packages that tables name, so that the target has them.
    named: HashSet<String>,
    aliases: Vec<Alias>,
    rules: Vec<Rule>,
    programs: Programs,
    places: Vec<Place>,
}

/// A capability `before` + x + `after` is the same as another, with x in place of {}.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    before: String,
    #[serde(default)]
    after: String,
    #[serde(rename = "as")]
    other: String,
    /// What is done to x before it is put in.
    #[serde(default)]
    replace: IndexMap<String, String>,
}

/// A capability `before` + x + `after` may be one of `names`, with `{}` for x. An extra in
/// brackets, as Python's requirements have, is no part of x.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
    names: Vec<String>,
    /// What is done to x before it is put in, besides lower case and `_` to `-`.
    #[serde(default)]
    replace: IndexMap<String, String>,
    /// x begins only after the last of these.
    #[serde(default)]
    from: String,
    /// x is what is behind this in a path, or nothing if it is all of it.
    #[serde(default)]
    path: String,
    /// How many parts of a path x has at most.
    #[serde(default)]
    parts: usize,
    /// The names are too uncertain to be used unless one exists.
    #[serde(default)]
    uncertain: bool,
    /// The names exist wherever they are asked for.
    #[serde(default)]
    certain: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    essential: IndexSet<String>,
    inside: IndexMap<String, String>,
    names: IndexMap<String, String>,
    endings: IndexMap<String, String>,
    alias: Vec<Alias>,
    rule: Vec<Rule>,
    programs: IndexMap<String, String>,
    absent: IndexMap<String, String>,
    #[serde(rename = "own-arguments")]
    own_arguments: IndexMap<String, Vec<String>>,
    options: IndexMap<String, IndexMap<String, ForeignOption>>,
    place: Vec<Place>,
}

/// The name that is taken for a capability where it can't be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// A rule that has no exceptions says so.
    Certain(String),
    /// Most packages are named so; this one may not exist.
    Likely(String),
}

impl Translation {
    pub(crate) fn load(tables: &[(&'static str, String)]) -> Result<Self, Error> {
        let mut merged = Self::default();
        for (name, profile) in tables {
            merged.take(read(name, profile)?);
        }
        Ok(merged)
    }

    fn take(&mut self, table: Table) {
        self.essential.extend(table.essential);
        self.inside.extend(table.inside);
        let normal = table
            .names
            .iter()
            .map(|(name, found)| (normal_form(name), found));
        let normal = normal.filter_map(|(name, found)| Some((name?, found.clone())));
        self.normal.extend(normal);
        let packages = table.names.values().flat_map(|it| it.split([',', '|']));
        self.named
            .extend(packages.map(|package| package.trim().to_owned()));
        self.names.extend(table.names);
        self.endings.extend(table.endings);
        self.aliases.extend(table.alias);
        self.rules.extend(table.rule);
        self.programs.places.extend(table.programs);
        self.programs.absent.extend(table.absent);
        self.programs.own_arguments.extend(table.own_arguments);
        self.programs.options.extend(table.options);
        self.places.extend(table.place);
    }

    /// What a program that is called by a path or by its name alone is in the family, where that is
    /// something else.
    #[must_use]
    pub fn counterpart_of(&self, called: &str) -> Option<Counterpart<'_>> {
        self.programs.counterpart_of(called)
    }

    /// Whether a call has arguments that only the family's own program of that name takes.
    pub fn means_own_program(&self, called: &str, arguments: &[&str]) -> bool {
        self.programs.means_own(called, arguments)
    }

    /// An option that a program has elsewhere and that the family's lacks.
    #[must_use]
    pub fn foreign_option(&self, called: &str, option: &str) -> Option<ForeignOption> {
        self.programs.foreign_option(called, option)
    }

    /// Places where files are lost or passed over.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What a table says of a capability outright, under any of its names and however it is spelled. An
    /// empty entry means: needs nothing.
    #[must_use]
    pub fn override_of(&self, capability: &str) -> Option<Override<'_>> {
        let entry = self.entry(capability).or_else(|| {
            let mut aliases = self.aliases.iter().filter_map(|it| it.apply(capability));
            aliases.find_map(|name| self.entry(&name))
        });
        entry.map(|it| match it {
            "" => Override::Dropped,
            name => Override::Relation(name),
        })
    }

    fn entry(&self, name: &str) -> Option<&str> {
        let exact = self.names.get(name);
        let found = exact.or_else(|| self.normal.get(&normal_form(name)?));
        found.map(String::as_str)
    }

    /// Whether every system of the family has a package of this name, so that only its version
    /// can be asked for.
    #[must_use]
    pub fn is_essential(&self, package: &str) -> bool {
        self.essential.contains(package)
    }

    /// What is asked for in place of a package that holds the parts of something greater. A `*` at the
    /// end of an entry stands for any ending.
    #[must_use]
    pub fn whole_of(&self, package: &str) -> Option<&str> {
        let fits = |name: &str| match name.strip_suffix('*') {
            Some(start) => package.starts_with(start),
            None => package == name,
        };
        let found = self.inside.iter().find(|(name, _)| fits(name));
        found.map(|(_, whole)| whole.as_str())
    }

    /// Names that the rules offer for a capability, likeliest first. Whether one exists
    /// has to be looked up.
    #[must_use]
    pub fn candidates(&self, capability: &str) -> Vec<String> {
        let mut found = Vec::new();
        for name in self.rules.iter().flat_map(|rule| rule.apply(capability)) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The name that is taken for a capability where it can't be looked up. Plain names are not guessed:
    /// they may as well stay as they are.
    #[must_use]
    pub fn guess(&self, capability: &str) -> Option<Guess> {
        if !capability.contains('(') {
            return None;
        }
        let rules = self.rules.iter().filter(|rule| !rule.uncertain);
        let mut names = rules.flat_map(|rule| {
            let names = rule.apply(capability).into_iter();
            names.map(|name| (rule.certain, name))
        });
        let (certain, name) = names.find(|(_, name)| !name.contains('('))?;
        // A table may know the package under another of its names.
        Some(match certain || self.named.contains(&name) {
            true => Guess::Certain(name),
            false => Guess::Likely(name),
        })
    }

    /// The exchanged endings of package names: rpm's, and the family's own in its place.
    pub fn endings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.endings
            .iter()
            .map(|(ending, other)| (ending.as_str(), other.as_str()))
    }
}

/// A name as it is compared where case and separators say nothing: of packages, and of distributions of
/// Python. `None` for any other capability.
///
/// Source: PEP 503, "Normalized Names".
fn normal_form(name: &str) -> Option<String> {
    let is_comparable = !name.contains(['(', '/']) || name.starts_with("python3dist(");
    is_comparable.then(|| name.to_lowercase().replace(['_', '.'], "-"))
}

/// What is between two ends of a text, if that is anything.
fn inner<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let inner = text.strip_prefix(before)?.strip_suffix(after)?;
    Some(inner).filter(|it| !it.is_empty())
}

impl Alias {
    fn apply(&self, capability: &str) -> Option<String> {
        let mut inner = inner(capability, &self.before, &self.after)?.to_owned();
        if let Some((name, _)) = inner.split_once('[') {
            inner = name.to_owned();
        }
        for (from, to) in &self.replace {
            inner = inner.replace(from.as_str(), to);
        }
        Some(self.other.replace("{}", &inner))
    }
}

impl Rule {
    fn apply(&self, capability: &str) -> Vec<String> {
        let Some(inner) = inner(capability, &self.before, &self.after) else {
            return Vec::new();
        };
        let package = inner.split('[').next().unwrap_or(inner);
        let package = match self.from.as_str() {
            "" => package,
            mark => package.rsplit(mark).next().unwrap_or(package),
        };
        let Some(package) = self.below(package) else {
            return Vec::new();
        };
        let mut inner = package.to_lowercase();
        for (from, to) in &self.replace {
            inner = inner.replace(from.as_str(), to);
        }
        let inner = inner.replace('_', "-");
        self.names
            .iter()
            .map(|name| name.replace("{}", &inner))
            .collect()
    }

    /// What counts of a path; all of a capability that is none.
    fn below<'p>(&self, inner: &'p str) -> Option<&'p str> {
        if self.path.is_empty() {
            return Some(inner);
        }
        let rest = inner.strip_prefix(self.path.as_str())?;
        let is_whole = rest.is_empty() && self.parts == 0;
        let rest = if is_whole {
            rest
        } else {
            rest.strip_prefix('/')?
        };
        let mut ends = rest.match_indices('/').map(|(at, _)| at);
        Some(match self.parts.checked_sub(1) {
            Some(last) => &rest[..ends.nth(last).unwrap_or(rest.len())],
            None => "",
        })
    }
}

fn read(name: &str, profile: &str) -> Result<Table, Error> {
    let text = embedded::name_table(name).ok_or_else(|| Error::MissingFile {
        file: profile.to_owned(),
        name: name.to_owned(),
    })?;
    toml::from_str(text).map_err(|fault| Error::Data {
        file: format!("translate/{name}.toml"),
        source: Box::new(fault),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Translation {
        let mut merged = Translation::default();
        let text = "essential = ['sed']\n[inside]\n'perl-modules-*' = 'perl'\n[names]\nmake = 'make'\nfedora-release = ''\n[endings]\n'-devel' = '-dev'\n\
            [[rule]]\nbefore = 'perl('\nafter = ')'\nnames = ['lib{}-perl']\nreplace = { '::' = '-' }\n\
            [[rule]]\nbefore = 'mvn('\nafter = ')'\nfrom = ':'\nnames = ['lib{}-java']\n[[rule]]\nafter = '-devel'\nnames = ['lib{}-dev', '{}-dev']\n[[rule]]\nnames = ['{}']\n";
        merged.take(toml::from_str(text).unwrap());
        merged
    }

    #[test]
    fn outright_answers() {
        let table = table();
        assert_eq!(table.override_of("make"), Some(Override::Relation("make")));
        assert_eq!(table.override_of("fedora-release"), Some(Override::Dropped));
        assert_eq!(table.override_of("gcc"), None);
        assert!(table.is_essential("sed") && !table.is_essential("make"));
        assert_eq!(table.whole_of("perl-modules-5.36"), Some("perl"));
        assert_eq!(table.whole_of("perl-base"), None);
    }

    #[test]
    fn candidates_come_in_the_order_of_the_rules() {
        let table = table();
        assert_eq!(
            table.candidates("perl(Foo::Bar)"),
            ["libfoo-bar-perl", "perl(foo::bar)"]
        );
        assert_eq!(
            table.candidates("Zlib_ng-devel"),
            ["libzlib-ng-dev", "zlib-ng-dev", "zlib-ng-devel"]
        );
        assert_eq!(table.candidates("x[y]"), ["x"]);
        assert_eq!(table.candidates("mvn(a.b:c)")[0], "libc-java");
        assert_eq!(
            table.guess("perl(Foo::Bar)"),
            Some(Guess::Likely("libfoo-bar-perl".to_owned()))
        );
        assert_eq!(table.guess("other(x)"), None);
        assert_eq!(table.guess("zlib-devel"), None);
    }

    #[test]
    fn names_are_found_under_all_their_spellings() {
        let mut table = Translation::default();
        let text = "[names]\npython3-PyYAML = 'python3-yaml'\n'python3dist(attrs)' = 'python3-attr'\n\
            [[alias]]\nbefore = 'python3dist('\nafter = ')'\nas = 'python3-{}'\n\
            [[alias]]\nbefore = 'python3-'\nas = 'python3dist({})'\n\
            [[rule]]\nbefore = 'perl(:'\nafter = ')'\nnames = ['perl']\ncertain = true\n\
            [[rule]]\nbefore = 'python3dist('\nafter = ')'\nnames = ['python3-{}']\n";
        table.take(toml::from_str(text).unwrap());
        for (capability, found) in [
            ("python3-PyYAML", Some("python3-yaml")),
            ("python3-pyyaml", Some("python3-yaml")),
            ("python3dist(pyyaml)", Some("python3-yaml")),
            ("python3dist(pyyaml[x])", Some("python3-yaml")),
            ("python3-attrs", Some("python3-attr")),
            ("python3dist(Attrs)", Some("python3-attr")),
            ("python3dist(other)", None),
        ] {
            let expected = found.map(Override::Relation);
            assert_eq!(table.override_of(capability), expected, "{capability}");
        }
        assert_eq!(
            table.guess("perl(:X)"),
            Some(Guess::Certain("perl".to_owned()))
        );
        // Another entry names that package.
        assert_eq!(
            table.guess("python3dist(yaml)"),
            Some(Guess::Certain("python3-yaml".to_owned()))
        );
        assert_eq!(
            table.guess("python3dist(other)"),
            Some(Guess::Likely("python3-other".to_owned()))
        );
    }

    #[test]
    fn paths_count_as_far_as_a_rule_says() {
        let mut table = Translation::default();
        let rule = |path: &str, parts: usize, name: &str| {
            format!(
                "[[rule]]\nbefore = 'go('\nafter = ')'\npath = '{path}'\nparts = {parts}\n\
                     names = ['{name}']\nreplace = {{ '/' = '-' }}\n"
            )
        };
        let text = rule("hub.com/a/b", 0, "b") + &rule("hub.com", 2, "hub-{}");
        table.take(toml::from_str(&text).unwrap());
        assert_eq!(table.candidates("go(hub.com/a/b)"), ["b", "hub-a-b"]);
        assert_eq!(table.candidates("go(hub.com/a/b/c)")[0], "b");
        assert_eq!(table.candidates("go(hub.com/a/bc/d)"), ["hub-a-bc"]);
        assert_eq!(table.candidates("go(hub.com/A_b)"), ["hub-a-b"]);
        assert!(table.candidates("go(hub.common/a)").is_empty());
        assert!(table.candidates("go(hub.com)").is_empty());
    }
}
