//! `docs`: pages made from what the project already says elsewhere. For now one: the tables in
//! `macros/README.md`, from the `library.toml` of each library and the heads of all other macro files.

use std::fs;
use std::path::{Path, PathBuf};

use common::macro_libraries::{self, Library};
use common::shell::{Failure, Outcome, failed, root};

const PAGE: &str = "macros/README.md";

const INTRODUCTION: &str = "\
# Macro files

| folder | what it holds |
|---|---|
| `rpm` | what rpm itself brings |
| `lib/PACKAGE` | a macro library, called after the source package that brings it |
| `family/FAMILY` | paths, tools and build steps of a family of distributions, nothing of a language |
| `vendor/VENDOR` | flags and policies that several distributions share |
| `distro/ID` | the values of a distribution's releases |

Which libraries and folders a target loads, and in what order, is in its profile
(`crates/target/profiles`); of two definitions the later wins.

A library has everything of its own in its folder: macro files for all targets, `VARIANT.macros` or a
folder `VARIANT` for those of a family or vendor (`deb`, `rpm`, `redhat`, `suse`), `lua` for modules that
its macros have by `require \"specbuild.NAME\"`, `helpers` for programs that they call, `cases` for its tests,
and `library.toml`, which explains each public macro.
Names, options and results are the library's; the text that produces them is written here.

These tables come from `library.toml` and from the heads of the other files (`cargo xtask docs`).

## lib

| library | follows | licence | documented in | deviations |
|---|---|---|---|---|
";

/// What the head of a macro file states.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    library: String,
    documented: String,
    targets: String,
    deviations: String,
}

pub(crate) fn run(check: bool) -> Outcome {
    let path = root().join(PAGE);
    let page = page(&root().join("macros"))?;
    let old = fs::read_to_string(&path).unwrap_or_default();
    match (old == page, check) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure(format!(
            "{PAGE} is out of date; run cargo xtask docs"
        ))),
        (false, false) => fs::write(&path, page).map_err(failed("write", &path)),
    }
}

fn page(macros: &Path) -> Outcome<String> {
    let mut page = INTRODUCTION.to_owned();
    for folder in macro_libraries::folders()? {
        page += &library_row(&folder)?;
    }
    let mut folder = PathBuf::new();
    let files = files_below(macros)?.into_iter();
    for file in files.filter(|path| !path.starts_with(macros.join("lib"))) {
        let text = fs::read_to_string(&file).map_err(failed("read", &file))?;
        let name = file.strip_prefix(macros).unwrap_or(&file);
        if name.parent() != Some(&folder) {
            folder = name.parent().unwrap_or(Path::new("")).to_owned();
            page += &format!("\n## {}\n\n", folder.display());
            page += "| file | follows | documented in | targets | deviations |\n|---|---|---|---|---|\n";
        }
        let file = name.file_name().unwrap_or_default().to_string_lossy();
        page += &file_row(&file, &parse_head(&text));
    }
    Ok(page)
}

/// The row of a library, from its `library.toml`.
fn library_row(folder: &Path) -> Outcome<String> {
    let path = folder.join("library.toml");
    let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
    let library = Library::parse(&text).map_err(failed("read", &path))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(row([
        &format!("[`{name}`](lib/{name})"),
        &format!("{} {}", library.upstream, library.version),
        &library.licence,
        &library.documentation.join("; "),
        &library.deviations,
    ]))
}

/// The row of a file, from its head.
fn file_row(file: &str, head: &Head) -> String {
    row([
        &format!("`{file}`"),
        &head.library,
        &head.documented,
        &head.targets,
        &head.deviations,
    ])
}

fn row(cells: [&str; 5]) -> String {
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}

/// Reads the comment at the top: `Key: value`, and lines that go on with the value.
fn parse_head(text: &str) -> Head {
    let mut head = Head::default();
    let mut current: Option<&mut String> = None;
    for line in text.lines().filter(|line| !line.starts_with("#!")) {
        let comment = line.trim_start_matches(['#', '-']);
        if comment.len() == line.len() {
            break;
        }
        let (key, value) = comment.trim().split_once(':').unwrap_or_default();
        match key {
            "Library" => current = Some(set(&mut head.library, value)),
            "Documented" => current = Some(set(&mut head.documented, value)),
            "Targets" => current = Some(set(&mut head.targets, value)),
            "Deviations" => current = Some(set(&mut head.deviations, value)),
            _ => go_on(&mut current, comment.trim()),
        }
    }
    head
}

fn set<'h>(field: &'h mut String, value: &str) -> &'h mut String {
    value.trim().clone_into(field);
    field
}

/// An empty comment line ends a value.
fn go_on(current: &mut Option<&mut String>, text: &str) {
    match current {
        Some(value) if !text.is_empty() => {
            value.push(' ');
            value.push_str(text);
        }
        _ => *current = None,
    }
}

/// All macro files and helpers, folder by folder, sorted.
fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    files.retain(|path| path.extension().is_none_or(|it| it != "md" && it != "pyc"));
    for folder in folders.iter().filter(|path| !path.ends_with("__pycache__")) {
        files.extend(files_below(folder)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{Head, parse_head};

    #[test]
    fn a_head_is_read_with_its_continued_values() {
        let text = "#!/bin/sh\n# Library:    x 1\n# Documented: a page,\n#             part two\n\
                    # Targets:    all\n# Deviations: none\n\n# Library: not this\n";
        let wanted = Head {
            library: "x 1".into(),
            documented: "a page, part two".into(),
            targets: "all".into(),
            deviations: "none".into(),
        };
        assert_eq!(parse_head(text), wanted);
    }
}
