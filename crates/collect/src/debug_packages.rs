//! Packages with debugging information: one for each package whose files have some.
//!
//! `%install` leaves it all to one sub-package; with `%_debuginfo_subpackages` the files are dealt out
//! to a package beside each of the others, and what several share stays in the main one.
//!
//! Source: rpmbuild-config(5), "Debuginfo generation".

mod by_build_id;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use expand::Engine;
use package::{Comparison, Dependency, RelationKind, Tag, Tags};
use source::{Diagnostic, Text};
use spec::{FilesSection, Spec, SubPackage};

use crate::assemble::Files;
use crate::codes;
use crate::record::Record;
use by_build_id::ByBuildId;

/// Where debugging information is, as installed.
const DEBUG: &str = "/usr/lib/debug";
/// What several files share of it.
const SHARED: &str = "/usr/lib/debug/.dwz";
/// Where sources for debuggers are.
const SOURCES: &str = "/usr/src/debug";
/// Attributes of what is listed here.
const ATTRIBUTES: &str = "%defattr(644,root,root,755)";

/// The packages of a run in the order they are made, those that come to be on the way included.
pub(crate) struct Packages<'s> {
    spec: &'s Spec,
    all: Vec<SubPackage>,
    /// The package whose files are being dealt out, until its own turn comes.
    undivided: Option<usize>,
    /// What all of them need: the one with what they share.
    shared: Option<usize>,
    /// The package with the sources.
    sources: Option<usize>,
    has_source_packages: bool,
    build_root: &'s Path,
    isa: String,
    /// What stands before `.debug` in file names.
    suffix: String,
    by_build_id: ByBuildId,
}

impl<'s> Packages<'s> {
    /// The packages of a spec.
    pub(crate) fn of(
        spec: &'s Spec,
        build_root: &'s Path,
        engine: &mut Engine,
    ) -> Result<Self, source::Reported> {
        let mut packages = Self {
            spec,
            all: spec.packages.values().cloned().collect(),
            undivided: None,
            shared: None,
            sources: None,
            has_source_packages: engine.expand_number("%{?_debugsource_packages}") != 0,
            build_root,
            isa: engine.expand_str("%{?_isa}")?,
            suffix: String::new(),
            by_build_id: ByBuildId::default(),
        };
        if engine.expand_number("%{?__debug_package}") == 0 {
            return Ok(packages);
        }
        if engine.expand_number("%{?_debuginfo_subpackages}") != 0 {
            packages.undivide();
            if engine.expand_number("%{?_unique_debug_names}") != 0 {
                packages.suffix = engine.expand_str("-%{VERSION}-%{RELEASE}.%{_arch}")?;
            }
        }
        packages.sources = packages.find("debugsource");
        if packages.undivided.is_none()
            && let (Some(debug), Some(_)) = (packages.find("debuginfo"), packages.sources)
        {
            packages.recommend_sources(debug);
        }
        Ok(packages)
    }

    /// Puts the package with all debugging information last, without files.
    fn undivide(&mut self) {
        let Some(at) = self.find("debuginfo") else {
            return;
        };
        let mut package = self.all.remove(at);
        package.files = None;
        self.undivided = Some(self.all.len());
        self.all.push(package);
    }

    /// The sub-package of a name, if it has files.
    fn find(&self, name: &str) -> Option<usize> {
        let name = format!("{}-{name}", self.spec.main().name);
        let is_it = |it: &SubPackage| it.name == name && it.files.is_some();
        self.all.iter().position(is_it)
    }

    /// One of the packages, ready to be made; `None` after the last.
    pub(crate) fn begin(&mut self, index: usize) -> Option<SubPackage> {
        if self.undivided == Some(index) {
            self.undivided = None;
            self.add_shared(index);
        }
        self.all.get(index).cloned()
    }

    /// One of the packages.
    pub(crate) fn get(&self, index: usize) -> &SubPackage {
        &self.all[index]
    }

    /// Deals out the debugging information of a package whose files are known. What belongs to
    /// files that `%exclude` takes away joins `named`, so that nobody misses it.
    pub(crate) fn finish(
        &mut self,
        index: usize,
        files: &Files,
        named: &mut HashSet<String>,
        engine: &mut Engine,
    ) {
        if self.undivided.is_some() {
            let excluded = files.excluded.iter();
            named.extend(excluded.filter_map(|it| by_build_id::path(self.build_root, it)));
        }
        match (self.undivided, self.shared) {
            (Some(undivided), _) => {
                if let Some(section) = self.debug_files(index, files) {
                    self.deal_out(index, undivided, section, engine);
                }
            }
            (None, Some(shared)) if shared != index => {
                self.relate(index, RelationKind::Requires, shared);
            }
            _ => {}
        }
    }

    /// The file list of what belongs to a package's files; `None` if nothing does.
    fn debug_files(&mut self, index: usize, files: &Files) -> Option<FilesSection> {
        if self.spec.arch_of(&self.all[index]) == "noarch" {
            return None;
        }
        let (root, suffix) = (self.build_root, self.suffix.clone());
        let of = |name: &str| {
            let name = name.strip_suffix(".debug").unwrap_or(name);
            let path = format!("{DEBUG}{name}{suffix}.debug");
            on_disk(root, &path).exists().then_some(path)
        };
        let names = files.records.iter().map(Record::built_as);
        let mut found: Vec<String> = names.filter_map(of).collect();
        found.extend(self.by_build_id.take(&files.records, root));
        let excluded = files.excluded.iter().filter_map(|it| of(it));
        let excluded: Vec<String> = excluded.map(|it| format!("%exclude {it}")).collect();
        let mut lines = vec![ATTRIBUTES.to_owned(), format!("%dir {DEBUG}")];
        lines.extend(
            directories(&found)
                .into_iter()
                .map(|it| format!("%dir {it}")),
        );
        let is_empty = found.is_empty() && excluded.is_empty();
        lines.extend(found.into_iter().chain(excluded));
        (!is_empty).then(|| section(lines))
    }

