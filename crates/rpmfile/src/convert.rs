//! A package's files as another archive: cpio as `rpm2cpio` gives it, or tar.
//!
//! Digests are not looked at, so that what is left of a damaged package can be had.
//!
//! Source: rpm2cpio(1), rpm2archive(1).

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};

use archive::{cpio, tar};

use crate::owners::Owners;
use crate::read::{Member, PackageFile, Payload, ReadError, StoredFile};

/// What a payload without names of its own begins with.
const STRIPPED: &[u8] = b"07070X";
/// Longest name of an owner in a tar archive, in bytes.
const OWNER_LIMIT: usize = 31;

/// Writes the payload as a cpio archive: as it is in the package, where it has names; put together
/// from the header otherwise.
///
/// Fails if a file is too large for the format.
pub fn write_cpio(package: PackageFile<impl Read>, out: &mut dyn Write) -> Result<(), ReadError> {
    let (headers, plain) = package.into_plain_payload()?;
    let mut plain = BufReader::new(plain);
    if !plain
        .fill_buf()
        .map_err(ReadError::Read)?
        .starts_with(STRIPPED)
    {
        return copy(&mut plain, out);
    }
    let mut payload = Payload::from_plain(headers, plain)?;
    let mut archive = cpio::Writer::new(out);
    let owners = Owners::load();
    while let Some(member) = payload.next_member()? {
        let stat = cpio_stat(&payload, member, &owners)?;
        let name = name_of(&payload.files()[member.index]);
        let name = name.trim_end_matches('/').as_bytes();
        archive.start(name, &stat).map_err(ReadError::Write)?;
        copy(&mut payload.by_ref().take(member.size), &mut archive)?;
    }
    archive.finish().map(drop).map_err(ReadError::Write)
}

/// As rpm does, what belongs to nobody known belongs to root and runs as whoever starts it.
fn cpio_stat(
    payload: &Payload<'_>,
    member: Member,
    owners: &Owners,
) -> Result<cpio::Stat, ReadError> {
    let file = &payload.files()[member.index];
    let too_large = "files over 4GB not supported by cpio, use rpm2archive instead";
    let size = u32::try_from(member.size).ok();
    let size = size.filter(|it| u64::from(*it) <= cpio::NEWC_FILE_LIMIT);
    let (user, group) = (owners.user(&file.user), owners.group(&file.group));
    let bits = [(user, 0o4000), (group, 0o2000)];
    let lost = bits.iter().filter(|(owner, _)| owner.is_none());
    let lost: u32 = lost.map(|(_, bit)| bit).sum();
    Ok(cpio::Stat {
        inode: file.inode as u32,
        mode: file.mode & !lost,
        uid: user.unwrap_or(0),
        gid: group.unwrap_or(0),
        links: payload.names_of(member.index) as u32,
        mtime: u32::try_from(file.mtime).unwrap_or(u32::MAX),
        size: size.ok_or_else(|| ReadError::Contents(too_large.to_owned()))?,
        special: device(file),
        ..cpio::Stat::default()
    })
}

/// Writes the files as a tar archive. Of a file with several names, the first one has the content and
/// the others are links to it.
pub fn write_tar(package: PackageFile<impl Read>, out: &mut dyn Write) -> Result<(), ReadError> {
    let mut payload = package.into_payload()?;
    let mut archive = tar::Writer::new(out);
    // By inode, names whose content comes with another name, further on.
    let mut waiting: HashMap<u64, Vec<usize>> = HashMap::new();
    while let Some(member) = payload.next_member()? {
        let inode = payload.files()[member.index].inode;
        if payload.comes_later(member.index) {
            waiting.entry(inode).or_default().push(member.index);
            continue;
        }
        let is_linked = payload.names_of(member.index) > 1;
        let earlier = is_linked.then(|| waiting.remove(&inode)).flatten();
        let mut names = earlier.unwrap_or_default();
        names.push(member.index);
        let file = payload.files()[names[0]].clone();
        let name = name_of(&file);
        start(&mut archive, &file, &name, kind(&file, member.size)?)?;
        if file.is_regular() {
            copy(&mut payload.by_ref().take(member.size), &mut archive)?;
        }
        let target = name.as_bytes();
        for link in names[1..].iter().map(|it| &payload.files()[*it]) {
            let kind = tar::Kind::HardLink { target };
            start(&mut archive, link, &name_of(link), kind)?;
        }
    }
    archive.finish().map(drop).map_err(ReadError::Write)
}

fn start(
    archive: &mut tar::Writer<impl Write>,
    file: &StoredFile,
    name: &str,
    kind: tar::Kind<'_>,
) -> Result<(), ReadError> {
    let entry = tar::Entry {
        name: name.as_bytes(),
        kind,
        mode: file.mode & 0o7777,
        uid: 0,
        gid: 0,
        user: owner(&file.user),
        group: owner(&file.group),
        mtime: file.mtime,
    };
    archive.start(&entry).map_err(ReadError::Write)
}

fn kind(file: &StoredFile, size: u64) -> Result<tar::Kind<'_>, ReadError> {
    let (major, minor) = device(file);
    Ok(match file.mode & 0o170_000 {
        0o100_000 => tar::Kind::Regular { size },
        0o120_000 => tar::Kind::Symlink {
            target: file.target.as_bytes(),
        },
        0o040_000 => tar::Kind::Directory,
        0o020_000 => tar::Kind::CharDevice { major, minor },
        0o060_000 => tar::Kind::BlockDevice { major, minor },
        0o010_000 => tar::Kind::Fifo,
        _ => {
            let what = format!("`{}` is of a kind that tar archives do not have", file.path);
            return Err(ReadError::Contents(what));
        }
    })
}

fn device(file: &StoredFile) -> (u32, u32) {
    (
        (file.device >> 8 & 0xff) as u32,
        (file.device & 0xff) as u32,
    )
}

/// As much of an owner's name as fits; nothing of one that is no name.
fn owner(name: &str) -> &str {
    let end = name.floor_char_boundary(OWNER_LIMIT);
    if name.contains('\0') {
        ""
    } else {
        &name[..end]
    }
}

/// The path with a dot before it, and a slash after that of a directory.
fn name_of(file: &StoredFile) -> String {
    let before = if file.path.starts_with('/') {
        "."
    } else {
        "./"
    };
    let is_directory = file.mode & 0o170_000 == 0o040_000;
    let after = if is_directory { "/" } else { "" };
    format!("{before}{}{after}", file.path)
}

/// `io::copy` that tells what cannot be read from what cannot be written.
pub(crate) fn copy(
    input: &mut impl Read,
    out: &mut (impl Write + ?Sized),
) -> Result<(), ReadError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ReadError::Read(error)),
        };
        let written = out.write_all(&buffer[..count]);
        written.map_err(|it| ReadError::Write(archive::Error::Write(it)))?;
    }
}
