//! Small zip archives, made here.

use std::io::Write;
use std::os::unix::fs::MetadataExt;

use zip::write::SimpleFileOptions;

use crate::call::testing::Bench;

/// A bench whose current directory is the build root, with an archive `a.zip` beside it.
fn bench() -> (Bench, String) {
    let mut bench = Bench::new();
    let path = bench.directory.path().join("a.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let time = zip::DateTime::from_date_and_time(2001, 9, 9, 1, 46, 40).unwrap();
    let options = SimpleFileOptions::default().last_modified_time(time);
    archive.add_directory("p-1/", options).unwrap();
    archive
        .start_file("p-1/run", options.unix_permissions(0o4755))
        .unwrap();
    archive.write_all(b"#!/bin/sh\n").unwrap();
    archive.add_symlink("p-1/link", "run", options).unwrap();
    archive.start_file("../above", options).unwrap();
    archive.finish().unwrap();
    bench.environment.directory = bench.root();
    (bench, path.to_str().unwrap().to_owned())
}

#[test]
fn members_come_back_and_bad_names_do_not() {
    let (mut bench, path) = bench();
    assert_eq!(bench.run("uncompress", &["-x", &path]), 1);
    assert!(
        bench.err.ends_with("../above: its name contains `..`\n"),
        "{}",
        bench.err
    );
    assert_eq!(bench.listing(), ["/p-1/link", "/p-1/run"]);
    let metadata = bench.at("p-1/run").metadata().unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o755);
    assert_eq!(metadata.mtime(), 1_000_000_000);
    assert!(bench.at("p-1/link").is_symlink());
}

#[test]
fn links_of_zip_archives_lead_nothing_out() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().to_str().unwrap();
    let mut bench = Bench::new();
    let path = bench.directory.path().join("a.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default();
    archive.add_symlink("way", target, options).unwrap();
    for name in ["way/in", "..\\in", "/way/in"] {
        archive.start_file(name, options).unwrap();
    }
    archive.start_file("big", options).unwrap();
    archive.write_all(&[0; 100_000]).unwrap();
    archive.start_file("after", options).unwrap();
    archive.finish().unwrap();
    bench.environment.directory = bench.root();
    let path = path.to_str().unwrap();
    let status = bench.run("uncompress", &["-x", "--limit", "90000", path]);
    assert_eq!(status, 1);
    assert!(bench.err.contains("unpacks to more"), "{}", bench.err);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    assert!(!bench.directory.path().join("in").exists());
    assert!(!bench.at("after").exists());
}

#[test]
fn newer_files_are_kept() {
    let (mut bench, path) = bench();
    bench.file("p-1/run", "newer");
    bench.run("uncompress", &["-x", &path]);
    assert_eq!(
        std::fs::read_to_string(bench.at("p-1/run")).unwrap(),
        "newer"
    );
}

#[test]
fn several_tops_are_kept_with_a_path() {
    let (mut bench, path) = bench();
    bench.run("uncompress", &["-x", "-C", "d", &path]);
    assert_eq!(bench.listing(), ["/d/p-1/link", "/d/p-1/run"]);
}
