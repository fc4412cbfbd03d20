//! Streams a package: the payload into a spool, then lead, signature header, header, spool.
//!
//! The order of work is the reverse of the order in the file, for each part holds digests of what
//! follows it. Source: rpm `docs/manual/format_v4.md`.

use std::io::{self, Write};

use archive::{Algorithm, DigestWriter, Encoder, Spool, Spooled};
use package::{Package, PackageWriter, Receipt, RelationKind, WriteError};
use source::{Code, Diagnostic, Sink};

use crate::error::lift;
use crate::lower::{Lowered, digest_algorithm, lower};
use crate::options::Options;
use crate::payload::{self, Packed};
use crate::{lead, signature, tags};

/// The package has a kind of dependency that .rpm files do not know.
const UNKNOWN_RELATION: Code = Code("rpmfile::unknown-relation");

/// What has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size and digest of the file.
    pub receipt: Receipt,
    /// MD5 of header and payload, by which binary packages name their source package.
    pub id: [u8; 16],
}

/// Writes packages with the same options, for those who write several formats.
#[derive(Clone, Debug)]
pub struct RpmWriter {
    /// How files are written.
    pub options: Options,
}

impl PackageWriter for RpmWriter {
    fn file_name(&self, package: &Package) -> String {
        format!("{}.rpm", package.nvra())
    }

    fn write(
        &self,
        package: &Package,
        out: &mut dyn Write,
        sink: &mut Sink,
    ) -> Result<Receipt, WriteError> {
        write(package, &self.options, out, sink).map(|it| it.receipt)
    }
}

/// Writes a package as an .rpm file of format 4.
///
/// Each packaged file is read once. The compressed payload is kept in an unnamed temporary file in
/// the options' scratch directory meanwhile. The bytes depend on the package and the options only.
///
/// Warns of dependencies of a kind that .rpm files do not know, which are left out.
pub fn write(
    package: &Package,
    options: &Options,
    out: &mut dyn Write,
    sink: &mut Sink,
) -> Result<Written, WriteError> {
    warn_of_unknown_relations(package, sink);
    let mut lowered = lower(package, options)?;
    let (packed, alternative, mut payload) = spool(package, &lowered, options)?;
    let header = &mut lowered.header;
    header.set(tags::FILE_DIGESTS, packed.file_digests);
    header.set(
        tags::PAYLOAD_SHA256,
        vec![payload.digests().hex(Algorithm::Sha256)],
    );
    header.set(tags::PAYLOAD_SHA256_ALT, vec![alternative]);
    let header = header.encode(tags::HEADER_IMMUTABLE)?;
    let facts = facts(&header, &mut payload, packed.length)?;
    let mut out = DigestWriter::new(&[Algorithm::Sha256], out);
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(WriteError::Write);
    put(&lead::encode(package))?;
    put(&signature::encode(&facts, options.reserved_space)?)?;
    put(&header)?;
    payload.copy_to(&mut out).map_err(lift)?;
    out.flush().map_err(WriteError::Write)?;
    let digests = out.finish().1;
    let receipt = Receipt {
        size: digests.length(),
        sha256: digests.hex(Algorithm::Sha256),
    };
    Ok(Written {
        receipt,
        id: facts.md5,
    })
}

/// Compresses the payload; returns also the SHA-256 of the uncompressed archive, in hex.
fn spool(
    package: &Package,
    lowered: &Lowered<'_>,
    options: &Options,
) -> Result<(Packed, String, Spooled), WriteError> {
    let spool = Spool::new_in(&options.scratch, &[Algorithm::Sha256]).map_err(lift)?;
    let encoder = Encoder::new(&lowered.payload.compression, spool).map_err(WriteError::Write)?;
    let out = DigestWriter::new(&[Algorithm::Sha256], encoder);
    let algorithm = digest_algorithm(package, options);
    let paths = package.files.entries().len();
    let (out, packed) = payload::write(&lowered.plan, paths, algorithm, options.threads, out)?;
    let (encoder, digests) = out.finish();
    let spool = encoder.finish().map_err(WriteError::Write)?;
    Ok((
        packed,
        digests.hex(Algorithm::Sha256),
        spool.finish().map_err(lift)?,
    ))
}

/// What the signature header says of the encoded header and the payload.
fn facts(
    header: &[u8],
    payload: &mut Spooled,
    payload_size: u64,
) -> Result<signature::Facts, WriteError> {
    let digests = archive::digest_bytes(&[Algorithm::Sha1, Algorithm::Sha256], header);
    let mut both = DigestWriter::new(&[Algorithm::Md5], io::sink());
    both.write_all(header).map_err(WriteError::Write)?;
    payload.copy_to(&mut both).map_err(lift)?;
    let both = both.finish().1;
    let mut md5 = [0; 16];
    md5.copy_from_slice(both.bytes(Algorithm::Md5));
    Ok(signature::Facts {
        sha1: digests.hex(Algorithm::Sha1),
        sha256: digests.hex(Algorithm::Sha256),
        md5,
        size: both.length(),
        payload_size,
    })
}

fn warn_of_unknown_relations(package: &Package, sink: &mut Sink) {
    let unknown = [
        (RelationKind::Breaks, "Breaks"),
        (RelationKind::Replaces, "Replaces"),
        (RelationKind::PreDepends, "Pre-Depends"),
    ];
    for (kind, tag) in unknown {
        for dependency in package.relations(kind) {
            let message =
                format!("`{tag}: {dependency}` is left out: .rpm packages have no such tag");
            sink.push(Diagnostic::warning(UNKNOWN_RELATION, message).at(dependency.origin));
        }
    }
}
