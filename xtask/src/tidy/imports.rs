//! What a Rust file names of its own crate: the paths of its `use` items, and paths in its code that
//! begin with `crate`, `super`, `self` or a module that the file declares.

use super::rust::RustFile;

/// A path into the crate, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    path: Vec<String>,
    /// Another name it gets with `as`.
    alias: Option<String>,
    /// Whether a `pub use` passes it on: a signpost, no use.
    pub(crate) is_reexport: bool,
}

impl Import {
    /// The name it is known by in this file.
    pub(crate) fn name(&self) -> &String {
        self.alias
            .as_ref()
            .unwrap_or(&self.path[self.path.len() - 1])
    }

    /// The path from the crate's root, for a file that is the module `from`.
    pub(crate) fn absolute(&self, from: &[String]) -> Vec<String> {
        let mut absolute = from.to_vec();
        for (index, part) in self.path.iter().enumerate() {
            match part.as_str() {
                "crate" if index == 0 => absolute.clear(),
                "self" => {}
                "super" => drop(absolute.pop()),
                _ => absolute.push(part.clone()),
            }
        }
        absolute
    }
}

/// All paths of a file, those in tests left out.
pub(crate) fn read(file: &RustFile) -> Vec<Import> {
    let code: String = file.lines().map(|(_, line)| format!("{line}\n")).collect();
    let mut reader = Reader {
        declared: declared_modules(&code),
        imports: Vec::new(),
    };
    reader.read(&code);
    reader.imports
}

struct Reader<'a> {
    /// The modules that this file declares.
    declared: Vec<&'a str>,
    imports: Vec<Import>,
}

impl Reader<'_> {
    fn read(&mut self, code: &str) {
        let mut rest = code;
        while let Some(word) = next_word(&mut rest) {
            let begins_path = self.begins_path(word) && !rest_before(code, word).ends_with("::");
            let is_public = word == "pub";
            if is_public {
                skip_scope(&mut rest);
                if !rest.trim_start().starts_with("use ") {
                    continue;
                }
                next_word(&mut rest);
            }
            if is_public || word == "use" {
                let end = rest.find(';').unwrap_or(rest.len());
                let tree: String = rest[..end].chars().filter(|it| *it != '\n').collect();
                self.tree(&tree, &[], is_public);
                rest = &rest[end..];
            } else if rest.starts_with("::") && begins_path {
                self.imports.push(inline_path(word, &mut rest));
            }
        }
    }

    /// The paths of a `use` tree: `a::{b, c as d}` has two.
    fn tree(&mut self, tree: &str, before: &[String], is_reexport: bool) {
        for branch in branches(tree) {
            let (head, inside) = match branch.split_once('{') {
                Some((head, inside)) => (head, inside.rsplit_once('}').map(|(inside, _)| inside)),
                None => (branch, None),
            };
            let (head, alias) = match head.split_once(" as ") {
                Some((head, alias)) => (head, Some(alias.trim().to_owned())),
                None => (head, None),
            };
            let parts = head.split("::").map(str::trim);
            let parts = parts.filter(|it| !it.is_empty() && *it != "*");
            let mut path = before.to_vec();
            path.extend(parts.map(str::to_owned));
            if let Some(inside) = inside {
                self.tree(inside, &path, is_reexport);
            } else if path.first().is_some_and(|it| self.begins_path(it)) {
                self.imports.push(Import {
                    path,
                    alias,
                    is_reexport,
                });
            }
        }
    }

    fn begins_path(&self, word: &str) -> bool {
        matches!(word, "crate" | "super" | "self") || self.declared.contains(&word)
    }
}

/// The modules that a file declares with `mod name;`.
fn declared_modules(code: &str) -> Vec<&str> {
    let lines = code.lines().filter_map(|line| {
        let line = line.trim().strip_suffix(';')?;
        let name = line.rsplit_once("mod ")?.1;
        name.chars().all(is_word).then_some(name)
    });
    lines.collect()
}

/// What stands before a word, which is a part of the text.
fn rest_before<'a>(code: &'a str, word: &str) -> &'a str {
    let start = word.as_ptr() as usize - code.as_ptr() as usize;
    &code[..start]
}

/// Takes the next word from a text.
fn next_word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let start = rest.find(is_word)?;
    let from = &rest[start..];
    let end = from.find(|it| !is_word(it)).unwrap_or(from.len());
    *rest = &from[end..];
    Some(&from[..end])
}

/// Passes over the `(crate)` of `pub(crate)`.
fn skip_scope(rest: &mut &str) {
    if rest.starts_with('(') {
        let end = rest.find(')').map_or(rest.len(), |end| end + 1);
        *rest = &rest[end..];
    }
}

fn inline_path(first: &str, rest: &mut &str) -> Import {
    let mut path = vec![first.to_owned()];
    while let Some(after) = rest.strip_prefix("::") {
        let end = after.find(|it| !is_word(it)).unwrap_or(after.len());
        if end == 0 {
            break;
        }
        path.push(after[..end].to_owned());
        *rest = &after[end..];
    }
    Import {
        path,
        alias: None,
        is_reexport: false,
    }
}

/// Splits at the commas that stand in no braces.
fn branches(tree: &str) -> Vec<&str> {
    let (mut depth, mut start, mut branches) = (0usize, 0, Vec::new());
    for (index, byte) in tree.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                branches.push(tree[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    branches.push(tree[start..].trim());
    branches.retain(|branch| !branch.is_empty());
    branches
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
