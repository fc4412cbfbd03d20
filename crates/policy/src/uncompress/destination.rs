//! The directory an archive is unpacked into, and all that a member may not do to the world outside.
//!
//! Names with `..` are refused and a leading `/` is dropped. A symbolic link that could lead out (an
//! absolute one, or one with `..`) is made only at the very end, so that no member is ever written
//! through it; and the real path of each parent is checked to lie within. Modes are GNU tar's: the
//! superuser gets those of the archive, anybody else only what the umask leaves, without set-id
//! bits. Owners are never restored (`tar -o`), device nodes never made.
//!
//! Source: GNU tar manual, "Changing How tar Writes Files" and "Security".

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use limits::Allowance;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_OMIT};

use super::allowance::MEMBER;
use super::sparse::SparseMap;
use crate::error::{Doing, Error};

/// Why a member was not unpacked.
#[derive(Debug)]
pub(super) enum Problem {
    /// This member could not be written; the next may.
    Member(String),
    /// The archive could not be read on.
    Archive(io::Error),
    /// The archive holds more than may be unpacked.
    TooMuch,
}

impl From<&str> for Problem {
    fn from(message: &str) -> Self {
        Self::Member(message.to_owned())
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Archive(error)
    }
}

/// Makes a member's problem of an error in writing it.
fn write_fault(error: impl Into<io::Error>) -> Problem {
    Problem::Member(error.into().to_string())
}

/// What an archive says of a member besides its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributes {
    /// Permission bits, octal; other bits are ignored.
    pub(super) mode: u32,
    /// Time of last change, in seconds since 1970 UTC.
    pub(super) seconds: i64,
    /// Fraction of that second.
    pub(super) nanoseconds: u32,
}

impl Attributes {
    fn timestamps(self) -> Timestamps {
        let changed = Timespec {
            tv_sec: self.seconds,
            tv_nsec: i64::from(self.nanoseconds),
        };
        Timestamps {
            last_access: Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_OMIT,
            },
            last_modification: changed,
        }
    }
}

/// Where an archive is unpacked, and what is still to be done when all members are read.
pub(super) struct Destination {
    /// The directory, without symbolic links.
    root: PathBuf,
    /// Bits that files and directories get from the archive.
    mode_mask: u32,
    /// Real paths of parents seen so far.
    parents: HashMap<PathBuf, PathBuf>,
    /// Directories, whose attributes are set last since unpacking into them changes their time.
    directories: BTreeMap<PathBuf, Attributes>,
    /// Symbolic links that could lead outside.
    risky_links: BTreeMap<PathBuf, (PathBuf, Attributes)>,
    /// Hard links to those.
    links_to_risky: Vec<(PathBuf, PathBuf)>,
    /// How much may still be written.
    allowance: Allowance,
    outcome: Outcome,
}

/// What became of an archive.
#[derive(Default)]
pub(super) struct Outcome {
    /// The names of what was unpacked, in the archive's order.
    pub(super) members: Vec<PathBuf>,
    /// What could not be, and why: `NAME: reason`.
    pub(super) problems: Vec<String>,
}

impl Destination {
    /// A destination in `directory`, which must exist.
    pub(super) fn new(directory: &Path, allowance: Allowance) -> Result<Self, Error> {
        let mode_mask = match rustix::process::geteuid().is_root() {
            true => 0o7777,
            false => 0o777 & !umask(),
        };
        Ok(Self {
            root: directory.canonicalize().doing("find", directory)?,
            mode_mask,
            parents: HashMap::new(),
            directories: BTreeMap::new(),
            risky_links: BTreeMap::new(),
            links_to_risky: Vec::new(),
            allowance,
            outcome: Outcome::default(),
        })
    }

    /// Notes that `member` was not unpacked.
    pub(super) fn problem(&mut self, member: &Path, message: impl std::fmt::Display) {
        self.outcome
            .problems
            .push(format!("{}: {message}", member.display()));
    }

