//! Signing packages that are written already, and taking signatures off.
//!
//! The signature header is made anew, with as much less room for signatures as the new one takes, so
//! that it usually keeps its length; what follows it is copied as a stream. The package appears under
//! its name when it is complete.
//!
//! Source: rpmsign(1); rpm `docs/manual/format_v4.md`, `format_v6.md`, "Signature".

mod error;
mod header;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use archive::AtomicFile;
use package::{RpmFormat, WriteError};
use sign::{Keyring, Signer};

pub use error::SigningError;

use crate::convert::copy;
use crate::read::{Headers, PackageFile};
use crate::verify::{Policy, after_signatures, verify};
use crate::{lead, signature, tags};
use ::header::Header;

/// What signatures a package gets, beyond what its format has anyway: one of the header, as format 4
/// has it in packages of that format, and as format 6 has it in those of that one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generations {
    /// In packages of format 4, one of header and payload too, for rpm before 4.14. Packages without
    /// digests of their payload have it anyway.
    pub v3: bool,
    /// In packages of format 6, one that rpm 4 reads, where the key's algorithm allows.
    pub v4: bool,
    /// In packages of format 4, one as in format 6 too.
    pub v6: bool,
}

/// What became of a package that was to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It has a new signature.
    Added,
    /// It has had one by the same key, and was left alone.
    AlreadyThere,
}

/// Signs a package. What it is signed with already stays, unless `replaces`.
///
/// Fails, and leaves the package as it is, if its digests do not hold, if it is of format 3, or of
/// format 4 and signed by another key.
pub fn sign_package(
    path: &Path,
    signer: &Signer,
    generations: Generations,
    replaces: bool,
) -> Result<Signed, SigningError> {
    check_intact(path)?;
    let headers = PackageFile::open(path)?.into_headers();
    if headers.format() < 4 {
        return Err(SigningError::OldFormat);
    }
    let mut signatures = header::unpack(headers.signature());
    if replaces {
        header::remove_all(&mut signatures);
    }
    let wanted = wanted(&headers, generations);
    let first = signer.sign(&mut headers.header().bytes())?;
    if header::put(&mut signatures, &first, wanted)? == Signed::AlreadyThere {
        return Ok(Signed::AlreadyThere);
    }
    if wanted.v3 {
        let second = signer.sign(&mut after_signatures(path, &headers)?)?;
        header::put_whole(&mut signatures, &second)?;
    }
    rewrite(path, &headers, signatures)?;
    Ok(Signed::Added)
}

/// The signature header of a package that is being written, with a signature of its main header.
pub(crate) fn sign_new(
    mut signatures: Header,
    main: &[u8],
    format: RpmFormat,
    signer: &Signer,
) -> Result<Header, WriteError> {
    let fault = |error: SigningError| WriteError::Write(io::Error::other(error));
    let (number, wanted) = match format {
        RpmFormat::V4 => (4, generations(true, false)),
        RpmFormat::V6 => (6, generations(false, true)),
    };
    let before = signatures.encode(tags::HEADER_SIGNATURES)?.len();
    let made = signer.sign(&mut &*main).map_err(|it| fault(it.into()))?;
    header::put(&mut signatures, &made, wanted).map_err(fault)?;
    header::fit(&mut signatures, number, before)?;
    Ok(signatures)
}

fn generations(v4: bool, v6: bool) -> Generations {
    Generations { v3: false, v4, v6 }
}

/// Takes all signatures off a package.
pub fn remove_signatures(path: &Path) -> Result<(), SigningError> {
    check_intact(path)?;
    let headers = PackageFile::open(path)?.into_headers();
    let mut signatures = header::unpack(headers.signature());
    header::remove_all(&mut signatures);
    rewrite(path, &headers, signatures)
}

/// Damaged packages are not signed.
fn check_intact(path: &Path) -> Result<(), SigningError> {
    let policy = Policy {
        flags: Policy::NO_SIGNATURES,
        ..Policy::DIGESTS
    };
    let verdict = verify(path, &Keyring::default(), policy)?;
    match verdict.first_fault() {
        Some(fault) => Err(SigningError::Corrupt(fault.line())),
        None if verdict.is_good() => Ok(()),
        None => Err(SigningError::Corrupt("it lacks digests".to_owned())),
    }
}

fn wanted(headers: &Headers, generations: Generations) -> Generations {
    let payload_digests = [tags::PAYLOAD_SHA256, tags::PAYLOAD_SHA256_ALT];
    let has_digest = payload_digests
        .iter()
        .any(|tag| headers.header().get(*tag).is_some());
    match headers.format() {
        6.. => Generations {
            v6: true,
            v3: false,
            ..generations
        },
        _ => Generations {
            v4: true,
            v3: generations.v3 || !has_digest,
            ..generations
        },
    }
}

/// Writes the package with another signature header. A link to it stays one, and its mode as it is.
fn rewrite(path: &Path, headers: &Headers, mut signatures: Header) -> Result<(), SigningError> {
    let read = |error| SigningError::Read(crate::ReadError::Read(error));
    let path = fs::canonicalize(path).map_err(read)?;
    let before = headers.signature().bytes().len();
    header::fit(&mut signatures, headers.format(), before)?;
    let encoded = signature::padded(&signatures)?;
    let mut lead = [0; lead::LENGTH];
    let mut old = File::open(&path).map_err(read)?;
    old.read_exact(&mut lead).map_err(read)?;
    let mode = old.metadata().map_err(read)?.permissions().mode() & 0o7777;
    let mut rest = after_signatures(&path, headers)?;
    let mut new = AtomicFile::create(&path)?;
    new.set_mode(mode)?;
    let written: io::Result<()> = new.write_all(&lead).and_then(|()| new.write_all(&encoded));
    written.map_err(archive::Error::Write)?;
    copy(&mut rest, &mut new)?;
    Ok(new.commit()?)
}
