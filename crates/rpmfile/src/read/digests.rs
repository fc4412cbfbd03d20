//! What a package says of its own parts.

use archive::{Algorithm, Digests, digest_bytes};

use super::{Headers, ReadError, StoredHeader};
use crate::tags::{self, Tag};
use header::Value;

/// A digest of the payload: its tag, that of the uncompressed payload, and what it is called.
type PayloadDigest = (Tag, Tag, Algorithm, &'static str);

const PAYLOAD: [PayloadDigest; 3] = [
    (
        tags::PAYLOAD_SHA256,
        tags::PAYLOAD_SHA256_ALT,
        Algorithm::Sha256,
        "Payload SHA256",
    ),
    (
        tags::PAYLOAD_SHA512,
        tags::PAYLOAD_SHA512_ALT,
        Algorithm::Sha512,
        "Payload SHA512",
    ),
    (
        tags::PAYLOAD_SHA3_256,
        tags::PAYLOAD_SHA3_256_ALT,
        Algorithm::Sha3_256,
        "Payload SHA3-256",
    ),
];

/// The digests that the header has of the payload.
pub(super) fn of_payload(headers: &Headers) -> Vec<Algorithm> {
    let header = headers.header();
    let has = |(packed, plain, ..): &&PayloadDigest| {
        header.get(*packed).is_some() || header.get(*plain).is_some()
    };
    PAYLOAD.iter().filter(has).map(|it| it.2).collect()
}

/// Compares the header with its digests; what is not there is not missed.
pub(super) fn check_header(
    signature: &StoredHeader,
    header: &StoredHeader,
) -> Result<(), ReadError> {
    let said = [
        (tags::SIG_SHA3_256, Algorithm::Sha3_256, "Header SHA3-256"),
        (tags::SIG_SHA256, Algorithm::Sha256, "Header SHA256"),
        (tags::SIG_SHA1, Algorithm::Sha1, "Header SHA1"),
    ];
    for (tag, algorithm, what) in said {
        if let Some(expected) = signature.text(tag) {
            let found = digest_bytes(&[algorithm], header.bytes()).hex(algorithm);
            compare(what, &expected, &found)?;
        }
    }
    Ok(())
}

/// Compares the payload, as it is in the file, with its digests. `whole` is that of header and
/// payload together, `plain` that of the uncompressed payload.
pub(super) fn check_payload(
    headers: &Headers,
    payload: &Digests,
    whole: &Digests,
    plain: &Digests,
) -> Result<(), ReadError> {
    for (packed, alternative, algorithm, name) in PAYLOAD {
        for (tag, digests) in [(packed, payload), (alternative, plain)] {
            // Old packages announce digests of the uncompressed payload and leave them empty.
            if let Some(expected) = said(headers, tag).filter(|it| !it.is_empty()) {
                compare(name, &expected, &digests.hex(algorithm))?;
            }
        }
    }
    match headers.signature().get(tags::signature::MD5) {
        Some(Value::Binary(expected)) if headers.format() < 6 => {
            let expected: String = expected.iter().map(|it| format!("{it:02x}")).collect();
            compare("MD5", &expected, &whole.hex(Algorithm::Md5))
        }
        _ => Ok(()),
    }
}

/// A digest as the header has it: one string, or the first of several.
fn said(headers: &Headers, tag: Tag) -> Option<String> {
    match headers.header().get(tag)? {
        Value::Texts(texts) => texts.into_iter().next(),
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn compare(what: &str, expected: &str, found: &str) -> Result<(), ReadError> {
    if expected.eq_ignore_ascii_case(found) {
        return Ok(());
    }
    Err(ReadError::Digest {
        what: what.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}