    /// Makes a directory, or gives one that exists the member's attributes.
    pub(super) fn directory(&mut self, name: &Path, attributes: Attributes) -> Result<(), Problem> {
        let Some(path) = self.place(name)? else {
            return Ok(());
        };
        let exists = path
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_dir());
        if !exists {
            self.clear(&path)?;
            std::fs::create_dir(&path).map_err(write_fault)?;
        }
        // Writable until the end, whatever the archive says.
        std::fs::set_permissions(&path, Permissions::from_mode(0o700)).map_err(write_fault)?;
        self.directories.insert(path, attributes);
        self.done(name)
    }

    /// Writes a regular file of `size` bytes from `content`.
    pub(super) fn file(
        &mut self,
        name: &Path,
        attributes: Attributes,
        size: u64,
        content: &mut impl Read,
    ) -> Result<(), Problem> {
        self.allowance.take(size)?;
        let (path, mut file) = self.create(name)?;
        copy(content, &mut file, size)?;
        self.complete(name, &path, &file, attributes)
    }

    /// Writes a regular file with holes.
    pub(super) fn sparse_file(
        &mut self,
        name: &Path,
        attributes: Attributes,
        map: &SparseMap,
        content: &mut impl Read,
    ) -> Result<(), Problem> {
        let (path, mut file) = self.create(name)?;
        for (offset, length) in &map.parts {
            self.allowance.take(*length)?;
            file.seek(SeekFrom::Start(*offset)).map_err(write_fault)?;
            copy(content, &mut file, *length)?;
        }
        file.set_len(map.size).map_err(write_fault)?;
        self.complete(name, &path, &file, attributes)
    }

    /// Makes a symbolic link; at the end, if it could lead outside.
    pub(super) fn symlink(
        &mut self,
        name: &Path,
        target: &Path,
        attributes: Attributes,
    ) -> Result<(), Problem> {
        let Some(path) = self.place(name)? else {
            return Ok(());
        };
        self.clear(&path)?;
        let upward = target.components().any(|part| part == Component::ParentDir);
        if upward || target.is_absolute() {
            self.risky_links
                .insert(path, (target.to_owned(), attributes));
        } else {
            make_symlink(&path, target, attributes)?;
        }
        self.done(name)
    }

    /// Gives the member `target` a second name.
    pub(super) fn hard_link(&mut self, name: &Path, target: &Path) -> Result<(), Problem> {
        let Some(target) = self.place(target)? else {
            return Err("a link to nothing".into());
        };
        let Some(path) = self.place(name)? else {
            return Ok(());
        };
        if path == target {
            return Ok(());
        }
        self.clear(&path)?;
        if self.risky_links.contains_key(&target) {
            self.links_to_risky.push((target, path));
        } else {
            std::fs::hard_link(&target, &path).map_err(write_fault)?;
        }
        self.done(name)
    }

    /// Makes a named pipe.
    pub(super) fn fifo(&mut self, name: &Path, attributes: Attributes) -> Result<(), Problem> {
        let Some(path) = self.place(name)? else {
            return Ok(());
        };
        self.clear(&path)?;
        let mode = rustix::fs::Mode::from_raw_mode(attributes.mode & self.mode_mask);
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(CWD, &path, kind, mode, 0).map_err(write_fault)?;
        set_times(&path, attributes)?;
        self.done(name)
    }

    /// When the member's file was last changed, if it is there already (seconds since 1970).
    pub(super) fn existing_time(&mut self, name: &Path) -> Option<i64> {
        use std::os::unix::fs::MetadataExt;
        let path = self.place(name).ok()??;
        path.symlink_metadata()
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map(|it| it.mtime())
    }

    /// Makes the links that had to wait, then sets the attributes of directories.
    pub(super) fn finish(mut self) -> Outcome {
        for (path, (target, attributes)) in std::mem::take(&mut self.risky_links) {
            self.note(&path, |path| make_symlink(path, &target, attributes));
        }
        for (target, path) in std::mem::take(&mut self.links_to_risky) {
            self.note(&path, |path| {
                std::fs::hard_link(&target, path).map_err(write_fault)
            });
        }
        let mask = self.mode_mask;
        for (path, attributes) in std::mem::take(&mut self.directories).into_iter().rev() {
            // Replaced since by something else: then its attributes are not ours to set.
            if path.canonicalize().is_ok_and(|real| real == path) && path.is_dir() {
                self.note(&path, |path| {
                    set_times(path, attributes)?;
                    let mode = Permissions::from_mode(attributes.mode & mask);
                    std::fs::set_permissions(path, mode).map_err(write_fault)
                });
            }
        }
        self.outcome
    }

    /// Does something at the end, if the path still lies in the directory it was placed in.
    fn note(&mut self, path: &Path, act: impl FnOnce(&Path) -> Result<(), Problem>) {
        let parent = path.parent().unwrap_or(&self.root);
        let unmoved = parent.canonicalize().is_ok_and(|real| real == parent);
        let result = if unmoved {
            act(path)
        } else {
            Err("its directory was replaced".into())
        };
        match result {
            Ok(()) => {}
            Err(Problem::Member(message)) => {
                let name = path.strip_prefix(&self.root).unwrap_or(path).to_owned();
                self.problem(&name, message);
            }
            Err(Problem::Archive(error)) => self.problem(path, error),
            Err(Problem::TooMuch) => self.problem(path, "it holds too much"),
        }
    }

    fn done(&mut self, name: &Path) -> Result<(), Problem> {
        self.outcome.members.push(name.to_owned());
        Ok(())
    }

    /// Where a member goes: a real directory within the root, made if missing, and the last part of
    /// its name. `None` for the root itself.
    fn place(&mut self, name: &Path) -> Result<Option<PathBuf>, Problem> {
        let mut inside = PathBuf::new();
        for part in name.components() {
            match part {
                Component::Normal(part) => inside.push(part),
                Component::ParentDir => return Err("its name contains `..`".into()),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        let Some(last) = inside.file_name() else {
            return Ok(None);
        };
        self.allowance.take(MEMBER)?;
        let parent = self.parent(inside.parent().unwrap_or(Path::new("")))?;
        Ok(Some(parent.join(last)))
    }

    /// The real path of a member's parent, made if missing. Each part is looked at before anything is
    /// made below it, so that nothing is made outside either.
    fn parent(&mut self, inside: &Path) -> Result<PathBuf, Problem> {
        let Some(last) = inside.file_name() else {
            return Ok(self.root.clone());
        };
        if let Some(known) = self.parents.get(inside) {
            return Ok(known.clone());
        }
        let path = self
            .parent(inside.parent().unwrap_or(Path::new("")))?
            .join(last);
        let real = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => path,
            Ok(metadata) if metadata.is_symlink() => path.canonicalize().map_err(write_fault)?,
            Ok(_) => return Err("a part of its name is no directory".into()),
            Err(_) if self.risky_links.contains_key(&path) => {
                return Err("a link that could lead outside is part of its name".into());
            }
            Err(_) => {
                self.allowance.take(MEMBER)?;
                std::fs::create_dir(&path).map_err(write_fault)?;
                path
            }
        };
        if !real.starts_with(&self.root) {
            return Err("its directory lies outside of where it is unpacked".into());
        }
        self.parents.insert(inside.to_owned(), real.clone());
        Ok(real)
    }

    /// Removes what is in a member's way. A directory that holds something stays, and is an error.
    fn clear(&mut self, path: &Path) -> Result<(), Problem> {
        self.risky_links.remove(path);
        let Ok(metadata) = path.symlink_metadata() else {
            return Ok(());
        };
        // Whatever led through the old entry leads elsewhere now.
        self.parents.clear();
        match metadata.is_dir() {
            true => std::fs::remove_dir(path).map_err(write_fault),
            false => std::fs::remove_file(path).map_err(write_fault),
        }
    }

    /// Opens a new file for a member.
    fn create(&mut self, name: &Path) -> Result<(PathBuf, File), Problem> {
        let path = self.place(name)?.ok_or("it has no name")?;
        self.clear(&path)?;
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path);
        Ok((path, file.map_err(write_fault)?))
    }

    /// Sets a written file's attributes.
    fn complete(
        &mut self,
        name: &Path,
        path: &Path,
        file: &File,
        attributes: Attributes,
    ) -> Result<(), Problem> {
        let mode = Permissions::from_mode(attributes.mode & self.mode_mask);
        file.set_permissions(mode).map_err(write_fault)?;
        set_times(path, attributes)?;
        self.done(name)
    }
}

