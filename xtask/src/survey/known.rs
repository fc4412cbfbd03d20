//! The macros of known libraries: those that a library here documents, and those that
//! `crates/target/owners.tsv` lists as missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::macro_libraries::{self, Library};
use common::shell::{Outcome, failed, root};

use super::calls;
use super::reading::Reader;

/// The macros of known libraries on a target.
pub(crate) struct Known {
    /// The library of each.
    owners: BTreeMap<String, String>,
    /// Those that the target has.
    there: BTreeSet<String>,
    /// Those that exist once others have been called.
    made: BTreeSet<String>,
}

/// How many macros one call is asked for.
const AT_ONCE: usize = 200;

impl Known {
    pub(crate) fn find(reader: &Reader) -> Outcome<Self> {
        let (owners, made) = owners_and_made()?;
        let names: Vec<&String> = owners.keys().collect();
        let mut there = BTreeSet::new();
        for names in names.chunks(AT_ONCE) {
            let question =
                |name: &&String| format!("%[ %{{defined {name}}} ? \"{name} \" : \"\" ]");
            let question: String = names.iter().map(question).collect();
            let answer = reader.expand(&question)?;
            there.extend(answer.split_whitespace().map(str::to_owned));
        }
        Ok(Self {
            owners,
            there,
            made,
        })
    }

    /// The library that a macro is from.
    pub(crate) fn owner(&self, name: &str) -> &str {
        self.owners.get(name).map_or("", String::as_str)
    }

    fn is_made(&self, name: &str) -> bool {
        let stem = name.trim_end_matches(|it: char| it.is_ascii_digit());
        self.made.contains(name) || self.made.contains(stem)
    }

    /// The known macros that are left of a spec: in what it expands to, or called anywhere in it while the
    /// target does not have them, no other macro makes them, and the spec asks nowhere whether they are there.
    pub(crate) fn left_in(&self, spec: &str, expanded: &str) -> BTreeSet<String> {
        let spec = calls::body(spec);
        let expanded = calls::without_sources(&calls::body(expanded));
        let own = calls::defined(&spec);
        let missing = calls::called(&spec).into_iter();
        let asked = calls::asked(&spec);
        let missing = missing.filter(|name| {
            !self.there.contains(*name) && !self.is_made(name) && !asked.contains(name)
        });
        let left = missing.chain(calls::called(&expanded));
        left.filter(|name| self.owners.contains_key(*name) && !own.contains(name))
            .map(str::to_owned)
            .collect()
    }
}

/// The library of each known macro, and the names that macros make.
fn owners_and_made() -> Outcome<(BTreeMap<String, String>, BTreeSet<String>)> {
    let mut owners = BTreeMap::new();
    let mut made = BTreeSet::new();
    let path = root().join("crates/target/owners.tsv");
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    for (name, owner) in rows.filter_map(|line| line.split_once('\t')) {
        owners.insert(name.to_owned(), owner.to_owned());
    }
    for folder in macro_libraries::folders()? {
        let path = folder.join("library.toml");
        let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
        let library = Library::parse(&text).map_err(failed("read", &path))?;
        let name = folder.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        made.extend(library.makes);
        owners.extend(library.macros.into_keys().map(|it| (it, name.clone())));
    }
    Ok((owners, made))
}
