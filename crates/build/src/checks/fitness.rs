//! Whether packages that this machine builds are fit for the target they are for.
//!
//! Compiler, libraries and interpreters are this machine's, whatever the target is; and what takes
//! debugging symbols out may be missing here. Neither is an error to rpm, so only our own name says it.

use std::path::Path;

use expand::Engine;
use package::{Dependency, FileEntry, Package, RelationKind};
use source::{Diagnostic, Severity};
use spec::SubPackage;
use target::{OsRelease, Personality, Release, Target};

use crate::BuildError;
use crate::codes::{MACHINE_LIBRARIES, NO_DEBUG_PACKAGES};
use crate::machine::os_release;
use crate::project::Project;
use crate::request::Request;
use crate::request::work::Work;
use crate::requirements;
use crate::run::Run;

/// Warnings that `--strict` makes errors: what they are about makes packages unfit for their target.
pub const STRICT: [&str; 4] = [
    "machine-libraries",
    "no-debug-packages",
    "unresolved-dependency",
    "unmade-owner",
];

/// Reports what makes the packages of a build unfit for its target.
pub(crate) fn check(run: &mut Run<'_>, packages: &[Package]) -> Result<(), BuildError> {
    if run.request.personality != Personality::Specbuild {
        return Ok(());
    }
    let project = &mut *run.project;
    check_release(&project.target, &mut project.engine, packages)?;
    if packages.iter().any(|it| compiled(it).is_some()) {
        check_debug_packages(run)?;
    }
    run.project.engine.sink.check()?;
    Ok(())
}

/// Fails before the build where `--strict` will make it fail in the end: packages for one architecture
/// hold what was made here.
pub(crate) fn check_before(
    request: &Request,
    project: &mut Project,
    work: &Work,
) -> Result<(), BuildError> {
    let is_built = work.binaries && work.runs_scripts() && !request.switches.no_build;
    if request.personality != Personality::Specbuild || !is_built {
        return Ok(());
    }
    let Some(machine) = other_release(&project.target, &mut project.engine)? else {
        return Ok(());
    };
    let spec = &project.spec;
    let has_files = |it: &SubPackage| {
        let files = it.files.as_ref();
        files.is_some_and(|it| !it.lines.is_empty() || !it.manifests.is_empty())
    };
    let is_for_one = |it: &&SubPackage| has_files(it) && spec.arch_of(it) != "noarch";
    let Some(package) = spec.packages.values().find(is_for_one) else {
        return Ok(());
    };
    let (name, arch) = (package.name.as_str(), spec.arch_of(package));
    let finding = made_by(&project.target, &machine, name).at(package.origin);
    let finding = finding.note(format!(
        "it is for {arch}; `BuildArch: noarch` is for packages in \
         which nothing is compiled"
    ));
    let finding = with_way_out(&project.target, &mut project.engine, finding)?;
    let decided = request.settings.warnings.apply(finding);
    match decided.filter(|it| it.severity == Severity::Error) {
        Some(error) => Err(project.engine.sink.report(error).into()),
        None => Ok(()),
    }
}

/// What this machine is, if that is another release than the target's.
fn other_release(target: &Target, engine: &mut Engine) -> Result<Option<OsRelease>, BuildError> {
    let machine = match engine.expand_str("%{?_build_machine}")? {
        given if given.is_empty() => os_release(),
        given => named_release(&given),
    };
    let release = &target.release;
    let is_same = release.distribution.is_empty() || machine.is_made_of(release);
    Ok((!is_same).then_some(machine))
}

/// The warning that a package is made of this machine's programs and libraries.
fn made_by(target: &Target, machine: &OsRelease, package: &str) -> Diagnostic {
    let (own, wanted) = (name_of(machine), release_name(&target.release));
    let message = format!(
        "package `{package}` is for {wanted}, but compiler, libraries and interpreters are those of \
         this machine, {own}"
    );
    Diagnostic::warning(MACHINE_LIBRARIES, message)
}

/// Says where such a package can be built.
fn with_way_out(
    target: &Target,
    engine: &mut Engine,
    finding: Diagnostic,
) -> Result<Diagnostic, BuildError> {
    let wanted = release_name(&target.release);
    let root = engine.expand_str("%{?__release_root_command}")?;
    Ok(finding.help(match root.as_str() {
        "" => format!("build in a root directory of {wanted}"),
        command => format!("build in a root directory of {wanted}: `{command}` makes one"),
    }))
}

/// Reports packages with something that this machine's compiler or interpreters made.
fn check_release(
    target: &Target,
    engine: &mut Engine,
    packages: &[Package],
) -> Result<(), BuildError> {
    let Some(machine) = other_release(target, engine)? else {
        return Ok(());
    };
    let mut made_here = packages.iter().filter_map(|it| Some((it, made_here(it)?)));
    let Some((package, entry)) = made_here.next() else {
        return Ok(());
    };
    let mut finding = made_by(target, &machine, &package.name).at(entry.origin);
    let known = engine.expand_str("%{?__release_glibc}")?;
    if let Some(needed) = newest_glibc(packages).filter(|it| is_newer(it, &known)) {
        let wanted = release_name(&target.release);
        finding = finding.note(format!("it needs glibc {needed}, {wanted} has {known}"));
    }
    let finding = with_way_out(target, engine, finding)?;
    engine.sink.push(finding);
    Ok(())
}

/// The first file of a package that was made by this machine's compiler or interpreters.
fn made_here(package: &Package) -> Option<&FileEntry> {
    compiled(package).or_else(|| {
        let mut entries = package.files.entries().iter();
        entries.find(|entry| !entry.flags.ghost && is_of_interpreter(&entry.path))
    })
}

