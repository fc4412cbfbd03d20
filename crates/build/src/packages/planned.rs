//! What a build would write, by name.

use std::path::{Path, PathBuf};

use debfile::source_name;

use crate::BuildError;
use crate::deb::context::{context, resolver};
use crate::deb::source_package::hindrance;
use crate::deb::upstream::inspect;
use crate::deb::{packages, upload};
use crate::event::Listener;
use crate::files::dir_of;
use crate::project::Project;
use crate::project::main_source;
use crate::reading::read_spec;
use crate::reading::reader::Reading;
use crate::request::Request;
use crate::request::work::Work;
use crate::rpm;
use package::Package;
use target::{Format, Personality};

/// File names of the packages that the spec of a request makes, the source package's last. Under our own
/// name, what comes with them is listed too.
///
/// Findings go to the listener. Packages that only the build itself adds are not known here: those with
/// debugging information.
pub fn list_packages(
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<Vec<String>, BuildError> {
    let mut project = read_spec(request, Reading::default(), listener)?;
    let packages: Vec<Package> = spec::built_packages(&project.spec)
        .map(|it| spec::binary_package(&project.spec, it))
        .collect();
    let listed = match project.target.format {
        Format::Deb => deb_names(&mut project, &packages),
        Format::Rpm => rpm_names(&mut project, &packages),
    };
    let listed = listed.map(|mut names| {
        if project.target.format == Format::Deb && request.personality == Personality::Specbuild {
            names.extend(names_beside(&project));
        }
        names
    });
    project.tell_findings(listener);
    listed
}

/// The paths of the packages that a spec makes, as far as a build's work writes them. Packages that
/// only the build itself would add are not known here.
pub(crate) fn planned_paths(
    project: &mut Project,
    packages: &[Package],
    work: &Work,
) -> Result<Vec<PathBuf>, BuildError> {
    let (names, sources) = match project.target.format {
        Format::Deb => (deb_names(project, packages)?, "_sdebdir"),
        Format::Rpm => (rpm_names(project, packages)?, "_srcrpmdir"),
    };
    let mut paths = Vec::new();
    // The name of the source package is the last.
    let mut names = names.into_iter();
    for (package, name) in packages.iter().zip(names.by_ref()) {
        let directory = match project.target.format {
            Format::Deb => packages::directory(project, package)?,
            Format::Rpm => {
                let below = PathBuf::from(rpm::file_name(&mut project.engine, package)?);
                let dir = dir_of(&mut project.engine, "_rpmdir")?;
                dir.join(below.parent().unwrap_or(Path::new("")))
            }
        };
        if work.binaries {
            paths.push(directory.join(name));
        }
    }
    if let Some(name) = names.next().filter(|_| work.source) {
        paths.push(dir_of(&mut project.engine, sources)?.join(name));
    }
    Ok(paths)
}

fn deb_names(project: &mut Project, packages: &[Package]) -> Result<Vec<String>, BuildError> {
    let resolver = resolver(project)?;
    let context = context(project, packages, &resolver)?;
    let mut names: Vec<String> = packages
        .iter()
        .map(|package| debfile::file_name(package, &context))
        .collect();
    let source = spec::source_package(&project.spec);
    let version = debfile::file_version(&source.evr).unwrap_or(source.evr.version);
    names.push(format!("{}_{version}.dsc", source_name(&source.name)));
    Ok(names)
}

/// What comes with a `.dsc` and packages: archives, and what describes an upload.
fn names_beside(project: &Project) -> Vec<String> {
    if hindrance(&project.spec).is_some() {
        return Vec::new();
    }
    let source = spec::source_package(&project.spec);
    let version = debfile::file_version(&source.evr).unwrap_or(source.evr.version);
    let stem = format!("{}_{version}", source_name(&source.name));
    let main = main_source(&project.spec);
    let upstream = main.and_then(|main| inspect(Path::new(&main.path), &[]).ok().flatten());
    let extension = upstream.map_or("xz", |upstream| upstream.extension);
    let before_release = stem.rsplit_once('-').map_or(&*stem, |(before, _)| before);
    let machine = upload::machine(&project.target);
    vec![
        format!("{before_release}.orig.tar.{extension}"),
        format!("{stem}.debian.tar.xz"),
        format!("{stem}_{machine}.buildinfo"),
        format!("{stem}_{machine}.changes"),
    ]
}

fn rpm_names(project: &mut Project, packages: &[Package]) -> Result<Vec<String>, BuildError> {
    let mut names = Vec::new();
    for package in packages {
        let path = rpm::file_name(&mut project.engine, package)?;
        names.push(path.rsplit('/').next().unwrap_or(&path).to_owned());
    }
    names.push(project.spec.source_file_name());
    Ok(names)
}
