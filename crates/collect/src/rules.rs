//! The rules of one `%files` section, applied to the build root.
//!
//! Not here: reading the lines (crate `spec`), relative `%doc` and `%license` (see
//! [`crate::special`]), and files named by several rules (see [`crate::record`]).
//! Source: rpm-spec(5), "%files section".

use std::path::Path;
use std::rc::Rc;

use package::normalized_path;
use source::{Diagnostic, Origin, Severity, Sink, Text, closest};
use spec::{FileRule, RuleKind};

use crate::record::Record;
use crate::tree::is_within;
use crate::{CollectError, Meta, Tree, codes, documents, extras, glob};

/// Type bits of what rules make up.
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const BLOCK: u32 = 0o060_000;
const CHARACTER: u32 = 0o020_000;

/// Where a policy compresses documentation. Source: Debian Policy 12.3.
pub(crate) const DOCUMENTATION: &str = "/usr/share/doc/";

/// What rules have brought in so far.
pub(crate) struct Selection<'a> {
    /// The build root.
    pub(crate) root: &'a Tree,
    /// The directory in which the build took place.
    pub(crate) source: &'a Tree,
    /// How bad a missing `%doc` file is.
    pub(crate) missing_doc: Severity,
    /// What other files are that are not there.
    pub(crate) missing_files: Severity,
    /// Time given to files that are made up.
    pub(crate) now: i64,
    /// The files, in the order they were named.
    pub(crate) records: Vec<Record>,
    /// Directories whose files count as documentation.
    pub(crate) doc_dirs: Vec<String>,
    /// Whether a build-root policy has compressed documentation, which the rules don't know of.
    pub(crate) compresses_docs: bool,
    /// Keys for the package's header.
    pub(crate) public_keys: Vec<String>,
    /// Relative `%doc` and `%license` rules, for later.
    pub(crate) special: Vec<Rc<FileRule>>,
}

/// A path or pattern of a rule.
pub(crate) struct Wanted<'a> {
    /// As written, with a slash in front.
    pub(crate) pattern: &'a str,
    /// The directory alone, nothing in it.
    pub(crate) is_dir: bool,
    /// Characters of patterns mean something.
    pub(crate) is_pattern: bool,
    /// Where it was written.
    pub(crate) origin: Option<Origin>,
    /// Where the file is to come from, if not from the build root: a tree and a path in it.
    pub(crate) copied_from: Option<(&'a Tree, &'a str)>,
    /// What rpm's copying of it has printed before.
    pub(crate) printed: Option<String>,
}

