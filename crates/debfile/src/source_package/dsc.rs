//! The `.dsc` file.
//!
//! Source: dsc(5); Debian Policy 5.4.

use super::control::Facts;
use super::sums::{self, SummedFile};
use crate::deb822::Paragraph;
use crate::words;

/// The fields that need no files, in the order in which `dpkg-source` writes them.
pub(super) fn dsc(facts: &Facts) -> Paragraph {
    let names: Vec<&str> = facts.binaries.iter().map(|it| it.name.as_str()).collect();
    let mut dsc = Paragraph::new();
    dsc.set("Format", words::SOURCE_FORMAT);
    dsc.set("Source", facts.name.as_str());
    dsc.set("Binary", names.join(", "));
    dsc.set("Architecture", archs(facts));
    dsc.set("Version", facts.version.as_str());
    dsc.set("Maintainer", facts.maintainer.as_str());
    dsc.set("Homepage", facts.homepage.as_str());
    dsc.set("Standards-Version", words::STANDARDS_VERSION);
    if let Some((field, place)) = &facts.repository {
        dsc.set(field, place.as_str());
    }
    dsc.set("Build-Depends", facts.build_depends.join(", "));
    dsc.set("Build-Conflicts", facts.build_conflicts.join(", "));
    dsc.set("Package-List", package_list(facts));
    dsc
}

/// Adds the digests of the files that make up the package.
pub fn finish_dsc(dsc: &Paragraph, files: &[SummedFile]) -> String {
    let mut whole = dsc.clone();
    sums::set_checksums(&mut whole, files, &[sums::SHA1, sums::SHA256]);
    let lines = files.iter().map(|file| {
        let sums = &file.sums;
        format!("\n{} {} {}", sums.md5, sums.size, file.name)
    });
    whole.set("Files", lines.collect::<String>());
    whole.write()
}

/// Every architecture that is named, `any` before `all`.
fn archs(facts: &Facts) -> String {
    let mut archs: Vec<&str> = Vec::new();
    let named = facts.binaries.iter().map(|it| it.arch.as_str());
    for arch in named.flat_map(str::split_whitespace) {
        if !archs.contains(&arch) {
            archs.push(arch);
        }
    }
    archs.sort_by_key(|arch| (*arch == "all", *arch != "any", *arch));
    archs.join(" ")
}

/// A line for each binary package, sorted. Source: dsc(5), `Package-List`.
fn package_list(facts: &Facts) -> String {
    let line = |it: &super::control::Binary| {
        let archs = it.arch.replace(' ', ",");
        format!(
            "\n{} deb {} {} arch={archs}",
            it.name,
            it.section,
            words::PRIORITY
        )
    };
    let mut lines: Vec<String> = facts.binaries.iter().map(line).collect();
    lines.sort();
    lines.concat()
}
