//! Compressing documentation: manual and info pages as rpm does, and for Debian whatever its Policy
//! wants compressed.
//!
//! Which files, and what becomes of links to them. How a file is compressed is in [`mod@file`].

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use crate::call::Call;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};
use file::{Compressor, stem};

/// Directories that hold pages, below the prefix; `*` stands for any part of one name.
///
/// Source: rpm's `brp-compress`.
const PAGE_DIRECTORIES: &[&str] = &[
    "man/man*",
    "man/*/man*",
    "info",
    "share/man/man*",
    "share/man/*/man*",
    "share/info",
    "kerberos/man",
    "X11R6/man/man*",
    "lib/perl5/man/man*",
    "share/doc/*/man/man*",
    "lib/*/man/man*",
    "share/fish/man/man*",
];

/// `brp-compress [PREFIX]`: compresses the pages below PREFIX (`/usr`) with `$COMPRESS`
/// (`gzip -9 -n`), whatever they are compressed with already, and points links to the new names.
///
/// `$COMPRESS_EXT` is the suffix, `.gz` by default. The info directory file `dir` and pictures are
/// left alone.
pub(crate) fn compress(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let prefix = call.word(0, "/usr");
    let patterns: Vec<String> = PAGE_DIRECTORIES
        .iter()
        .map(|directory| format!("{prefix}/{directory}"))
        .collect();
    let compressor = Compressor::from_environment(call.environment);
    let nodes = tree::walk(&root)?;
    let mut pages: Vec<Node> = nodes
        .into_iter()
        .filter(|node| patterns.iter().any(|pattern| holds(pattern, node.inside())))
        .collect();
    let links: Vec<Node> = pages
        .extract_if(.., |node| node.metadata.is_symlink())
        .collect();
    pages.retain(|node| node.metadata.is_file() && is_page(&node.path));
    let warnings = compress_all(call, &compressor, pages)?;
    for link in links.iter().filter(|link| leads_to_page(&link.path)) {
        let target = std::fs::read_link(&link.path).doing("read", &link.path)?;
        relink(&link.path, &target, &compressor)?;
    }
    warnings.iter().try_for_each(|warning| call.warn(warning))?;
    Ok(0)
}

/// Whether `path` lies, at any depth, in a directory that matches `pattern`.
fn holds(pattern: &str, path: &Path) -> bool {
    let mut parts = path
        .components()
        .filter(|part| !matches!(part, Component::RootDir));
    for wanted in pattern.split('/').filter(|part| !part.is_empty()) {
        let Some(part) = parts.next() else {
            return false;
        };
        if !matches_part(wanted, &part.as_os_str().to_string_lossy()) {
            return false;
        }
    }
    parts.next().is_some()
}

/// Matches one name against a pattern that may end in `*`; as in a shell, that is no leading dot.
fn matches_part(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start) && !(start.is_empty() && name.starts_with('.')),
        None => name == pattern,
    }
}

fn is_page(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let picture = path
        .extension()
        .is_some_and(|suffix| suffix == "jpg" || suffix == "png");
    name != "dir" && !picture
}

/// Whether a link is one to a page. One to a directory or picture is not; a dangling one is, since
/// its target may be in another package.
fn leads_to_page(link: &Path) -> bool {
    is_page(link) && !link.is_dir()
}

/// Compresses files, several at a time; files with several names keep them. Returns warnings.
fn compress_all(
    call: &Call<'_>,
    compressor: &Compressor,
    nodes: Vec<Node>,
) -> Result<Vec<String>, Error> {
    let (groups, stale) = settle(tree::by_identity(nodes));
    for node in stale {
        std::fs::remove_file(&node.path).doing("remove", &node.path)?;
    }
    let environment = call.environment;
    let results = environment.workers()?.install(|| {
        let each = groups
            .par_iter()
            .map(|group| compressor.compress(group, environment));
        each.collect::<Result<Vec<_>, Error>>()
    })?;
    Ok(results.into_iter().flatten().collect())
}

/// Where `x` and `x.gz` are both there, they would become the same file: `x` wins, being the one that
/// was just made. Returns what to compress, and what to remove.
fn settle(groups: Vec<Vec<Node>>) -> (Vec<Vec<Node>>, Vec<Node>) {
    let plain: BTreeSet<PathBuf> = groups
        .iter()
        .flatten()
        .filter(|it| stem(&it.path) == it.path)
        .map(|it| it.path.clone())
        .collect();
    let mut stale = Vec::new();
    let mut taken: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut settled = Vec::new();
    for mut group in groups {
        stale.extend(group.extract_if(.., |node| {
            let stem = stem(&node.path);
            let loses = stem != node.path && plain.contains(&stem);
            loses || *taken.entry(stem).or_insert_with(|| node.path.clone()) != node.path
        }));
        if !group.is_empty() {
            settled.push(group);
        }
    }
    (settled, stale)
}

/// Gives a link, and what it leads to, the compressor's suffix.
fn relink(link: &Path, target: &Path, compressor: &Compressor) -> Result<(), Error> {
    let (new_link, new_target) = (
        compressor.named(&stem(link)),
        compressor.named(&stem(target)),
    );
    std::fs::remove_file(link).doing("remove", link)?;
    // A page of that name that was not compressed a moment ago is in the way.
    let _ = std::fs::remove_file(&new_link);
    std::os::unix::fs::symlink(new_target, &new_link).doing("write link", &new_link)
}

