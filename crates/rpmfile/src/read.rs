//! Reading .rpm files of formats 3, 4 and 6, whoever made them.
//!
//! Every length is checked against what rpm itself accepts, and nothing is reserved before bytes
//! have come. Headers are kept as they stand in the file; a tag is decoded when it is asked for.
//!
//! Not here: checking signatures, see [`crate::verify()`].
//!
//! Source: rpm `docs/manual/format_v3.md`, `format_v4.md`, `format_v6.md`, `format_header.md`.

mod digests;
mod error;
mod expansion;
mod files;
mod headers;
mod payload;
mod stored;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use archive::Decoder;

pub use error::ReadError;
pub use files::StoredFile;
pub use headers::Headers;
pub use payload::{Member, Payload};
pub use stored::StoredHeader;

use crate::lead;
use stored::Part;

/// A package file whose headers have been read, and whose payload comes next.
pub struct PackageFile<R> {
    headers: Headers,
    input: R,
}

impl PackageFile<BufReader<File>> {
    /// Opens a file and reads its headers.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let file = File::open(path).map_err(ReadError::Open)?;
        Self::read(BufReader::new(file))
    }
}

impl<R: Read> PackageFile<R> {
    /// Reads lead, signature header and header. Digests are not looked at; see
    /// [`Headers::check_digests`].
    pub fn read(mut input: R) -> Result<Self, ReadError> {
        read_lead(&mut input)?;
        let signature = StoredHeader::read(&mut input, Part::Signature)?;
        let header = StoredHeader::read(&mut input, Part::Main)?;
        expansion::check(&header)?;
        Ok(Self {
            headers: Headers::new(signature, header),
            input,
        })
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, without what follows them.
    pub fn into_headers(self) -> Headers {
        self.headers
    }

    /// The headers, and the payload as it is in the file.
    pub(crate) fn into_stored_payload(self) -> (Headers, R) {
        (self.headers, self.input)
    }

    /// The headers, and the payload's uncompressed bytes.
    pub(crate) fn into_plain_payload<'r>(self) -> Result<(Headers, Decoder<'r>), ReadError>
    where
        R: 'r,
    {
        let decoder = Decoder::new(self.input).map_err(ReadError::Read)?;
        Ok((self.headers, decoder))
    }

    /// Goes on to the payload.
    pub fn into_payload<'r>(self) -> Result<Payload<'r>, ReadError>
    where
        R: 'r,
    {
        Payload::start(self.headers, self.input)
    }
}

fn read_lead(input: &mut impl Read) -> Result<(), ReadError> {
    let mut lead = [0; lead::LENGTH];
    input.read_exact(&mut lead).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            ReadError::NotPackage
        } else {
            ReadError::Read(error)
        }
    })?;
    if lead.starts_with(&lead::MAGIC) {
        Ok(())
    } else {
        Err(ReadError::NotPackage)
    }
}
