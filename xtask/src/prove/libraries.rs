//! `prove libraries`: builds the small projects in `testdata/libraries`, which use the macros of a library as
//! its users do, for both families with the toolchains of this machine. One that is missing fails.
//!
//! What came out is kept in `docs/evidence/LIBRARIES.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use clap::Args;

use common::shell::{Failure, Outcome, build_release, failed, output, root, step};

#[derive(Args)]
pub(crate) struct Libraries {
    /// The binary to prove, instead of a fresh release build
    #[arg(long)]
    specbuild: Option<PathBuf>,
    /// Only projects of this library, without writing the page
    #[arg(long)]
    only: Option<String>,
}

const TARGETS: [&str; 2] = ["fedora-42", "debian-13"];

const HEAD: &str = "# Projects of macro libraries

Written by `cargo xtask prove libraries`: each spec in `testdata/libraries`, built with `-bb --nodeps` by the
toolchains of Debian 12, without network where the machine allows to cut it off.

| library | spec | target | packages |
|---|---|---|---|
";

/// A project that is to be built.
struct Project {
    library: String,
    spec: PathBuf,
}

pub(crate) fn run(asked: &Libraries) -> Outcome {
    let specbuild = match &asked.specbuild {
        Some(given) => given.clone(),
        None => build_release()?,
    };
    // Not below the workspace: cargo would take a crate there for a part of it.
    let desk = std::env::temp_dir().join(format!("specbuild-libraries-{}", std::process::id()));
    let mut page = HEAD.to_owned();
    let mut faults = Vec::new();
    for project in projects(asked.only.as_deref())? {
        for target in TARGETS {
            let name = project.spec.file_stem().unwrap_or_default();
            let name = name.to_string_lossy();
            let place = desk.join(target).join(&project.library).join(&*name);
            match build(&specbuild, &project, target, &place)? {
                Ok(packages) => {
                    let packages = packages.join(", ");
                    println!("{name} for {target}: {packages}");
                    let library = &project.library;
                    let _ = writeln!(page, "| {library} | {name} | {target} | {packages} |");
                }
                Err(fault) => faults.push(format!("{name} for {target}:\n{fault}")),
            }
        }
    }
    fs::remove_dir_all(&desk).map_err(failed("remove", &desk))?;
    if !faults.is_empty() {
        return Err(Failure(faults.join("\n")));
    }
    match asked.only {
        Some(_) => Ok(()),
        None => {
            let place = root().join("docs/evidence/LIBRARIES.md");
            fs::write(&place, page).map_err(failed("write", &place))
        }
    }
}

/// The projects, by library and name.
fn projects(only: Option<&str>) -> Outcome<Vec<Project>> {
    let folders = entries(&root().join("testdata/libraries"))?;
    let mut projects = Vec::new();
    for folder in folders.into_iter().filter(|it| it.is_dir()) {
        let library = file_name(&folder);
        if only.is_some_and(|only| only != library) {
            continue;
        }
        let specs = entries(&folder)?.into_iter();
        let specs = specs.filter(|it| it.extension().is_some_and(|it| it == "spec"));
        projects.extend(specs.map(|spec| Project {
            library: library.clone(),
            spec,
        }));
    }
    match projects.is_empty() {
        true => Err(Failure("there is no such project".to_owned())),
        false => Ok(projects),
    }
}

/// Builds a project; the names of the packages, or the last lines that the build printed.
fn build(
    specbuild: &Path,
    project: &Project,
    target: &str,
    desk: &Path,
) -> Outcome<Result<Vec<String>, String>> {
    let sources = desk.join("sources");
    fs::create_dir_all(&sources).map_err(failed("make", &sources))?;
    lay_out(specbuild, project, target, &sources)?;
    let out = desk.join("out");
    let mut command = without_network(specbuild);
    command.args(["-bb", "--nodeps", "--target", target]);
    command.arg("-D").arg(format!("_topdir {}", desk.display()));
    command
        .arg("-D")
        .arg(format!("_sourcedir {}", sources.display()));
    command.arg("--output").arg(&out).arg(&project.spec);
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .stdin(Stdio::null())
        .output()
        .map_err(failed("run", specbuild))?;
    if !status.success() {
        let said = [stdout, stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let lines: Vec<&str> = said.lines().collect();
        return Ok(Err(lines[lines.len().saturating_sub(25)..].join("\n")));
    }
    let packages = entries(&out)?.iter().map(|it| file_name(it)).collect();
    Ok(Ok(packages))
}

/// The program in a network of its own, where root may make one.
fn without_network(specbuild: &Path) -> Command {
    let probe = Command::new("unshare").args(["--net", "true"]).output();
    if probe.is_ok_and(|it| it.status.success()) {
        let mut command = Command::new("unshare");
        command.arg("--net").arg(specbuild);
        return command;
    }
    Command::new(specbuild)
}

/// Puts the sources of a spec into a folder: files as they are, archives made from the directories that
/// they are called after.
fn lay_out(specbuild: &Path, project: &Project, target: &str, sources: &Path) -> Outcome {
    let folder = project.spec.parent().unwrap_or(Path::new("."));
    let mut question = Command::new(specbuild);
    question.args([
        "query",
        "--srpm",
        "--target",
        target,
        "--qf",
        "[%{SOURCE}\\n]",
    ]);
    let listed = output(question.arg(&project.spec))?;
    for source in listed.lines() {
        let place = sources.join(source);
        if folder.join(source).is_file() {
            fs::copy(folder.join(source), &place).map_err(failed("copy", &place))?;
            continue;
        }
        let Some(stem) = source.strip_suffix(".tar.gz") else {
            return Err(Failure(format!("{} lacks {source}", folder.display())));
        };
        let short = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
        let names = [stem, short].into_iter();
        let tree = names.map(|it| folder.join(it)).find(|it| it.is_dir());
        let tree = tree.ok_or_else(|| Failure(format!("{} lacks {stem}", folder.display())))?;
        let mut tar = Command::new("tar");
        tar.arg("-C").arg(&tree).arg("-czf").arg(&place);
        step(tar.arg(format!("--transform=s,^\\.,{stem},")).arg("."))?;
    }
    Ok(())
}

/// What is in a directory, in order.
fn entries(dir: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).map_err(failed("read", dir))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
