//! Real archivers read what this crate writes.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use specbuild_archive as archive;

use archive::tar::{Entry, Kind};
use archive::{ArWriter, cpio, tar};
use testkit::Need;

testkit::trials! {
    [Need::Program("tar")] => gnu_tar_lists_a_tar_archive;
    [Need::Program("cpio")] => gnu_cpio_lists_a_cpio_archive;
    [Need::Program("ar")] => ar_prints_a_member;
}

/// Runs `program` with `input` and returns what it prints.
fn run(program: &str, args: &[&str], directory: &Path, input: &[u8]) -> String {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(directory)
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {args:?} failed");
    String::from_utf8(output.stdout).unwrap()
}

fn tar_sample() -> Vec<u8> {
    let long = format!("./{}/file", "directory/".repeat(12));
    let target = "t".repeat(150);
    let entry = |name, kind| {
        let (user, group) = ("root", "root");
        Entry {
            name,
            kind,
            mode: 0o644,
            uid: 3_000_000,
            gid: 0,
            user,
            group,
            mtime: 1_700_000_000,
        }
    };
    let entries = [
        entry(b"./usr/", Kind::Directory),
        entry(b"./usr/a", Kind::Regular { size: 3 }),
        entry(b"./usr/b", Kind::HardLink { target: b"./usr/a" }),
        entry(
            b"./usr/c",
            Kind::Symlink {
                target: target.as_bytes(),
            },
        ),
        entry(long.as_bytes(), Kind::Regular { size: 0 }),
        entry(b"./dev", Kind::CharDevice { major: 1, minor: 3 }),
        entry(b"./pipe", Kind::Fifo),
    ];
    let mut writer = tar::Writer::new(Vec::new());
    for entry in &entries {
        writer.start(entry).unwrap();
        if entry.kind == (Kind::Regular { size: 3 }) {
            writer.write_all(b"abc").unwrap();
        }
    }
    writer.finish().unwrap()
}

fn gnu_tar_lists_a_tar_archive() {
    let directory = tempfile::tempdir().unwrap();
    let listing = run("tar", &["-tvf", "-"], directory.path(), &tar_sample());
    let columns = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let listing: Vec<String> = listing.lines().map(columns).collect();
    let time = "2023-11-14 22:13";
    let expected = [
        format!("drw-r--r-- root/root 0 {time} ./usr/"),
        format!("-rw-r--r-- root/root 3 {time} ./usr/a"),
        format!("hrw-r--r-- root/root 0 {time} ./usr/b link to ./usr/a"),
        format!(
            "lrw-r--r-- root/root 0 {time} ./usr/c -> {}",
            "t".repeat(150)
        ),
        format!(
            "-rw-r--r-- root/root 0 {time} ./{}/file",
            "directory/".repeat(12)
        ),
        format!("crw-r--r-- root/root 1,3 {time} ./dev"),
        format!("prw-r--r-- root/root 0 {time} ./pipe"),
    ];
    assert_eq!(listing, expected);
}

fn gnu_cpio_lists_a_cpio_archive() {
    let mut writer = cpio::Writer::new(Vec::new());
    let stat = cpio::Stat {
        inode: 1,
        mode: 0o100_644,
        links: 1,
        size: 3,
        ..Default::default()
    };
    writer.start(b"./a", &stat).unwrap();
    writer.write_all(b"abc").unwrap();
    writer
        .start(
            b"./dir",
            &cpio::Stat {
                inode: 2,
                mode: 0o040_755,
                ..Default::default()
            },
        )
        .unwrap();
    let (bytes, _) = writer.finish().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let listing = run("cpio", &["-t", "--quiet"], directory.path(), &bytes);
    assert_eq!(listing, "./a\n./dir\n");
}

fn ar_prints_a_member() {
    let mut writer = ArWriter::new(Vec::new(), 0).unwrap();
    for (name, content) in [("debian-binary", "2.0\n"), ("odd", "x"), ("last", "end")] {
        writer.start(name, content.len() as u64).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("x.a"), bytes).unwrap();
    let text = run("ar", &["p", "x.a", "last"], directory.path(), b"");
    assert_eq!(text, "end");
}
