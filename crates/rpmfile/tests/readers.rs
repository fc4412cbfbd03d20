//! Independent readers understand what we write: the `rpm` crate always, the real rpm where it is
//! installed. And the bytes are the same every time.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::num::NonZeroU32;
use std::path::Path;
use std::{fs, io};

use archive::cpio::Member;

use common::{PAYLOADS, demo, of_format, parts, run};
use package::{Content, FileKind, Output, Package, RpmFormat};
use source::Sink;
use specbuild_rpmfile::{Options, RpmWriter, tags, write};
use testkit::Need;

testkit::trials! {
    [Need::Program("rpm")] => the_real_rpm_accepts_every_compression, the_real_rpm_accepts_format_6;
    // rpm changes its root directory to install.
    [Need::Program("rpm"), Need::Root] => the_real_rpm_installs_a_package;
    [] =>
        the_rpm_crate_reads_a_package,
        the_bytes_are_the_same_for_any_number_of_threads,
        a_file_that_changed_is_named,
        unknown_payload_flags_are_an_error_and_none_mean_gzip,
        relations_of_other_formats_are_left_out_with_a_warning,
        file_names_are_those_of_rpm;
}

fn options(payload: &str) -> Options {
    Options {
        binary_payload: payload.into(),
        ..Options::default()
    }
}

fn bytes(package: &Package, options: &Options) -> Vec<u8> {
    common::written(package, options).0
}

/// What writing the package fails with.
fn fault(package: &Package, options: &Options) -> String {
    let mut file = io::Cursor::new(Vec::new());
    let out = &mut Output::new(&mut file);
    let result = write(package, options, out, &mut Sink::new());
    result.unwrap_err().to_string()
}

fn the_rpm_crate_reads_a_package() {
    let file = bytes(&demo::binary(None), &options("w3.zstdio"));
    let package = rpm::Package::parse(&mut io::Cursor::new(&file)).unwrap();
    package.verify_digests().unwrap();
    let metadata = &package.metadata;
    assert_eq!(metadata.get_name().unwrap(), "demo");
    assert_eq!(metadata.get_epoch().unwrap(), 2);
    let paths = metadata.get_file_paths().unwrap();
    assert_eq!(paths.len(), 13);
    assert_eq!(paths[7], Path::new("/usr/bin/zz/demo3"));
    let requires = metadata.get_requires().unwrap();
    assert!(
        requires
            .iter()
            .any(|it| it.name == "bash" && it.version == "4")
    );
}

fn the_real_rpm_accepts_every_compression() {
    let directory = tempfile::tempdir().unwrap();
    let package = demo::binary(None);
    for payload in PAYLOADS {
        let file = bytes(&package, &options(payload));
        fs::write(directory.path().join("demo.rpm"), file).unwrap();
        let check = ["rpm", "-K", "--nosignature", "demo.rpm"];
        let check = run(directory.path(), &check);
        assert_eq!(check, "demo.rpm: digests OK\n", "{payload}");
        let listing = run(directory.path(), &["rpm", "-qpl", "demo.rpm"]);
        assert_eq!(listing.lines().count(), 13);
        run(
            directory.path(),
            &["sh", "-c", "rpm2cpio demo.rpm > demo.cpio"],
        );
        let archive = fs::read(directory.path().join("demo.cpio")).unwrap();
        let contents = unpack(&archive);
        assert_eq!(contents.len(), 12, "the ghost is not in it");
        assert_eq!(
            contents["./usr/bin/demo"], "",
            "the last link has the content"
        );
        assert_eq!(
            contents["./usr/bin/zz/demo3"], "#!/bin/sh\necho hi\n",
            "{payload}"
        );
    }
}

fn the_real_rpm_accepts_format_6() {
    let directory = tempfile::tempdir().unwrap();
    let package = of_format(demo::binary(None), RpmFormat::V6);
    for payload in PAYLOADS {
        let file = bytes(&package, &options(payload));
        fs::write(directory.path().join("demo.rpm"), file).unwrap();
        let check = ["rpm", "-K", "--nosignature", "demo.rpm"];
        let check = run(directory.path(), &check);
        assert_eq!(check, "demo.rpm: digests OK\n", "{payload}");
        let listing = run(directory.path(), &["rpm", "-qpl", "demo.rpm"]);
        assert_eq!(listing.lines().count(), 13);
    }
}

