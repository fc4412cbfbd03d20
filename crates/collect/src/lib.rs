//! The rules of `%files` and the build root become [`package::Package`]s.
//!
//! [`packages`] matches the rules of every sub-package against the build root, copies what relative
//! `%doc` and `%license` name, has their dependencies generated, and assembles the model.
//! [`source_package()`] does the same for the source package. Faults in the spec go to the engine's
//! sink, each with the line it concerns; a run shows as many as it can.
//!
//! Not here: how the build root came to be, what files are and need (crate `generate`), what a
//! package format makes of the result, and the policies of a distribution on files (stripping, compressing manual pages), see crate `policy`.

mod assemble;
mod build_ids;
mod checks;
mod codes;
mod debug_packages;
mod directories;
mod documents;
mod entries;
mod error;
mod extras;
pub mod glob;
mod lists;
mod options;
mod postfixes;
mod record;
mod relations;
mod rules;
mod source_package;
mod special;
mod switches;
mod tree;
mod unpackaged;

use std::collections::HashSet;

use expand::Engine;
use package::Package;
use source::in_stage;
use spec::Spec;

use assemble::Run;
use debug_packages::Packages;
use switches::Switches;
use unpackaged::Search;

pub use codes::CODES;
pub use error::CollectError;
pub use options::{Options, Places, Progress};
pub use source_package::source_package;
pub use tree::{Listing, Meta, Node, Tree};

/// Makes a package of each sub-package that has `%files`, in the order of the spec.
///
/// The build root is changed only where relative `%doc` and `%license` files are copied into it.
/// After a fault in a file list the other lists are still looked at, which rpm doesn't do, and then
/// the result is [`CollectError::Reported`].
pub fn packages(
    engine: &mut Engine,
    spec: &Spec,
    places: &Places,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Vec<Package>, CollectError> {
    let collect = |engine: &mut Engine| {
        let faults = engine.sink.errors();
        let run = Run {
            spec,
            places,
            options,
            switches: Switches::read(engine),
            root: Tree::new(&places.build_root),
            source: Tree::new(&places.build_dir),
            build_id_links: build_ids::wanted(engine),
        };
        collect_all(&run, faults, engine, progress)
    };
    in_stage(engine, |engine| &mut engine.sink, collect)
}

/// Makes the packages; `faults` were in the sink before.
fn collect_all(
    run: &Run<'_>,
    faults: usize,
    engine: &mut Engine,
    progress: &mut dyn Progress,
) -> Result<Vec<Package>, CollectError> {
    let (spec, places) = (run.spec, run.places);
    let mut named = HashSet::new();
    let mut made = Vec::new();
    let mut links = checks::LinksAcross::default();
    let mut all = Packages::of(spec, &places.build_root, engine)?;
    let mut index = 0;
    while let Some(sub_package) = all.begin(index) {
        if sub_package.files.is_some() {
            engine.sink.begin_step();
            if !engine.sink.has_rpm_stopped() {
                progress.begins(&spec::binary_package(spec, &sub_package), engine);
            }
            let mut files = run.files(&sub_package, &mut named, engine, progress)?;
            all.finish(index, &files, &mut named, engine);
            links.check(&sub_package.name, &files.records, &mut engine.sink);
            if engine.sink.errors() == faults {
                let package = run.package(all.get(index), &mut files, engine)?;
                progress.makes(&package, engine)?;
                made.push(package);
            }
        }
        index += 1;
    }
    // Files that a faulty line was to bring in would only be missed once more.
    stop_after(faults, engine)?;
    progress.looks_for_others(engine);
    if let Some(severity) = run.switches.unpackaged {
        let search = Search {
            root: &run.root,
            packaged: &named,
            set_aside: &run.options.set_aside,
        };
        unpackaged::check(search, severity, &mut engine.sink)?;
    }
    stop_after(faults, engine)?;
    for package in &mut made {
        let mut sub_packages = spec.packages.values();
        let written = sub_packages.find(|it| it.name == package.name && !it.policies.is_empty());
        if let Some(written) = written {
            progress.adds_policies(package, engine);
            let modules = &written.policies;
            package.extras.policies =
                extras::policies(modules, &places.build_dir, &mut engine.sink);
            stop_after(faults, engine)?;
        }
    }
    Ok(made)
}

/// Ends the run if faults came in addition to the first `before`.
fn stop_after(before: usize, engine: &Engine) -> Result<(), CollectError> {
    if engine.sink.errors() > before {
        engine.sink.check()?;
    }
    Ok(())
}
