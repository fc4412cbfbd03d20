//! Small archives, made here, that show what is unpacked and what is refused.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tar::{EntryType, Header};

use crate::call::testing::Bench;

/// A member with that type byte.
fn member(archive: &mut Vec<u8>, kind: u8, name: &str, link: &str, data: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header.set_entry_type(EntryType::new(kind));
    header.set_mode(if kind == b'5' { 0o755 } else { 0o640 });
    header.set_mtime(1_000_000_000);
    header.set_size(data.len() as u64);
    header.set_cksum();
    archive.extend_from_slice(header.as_bytes());
    archive.extend_from_slice(data);
    archive.resize(archive.len().next_multiple_of(512), 0);
}

/// An archive of members given as type, name, link target; files hold their name.
fn archive(members: &[(u8, &str, &str)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (kind, name, link) in members {
        let data = if *kind == b'0' { name.as_bytes() } else { b"" };
        member(&mut archive, *kind, name, link, data);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// Unpacks into an empty directory `out` of a new bench.
fn unpack(archive: &[u8], options: &[&str]) -> (Bench, u8) {
    let mut bench = Bench::new();
    let file = bench.directory.path().join("a.tar");
    std::fs::write(&file, archive).unwrap();
    bench.environment.directory = bench.root();
    let status = bench.run(
        "uncompress",
        &[&["-x", file.to_str().unwrap()], options].concat(),
    );
    (bench, status)
}

#[test]
fn files_links_and_times_come_back() {
    let (bench, status) = unpack(
        &archive(&[
            (b'5', "p/", ""),
            (b'0', "p/file", ""),
            (b'1', "p/hard", "p/file"),
            (b'2', "p/near", "file"),
            (b'2', "p/far", "../elsewhere"),
            (b'1', "p/far2", "p/far"),
        ]),
        &[],
    );
    assert_eq!((status, bench.err.as_str()), (0, ""));
    let metadata = |path: &str| bench.at(path).symlink_metadata().unwrap();
    assert_eq!(
        std::fs::read_to_string(bench.at("p/hard")).unwrap(),
        "p/file"
    );
    assert_eq!(metadata("p/file").nlink(), 2);
    assert_eq!(metadata("p/file").mode() & 0o7777, 0o640);
    assert_eq!(
        std::fs::read_link(bench.at("p/near")).unwrap(),
        Path::new("file")
    );
    assert_eq!(
        std::fs::read_link(bench.at("p/far2")).unwrap(),
        Path::new("../elsewhere")
    );
    for path in ["p", "p/file", "p/near", "p/far"] {
        assert_eq!(metadata(path).mtime(), 1_000_000_000, "{path}");
    }
}

#[test]
fn names_that_lead_out_are_refused() {
    let (bench, status) = unpack(
        &archive(&[
            (b'0', "../above", ""),
            (b'0', "a/../../above", ""),
            (b'0', "/top", ""),
        ]),
        &[],
    );
    assert_eq!(status, 1);
    assert_eq!(
        bench.err.matches("its name contains `..`").count(),
        2,
        "{}",
        bench.err
    );
    assert!(!bench.directory.path().join("above").exists());
    assert_eq!(bench.listing(), ["/top"]);
}

#[test]
fn nothing_is_written_through_links_that_lead_out() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().to_str().unwrap();
    let (bench, status) = unpack(
        &archive(&[
            (b'2', "way", target),
            (b'0', "way/in", ""),
            (b'2', "d/evil", target),
            (b'2', "d", target),
        ]),
        &[],
    );
    assert_eq!(status, 1, "{}", bench.err);
    assert_eq!(
        std::fs::read_dir(outside.path()).unwrap().count(),
        0,
        "{}",
        bench.err
    );
}

#[test]
fn links_that_are_there_already_are_not_followed_out() {
    let outside = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.link("way", outside.path().to_str().unwrap());
    let members = archive(&[
        (b'0', "way/in", ""),
        (b'0', "way/new/in", ""),
        (b'1', "h", "way/x"),
    ]);
    let file = bench.directory.path().join("a.tar");
    std::fs::write(&file, members).unwrap();
    bench.environment.directory = bench.root();
    assert_eq!(bench.run("uncompress", &["-x", file.to_str().unwrap()]), 1);
    assert_eq!(
        bench.err.matches("lies outside").count(),
        3,
        "{}",
        bench.err
    );
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

/// A link out that an archive left, and then one whose members go through it, by its name or by the
/// shell's current directory.
#[test]
fn a_build_directory_is_not_left_through_links() {
    let outside = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.link("pkg", outside.path().to_str().unwrap());
    let file = bench.directory.path().join("a.tar");
    std::fs::write(&file, archive(&[(b'0', "in", "")])).unwrap();
    let file = file.to_str().unwrap();
    let root = bench.root();
    bench.set("RPM_BUILD_DIR", root.to_str().unwrap());
    bench.set("PWD", root.to_str().unwrap());
    bench.environment.directory = root.clone();
    assert_eq!(bench.run("uncompress", &["-x", "-C", "pkg", file]), 1);
    assert!(bench.err.contains("it leads out"), "{}", bench.err);
    bench.set("PWD", root.join("pkg").to_str().unwrap());
    bench.environment.directory = outside.path().to_owned();
    assert_eq!(bench.run("uncompress", &["-x", file]), 1);
    assert!(bench.err.contains("it leads out"), "{}", bench.err);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn links_of_links_and_hard_links_do_not_lead_out() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret");
    std::fs::write(&secret, "kept").unwrap();
    let (target, secret) = (outside.path().to_str().unwrap(), secret.to_str().unwrap());
    let (bench, status) = unpack(
        &archive(&[
            (b'2', "a", "b"),
            (b'2', "b", target),
            (b'0', "a/in", ""),
            (b'2', "s", secret),
            (b'1', "h", "s"),
            (b'0', "h", ""),
            (b'1', "hard", secret),
            (b'2', "x/up", "../.."),
            (b'0', "x/up/in", ""),
        ]),
        &[],
    );
    assert_eq!(status, 1, "{}", bench.err);
    assert_eq!(std::fs::read_to_string(secret).unwrap(), "kept");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(!bench.directory.path().join("in").exists());
}

#[test]
fn what_unpacks_to_too_much_is_stopped() {
    let mut bomb = Vec::new();
    for name in ["a", "b", "c"] {
        member(&mut bomb, b'0', name, "", &[0; 10_000]);
    }
    bomb.resize(bomb.len() + 1024, 0);
    let (bench, status) = unpack(&bomb, &["--limit", "20000"]);
    assert_eq!(status, 1);
    assert!(bench.err.contains("`%_unpack_limit 0`"), "{}", bench.err);
    assert_eq!(bench.listing(), ["/a"]);
    for limit in ["0", "60000"] {
        assert_eq!(unpack(&bomb, &["--limit", limit]).1, 0);
    }
    let members: Vec<String> = (0..1000).map(|number| format!("d/{number}")).collect();
    let members: Vec<_> = members
        .iter()
        .map(|name| (b'5', name.as_str(), ""))
        .collect();
    let (bench, status) = unpack(&archive(&members), &["--limit", "1000000"]);
    assert_eq!(status, 1, "many directories: {}", bench.err);
}

#[test]
fn headers_are_not_read_without_end() {
    let mut long = Vec::new();
    member(&mut long, b'L', "name", "", &vec![b'x'; 40 << 20]);
    member(&mut long, b'0', "file", "", b"");
    let (bench, status) = unpack(&long, &[]);
    assert_eq!(status, 1);
    assert!(bench.err.contains("are too long"), "{}", bench.err);
    // As much data is all right.
    let mut big = Vec::new();
    member(&mut big, b'3', "device", "", &vec![b'x'; 40 << 20]);
    member(&mut big, b'0', "file", "", &vec![b'x'; 40 << 20]);
    big.resize(big.len() + 1024, 0);
    let (bench, _) = unpack(&big, &[]);
    assert_eq!(bench.listing(), ["/file"], "{}", bench.err);
}

#[test]
fn device_nodes_are_refused_and_the_rest_goes_on() {
    let (bench, status) = unpack(&archive(&[(b'3', "null", ""), (b'0', "file", "")]), &[]);
    assert_eq!(status, 1);
    assert!(
        bench.err.ends_with("null: device nodes are not unpacked\n"),
        "{}",
        bench.err
    );
    assert_eq!(bench.listing(), ["/file"]);
}

#[test]
fn single_top_directory_is_left_out_with_a_path() {
    let (bench, status) = unpack(
        &archive(&[(b'5', "p-1.0/", ""), (b'0', "p-1.0/a/b", "")]),
        &["-C", "here"],
    );
    assert_eq!((status, bench.err.as_str()), (0, ""));
    assert_eq!(bench.listing(), ["/here/a/b"]);
    let (bench, _) = unpack(
        &archive(&[(b'0', "p/a", ""), (b'0', "q", "")]),
        &["-C", "here"],
    );
    assert_eq!(bench.listing(), ["/here/p/a", "/here/q"]);
}

#[test]
fn cut_archive_is_an_error_that_names_it() {
    let mut archive = Vec::new();
    member(&mut archive, b'0', "whole", "", b"1");
    member(&mut archive, b'0', "cut", "", &[b'x'; 5000]);
    archive.truncate(3000);
    let (bench, status) = unpack(&archive, &[]);
    assert_eq!(status, 1);
    assert!(
        bench.err.contains("cannot read") && bench.err.contains("a.tar"),
        "{}",
        bench.err
    );
}

#[test]
fn garbage_is_an_error() {
    let (bench, status) = unpack(&[b'x'; 2048], &[]);
    assert_eq!(status, 1);
    assert!(bench.err.contains("a.tar"), "{}", bench.err);
}

/// An archive with one sparse file of 8192 bytes that has `data` at 4096, described by PAX records.
fn sparse_archive(records: &[(&str, &str)], data: &[u8]) -> Vec<u8> {
    let record = |(key, value): &(&str, &str)| {
        let length = key.len() + value.len() + 3;
        let digits = (length + 2).to_string().len();
        format!("{} {key}={value}\n", length + digits)
    };
    let records: String = records.iter().map(record).collect();
    let mut archive = Vec::new();
    member(&mut archive, b'x', "pax", "", records.as_bytes());
    member(&mut archive, b'0', "GNUSparseFile.0/sparse", "", data);
    archive.resize(archive.len() + 1024, 0);
    archive
}

#[test]
fn sparse_files_in_pax_form_get_their_holes() {
    let mut with_map = b"1\n4096\n4\n".to_vec();
    with_map.resize(512, 0);
    with_map.extend_from_slice(b"data");
    let (name, size) = (("GNU.sparse.name", "sparse"), ("GNU.sparse.size", "8192"));
    let archives = [
        sparse_archive(
            &[
                ("GNU.sparse.major", "1"),
                name,
                ("GNU.sparse.realsize", "8192"),
            ],
            &with_map,
        ),
        sparse_archive(&[name, size, ("GNU.sparse.map", "4096,4")], b"data"),
        sparse_archive(
            &[
                name,
                size,
                ("GNU.sparse.offset", "4096"),
                ("GNU.sparse.numbytes", "4"),
            ],
            b"data",
        ),
    ];
    for archive in archives {
        let (bench, status) = unpack(&archive, &[]);
        assert_eq!((status, bench.err.as_str()), (0, ""));
        let content = std::fs::read(bench.at("sparse")).unwrap();
        assert_eq!((content.len(), &content[4096..4100]), (8192, &b"data"[..]));
        assert!(
            content[..4096]
                .iter()
                .chain(&content[4100..])
                .all(|byte| *byte == 0)
        );
    }
}

#[test]
fn broken_sparse_maps_are_refused() {
    for map in ["4096,9999", "4,4,0,4", "x", "18446744073709551615,2"] {
        let records = [("GNU.sparse.size", "8192"), ("GNU.sparse.map", map)];
        let (bench, status) = unpack(&sparse_archive(&records, b"data"), &[]);
        assert_eq!(status, 1, "{map}");
        assert!(
            bench.err.contains("a sparse file's map is"),
            "{}",
            bench.err
        );
    }
}

#[test]
fn pax_times_have_fractions() {
    let archive = sparse_archive(&[("mtime", "1000000000.5"), ("path", "file")], b"");
    let (bench, _) = unpack(&archive, &[]);
    let metadata = bench.at("file").metadata().unwrap();
    assert_eq!(
        (metadata.mtime(), metadata.mtime_nsec()),
        (1_000_000_000, 500_000_000)
    );
}

#[test]
fn times_before_1970_have_fractions_too() {
    assert_eq!(super::parse_time("-1.25"), Some((-2, 750_000_000)));
    assert_eq!(super::parse_time("12"), Some((12, 0)));
    assert_eq!(super::parse_time("soon"), None);
}
