//! Rule: files of a crate use each other in one direction. A circle is a set of files of which each
//! uses each other one, directly or through others: by its `use` lines, by paths in its code, and by what
//! it calls in modules that it declares. Circles of up to three files are a module and its parts. What is larger is listed in `xtask/circles.toml`, whose numbers may only fall.

use std::collections::{BTreeMap, BTreeSet};

use common::shell::{Failure, Outcome, failed, root};

use super::imports::{self, Import};
use super::rust::RustFile;
use super::{Finding, crate_of};

/// Circles up to this many files are not counted.
const SMALL: usize = 3;
const RECORD: &str = "xtask/circles.toml";

/// Crate to the sizes of its circles, largest first.
type Sizes = BTreeMap<String, Vec<usize>>;

pub(crate) fn check(files: &[RustFile]) -> Outcome<Vec<Finding>> {
    let path = root().join(RECORD);
    let text = std::fs::read_to_string(&path).map_err(failed("read", &path))?;
    let recorded: Sizes =
        toml::from_str(&text).map_err(|error| Failure(format!("{RECORD}: {error}")))?;
    let found = circles(files);
    let names: BTreeSet<&String> = found.keys().chain(recorded.keys()).collect();
    let none = Vec::new();
    let findings = names.into_iter().filter_map(|name| {
        let circles = found.get(name).map_or(&[][..], Vec::as_slice);
        let sizes: Vec<usize> = circles.iter().map(BTreeSet::len).collect();
        let before = recorded.get(name).unwrap_or(&none);
        (sizes != *before).then(|| Finding::new(RECORD, 0, message(name, before, circles)))
    });
    Ok(findings.collect())
}

fn message(name: &str, before: &[usize], circles: &[BTreeSet<&str>]) -> String {
    let sizes: Vec<usize> = circles.iter().map(BTreeSet::len).collect();
    if sizes.iter().sum::<usize>() < before.iter().sum() {
        return format!("`{name}` has circles of {sizes:?} files now: lower the record {before:?}");
    }
    let files: Vec<String> = circles
        .iter()
        .map(|circle| circle.iter().copied().collect::<Vec<_>>().join(" "))
        .collect();
    format!(
        "`{name}` has circles of {sizes:?} files, {before:?} are on record: {}",
        files.join("; ")
    )
}

/// Prints each crate's circles.
pub(crate) fn report(files: &[RustFile]) {
    for (name, circles) in circles(files) {
        for circle in circles {
            let files: Vec<&str> = circle.iter().copied().collect();
            println!(
                "circle of {:>2} in {name}: {}",
                files.len(),
                files.join(" ")
            );
        }
    }
}

/// Crate to its circles of more than [`SMALL`] files, largest first.
fn circles(files: &[RustFile]) -> BTreeMap<String, Vec<BTreeSet<&str>>> {
    let mut crates: BTreeMap<&str, Vec<&RustFile>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.contains("/src/")) {
        let folder = file.path.split("/src/").next().unwrap_or_default();
        crates.entry(folder).or_default().push(file);
    }
    let circles = crates.into_values().map(|files| {
        let mut circles = connected(&uses(&files));
        circles.retain(|circle| circle.len() > SMALL);
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        (crate_of(&files[0].path).to_owned(), circles)
    });
    circles.filter(|(_, circles)| !circles.is_empty()).collect()
}

/// Path of a file to the paths of the files that it uses.
type Uses<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn uses<'a>(files: &[&'a RustFile]) -> Uses<'a> {
    let mut modules: BTreeMap<Vec<String>, Module<'a>> = BTreeMap::new();
    for file in files {
        let (path, imports) = (file.path.as_str(), imports::read(file));
        modules.insert(module_of(path), Module { path, imports });
    }
    let mut uses = Uses::new();
    for (name, module) in &modules {
        let used = module.imports.iter().filter(|import| !import.is_reexport);
        let used = used.filter_map(|import| owner(&modules, name, import, 0));
        let used = used.filter(|used| *used != module.path);
        uses.insert(module.path, used.collect());
    }
    uses
}

struct Module<'a> {
    path: &'a str,
    imports: Vec<Import>,
}

