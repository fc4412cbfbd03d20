//! Packages that hold more than they may, and containers that say of their members what is not so.

use std::io::{Read, Write};

use archive::ArWriter;
use archive::tar::{Entry, Kind, Writer};

use super::stored::path_of;
use super::{DebFile, FileClass, LIMITS, Limits, ReadError};

const CONTROL: &str = "Package: a\nVersion: 1\nArchitecture: all\n";

fn entry<'e>(name: &'e str, kind: Kind<'e>) -> Entry<'e> {
    Entry {
        name: name.as_bytes(),
        kind,
        mode: 0o644,
        uid: 0,
        gid: 0,
        user: "root",
        group: "root",
        mtime: 0,
    }
}

fn tar(files: &[(String, &[u8])]) -> Vec<u8> {
    let mut archive = Writer::new(Vec::new());
    for (name, content) in files {
        let size = content.len() as u64;
        let entry = entry(name, Kind::Regular { size });
        archive.start(&entry).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap()
}

fn control(more: usize) -> Vec<u8> {
    let more = (0..more).map(|number| (format!("./file{number}"), &b"x"[..]));
    let control = ("./control".to_owned(), CONTROL.as_bytes());
    tar(&std::iter::once(control).chain(more).collect::<Vec<_>>())
}

fn data(count: usize, length: usize) -> Vec<u8> {
    let name = |number| format!("./{number:0>length$}");
    tar(&(0..count)
        .map(|it| (name(it), &b""[..]))
        .collect::<Vec<_>>())
}

fn deb(control: &[u8], data: &[u8]) -> Vec<u8> {
    let mut package = ArWriter::new(Vec::new(), 0).unwrap();
    let members = [
        ("debian-binary", &b"2.0\n"[..]),
        ("control.tar", control),
        ("data.tar", data),
    ];
    for (name, content) in members {
        package.start(name, content.len() as u64).unwrap();
        package.write_all(content).unwrap();
    }
    package.finish().unwrap()
}

/// Makes the checksum of an archive's first header that of what is in it.
fn sum_up(archive: &mut [u8]) {
    archive[148..156].fill(b' ');
    let sum: u32 = archive[..512].iter().map(|it| u32::from(*it)).sum();
    archive[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn read(bytes: &[u8], limits: Limits) -> Result<DebFile, ReadError> {
    DebFile::read_with(bytes, &mut |_, _| Ok(()), limits)
}

fn refused(bytes: &[u8], limits: Limits) -> String {
    let error = read(bytes, limits).expect_err("it is refused");
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}

#[test]
fn paths_begin_at_the_root_however_names_are_written() {
    for name in ["./usr/bin/", "usr/bin", "/usr//bin/.", "././usr/./bin"] {
        assert_eq!(path_of(name.as_bytes()), "/usr/bin", "{name}");
    }
    for name in ["", ".", "./", "/", "./.", "//."] {
        assert_eq!(path_of(name.as_bytes()), "/", "{name}");
    }
}

#[test]
fn a_package_holds_only_so_much_and_the_limit_is_named() {
    let whole = |more, count, length| deb(&control(more), &data(count, length));
    assert!(read(&whole(255, 10, 10), LIMITS).is_ok());
    let said = "the package holds too much: control information beyond 256 files or 64 MiB";
    assert_eq!(refused(&whole(256, 1, 1), LIMITS), said);
    let few = Limits {
        files: 10,
        names: 2 << 20,
        ..LIMITS
    };
    assert!(read(&whole(0, 10, 10), few).is_ok());
    let said = "the package holds too much: more than 10 files, or 2 MiB of their names";
    assert_eq!(refused(&whole(0, 11, 10), few), said);
    let many = Limits { files: 1000, ..few };
    assert!(refused(&whole(0, 50, 60_000), many).contains("2 MiB of their names"));
    let small = Limits {
        control: 10,
        ..LIMITS
    };
    assert!(refused(&whole(0, 1, 1), small).contains("too much: control information"));
}

#[test]
fn names_have_a_length_in_every_form() {
    let long = "n".repeat(70_000);
    let with_long = tar(&[(format!("./{long}"), b"")]);
    for package in [deb(&with_long, &data(1, 1)), deb(&control(0), &with_long)] {
        assert!(refused(&package, LIMITS).contains("a name is too long"));
    }
    // A record of pax that is as long, and one that says to be.
    let record = |size: usize, content: usize| {
        let mut block = data(1, 1);
        block.truncate(512);
        block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        block[156] = b'x';
        sum_up(&mut block);
        let said = format!(" path=./{}\n", "p".repeat(content));
        let digits = (said.len() + 5).to_string().len();
        let text = format!("{}{said}", said.len() + digits);
        block.extend(text.as_bytes());
        block.resize(block.len().next_multiple_of(512), 0);
        block.extend(data(1, 1));
        block
    };
    assert!(refused(&deb(&control(0), &record(70_014, 70_000)), LIMITS).contains("too long"));
    for size in [60_000, 0o7_777_777_777] {
        let claims = deb(&control(0), &record(size, 10));
        assert!(refused(&claims, LIMITS).contains("unexpected EOF"));
    }
    // One file has one of them.
    let twice = [&record(100, 80)[..1024], &record(100, 80)].concat();
    assert!(refused(&deb(&control(0), &twice), LIMITS).contains("two pax extensions"));
}

#[test]
fn damaged_archives_are_errors_and_nothing_worse() {
    const CHECKSUM: usize = 148;
    let whole = data(3, 10);
    let read = |data: &[u8]| read(&deb(&control(0), data), LIMITS);
    assert_eq!(read(&whole).unwrap().entries.len(), 3);
    for place in 0..512 {
        let mut changed = whole.clone();
        changed[place] ^= 0x20;
        assert!(read(&changed).is_err() || place >= CHECKSUM, "byte {place}");
    }
    for length in (1..whole.len() - 1024).filter(|it| it % 512 != 0) {
        assert!(read(&whole[..length]).is_err(), "cut at {length}");
    }
    // A kind of member that dpkg refuses, too.
    let mut sparse = whole.clone();
    sparse[156] = b'S';
    sum_up(&mut sparse);
    let said = refused(&deb(&control(0), &sparse), LIMITS);
    assert!(said.contains("cannot read its `data.tar`"), "{said}");
    sparse[156] = b'M';
    sum_up(&mut sparse);
    assert!(refused(&deb(&control(0), &sparse), LIMITS).contains("unknown kind"));
}

#[test]
fn members_are_as_long_as_they_say() {
    let whole = deb(&control(1), &data(3, 10));
    let place = |name: &str| {
        let found = whole
            .windows(name.len())
            .position(|it| it == name.as_bytes());
        found.unwrap() + 48
    };
    let with_size = |name: &str, size: &str| {
        let mut bytes = whole.clone();
        bytes[place(name)..place(name) + 10].copy_from_slice(format!("{size:<10}").as_bytes());
        bytes
    };
    assert_eq!(
        read(
            &with_size("data.tar", &data(3, 10).len().to_string()),
            LIMITS
        )
        .unwrap(),
        read(&whole, LIMITS).unwrap()
    );
    for size in [
        "0",
        "1",
        "511",
        "600",
        "9999999999",
        "-1",
        "",
        "0x10",
        "99 99",
    ] {
        for name in ["control.tar", "data.tar"] {
            assert!(
                read(&with_size(name, size), LIMITS).is_err(),
                "{name} {size}"
            );
        }
    }
    // A file in an archive that says to be longer than the archive.
    let mut long = control(0);
    long[124..136].copy_from_slice(b"00777777777\0");
    sum_up(&mut long);
    assert!(refused(&deb(&long, &data(1, 1)), LIMITS).contains("control information"));
    long[124..136].copy_from_slice(b"00000777777\0");
    sum_up(&mut long);
    read(&deb(&long, &data(1, 1)), LIMITS).expect_err("it ends within the file");
}

#[test]
fn hard_links_are_of_the_class_of_their_file() {
    let mut archive = Writer::new(Vec::new());
    let kinds = [
        ("./a", Kind::Regular { size: 0 }),
        ("./b", Kind::HardLink { target: b"./a" }),
    ];
    for (name, kind) in kinds {
        archive.start(&entry(name, kind)).unwrap();
    }
    let data = archive.finish().unwrap();
    let mut package = read(&deb(&control(0), &data), LIMITS).unwrap();
    let class = FileClass {
        class: "empty".to_owned(),
        media_type: "inode/x-empty".to_owned(),
        color: 2,
    };
    package.classes.insert("/a".to_owned(), class);
    let format = query::Format::parse("[%{filenames} %{fileclass} %{filemimes} %{filecolors}\n]");
    let shown = format.unwrap().render(&package).unwrap();
    assert_eq!(
        shown,
        "/a empty inode/x-empty 2\n/b empty inode/x-empty 2\n"
    );
}

#[test]
fn files_are_visited_with_their_content() {
    let data = tar(&[
        ("./b".to_owned(), b"second"),
        ("./a".to_owned(), b"first"),
        (
            "./usr/share/doc/a/changelog.gz".to_owned(),
            b"a (1) x; u=l\n",
        ),
    ]);
    let mut seen = Vec::new();
    let mut visit = |file: &super::StoredEntry, content: &mut dyn Read| {
        let mut text = String::new();
        content.read_to_string(&mut text)?;
        seen.push((file.path.clone(), text));
        Ok(())
    };
    DebFile::read_with(&deb(&control(0), &data)[..], &mut visit, LIMITS).unwrap();
    let texts: Vec<_> = seen.iter().map(|(_, text)| text.trim_end()).collect();
    assert_eq!(texts, ["second", "first", "a (1) x; u=l"]);
}
