//! Finding the dependencies of one package, and the macros that generators see meanwhile.
//!
//! Source: rpm-dependency-generators(7), "Exported macros".

use std::path::PathBuf;

use expand::{Engine, Level};
use package::{FileEntry, Package, RpmFormat};
use source::Text;

use crate::CollectError;
use crate::analyze::plan::{Finding, Plan, Wanted};
use crate::analyze::{self, legacy};
use crate::assemble::Run;

impl Run<'_> {
    /// Finds what the files are and what they need. What belongs to no file is returned.
    pub(crate) fn find_dependencies(
        &self,
        entries: &mut [FileEntry],
        package: &Package,
        wanted: Wanted,
        engine: &mut Engine,
    ) -> Result<Vec<Finding>, CollectError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let exported = export(package, engine);
        let result = self.generate(entries, package.build.format, wanted, engine);
        for name in exported {
            engine.undefine(name);
        }
        result
    }

    fn generate(
        &self,
        entries: &mut [FileEntry],
        format: RpmFormat,
        wanted: Wanted,
        engine: &mut Engine,
    ) -> Result<Vec<Finding>, CollectError> {
        let (root, variables) = (self.root.root(), self.options.environment.clone());
        if legacy::is_wanted(engine) {
            if format >= RpmFormat::V6 {
                legacy::refuse(engine);
                return Ok(Vec::new());
            }
            analyze::classify_all(entries, root)?;
            let paths: Vec<PathBuf> = entries
                .iter()
                .map(|it| analyze::on_disk(it, root))
                .collect();
            return Ok(legacy::find(&paths, wanted, variables, root, engine));
        }
        let plan = Plan::read(engine, wanted, variables, root);
        analyze::analyze(entries, root, &plan, engine)?;
        Ok(Vec::new())
    }
}

/// Defines what the package is called; the names defined are to be taken away again.
fn export(package: &Package, engine: &mut Engine) -> Vec<&'static str> {
    let evr = &package.evr;
    let epoch = evr.epoch.map(|it| it.to_string());
    let values = [
        ("name", Some(package.name.clone())),
        ("epoch", epoch),
        ("version", Some(evr.version.clone())),
        ("release", Some(evr.release.clone())),
    ];
    let mut names = Vec::new();
    for (name, value) in values {
        if let Some(value) = value {
            engine.define(name, Text::detached(value), Level::SPEC);
            names.push(name);
        }
    }
    names
}
