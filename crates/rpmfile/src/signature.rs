//! The signature header: digests over what follows it, in format 4 sizes too, and room for signatures.
//!
//! Source: rpm `docs/manual/format_v4.md` and `format_v6.md`, "Signature".

use archive::{Algorithm, Digests};
use package::{RpmFormat, WriteError};

use crate::tags::{self, Tag};
use header::{Header, Value};

/// What the signature header says about header and payload.
pub(crate) struct Facts {
    /// Digests of the header: those of its format.
    pub(crate) header: Digests,
    /// What only format 4 says.
    pub(crate) whole: Option<Whole>,
}

impl Facts {
    /// What takes as many bytes.
    pub(crate) fn unknown(format: RpmFormat) -> Self {
        let whole = Whole {
            md5: [0; 16],
            size: 0,
            payload_size: 0,
        };
        Self {
            header: archive::digest_bytes(algorithms(format), b""),
            whole: Some(whole).filter(|_| format < RpmFormat::V6),
        }
    }
}

/// What format 4 says about header and payload together.
pub(crate) struct Whole {
    /// MD5 of header and payload.
    pub(crate) md5: [u8; 16],
    /// Length of header and payload in bytes.
    pub(crate) size: u64,
    /// Length of the uncompressed payload in bytes.
    pub(crate) payload_size: u64,
}

/// The digests of the header, by the format.
pub(crate) fn algorithms(format: RpmFormat) -> &'static [Algorithm] {
    match format {
        RpmFormat::V4 => &[Algorithm::Sha1, Algorithm::Sha256],
        RpmFormat::V6 => &[Algorithm::Sha256, Algorithm::Sha3_256],
    }
}

/// The signature header.
///
/// `reserved` bytes of zeroes are set aside for signatures, less what 64-bit sizes take up: the
/// length of the signature header does not depend on the length of the package.
pub(crate) fn encode(facts: &Facts, reserved: u32) -> Result<Header, WriteError> {
    let mut header = Header::default();
    for (tag, algorithm) in DIGESTS {
        header.set_unless_empty(tag, &facts.header.hex(algorithm));
    }
    let (mut header, extra, room) = match &facts.whole {
        Some(whole) => {
            header.set(tags::signature::MD5, Value::Binary(whole.md5.to_vec()));
            let (header, extra) = with_sizes(header, whole)?;
            (header, extra, tags::signature::RESERVED_SPACE)
        }
        None => (header, 0, tags::SIG_RESERVED),
    };
    let length = (reserved as usize).saturating_sub(extra);
    header.set(room, Value::Binary(vec![0; length]));
    Ok(header)
}

/// The bytes of a signature header, padded to a multiple of eight.
pub(crate) fn padded(header: &Header) -> Result<Vec<u8>, WriteError> {
    let mut bytes = header.encode(tags::HEADER_SIGNATURES)?;
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    Ok(bytes)
}

const DIGESTS: [(Tag, Algorithm); 3] = [
    (tags::SIG_SHA1, Algorithm::Sha1),
    (tags::SIG_SHA256, Algorithm::Sha256),
    (tags::SIG_SHA3_256, Algorithm::Sha3_256),
];

/// Adds both sizes, with 64 bits if one needs them, and says how many bytes more that takes.
fn with_sizes(header: Header, facts: &Whole) -> Result<(Header, usize), WriteError> {
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
        let whole = Whole {
            md5: [3; 16],
            size,
            payload_size,
        };
        let facts = Facts {
            header: archive::digest_bytes(algorithms(RpmFormat::V4), b""),
            whole: Some(whole),
        };
        padded(&encode(&facts, 4128).unwrap()).unwrap().len()
    }

    #[test]
    fn the_length_does_not_depend_on_the_sizes() {
        assert_eq!(length(1, 2) % 8, 0);
        assert_eq!(length(1, 2), length(1 << 40, 2));
        assert_eq!(length(1, 2), length(1, u32::MAX.into()));
    }
}
