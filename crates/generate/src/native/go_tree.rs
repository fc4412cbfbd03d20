//! Packages of Go source: what a tree offers to be imported, and what it imports.
//!
//! A file `.goipath` marks the root of such a tree; the path below `src/` is its import path.
//!
//! Source: The Go Programming Language Specification, "Import declarations"; Go command
//! documentation, "Package lists and patterns"; Fedora's `go-rpm-macros`, attribute `go`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use package::{Comparison, Dependency};

use crate::subject::Subject;

/// What is asked of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GoTree {
    /// What it offers, in this version.
    Provides(String),
    /// What it imports from elsewhere.
    Requires,
}

impl GoTree {
    /// What the tree around a `.goipath` says.
    pub(crate) fn read(&self, subject: &Subject<'_>) -> io::Result<Vec<Dependency>> {
        let root = subject.disk.parent().unwrap_or(subject.disk);
        let (dir, _) = subject.path.rsplit_once('/').unwrap_or_default();
        let own = dir.split_once("/src/").map_or(dir, |(_, path)| path);
        let mut tree = Tree::default();
        tree.read(root, own)?;
        Ok(match self {
            Self::Provides(version) => tree.offers(own, version),
            Self::Requires => tree.needs(own),
        })
    }
}

/// The packages of a tree and what they import.
#[derive(Debug, Default)]
struct Tree {
    packages: BTreeSet<String>,
    imports: BTreeSet<String>,
}

impl Tree {
    /// Reads a directory and those below it. Names with a dot or a low line in front, test data and
    /// copies of others' modules are passed over, as by the `go` command.
    fn read(&mut self, dir: &Path, path: &str) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let is_dir = entry.file_type()?.is_dir();
            let is_passed_over = name.starts_with(['.', '_'])
                || (is_dir && matches!(name.as_str(), "testdata" | "vendor"));
            if is_passed_over {
                continue;
            }
            if is_dir {
                self.read(&entry.path(), &format!("{path}/{name}"))?;
            } else if name.ends_with(".go") && !name.ends_with("_test.go") {
                self.read_file(&entry.path(), path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, file: &Path, path: &str) -> io::Result<()> {
        let content = match limits::read(file, limits::TEXT) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let text = String::from_utf8_lossy(&content);
        if !is_ignored(&text) {
            self.packages.insert(path.to_owned());
            self.imports.extend(imports(&text));
        }
        Ok(())
    }

    /// `golang(path) = version` of each package, and `golang-ipath(path)` of the tree.
    fn offers(&self, own: &str, version: &str) -> Vec<Dependency> {
        let capability = |name| Dependency::versioned(name, Comparison::Equal, version);
        let tree = capability(format!("golang-ipath({own})"));
        let packages = self.packages.iter();
        let mut found: Vec<_> = packages
            .map(|path| capability(format!("golang({path})")))
            .collect();
        found.push(tree);
        found
    }

    /// `golang(path)` of what is neither in the tree nor comes with Go.
    fn needs(&self, own: &str) -> Vec<Dependency> {
        let below = format!("{own}/");
        let imports = self.imports.iter();
        imports
            .filter(|path| *path != own && !path.starts_with(&below) && !comes_with_go(path))
            .map(|path| Dependency::on(format!("golang({path})")))
            .collect()
    }
}

/// Only the names of hosts have a dot in front of the first `/`.
fn comes_with_go(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    !first.contains('.') || first.starts_with('.')
}

/// Whether the file asks to be left out of every build.
fn is_ignored(text: &str) -> bool {
    let comments = text.lines().take_while(|it| !it.starts_with("package "));
    comments
        .into_iter()
        .any(|line| matches!(line.trim(), "//go:build ignore" | "// +build ignore"))
}

/// The paths that a file imports.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_list = false;
    let mut is_import = false;
    for word in Words(text) {
        match word {
            "import" => is_import = true,
            "(" if is_import => is_list = true,
            ")" if is_list => (is_list, is_import) = (false, false),
            "func" | "var" | "const" | "type" => break,
            _ if is_import && word.starts_with(['"', '`']) => {
                found.push(word.trim_matches(['"', '`']).to_owned());
                is_import = is_list;
            }
            _ => {}
        }
    }
    found
}

/// Words, strings and signs of Go's syntax, comments left out, as far as its first declarations.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn skip_blanks(&mut self) {
        loop {
            self.0 = self
                .0
                .trim_start_matches(|c: char| c.is_whitespace() || c == ';');
            let end = match self.0.get(..2) {
                Some("//") => self.0.find('\n'),
                Some("/*") => self.0.find("*/").map(|at| at + 2),
                _ => return,
            };
            self.0 = end.map_or("", |end| &self.0[end..]);
        }
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.skip_blanks();
        let first = self.0.chars().next()?;
        let rest = &self.0[first.len_utf8()..];
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let len = match first {
            '"' | '`' => rest.find(first).map_or(rest.len(), |at| at + 1),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => 0,
        };
        let (word, rest) = self.0.split_at(first.len_utf8() + len);
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "// Package greet greets.\n/* import \"not\" */\npackage greet\n\n\
        import \"fmt\"\nimport (\n\t// one\n\t\"example.org/x/greet/inner\"\n\
        \t_ \"golang.org/x/sys/unix\"; y \"example.org/y\"\n)\n\nvar s = `import \"no.no/no\"`\n";

    #[test]
    fn imports_stand_before_declarations() {
        let expected = [
            "fmt",
            "example.org/x/greet/inner",
            "golang.org/x/sys/unix",
            "example.org/y",
        ];
        assert_eq!(imports(MAIN), expected);
        assert_eq!(imports("package x\nimport \"a.b/c"), ["a.b/c"]);
        assert_eq!(imports("/*"), Vec::<String>::new());
    }

    #[test]
    fn a_tree_offers_its_packages_and_needs_others() {
        let disk = testkit::Tree::new()
            .file("g/.goipath", "version:1.0\n")
            .file("g/greet.go", MAIN)
            .file("g/greet_test.go", "package greet\nimport \"test.only/x\"\n")
            .file("g/inner/a.go", "package inner\n")
            .file(
                "g/tools/gen.go",
                "//go:build ignore\npackage main\nimport \"gen.only/x\"\n",
            )
            .file("g/testdata/t.go", "package t\n")
            .file("g/vendor/v.org/v/v.go", "package v\n");
        let subject = Subject {
            path: "/usr/share/gocode/src/example.org/x/greet/.goipath",
            disk: &disk.join("g/.goipath"),
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        let read = |asked: GoTree| {
            let found = asked.read(&subject).unwrap();
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let expected = [
            "golang(example.org/x/greet) = 1.0-2",
            "golang(example.org/x/greet/inner) = 1.0-2",
            "golang-ipath(example.org/x/greet) = 1.0-2",
        ];
        assert_eq!(read(GoTree::Provides("1.0-2".to_owned())), expected);
        let expected = ["golang(example.org/y)", "golang(golang.org/x/sys/unix)"];
        assert_eq!(read(GoTree::Requires), expected);
    }
}
