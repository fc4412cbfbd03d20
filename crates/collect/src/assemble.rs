//! One sub-package with its files becomes a package of the model.

use std::collections::HashSet;

use expand::Engine;
use generate::{Request, Wanted};
use package::{Extras, FileEntry, FileList, Package, Scriptlet, normalized_path};
use source::{Diagnostic, Reported, Text, octets};
use spec::{DefaultAttributes, Spec, SubPackage, parse_file_line};

use crate::record::{self, Record};
use crate::relations::Relations;
use crate::rules::Selection;
use crate::switches::{self, Switches, value};
use crate::{
    CollectError, Options, Places, Progress, Tree, build_ids, checks, codes, entries, extras,
    lists, postfixes, special,
};

/// What all packages of a run share.
pub(crate) struct Run<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) places: &'a Places,
    pub(crate) options: &'a Options,
    pub(crate) switches: Switches,
    /// The build root.
    pub(crate) root: Tree,
    /// The directory in which the build took place.
    pub(crate) source: Tree,
    /// The links from build ids.
    pub(crate) build_id_links: Option<build_ids::Links>,
}

/// The files of one package, before it is known what they need.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) records: Vec<Record>,
    /// Paths that `%exclude` takes away.
    pub(crate) excluded: Vec<String>,
    /// What comes of the records.
    entries: Vec<FileEntry>,
    extras: Extras,
}