impl Selection<'_> {
    /// Applies one rule. Faults of the spec go to `sink`.
    pub(crate) fn apply(&mut self, rule: FileRule, sink: &mut Sink) -> Result<(), CollectError> {
        let mut rule = rule;
        let further = std::mem::take(&mut rule.further);
        self.apply_first(Rc::new(rule), sink)?;
        further.into_iter().for_each(|finding| sink.push(finding));
        Ok(())
    }

    fn apply_first(&mut self, rule: Rc<FileRule>, sink: &mut Sink) -> Result<(), CollectError> {
        match rule.kind {
            RuleKind::SpecialDoc | RuleKind::SpecialLicense => self.special.push(rule),
            RuleKind::DocDir => {
                let dirs = rule.patterns.iter().map(|dir| normalized_path(dir));
                self.doc_dirs.extend(dirs);
            }
            RuleKind::PubKey => self.add_key(&rule, sink)?,
            RuleKind::Files => {
                for pattern in rule.patterns.iter().filter(|it| it.starts_with('/')) {
                    self.select(&wanted(pattern, &rule), &rule, sink)?;
                }
            }
        }
        Ok(())
    }

    /// Takes note of the key in a file; one with an absolute path is packaged as well.
    fn add_key(&mut self, rule: &Rc<FileRule>, sink: &mut Sink) -> Result<(), CollectError> {
        for name in &rule.patterns {
            let is_packaged = name.starts_with('/');
            let tree = if is_packaged { self.root } else { self.source };
            let path = tree.on_disk(&normalized_path(name));
            let key = extras::public_key(&path, name.whole().or(rule.origin), sink);
            if key.is_some() && is_packaged {
                let wanted = Wanted {
                    is_pattern: false,
                    ..wanted(name, rule)
                };
                self.select(&wanted, rule, sink)?;
            }
            self.public_keys.extend(key);
        }
        Ok(())
    }

    /// Brings in what a path or pattern names.
    pub(crate) fn select(
        &mut self,
        wanted: &Wanted<'_>,
        rule: &Rc<FileRule>,
        sink: &mut Sink,
    ) -> Result<(), CollectError> {
        // rpm puts a slash behind what is to be a directory, so that patterns match no other files.
        let must_be_dir = wanted.is_dir || wanted.pattern.ends_with('/');
        let slash = if must_be_dir { "/" } else { "" };
        let path = normalized_path(wanted.pattern);
        let mut found = if wanted.is_pattern && rule.device.is_none() && glob::is_pattern(&path) {
            glob::find(self.root, &format!("{path}{slash}"))?
        } else {
            Vec::new()
        };
        if self.compresses_docs && !must_be_dir {
            self.add_compressed(&path, wanted, &mut found)?;
        }
        if found.is_empty() {
            return self.add(&path, wanted, rule, sink);
        }
        found
            .iter()
            .try_for_each(|path| self.add(path, wanted, rule, sink))
    }

    /// Finds documentation that has been compressed since the rule was written.
    fn add_compressed(
        &self,
        path: &str,
        wanted: &Wanted<'_>,
        found: &mut Vec<String>,
    ) -> Result<(), CollectError> {
        let compressed = format!("{path}.gz");
        if !path.starts_with(DOCUMENTATION) {
            return Ok(());
        }
        if wanted.is_pattern && glob::is_pattern(path) {
            for path in glob::find(self.root, &compressed)? {
                if !found.contains(&path) {
                    found.push(path);
                }
            }
        } else if self.root.find(path)?.is_none() && self.root.find(&compressed)?.is_some() {
            found.push(compressed);
        }
        Ok(())
    }

    /// Brings in one path, and what is below it.
    fn add(
        &mut self,
        path: &str,
        wanted: &Wanted<'_>,
        rule: &Rc<FileRule>,
        sink: &mut Sink,
    ) -> Result<(), CollectError> {
        let must_be_dir = wanted.is_dir || wanted.pattern.ends_with('/');
        if rule.device.is_some() {
            let meta = self.made_up(rule, false);
            self.push(Record::new(path.to_owned(), meta, true, rule), sink);
            return Ok(());
        }
        let Some(meta) = self.root.find(path)? else {
            if rule.flags.ghost {
                let meta = self.made_up(rule, must_be_dir);
                self.push(Record::new(path.to_owned(), meta, true, rule), sink);
            } else {
                sink.push(self.not_found(path, wanted, rule)?);
            }
            return Ok(());
        };
        if must_be_dir && !meta.is_dir() {
            let message = format!("Not a directory: {}", self.root.on_disk(path).display());
            sink.push(Diagnostic::error(codes::NOT_A_DIRECTORY, message).at(wanted.origin));
            return Ok(());
        }
        if meta.is_dir() && !wanted.is_dir {
            return self.add_below(path, meta, rule, sink);
        }
        self.push(Record::new(path.to_owned(), meta, false, rule), sink);
        Ok(())
    }

    /// Brings in a directory with everything below it.
    fn add_below(
        &mut self,
        dir: &str,
        meta: Meta,
        rule: &Rc<FileRule>,
        sink: &mut Sink,
    ) -> Result<(), CollectError> {
        self.push(Record::new(dir.to_owned(), meta, false, rule), sink);
        for node in self.root.list(dir)?.iter() {
            let path = format!("{}/{}", dir.trim_end_matches('/'), node.name);
            if !node.is_utf8 {
                sink.push(bad_encoding(&path, rule));
            } else if node.meta.is_dir() {
                self.add_below(&path, node.meta, rule, sink)?;
            } else {
                self.push(Record::new(path, node.meta, false, rule), sink);
            }
        }
        Ok(())
    }

    /// Brings in a file unless its name can't be packaged.
    fn push(&mut self, record: Record, sink: &mut Sink) {
        let rule = &record.rule;
        let disk = self.root.on_disk(&record.path);
        if let Some(finding) = check_name(&record.path, &disk, rule) {
            sink.push(finding);
            return;
        }
        if record.meta.is_symlink() && rule.attr.mode.is_some() {
            let message = format!(
                "Explicit %attr() mode not applicable to symlink: {}",
                disk.display()
            );
            sink.push(Diagnostic::warning(codes::LINK_MODE, message).at(rule.origin));
        }
        self.records.push(record);
    }

    /// A device, or a `%ghost` that is not in the build root.
    fn made_up(&self, rule: &FileRule, is_dir: bool) -> Meta {
        let kind = match rule.device {
            Some(device) if device.is_block => BLOCK,
            Some(_) => CHARACTER,
            None if is_dir => DIRECTORY,
            None => REGULAR,
        };
        Meta {
            mode: kind,
            mtime: self.now,
            names: 1,
            ..Meta::default()
        }
    }

    fn not_found(
        &self,
        path: &str,
        wanted: &Wanted<'_>,
        rule: &FileRule,
    ) -> Result<Diagnostic, CollectError> {
        let is_dir = wanted.is_dir || wanted.pattern.ends_with('/');
        let what = if is_dir { "Directory" } else { "File" };
        let message = format!("{what} not found: {}", self.root.on_disk(path).display());
        let is_lenient = rule.is_exclude
            || self.missing_files == Severity::Warning
            || (rule.flags.doc && self.missing_doc == Severity::Warning);
        let finding = if is_lenient {
            Diagnostic::warning(codes::NOT_FOUND, message)
        } else {
            Diagnostic::error(codes::NOT_FOUND, message)
        };
        let mut finding = finding.at(wanted.origin);
        if let Some(printed) = &wanted.printed {
            finding = finding.line_before(printed);
        }
        match wanted.copied_from {
            Some((tree, path)) => explain(tree, "the build directory", path, finding),
            None => explain(self.root, "the build root", path, finding),
        }
    }
}

