//! What a package says of its own parts.

use archive::{Algorithm, Digests, digest_bytes};

use super::{Headers, ReadError, StoredHeader};
use crate::header::Value;
use crate::tags;

/// `PAYLOADSHA512` and the one of the uncompressed payload.
const PAYLOAD_SHA512: u32 = 5121;
const PAYLOAD_SHA512_ALT: u32 = 5122;

/// Compares the header with its digests; what is not there is not missed.
pub(super) fn check_header(
    signature: &StoredHeader,
    header: &StoredHeader,
) -> Result<(), ReadError> {
    let said = [
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
    let said = [
        (tags::PAYLOAD_SHA256.number, payload, Algorithm::Sha256),
        (PAYLOAD_SHA512, payload, Algorithm::Sha512),
        (tags::PAYLOAD_SHA256_ALT.number, plain, Algorithm::Sha256),
        (PAYLOAD_SHA512_ALT, plain, Algorithm::Sha512),
    ];
    for (number, digests, algorithm) in said {
        let expected = match headers.header().get_number(number) {
            Some(Value::Texts(texts)) => texts.into_iter().next(),
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        // Old packages announce digests of the uncompressed payload and leave them empty.
        if let Some(expected) = expected.filter(|it| !it.is_empty()) {
            let name = if algorithm == Algorithm::Sha256 {
                "Payload SHA256"
            } else {
                "Payload SHA512"
            };
            compare(name, &expected, &digests.hex(algorithm))?;
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
