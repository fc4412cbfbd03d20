//! Streams a package into a `.deb` file.
//!
//! Each packaged file is read once. The data archive goes into a temporary file first, because
//! `md5sums`, which precedes it, is made from what passes by.
//!
//! Source: deb(5); deb-md5sums(5); dpkg-deb(1), `--uniform-compression`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::path::PathBuf;

use archive::feed::{Feed, Source};
use archive::tar::{self, Entry as TarEntry, Kind};
use archive::{Algorithm, ArWriter, Compression, DigestWriter, Encoder, Method, Spool, Spooled};
use package::{Content, Output, Receipt, WriteError};
use source::octets::{readable, restore};

use crate::deb::{DebPackage, Entry, EntryKind};
use crate::words::{FORMAT_MEMBER, FORMAT_VERSION};

/// How a package is written.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// Compression of both archives in the package. dpkg reads none, gzip, xz and zstd (the last
    /// from version 1.21.18 on).
    pub compression: Compression,
    /// Where the temporary file lies; it gets as large as the package.
    pub spool_directory: PathBuf,
}

/// Writes the package to `out`. Its bytes are a function of the package and the compression.
pub fn write(
    deb: &DebPackage,
    options: &WriteOptions,
    out: &mut Output<'_>,
) -> Result<Receipt, WriteError> {
    let suffix = suffix(options.compression.method)?;
    let (mut data, sums) = spool_data(deb, options, out)?;
    let control = control_archive(deb, &sums, &options.compression)?;
    let time = seconds(deb.time);
    let counted = DigestWriter::new(&[], &mut *out.file);
    let mut ar = ArWriter::new(counted, time).map_err(fault)?;
    member(&mut ar, FORMAT_MEMBER, FORMAT_VERSION.as_bytes())?;
    member(&mut ar, &format!("control.tar{suffix}"), &control)?;
    ar.start(&format!("data.tar{suffix}"), data.length())
        .map_err(fault)?;
    data.copy_to(&mut ar).map_err(fault)?;
    let counted = ar.finish().map_err(fault)?;
    let (_, digests) = counted.finish();
    Ok(Receipt {
        size: digests.length(),
    })
}

/// The end of a member's name. Source: deb(5).
fn suffix(method: Method) -> Result<&'static str, WriteError> {
    match method {
        Method::None => Ok(""),
        Method::Gzip => Ok(".gz"),
        Method::Xz => Ok(".xz"),
        Method::Zstd => Ok(".zst"),
        Method::Bzip2 | Method::Lzma => Err(WriteError::Unsupported(
            "dpkg reads no .deb compressed with bzip2 or lzma".into(),
        )),
    }
}

fn member<W: Write>(ar: &mut ArWriter<W>, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
    ar.start(name, bytes.len() as u64).map_err(fault)?;
    ar.write_all(bytes).map_err(WriteError::Write)
}

/// Files by their paths, and the MD5 digest of each.
type Sums<'d> = Vec<(&'d str, String)>;

/// The data archive, and the digests of its files, sorted.
fn spool_data<'d>(
    deb: &'d DebPackage,
    options: &WriteOptions,
    out: &Output<'_>,
) -> Result<(Spooled, Sums<'d>), WriteError> {
    let spool = Spool::new_in(&options.spool_directory, &[]).map_err(fault)?;
    let compression = options.compression.with_at_most(out.threads);
    let encoder = Encoder::new(&compression, spool);
    let mut archive = tar::Writer::new(out.stop.guard(encoder));
    start_root(&mut archive, deb)?;
    let threads = out.threads.map(|it| it.get() as usize);
    let mut feed = Feed::start(sources(&deb.entries), &[Algorithm::Md5], threads).map_err(fault)?;
    let mut sums = Sums::new();
    for entry in &deb.entries {
        start(&mut archive, entry)?;
        if let EntryKind::Regular { .. } = entry.kind {
            let digests = feed.copy_next(&mut archive).map_err(fault)?;
            sums.push((&entry.path, digests.hex(Algorithm::Md5)));
        }
    }
    sums.extend(sums_of_links(deb, &sums));
    sums.sort();
    let encoder = archive.finish().map_err(fault)?.into_inner();
    let spool = encoder.finish().map_err(WriteError::Write)?;
    Ok((spool.finish().map_err(fault)?, sums))
}

/// The digests of further names of files.
fn sums_of_links<'d>(deb: &'d DebPackage, sums: &Sums<'_>) -> Sums<'d> {
    let sums: HashMap<&str, &String> = sums.iter().map(|(path, sum)| (*path, sum)).collect();
    let sum = |entry: &'d Entry| match &entry.kind {
        EntryKind::HardLink { target } => {
            let sum = sums.get(target.as_str()).copied();
            Some((entry.path.as_str(), sum.cloned().unwrap_or_default()))
        }
        _ => None,
    };
    deb.entries.iter().filter_map(sum).collect()
}

fn sources(entries: &[Entry]) -> Vec<Source> {
    let source = |entry: &Entry| match &entry.kind {
        EntryKind::Regular {
            content: Content::OnDisk(path),
            size,
        } => Some(Source::Path {
            path: path.clone(),
            size: *size,
        }),
        EntryKind::Regular {
            content: Content::Inline(bytes),
            ..
        } => Some(Source::Inline(bytes.clone())),
        _ => None,
    };
    entries.iter().filter_map(source).collect()
}

