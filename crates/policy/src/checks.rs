//! Checks of a build root that can fail a build.

mod rpaths;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use memchr::memmem::Finder;
use rayon::prelude::*;

pub(crate) use rpaths::rpaths;

use crate::call::Call;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};

/// Files that name the place they were made in by their nature.
const EXPECTED: &[&str] = &[".pyo", ".pyc", ".elc", ".src.rpm"];

/// Bytes read at a time.
const BLOCK: usize = 1 << 18;

/// `check-buildroot`: looks for files that contain the path of the build root.
///
/// Lists them on standard output and ends with status 1 if there are any. `QA_SKIP_BUILD_ROOT` turns
/// the check off.
pub(crate) fn build_root(call: &mut Call<'_>) -> Result<u8, Error> {
    if call.environment.get("QA_SKIP_BUILD_ROOT").is_some() {
        return Ok(0);
    }
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let nodes: Vec<Node> = tree::files(&root)?.into_iter().filter(is_checked).collect();
    let needle = Finder::new(root.as_os_str().as_bytes());
    let found = call.environment.workers()?.install(|| {
        let each = nodes.par_iter().map(|node| contains(&node.path, &needle));
        each.collect::<Result<Vec<bool>, Error>>()
    })?;
    let bad: Vec<&Node> = nodes
        .iter()
        .zip(found)
        .filter(|it| it.1)
        .map(|it| it.0)
        .collect();
    for node in &bad {
        call.say(node.path.display().to_string())?;
    }
    if bad.is_empty() {
        return Ok(0);
    }
    call.say(format!(
        "Found '{}' in installed files; aborting",
        root.display()
    ))?;
    Ok(1)
}

fn is_checked(node: &Node) -> bool {
    let name = node.name();
    name != ".packlist" && !EXPECTED.iter().any(|suffix| name.ends_with(suffix))
}

/// Whether a file contains some bytes. It is read in blocks; each keeps the end of the one before.
fn contains(path: &Path, needle: &Finder<'_>) -> Result<bool, Error> {
    let mut file = File::open(path).doing("read", path)?;
    let overlap = needle.needle().len().saturating_sub(1);
    let mut block = vec![0; BLOCK + overlap];
    let mut kept = 0;
    loop {
        let count = file
            .read(block.get_mut(kept..).unwrap_or_default())
            .doing("read", path)?;
        if count == 0 {
            return Ok(false);
        }
        let end = kept + count;
        if needle.find(block.get(..end).unwrap_or_default()).is_some() {
            return Ok(true);
        }
        kept = end.min(overlap);
        block.copy_within(end - kept..end, 0);
    }
}

/// `check-files ROOT`: reads a list of files on standard input and writes which files of the build
/// root ROOT are not in it, indented by three blanks.
///
/// The list names files with the build root before them, as rpm passes it.
pub(crate) fn files(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.args.first().filter(|root| !root.is_empty()) else {
        return Err(Error::Usage("usage: check-files ROOT < LIST".to_owned()));
    };
    let root = call.environment.path(root);
    if !root.is_dir() {
        if root.exists() {
            call.warn(format!("Error: `{}' is not a directory", root.display()))?;
        }
        return Ok(1);
    }
    let mut list = Vec::new();
    std::io::stdin()
        .read_to_end(&mut list)
        .doing("read", Path::new("standard input"))?;
    let listed: BTreeSet<&[u8]> = list.split(|byte| *byte == b'\n').collect();
    for node in tree::walk(&root)? {
        let is_file = node.metadata.is_file() || node.metadata.is_symlink();
        if is_file && !listed.contains(node.path.as_os_str().as_bytes()) {
            call.say(format!("   {}", node.inside().display()))?;
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    #[test]
    fn build_roots_path_in_a_file_fails() {
        let mut bench = Bench::new();
        let root = bench.root().display().to_string();
        bench.file("usr/share/clean", "no path");
        bench.file("usr/lib/x.pyc", &root);
        assert_eq!(bench.run("check-buildroot", &[]), 0);
        let bad = bench.file("etc/conf", format!("prefix={root}/usr\n"));
        assert_eq!(bench.run("check-buildroot", &[]), 1);
        let expected = format!(
            "{}\nFound '{root}' in installed files; aborting\n",
            bad.display()
        );
        assert_eq!(bench.out, expected);
        bench.set("QA_SKIP_BUILD_ROOT", "1");
        assert_eq!(bench.run("check-buildroot", &[]), 0);
    }

    #[test]
    fn path_across_two_blocks_is_found() {
        let bench = Bench::new();
        let needle = Finder::new(b"/build/root");
        for before in [BLOCK - 5, BLOCK, BLOCK + 5, 2 * BLOCK + 3] {
            let content = [vec![b'x'; before], b"/build/root".to_vec()].concat();
            assert!(
                contains(&bench.file("f", content), &needle).unwrap(),
                "{before}"
            );
        }
        assert!(!contains(&bench.file("g", vec![b'/'; 3 * BLOCK]), &needle).unwrap());
    }
}
