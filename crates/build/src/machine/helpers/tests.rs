//! Which directories helper programs are unpacked into, and which are refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

/// A place below a directory that has `name` in it.
fn place(base: &Path, name: &str) -> Option<PathBuf> {
    private_place(base, &Path::new(name).join("v"), &is_complete)
}

fn dir(path: &Path, mode: u32) -> PathBuf {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    path.to_owned()
}

#[test]
fn directories_that_others_may_write_to_are_refused() {
    let base = tempfile::tempdir().unwrap();
    let root = base.path().canonicalize().unwrap();
    let wanted = root.join("cache/v");
    assert_eq!(place(&root, "cache"), Some(wanted.clone()), "nothing there");
    let cache = dir(&root.join("cache"), 0o700);
    assert_eq!(place(&root, "cache"), Some(wanted.clone()), "half there");
    dir(&cache.join("v"), 0o755);
    assert_eq!(place(&root, "cache"), Some(wanted), "all there");
    for (path, mode) in [
        ("cache/v", 0o777),
        ("cache/v", 0o1777),
        ("cache", 0o777),
        ("cache", 0o770),
    ] {
        let path = root.join(path);
        let before = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert_eq!(place(&root, "cache"), None, "{mode:o} {}", path.display());
        fs::set_permissions(&path, before).unwrap();
    }
    let owned = |uid| std::os::unix::fs::chown(cache.join("v"), Some(uid), None);
    if owned(65534).is_ok() {
        assert_eq!(place(&root, "cache"), None, "of another user");
    }
}

#[test]
fn links_are_resolved_before_they_are_trusted() {
    let base = tempfile::tempdir().unwrap();
    let root = base.path().canonicalize().unwrap();
    let open = dir(&root.join("open"), 0o777);
    dir(&open.join("inner"), 0o700);
    symlink("open/inner", root.join("link")).unwrap();
    assert_eq!(place(&root, "link"), None);
    symlink("nowhere", root.join("dangling")).unwrap();
    assert_eq!(place(&root, "dangling"), None);
    dir(&root.join("own"), 0o700);
    symlink("own", root.join("good")).unwrap();
    assert_eq!(place(&root, "good"), Some(root.join("own/v")));
    assert_eq!(
        place(&root.join("missing"), "cache"),
        None,
        "a home is not made"
    );
}

#[test]
fn programs_are_written_when_they_are_named() {
    let base = tempfile::tempdir().unwrap();
    let root = base.path().canonicalize().unwrap();
    let helpers = Helpers::new(root.join("a/b"), Kind::Cache);
    helpers.prepare_for("echo nothing of ours").unwrap();
    assert!(!root.join("a").exists());
    helpers
        .prepare_for(&format!("{}/helpers/x", helpers.dir().display()))
        .unwrap();
    assert!(is_complete(helpers.dir()));
    assert_eq!(mode(&root.join("a")), 0o700);
    let (name, text) = target::helper_files()[0];
    let program = root.join("a/b/helpers").join(name);
    assert_eq!(mode(&program), 0o755);
    // A program that others could have changed is written anew, and so is a link.
    fs::set_permissions(&program, Permissions::from_mode(0o777)).unwrap();
    Helpers::new(root.join("a/b"), Kind::Cache)
        .prepare()
        .unwrap();
    assert_eq!(mode(&program), 0o755);
    fs::rename(&program, root.join("elsewhere")).unwrap();
    symlink(root.join("elsewhere"), &program).unwrap();
    Helpers::new(root.join("a/b"), Kind::Cache)
        .prepare()
        .unwrap();
    assert!(is_there(&program, text));
    // Not into a directory that somebody else made in the meantime.
    fs::set_permissions(root.join("a/b"), Permissions::from_mode(0o777)).unwrap();
    assert!(
        Helpers::new(root.join("a/b"), Kind::Cache)
            .prepare()
            .is_err()
    );
}

#[test]
fn a_fresh_directory_goes_with_the_run() {
    let base = tempfile::tempdir().unwrap();
    let fresh = base.path().join(unguessable_name());
    let helpers = Helpers::new(fresh.clone(), Kind::Fresh);
    let other = helpers.clone();
    drop(helpers);
    other.prepare().unwrap();
    assert!(is_complete(&fresh));
    let again = Helpers::new(fresh.clone(), Kind::Fresh);
    assert!(again.prepare().is_err(), "what is there is not taken");
    drop((again, other));
    assert!(!fresh.exists());
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}
