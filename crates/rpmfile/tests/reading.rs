//! Packages are read back as they were written; damaged ones are refused, and never bring the
//! reader down.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::io::Read as _;
use std::sync::LazyLock;

use common::{PAYLOADS, demo, of_format};
use package::RpmFormat;
use proptest::prelude::*;
use specbuild_rpmfile::{Options, PackageFile, ReadError, StoredFile, Value, tags};

fn written(payload: &str) -> Vec<u8> {
    written_as(payload, RpmFormat::V4)
}

fn written_as(payload: &str, format: RpmFormat) -> Vec<u8> {
    let options = Options {
        binary_payload: payload.into(),
        ..Options::default()
    };
    common::written(&of_format(demo::binary(None), format), &options).0
}

/// A small package without room for signatures, in which every byte counts.
static DENSE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let options = Options {
        reserved_space: 0,
        ..Options::default()
    };
    common::written(&demo::binary(None), &options).0
});

/// Every file with its content, and what the digests say at the end.
fn read(bytes: &[u8]) -> Result<Vec<(StoredFile, Vec<u8>)>, ReadError> {
    let mut payload = PackageFile::read(bytes)?.into_payload()?;
    let mut files = Vec::new();
    while let Some(member) = payload.next_member()? {
        let mut content = Vec::new();
        let read = payload.by_ref().take(member.size).read_to_end(&mut content);
        read.map_err(ReadError::Read)?;
        files.push((payload.files()[member.index].clone(), content));
    }
    payload.finish()?;
    Ok(files)
}

#[test]
fn every_compression_is_read_back() {
    let plain = read(&written(PAYLOADS[0])).unwrap();
    let contents: Vec<_> = plain.iter().map(|it| it.0.path.as_str()).collect();
    assert!(contents.contains(&"/usr/bin/zz/demo3"), "{contents:?}");
    let with_content = plain.iter().filter(|it| it.0.is_regular());
    assert!(with_content.clone().any(|it| !it.1.is_empty()));
    for payload in &PAYLOADS[1..] {
        assert_eq!(read(&written(payload)).unwrap(), plain, "{payload}");
    }
}

/// A package of rpm's own making, with members that have no names.
#[test]
fn format_6_is_read() {
    let path = testkit::testdata("rpmfile").join("seeds/format6.rpm");
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(PackageFile::read(&bytes[..]).unwrap().headers().format(), 6);
    let files = read(&bytes).unwrap();
    let contents: Vec<_> = files.iter().map(|it| (&*it.0.path, &*it.1)).collect();
    let expected: [(&str, &[u8]); 4] =
        [("/e", b""), ("/e/l", b"a"), ("/e/a", b""), ("/e/b", b"a\n")];
    assert_eq!(contents, expected);
}

#[test]
fn format_6_is_read_back() {
    let files = read(&written_as("w1.zstdio", RpmFormat::V6)).unwrap();
    let sorted = |mut files: Vec<(StoredFile, Vec<u8>)>| {
        files.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        files
    };
    assert_eq!(sorted(files), sorted(read(&written("w1.gzdio")).unwrap()));
}

#[test]
fn format_6_says_how_long_its_payload_is_and_little_else_twice() {
    let file = written_as("w1.gzdio", RpmFormat::V6);
    let plain = written_as("w.ufdio", RpmFormat::V6);
    let lengths = |file: &[u8]| {
        let parts = common::parts(file);
        let size = |tag: tags::Tag| parts.header[&tag.number].clone();
        let length = parts.payload.len() as u64;
        assert_eq!(size(tags::PAYLOAD_SIZE), Value::Int64(vec![length]));
        size(tags::PAYLOAD_SIZE_ALT)
    };
    let whole = common::parts(&plain).payload.len() as u64;
    assert_eq!(lengths(&file), Value::Int64(vec![whole]));
    assert_eq!(lengths(&plain), Value::Int64(vec![whole]));
    let parts = common::parts(&file);
    let signature: Vec<u32> = parts.signature.into_keys().collect();
    assert_eq!(signature, [273, 279, 999]);
    assert_eq!(parts.lead[4], 4);
    let headers = PackageFile::read(&file[..]).unwrap().into_headers();
    assert_eq!(headers.format(), 6);
}

