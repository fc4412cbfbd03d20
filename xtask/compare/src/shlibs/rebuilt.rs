//! Packages that are built for the comparison: the examples, and specs of a folder that was named.
//!
//! `Depends` of each package beside what the peer says of the unpacked package. What a library of the
//! same spec is asked for, its `shlibs.local` says: exactly the version built, as ours does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::relations::{Relations, parse};
use common::shell::{Outcome, failed, output};

/// What builds are for.
const TARGET: &str = "debian-12";

/// A package that was built.
pub(super) struct Rebuilt {
    /// Name and version.
    pub(super) name: String,
    /// `Depends`, of packages that libraries come from.
    pub(super) ours: Relations,
    pub(super) theirs: Relations,
}

/// Builds a spec and asks the peer about each package with programs or libraries.
pub(super) fn compare(spec: &Path, ours: &Path, peer: &Path, dir: &Path) -> Outcome<Vec<Rebuilt>> {
    let place = dir.join(spec.file_stem().unwrap_or_default());
    let _ = fs::remove_dir_all(&place);
    let tree = place.join("tree/debian");
    fs::create_dir_all(&tree).map_err(failed("make", &tree))?;
    let packages = build(spec, ours, &place)?;
    let mut unpacked = Vec::new();
    for package in &packages {
        let control = output(Command::new("dpkg-deb").arg("-f").arg(package))?;
        let field = |name: &str| {
            let lines = control.lines();
            let mut found = lines.filter_map(|it| it.strip_prefix(name)?.strip_prefix(": "));
            found.next().unwrap_or_default().to_owned()
        };
        let root = tree.join(field("Package"));
        output(Command::new("dpkg-deb").arg("-R").arg(package).arg(&root))?;
        unpacked.push((field("Package"), field("Version"), field("Depends"), root));
    }
    write_texts(&tree, &unpacked)?;
    let mut rebuilt = Vec::new();
    for (name, version, depends, root) in &unpacked {
        let files = elf_files(root)?;
        if files.is_empty() {
            continue;
        }
        let mut command = Command::new(peer);
        command.args(["-O", "--warnings=0"]).args(&files);
        let said = output(
            command
                .current_dir(place.join("tree"))
                .env("LC_ALL", "C.UTF-8"),
        )?;
        let theirs = parse(&said);
        let known: Vec<&str> = theirs.iter().map(|it| package_of(it)).collect();
        // The rest of `Depends` is the spec's own, and what other generators found.
        let all = parse(&format!("shlibs:Depends={depends}"));
        let is_library =
            |it: &String| known.contains(&package_of(it)) || package_of(it).starts_with("lib");
        rebuilt.push(Rebuilt {
            name: format!("{name} {version}"),
            ours: all.into_iter().filter(is_library).collect(),
            theirs,
        });
    }
    Ok(rebuilt)
}

/// The packages of a spec, without those of debugging symbols.
fn build(spec: &Path, ours: &Path, place: &Path) -> Outcome<Vec<PathBuf>> {
    let out = place.join("out");
    let sources = spec.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(ours);
    command.args(["-bb", "--nodeps", "--quiet", "--target", TARGET]);
    command
        .arg("-D")
        .arg(format!("_topdir {}", place.join("top").display()));
    command
        .arg("-D")
        .arg(format!("_sourcedir {}", sources.display()));
    output(command.arg("--output").arg(&out).arg(spec))?;
    let entries = fs::read_dir(&out).map_err(failed("read", &out))?;
    let mut packages: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    packages.retain(|it| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".deb") && !name.contains("-dbgsym_")
    });
    packages.sort();
    Ok(packages)
}

/// `control`, and `shlibs.local` with the libraries of all packages in exactly their version.
fn write_texts(tree: &Path, unpacked: &[(String, String, String, PathBuf)]) -> Outcome {
    let mut control = String::from("Source: probe\n");
    let mut local = String::new();
    for (name, version, _, root) in unpacked {
        control += &format!("\nPackage: {name}\nArchitecture: any\n");
        let shlibs = fs::read_to_string(root.join("DEBIAN/shlibs")).unwrap_or_default();
        for line in shlibs.lines() {
            let mut words = line.split_whitespace();
            if let (Some(library), Some(number)) = (words.next(), words.next()) {
                local += &format!("{library} {number} {name} (= {version})\n");
            }
        }
    }
    for (file, text) in [("control", control), ("shlibs.local", local)] {
        let path = tree.join(file);
        fs::write(&path, text).map_err(failed("write", &path))?;
    }
    Ok(())
}

/// The programs and libraries in ELF below a folder.
fn elf_files(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        let entries = fs::read_dir(&dir).map_err(failed("read", &dir))?;
        for path in entries.flatten().map(|it| it.path()) {
            let is_link = path.is_symlink();
            if path.is_dir() && !is_link {
                open.push(path);
            } else if !is_link && fs::read(&path).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF")) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The name in a relation.
fn package_of(relation: &str) -> &str {
    relation.split(' ').next().unwrap_or(relation)
}

/// The rows of the page, and the packages that differ.
pub(super) fn table(rebuilt: &[Rebuilt]) -> (String, Vec<String>) {
    let list = |relations: &Relations| {
        let all: Vec<&str> = relations.iter().map(String::as_str).collect();
        all.join(", ")
    };
    let mut text = String::from("| package | `Depends`, the same from both |\n|---|---|\n");
    let mut different = Vec::new();
    let rows: BTreeMap<&str, &Rebuilt> = rebuilt.iter().map(|it| (it.name.as_str(), it)).collect();
    for (name, it) in rows {
        if it.ours == it.theirs {
            text += &format!("| {name} | {} |\n", list(&it.ours));
        } else {
            different.push(format!(
                "{name}: ours {}; the peer's {}",
                list(&it.ours),
                list(&it.theirs)
            ));
        }
    }
    (text, different)
}
