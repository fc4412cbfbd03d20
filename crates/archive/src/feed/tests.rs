//! Order, digests and faults of files that are read ahead.

use super::*;
use std::fs;

fn files(directory: &Path, sizes: &[usize]) -> Vec<Source> {
    let make = |(index, size): (usize, &usize)| {
        let path = directory.join(index.to_string());
        fs::write(&path, vec![index as u8; *size]).unwrap();
        Source::Path {
            path,
            size: *size as u64,
        }
    };
    sizes.iter().enumerate().map(make).collect()
}

#[test]
fn files_come_in_order_whatever_the_number_of_threads() {
    let directory = tempfile::tempdir().unwrap();
    let sizes: Vec<usize> = (0..200)
        .map(|it| [0, 10, 3 * CHUNK, CHUNK, 900_001, 5000][it * it % 6])
        .collect();
    let sources = files(directory.path(), &sizes);
    for threads in [1, 2, 7] {
        let mut feed = Feed::start(sources.clone(), &[Algorithm::Md5], Some(threads)).unwrap();
        for (index, size) in sizes.iter().enumerate() {
            let mut content = Vec::new();
            let digests = feed.copy_next(&mut content).unwrap();
            assert!(content == vec![index as u8; *size], "file {index}");
            assert_eq!(digests, crate::digest_bytes(&[Algorithm::Md5], &content));
        }
        let past_the_end = feed.copy_next(&mut Vec::new());
        assert!(matches!(past_the_end, Err(Error::FeedEnded)));
    }
}

#[test]
fn inline_bytes_are_files_too() {
    let mut feed = Feed::start(vec![Source::Inline(b"abc".to_vec())], &[], None).unwrap();
    let mut content = Vec::new();
    assert_eq!(feed.copy_next(&mut content).unwrap().length(), 3);
    assert_eq!(content, b"abc");
}

#[test]
fn a_file_that_grew_or_shrank_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    for (size, now) in [
        (5, 4),
        (5, 6),
        (CHUNK, CHUNK + 1),
        (CHUNK + 1, CHUNK),
        (0, 1),
        (8 * CHUNK, 8 * CHUNK + 1),
        (8 * CHUNK, 5 * CHUNK),
    ] {
        let sources = files(directory.path(), &[size]);
        fs::write(directory.path().join("0"), vec![0; now]).unwrap();
        let outcome = Feed::start(sources, &[], None)
            .unwrap()
            .copy_next(&mut Vec::new());
        assert!(
            matches!(outcome, Err(Error::SizeChanged { .. })),
            "{size} to {now}"
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    let source = Source::Path {
        path: "/nonexistent/file".into(),
        size: 1,
    };
    let outcome = Feed::start(vec![source], &[], None)
        .unwrap()
        .copy_next(&mut Vec::new());
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "cannot read /nonexistent/file"
    );
}

#[test]
fn a_feed_can_be_dropped_at_any_time() {
    let directory = tempfile::tempdir().unwrap();
    let sources = files(directory.path(), &[5 * CHUNK; 100]);
    let mut feed = Feed::start(sources, &[], Some(3)).unwrap();
    feed.copy_next(&mut Vec::new()).unwrap();
    drop(feed);
}
