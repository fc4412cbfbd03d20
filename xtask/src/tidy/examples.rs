//! Rule: the tarball of an example holds what its `upstream` folder holds; `examples/pack`
//! makes it so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Finding;
use common::shell::{self, Outcome, failed};

pub(crate) fn check() -> Outcome<Vec<Finding>> {
    let examples = shell::root().join("examples");
    let mut findings = Vec::new();
    for example in entries(&examples)?
        .into_iter()
        .filter(|path| path.join("upstream").is_dir())
    {
        for tarball in entries(&example)? {
            if tarball.extension().is_some_and(|it| it == "gz") {
                findings.extend(check_tarball(&example.join("upstream"), &tarball)?);
            }
        }
    }
    Ok(findings)
}

fn check_tarball(upstream: &Path, tarball: &Path) -> Outcome<Option<Finding>> {
    let unpacked = shell::target_dir().join("tidy-tarball");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked).map_err(failed("remove", &unpacked))?;
    }
    fs::create_dir_all(&unpacked).map_err(failed("make", &unpacked))?;
    let mut tar = Command::new("tar");
    tar.arg("--extract")
        .arg("--file")
        .arg(tarball)
        .arg("--directory")
        .arg(&unpacked);
    shell::output(tar.arg("--strip-components=1"))?;
    let mut diff = Command::new("diff");
    let same = diff
        .args(["--recursive", "--brief"])
        .arg(upstream)
        .arg(&unpacked)
        .output();
    if same.map_err(failed("compare", upstream))?.status.success() {
        return Ok(None);
    }
    let path = tarball
        .strip_prefix(shell::root())
        .unwrap_or(tarball)
        .to_string_lossy();
    Ok(Some(Finding::new(
        &path,
        0,
        "differs from the `upstream` folder; run examples/pack",
    )))
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