/// The top directory, `./`, which dpkg's own archives begin with.
fn start_root<W: Write>(archive: &mut tar::Writer<W>, deb: &DebPackage) -> Result<(), WriteError> {
    archive
        .start(&plain_entry(b"./", Kind::Directory, 0o755, deb.time))
        .map_err(fault)
}

/// A member that belongs to root. `time` is in seconds since 1970 UTC.
pub(crate) fn plain_entry<'e>(
    name: &'e [u8],
    kind: Kind<'e>,
    mode: u32,
    time: i64,
) -> TarEntry<'e> {
    let mtime = seconds(time);
    TarEntry {
        name,
        kind,
        mode,
        uid: 0,
        gid: 0,
        user: "root",
        group: "root",
        mtime,
    }
}

fn start<W: Write>(archive: &mut tar::Writer<W>, entry: &Entry) -> Result<(), WriteError> {
    let slash = if entry.kind == EntryKind::Directory {
        "/"
    } else {
        ""
    };
    let name = format!(".{}{slash}", entry.path);
    let link;
    let kind = match &entry.kind {
        EntryKind::Regular { size, .. } => Kind::Regular { size: *size },
        EntryKind::HardLink { target } => {
            link = format!(".{target}");
            Kind::HardLink {
                target: link.as_bytes(),
            }
        }
        EntryKind::Directory => Kind::Directory,
        EntryKind::Symlink { target } => Kind::Symlink {
            target: target.as_bytes(),
        },
        EntryKind::CharDevice { major, minor } => Kind::CharDevice {
            major: *major,
            minor: *minor,
        },
        EntryKind::BlockDevice { major, minor } => Kind::BlockDevice {
            major: *major,
            minor: *minor,
        },
        EntryKind::Fifo => Kind::Fifo,
    };
    let header = TarEntry {
        uid: entry.user.id.into(),
        gid: entry.group.id.into(),
        user: entry.user.name,
        group: entry.group.name,
        ..plain_entry(name.as_bytes(), kind, entry.mode, entry.mtime)
    };
    archive.start(&header).map_err(fault)
}

/// The control archive: `control` and its companions, sorted by name.
fn control_archive(
    deb: &DebPackage,
    sums: &Sums<'_>,
    compression: &Compression,
) -> Result<Vec<u8>, WriteError> {
    let encoder = Encoder::new(compression, Vec::new());
    let mut archive = tar::Writer::new(encoder);
    start_root(&mut archive, deb)?;
    for (name, (mode, bytes)) in control_members(deb, sums) {
        let name = format!("./{name}");
        let kind = Kind::Regular {
            size: bytes.len() as u64,
        };
        archive
            .start(&plain_entry(name.as_bytes(), kind, mode, deb.time))
            .map_err(fault)?;
        archive.write_all(&bytes).map_err(WriteError::Write)?;
    }
    archive
        .finish()
        .map_err(fault)?
        .finish()
        .map_err(WriteError::Write)
}

/// Mode and content of each member by name.
fn control_members(deb: &DebPackage, sums: &Sums<'_>) -> BTreeMap<String, (u32, Vec<u8>)> {
    let executable = |name: &str| if name == "config" { 0o755 } else { 0o644 };
    let mut members: BTreeMap<String, (u32, Vec<u8>)> = BTreeMap::new();
    for (name, bytes) in &deb.members {
        members.insert(name.clone(), (executable(name), bytes.clone()));
    }
    for (script, text) in &deb.scripts {
        members.insert(
            script.name().to_owned(),
            (0o755, restore(text).into_owned()),
        );
    }
    let sums = md5sums(deb, sums);
    if !sums.is_empty() {
        members.insert("md5sums".to_owned(), (0o644, sums.into_bytes()));
    }
    members.insert(
        "control".to_owned(),
        (0o644, readable(&deb.control.write()).into_bytes()),
    );
    members
}

/// One line per file; conffiles are left to dpkg, which keeps their digests itself.
fn md5sums(deb: &DebPackage, sums: &Sums<'_>) -> String {
    let conffiles = deb
        .members
        .get("conffiles")
        .map(Vec::as_slice)
        .unwrap_or_default();
    let conffiles = String::from_utf8_lossy(conffiles);
    let conffiles: HashSet<&str> = conffiles.lines().collect();
    let listed = sums.iter().filter(|(path, _)| !conffiles.contains(path));
    listed
        .map(|(path, sum)| format!("{sum}  {}\n", path.trim_start_matches('/')))
        .collect()
}

fn seconds(time: i64) -> u64 {
    u64::try_from(time).unwrap_or(0)
}

/// Keeps what names a packaged file; anything else is a fault of the output.
fn fault(error: archive::Error) -> WriteError {
    match error {
        archive::Error::Read { path, source } => WriteError::Read { path, source },
        archive::Error::SizeChanged {
            path,
            expected,
            found,
        } => WriteError::Changed {
            path,
            expected,
            found,
        },
        archive::Error::Write(source) => WriteError::Write(source),
        other => WriteError::Write(io::Error::other(other)),
    }
}