/// Copies exactly `size` bytes; fewer mean that the archive is cut off.
fn copy(from: &mut impl Read, to: &mut File, size: u64) -> Result<(), Problem> {
    let mut buffer = vec![
        0;
        usize::try_from(size)
            .unwrap_or(usize::MAX)
            .clamp(1, 1 << 17)
    ];
    let mut left = size;
    while left > 0 {
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let count = from.read(buffer.get_mut(..most).unwrap_or_default())?;
        if count == 0 {
            return Err(Problem::Archive(io::ErrorKind::UnexpectedEof.into()));
        }
        to.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(write_fault)?;
        left -= count as u64;
    }
    Ok(())
}

fn make_symlink(path: &Path, target: &Path, attributes: Attributes) -> Result<(), Problem> {
    std::os::unix::fs::symlink(target, path).map_err(write_fault)?;
    set_times(path, attributes)
}

/// Sets the time of last change, of a link itself and not of what it leads to.
fn set_times(path: &Path, attributes: Attributes) -> Result<(), Problem> {
    let times = attributes.timestamps();
    rustix::fs::utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).map_err(write_fault)
}

/// The umask of this process. Asking the system would mean to set it, for all threads; Linux also
/// tells it in `/proc` (proc_pid_status(5)). Without that, the usual one.
fn umask() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    value
        .and_then(|value| u32::from_str_radix(value.trim(), 8).ok())
        .unwrap_or(0o022)
}