/// The first file of a package that is machine code.
fn compiled(package: &Package) -> Option<&FileEntry> {
    let mut entries = package.files.entries().iter();
    entries.find(|entry| entry.color != 0 && !entry.flags.ghost)
}

/// Whether a path is for one version of an interpreter: byte code, and what lies in a directory that
/// has the version in its name, such as `/usr/lib/python3.11` or `/usr/lib/perl5/5.36`.
fn is_of_interpreter(path: &str) -> bool {
    const INTERPRETERS: [&str; 8] = [
        "python", "perl", "perl5", "ruby", "lua", "php", "tcl", "guile",
    ];
    let is_version = |text: &str| {
        let parts = text.split_once('.');
        parts.is_some_and(|(major, minor)| {
            let starts = |it: &str| it.starts_with(|c: char| c.is_ascii_digit());
            starts(major) && starts(minor)
        })
    };
    let parts: Vec<&str> = path.split('/').collect();
    let directories = parts.split_last().map_or(&[][..], |(_, rest)| rest);
    let is_joined = |part: &&str| {
        let version = INTERPRETERS.iter().filter_map(|it| part.strip_prefix(it));
        version.into_iter().any(is_version)
    };
    let is_apart = |pair: &[&str]| INTERPRETERS.contains(&pair[0]) && is_version(pair[1]);
    let is_byte_code = path.ends_with(".pyc") || path.ends_with(".beam");
    is_byte_code || directories.iter().any(is_joined) || directories.windows(2).any(is_apart)
}

/// The newest version of glibc's symbols that packages need.
fn newest_glibc(packages: &[Package]) -> Option<String> {
    let required = packages
        .iter()
        .flat_map(|it| it.relations(RelationKind::Requires));
    let versions = required.filter_map(|it| {
        let name = it.name();
        let (_, rest) = name.split_once("(GLIBC_")?;
        let version = rest.split(')').next()?;
        version
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| version.to_owned())
    });
    versions.max_by(|a, b| package::compare_versions(a, b))
}

fn is_newer(version: &str, known: &str) -> bool {
    !known.is_empty() && package::compare_versions(version, known).is_gt()
}

/// `debian-13` as a release.
fn named_release(name: &str) -> OsRelease {
    let (id, version) = name.rsplit_once('-').unwrap_or((name, ""));
    OsRelease {
        id: id.to_owned(),
        version: version.to_owned(),
        ..OsRelease::default()
    }
}

fn name_of(machine: &OsRelease) -> String {
    let version = match machine.version.as_str() {
        "" => machine.codenames.first().map_or("", String::as_str),
        version => version,
    };
    match (machine.id.as_str(), version) {
        ("", _) => "which doesn't say what it is".to_owned(),
        (id, "") => id.to_owned(),
        (id, version) => format!("{id} {version}"),
    }
}

fn release_name(release: &Release) -> String {
    format!("{} {}", release.distribution, release.version)
}

/// Reports that there are no packages of debugging symbols for want of programs, where the target has
/// some, the spec switches none off and rpm would make some.
fn check_debug_packages(run: &mut Run<'_>) -> Result<(), BuildError> {
    const SWITCH: &str = "_enable_debug_packages";
    let engine = &mut run.project.engine;
    let body = engine.body(SWITCH);
    let is_own = body.is_some_and(|it| it.as_str().contains("__debug_tools_missing"));
    let template = engine.expand_str("%{?buildsubdir:%{?debug_package}}")?;
    if !is_own || template.trim().is_empty() {
        return Ok(());
    }
    let missing = engine.expand_str("%{?__debug_tools_missing}")?;
    let missing: Vec<&str> = missing.split_whitespace().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let programs: Vec<String> = missing
        .iter()
        .map(|it| format!("`{}`", name_in(it)))
        .collect();
    let are = if missing.len() == 1 { "is" } else { "are" };
    let wanted = release_name(&run.project.target.release);
    let message = format!(
        "no packages of debugging symbols for {wanted}: {} {are} missing",
        programs.join(" and ")
    );
    let needed: Vec<_> = missing.iter().map(|it| Dependency::on(*it).what).collect();
    let command = requirements::command_for(&needed, &run.request.database)?;
    let finding =
        Diagnostic::warning(NO_DEBUG_PACKAGES, message).at(run.project.spec.main().origin);
    run.project.engine.sink.push(finding.help_if(command));
    Ok(())
}

fn name_in(path: &str) -> String {
    let name = Path::new(path).file_name();
    name.map_or_else(|| path.to_owned(), |it| it.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_versions_of_interpreters() {
        for path in [
            "/usr/lib/python3.11/site-packages/x.py",
            "/usr/lib/x86_64-linux-gnu/perl5/5.36/X.pm",
            "/usr/share/perl/5.36.0/X.pm",
            "/usr/share/lua/5.4/x.lua",
            "/usr/share/x/__pycache__/x.cpython-311.pyc",
        ] {
            assert!(is_of_interpreter(path), "{path}");
        }
        for path in [
            "/usr/lib/python3/dist-packages/x.py",
            "/usr/share/perl5/X.pm",
            "/usr/share/doc/python3.11",
            "/usr/share/x/1.2/x",
        ] {
            assert!(!is_of_interpreter(path), "{path}");
        }
    }

    #[test]
    fn versions_of_glibc_are_compared_as_versions() {
        assert!(is_newer("2.38", "2.36") && !is_newer("2.4", "2.36") && !is_newer("2.38", ""));
        let machine = named_release("debian-13");
        assert_eq!(name_of(&machine), "debian 13");
        assert_eq!(
            name_of(&OsRelease::default()),
            "which doesn't say what it is"
        );
    }
}
