//! Patterns of file lists: `*`, `?`, `[…]`, `{a,b}` and backslash.
//!
//! A pattern is followed directory by directory, so that only directories it can name are read.
//! Characters are bytes, as in the C locale in which rpm matches.
//!
//! Source: glob(7), glob(3) with `GLOB_BRACE`, and rpm-spec(5), "File lists".
//! Not here: what becomes of a pattern that matches nothing.

mod braces;
mod name;

use crate::{CollectError, Tree};

use name::NamePattern;

/// Whether a text means anything but itself as a pattern.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{', '\\'])
}

/// The paths of `tree` that a pattern matches, sorted for each alternative in braces. What several of
/// them match comes as often.
///
/// The pattern starts with `/`. `*`, `?` and `[…]` match no leading dot and no slash. With a slash
/// at its end they and names with backslashes match directories only, a plain name anything. An alternative in braces
/// that matches nothing is left out, as glob(3) does.
pub fn find(tree: &Tree, pattern: &str) -> Result<Vec<String>, CollectError> {
    let mut found = Vec::new();
    for alternative in braces::expand(pattern) {
        find_alternative(tree, &alternative, &mut found)?;
    }
    Ok(found)
}

fn find_alternative(
    tree: &Tree,
    pattern: &str,
    found: &mut Vec<String>,
) -> Result<(), CollectError> {
    let parts: Vec<_> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let mut candidates = vec![String::new()];
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        let wants_dir = !is_last || (pattern.ends_with('/') && is_pattern(part));
        let part = NamePattern::parse(part);
        let mut next = Vec::new();
        for dir in &candidates {
            next.extend(step(tree, dir, &part, wants_dir)?);
        }
        candidates = next;
    }
    if parts.is_empty() && tree.find("/")?.is_some() {
        candidates = vec!["/".to_owned()];
    }
    candidates.sort();
    found.append(&mut candidates);
    Ok(())
}

/// The entries of `dir` that match one part of a pattern.
fn step(
    tree: &Tree,
    dir: &str,
    part: &NamePattern,
    wants_dir: bool,
) -> Result<Vec<String>, CollectError> {
    let mut next = Vec::new();
    if let Some(name) = part.literal() {
        let path = format!("{dir}/{name}");
        let found = tree.find(&path)?;
        if found.is_some_and(|meta| !wants_dir || leads_to_dir(tree, &path, meta)) {
            next.push(path);
        }
        return Ok(next);
    }
    for node in tree.list(dir)?.iter() {
        if part.matches(node.name.as_bytes()) {
            let path = format!("{dir}/{}", node.name);
            if !wants_dir || leads_to_dir(tree, &path, node.meta) {
                next.push(path);
            }
        }
    }
    Ok(next)
}

/// Whether it is a directory or, as glob(3) asks stat(2), a link to one.
fn leads_to_dir(tree: &Tree, path: &str, meta: crate::Meta) -> bool {
    meta.is_dir() || meta.is_symlink() && tree.on_disk(path).is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Vec<String> {
        let disk = testkit::Tree::new()
            .file("lib/libx.so", "")
            .file("lib/libx.so.1", "")
            .file("lib/.hidden", "")
            .file("lib/a*b", "")
            .file("lib/dir/one", "")
            .file("lib/dir/[two]", "")
            .file("share/dir/three", "");
        find(&Tree::new(disk.path()), pattern).unwrap()
    }

    #[test]
    fn patterns_match_as_in_the_shell() {
        assert_eq!(found("/lib/libx.so*"), ["/lib/libx.so", "/lib/libx.so.1"]);
        assert_eq!(
            found("/lib/libx.so{,.?}"),
            ["/lib/libx.so", "/lib/libx.so.1"]
        );
        assert_eq!(found("/*/dir/[ot]*"), ["/lib/dir/one", "/share/dir/three"]);
        assert_eq!(found("/lib/[!ld]*"), ["/lib/a*b"]);
        assert_eq!(found("/lib/a\\*b"), ["/lib/a*b"]);
        assert_eq!(found("/lib/*/"), ["/lib/dir"]);
        assert_eq!(found("//lib/./dir/on?"), Vec::<String>::new());
    }

    #[test]
    fn stars_skip_dotfiles_unless_the_dot_is_written() {
        assert!(!found("/lib/*").contains(&"/lib/.hidden".to_owned()));
        assert_eq!(found("/lib/.h*"), ["/lib/.hidden"]);
    }

    #[test]
    fn an_alternative_without_a_match_is_left_out() {
        assert_eq!(found("/lib/{libx.so,liby.so}"), ["/lib/libx.so"]);
        assert_eq!(found("/lib/{no,none}"), Vec::<String>::new());
    }

    #[test]
    fn alternatives_come_one_after_the_other() {
        assert_eq!(
            found("/lib/{libx.so.?,libx*}"),
            ["/lib/libx.so.1", "/lib/libx.so", "/lib/libx.so.1"]
        );
        assert_eq!(found("/lib/{libx.so,dir}/"), ["/lib/libx.so", "/lib/dir"]);
        assert_eq!(found("/lib/a\\*b/"), Vec::<String>::new());
    }
}
