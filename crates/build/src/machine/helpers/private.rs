//! Whether a directory is one user's: programs are run from it.
//!
//! What counts is who may change any part of its path: whoever may rename a directory above can put
//! another in its place. So links are resolved first, and then each directory down from the root
//! must belong to the user or to root and be writable for nobody else. A directory like `/tmp` may
//! be above, since its sticky bit keeps others from renaming what is the user's.

use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfsMountFlags};

/// Room for the programs, in bytes.
const ROOM: u64 = 1 << 20;

/// The directory `rest` below `base` with all links resolved, if nobody else may write there and it
/// is complete or can be filled. Nothing is made; `base` must be there.
pub(super) fn private_place(
    base: &Path,
    rest: &Path,
    is_complete: &dyn Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let whole = base.join(rest);
    let depth = rest.components().count();
    let mut there = whole.ancestors().take(depth + 1);
    let there = there.find(|path| path.symlink_metadata().is_ok())?;
    let real = there.canonicalize().ok()?;
    let missing = whole.strip_prefix(there).ok()?;
    let is_whole = missing.as_os_str().is_empty();
    if !is_private(&real, is_whole) {
        return None;
    }
    let place = if is_whole {
        real.clone()
    } else {
        real.join(missing)
    };
    // Room is asked for first: it takes two calls, the programs one each.
    let is_good = has_room(&real) || (is_whole && is_complete(&place));
    is_good.then_some(place)
}

/// Whether only the user and root may change what is at a path without links. The directories above
/// may be open to others if they have the sticky bit, the last one only if it `is_whole` not.
pub(super) fn is_private(path: &Path, is_whole: bool) -> bool {
    path.ancestors().enumerate().all(|(above, part)| {
        part.symlink_metadata().is_ok_and(|metadata| {
            let is_sticky = metadata.permissions().mode() & 0o1000 != 0;
            let may_be_open = is_sticky && (above > 0 || !is_whole);
            metadata.is_dir() && is_owned(&metadata) && (is_closed(&metadata) || may_be_open)
        })
    })
}

/// Whether a path is a program of the user or of root that nobody else may change.
pub(super) fn is_own_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| {
        let may_run = metadata.permissions().mode() & 0o500 == 0o500;
        metadata.is_file() && may_run && is_owned(&metadata) && is_closed(&metadata)
    })
}

fn is_owned(metadata: &Metadata) -> bool {
    [0, rustix::process::geteuid().as_raw()].contains(&metadata.uid())
}

fn is_closed(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o022 == 0
}

/// Whether files can be made in a directory, as far as one can know without making any.
fn has_room(dir: &Path) -> bool {
    let is_writable = rustix::fs::access(dir, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    is_writable
        && rustix::fs::statvfs(dir).is_ok_and(|it| {
            let is_read_only = it.f_flag.contains(StatVfsMountFlags::RDONLY);
            // Some file systems count no inodes and have 0 of 0.
            let has_inodes = it.f_files == 0 || it.f_favail > 0;
            !is_read_only && has_inodes && it.f_bavail.saturating_mul(it.f_frsize) >= ROOM
        })
}
