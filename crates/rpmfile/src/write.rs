//! Streams a package: the payload to its place in the file, then what stands before it.
//!
//! The order of work is the reverse of the order in the file, for each part holds digests of what
//! follows it. How long each part is follows from the package alone, so nothing is moved afterwards.
//! Source: rpm `docs/manual/format_v4.md`, `format_v6.md`.

use std::io::{self, SeekFrom};
use std::num::NonZeroU32;

use archive::{Algorithm, DigestSet, DigestWriter, Digests, Encoder};
use package::{
    Output, Package, PackageFile, PackageWriter, Receipt, RelationKind, RpmFormat, WriteError,
};
use source::{Code, Diagnostic, Sink};

use crate::compression::of_payload;
use crate::error::lift;
use crate::lower::{Lowered, digest_algorithm, limits, lower};
use crate::options::Options;
use crate::payload::{self, Manner};
use crate::signing::sign_new;
use crate::tags::{self, Kind, Tag};
use crate::{lead, signature};
use header::{Header, Value};

/// The package has a kind of dependency that .rpm files do not know.
const UNKNOWN_RELATION: Code = Code("rpmfile::unknown-relation");

/// Every kind of finding of this crate, with a sentence on what it means.
pub const CODES: &[(Code, &str)] = &[
    (
        UNKNOWN_RELATION,
        "`Breaks`, `Replaces` or `Pre-Depends`, which only `.deb` packages have, is left out of an `.rpm`.",
    ),
    (
        limits::OUT_OF_RANGE,
        "A number does not fit into its field of an `.rpm`, such as a time before 1970 or a device number \
         above 255.",
    ),
];

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

    fn useful_threads(&self, package: &Package) -> NonZeroU32 {
        let bytes = package.files.content_length();
        // What is wrong with the options, writing will say.
        let payload = of_payload(package, &self.options);
        payload.map_or(NonZeroU32::MIN, |it| it.compression.useful_threads(bytes))
    }

    fn check(&self, package: &Package, sink: &mut Sink) {
        limits::check(package, sink);
    }

    fn write(
        &self,
        package: &Package,
        out: &mut Output<'_>,
        sink: &mut Sink,
    ) -> Result<Receipt, WriteError> {
        write(package, &self.options, out, sink).map(|it| it.receipt)
    }
}

/// Writes a package as an .rpm file of the format that its build asks for.
///
/// Each packaged file is read once. The bytes depend on the package and the options only.
///
/// Warns of dependencies of a kind that .rpm files do not know, which are left out.
pub fn write(
    package: &Package,
    options: &Options,
    out: &mut Output<'_>,
    sink: &mut Sink,
) -> Result<Written, WriteError> {
    warn_of_unknown_relations(package, sink);
    limits::check(package, sink);
    let format = package.build.format;
    let lowered = &mut lower(package, options)?;
    let algorithm = digest_algorithm(package, options);
    let payload = Payload::unknown(lowered, algorithm, format);
    add_digests(&mut lowered.header, format, payload);
    let header_length = lowered.header.encoded_length() as u64;
    let unknown = signature::Facts::unknown(format);
    let unknown = signature::encode(&unknown, options.reserved_space)?;
    let signatures_length = signature::padded(&unknown)?.len();
    let start = (lead::LENGTH + signatures_length) as u64 + header_length;
    let payload = write_payload(lowered, algorithm, format, (start, out))?;
    let (plain_length, packed_length) = (payload.plain.length(), payload.packed.length());
    add_digests(&mut lowered.header, format, payload);
    let header = lowered.header.encode(tags::HEADER_IMMUTABLE)?;
    let whole = match format {
        RpmFormat::V4 => Some(whole(&header, (start, out.file), plain_length)?),
        RpmFormat::V6 => None,
    };
    let facts = signature::Facts {
        header: archive::digest_bytes(signature::algorithms(format), &header),
        whole,
    };
    let signatures = signature::encode(&facts, options.reserved_space)?;
    let signatures = match &options.signer {
        Some(signer) => sign_new(signatures, &header, format, signer)?,
        None => signatures,
    };
    let signatures = signature::padded(&signatures)?;
    let front = [&lead::encode(package)[..], &signatures, &header].concat();
    if front.len() as u64 > start {
        let room = (start, front.len() as u64 - start);
        make_room(room, packed_length, out.file).map_err(WriteError::Write)?;
    }
    put_front(&front, out.file)?;
    Ok(Written {
        receipt: Receipt {
            size: front.len() as u64 + packed_length,
        },
        id: facts.whole.map(|it| it.md5),
    })
}

