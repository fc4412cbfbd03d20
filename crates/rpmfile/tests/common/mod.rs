//! Helpers: the parts of an .rpm file, taken apart without the code under test, and running real
//! tools.

#![allow(clippy::unwrap_used, dead_code)] // Helpers of tests, each used by some of them.

pub(crate) mod demo;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use package::{Output, Package, RpmFormat};
use source::Sink;
use specbuild_rpmfile::{Options, Value, Written, write};

/// One payload format for each compressor.
pub(crate) const PAYLOADS: [&str; 6] = [
    "w.ufdio",
    "w9.gzdio",
    "w9.bzdio",
    "w2.xzdio",
    "w2.lzdio",
    "w3T0.zstdio",
];

/// The bytes of an .rpm file, and what is said of it.
pub(crate) fn written(package: &Package, options: &Options) -> (Vec<u8>, Written) {
    let mut file = Cursor::new(Vec::new());
    let out = &mut Output::new(&mut file);
    let mut sink = Sink::new();
    let written = write(package, options, out, &mut sink).unwrap();
    assert!(sink.found().is_empty());
    assert_eq!(written.receipt.size, file.get_ref().len() as u64);
    (file.into_inner(), written)
}

/// The package as it is in another format.
pub(crate) fn of_format(mut package: Package, format: RpmFormat) -> Package {
    package.build.format = format;
    package
}

/// An .rpm file in parts.
pub(crate) struct Parts {
    pub(crate) lead: Vec<u8>,
    pub(crate) signature: BTreeMap<u32, Value>,
    pub(crate) header: BTreeMap<u32, Value>,
    pub(crate) payload: Vec<u8>,
}

pub(crate) fn parts(file: &[u8]) -> Parts {
    let (signature, end) = entries(file, 96);
    let (header, payload) = entries(file, end.next_multiple_of(8));
    let lead = file[..96].to_vec();
    Parts {
        lead,
        signature,
        header,
        payload: file[payload..].to_vec(),
    }
}

fn word(file: &[u8], at: usize) -> usize {
    u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize
}

/// The tags of the header at `start`, without its region, and where it ends.
fn entries(file: &[u8], start: usize) -> (BTreeMap<u32, Value>, usize) {
    assert_eq!(file[start..start + 4], [0x8e, 0xad, 0xe8, 1]);
    let (count, length) = (word(file, start + 8), word(file, start + 12));
    let data = start + 16 + 16 * count;
    let entry = |index: usize| {
        let at = start + 16 + 16 * index;
        let [number, kind, offset, count] = [0, 4, 8, 12].map(|it| word(file, at + it));
        (number as u32, value(&file[data + offset..], kind, count))
    };
    ((1..count).map(entry).collect(), data + length)
}

fn value(data: &[u8], kind: usize, count: usize) -> Value {
    let texts = || data.split(|it| *it == 0).take(count).map(text).collect();
    match kind {
        3 => Value::Int16(
            data.chunks(2)
                .take(count)
                .map(|it| number(it) as u16)
                .collect(),
        ),
        4 => Value::Int32(
            data.chunks(4)
                .take(count)
                .map(|it| number(it) as u32)
                .collect(),
        ),
        5 => Value::Int64(data.chunks(8).take(count).map(number).collect()),
        6 => Value::Text(text(data.split(|it| *it == 0).next().unwrap())),
        7 => Value::Binary(data[..count].to_vec()),
        8 => Value::Texts(texts()),
        9 => Value::Translated(texts()),
        other => panic!("value of type {other}"),
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a command prints.
pub(crate) fn run(directory: &Path, words: &[&str]) -> String {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(directory);
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .env("HOME", directory);
    command.env("SOURCE_DATE_EPOCH", "1700000000");
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{words:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
