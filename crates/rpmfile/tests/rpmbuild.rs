//! The package of `testdata/rpmfile/demo.spec`, made by the real rpmbuild and by us, must agree in
//! every tag, and the uncompressed payloads in every byte. Format 6 takes an rpm from version 6 on
//! (`SPECBUILD_RPM_6`).

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::fs;
use std::path::Path;

use common::{Parts, demo, of_format, parts, run};
use package::{Dependency, Package, Phase, Phases, RelationKind, RpmFormat};
use specbuild_rpmfile::{Options, Value, Written, tags};
use testkit::{Need, rpm_6};

testkit::trials! {
    [Need::Program("rpmbuild")] => binary_and_source_package_agree_with_rpmbuild;
    [Need::Had(rpm_6().map(drop))] => packages_of_format_6_agree_with_rpmbuild;
}

/// What differs by nature: the tool's version, the build flags of its platform, libmagic's words
/// for files, the spec as that tool expands it, and the compressed bytes.
const DIFFERENT: [tags::Tag; 12] = [
    tags::RPM_VERSION,
    tags::OPT_FLAGS,
    tags::PLATFORM,
    tags::FILE_CLASS,
    tags::CLASS_DICT,
    tags::SPEC,
    tags::PAYLOAD_SHA256,
    tags::PAYLOAD_SHA512,
    tags::PAYLOAD_SHA3_256,
    tags::PAYLOAD_SIZE,
    tags::FILE_MIME_INDEX,
    tags::MIME_DICT,
];

/// Runs rpmbuild on the demo's spec.
fn rpmbuild(program: &Path, directory: &Path, format: RpmFormat) {
    let format = format!("_rpmformat {}", format.number());
    let definitions = [
        "_topdir .",
        "_sourcedir %{_topdir}",
        "_srcrpmdir %{_topdir}",
        "_rpmdir %{_topdir}",
        "_builddir %{_topdir}/build",
        "_buildrootdir %{_topdir}/root",
        "_rpmfilename %%{NAME}.rpm",
        "_buildhost host",
        format.as_str(),
        "_binary_payload w9.gzdio",
        "_binary_filedigest_algorithm 8",
        "_source_filedigest_algorithm 8",
        "_build_id_links none",
        "use_source_date_epoch_as_buildtime 1",
        "clamp_mtime_to_source_date_epoch 1",
        "_buildroot_in_builddir 0",
    ];
    let top = format!("_topdir {}", directory.display());
    let mut words = vec![program.to_str().unwrap(), "-ba", "--nodeps", "--quiet"];
    for definition in &definitions {
        let is_top = definition.starts_with("_topdir");
        words.extend(["--define", if is_top { &top } else { definition }]);
    }
    fs::create_dir(directory.join("build")).unwrap();
    words.push("demo.spec");
    run(directory, &words);
}

fn prepare() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("demo.spec", demo::SPEC),
        ("demo.tar", "x\n"),
        ("fix.patch", "z\n"),
    ] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

fn ours(package: &Package, options: &Options) -> (Parts, Written) {
    let (file, written) = common::written(package, options);
    (parts(&file), written)
}

/// One line per tag that differs.
fn differences(ours: &Parts, theirs: &Parts) -> Vec<String> {
    let numbers = ours.header.keys().chain(theirs.header.keys());
    let mut numbers: Vec<u32> = numbers.copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.retain(|it| !DIFFERENT.iter().any(|tag| tag.number == *it));
    let differs = |it: &u32| ours.header.get(it) != theirs.header.get(it);
    let line = |it: u32| {
        let name = tags::find(it).map_or("?", |tag| tag.name);
        let [ours, theirs] = [ours, theirs].map(|parts| parts.header.get(&it));
        format!("{it} {name}\n  ours   {ours:?}\n  theirs {theirs:?}")
    };
    numbers.into_iter().filter(differs).map(line).collect()
}

/// The lead without its numbers of architecture and system, which rpm up to 4 filled in and rpm 6
/// leaves at zero.
fn lead(parts: &Parts) -> Vec<u8> {
    let mut lead = parts.lead.clone();
    lead[8..10].fill(0);
    lead[76..78].fill(0);
    lead
}

fn check(ours: &Parts, theirs: &Parts) {
    let found = differences(ours, theirs);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(lead(ours), lead(theirs));
    let numbers = |it: &Parts| it.signature.keys().copied().collect::<Vec<u32>>();
    assert_eq!(numbers(ours), numbers(theirs));
    for room in [tags::signature::RESERVED_SPACE, tags::SIG_RESERVED] {
        let [ours, theirs] = [ours, theirs].map(|it| it.signature.get(&room.number));
        assert_eq!(ours, theirs);
    }
}

/// The binary package with the owners that rpm since 4.19 requires, if `theirs` does.
fn binary(cookie: Option<&str>, theirs: &Parts) -> Package {
    let mut package = demo::binary(cookie);
    let names = match theirs.header.get(&tags::REQUIRE_NAME.number) {
        Some(Value::Texts(names)) => names.as_slice(),
        _ => &[],
    };
    let when = Phases::NONE.with(Phase::Pre).with(Phase::PostUn);
    for owner in ["user(daemon)", "group(games)"] {
        if names.iter().any(|it| it == owner) {
            package.relate(RelationKind::Requires, Dependency::on(owner).at(when));
        }
    }
    package
}

fn binary_and_source_package_agree_with_rpmbuild() {
    let directory = prepare();
    rpmbuild(Path::new("rpmbuild"), directory.path(), RpmFormat::V4);
    let read = |name: &str| parts(&fs::read(directory.path().join(name)).unwrap());
    let their_source = read("demo-1.0~rc1-3.nosrc.rpm");
    let their_binary = read("demo.rpm");

    let cookie = "host 1700000000";
    let mut options = Options::default();
    let (our_source, written) = ours(&demo::source(directory.path(), Some(cookie)), &options);
    assert_eq!(
        our_source.signature[&1004],
        Value::Binary(written.id.unwrap().to_vec())
    );
    check(&our_source, &their_source);

    let Value::Binary(id) = &their_source.signature[&1004] else {
        panic!("no MD5 in the source package");
    };
    options.source_id = Some(id.as_slice().try_into().unwrap());
    let (our_binary, _) = ours(&binary(Some(cookie), &their_binary), &options);
    check(&our_binary, &their_binary);
}

fn packages_of_format_6_agree_with_rpmbuild() {
    let directory = prepare();
    let program = rpm_6().unwrap().join("rpmbuild");
    rpmbuild(&program, directory.path(), RpmFormat::V6);
    let read = |name: &str| parts(&fs::read(directory.path().join(name)).unwrap());
    let their_source = read("demo-1.0~rc1-3.nosrc.rpm");
    let their_binary = read("demo.rpm");
    assert!(their_source.header.contains_key(&tags::RPM_FORMAT.number));
    let cookie = Some("host 1700000000");
    let options = Options::default();
    let source = of_format(demo::source(directory.path(), cookie), RpmFormat::V6);
    let (our_source, written) = ours(&source, &options);
    assert_eq!(written.id, None);
    check(&our_source, &their_source);
    let (our_binary, _) = ours(
        &of_format(binary(cookie, &their_binary), RpmFormat::V6),
        &options,
    );
    check(&our_binary, &their_binary);
}
