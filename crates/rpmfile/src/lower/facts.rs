//! Identity of the package, facts of the build, changelog, and how the payload is packed.

use package::{BuildFacts, Package, PackageKind, RpmFormat};

use super::lower_time;
use crate::compression::Payload;
use crate::header::{Header, Value};
use crate::options::Options;
use crate::tags;

/// Digest algorithm of the payload: SHA-256.
const PAYLOAD_DIGEST: u32 = 8;

pub(super) fn lower_into(header: &mut Header, package: &Package, options: &Options) {
    lower_identity(header, package);
    lower_build(header, &package.build);
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
        if let Some(id) = options.source_id {
            header.set(tags::SOURCE_PKG_ID, Value::Binary(id.to_vec()));
        }
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

pub(super) fn lower_payload_into(header: &mut Header, payload: &Payload, format: RpmFormat) {
    header.set(tags::PAYLOAD_FORMAT, "cpio");
    if let Some(compressor) = payload.compressor {
        header.set(tags::PAYLOAD_COMPRESSOR, compressor);
    }
    header.set(tags::PAYLOAD_FLAGS, payload.flags.as_str());
    match format {
        RpmFormat::V4 => header.set(tags::PAYLOAD_SHA256_ALGO, PAYLOAD_DIGEST),
        RpmFormat::V6 => header.set(tags::RPM_FORMAT, format.number()),
    }
}
