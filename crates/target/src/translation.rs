//! Name tables: what a capability or a package is called in another family.
//!
//! Only names are translated here; relations, versions and the search in an archive's
//! index belong to the writer of the packages.

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;

use crate::embedded;
use crate::error::Error;

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
    rules: Vec<Rule>,
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
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    essential: IndexSet<String>,
    inside: IndexMap<String, String>,
    names: IndexMap<String, String>,
    endings: IndexMap<String, String>,
    rule: Vec<Rule>,
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
        self.names.extend(table.names);
        self.endings.extend(table.endings);
        self.rules.extend(table.rule);
    }

    /// What a table says of a capability outright. An empty entry means: needs nothing.
    #[must_use]
    pub fn override_of(&self, capability: &str) -> Option<Override<'_>> {
        self.names.get(capability).map(|it| match it.as_str() {
            "" => Override::Dropped,
            name => Override::Relation(name),
        })
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
    pub fn guess(&self, capability: &str) -> Option<String> {
        if !capability.contains('(') {
            return None;
        }
        let rules = self.rules.iter().filter(|rule| !rule.uncertain);
        let mut names = rules.flat_map(|rule| rule.apply(capability));
        names.find(|name| !name.contains('('))
    }

    /// The exchanged endings of package names: rpm's, and the family's own in its place.
    pub fn endings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.endings
            .iter()
            .map(|(ending, other)| (ending.as_str(), other.as_str()))
    }

    /// The name that a package of the spec itself gets: endings exchanged (`-devel`),
    /// nothing else. `None` if no ending applies.
    #[must_use]
    pub fn package_name(&self, name: &str) -> Option<String> {
        self.endings.iter().find_map(|(ending, other)| {
            let stem = name
                .strip_suffix(ending.as_str())
                .filter(|it| !it.is_empty())?;
            Some(format!("{stem}{other}"))
        })
    }
}

impl Rule {
    fn apply(&self, capability: &str) -> Vec<String> {
        let inner = capability
            .strip_prefix(self.before.as_str())
            .and_then(|it| it.strip_suffix(self.after.as_str()))
            .filter(|it| !it.is_empty());
        let Some(inner) = inner else {
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
            table.guess("perl(Foo::Bar)").as_deref(),
            Some("libfoo-bar-perl")
        );
        assert_eq!(table.guess("other(x)"), None);
        assert_eq!(table.guess("zlib-devel"), None);
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

    #[test]
    fn endings_of_own_packages() {
        let table = table();
        assert_eq!(table.package_name("foo-devel").as_deref(), Some("foo-dev"));
        assert_eq!(table.package_name("-devel"), None);
        assert_eq!(table.package_name("foo"), None);
    }
}
