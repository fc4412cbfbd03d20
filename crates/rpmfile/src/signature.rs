//! The signature header: sizes and digests over what follows it, and room for signatures.
//!
//! Source: rpm `docs/manual/format_v4.md`, "Signature header".

use package::WriteError;

use crate::header::{Header, Value};
use crate::tags;

/// What the signature header says about header and payload.
pub(crate) struct Facts {
    /// SHA-1 of the header, in hex.
    pub(crate) sha1: String,
    /// SHA-256 of the header, in hex.
    pub(crate) sha256: String,
    /// MD5 of header and payload.
    pub(crate) md5: [u8; 16],
    /// Length of header and payload in bytes.
    pub(crate) size: u64,
    /// Length of the uncompressed payload in bytes.
    pub(crate) payload_size: u64,
}

/// The signature header, padded to a multiple of eight bytes.
///
/// `reserved` bytes of zeroes are set aside for signatures, less what 64-bit sizes take up: the
/// length of the signature header does not depend on the length of the package.
pub(crate) fn encode(facts: &Facts, reserved: u32) -> Result<Vec<u8>, WriteError> {
    let mut header = Header::default();
    header.set(tags::SIG_SHA1, facts.sha1.as_str());
    header.set(tags::SIG_SHA256, facts.sha256.as_str());
    header.set(tags::signature::MD5, Value::Binary(facts.md5.to_vec()));
    let (mut header, extra) = with_sizes(header, facts)?;
    let room = (reserved as usize).saturating_sub(extra);
    header.set(
        tags::signature::RESERVED_SPACE,
        Value::Binary(vec![0; room]),
    );
    let mut bytes = header.encode(tags::HEADER_SIGNATURES)?;
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    Ok(bytes)
}

/// Adds both sizes, with 64 bits if one needs them, and says how many bytes more that takes.
fn with_sizes(header: Header, facts: &Facts) -> Result<(Header, usize), WriteError> {
    let fits = |size: u64| u32::try_from(size).ok().filter(|it| *it != u32::MAX);
    let small = (fits(facts.size), fits(facts.payload_size));
    let mut short = header.clone();
    short.set(tags::signature::SIZE, small.0.unwrap_or(u32::MAX));
    short.set(tags::signature::PAYLOAD_SIZE, small.1.unwrap_or(u32::MAX));
    if small.0.is_some() && small.1.is_some() {
        return Ok((short, 0));
    }
    let mut long = header;
    long.set(tags::SIG_LONG_SIZE, Value::Int64(vec![facts.size]));
    long.set(
        tags::SIG_LONG_ARCHIVE_SIZE,
        Value::Int64(vec![facts.payload_size]),
    );
    let length = |it: &Header| Ok::<_, WriteError>(it.encode(tags::HEADER_SIGNATURES)?.len());
    let extra = length(&long)?.saturating_sub(length(&short)?);
    Ok((long, extra))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(size: u64, payload_size: u64) -> usize {
        let (sha1, sha256) = ("1".repeat(40), "2".repeat(64));
        let facts = Facts {
            sha1,
            sha256,
            md5: [3; 16],
            size,
            payload_size,
        };
        encode(&facts, 4128).unwrap().len()
    }

    #[test]
    fn the_length_does_not_depend_on_the_sizes() {
        assert_eq!(length(1, 2) % 8, 0);
        assert_eq!(length(1, 2), length(1 << 40, 2));
        assert_eq!(length(1, 2), length(1, u32::MAX.into()));
    }
}