/// Name and content of each member of an archive.
fn unpack(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut reader = archive::cpio::Reader::new(bytes);
    let mut contents = BTreeMap::new();
    while let Some(Member::Named { name, .. }) = reader.next_member().unwrap() {
        let mut content = String::new();
        reader.read_to_string(&mut content).unwrap();
        contents.insert(String::from_utf8(name).unwrap(), content);
    }
    contents
}

fn the_real_rpm_installs_a_package() {
    for format in [RpmFormat::V4, RpmFormat::V6] {
        check_installing(of_format(demo::binary(None), format));
    }
}

fn check_installing(mut package: Package) {
    let directory = tempfile::tempdir().unwrap();
    // What needs a whole system is left out, and the pipe, on whose other end rpm 4.18 waits.
    package.scriptlets.clear();
    package.triggers.clear();
    let entries = package.files.entries().iter().filter(|it| {
        it.caps.is_none() && it.size() > 0 && !it.flags.ghost || it.kind == FileKind::Directory
    });
    package.files = package::FileList::new(entries.cloned().collect());
    let file = bytes(&package, &options("w3.zstdio"));
    fs::write(directory.path().join("demo.rpm"), file).unwrap();
    let root = directory.path().join("root");
    let root = root.to_str().unwrap();
    let install = [
        "rpm",
        "--root",
        root,
        "-i",
        "--nodeps",
        "--nosignature",
        "demo.rpm",
    ];
    run(directory.path(), &["rpm", "--root", root, "--initdb"]);
    run(directory.path(), &install);
    let verify = ["rpm", "--root", root, "-V", "--nodeps", "demo"];
    assert_eq!(run(directory.path(), &verify), "");
}

fn the_bytes_are_the_same_for_any_number_of_threads() {
    let directory = tempfile::tempdir().unwrap();
    let mut package = demo::binary(None);
    enlarge(&mut package, directory.path());
    for payload in ["w1.zstdio", "w0.xzdio"] {
        let with = |threads| {
            let mut file = io::Cursor::new(Vec::new());
            let mut out = Output::new(&mut file);
            out.threads = NonZeroU32::new(threads);
            write(&package, &options(payload), &mut out, &mut Sink::new()).unwrap();
            file.into_inner()
        };
        let one = with(1);
        assert!(one == with(1), "{payload}: second run");
        assert!(one == with(4), "{payload}: four threads");
        assert!(one == with(0), "{payload}: as many threads as cores");
    }
}

/// Gives one file eight megabytes of content, so that compressors have several jobs to do.
fn enlarge(package: &mut Package, directory: &Path) {
    let path = directory.join("large");
    let lines: String = (0..1_000_000).map(|it| format!("{it:07}\n")).collect();
    fs::write(&path, &lines).unwrap();
    package.files.update(|entry| {
        if entry.path.ends_with("/empty") {
            let content = Content::OnDisk(path.clone());
            entry.kind = FileKind::Regular {
                content,
                size: lines.len() as u64,
            };
        }
    });
}

fn a_file_that_changed_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let mut package = demo::binary(None);
    enlarge(&mut package, directory.path());
    fs::write(directory.path().join("large"), "short").unwrap();
    let error = fault(&package, &options("w.ufdio"));
    let expected = "large changed while it was being packaged";
    assert!(error.contains(expected), "{error}");
}

fn unknown_payload_flags_are_an_error_and_none_mean_gzip() {
    let package = demo::binary(None);
    let error = fault(&package, &options("w9.foodio"));
    assert!(error.starts_with("Unknown payload compression: w9.foodio"));
    let file = parts(&bytes(&package, &options("")));
    assert_eq!(file.header[&tags::PAYLOAD_COMPRESSOR.number], "gzip".into());
}

fn relations_of_other_formats_are_left_out_with_a_warning() {
    let mut package = demo::binary(None);
    package.relate(
        package::RelationKind::Breaks,
        package::Dependency::on("other"),
    );
    let mut file = io::Cursor::new(Vec::new());
    let mut sink = Sink::new();
    let out = &mut Output::new(&mut file);
    write(&package, &options("w.ufdio"), out, &mut sink).unwrap();
    let messages: Vec<&str> = sink.found().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        ["`Breaks: other` is left out: .rpm packages have no such tag"]
    );
}

fn file_names_are_those_of_rpm() {
    use package::PackageWriter as _;
    let writer = RpmWriter {
        options: Options::default(),
    };
    assert_eq!(
        writer.file_name(&demo::binary(None)),
        "demo-1.0~rc1-3.noarch.rpm"
    );
}
