//! `sources`: the checksums of sources that a file of that name beside the spec holds, as Fedora's
//! lookaside cache writes it.
//!
//! `%_verify_sources` says what a wrong one is: `error`, `warn`, or `off` to look at none. Under the
//! tool's own name it is an error, under others a warning: build roots did without it so far.
//! Source: Fedora's packaging documentation, "Lookaside cache"; cksum(1), `--tag`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use archive::{Algorithm, DigestReader};
use source::{Code, Diagnostic};
use spec::Source;
use target::Personality;

use crate::BuildError;
use crate::read::{Project, absolute};
use crate::request::Request;

/// A source is not what its checksum says.
pub(crate) const WRONG: Code = crate::codes::WRONG_CHECKSUM;
/// A line of the file holds no checksum.
const BAD_LINE: Code = crate::codes::BAD_CHECKSUM_LINE;

/// The names of algorithms in such files, and the length of their sums in digits.
const ALGORITHMS: [(&str, Algorithm, usize); 6] = [
    ("MD5", Algorithm::Md5, 32),
    ("SHA1", Algorithm::Sha1, 40),
    ("SHA224", Algorithm::Sha224, 56),
    ("SHA256", Algorithm::Sha256, 64),
    ("SHA384", Algorithm::Sha384, 96),
    ("SHA512", Algorithm::Sha512, 128),
];

/// What is to happen at a wrong checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Severity {
    Off,
    Warning,
    Error,
}

/// One checksum of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Checksum {
    name: &'static str,
    algorithm: Algorithm,
    /// In lower-case hexadecimal.
    digits: String,
}

/// The checksums beside a spec, by file name.
pub(crate) struct Checksums {
    severity: Severity,
    by_name: BTreeMap<String, Vec<Checksum>>,
}

impl Checksums {
    /// Those that lie beside the spec of a request; none if there is no such file.
    pub(crate) fn load(request: &Request, project: &mut Project) -> Result<Self, BuildError> {
        let severity = severity(request, project)?;
        let mut checksums = Self {
            severity,
            by_name: BTreeMap::new(),
        };
        let path = absolute(&request.spec).with_file_name("sources");
        if severity == Severity::Off || !path.is_file() {
            return Ok(checksums);
        }
        let text = std::fs::read(&path).map_err(|source| BuildError::Read {
            what: "checksums",
            path: path.clone(),
            source,
        })?;
        for (at, line) in String::from_utf8_lossy(&text).lines().enumerate() {
            match parse_line(line) {
                Some((name, sum)) => checksums.by_name.entry(name).or_default().push(sum),
                None if line.trim().is_empty() || line.starts_with('#') => {}
                None => project.engine.sink.push(bad_line(&path, at + 1)),
            }
        }
        Ok(checksums)
    }

    /// Reports the sources among `paths` that are not what their checksums say. Each is read once,
    /// several at a time.
    pub(crate) fn check(
        &self,
        project: &mut Project,
        sources: &[(Source, PathBuf)],
    ) -> Result<(), BuildError> {
        let known = |(source, _): &&(Source, PathBuf)| self.by_name.contains_key(&source.file_name);
        let listed: Vec<_> = sources.iter().filter(known).collect();
        let found = in_parallel(&listed, |(source, path)| {
            let sums = self.by_name.get(&source.file_name);
            wrong_sum(path, sums.map(Vec::as_slice).unwrap_or_default())
        });
        let mut result = Ok(());
        for ((source, path), found) in listed.into_iter().zip(found) {
            let wrong = found.map_err(|error| BuildError::Read {
                what: "source",
                path: path.clone(),
                source: error,
            })?;
            for (expected, found) in wrong {
                let reported = self.report(project, source, &expected, &found);
                result = result.and(reported);
            }
        }
        result
    }

    fn report(
        &self,
        project: &mut Project,
        source: &Source,
        expected: &Checksum,
        found: &str,
    ) -> Result<(), BuildError> {
        let Checksum { name, digits, .. } = expected;
        let message = format!(
            "Bad source: {}: {name} is {found}, but `sources` says {digits}",
            source.path
        );
        let make = match self.severity {
            Severity::Error => Diagnostic::error,
            _ => Diagnostic::warning,
        };
        let diagnostic = make(WRONG, message)
            .label(source.origin, "this file is another one than expected")
            .help("with `%_verify_sources off`, checksums are not looked at");
        let sink = &mut project.engine.sink;
        if self.severity == Severity::Error {
            return Err(sink.report(diagnostic).into());
        }
        sink.push(diagnostic);
        Ok(())
    }
}

