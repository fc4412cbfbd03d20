//! Directories that are made in the build root.
//!
//! Scripts of a build run with umask 022, this process with the umask of whoever called it: no mode in
//! a package may follow from the latter.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// Mode of a directory that nothing gives another one.
const MODE: u32 = 0o755;

/// Makes a directory and those above it that are missing, each with mode 0755 whatever the umask. Those
/// that are there stay as they are.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|it| !it.is_dir()).collect();
    for directory in missing.into_iter().rev() {
        // Nobody else may write there meanwhile.
        match DirBuilder::new().mode(0o700).create(directory) {
            Ok(()) => fs::set_permissions(directory, Permissions::from_mode(MODE))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists && directory.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    // `builds` runs this with several umasks: they belong to whole processes.
    #[test]
    fn only_what_is_made_gets_a_mode() {
        let disk = testkit::Tree::new().file("there/file", "");
        let there = Permissions::from_mode(0o710);
        fs::set_permissions(disk.join("there"), there).unwrap();
        let mode =
            |path: &str| fs::metadata(disk.join(path)).unwrap().permissions().mode() & 0o7777;
        make(&disk.join("there/made/below")).unwrap();
        assert_eq!([mode("there/made"), mode("there/made/below")], [0o755; 2]);
        assert_eq!(mode("there"), 0o710);
        assert!(make(&disk.join("there/file/below")).is_err());
    }
}
