//! What lowering to `.deb` has to know of target, configuration and machine.

use std::path::Path;

use debfile::{Context, Distribution, ScriptletArguments, SuffixRule};
use package::Package;

use crate::BuildError;
use crate::deb::debbuild_branches::debbuild_branches;
use crate::deb::names::NameResolver;
use crate::machine::installed::{Archive, DPKG_DIR, DpkgDatabase};
use crate::project::Project;

/// What capabilities are called on the target.
pub(crate) fn resolver(project: &Project) -> Result<NameResolver, BuildError> {
    Ok(NameResolver {
        translation: project.target.translation()?,
        installed: DpkgDatabase::at(Path::new(DPKG_DIR)),
        archive: Archive::default(),
    })
}

/// What lowering has to know, without what the build finds out.
pub(crate) fn context<'a>(
    project: &mut Project,
    packages: &'a [Package],
    resolver: &'a NameResolver,
) -> Result<Context<'a>, BuildError> {
    let mut context = Context::new(distribution(project)?, packages, resolver);
    context.debbuild_aware = asks_for_debbuild(&project.text);
    context.debbuild_branches = debbuild_branches(packages, &project.engine.sources);
    context.scriptlet_arguments = scriptlet_arguments(project)?;
    Ok(context)
}

/// Whether a spec makes decisions of its own about Debian: then names stand as written, and
/// scriptlets get dpkg's own words, unless they compare them with rpm's numbers.
fn asks_for_debbuild(spec: &str) -> bool {
    let code = spec
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    code.into_iter().any(|line| line.contains("debbuild"))
}

/// What the configuration has all scriptlets called with.
fn scriptlet_arguments(project: &mut Project) -> Result<Option<ScriptletArguments>, BuildError> {
    let forced = project.engine.expand_str("%{?_deb_scriptlet_args}")?;
    Ok(match forced.as_str() {
        "dpkg" => Some(ScriptletArguments::Dpkg),
        "rpm" => Some(ScriptletArguments::Rpm),
        _ => None,
    })
}

fn distribution(project: &mut Project) -> Result<Distribution, BuildError> {
    let engine = &mut project.engine;
    let multiarch = engine.expand_str("%{?_multiarch}")?;
    let target = &project.target;
    let endings = target.translation()?;
    Ok(Distribution {
        archs: target
            .arch_names
            .iter()
            .map(|(rpm, deb)| ((*rpm).to_owned(), (*deb).to_owned()))
            .collect(),
        suffixes: endings
            .endings()
            .map(|(rpm, deb)| SuffixRule {
                rpm: rpm.to_owned(),
                deb: deb.to_owned(),
            })
            .collect(),
        codename: target.release.name.clone(),
        multiarch: Some(multiarch).filter(|triplet| !triplet.is_empty()),
        places: endings.places().to_vec(),
        maintainer: engine.expand_str("%{?_deb_maintainer}%{!?_deb_maintainer:%{?packager}}")?,
    })
}
