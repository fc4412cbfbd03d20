//! `install DIR`: the release binary and the names it answers to, as relative links; beside them the
//! manual page and completions.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure, Outcome, failed};

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

/// What the binary prints of itself, and where below the folder's parent it belongs: arguments, path.
const PAGES: [(&[&str], &str); 4] = [
    (&["man"], "share/man/man1/specbuild.1"),
    (
        &["completions", "bash"],
        "share/bash-completion/completions/specbuild",
    ),
    (
        &["completions", "zsh"],
        "share/zsh/site-functions/_specbuild",
    ),
    (
        &["completions", "fish"],
        "share/fish/vendor_completions.d/specbuild.fish",
    ),
];

/// Builds the release binary and puts it, its links and its pages into a folder.
pub fn run(dir: &Path) -> Outcome {
    println!("building the release binary; the first time takes some minutes");
    let built = shell::build_release()?;
    fs::create_dir_all(dir).map_err(failed("make", dir))?;
    let program = dir.join("specbuild");
    replace(&program, |place| fs::copy(&built, place).map(drop))?;
    for name in NAMES {
        replace(&dir.join(name), |place| symlink("specbuild", place))?;
    }
    println!("{} and the links {}", program.display(), NAMES.join(", "));
    install_pages(dir, &program)?;
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = env::split_paths(&path).collect();
    for line in advice(
        &fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned()),
        &path,
    ) {
        println!("{line}");
    }
    Ok(())
}

/// The manual page and completions, where a folder `bin` has a `share` beside it.
fn install_pages(dir: &Path, program: &Path) -> Outcome {
    let parent = dir.parent().filter(|_| dir.ends_with("bin"));
    let Some(parent) = parent else {
        println!(
            "no manual page and no completions: they go beside a folder `bin`; `specbuild man` and `specbuild completions SHELL` print them"
        );
        return Ok(());
    };
    for (arguments, path) in PAGES {
        let place = parent.join(path);
        let text = shell::output(Command::new(program).args(arguments))?;
        let folder = place.parent().unwrap_or(parent);
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
        replace(&place, |place| fs::write(place, &text))?;
        println!("{}", place.display());
    }
    Ok(())
}

/// What to know about `PATH`: whether the folder is on it, and which programs of rpm come after ours.
fn advice(dir: &Path, path: &[PathBuf]) -> Vec<String> {
    let is_dir = |entry: &&PathBuf| fs::canonicalize(entry).is_ok_and(|it| it == dir);
    let Some(at) = path.iter().position(|entry| is_dir(&entry)) else {
        let line = format!(
            "note: {0} is not on PATH; add it: export PATH=\"{0}:$PATH\"",
            dir.display()
        );
        return vec![line];
    };
    let hidden = |name: &&str| {
        path[at + 1..]
            .iter()
            .map(|entry| entry.join(name))
            .find(|it| it.exists())
    };
    let hidden = NAMES
        .iter()
        .filter_map(hidden)
        .filter(|found| fs::canonicalize(found).is_ok_and(|it| it != dir.join("specbuild")));
    let hidden: Vec<String> = hidden.map(|it| it.display().to_string()).collect();
    if hidden.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "note: the links come before {} on PATH; remove those that are to be rpm's own",
        hidden.join(", ")
    )]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_path_means_is_told() {
        let top = env::temp_dir().join(format!("specbuild-install-{}", std::process::id()));
        let (own, other) = (top.join("own"), top.join("other"));
        for dir in [&own, &other] {
            fs::create_dir_all(dir).expect("a temporary folder can be made");
        }
        fs::write(other.join("rpm"), "").expect("a file can be written there");
        let own = fs::canonicalize(&own).expect("it is there");
        let missing = advice(&own, std::slice::from_ref(&other));
        assert!(missing[0].contains("is not on PATH"), "{missing:?}");
        let before = advice(&own, &[own.clone(), other.clone()]);
        assert!(before[0].contains("other/rpm on PATH"), "{before:?}");
        let after: Vec<String> = advice(&own, &[other, own.clone()]);
        assert!(after.is_empty(), "{after:?}");
        fs::remove_dir_all(&top).ok();
    }
}
