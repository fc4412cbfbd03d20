//! Findings about whole packages: machine code where none belongs, files torn from their links.
//!
//! Source: rpmbuild-config(5), `%_binaries_in_noarch_packages_terminate_build`; rpm's manual,
//! "Multilib".

use std::collections::HashMap;

use package::{FileEntry, Package};
use source::{Diagnostic, Severity, Sink};
use spec::SubPackage;

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

/// Reports files whose names are in several packages, once for each file.
pub(crate) fn links_across<'a>(
    packages: impl Iterator<Item = (&'a SubPackage, &'a [Record])>,
    sink: &mut Sink,
) {
    let mut first: HashMap<(u64, u64), (&str, &Record)> = HashMap::new();
    let mut reported = std::collections::HashSet::new();
    for (package, records) in packages {
        for record in records.iter().filter(|record| may_be_linked(record)) {
            let (owner, known) = *first
                .entry(record.meta.identity)
                .or_insert((&package.name, record));
            if owner != package.name && reported.insert(record.meta.identity) {
                let message = format!(
                    "`{}` in {owner} and `{}` in {} are one file in the build root, and will be two \
                     once installed",
                    known.path, record.path, package.name
                );
                sink.push(
                    Diagnostic::warning(codes::SPLIT_LINKS, message)
                        .at(record.rule.origin)
                        .label(known.rule.origin, "the other name"),
                );
            }
        }
    }
}
