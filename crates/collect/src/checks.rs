//! Findings about whole packages: machine code where none belongs, files torn from their links.
//!
//! Source: rpmbuild-config(5), `%_binaries_in_noarch_packages_terminate_build`; rpm's manual,
//! "Multilib".

use std::collections::{HashMap, HashSet};

use package::{FileEntry, Package};
use source::{Diagnostic, Origin, Severity, Sink};

use crate::codes;
use crate::entries::may_be_linked;
use crate::record::Record;
use crate::switches::Switches;

/// Reports machine code in packages for all architectures, or only of another word length.
pub(crate) fn architecture(
    package: &Package,
    entries: &[FileEntry],
    switches: &Switches,
    sink: &mut Sink,
) {
    let arch = package.arch.as_str();
    let colors = entries.iter().fold(0, |all, entry| all | entry.color);
    let (expected, severity, words) = if arch == "noarch" {
        (
            0,
            switches.noarch_binaries,
            "Arch dependent binaries in noarch package",
        )
    } else {
        (
            switches.color,
            Severity::Warning,
            "Binaries not matching package arch",
        )
    };
    let fits = colors == 0 || (arch != "noarch" && (expected == 0 || expected & colors != 0));
    if fits {
        return;
    }
    let wrong = entries
        .iter()
        .filter(|it| it.color != 0 && it.color != expected);
    let list: String = wrong
        .map(|it| format!("\n    {} ({})", it.path, short(&it.class)))
        .collect();
    let message = format!("{words} ({}):{list}", package.nvra());
    let finding = match severity {
        Severity::Error => Diagnostic::error(codes::WRONG_ARCH, message),
        Severity::Warning => Diagnostic::warning(codes::WRONG_ARCH, message),
    };
    let help = (arch == "noarch").then(|| "remove `BuildArch: noarch`, or the binaries".to_owned());
    sink.push(finding.at(package.origin).help_if(help));
}

/// `ELF 64-bit LSB`, of a long class.
fn short(class: &str) -> &str {
    let end = class
        .get(10..)
        .and_then(|rest| rest.find(' '))
        .map_or(class.len(), |at| at + 10);
    &class[..end]
}

/// Files with several names, and the packages that have them.
#[derive(Default)]
pub(crate) struct LinksAcross {
    first: HashMap<(u64, u64), Name>,
    reported: HashSet<(u64, u64)>,
}

/// A name of a file.
struct Name {
    package: String,
    path: String,
    origin: Option<Origin>,
}

impl LinksAcross {
    /// Reports files of a package that an earlier one has under another name, once for each file. rpm
    /// says nothing of it.
    pub(crate) fn check(&mut self, package: &str, records: &[Record], sink: &mut Sink) {
        for record in records.iter().filter(|record| may_be_linked(record)) {
            let file = record.meta.identity;
            let first = self.first.entry(file).or_insert_with(|| Name {
                package: package.to_owned(),
                path: record.path.clone(),
                origin: record.rule.origin,
            });
            if first.package != package && self.reported.insert(file) {
                sink.push(split_links(first, package, record));
            }
        }
    }
}

fn split_links(first: &Name, package: &str, record: &Record) -> Diagnostic {
    let message = format!(
        "`{}` in {} and `{}` in {package} are one file in the build root, and will be two once \
         installed",
        first.path, first.package, record.path
    );
    Diagnostic::warning(codes::SPLIT_LINKS, message)
        .at(record.rule.origin)
        .label(first.origin, "the other name")
        .not_in_rpm()
}
