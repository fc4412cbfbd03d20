//! What only source packages record: sources and patches by their base names, and on what they can
//! be built.

use package::{Package, PackageKind, SourceFacts, SourceFile};

use crate::structure::Header;
use crate::tags;

pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    let PackageKind::Source(facts) = &package.kind else {
        return;
    };
    header.set(tags::SOURCE_PACKAGE, 1);
    header.set(tags::SPEC, facts.spec_text.as_str());
    header.set(tags::BUILD_ARCHS, facts.build_archs.clone());
    header.set(tags::EXCLUSIVE_ARCH, facts.exclusive_archs.clone());
    header.set(tags::EXCLUDE_ARCH, facts.exclude_archs.clone());
    header.set(tags::EXCLUSIVE_OS, facts.exclusive_os.clone());
    header.set(tags::EXCLUDE_OS, facts.exclude_os.clone());
    header.set(tags::SOURCE, names(facts, false));
    header.set(tags::PATCH, names(facts, true));
    header.set(tags::NO_SOURCE, left_out(facts, false));
    header.set(tags::NO_PATCH, left_out(facts, true));
}

fn of_kind(facts: &SourceFacts, patches: bool) -> impl Iterator<Item = &SourceFile> {
    facts.files.iter().filter(move |it| it.is_patch == patches)
}

fn names(facts: &SourceFacts, patches: bool) -> Vec<String> {
    of_kind(facts, patches).map(|it| it.name.clone()).collect()
}

fn left_out(facts: &SourceFacts, patches: bool) -> Vec<u32> {
    of_kind(facts, patches)
        .filter(|it| it.left_out)
        .map(|it| it.number)
        .collect()
}