/// Writes what stands before the payload.
fn put_front(front: &[u8], file: &mut dyn PackageFile) -> Result<(), WriteError> {
    file.rewind().map_err(WriteError::Write)?;
    file.write_all(front).map_err(WriteError::Write)?;
    file.flush().map_err(WriteError::Write)
}

/// Moves the payload of so many bytes back, from its end on: signatures can need more than the room
/// that was reserved for them.
fn make_room(
    (start, distance): (u64, u64),
    length: u64,
    file: &mut dyn PackageFile,
) -> io::Result<()> {
    let mut buffer = vec![0; BATCH];
    let mut left = length;
    while left > 0 {
        let count = left.min(BATCH as u64);
        left -= count;
        let piece = &mut buffer[..count as usize];
        file.seek(SeekFrom::Start(start + left))?;
        file.read_exact(piece)?;
        file.seek(SeekFrom::Start(start + left + distance))?;
        file.write_all(piece)?;
    }
    Ok(())
}

/// What is known of a payload that has been written.
struct Payload {
    /// Digests and length of the compressed bytes.
    packed: Digests,
    /// Those of the uncompressed ones.
    plain: Digests,
    /// The digest of each path's content in hex; empty for what has none.
    file_digests: Vec<String>,
}

impl Payload {
    /// What takes as many bytes in a header.
    fn unknown(lowered: &Lowered<'_>, algorithm: Algorithm, format: RpmFormat) -> Self {
        let nothing = archive::digest_bytes(&algorithms(format), b"");
        Self {
            packed: nothing.clone(),
            plain: nothing,
            file_digests: lowered.plan.unknown_digests(algorithm),
        }
    }
}

/// Writes the compressed payload to its place, from the given offset on.
fn write_payload(
    lowered: &Lowered<'_>,
    algorithm: Algorithm,
    format: RpmFormat,
    (start, out): (u64, &mut Output<'_>),
) -> Result<Payload, WriteError> {
    let algorithms = algorithms(format);
    let compression = lowered.payload.compression.with_at_most(out.threads);
    let manner = Manner {
        algorithm,
        threads: out.threads,
        stop: out.stop,
    };
    out.file
        .seek(SeekFrom::Start(start))
        .map_err(WriteError::Write)?;
    let packed = DigestWriter::new(&algorithms, &mut *out.file);
    let encoder = Encoder::new(&compression, packed);
    let plain = DigestWriter::new(&algorithms, encoder);
    let (plain, file_digests) = payload::write(&lowered.plan, manner, plain)?;
    let (encoder, plain) = plain.finish();
    let (_, packed) = encoder.finish().map_err(WriteError::Write)?.finish();
    Ok(Payload {
        packed,
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

/// The algorithms of those digests.
fn algorithms(format: RpmFormat) -> Vec<Algorithm> {
    let digests = payload_digests(format).iter();
    digests.map(|(algorithm, ..)| *algorithm).collect()
}

/// Adds to the header what is known once the payload is written.
fn add_digests(header: &mut Header, format: RpmFormat, payload: Payload) {
    header.set(tags::FILE_DIGESTS, payload.file_digests);
    for (algorithm, packed, plain) in payload_digests(format) {
        let digests = [(packed, &payload.packed), (plain, &payload.plain)];
        for (tag, digests) in digests {
            header.set(*tag, one(digests.hex(*algorithm), *tag));
        }
    }
    if format >= RpmFormat::V6 {
        let sizes = [
            (tags::PAYLOAD_SIZE, payload.packed.length()),
            (tags::PAYLOAD_SIZE_ALT, payload.plain.length()),
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

/// Digests header and payload together; the payload is read back from its place.
fn whole(
    header: &[u8],
    (start, file): (u64, &mut dyn PackageFile),
    payload_size: u64,
) -> Result<signature::Whole, WriteError> {
    file.seek(SeekFrom::Start(start))
        .map_err(WriteError::Write)?;
    let mut both = DigestSet::new(&[Algorithm::Md5]);
    both.update(header);
    let mut take = |bytes: &[u8]| {
        both.update(bytes);
        Ok(())
    };
    archive::pump(file, &mut take).map_err(lift)?;
    let both = both.finish();
    let mut md5 = [0; 16];
    md5.copy_from_slice(both.bytes(Algorithm::Md5));
    Ok(signature::Whole {
        md5,
        size: both.length(),
        payload_size,
    })
}

/// Bytes moved at once.
const BATCH: usize = 128 * 1024;

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
