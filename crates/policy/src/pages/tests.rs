//! Build roots with documentation, before and after.

use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::call::testing::Bench;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

fn gunzip(path: &Path) -> String {
    let mut text = String::new();
    let content = std::fs::read(path).unwrap();
    flate2::read::GzDecoder::new(content.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn pages_are_compressed_once_and_links_follow() {
    let mut bench = Bench::new();
    bench.file("usr/share/man/man1/a.1", "page a");
    bench.file("usr/share/man/de/man1/a.1.gz", gzip(b"Seite a"));
    bench.file("usr/share/man/man1/p.png", "picture");
    bench.file("usr/share/info/dir", "menu");
    bench.file("usr/share/info/a.info", "info a");
    bench.file("usr/share/man/notes", "beside the sections");
    bench.link("usr/share/man/man1/b.1", "a.1");
    bench.link("usr/share/man/man1/c.1.bz2", "../man8/elsewhere.8.bz2");
    assert_eq!(bench.run("brp-compress", &[]), 0, "{}", bench.err);
    assert_eq!(
        bench.listing(),
        [
            "/usr/share/info/a.info.gz",
            "/usr/share/info/dir",
            "/usr/share/man/de/man1/a.1.gz",
            "/usr/share/man/man1/a.1.gz",
            "/usr/share/man/man1/b.1.gz",
            "/usr/share/man/man1/c.1.gz",
            "/usr/share/man/man1/p.png",
            "/usr/share/man/notes",
        ]
    );
    let read = |path: &str| std::fs::read_link(bench.at(path)).unwrap();
    assert_eq!(read("usr/share/man/man1/b.1.gz"), Path::new("a.1.gz"));
    assert_eq!(
        read("usr/share/man/man1/c.1.gz"),
        Path::new("../man8/elsewhere.8.gz")
    );
    assert_eq!(gunzip(&bench.at("usr/share/man/de/man1/a.1.gz")), "Seite a");
}

#[test]
fn output_depends_on_content_alone() {
    let mut bench = Bench::new();
    let path = bench.file("usr/share/man/man1/a.1", "page a");
    let file = std::fs::File::options().append(true).open(path).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(86_400))
        .unwrap();
    bench.run("brp-compress", &[]);
    let compressed = bench.at("usr/share/man/man1/a.1.gz");
    let first = std::fs::read(&compressed).unwrap();
    assert_eq!(first[..10], *b"\x1f\x8b\x08\0\0\0\0\0\x02\x03");
    assert_eq!(compressed.metadata().unwrap().mtime(), 86_400);
    bench.run("brp-compress", &[]);
    assert_eq!(std::fs::read(&compressed).unwrap(), first);
}

#[test]
fn names_of_one_page_stay_one_page() {
    let mut bench = Bench::new();
    let page = bench.file("usr/share/man/man3/a.3", "page");
    std::fs::hard_link(&page, bench.at("usr/share/man/man3/b.3")).unwrap();
    assert_eq!(bench.run("brp-compress", &[]), 0, "{}", bench.err);
    assert_eq!(
        bench.listing(),
        ["/usr/share/man/man3/a.3.gz", "/usr/share/man/man3/b.3.gz"]
    );
    assert_eq!(
        bench
            .at("usr/share/man/man3/b.3.gz")
            .metadata()
            .unwrap()
            .nlink(),
        2
    );
}

#[test]
fn fresh_page_wins_over_a_compressed_one() {
    let mut bench = Bench::new();
    bench.file("usr/share/man/man1/a.1", "new");
    bench.file("usr/share/man/man1/a.1.gz", gzip(b"old"));
    assert_eq!(bench.run("brp-compress", &[]), 0, "{}", bench.err);
    assert_eq!(bench.listing(), ["/usr/share/man/man1/a.1.gz"]);
    assert_eq!(gunzip(&bench.at("usr/share/man/man1/a.1.gz")), "new");
}

#[test]
fn broken_page_stays_and_is_told() {
    let mut bench = Bench::new();
    let mut broken = gzip(&[b'x'; 4000]);
    broken.truncate(20);
    bench.file("usr/share/man/man1/a.1.gz", broken);
    assert_eq!(bench.run("brp-compress", &[]), 0);
    assert!(bench.err.starts_with("cannot uncompress"), "{}", bench.err);
    assert_eq!(bench.listing(), ["/usr/share/man/man1/a.1.gz"]);
}

#[test]
fn another_program_may_compress() {
    let mut bench = Bench::new();
    let script = r#"[ "$1 $2" = "-1 -f" ] && grep -q page "$3" && mv "$3" "$3.xz""#;
    bench.stand_in("pack", script);
    bench.set("COMPRESS", "pack -1");
    bench.set("COMPRESS_EXT", ".xz");
    let page = bench.file("usr/share/man/man1/a.1.gz", gzip(b"page"));
    std::fs::hard_link(page, bench.at("usr/share/man/man1/b.1.gz")).unwrap();
    assert_eq!(bench.run("brp-compress", &["/usr"]), 0, "{}", bench.err);
    assert_eq!(
        bench.listing(),
        ["/usr/share/man/man1/a.1.xz", "/usr/share/man/man1/b.1.xz"]
    );
}

#[test]
fn debian_documentation() {
    let mut bench = Bench::new();
    let large = "x".repeat(5000);
    for (path, text) in [
        ("README", large.as_str()),
        ("short", "x"),
        ("changelog", "x"),
        ("changelog.empty", ""),
        ("copyright", &large),
        ("index.html", &large),
        ("logo.PNG", &large),
        ("examples/large", &large),
    ] {
        bench.file(&format!("usr/share/doc/p/{path}"), text);
    }
    bench.file("usr/share/man/man1/p.1", "page");
    let run = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(bench.at("usr/share/doc/p/README"), run).unwrap();
    bench.link("usr/share/man/man1/q.1", "p.1");
    bench.link("usr/share/doc/p/TOO", "MANUAL");
    bench.link("usr/share/doc/p/MANUAL", "/usr/share/doc/p/README");
    bench.link("usr/share/doc/p/gone", "nothing");
    assert_eq!(bench.run("brp-compress-docs", &[]), 0, "{}", bench.err);
    let listing = bench.listing();
    let names: Vec<&str> = listing
        .iter()
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "MANUAL.gz",
            "README.gz",
            "TOO.gz",
            "changelog.empty",
            "changelog.gz",
            "copyright",
            "large",
            "gone",
            "index.html",
            "logo.PNG",
            "short",
            "p.1.gz",
            "q.1.gz",
        ]
    );
    let read = |path: &str| std::fs::read_link(bench.at(path)).unwrap();
    let readme = bench.at("usr/share/doc/p/README.gz").metadata().unwrap();
    assert_eq!(readme.mode() & 0o777, 0o644);
    assert_eq!(read("usr/share/doc/p/TOO.gz"), Path::new("MANUAL.gz"));
    assert_eq!(
        read("usr/share/doc/p/MANUAL.gz"),
        Path::new("/usr/share/doc/p/README.gz")
    );
}