#[test]
fn each_digest_of_format_6_is_looked_at() {
    let file = written_as("w.ufdio", RpmFormat::V6);
    let digests = [
        tags::SIG_SHA3_256,
        tags::PAYLOAD_SHA512,
        tags::PAYLOAD_SHA3_256_ALT,
    ];
    for tag in digests {
        let parts = common::parts(&file);
        let stored = parts.signature.get(&tag.number);
        let Some(Value::Text(digest)) = stored.or_else(|| parts.header.get(&tag.number)) else {
            panic!("no {}", tag.name);
        };
        let at = file
            .windows(digest.len())
            .position(|it| it == digest.as_bytes());
        let mut damaged = file.clone();
        damaged[at.unwrap()] ^= 1;
        let error = read(&damaged).unwrap_err();
        assert!(
            matches!(error, ReadError::Digest { .. }),
            "{}: {error}",
            tag.name
        );
    }
}

#[test]
fn tags_come_back_as_they_were_set() {
    let file = written("w9.gzdio");
    let package = PackageFile::read(&file[..]).unwrap();
    let headers = package.headers();
    headers.check_digests().unwrap();
    let parts = common::parts(&file);
    for (number, value) in &parts.header {
        assert_eq!(headers.header().get_number(*number).as_ref(), Some(value));
    }
    assert_eq!(headers.format(), 4);
    assert!(!headers.is_source());
    assert_eq!(headers.header().text(tags::NAME).as_deref(), Some("demo"));
}

#[test]
fn a_payload_of_another_package_is_noticed() {
    let mut file = DENSE.clone();
    let last = file.len() - 9; // The length and checksum that end a gzip stream.
    file[last] ^= 1;
    assert!(read(&file).is_err());
}

#[test]
fn what_is_no_package_is_said_to_be_none() {
    for bytes in [&b""[..], b"#!/bin/sh\n", &[0; 4096]] {
        assert!(matches!(
            PackageFile::read(bytes),
            Err(ReadError::NotPackage)
        ));
    }
}

#[test]
fn absurd_sizes_reserve_no_memory() {
    let mut file = DENSE[..96].to_vec();
    file.extend([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]);
    file.extend(1_u32.to_be_bytes());
    for length in [u32::MAX, 0x0fff_ffff, 64 << 20] {
        let mut file = file.clone();
        file.extend(length.to_be_bytes());
        assert!(matches!(
            PackageFile::read(&file[..]),
            Err(ReadError::Header(_))
        ));
    }
}

#[test]
fn every_truncation_is_an_error() {
    let file = &*DENSE;
    for length in (0..file.len()).step_by(7) {
        assert!(read(&file[..length]).is_err(), "cut at {length}");
    }
}

/// Where a change may go unnoticed: the lead but for its magic, padding after the signature header,
/// and bytes of a compressed stream that mean nothing (the time in a gzip header).
fn same_package(changed: &[u8]) -> bool {
    let (one, other) = (PackageFile::read(changed), PackageFile::read(&DENSE[..]));
    match (one, other) {
        (Ok(one), Ok(other)) => {
            one.headers().header() == other.headers().header()
                && read(changed).unwrap() == read(&DENSE).unwrap()
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_flipped_bit_is_noticed(place in 0..DENSE.len(), bit in 0_u8..8) {
        let mut file = DENSE.clone();
        file[place] ^= 1 << bit;
        prop_assert!(read(&file).is_err() || same_package(&file), "byte {place}");
    }

    #[test]
    fn random_words_bring_nothing_down(
        changes in proptest::collection::vec((24..DENSE.len() / 4, any::<u32>()), 1..6)
    ) {
        let mut file = DENSE.clone();
        for (place, word) in changes {
            let place = place * 4;
            if let Some(four) = file.get_mut(place..place + 4) {
                four.copy_from_slice(&word.to_be_bytes());
            }
        }
        if let Ok(package) = PackageFile::read(&file[..]) {
            for number in package.headers().header().numbers() {
                let value = package.headers().header().get_number(number);
                prop_assert!(value.is_some_and(|it: Value| it.count() > 0));
            }
            let _ = package.headers().files();
        }
    }
}
