//! The files that are written: read by dpkg's own tools, the same every time, and never half right.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use archive::{Compression, Method};
use common::{Known, distribution, examples, on_disk, package, run};
use debfile::{Context, DebPackage, WriteOptions};
use package::{FileList, Output, Package, WriteError};
use source::Sink;
use specbuild_debfile as debfile;
use testkit::Need;

testkit::trials! {
    [Need::Program("dpkg-deb")] => dpkg_reads_every_compression_and_bytes_repeat;
    [] => what_dpkg_cannot_read_is_refused, a_file_that_changes_or_goes_is_an_error;
}

fn lowered(packages: &[Package]) -> DebPackage {
    let known = Known::default();
    let context = Context::new(distribution(), packages, &known);
    debfile::lower(&packages[0], &context, &mut Sink::new())
}

fn written(deb: &DebPackage, method: Method, spool: &Path) -> Result<Vec<u8>, WriteError> {
    let options = WriteOptions {
        compression: Compression::new(method),
        spool_directory: spool.into(),
    };
    let mut file = Cursor::new(Vec::new());
    let receipt = debfile::write(deb, &options, &mut Output::new(&mut file))?;
    assert_eq!(receipt.size, file.get_ref().len() as u64);
    Ok(file.into_inner())
}

fn dpkg_reads_every_compression_and_bytes_repeat() {
    let spool = tempfile::tempdir().unwrap();
    let deb = lowered(&examples::daemon());
    for method in [Method::None, Method::Gzip, Method::Xz, Method::Zstd] {
        let bytes = written(&deb, method, spool.path()).unwrap();
        let again = written(&deb, method, spool.path()).unwrap();
        assert!(bytes == again, "{method:?}: the same bytes twice");
        let path = spool.path().join("x.deb");
        fs::write(&path, &bytes).unwrap();
        let field = run(Command::new("dpkg-deb")
            .arg("--field")
            .arg(&path)
            .arg("Package"));
        assert_eq!(field, "tick-daemon\n", "{method:?}");
        let list = run(Command::new("dpkg-deb").arg("--contents").arg(&path));
        assert!(list.contains("-rwxr-sr-x root/mail"), "{method:?}: {list}");
        assert!(list.contains("2024-05-06"), "times are clamped: {list}");
    }
}

fn what_dpkg_cannot_read_is_refused() {
    let spool = tempfile::tempdir().unwrap();
    let deb = lowered(&examples::daemon());
    let refused = written(&deb, Method::Bzip2, spool.path());
    assert!(
        matches!(refused, Err(WriteError::Unsupported(_))),
        "{refused:?}"
    );
}

fn a_file_that_changes_or_goes_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "four").unwrap();
    let mut packages = vec![package("x", "1-1")];
    packages[0].files = FileList::new(vec![on_disk("/usr/bin/x", &file, 0o755)]);
    packages[0].name = "xx".into();
    let deb = lowered(&packages);
    fs::write(&file, "more than four").unwrap();
    let changed = written(&deb, Method::None, directory.path());
    assert!(
        matches!(changed, Err(WriteError::Changed { expected: 4, .. })),
        "{changed:?}"
    );
    fs::remove_file(&file).unwrap();
    let gone = written(&deb, Method::None, directory.path());
    assert!(matches!(gone, Err(WriteError::Read { .. })), "{gone:?}");
}