/// Says how far the path leads, and what is there instead.
fn explain(
    tree: &Tree,
    place: &str,
    path: &str,
    finding: Diagnostic,
) -> Result<Diagnostic, CollectError> {
    let (mut dir, mut name) = path.rsplit_once('/').unwrap_or(("", path));
    while tree.find(dir)?.is_none() && !dir.is_empty() {
        (dir, name) = dir.rsplit_once('/').unwrap_or(("", dir));
    }
    let listing = tree.list(dir)?;
    let is_whole = path == format!("{dir}/{name}");
    let in_source = place == "the build directory";
    let names = || listing.iter().map(|node| node.name.as_str());
    if let Some(found) = compressed(tree, path)?.filter(|_| !in_source) {
        return Ok(finding
            .note(format!(
                "it was compressed after `%install`: there is `{found}`"
            ))
            .help(format!("write `{path}*`, which finds it under either name")));
    }
    if is_whole
        && in_source
        && let Some(akin) = documents::akin(name, names())
    {
        let dir = dir.trim_start_matches('/');
        let slash = if dir.is_empty() { "" } else { "/" };
        return Ok(finding.help(format!("did you mean `{dir}{slash}{akin}`?")));
    }
    if let Some(near) = closest(name, names()) {
        let rest = path
            .strip_prefix(dir)
            .and_then(|rest| rest.get(1 + name.len()..));
        let instead = format!("{dir}/{near}{}", rest.unwrap_or(""));
        let instead = instead.trim_start_matches(|c| in_source && c == '/');
        return Ok(finding.help(format!("did you mean `{instead}`?")));
    }
    let is_root = place == "the build root";
    Ok(if is_root && !has_files(tree, "")? {
        finding
            .note("`%install` put no files into the build root")
            .help("does a command lack the build root, as in `make install DESTDIR=%{buildroot}`?")
    } else if listing.is_empty() && dir.is_empty() {
        finding.note(format!("{place} is empty"))
    } else if glob::is_pattern(path) {
        finding.note(format!("the pattern matches nothing in {place}"))
    } else if dir.is_empty() {
        finding.note(format!("{place} has no `{name}`"))
    } else {
        finding.note(format!("`{dir}` in {place} has no `{name}`"))
    })
}

/// What a policy has made of a man page or an info file that `%install` left under this path, which may
/// be a pattern.
///
/// Source: rpm's `brp-compress`.
fn compressed(tree: &Tree, path: &str) -> Result<Option<String>, CollectError> {
    const ENDS: [&str; 6] = [".gz", ".xz", ".zst", ".bz2", ".lz", ".Z"];
    for end in ENDS {
        let path = format!("{path}{end}");
        if glob::is_pattern(&path) {
            if let Some(first) = glob::find(tree, &path)?.into_iter().next() {
                return Ok(Some(first));
            }
        } else if tree.find(&path)?.is_some() {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Where rpm's own macros put files.
const BY_MACROS: [&str; 4] = [
    "/usr/lib/debug",
    "/usr/src/debug",
    "/usr/share/doc",
    "/usr/share/licenses",
];

/// Whether there is anything but directories, and what macros put there.
fn has_files(tree: &Tree, dir: &str) -> Result<bool, CollectError> {
    if BY_MACROS.contains(&dir) {
        return Ok(false);
    }
    for node in tree.list(dir)?.iter() {
        if !node.meta.is_dir() || has_files(tree, &format!("{dir}/{}", node.name))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn wanted<'a>(pattern: &'a Text, rule: &FileRule) -> Wanted<'a> {
    Wanted {
        pattern,
        is_dir: rule.is_dir,
        is_pattern: true,
        origin: pattern.whole().or(rule.origin),
        copied_from: None,
        printed: None,
    }
}

fn check_name(path: &str, disk: &Path, rule: &FileRule) -> Option<Diagnostic> {
    if path.contains('\u{fffd}') {
        return Some(bad_encoding(path, rule));
    }
    let bad = path.bytes().find(u8::is_ascii_control)?;
    let message = format!(
        "Illegal character (0x{bad:x}) in filename: {}",
        disk.display()
    );
    Some(Diagnostic::error(codes::BAD_NAME, message).at(rule.origin))
}

fn bad_encoding(path: &str, rule: &FileRule) -> Diagnostic {
    let message = format!("the name of `{path}` is not UTF-8");
    Diagnostic::error(codes::BAD_NAME, message)
        .at(rule.origin)
        .note("packages can hold only names that are UTF-8; rename the file in %install")
}

/// Whether a path is below one of the directories of documentation.
pub(crate) fn is_documentation(doc_dirs: &[String], path: &str) -> bool {
    doc_dirs
        .iter()
        .any(|dir| path != dir && is_within(dir, path))
}
