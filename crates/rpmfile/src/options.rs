//! What a writer may choose about the file, beyond the package itself.

use std::sync::Arc;

use archive::Algorithm;
use sign::Signer;

/// How an .rpm file is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// `%_binary_payload`, for instance `w19.zstdio`. Source: rpm-payloadflags(7).
    pub binary_payload: String,
    /// `%_source_payload`.
    pub source_payload: String,
    /// Digest of each packaged file, `%_binary_filedigest_algorithm`.
    pub binary_file_digest: Algorithm,
    /// `%_source_filedigest_algorithm`.
    pub source_file_digest: Algorithm,
    /// Bytes left free in the signature header, `%__gpg_reserved_space` and the 32 that sizes of
    /// large packages may take up.
    pub reserved_space: u32,
    /// MD5 that identifies the source package of this build, if one was written
    /// ([`crate::Written::id`]).
    pub source_id: Option<[u8; 16]>,
    /// None of the build's scripts ran, as with `-bb --short-circuit`: nobody shall install such packages.
    pub is_short_circuited: bool,
    /// Who signs the header as the package is written; nobody if not given.
    pub signer: Option<Arc<Signer>>,
}

impl Default for Options {
    /// rpm's own.
    fn default() -> Self {
        Self {
            binary_payload: DEFAULT_PAYLOAD.to_owned(),
            source_payload: DEFAULT_PAYLOAD.to_owned(),
            binary_file_digest: Algorithm::Sha256,
            source_file_digest: Algorithm::Sha256,
            reserved_space: 4096 + 32,
            source_id: None,
            is_short_circuited: false,
            signer: None,
        }
    }
}

/// What rpm falls back to. Source: rpm-payloadflags(7), "Examples".
pub(crate) const DEFAULT_PAYLOAD: &str = "w9.gzdio";

/// Digest algorithms of files and the numbers that rpm gives them. Source: RFC 9580, section 9.5.
const ALGORITHMS: [(u32, Algorithm); 8] = [
    (1, Algorithm::Md5),
    (2, Algorithm::Sha1),
    (8, Algorithm::Sha256),
    (9, Algorithm::Sha384),
    (10, Algorithm::Sha512),
    (11, Algorithm::Sha224),
    (12, Algorithm::Sha3_256),
    (14, Algorithm::Sha3_512),
];

/// The digest algorithm of files that rpm gives this number.
pub fn file_digest(number: u32) -> Option<Algorithm> {
    let known = ALGORITHMS.iter().find(|(known, _)| *known == number);
    known.map(|(_, algorithm)| *algorithm)
}

/// The number of a digest algorithm of files; each has one.
pub(crate) fn algorithm_number(algorithm: Algorithm) -> u32 {
    let known = ALGORITHMS.iter().find(|(_, known)| *known == algorithm);
    known.map_or(0, |(number, _)| *number)
}
