//! Where the dynamic linker looks for a library.
//!
//! Source: ld.so(8), "DESCRIPTION" and "Dynamic string tokens"; ldconfig(8) for `ld.so.conf`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use elf::{Format, read_format};
use package::normalized_path;

/// The directories that are searched for every program, in order.
pub(super) struct Directories {
    root: PathBuf,
    directories: Vec<String>,
    /// What was found in them before.
    found: RefCell<HashMap<(String, Format), Vec<String>>>,
}

impl Directories {
    /// Those of the system below `root`.
    pub(super) fn of(root: &Path, multiarch: Option<&str>) -> Self {
        let mut found = Self {
            root: root.to_owned(),
            directories: Vec::new(),
            found: RefCell::default(),
        };
        if let Some(triplet) = multiarch {
            found.add(&format!("/lib/{triplet}"));
            found.add(&format!("/usr/lib/{triplet}"));
        }
        found.add("/lib");
        found.add("/usr/lib");
        found.read_configuration("/etc/ld.so.conf", 0);
        for directory in ["/lib32", "/usr/lib32", "/lib64", "/usr/lib64"] {
            found.add(directory);
        }
        found
    }

    /// The directories, absolute.
    pub(super) fn list(&self) -> &[String] {
        &self.directories
    }

    fn add(&mut self, directory: &str) {
        let directory = directory.trim_end_matches('/');
        if !self.directories.iter().any(|known| known == directory) {
            self.directories.push(directory.to_owned());
        }
    }

    /// Lines are directories, or `include` with a pattern. A file that cannot be read is skipped, as
    /// ldconfig does.
    fn read_configuration(&mut self, path: &str, depth: u32) {
        let Ok(text) = limits::read_text(&self.on_disk(path), limits::TEXT) else {
            return;
        };
        for line in text
            .lines()
            .map(|line| line.split('#').next().unwrap_or("").trim())
        {
            match line.strip_prefix("include ") {
                Some(pattern) if depth < 8 => {
                    for included in self.matches(pattern.trim()) {
                        self.read_configuration(&included, depth + 1);
                    }
                }
                Some(_) => {}
                None if line.starts_with('/') => self.add(line),
                None => {}
            }
        }
    }

    /// The files that a pattern `DIRECTORY/PREFIX*SUFFIX` matches, sorted.
    fn matches(&self, pattern: &str) -> Vec<String> {
        let Some((directory, name)) = pattern.rsplit_once('/') else {
            return Vec::new();
        };
        let (prefix, suffix) = name.split_once('*').unwrap_or((name, ""));
        let Ok(entries) = fs::read_dir(self.on_disk(directory)) else {
            return Vec::new();
        };
        let names = entries
            .filter_map(Result::ok)
            .filter_map(|it| it.file_name().into_string().ok());
        let mut found: Vec<String> = names
            .filter(|it| it.starts_with(prefix) && it.ends_with(suffix))
            .map(|it| format!("{directory}/{it}"))
            .collect();
        found.sort();
        found
    }

    fn on_disk(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The libraries of this name and format, in directories of a program's own and then in these.
    pub(super) fn find(&self, soname: &str, own: &[String], format: Format) -> Vec<String> {
        let mut found = self.fit(soname, own, format);
        let mut known = self.found.borrow_mut();
        let of_system = known
            .entry((soname.to_owned(), format))
            .or_insert_with(|| self.fit(soname, &self.directories, format));
        for path in of_system {
            if !found.contains(path) {
                found.push(path.clone());
            }
        }
        found
    }

    /// The libraries of this name and format in some directories.
    fn fit(&self, soname: &str, directories: &[String], format: Format) -> Vec<String> {
        let paths = directories.iter().map(|it| format!("{it}/{soname}"));
        paths
            .filter(|path| read_format(&self.on_disk(path)).ok().flatten() == Some(format))
            .collect()
    }

    /// The names under which dpkg may know a file, each with and without `/usr`: as it is called, and
    /// after following links.
    pub(super) fn aliases(&self, path: &str) -> [Vec<String>; 2] {
        let real = self.on_disk(path).canonicalize().ok();
        let root = self.root.canonicalize().ok();
        let real = real.zip(root).map(|(real, root)| {
            let inside = real.strip_prefix(&root).unwrap_or(&real);
            format!("/{}", inside.display()).replace("//", "/")
        });
        let both = |path: &str| vec![path.to_owned(), other_name(path)];
        [both(path), real.map_or_else(Vec::new, |it| both(&it))]
    }
}

/// The same path on the other side of the merged `/usr`.
fn other_name(path: &str) -> String {
    match path.strip_prefix("/usr/lib") {
        Some(rest) => format!("/lib{rest}"),
        None => format!("/usr{path}"),
    }
}

/// The directories of a program's own, with what stands for its place filled in. Those with other
/// tokens are left out.
pub(super) fn own_directories(search: &[String], program: &str) -> Vec<String> {
    let origin = program
        .rsplit_once('/')
        .map_or("", |(directory, _)| directory);
    let filled = search
        .iter()
        .map(|it| it.replace("${ORIGIN}", origin).replace("$ORIGIN", origin));
    filled
        .filter(|it| it.starts_with('/') && !it.contains('$'))
        .map(|it| normalized_path(&it))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programs_own_directories_are_filled_in() {
        let search = [
            "$ORIGIN/../lib/x".into(),
            "${ORIGIN}".into(),
            "/opt/$LIB".into(),
            "/a//b/".into(),
        ];
        let expected = ["/usr/lib/x", "/usr/bin", "/a/b"];
        assert_eq!(own_directories(&search, "/usr/bin/x"), expected);
    }
}
