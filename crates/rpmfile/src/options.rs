//! What a writer may choose about the file, beyond the package itself.

use std::path::PathBuf;

use archive::Algorithm;

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
    /// Bytes left free in the signature header, `%__gpg_reserved_space` and 32 more.
    pub reserved_space: u32,
    /// Directory for the temporary payload: as large as the compressed payload.
    pub scratch: PathBuf,
    /// Threads that read files and compress; as many as there are cores if not given.
    pub threads: Option<u32>,
    /// MD5 that identifies the source package of this build, if one was written
    /// ([`crate::Written::id`]).
    pub source_id: Option<[u8; 16]>,
}

impl Options {
    /// rpm's own defaults, with the temporary payload in `scratch`.
    pub fn new(scratch: impl Into<PathBuf>) -> Self {
        Self {
            binary_payload: DEFAULT_PAYLOAD.to_owned(),
            source_payload: DEFAULT_PAYLOAD.to_owned(),
            binary_file_digest: Algorithm::Sha256,
            source_file_digest: Algorithm::Sha256,
            reserved_space: 4096 + 32,
            scratch: scratch.into(),
            threads: None,
            source_id: None,
        }
    }
}

/// What rpm falls back to. Source: rpm-payloadflags(7), "Examples".
pub(crate) const DEFAULT_PAYLOAD: &str = "w9.gzdio";

/// The number rpm gives a digest algorithm of files (those of RFC 9580, section 9.5).
pub(crate) fn algorithm_number(algorithm: Algorithm) -> u32 {
    match algorithm {
        Algorithm::Md5 => 1,
        Algorithm::Sha1 => 2,
        Algorithm::Sha256 => 8,
        Algorithm::Sha384 => 9,
        Algorithm::Sha512 => 10,
        Algorithm::Sha224 => 11,
    }
}
