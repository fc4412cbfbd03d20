//! Unpacking a source package: its spec into one directory, its sources into another.
//!
//! Nothing in a package is trusted: only regular files with bare names are taken, each as long as
//! the header says and with the digest that it says, and the names appear only when the whole
//! package has been read and its digests hold. Links that are there are replaced, not followed.
//!
//! Files belong to whoever unpacks them. Source: rpmbuild(1), "REBUILD".

use std::ffi::OsStr;
use std::fs::{File, FileTimes, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use archive::{Algorithm, Batch, DigestWriter};
use query::Tags;

use crate::convert;
use crate::options::file_digest;
use crate::read::{Headers, PackageFile, Payload, ReadError, StoredFile};
use crate::tags;

/// Bit of a file's flags that marks the spec.
const SPEC: u64 = 1 << 5;
/// Bit of a file's flags that marks what is listed and not packed: `NoSource:`.
const GHOST: u64 = 1 << 6;
/// Permissions that are taken over: a source has no use for setuid bits.
const MODE_MASK: u32 = 0o777;

/// Where the files of a source package go; directories that are not there are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlaces {
    /// For sources and patches, `%_sourcedir`.
    pub sources: PathBuf,
    /// For the spec, `%_specdir`.
    pub specs: PathBuf,
}

/// A source package that has been unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledSource {
    /// The spec.
    pub spec: PathBuf,
    /// What identifies the build that made the package; `rpmbuild --rebuild` passes it on.
    pub cookie: Option<String>,
}

/// Unpacks the source package `path`.
///
/// Fails, and leaves no file behind, if it is no source package, has no spec, is damaged, or holds
/// what has no business in a source package: paths, links, devices.
pub fn install_source(path: &Path, places: &SourcePlaces) -> Result<InstalledSource, ReadError> {
    let package = PackageFile::open(path)?;
    let headers = package.headers();
    headers.check_digests()?;
    if !headers.is_source() {
        return Err(fault("source package expected, binary found"));
    }
    let cookie = headers.header().text(tags::COOKIE);
    let algorithm = digest_algorithm(headers);
    let payload = package.into_payload()?;
    let spec = find_spec(payload.files())?;
    let name = payload.files()[spec].path.clone();
    unpack(payload, spec, algorithm, places)?;
    Ok(InstalledSource {
        spec: places.specs.join(name),
        cookie,
    })
}

fn fault(what: impl Into<String>) -> ReadError {
    ReadError::Contents(what.into())
}

/// The place of the spec in the file list: what is marked so, or else has such a name.
fn find_spec(files: &[StoredFile]) -> Result<usize, ReadError> {
    let marked = files.iter().position(|file| file.flags & SPEC != 0);
    let spec = marked.or_else(|| files.iter().position(|file| file.path.ends_with(".spec")));
    spec.ok_or_else(|| fault("source package contains no .spec file"))
}

/// The algorithm of the digests of files; MD5 where nothing is said.
fn digest_algorithm(headers: &Headers) -> Option<Algorithm> {
    let number = headers.get("FILEDIGESTALGO");
    let number = number.and_then(|it| it.number_at(0)).unwrap_or(1);
    file_digest(u32::try_from(number).ok()?)
}

fn unpack(
    mut payload: Payload<'_>,
    spec: usize,
    algorithm: Option<Algorithm>,
    places: &SourcePlaces,
) -> Result<(), ReadError> {
    let mut sources = start(&places.sources)?;
    let mut specs = start(&places.specs)?;
    let mut is_missing: Vec<bool> = payload.files().iter().map(is_packed).collect();
    while let Some(member) = payload.next_member()? {
        let file = payload.files()[member.index].clone();
        check(&file, member.size)?;
        let batch = if member.index == spec {
            &mut specs
        } else {
            &mut sources
        };
        let out = batch
            .create(OsStr::new(&file.path))
            .map_err(ReadError::Write)?;
        copy(&mut payload, &file, algorithm, out)?;
        is_missing[member.index] = false;
    }
    if let Some(missing) = is_missing.iter().position(|it| *it) {
        let name = &payload.files()[missing].path;
        return Err(fault(format!("`{name}` is listed, but not packed")));
    }
    payload.finish()?;
    sources.commit().map_err(ReadError::Write)?;
    specs.commit().map_err(ReadError::Write)
}

fn start(directory: &Path) -> Result<Batch, ReadError> {
    let made = std::fs::create_dir_all(directory).map_err(archive::Error::Write);
    made.and_then(|()| Batch::start_in(directory))
        .map_err(ReadError::Write)
}

fn is_packed(file: &StoredFile) -> bool {
    file.flags & GHOST == 0
}

/// Refuses what is no plain file of the package.
fn check(file: &StoredFile, size: u64) -> Result<(), ReadError> {
    let path = &file.path;
    if !file.is_regular() {
        return Err(fault(format!("`{path}` is no regular file")));
    }
    if path.contains('/') || matches!(path.as_str(), "" | "." | "..") {
        return Err(fault(format!("`{path}` is no plain file name")));
    }
    if size != file.size {
        let expected = file.size;
        return Err(fault(format!(
            "`{path}` has {size} bytes, but is listed with {expected}"
        )));
    }
    Ok(())
}

/// Writes a file's content, and checks it.
fn copy(
    payload: &mut Payload<'_>,
    file: &StoredFile,
    algorithm: Option<Algorithm>,
    out: File,
) -> Result<(), ReadError> {
    let algorithms: Vec<Algorithm> = algorithm.into_iter().collect();
    let mut out = DigestWriter::new(&algorithms, out);
    let mut left = payload.take(file.size);
    convert::copy(&mut left, &mut out)?;
    let (out, digests) = out.finish();
    if let Some(algorithm) = algorithm.filter(|_| !file.digest.is_empty()) {
        let found = digests.hex(algorithm);
        if !found.eq_ignore_ascii_case(&file.digest) {
            return Err(ReadError::Digest {
                what: format!("`{}`", file.path),
                expected: file.digest.clone(),
                found,
            });
        }
    }
    let mode = Permissions::from_mode(file.mode & MODE_MASK);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(file.mtime);
    let finished = out
        .set_permissions(mode)
        .and_then(|()| out.set_times(FileTimes::new().set_modified(time)));
    finished.map_err(|it| ReadError::Write(archive::Error::Write(it)))
}
