//! Source packages are unpacked as the real rpm does it, and hostile ones are refused.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use common::{demo, parts, run};
use package::Package;
use specbuild_rpmfile::{
    Header, InstalledSource, Options, ReadError, SourcePlaces, install_source, tags,
};
use testkit::Need;

testkit::trials! {
    [Need::Program("rpm")] => a_source_package_is_unpacked_as_by_the_real_rpm;
    [] =>
        paths_links_and_devices_are_refused,
        a_forged_package_with_an_honest_name_is_taken,
        links_in_the_way_are_replaced,
        damage_leaves_nothing_behind,
        binary_packages_are_not_unpacked;
}

/// Writes a package where its sources are.
fn written(directory: &Path, package: &Package) -> PathBuf {
    let (file, _) = common::written(package, &Options::default());
    let path = directory.join("demo.src.rpm");
    fs::write(&path, file).unwrap();
    path
}

fn source_package(directory: &Path) -> Package {
    fs::write(directory.join("demo.spec"), demo::SPEC).unwrap();
    fs::write(directory.join("fix.patch"), "a patch\n").unwrap();
    fs::write(directory.join("demo.tar"), "left out\n").unwrap();
    demo::source(directory, Some("host 1700000000"))
}

fn places(directory: &Path) -> SourcePlaces {
    SourcePlaces {
        sources: directory.join("top/SOURCES"),
        specs: directory.join("top/SPECS"),
    }
}

fn install(directory: &Path, path: &Path) -> Result<InstalledSource, ReadError> {
    install_source(path, &places(directory))
}

/// Path, mode, time and content of every file.
fn tree(directory: &Path) -> BTreeMap<String, (u32, i64, Vec<u8>)> {
    let mut tree = BTreeMap::new();
    for folder in ["SOURCES", "SPECS"] {
        for entry in fs::read_dir(directory.join(folder)).unwrap() {
            let (path, facts) = entry.map(|it| (it.path(), it.metadata().unwrap())).unwrap();
            let name = path.strip_prefix(directory).unwrap().display().to_string();
            let content = fs::read(&path).unwrap();
            tree.insert(name, (facts.mode(), facts.mtime(), content));
        }
    }
    tree
}

fn a_source_package_is_unpacked_as_by_the_real_rpm() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(directory.path(), &source_package(directory.path()));
    let installed = install(directory.path(), &path).unwrap();
    assert_eq!(installed.spec, directory.path().join("top/SPECS/demo.spec"));
    assert_eq!(installed.cookie.as_deref(), Some("host 1700000000"));
    let ours = tree(&directory.path().join("top"));
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        ["SOURCES/fix.patch", "SPECS/demo.spec"]
    );
    let define = format!("_topdir {}", directory.path().join("real").display());
    let words = ["rpm", "--define", &define, "-i", "--nodeps", "demo.src.rpm"];
    run(directory.path(), &words);
    assert_eq!(tree(&directory.path().join("real")), ours);
}

/// The package as somebody with other intentions might write it: the patch has another name of the
/// same length and another mode, and no digest says so.
fn forged(directory: &Path, name: &str, mode: u16) -> PathBuf {
    let options = Options {
        source_payload: "w.ufdio".into(),
        ..Options::default()
    };
    let (file, _) = common::written(&source_package(directory), &options);
    let parts = parts(&file);
    let (mut signature, mut header) = (Header::default(), Header::default());
    signature.set(tags::signature::SIZE, 1);
    for (number, value) in parts.header {
        header.set(*tags::find(number).unwrap(), value);
    }
    let names = ["demo.spec", "demo.tar", name].map(str::to_owned);
    header.set(tags::BASE_NAMES, names.to_vec());
    header.set(tags::FILE_MODES, vec![0o100_644, 0o100_644, mode]);
    for tag in [tags::PAYLOAD_SHA256, tags::PAYLOAD_SHA256_ALT] {
        header.set(tag, "");
    }
    let mut forged = parts.lead;
    forged.extend(signature.encode(tags::HEADER_SIGNATURES).unwrap());
    forged.resize(forged.len().next_multiple_of(8), 0);
    forged.extend(header.encode(tags::HEADER_IMMUTABLE).unwrap());
    forged.extend(renamed(&parts.payload, b"fix.patch", name.as_bytes()));
    let path = directory.join("forged.src.rpm");
    fs::write(&path, forged).unwrap();
    path
}

fn renamed(payload: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut payload = payload.to_vec();
    let mut places = payload.windows(from.len());
    let found = places.rposition(|it| it == from);
    let place = found.unwrap();
    payload[place..place + from.len()].copy_from_slice(to);
    payload
}

fn paths_links_and_devices_are_refused() {
    let hostile = [
        ("../evil.p", 0o100_644, "`../evil.p` is no plain file name"),
        ("/tmp/evil", 0o100_644, "`/tmp/evil` is no plain file name"),
        ("sub/evil1", 0o100_644, "`sub/evil1` is no plain file name"),
        ("fix.patch", 0o120_777, "`fix.patch` is no regular file"),
        ("fix.patch", 0o020_600, "`fix.patch` is no regular file"),
        ("fix.patch", 0o010_600, "`fix.patch` is no regular file"),
        ("fix.patch", 0o040_755, "`fix.patch` is no regular file"),
        (
            "demo.spec",
            0o100_644,
            "a file cannot be stored: `demo.spec`",
        ),
    ];
    for (name, mode, message) in hostile {
        let directory = tempfile::tempdir().unwrap();
        let path = forged(directory.path(), name, mode);
        let refused = install(directory.path(), &path).unwrap_err();
        let top = directory.path().join("top");
        assert!(tree(&top).is_empty(), "{name}");
        assert!(!top.join("evil.p").exists() && !top.join("SOURCES/sub").exists());
        if name != "demo.spec" {
            assert_eq!(refused.to_string(), message);
        }
    }
}

fn a_forged_package_with_an_honest_name_is_taken() {
    let directory = tempfile::tempdir().unwrap();
    let path = forged(directory.path(), "new.patch", 0o104_640);
    install(directory.path(), &path).unwrap();
    let patch = places(directory.path()).sources.join("new.patch");
    assert_eq!(fs::metadata(patch).unwrap().mode(), 0o100_640);
}

fn links_in_the_way_are_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(directory.path(), &source_package(directory.path()));
    let outside = directory.path().join("outside");
    fs::write(&outside, "mine").unwrap();
    let places = places(directory.path());
    fs::create_dir_all(&places.sources).unwrap();
    symlink(&outside, places.sources.join("fix.patch")).unwrap();
    install(directory.path(), &path).unwrap();
    assert_eq!(fs::read(&outside).unwrap(), b"mine");
    let patch = places.sources.join("fix.patch");
    assert!(patch.symlink_metadata().unwrap().is_file());
}

fn damage_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(directory.path(), &source_package(directory.path()));
    let whole = fs::read(&path).unwrap();
    for place in [whole.len() - 5, whole.len() - 60, whole.len() / 2] {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x10;
        fs::write(&path, damaged).unwrap();
        assert!(install(directory.path(), &path).is_err(), "byte {place}");
        let top = directory.path().join("top");
        assert!(!top.exists() || tree(&top).is_empty());
    }
}

fn binary_packages_are_not_unpacked() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(directory.path(), &demo::binary(None));
    let error = install(directory.path(), &path).unwrap_err();
    assert_eq!(error.to_string(), "source package expected, binary found");
}
