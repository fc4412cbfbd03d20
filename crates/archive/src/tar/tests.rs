//! What GNU tar lists of our archives is checked in `tests/oracles.rs`; here are the fields.

use super::*;

fn entry<'e>(name: &'e [u8], kind: Kind<'e>) -> Entry<'e> {
    let (user, group) = ("root", "root");
    Entry {
        name,
        kind,
        mode: 0o755,
        uid: 0,
        gid: 0,
        user,
        group,
        mtime: 1_700_000_000,
    }
}

fn archive(entry: &Entry<'_>, content: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    writer.start(entry).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

fn text(bytes: &[u8], (start, room): (usize, usize)) -> String {
    String::from_utf8(bytes[start..start + room].to_vec()).unwrap()
}

#[test]
fn a_small_file() {
    let bytes = archive(&entry(b"./a", Kind::Regular { size: 3 }), b"abc");
    assert_eq!(bytes.len(), 4 * BLOCK);
    assert_eq!(text(&bytes, field::MODE), "0000755\0");
    assert_eq!(text(&bytes, field::SIZE), "00000000003\0");
    assert_eq!(text(&bytes, field::TIME), "14524770400\0");
    assert_eq!(&bytes[field::MAGIC..field::MAGIC + 8], b"ustar  \0");
    assert_eq!(&bytes[BLOCK..BLOCK + 4], b"abc\0");
    assert!(bytes[2 * BLOCK..].iter().all(|it| *it == 0));
}

#[test]
fn the_checksum_counts_itself_as_blanks() {
    let mut bytes = archive(&entry(b"./a", Kind::Directory), b"");
    let stored = text(&bytes, (field::CHECKSUM.0, 6));
    bytes[148..156].fill(b' ');
    let sum: u32 = bytes[..BLOCK].iter().map(|it| u32::from(*it)).sum();
    assert_eq!(u32::from_str_radix(&stored, 8).unwrap(), sum);
}

#[test]
fn a_name_of_101_bytes_gets_a_member_of_its_own() {
    let name = [b'n'; 101];
    let bytes = archive(&entry(&name, Kind::Directory), b"");
    assert_eq!(bytes[field::KIND], b'L');
    assert_eq!(&bytes[BLOCK..BLOCK + 101], &name);
    assert_eq!(bytes[2 * BLOCK + field::KIND], b'5');
    let bytes = archive(&entry(&name[..100], Kind::Directory), b"");
    assert_eq!(bytes[field::KIND], b'5');
}

#[test]
fn large_numbers_are_base_256() {
    let owner = Entry {
        uid: 3_000_000,
        ..entry(b"./a", Kind::Directory)
    };
    let bytes = archive(&owner, b"");
    assert_eq!(&bytes[108..116], &[0x80, 0, 0, 0, 0, 0x2d, 0xc6, 0xc0]);
    let big = header_block(&entry(b"./a", Kind::Regular { size: 9 << 30 })).unwrap();
    assert_eq!(&big[124..136], &[0x80, 0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0]);
}

#[test]
fn content_must_have_the_announced_length() {
    let mut writer = Writer::new(Vec::new());
    writer
        .start(&entry(b"./a", Kind::Regular { size: 3 }))
        .unwrap();
    writer.write_all(b"ab").unwrap();
    let next = writer.start(&entry(b"./b", Kind::Directory));
    assert!(matches!(
        next,
        Err(Error::MemberLength {
            expected: 3,
            found: 2
        })
    ));
}

#[test]
fn names_that_cannot_be_stored_are_errors() {
    let mut writer = Writer::new(Vec::new());
    let nul = writer.start(&entry(b"./a\0b", Kind::Directory));
    assert!(matches!(nul, Err(Error::BadName { .. })));
    let long = "x".repeat(32);
    let owner = Entry {
        user: &long,
        ..entry(b"./a", Kind::Directory)
    };
    assert!(matches!(writer.start(&owner), Err(Error::BadName { .. })));
}

#[test]
fn what_was_written_is_read_back() {
    let long = [b"./", &[b'n'; 200][..]].concat();
    let members = [
        (entry(b"./", Kind::Directory), &b""[..]),
        (entry(&long, Kind::Regular { size: 3 }), b"abc"),
        (entry(b"./link", Kind::Symlink { target: &long }), b""),
        (entry(b"./other", Kind::HardLink { target: b"./a" }), b""),
        (
            entry(b"./null", Kind::CharDevice { major: 1, minor: 3 }),
            b"",
        ),
        (entry(b"./last", Kind::Regular { size: 1 }), b"x"),
    ];
    let mut writer = Writer::new(Vec::new());
    for (entry, content) in &members {
        writer.start(entry).unwrap();
        writer.write_all(content).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let mut archive = ::tar::Archive::new(&bytes[..]);
    let mut found = archive.entries().unwrap();
    for (written, content) in members {
        let mut read = found.next().unwrap().unwrap();
        let mut text = Vec::new();
        io::Read::read_to_end(&mut read, &mut text).unwrap();
        assert_eq!(text, content);
        assert_eq!(*read.path_bytes(), *written.name);
        let target = read.link_name_bytes().unwrap_or_default();
        assert_eq!(*target, *written.kind.link_target());
        let header = read.header();
        assert_eq!(header.entry_type().as_byte(), written.kind.type_flag());
        assert_eq!(header.mode().unwrap(), 0o755);
        assert_eq!(header.mtime().unwrap(), 1_700_000_000);
        assert_eq!(header.username().unwrap(), Some("root"));
        if let Some((major, minor)) = written.kind.device() {
            assert_eq!(header.device_major().unwrap(), Some(major));
            assert_eq!(header.device_minor().unwrap(), Some(minor));
        }
    }
    assert!(found.next().is_none());
}
