//! `symbols` files: which version of a library a symbol came with.
//!
//! Source: deb-symbols(5); dpkg-shlibdeps(1), "DESCRIPTION".

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::finder::split;
use crate::order::deb_order;

/// What stands for the version in a dependency template.
const MINIMUM: &str = "#MINVER#";

/// One library of a `symbols` file.
#[derive(Debug, Default)]
pub(super) struct Library {
    /// Dependency templates; the first is that of symbols that name none.
    templates: Vec<String>,
    symbols: HashMap<String, (String, usize)>,
    /// See [`Library::least`].
    least: OnceCell<String>,
    fields: HashMap<String, String>,
}

/// Reads a `symbols` file: libraries by soname.
pub(super) fn parse_symbols(text: &str) -> HashMap<String, Library> {
    let mut libraries: HashMap<String, Library> = HashMap::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(symbol) = line.strip_prefix(' ') {
            let library = current
                .as_ref()
                .and_then(|it: &String| libraries.get_mut(it));
            if let (Some(library), Some((name, entry))) = (library, symbol_line(symbol)) {
                library.symbols.insert(name, entry);
            }
        } else if let Some(template) = line.strip_prefix("| ") {
            let library = current.as_ref().and_then(|it| libraries.get_mut(it));
            library
                .into_iter()
                .for_each(|it| it.templates.push(template.trim().to_owned()));
        } else if let Some(field) = line.strip_prefix("* ") {
            let library = current.as_ref().and_then(|it| libraries.get_mut(it));
            if let (Some(library), Some((name, value))) = (library, field.split_once(':')) {
                library
                    .fields
                    .insert(name.trim().to_owned(), value.trim().to_owned());
            }
        } else if let Some((soname, template)) = line.split_once(' ') {
            let library = Library {
                templates: vec![template.trim().to_owned()],
                ..Library::default()
            };
            libraries.insert(soname.to_owned(), library);
            current = Some(soname.to_owned());
        }
    }
    libraries
}

/// `name@VERSION minimum [template]`.
fn symbol_line(line: &str) -> Option<(String, (String, usize))> {
    let mut words = line.split_whitespace();
    let (name, minimum) = (words.next()?, words.next()?);
    let template = words.next().and_then(|it| it.parse().ok()).unwrap_or(0);
    Some((name.to_owned(), (minimum.to_owned(), template)))
}

impl Library {
    /// Whether it has a symbol, `name@VERSION`.
    pub(super) fn get(&self, symbol: &str) -> Option<(&str, &str)> {
        let (minimum, template) = self.symbols.get(symbol)?;
        Some((self.templates.get(*template)?, minimum))
    }

    /// The least version among the symbols of the first template: what a program needs that uses
    /// none of them.
    fn least(&self) -> &str {
        self.least.get_or_init(|| {
            let first = self.symbols.values().filter(|(_, template)| *template == 0);
            let all = first.map(|(minimum, _)| minimum.as_str());
            all.min_by(|a, b| deb_order(a, b)).unwrap_or("").to_owned()
        })
    }

    /// The templates of all symbols.
    pub(super) fn templates(&self) -> impl Iterator<Item = &str> {
        self.templates.iter().map(String::as_str)
    }

    /// The packages that programs are built with, to use this library.
    pub(super) fn build_packages(&self) -> impl Iterator<Item = &str> {
        let names = ["Build-Depends-Packages", "Build-Depends-Package"];
        let named = names.iter().find_map(|name| self.fields.get(*name));
        let words = named.map_or("", String::as_str).split([',', ' ', '\t']);
        words.filter(|it| !it.is_empty())
    }

    /// Template and version for a program that is linked with the library.
    pub(super) fn base(&self) -> Option<(&str, &str)> {
        self.templates
            .first()
            .map(|template| (template.as_str(), self.least()))
    }
}

/// Dependency templates and the highest version that was asked of each.
#[derive(Debug, Default)]
pub(super) struct Needs(BTreeMap<String, String>);

impl Needs {
    /// Asks for a version, or a later one, of each relation of a template.
    pub(super) fn add(&mut self, template: &str, minimum: &str) {
        for part in split(template) {
            match self.0.get_mut(part) {
                Some(version) => raise_to(version, minimum),
                None => _ = self.0.insert(part.to_owned(), minimum.to_owned()),
            }
        }
    }

    /// Asks for a version, or a later one, of those relations of a template that are asked for.
    pub(super) fn raise(&mut self, template: &str, minimum: &str) {
        for part in split(template) {
            if let Some(version) = self.0.get_mut(part) {
                raise_to(version, minimum);
            }
        }
    }

    /// The relations, as a `Depends` field has them.
    pub(super) fn relations(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|(template, version)| fill(template, version))
            .collect()
    }
}

/// Many symbols ask for the same version, so that is looked at first.
fn raise_to(version: &mut String, minimum: &str) {
    if version != minimum && (version.is_empty() || deb_order(version, minimum).is_lt()) {
        minimum.clone_into(version);
    }
}

/// Fills in the version; 0 means that any will do.
fn fill(template: &str, version: &str) -> String {
    let bound = if matches!(version, "" | "0") {
        String::new()
    } else {
        format!("(>= {version})")
    };
    let filled = template.replace(MINIMUM, &bound);
    filled.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
libx.so.1 libx1 #MINVER#
| libx1 (>> 2), libx1 (<< 3)
* Build-Depends-Package: libx-dev
 old@Base 1.0
 new@X_2 2:2.0
 private@X_PRIVATE 0 1
liby.so.2 liby2
 only@Base 1
";

    #[test]
    fn the_highest_version_of_the_used_symbols_is_asked_for() {
        let libraries = parse_symbols(FILE);
        let library = &libraries["libx.so.1"];
        let mut needs = Needs::default();
        for used in [
            library.get("old@Base"),
            library.get("new@X_2"),
            library.base(),
        ] {
            let (template, minimum) = used.unwrap();
            needs.add(template, minimum);
        }
        assert_eq!(needs.relations(), ["libx1 (>= 2:2.0)"]);
        assert_eq!(fill("libz1 #MINVER#", "0"), "libz1");
        assert_eq!(
            library.get("private@X_PRIVATE").unwrap().0,
            "libx1 (>> 2), libx1 (<< 3)"
        );
        assert_eq!(libraries["liby.so.2"].base(), Some(("liby2", "1")));
        assert!(library.build_packages().eq(["libx-dev"]));
    }

    #[test]
    fn what_a_program_is_built_with_raises_only_what_it_uses() {
        let libraries = parse_symbols(FILE);
        let mut needs = Needs::default();
        let (template, minimum) = libraries["libx.so.1"].get("old@Base").unwrap();
        needs.add(template, minimum);
        for template in libraries["libx.so.1"].templates() {
            needs.raise(template, "1.5");
        }
        assert_eq!(needs.relations(), ["libx1 (>= 1.5)"]);
        needs.raise(template, "1.2");
        assert_eq!(needs.relations(), ["libx1 (>= 1.5)"]);
    }
}
