//! A file that a rule has brought in, and what becomes of one that several rules bring in.

use std::collections::HashMap;
use std::rc::Rc;

use package::{FileFlags, Numbering, VerifyFlags};
use source::{Diagnostic, Origin, Severity};
use spec::FileRule;

use crate::{Meta, codes};

/// A file of the build root, or one made up by `%ghost` or `%dev`, with the rule that names it.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Absolute path on the installed system.
    pub(crate) path: String,
    /// Path in the build root where a postfix was taken off.
    pub(crate) renamed_from: Option<String>,
    /// The file.
    pub(crate) meta: Meta,
    /// Whether there is nothing in the build root.
    pub(crate) is_made_up: bool,
    /// The rule.
    pub(crate) rule: Rc<FileRule>,
    /// Flags of all rules that name the file.
    pub(crate) flags: FileFlags,
    /// Whether one of them says `%exclude`.
    pub(crate) is_excluded: bool,
    /// The rule that decides on mode and owner.
    pub(crate) attributes: Rc<FileRule>,
    /// What is verified.
    pub(crate) verify: VerifyFlags,
    /// What stands for its inode; known when all files are.
    pub(crate) numbering: Option<Numbering>,
    /// What is to be said of lines that name it again.
    pub(crate) twice: Vec<Diagnostic>,
}

impl Record {
    pub(crate) fn new(path: String, meta: Meta, is_made_up: bool, rule: &Rc<FileRule>) -> Self {
        Self {
            path,
            renamed_from: None,
            meta,
            is_made_up,
            rule: rule.clone(),
            flags: rule.flags,
            is_excluded: rule.is_exclude,
            attributes: rule.clone(),
            verify: rule.verify,
            twice: Vec::new(),
            numbering: None,
        }
    }

    /// Whether it is a file or a link with further names, in the package or not.
    fn has_names(&self) -> bool {
        let is_linkable = self.meta.is_file() || self.meta.is_symlink();
        is_linkable && self.meta.names > 1 && !self.is_made_up
    }

    /// What names of one file have in common.
    fn file(&self) -> ((u64, u64), u64) {
        (self.meta.identity, self.meta.names)
    }

    /// Whether it would be missed, were it in no package: directories and special files are not.
    pub(crate) fn is_missed(&self) -> bool {
        let is_device = self.rule.device.is_some();
        !is_device && (self.meta.is_file() || self.meta.is_symlink())
    }

    /// Path in the build root.
    pub(crate) fn built_as(&self) -> &str {
        self.renamed_from.as_ref().unwrap_or(&self.path)
    }

    /// Permission bits: those the rules give, else those of the build root.
    pub(crate) fn mode(&self) -> u32 {
        let given = self
            .attributes
            .mode(self.meta.is_dir(), self.meta.is_symlink());
        given.unwrap_or(self.meta.mode) & 0o7777
    }
}

/// Sorts records by path and joins those of one file; excluded files are still among them.
///
/// As rpm does it: flags add up, the stronger of `%attr` and `%defattr` wins, else the later line.
/// A file listed twice is worth a word, unless one of the lines excludes it.
pub(crate) fn join(mut records: Vec<Record>, twice: Severity) -> Vec<Record> {
    records.sort_by(|a, b| a.path.cmp(&b.path));
    number(&mut records);
    let mut joined: Vec<Record> = Vec::with_capacity(records.len());
    for record in records {
        match joined.last_mut() {
            Some(last) if last.path == record.path => {
                let earlier = std::mem::replace(last, record);
                let of_earlier = earlier.rule.origin;
                absorb(last, earlier);
                if !last.is_excluded {
                    let finding = listed_twice(last, of_earlier, twice);
                    last.twice.push(finding);
                }
            }
            _ => joined.push(record),
        }
    }
    joined
}

/// Numbers sorted records as they stand, the names of one file alike.
fn number(records: &mut [Record]) {
    let mut places: HashMap<_, (u32, u32)> = HashMap::new();
    for (place, record) in (1..).zip(records.iter()).filter(|(_, it)| it.has_names()) {
        places.entry(record.file()).or_insert((place, 0)).1 += 1;
    }
    for (place, record) in (1..).zip(records) {
        let known = places.get(&record.file()).filter(|_| record.has_names());
        let (inode, count) = known.copied().unwrap_or((place, 1));
        record.numbering = Some(Numbering {
            inode,
            is_repeated: inode != place,
            is_shared: count > 1,
        });
    }
}

fn absorb(later: &mut Record, earlier: Record) {
    if let (Some(numbering), Some(earlier)) = (&mut later.numbering, earlier.numbering) {
        // A file listed twice has its first place; with further names it also counts as seen.
        numbering.inode = numbering.inode.min(earlier.inode);
    }
    later.flags = union(later.flags, earlier.flags);
    later.is_excluded |= earlier.is_excluded;
    later.twice = earlier.twice;
    // As in rpm, what it takes over is no firmer than what it said itself.
    if later.rule.attr_given < earlier.rule.attr_given {
        later.attributes = earlier.attributes;
    }
    if later.rule.verify_given < earlier.rule.verify_given {
        later.verify = earlier.verify;
    }
}

fn union(a: FileFlags, b: FileFlags) -> FileFlags {
    FileFlags {
        config: a.config || b.config,
        noreplace: a.noreplace || b.noreplace,
        missingok: a.missingok || b.missingok,
        doc: a.doc || b.doc,
        license: a.license || b.license,
        readme: a.readme || b.readme,
        ghost: a.ghost || b.ghost,
        artifact: a.artifact || b.artifact,
        pubkey: a.pubkey || b.pubkey,
        specfile: a.specfile || b.specfile,
    }
}

fn listed_twice(later: &Record, earlier: Option<Origin>, severity: Severity) -> Diagnostic {
    let message = format!("File listed twice: {}", later.path);
    let finding = match severity {
        Severity::Error => Diagnostic::error(codes::LISTED_TWICE, message),
        Severity::Warning => Diagnostic::warning(codes::LISTED_TWICE, message),
    };
    finding
        .at(later.rule.origin)
        .label(earlier, "listed here, too")
}
