//! Removing and joining files: libtool's `.la` files, and files that are equal.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::call::Call;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};

/// What libtool writes into the first line of each of its files.
const LIBTOOL_MARK: &[u8] = b".la - a libtool library file";

/// `brp-remove-la-files`: removes `*.la` files that libtool wrote, and symbolic links to them.
pub(crate) fn remove_la_files(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let nodes = tree::walk(&root)?;
    let named = |node: &&Node| node.path.as_os_str().as_encoded_bytes().ends_with(b".la");
    // All are judged before any goes, so that a link can still be followed.
    let doomed: Vec<&Node> = nodes
        .iter()
        .filter(named)
        .filter(|node| is_libtool_file(&node.path))
        .collect();
    for node in doomed {
        std::fs::remove_file(&node.path).doing("remove", &node.path)?;
    }
    Ok(0)
}

/// Whether `path` is, or leads to, a regular file with libtool's mark. A dangling link is not.
fn is_libtool_file(path: &Path) -> bool {
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_file
        && limits::read(path, limits::METADATA)
            .is_ok_and(|text| memchr::memmem::find(&text, LIBTOOL_MARK).is_some())
}

/// `brp-python-hardlink`: makes equal `x.pyc`, `x.pyo`, `x.opt-1.pyc` and `x.opt-2.pyc` one file.
pub(crate) fn python(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    for node in tree::files(&root)? {
        let path = node.path.to_string_lossy();
        let Some(stem) = path.strip_suffix(".pyc") else {
            continue;
        };
        if stem.ends_with(".opt-1") || stem.ends_with(".opt-2") {
            continue;
        }
        let first = format!("{stem}.opt-1.pyc");
        join_if_equal(&node.path, format!("{stem}.pyo").as_ref())?;
        join_if_equal(&node.path, first.as_ref())?;
        let second = format!("{stem}.opt-2.pyc");
        if !join_if_equal(&node.path, second.as_ref())? {
            join_if_equal(first.as_ref(), second.as_ref())?;
        }
    }
    Ok(0)
}

/// `brp-linkdupes [DIRECTORY…]`: hard-links regular files below the given directories of the build
/// root (all of it without any) that have the same content, mode, owner, group and time.
///
/// Says how many files were joined. Configuration below `/etc` is left alone, since it will be
/// edited.
pub(crate) fn duplicates(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let wanted: Vec<&Path> = call.args.iter().map(Path::new).collect();
    let chosen = |node: &Node| {
        let path = node.inside();
        let below = wanted.is_empty() || wanted.iter().any(|directory| path.starts_with(directory));
        below && node.metadata.len() > 0 && !path.starts_with("/etc")
    };
    let nodes = tree::files(&root)?.into_iter().filter(chosen);
    let mut alike: BTreeMap<_, Vec<Node>> = BTreeMap::new();
    for node in nodes {
        alike.entry(likeness(&node)).or_default().push(node);
    }
    let joined = alike
        .into_values()
        .map(|nodes| join_all(&nodes))
        .sum::<Result<usize, Error>>()?;
    if joined > 0 {
        call.say(format!("joined {joined} files with their equals"))?;
    }
    Ok(0)
}

/// What files must share to be worth comparing: device, size, mode, owner, group, time in seconds.
fn likeness(node: &Node) -> (u64, u64, u32, u32, u32, i64) {
    let it = &node.metadata;
    (
        it.dev(),
        it.len(),
        it.mode(),
        it.uid(),
        it.gid(),
        it.mtime(),
    )
}

/// Joins each file with the first earlier one that equals it.
fn join_all(nodes: &[Node]) -> Result<usize, Error> {
    let mut kept: Vec<&Node> = Vec::new();
    let mut joined = 0;
    'files: for node in nodes {
        for other in &kept {
            if other.identity() == node.identity() {
                continue 'files;
            }
            if join_if_equal(&other.path, &node.path)? {
                joined += 1;
                continue 'files;
            }
        }
        kept.push(node);
    }
    Ok(joined)
}

/// Replaces `second` by a hard link to `first` when both are regular files with equal content.
fn join_if_equal(first: &Path, second: &Path) -> Result<bool, Error> {
    let regular = |path: &Path| path.symlink_metadata().is_ok_and(|it| it.is_file());
    if !regular(first) || !regular(second) || !are_equal(first, second)? {
        return Ok(false);
    }
    let directory = second.parent().unwrap_or(Path::new("."));
    let spare = tempfile::tempdir_in(directory).doing("write in", directory)?;
    let link = spare.path().join("link");
    std::fs::hard_link(first, &link).doing("link", first)?;
    std::fs::rename(&link, second).doing("replace", second)?;
    Ok(true)
}

/// Compares two files block by block.
fn are_equal(first: &Path, second: &Path) -> Result<bool, Error> {
    let mut one = BufReader::new(File::open(first).doing("read", first)?);
    let mut two = BufReader::new(File::open(second).doing("read", second)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = fill(&mut one, &mut left).doing("read", first)?;
        let other = fill(&mut two, &mut right).doing("read", second)?;
        if left.get(..count) != right.get(..other) {
            return Ok(false);
        }
        if count == 0 {
            return Ok(true);
        }
    }
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match input.read(rest)? {
            0 => break,
            read => count += read,
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use crate::call::testing::Bench;
    use crate::tree;

    #[test]
    fn la_files_and_links_to_them_go() {
        let mut bench = Bench::new();
        bench.file("usr/lib/libx.la", "# libx.la - a libtool library file\n");
        bench.file("usr/lib/notes.la", "something else\n");
        bench.link("usr/lib/liby.la", "libx.la");
        bench.link("usr/lib/libz.la", "gone.la");
        assert_eq!(bench.run("brp-remove-la-files", &[]), 0);
        assert_eq!(bench.listing(), ["/usr/lib/libz.la", "/usr/lib/notes.la"]);
    }

    #[test]
    fn equal_bytecode_is_one_file() {
        let mut bench = Bench::new();
        for (name, text) in [("m.pyc", "1"), ("m.opt-1.pyc", "1"), ("m.opt-2.pyc", "2")] {
            bench.file(name, text);
        }
        bench.file("n.pyc", "1");
        bench.file("n.opt-1.pyc", "2");
        bench.file("n.opt-2.pyc", "2");
        assert_eq!(bench.run("brp-python-hardlink", &[]), 0);
        let groups = tree::by_identity(tree::files(&bench.root()).unwrap());
        let names: Vec<String> = groups
            .iter()
            .map(|group| {
                group
                    .iter()
                    .map(|node| node.name().into_owned())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        assert_eq!(
            names,
            [
                "m.opt-1.pyc m.pyc",
                "m.opt-2.pyc",
                "n.opt-1.pyc n.opt-2.pyc",
                "n.pyc"
            ]
        );
    }

    #[test]
    fn equal_files_are_joined_except_configuration() {
        let mut bench = Bench::new();
        for path in [
            "usr/share/doc/a",
            "usr/share/doc/b",
            "usr/share/x",
            "etc/a",
            "etc/b",
        ] {
            let file = std::fs::File::options()
                .append(true)
                .open(bench.file(path, "same"))
                .unwrap();
            file.set_modified(std::time::UNIX_EPOCH).unwrap();
        }
        assert_eq!(bench.run("brp-linkdupes", &["/usr/share/doc"]), 0);
        assert_eq!(bench.out, "joined 1 files with their equals\n");
        assert_eq!(bench.run("brp-linkdupes", &[]), 0);
        assert_eq!(tree::distinct_files(&bench.root()).unwrap().len(), 3);
    }
}
