//! What only a package file has: how its files are digested and its payload is packed, and the source
//! package that was written with it.

use archive::Algorithm;
use header::{Header, Value};
use package::{Package, RpmFormat};

use super::digest_algorithm;
use crate::compression::Payload;
use crate::options::{Options, algorithm_number};
use crate::tags;

/// Digest algorithm of the payload: SHA-256.
const PAYLOAD_DIGEST: u32 = 8;

pub(super) fn lower_into(header: &mut Header, package: &Package, options: &Options) {
    let algorithm = digest_algorithm(package, options);
    if algorithm != Algorithm::Md5 {
        header.set(tags::FILE_DIGEST_ALGO, algorithm_number(algorithm));
    }
    if let (Some(id), false) = (options.source_id, package.is_source()) {
        header.set(tags::SOURCE_PKG_ID, Value::Binary(id.to_vec()));
    }
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