impl Run<'_> {
    /// Finds the files of a package; the paths of all it names, left out or not, join `named`. After a
    /// fault in a line there are no files.
    pub(crate) fn files(
        &self,
        package: &SubPackage,
        named: &mut HashSet<String>,
        engine: &mut Engine,
        progress: &mut dyn Progress,
    ) -> Result<Files, CollectError> {
        let Some(section) = &package.files else {
            return Ok(Files::default());
        };
        let faults = engine.sink.errors();
        let doc_dirs = value(engine, "__docdir_path");
        let doc_dirs = doc_dirs
            .split(':')
            .filter(|it| !it.is_empty())
            .map(normalized_path);
        let mut selection = Selection {
            root: &self.root,
            source: &self.source,
            missing_doc: self.switches.missing_doc,
            missing_files: self.switches.missing_files,
            now: self.options.now(),
            records: Vec::new(),
            doc_dirs: doc_dirs.collect(),
            compresses_docs: value(engine, "__os_install_post").contains("brp-compress-docs"),
            public_keys: Vec::new(),
            special: Vec::new(),
        };
        let lines = lists::lines(section, self.places, self.switches.empty_manifest, engine);
        engine.sink.begin_step();
        let mut speaks_of_caps = false;
        let mut defaults = DefaultAttributes::default();
        for line in &lines {
            // A faulty line is reported and left out, so that one run shows all faults.
            if let Ok(Some(rule)) = parse_file_line(line, &mut defaults, &mut engine.sink) {
                speaks_of_caps |= rule.caps.is_some();
                selection.apply(rule, &mut engine.sink)?;
            }
        }
        let told = spec::binary_package(self.spec, package);
        special::add(&mut selection, &self.source, &told, engine)?;
        if engine.sink.errors() > faults {
            return Ok(Files::default());
        }
        let is_noarch = self.spec.arch_of(package) == "noarch";
        if let Some(links) = self.build_id_links.filter(|_| !is_noarch) {
            build_ids::add(&mut selection, links, engine)?;
        }
        let Selection {
            mut records,
            doc_dirs,
            public_keys,
            ..
        } = selection;
        let seen = records.iter().filter(|record| record.is_missed());
        named.extend(seen.map(|record| record.path.clone()));
        let excluded = records.iter().filter(|it| it.is_excluded);
        let excluded = excluded.map(|it| it.path.clone()).collect();
        if engine.sink.errors() > faults {
            return Ok(Files::default());
        }
        let mtime = switches::mtime_policy(engine, self.options);
        progress.lists(engine);
        postfixes::remove(&mut records, &package.removed_postfixes);
        let mut records = record::join(records, self.switches.listed_twice);
        let has_links = |it: &Record| it.numbering.is_some_and(|it| it.is_shared);
        let speaks_of_links = records.iter().any(has_links);
        let making = entries::Making {
            root: &self.root,
            doc_dirs: &doc_dirs,
            mtime,
        };
        let entries = making.entries(&records, &mut engine.sink)?;
        records.retain(|record| !record.is_excluded);
        Ok(Files {
            records,
            excluded,
            entries,
            extras: Extras {
                public_keys,
                speaks_of_caps,
                speaks_of_links,
                ..Extras::default()
            },
        })
    }

    /// Makes the package of its files.
    pub(crate) fn package(
        &self,
        sub_package: &SubPackage,
        files: &mut Files,
        engine: &mut Engine,
    ) -> Result<Package, CollectError> {
        let mut package = spec::binary_package(self.spec, sub_package);
        let mut entries = std::mem::take(&mut files.entries);
        let weak = self.switches.weak_owners;
        let wanted = Wanted {
            provides: sub_package.auto_prov,
            requires: sub_package.auto_req,
            weak_owners: weak,
        };
        let request = Request {
            package: &package,
            wanted,
            build_root: self.root.root(),
            environment: &self.options.environment,
        };
        let found = generate::file_dependencies(&mut entries, request, engine)?;
        checks::architecture(&package, &entries, &self.switches, &mut engine.sink);
        let mut relations = Relations::written(&package);
        relations.add_config(sub_package, &package.evr, &entries);
        if sub_package.auto_req && self.switches.knows_accounts {
            relations.add_owners(&entries, weak);
        }
        relations.add_found(&entries, found);
        package.relations = relations.into_lists();
        self.add_script_files(&mut package, sub_package, engine);
        package.files = FileList::new(entries);
        package.extras = std::mem::take(&mut files.extras);
        package.extras.icon = extras::icon(self.spec, sub_package, &mut engine.sink);
        package.build = self.options.facts_for(&package);
        Ok(package)
    }

    /// Puts in the bodies of scriptlets and triggers that `-f` leaves to files.
    fn add_script_files(&self, package: &mut Package, written: &SubPackage, engine: &mut Engine) {
        for (slot, scriptlet) in &mut package.scriptlets {
            let file = written
                .scriptlets
                .get(slot)
                .and_then(|section| section.file.as_ref());
            self.add_file(scriptlet, file, slot.tag_name(), engine);
        }
        for (trigger, section) in package.triggers.iter_mut().zip(&written.triggers) {
            let tag = match (trigger.kind.is_file(), trigger.kind.is_transaction()) {
                (false, _) => "Triggerscripts",
                (true, false) => "Filetriggerscripts",
                (true, true) => "Transfiletriggerscripts",
            };
            self.add_file(&mut trigger.scriptlet, section.file.as_ref(), tag, engine);
        }
    }

    /// Appends the file to the body; its macros are expanded, as rpm does when it packages.
    fn add_file(
        &self,
        scriptlet: &mut Scriptlet,
        file: Option<&Text>,
        tag: &str,
        engine: &mut Engine,
    ) {
        let Some(file) = file else { return };
        if let Ok(content) = self.script_file(file, tag, engine) {
            let body = scriptlet.body.get_or_insert_default();
            if !body.is_empty() && !body.ends_with('\n') {
                body.push('\n');
            }
            body.push_str(&content);
        }
    }

    fn script_file(&self, file: &Text, tag: &str, engine: &mut Engine) -> Result<String, Reported> {
        let path = lists::resolve(file, &self.places.build_dir);
        let content = limits::read(&path, limits::METADATA).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" (os error ").next().unwrap_or_default();
            let message = format!("Could not open {tag} file {}: {reason}", path.display());
            engine
                .sink
                .report(Diagnostic::error(codes::SCRIPT_FILE, message).at(file.whole()))
        })?;
        let content = octets::carry(content);
        let id = engine.sources.add(path.display().to_string(), content);
        let whole = engine.sources.whole(id);
        let text = Text::from_origin(engine.sources.text(id).to_string(), whole.into());
        Ok(engine.expand(&text)?.into_string())
    }
}