/// Files larger than this are compressed, in bytes (Debian Policy 12.3: "more than 4 KB").
const LARGE: u64 = 4096;

/// Suffixes of documentation that is read in a browser or another program, or compressed already.
const LEFT_ALONE: &[&str] = &[
    // Web pages and what they need.
    ".xhtml",
    ".css",
    ".js",
    ".map",
    ".svg",
    ".svgz",
    ".woff",
    ".woff2",
    ".htaccess",
    ".haddock",
    // Pictures.
    ".gif",
    ".png",
    ".jpg",
    ".jpeg",
    // Compressed.
    ".gz",
    ".taz",
    ".tgz",
    ".z",
    "-gz",
    "-z",
    "_z",
    ".bz2",
    ".xz",
    ".lz",
    ".lzma",
    ".zst",
    ".zip",
    ".jar",
    ".epub",
    ".odg",
    ".odp",
    ".odt",
    // Read by programs under the name they have.
    ".hs",
    ".devhelp2",
];

/// Names of documentation that must keep its name.
const NAMES_LEFT_ALONE: &[&str] = &[
    "copyright",
    "index.sgml",
    "objects.inv",
    "search_index.json",
];

/// `brp-compress-docs`: compresses, with `gzip -9n`, all manual and info pages, and below
/// `/usr/share/doc` changelogs and whatever is larger than 4 KiB, save for copyright files, web
/// pages, pictures, examples, and what is compressed already. Links that dangle then are repaired.
///
/// Source: Debian Policy 12.1, 12.2, 12.3; dh_compress(1).
pub(crate) fn docs(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let compressor = Compressor::gzip();
    let mut nodes = tree::walk(&root)?;
    let links: Vec<Node> = nodes
        .extract_if(.., |node| node.metadata.is_symlink())
        .collect();
    nodes.retain(|node| {
        node.metadata.is_file() && wants_compression(node.inside(), node.metadata.len())
    });
    for node in nodes.iter_mut().filter(|node| node.is_executable()) {
        drop_executable_bits(node)?;
    }
    let warnings = compress_all(call, &compressor, nodes)?;
    repair(&root, &links, &compressor)?;
    warnings.iter().try_for_each(|warning| call.warn(warning))?;
    Ok(0)
}

/// Whether Policy and custom want a file compressed, by its installed path and its size in bytes.
///
/// Source: Debian Policy 12.1, 12.2, 12.3; dh_compress(1).
#[must_use]
pub fn wants_compression(path: &Path, size: u64) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let lower = name.to_ascii_lowercase();
    let excluded = LEFT_ALONE.iter().any(|suffix| lower.ends_with(suffix));
    if path.starts_with("/usr/share/man") || path.starts_with("/usr/share/info") {
        return !excluded && name != "dir";
    }
    if path.starts_with("/usr/share/fonts/X11") {
        return name.ends_with(".pcf");
    }
    let named = NAMES_LEFT_ALONE.contains(&name.as_ref());
    let web = lower.contains(".htm") && name != "changelog.html";
    let history = lower.starts_with("changelog") || name.starts_with("NEWS");
    path.starts_with("/usr/share/doc")
        && (size > LARGE || history && size > 0)
        && !(excluded || named || web || is_example(path))
}

/// Whether the file is in a package's `examples`, or the sources of its web pages.
fn is_example(path: &Path) -> bool {
    let parts: Vec<_> = path.components().collect();
    let named =
        |index: usize, name: &str| parts.get(index).is_some_and(|it| it.as_os_str() == name);
    named(5, "examples") || parts.iter().any(|part| part.as_os_str() == "_sources")
}

/// A compressed script cannot be run.
fn drop_executable_bits(node: &mut Node) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = node.metadata.permissions().mode() & !0o111;
    std::fs::set_permissions(&node.path, std::fs::Permissions::from_mode(mode))
        .doing("change the mode of", &node.path)?;
    node.metadata = node.path.symlink_metadata().doing("read", &node.path)?;
    Ok(())
}

/// Points links that dangle now, and would not with the suffix, to the compressed file. Repeats, for
/// links to links.
fn repair(root: &Path, links: &[Node], compressor: &Compressor) -> Result<(), Error> {
    let mut left: Vec<&Node> = links.iter().collect();
    loop {
        let before = left.len();
        let mut still = Vec::new();
        for link in left {
            let target = std::fs::read_link(&link.path).doing("read", &link.path)?;
            let full = installed(root, &link.path, &target);
            let gone = full.symlink_metadata().is_err();
            if gone && compressor.named(&full).symlink_metadata().is_ok() {
                relink(&link.path, &target, compressor)?;
            } else {
                still.push(link);
            }
        }
        if still.len() == before {
            return Ok(());
        }
        left = still;
    }
}

/// Where in the build root a link leads: an absolute target is one of the installed system.
fn installed(root: &Path, link: &Path, target: &Path) -> PathBuf {
    match target.strip_prefix("/") {
        Ok(inside) => root.join(inside),
        Err(_) => link.parent().unwrap_or(root).join(target),
    }
}

#[cfg(test)]
#[path = "pages/tests.rs"]
mod tests;
