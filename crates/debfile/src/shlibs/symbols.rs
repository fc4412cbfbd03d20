//! `symbols` files: which version of a library a symbol came with.
//!
//! Source: deb-symbols(5); dpkg-shlibdeps(1), "DESCRIPTION".

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use nom::branch::alt;
use nom::bytes::complete::is_not;
use nom::character::complete::{char, digit1, space0, space1};
use nom::combinator::{map, map_res, opt, rest};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::order::deb_order;
use crate::relation::split_relations;

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

/// A line of a `symbols` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'t> {
    /// `#` and a comment.
    Comment,
    /// ` name@VERSION minimum [template]`, the template by its number.
    Symbol {
        name: &'t str,
        minimum: &'t str,
        template: usize,
    },
    /// `| template`: a further one of the library.
    Template(&'t str),
    /// `* Name: value`.
    Field { name: &'t str, value: &'t str },
    /// `soname template`: a library begins.
    Library { soname: &'t str, template: &'t str },
}

fn line(text: &str) -> IResult<&str, Line<'_>> {
    let comment = map((char('#'), rest), |_| Line::Comment);
    let template = map(preceded((char('|'), space1), rest), |it: &str| {
        Line::Template(it.trim())
    });
    let library = map(
        (is_not(" |*"), char(' '), rest),
        |(soname, _, it): (_, _, &str)| {
            let template = it.trim();
            Line::Library { soname, template }
        },
    );
    alt((comment, symbol, template, field, library)).parse_complete(text)
}

fn symbol(text: &str) -> IResult<&str, Line<'_>> {
    let word = || preceded(space0, is_not(" \t"));
    let number = map_res(preceded(space1, digit1), str::parse);
    let (rest, (_, name, minimum, template)) =
        (char(' '), word(), word(), opt(number)).parse_complete(text)?;
    let template = template.unwrap_or(0);
    Ok((
        rest,
        Line::Symbol {
            name,
            minimum,
            template,
        },
    ))
}

fn field(text: &str) -> IResult<&str, Line<'_>> {
    let start = (char('*'), space1);
    let (value, name) = preceded(start, is_not(":")).parse_complete(text)?;
    let (value, _) = char(':').parse_complete(value)?;
    let (name, value) = (name.trim(), value.trim());
    Ok(("", Line::Field { name, value }))
}

/// Reads a `symbols` file: libraries by soname. Lines that say nothing are passed over.
pub(super) fn parse_symbols(text: &str) -> HashMap<String, Library> {
    let mut libraries: HashMap<String, Library> = HashMap::new();
    let mut current = String::new();
    for line in text.lines().filter_map(|it| Some(line(it).ok()?.1)) {
        if let Line::Library { soname, template } = line {
            let library = Library {
                templates: vec![template.to_owned()],
                ..Library::default()
            };
            current = soname.to_owned();
            libraries.insert(current.clone(), library);
        } else if let Some(library) = libraries.get_mut(&current) {
            library.take(line);
        }
    }
    libraries
}

impl Library {
    /// Takes a line that follows the library's own.
    fn take(&mut self, line: Line<'_>) {
        match line {
            Line::Symbol {
                name,
                minimum,
                template,
            } => {
                let entry = (minimum.to_owned(), template);
                self.symbols.insert(name.to_owned(), entry);
            }
            Line::Template(template) => self.templates.push(template.to_owned()),
            Line::Field { name, value } => {
                self.fields.insert(name.to_owned(), value.to_owned());
            }
            Line::Comment | Line::Library { .. } => {}
        }
    }

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
        for part in split_relations(template) {
            match self.0.get_mut(part) {
                Some(version) => raise_to(version, minimum),
                None => _ = self.0.insert(part.to_owned(), minimum.to_owned()),
            }
        }
    }

    /// Asks for a version, or a later one, of those relations of a template that are asked for.
    pub(super) fn raise(&mut self, template: &str, minimum: &str) {
        for part in split_relations(template) {
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
