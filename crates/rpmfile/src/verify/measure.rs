//! Finds out what each digest and signature is worth. The payload passes once for all digests, and
//! once more for each signature that covers it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use archive::{Algorithm, DigestSet, Digests};
use sign::{Keyring, Opinion, SignError};

use super::Outcome;
use super::items::{HEADER, Item, PAYLOAD, Range, Said};
use crate::read::{Headers, PackageFile, ReadError};

/// Compares all digests; the headers.
pub(super) fn measure(
    package: PackageFile<BufReader<File>>,
    items: &mut [Item],
) -> Result<Headers, ReadError> {
    let algorithms = |range: Range| -> Vec<Algorithm> {
        let items = items.iter().filter(|it| it.kind.range == range);
        items.filter_map(|it| it.kind.algorithm).collect()
    };
    let mut sets: Vec<(Range, DigestSet)> = [HEADER, PAYLOAD, HEADER | PAYLOAD]
        .map(|range| (range, DigestSet::new(&algorithms(range))))
        .into();
    let (headers, mut payload) = package.into_stored_payload();
    feed(&mut sets, HEADER, headers.header().bytes());
    let mut buffer = vec![0; 128 * 1024];
    while !sets_are_idle(items, PAYLOAD) {
        match payload.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => feed(&mut sets, PAYLOAD, &buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ReadError::Read(error)),
        }
    }
    let digests = sets.into_iter().map(|(range, set)| (range, set.finish()));
    let digests: Vec<(Range, Digests)> = digests.collect();
    for item in items {
        compare(item, &digests);
    }
    Ok(headers)
}

/// Whether no digest covers a range.
fn sets_are_idle(items: &[Item], range: Range) -> bool {
    let mut covering = items.iter().filter(|it| it.kind.range & range != 0);
    !covering.any(|it| matches!(it.said, Said::Digest(_)))
}

fn feed(sets: &mut [(Range, DigestSet)], range: Range, bytes: &[u8]) {
    let covering = sets.iter_mut().filter(|(covered, _)| covered & range != 0);
    covering.for_each(|(_, set)| set.update(bytes));
}

fn compare(item: &mut Item, digests: &[(Range, Digests)]) {
    let (Said::Digest(said), Some(algorithm)) = (&item.said, item.kind.algorithm) else {
        return;
    };
    let found = digests.iter().find(|(range, _)| *range == item.kind.range);
    let found = found.map_or_else(String::new, |(_, it)| it.hex(algorithm));
    if found.eq_ignore_ascii_case(said) {
        item.outcome = Outcome::Good;
    } else {
        item.note = Some(format!("Expected {said} != {found}"));
    }
}

/// Looks at all signatures.
pub(super) fn check_signatures(
    path: &Path,
    headers: &Headers,
    keyring: &Keyring,
    items: &mut [Item],
) -> Result<(), ReadError> {
    for item in items {
        let Said::Signature(signature) = &item.said else {
            continue;
        };
        let opinion = if item.kind.range == HEADER {
            keyring.check(signature, &mut headers.header().bytes())
        } else if keyring.knows(signature) {
            keyring.check(signature, &mut after_signatures(path, headers)?)
        } else {
            Ok(Opinion::NoKey)
        };
        take(item, opinion.map_err(lift)?);
    }
    Ok(())
}

fn take(item: &mut Item, opinion: Opinion) {
    (item.outcome, item.fingerprint, item.note) = match opinion {
        Opinion::Good(fingerprint) => (Outcome::Good, Some(fingerprint), None),
        Opinion::Bad(_) => (Outcome::Bad, None, None),
        Opinion::NoKey => (Outcome::NoKey, None, None),
        Opinion::NotTrusted(fingerprint, reason) => {
            (Outcome::NotTrusted, Some(fingerprint), Some(reason))
        }
    };
}

/// The file from the main header on.
pub(crate) fn after_signatures(path: &Path, headers: &Headers) -> Result<impl Read, ReadError> {
    let mut file = File::open(path).map_err(ReadError::Open)?;
    let start = SeekFrom::Start(headers.start_of_header());
    file.seek(start).map_err(ReadError::Read)?;
    Ok(BufReader::new(file))
}

fn lift(error: SignError) -> ReadError {
    match error {
        SignError::ReadData(source) => ReadError::Read(source),
        other => ReadError::Read(io::Error::other(other)),
    }
}
