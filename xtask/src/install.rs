//! `install DIR`: the release binary and the names it answers to, as relative links.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::shell::{Failure, Outcome, build_release, failed};

/// The names under which the binary behaves as that program does.
const NAMES: [&str; 14] = [
    "debbuild",
    "elfdeps",
    "gendiff",
    "rpm",
    "rpm2archive",
    "rpm2cpio",
    "rpmbuild",
    "rpmdeps",
    "rpmkeys",
    "rpmlua",
    "rpmsign",
    "rpmsort",
    "rpmspec",
    "rpmuncompress",
];

pub(crate) fn run(dir: &Path) -> Outcome {
    let built = build_release()?;
    fs::create_dir_all(dir).map_err(failed("make", dir))?;
    let program = dir.join("specbuild");
    replace(&program, |place| fs::copy(&built, place).map(drop))?;
    for name in NAMES {
        replace(&dir.join(name), |place| symlink("specbuild", place))?;
    }
    println!("{} and the links {}", program.display(), NAMES.join(", "));
    Ok(())
}

/// Makes a file under a temporary name, then puts it in place of what is there; a program may
/// be running under the old one. Anything but a file or a link in its place is left alone.
fn replace(place: &Path, make: impl FnOnce(&Path) -> std::io::Result<()>) -> Outcome {
    if place.is_dir() {
        return Err(Failure(format!("{} is a folder", place.display())));
    }
    let new = place.with_extension(format!("new{}", std::process::id()));
    make(&new)
        .and_then(|()| fs::rename(&new, place))
        .map_err(failed("write", place))
}
