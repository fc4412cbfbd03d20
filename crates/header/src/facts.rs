//! Identity of the package, facts of the build, changelog.

use package::{BuildFacts, Package, PackageKind};

use crate::structure::Header;
use crate::tags;
use crate::time::lower_time;

pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    lower_identity(header, package);
    if package.build.is_known() {
        lower_build(header, &package.build);
    }
    lower_changelog(header, package);
    if let PackageKind::Binary { source_rpm } = &package.kind {
        header.set_unless_empty(tags::SOURCE_RPM, source_rpm);
        header.set_unless_empty(tags::OPT_FLAGS, &package.build.optflags);
        header.set_unless_empty(tags::PLATFORM, &package.build.platform);
        header.set(tags::PREFIXES, package.prefixes.clone());
        header.set_unless_empty(
            tags::SOURCE_NEVR,
            &package.source_nevr().unwrap_or_default(),
        );
    }
}

fn lower_identity(header: &mut Header, package: &Package) {
    header.set(tags::NAME, package.name.as_str());
    header.set(tags::VERSION, package.evr.version.as_str());
    header.set(tags::RELEASE, package.evr.release.as_str());
    if let Some(epoch) = package.evr.epoch {
        header.set(tags::EPOCH, epoch);
    }
    header.set(tags::ARCH, package.arch.as_str());
    header.set(tags::OS, package.os.as_str());
}

fn lower_build(header: &mut Header, build: &BuildFacts) {
    header.set(tags::BUILD_TIME, lower_time(build.time));
    header.set(tags::BUILD_HOST, build.host.as_str());
    header.set(tags::RPM_VERSION, build.tool_version.as_str());
    if let Some(cookie) = &build.cookie {
        header.set(tags::COOKIE, cookie.as_str());
    }
}

fn lower_changelog(header: &mut Header, package: &Package) {
    let entries = &package.changelog;
    let times: Vec<u32> = entries.iter().map(|it| lower_time(it.time)).collect();
    let names: Vec<String> = entries.iter().map(|it| it.author.clone()).collect();
    let texts: Vec<String> = entries.iter().map(|it| it.text.clone()).collect();
    header.set(tags::CHANGELOG_TIME, times);
    header.set(tags::CHANGELOG_NAME, names);
    header.set(tags::CHANGELOG_TEXT, texts);
}