    fn deal_out(
        &mut self,
        index: usize,
        undivided: usize,
        section: FilesSection,
        engine: &mut Engine,
    ) {
        let of = &self.all[index];
        if of.name == self.spec.main().name {
            self.all[undivided].files = Some(section);
            return;
        }
        let name = format!("{}-debuginfo", of.name);
        let known = self.all.iter().position(|it| it.name == name);
        let at = known.unwrap_or(self.all.len());
        if known.is_some() {
            let message = format!("package {name} already exists");
            let finding = Diagnostic::warning(codes::DEBUG_PACKAGE, message).at(of.origin);
            engine.sink.push(finding);
        } else {
            let package = self.beside(of, &self.all[undivided], name);
            self.all.push(package);
        }
        self.all[at].files = Some(section);
        self.relate(
            at,
            RelationKind::Recommends,
            self.sources.unwrap_or(undivided),
        );
    }

    /// A package with the debugging information of another, after the model of the main one.
    fn beside(&self, of: &SubPackage, model: &SubPackage, name: String) -> SubPackage {
        let mut package = SubPackage::new(name, of.origin);
        package.version.clone_from(&of.version);
        package.release.clone_from(&of.release);
        package.epoch = of.epoch;
        package.arch.clone_from(&model.arch);
        package.auto_req = model.auto_req;
        package.auto_prov = model.auto_prov;
        package.tags = tags(of, model, &self.spec.main().name);
        package
    }

    /// What several packages share goes to the only one there is, else to the main one.
    fn add_shared(&mut self, index: usize) {
        let root = self.build_root;
        let is_only = self.all[index].files.is_none() && self.all.len() == index + 2;
        let target = if is_only { index + 1 } else { index };
        let mut lines = Vec::new();
        if on_disk(root, SHARED).is_dir() {
            if self.all[target].files.is_none() {
                lines.push(format!("%artifact %dir {DEBUG}"));
            }
            lines.push(format!("%artifact {SHARED}"));
        }
        if !self.has_source_packages {
            lines.extend(sources(root));
        }
        if !lines.is_empty() {
            self.shared = Some(target);
            let files = self.all[target]
                .files
                .get_or_insert_with(|| section(Vec::new()));
            let attributes = std::iter::once(ATTRIBUTES.to_owned());
            files
                .lines
                .extend(attributes.chain(lines).map(Text::detached));
        }
        self.recommend_sources(target);
    }

    fn recommend_sources(&mut self, index: usize) {
        if let Some(sources) = self.sources {
            self.relate(index, RelationKind::Recommends, sources);
        }
    }

    fn relate(&mut self, from: usize, kind: RelationKind, to: usize) {
        let to = &self.all[to];
        let name = format!("{}{}", to.name, self.isa);
        let evr = self.spec.evr(to).to_string();
        let dependency = Dependency::versioned(name, Comparison::Equal, evr);
        self.all[from].relate(kind, dependency);
    }
}

fn on_disk(root: &Path, path: &str) -> std::path::PathBuf {
    root.join(path.trim_start_matches('/'))
}

fn section(lines: Vec<String>) -> FilesSection {
    FilesSection {
        lines: lines.into_iter().map(Text::detached).collect(),
        ..FilesSection::default()
    }
}

/// The directories above files, below that of all debugging information.
fn directories(paths: &[String]) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for path in paths {
        let mut rest = path.as_str();
        while let Some((dir, _)) = rest.rsplit_once('/') {
            if dir.len() <= DEBUG.len() || !found.insert(dir) {
                break;
            }
            rest = dir;
        }
    }
    found
}

/// What is in the directory of sources for debuggers.
fn sources(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(on_disk(root, SOURCES));
    let entries = entries.into_iter().flatten().flatten();
    let names = entries.map(|it| it.file_name().to_string_lossy().into_owned());
    let mut paths: Vec<String> = names.map(|name| format!("{SOURCES}/{name}")).collect();
    paths.sort();
    paths
}

/// Tags of the package itself, but texts of the model, with the package's name in place of the main
/// one's.
fn tags(of: &SubPackage, model: &SubPackage, main: &str) -> Tags {
    const TEXTS: [Tag; 3] = [Tag::Summary, Tag::Description, Tag::Group];
    let mut tags = model.tags.clone();
    for (tag, value) in of.tags.iter().filter(|(tag, _)| !TEXTS.contains(tag)) {
        tags.set(tag, value.plain.as_str());
    }
    let (old, new) = (format!("package {main}"), format!("package {}", of.name));
    for tag in TEXTS {
        if let Some(text) = model.tags.get(tag) {
            tags.set(tag, text.replacen(&old, &new, 1));
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_above_files_are_listed_once() {
        let paths = ["/usr/lib/debug/a/b/x.debug", "/usr/lib/debug/a/y.debug"];
        let paths = paths.map(str::to_owned);
        let found: Vec<&str> = directories(&paths).into_iter().collect();
        assert_eq!(found, ["/usr/lib/debug/a", "/usr/lib/debug/a/b"]);
    }
}