/// The file that has what a path names: re-exports are followed to where they lead.
fn owner<'a>(
    modules: &BTreeMap<Vec<String>, Module<'a>>,
    from: &[String],
    import: &Import,
    depth: usize,
) -> Option<&'a str> {
    let path = import.absolute(from);
    let known = (0..=path.len())
        .rev()
        .find(|end| modules.contains_key(&path[..*end]))?;
    let module = &modules[&path[..known]];
    let Some(item) = path.get(known) else {
        return Some(module.path);
    };
    let mut reexports = module.imports.iter().filter(|it| it.is_reexport);
    match reexports.find(|it| it.name() == item) {
        Some(next) if depth < 8 => owner(modules, &path[..known], next, depth + 1),
        _ => Some(module.path),
    }
}

/// The module that a file is: `["lower", "tags"]` for `crates/x/src/lower/tags.rs`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let stem = inside.strip_suffix(".rs").unwrap_or(inside);
    let mut parts: Vec<String> = stem.split('/').map(str::to_owned).collect();
    let is_root = parts.len() == 1 && matches!(parts[0].as_str(), "lib" | "main");
    if is_root || parts.last().is_some_and(|it| it == "mod") {
        parts.pop();
    }
    parts
}

/// The strongly connected parts: files that reach each other.
fn connected<'a>(uses: &Uses<'a>) -> Vec<BTreeSet<&'a str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = uses
        .keys()
        .map(|file| (*file, reached(uses, file)))
        .collect();
    let mut circles = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, reached) in &reach {
        if seen.contains(file) {
            continue;
        }
        let circle: BTreeSet<&str> = reached
            .iter()
            .copied()
            .filter(|other| reach[other].contains(file))
            .collect();
        seen.extend(circle.iter().copied());
        circles.push(circle);
    }
    circles
}

fn reached<'a>(uses: &Uses<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&'a str> = uses[from].iter().copied().collect();
    while let Some(file) = waiting.pop() {
        if reached.insert(file) {
            waiting.extend(uses[file].iter().copied());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::circles;
    use crate::tidy::TextFile;
    use crate::tidy::rust::{RustFile, read_all};

    fn files(texts: &[(&str, &str)]) -> Vec<RustFile> {
        let files = texts.iter().map(|(path, text)| TextFile {
            path: format!("crates/x/src/{path}"),
            text: (*text).to_owned(),
        });
        read_all(&files.collect::<Vec<_>>())
    }

    #[test]
    fn files_that_use_each_other_are_a_circle() {
        let files = files(&[
            ("lib.rs", "mod a; mod b; mod c; mod d; mod leaf;"),
            (
                "a.rs",
                "use crate::b::{B, Other as _};\nuse crate::leaf::*;",
            ),
            ("b.rs", "use super::c;"),
            ("c.rs", "mod part;\nfn f() { crate::d::g(); part::h(); }"),
            ("c/part.rs", "use super::C;"),
            ("d.rs", "use crate::{\n    a::A,\n    leaf,\n};"),
            ("leaf.rs", "#[cfg(test)]\nmod tests { use crate::a; }"),
        ]);
        let circles = circles(&files);
        assert_eq!(circles["x"].len(), 1);
        // With the part, which `c` calls without a `use`, and which uses `c`.
        assert_eq!(circles["x"][0].len(), 5);
    }

    #[test]
    fn a_path_of_another_crate_is_not_a_part_of_this_one() {
        let files = files(&[
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            (
                "a.rs",
                "mod part;\nuse crate::b::B; fn f() { other::part::g(); }",
            ),
            ("a/part.rs", "use super::A;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a::A;"),
        ]);
        assert!(circles(&files).is_empty());
    }

    #[test]
    fn a_reexport_leads_to_the_file_that_has_the_item() {
        let files = files(&[
            ("lib.rs", "mod a; mod b; mod c; pub use c::C;"),
            ("a.rs", "use crate::C;"),
            ("b.rs", "use crate::a::A;"),
            ("c.rs", "pub struct C;"),
        ]);
        assert!(circles(&files).is_empty());
    }
}
