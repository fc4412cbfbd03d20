//! `.changes` and `.buildinfo`: what an archive wants to have with packages.
//!
//! A `.changes` file names files of its own directory. Where binary packages lie elsewhere, links to
//! them are put beside it.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use debfile::DebFile;
use debfile::source_package::{
    BuildEnvironment, DebSource, SummedFile, Upload, UploadFile, lower_buildinfo, lower_changes,
};
use package::WriteError;
use target::Target;

use crate::BuildError;
use crate::deb::clear_signed::signed;
use crate::deb::file_sums::summed_file;
use crate::files;
use crate::files::dir_of;
use crate::machine::installed::DPKG_DIR;
use crate::machine::installed::{closure, vendor};
use crate::run::{Run, WrittenDebSource};
use crate::writing::package_file::write_package;

/// Writes both, and returns their paths.
pub(crate) fn write(
    run: &mut Run<'_>,
    written: &WrittenDebSource,
    packages: &[PathBuf],
) -> Result<Vec<PathBuf>, BuildError> {
    let source = &written.source;
    let dir = dir_of(&mut run.project.engine, "_sdebdir")?;
    let plain = |file: &SummedFile| UploadFile {
        file: file.clone(),
        section: source.section.clone(),
        control: None,
    };
    let mut upload = Upload {
        sources: written.files.iter().map(plain).collect(),
        binaries: packages
            .iter()
            .map(|it| binary(it))
            .collect::<Result<_, _>>()?,
        buildinfo: None,
    };
    let ending = ending(run, &upload);
    let text = lower_buildinfo(source, &upload, &environment(run, source));
    let text = signed(run, text)?;
    let info = dir.join(source.file_name(&format!("_{ending}.buildinfo")));
    write_text(run, &info, &text)?;
    let summed = summed_file(&info).map_err(|source| fault(&info, source))?;
    upload.buildinfo = Some(plain(&summed));
    let changes = dir.join(source.file_name(&format!("_{ending}.changes")));
    for link in link_packages(&dir, packages)? {
        run.project.written.add(&link);
    }
    let text = signed(run, lower_changes(source, &upload))?;
    write_text(run, &changes, &text)?;
    Ok(vec![info, changes])
}

fn fault(path: &Path, source: WriteError) -> BuildError {
    BuildError::Package {
        path: path.to_owned(),
        source,
    }
}

fn write_text(run: &mut Run<'_>, path: &Path, text: &str) -> Result<(), BuildError> {
    write_package(run.project, path, run.listener, |out, _| {
        std::io::Write::write_all(out.file, text.as_bytes()).map_err(WriteError::Write)
    })
}

/// A package with its control fields.
fn binary(path: &Path) -> Result<UploadFile, BuildError> {
    let file = summed_file(path).map_err(|source| fault(path, source))?;
    let control = DebFile::open(path).map_err(|source| {
        let source = WriteError::Read {
            path: path.to_owned(),
            source: std::io::Error::other(source),
        };
        fault(path, source)
    })?;
    let control = control.control;
    Ok(UploadFile {
        file,
        section: control.get("Section").unwrap_or("misc").to_owned(),
        control: Some(control),
    })
}

/// What file names say it is for: an architecture, or `source`.
fn ending(run: &Run<'_>, upload: &Upload) -> String {
    match upload.binaries.is_empty() {
        true => "source".to_owned(),
        false => machine(&run.project.target),
    }
}

/// dpkg's name for the machine that packages are built for, also where none of them depends on it.
pub(crate) fn machine(target: &Target) -> String {
    let arch = match target.arch.is_noarch() {
        true => target.host_arch(),
        false => target.arch,
    };
    target.native_arch(arch.name).to_owned()
}

/// Makes links to the packages that lie in other directories, and returns their paths. A name that is taken by a file stays.
fn link_packages(dir: &Path, packages: &[PathBuf]) -> Result<Vec<PathBuf>, BuildError> {
    let mut links = Vec::new();
    for package in packages.iter().filter(|it| it.parent() != Some(dir)) {
        let link = dir.join(package.file_name().unwrap_or_default());
        let target = match (
            dir.parent(),
            package.strip_prefix(dir.parent().unwrap_or(dir)),
        ) {
            (Some(_), Ok(below)) => Path::new("..").join(below),
            _ => package.clone(),
        };
        if link.is_symlink() {
            files::remove_file(&link)?;
        }
        if let Err(source) = symlink(target, &link) {
            return Err(BuildError::Write { path: link, source });
        }
        links.push(link);
    }
    Ok(links)
}

/// What the packages were built with.
fn environment(run: &Run<'_>, source: &DebSource) -> BuildEnvironment {
    let target = &run.project.target;
    let wanted = source.dsc.get("Build-Depends").unwrap_or_default();
    let date = run.build_time.source_date;
    let date = date.map(|date| ("SOURCE_DATE_EPOCH".to_owned(), date.to_string()));
    let options = run.request.switches.no_check;
    let options = options.then(|| ("DEB_BUILD_OPTIONS".to_owned(), "nocheck".to_owned()));
    BuildEnvironment {
        origin: vendor(),
        arch: machine(target),
        time: run.build_time.seconds,
        installed: closure(Path::new(DPKG_DIR), wanted),
        variables: options.into_iter().chain(date).collect(),
    }
}