fn severity(request: &Request, project: &mut Project) -> Result<Severity, BuildError> {
    let word = project.engine.expand_str("%{?_verify_sources}")?;
    Ok(match word.as_str() {
        "off" | "0" => Severity::Off,
        "error" | "1" => Severity::Error,
        "" if request.personality == Personality::Specbuild => Severity::Error,
        _ => Severity::Warning,
    })
}

fn bad_line(path: &Path, number: usize) -> Diagnostic {
    let path = path.display();
    let message = format!("{path}: line {number} is no checksum");
    let note = "lines are `SHA512 (NAME) = SUM` or `SUM  NAME`";
    Diagnostic {
        // A file of that name may be anything in a directory of many specs.
        is_beyond_rpm: true,
        ..Diagnostic::warning(BAD_LINE, message).note(note)
    }
}

/// `SHA512 (NAME) = SUM`, or `SUM  NAME` where the length tells the algorithm.
fn parse_line(line: &str) -> Option<(String, Checksum)> {
    let tagged = line.split_once(" (").and_then(|(tag, rest)| {
        let (name, digits) = rest.rsplit_once(") = ")?;
        Some((Some(tag.trim()), name, digits))
    });
    let (tag, name, digits) = match tagged {
        Some(parts) => parts,
        None => {
            let (digits, name) = line.trim().split_once(char::is_whitespace)?;
            (None, name.trim_start().trim_start_matches('*'), digits)
        }
    };
    let digits = digits.trim().to_ascii_lowercase();
    let is_meant = |(known, _, length): &&(&str, Algorithm, usize)| {
        *length == digits.len() && tag.is_none_or(|tag| tag.eq_ignore_ascii_case(known))
    };
    let (known, algorithm, _) = ALGORITHMS.iter().find(is_meant)?;
    let is_sum = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let sum = Checksum {
        name: known,
        algorithm: *algorithm,
        digits,
    };
    (is_sum && !name.is_empty()).then(|| (name.to_owned(), sum))
}

/// The checksums that a file does not have, with what it has instead.
fn wrong_sum(path: &Path, sums: &[Checksum]) -> io::Result<Vec<(Checksum, String)>> {
    let algorithms: Vec<Algorithm> = sums.iter().map(|sum| sum.algorithm).collect();
    let mut reader = DigestReader::new(&algorithms, File::open(path)?);
    io::copy(&mut reader, &mut io::sink())?;
    let digests = reader.finish();
    let pairs = sums
        .iter()
        .map(|sum| (sum.clone(), digests.hex(sum.algorithm)));
    Ok(pairs.filter(|(sum, found)| sum.digits != *found).collect())
}

/// What `act` makes of each, in their order, by as many threads as there are processors.
fn in_parallel<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match items.get(at) {
                Some(item) => done.push((at, act(item))),
                None => return done,
            }
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let count = processors.min(items.len());
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        let results = threads.into_iter().map(|thread| {
            // Nothing in there panics; what did is passed on.
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        results.flatten().collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_lines_are_known() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let told = |line: &str| parse_line(line).map(|(name, sum)| (name, sum.name));
        let cases = [
            (format!("MD5 (a (1).tgz) = {md5}"), "a (1).tgz"),
            (format!("{md5}  a.tgz"), "a.tgz"),
            (format!("{} *a.tgz", md5.to_uppercase()), "a.tgz"),
        ];
        for (line, name) in cases {
            assert_eq!(told(&line), Some((name.to_owned(), "MD5")), "{line}");
        }
        for line in [
            "",
            "words only",
            &format!("SHA512 (a) = {md5}"),
            "MD5 (a) =",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn results_keep_their_order() {
        let items: Vec<u32> = (0..100).collect();
        assert_eq!(in_parallel(&items, |item| item * 2)[99], 198);
        assert_eq!(in_parallel(&items[..0], |item| *item), Vec::<u32>::new());
    }
}
