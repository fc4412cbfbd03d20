//! Streams a package: the payload into a spool, then lead, signature header, header, spool.
//!
//! The order of work is the reverse of the order in the file, for each part holds digests of what
//! follows it. Source: rpm `docs/manual/format_v4.md`, `format_v6.md`.

use std::io::{self, Write};

use archive::{Algorithm, DigestWriter, Digests, Encoder, Spool, Spooled};
use package::{Package, PackageWriter, Receipt, RelationKind, RpmFormat, WriteError};
use source::{Code, Diagnostic, Sink};

use crate::error::lift;
use crate::header::{Header, Value};
use crate::lower::{Lowered, digest_algorithm, lower};
use crate::options::Options;
use crate::signing::sign_new;
use crate::tags::{self, Kind, Tag};
use crate::{lead, payload, signature};

/// The package has a kind of dependency that .rpm files do not know.
const UNKNOWN_RELATION: Code = Code("rpmfile::unknown-relation");

/// What has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size and digest of the file.
    pub receipt: Receipt,
    /// MD5 of header and payload, by which binary packages of format 4 name their source package.
    pub id: Option<[u8; 16]>,
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

/// Writes a package as an .rpm file of the format that its build asks for.
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
    let mut spooled = spool(package, &lowered, options)?;
    add_digests(&mut lowered.header, package.build.format, &mut spooled);
    let header = lowered.header.encode(tags::HEADER_IMMUTABLE)?;
    let facts = facts(package.build.format, &header, &mut spooled)?;
    let signatures = signature::encode(&facts, options.reserved_space)?;
    let signatures = match &options.signer {
        Some(signer) => sign_new(signatures, &header, package.build.format, signer)?,
        None => signatures,
    };
    let mut out = DigestWriter::new(&[Algorithm::Sha256], out);
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(WriteError::Write);
    put(&lead::encode(package))?;
    put(&signature::padded(&signatures)?)?;
    put(&header)?;
    spooled.payload.copy_to(&mut out).map_err(lift)?;
    out.flush().map_err(WriteError::Write)?;
    let digests = out.finish().1;
    let receipt = Receipt {
        size: digests.length(),
        sha256: digests.hex(Algorithm::Sha256),
    };
    Ok(Written {
        receipt,
        id: facts.whole.map(|it| it.md5),
    })
}

/// A payload that has been written.
struct SpooledPayload {
    /// The compressed bytes.
    payload: Spooled,
    /// Digests and length of the uncompressed ones.
    plain: Digests,
    /// The digest of each path's content in hex; empty for what has none.
    file_digests: Vec<String>,
}

/// Compresses the payload.
fn spool(
    package: &Package,
    lowered: &Lowered<'_>,
    options: &Options,
) -> Result<SpooledPayload, WriteError> {
    let algorithms: Vec<Algorithm> = payload_digests(package.build.format)
        .iter()
        .map(|(algorithm, ..)| *algorithm)
        .collect();
    let spool = Spool::new_in(&options.scratch, &algorithms).map_err(lift)?;
    let encoder = Encoder::new(&lowered.payload.compression, spool);
    let out = DigestWriter::new(&algorithms, encoder);
    let algorithm = digest_algorithm(package, options);
    let paths = package.files.entries().len();
    let (out, file_digests) =
        payload::write(&lowered.plan, paths, algorithm, options.threads, out)?;
    let (encoder, plain) = out.finish();
    let spool = encoder.finish().map_err(WriteError::Write)?;
    Ok(SpooledPayload {
        payload: spool.finish().map_err(lift)?,
        plain,
        file_digests,
    })
}

/// A digest of the payload, and the tags of the compressed and the uncompressed one.
type PayloadDigest = (Algorithm, Tag, Tag);

const PAYLOAD_DIGESTS: [PayloadDigest; 3] = [
    (
        Algorithm::Sha256,
        tags::PAYLOAD_SHA256,
        tags::PAYLOAD_SHA256_ALT,
    ),
    (
        Algorithm::Sha512,
        tags::PAYLOAD_SHA512,
        tags::PAYLOAD_SHA512_ALT,
    ),
    (
        Algorithm::Sha3_256,
        tags::PAYLOAD_SHA3_256,
        tags::PAYLOAD_SHA3_256_ALT,
    ),
];

/// The digests that a format has of the payload.
fn payload_digests(format: RpmFormat) -> &'static [PayloadDigest] {
    match format {
        RpmFormat::V4 => &PAYLOAD_DIGESTS[..1],
        RpmFormat::V6 => &PAYLOAD_DIGESTS,
    }
}

/// Adds to the header what is known only now.
fn add_digests(header: &mut Header, format: RpmFormat, spooled: &mut SpooledPayload) {
    let file_digests = std::mem::take(&mut spooled.file_digests);
    header.set(tags::FILE_DIGESTS, file_digests);
    for (algorithm, packed, plain) in payload_digests(format) {
        let digests = [(packed, spooled.payload.digests()), (plain, &spooled.plain)];
        for (tag, digests) in digests {
            header.set(*tag, one(digests.hex(*algorithm), *tag));
        }
    }
    if format >= RpmFormat::V6 {
        let sizes = [
            (tags::PAYLOAD_SIZE, spooled.payload.length()),
            (tags::PAYLOAD_SIZE_ALT, spooled.plain.length()),
        ];
        for (tag, size) in sizes {
            header.set(tag, Value::Int64(vec![size]));
        }
    }
}

/// A digest as its tag wants it: the oldest of them are lists.
fn one(digest: String, tag: Tag) -> Value {
    match tag.kind {
        Kind::Texts => Value::Texts(vec![digest]),
        _ => Value::Text(digest),
    }
}

/// What the signature header says of the encoded header and the payload.
fn facts(
    format: RpmFormat,
    header: &[u8],
    spooled: &mut SpooledPayload,
) -> Result<signature::Facts, WriteError> {
    let whole = match format {
        RpmFormat::V4 => Some(whole(header, spooled)?),
        RpmFormat::V6 => None,
    };
    Ok(signature::Facts {
        header: archive::digest_bytes(signature::algorithms(format), header),
        whole,
    })
}

fn whole(header: &[u8], spooled: &mut SpooledPayload) -> Result<signature::Whole, WriteError> {
    let mut both = DigestWriter::new(&[Algorithm::Md5], io::sink());
    both.write_all(header).map_err(WriteError::Write)?;
    spooled.payload.copy_to(&mut both).map_err(lift)?;
    let both = both.finish().1;
    let mut md5 = [0; 16];
    md5.copy_from_slice(both.bytes(Algorithm::Md5));
    Ok(signature::Whole {
        md5,
        size: both.length(),
        payload_size: spooled.plain.length(),
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
