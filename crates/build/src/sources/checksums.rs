//! `sources`: the checksums of sources that a file of that name beside the spec holds, as Fedora's
//! lookaside cache writes it.
//!
//! `%_verify_sources` says what a wrong one is: `error`, `warn`, or `off` to look at none. Under the
//! tool's own name it is an error, under others a warning: build roots did without it so far.
//! Source: Fedora's packaging documentation, "Lookaside cache"; cksum(1), `--tag`.

mod line;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use archive::{Algorithm, DigestReader};
use source::{Code, Diagnostic, FileId, Origin};
use spec::{Source, SourceKind, Spec};
use target::Personality;

use crate::BuildError;
use crate::files::absolute;
use crate::machine::parallel::in_parallel;
use crate::project::Project;
use crate::request::Request;
use crate::sources::checksums::line::{Checksum, Line, Malformed, parse_line};

/// A source is not what its checksum says.
pub(crate) const WRONG: Code = crate::codes::WRONG_CHECKSUM;
/// A line of the file holds no checksum, or one that proves nothing.
const BAD_LINE: Code = crate::codes::BAD_CHECKSUM_LINE;
/// A source has no checksum, but a file that is called nearly so has.
const UNLISTED: Code = crate::codes::UNLISTED_CHECKSUM;

/// How to go on without checksums.
const WAY_OUT: &str = "with `%_verify_sources off`, checksums are not looked at";

/// What is to happen at a wrong checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Severity {
    Off,
    Warning,
    Error,
}

/// A source and the file to be verified, which may not have its name yet.
pub(crate) struct SourceFile {
    pub(crate) source: Source,
    pub(crate) path: PathBuf,
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
        if severity == Severity::Off || !is_there(&path) {
            return Ok(checksums);
        }
        let text = match read(&path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("cannot read the checksums in {}: {error}", path.display());
                let finding = checksums.make(BAD_LINE, message).help(WAY_OUT);
                return told(finding, project).map(|()| checksums);
            }
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        let file = project
            .engine
            .sources
            .add(path.display().to_string(), text.clone());
        let place = Place { text: &text, file };
        let names: Vec<String> = names(&project.spec);
        let is_source = |name: &str| names.iter().any(|it| it == name);
        let mut result = Ok(());
        for line in text.lines() {
            let finding = match parse_line(line, &is_source) {
                Line::Nothing => continue,
                Line::Sum(name, sum) => {
                    let origin = place.origin(&sum.digits, line, project);
                    checksums.add(name, sum, origin)
                }
                Line::Malformed(it) => Some(checksums.malformed(&it, line, &place, project)),
                Line::Other => Some(checksums.none_in(line, &place, project)),
            };
            if let Some(finding) = finding {
                result = result.and(told(finding, project));
            }
        }
        checksums.find_unlisted(&names, project);
        result.map(|()| checksums)
    }

    /// Adds a checksum; the result is what is wrong if there is another one of that file already.
    fn add(&mut self, name: String, sum: Checksum, origin: Origin) -> Option<Diagnostic> {
        let sums = self.by_name.get(&name).into_iter().flatten();
        let mut others = sums.filter(|it| it.algorithm == sum.algorithm);
        let finding = others.any(|it| it.digits != sum.digits).then(|| {
            let by = sum.name;
            let message = format!("`sources` has two different checksums of {name} by {by}");
            self.make(BAD_LINE, message)
                .label(origin, "the second of them")
        });
        self.by_name.entry(name).or_default().push(sum);
        finding
    }

    fn malformed(
        &self,
        malformed: &Malformed,
        line: &str,
        place: &Place<'_>,
        project: &Project,
    ) -> Diagnostic {
        let Malformed {
            file_name,
            fault,
            part,
        } = malformed;
        let message = format!("`sources` has a malformed checksum of {file_name}: {fault}");
        let origin = place.origin(part, line, project);
        let help = format!("`sha512sum --tag {file_name}` writes such a line");
        self.make(BAD_LINE, message).at(origin).help(help)
    }

    /// A finding as bad as a wrong checksum.
    fn make(&self, code: Code, message: String) -> Diagnostic {
        match self.severity {
            Severity::Error => Diagnostic::error(code, message),
            _ => Diagnostic::warning(code, message).not_in_rpm(),
        }
    }

    fn none_in(&self, line: &str, place: &Place<'_>, project: &Project) -> Diagnostic {
        let origin = place.origin(line.trim_end(), line, project);
        self.make(
            BAD_LINE,
            "this line of `sources` is not a checksum".to_owned(),
        )
        .at(origin)
        .note("lines are `SHA512 (NAME) = SUM` or `SUM  NAME`")
        .help(WAY_OUT)
    }

    /// Warns of sources without a checksum: those that come from elsewhere, and those where one of a
    /// file is there that is called nearly so. Others are kept beside the spec, as patches are.
    fn find_unlisted(&self, names: &[String], project: &mut Project) {
        let strangers = self.by_name.keys().filter(|it| !names.contains(it));
        let strangers: Vec<&str> = strangers.map(String::as_str).collect();
        for source in &project.spec.sources {
            let name = &source.file_name;
            if self.by_name.contains_key(name) {
                continue;
            }
            let message = match source::closest(name, strangers.iter().copied()) {
                Some(near) => format!("`sources` has a checksum of {near}, but none of {name}"),
                None if is_from_elsewhere(source) => {
                    format!("`sources` has no checksum of {name}")
                }
                None => continue,
            };
            let finding = Diagnostic::warning(UNLISTED, message)
                .label(source.origin, "this file is not verified");
            project.engine.sink.push(finding.not_in_rpm());
        }
    }

    /// Reports the sources among `paths` that are not what their checksums say. Each is read once,
    /// several at a time.
    pub(crate) fn check(
        &self,
        project: &mut Project,
        sources: &[SourceFile],
    ) -> Result<(), BuildError> {
        let known = |it: &&SourceFile| self.by_name.contains_key(&it.source.file_name);
        let listed: Vec<_> = sources.iter().filter(known).collect();
        let found = in_parallel(&listed, |it| {
            let sums = self.by_name.get(&it.source.file_name);
            wrong_sum(&it.path, sums.map(Vec::as_slice).unwrap_or_default())
        });
        let mut result = Ok(());
        for (SourceFile { source, path }, found) in listed.into_iter().zip(found) {
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
            project.place_of(source).display()
        );
        let make = match self.severity {
            Severity::Error => Diagnostic::error,
            _ => Diagnostic::warning,
        };
        let diagnostic = make(WRONG, message)
            .label(source.origin, "this file is another one than expected")
            .help(WAY_OUT);
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

/// The file of checksums, for messages.
struct Place<'t> {
    text: &'t str,
    file: FileId,
}

impl Place<'_> {
    /// Where a part of a line is.
    fn origin(&self, part: &str, line: &str, project: &Project) -> Origin {
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let inner = line.to_ascii_lowercase().find(&part.to_ascii_lowercase());
        let (start, length) = match inner {
            Some(inner) => (start + inner, part.len()),
            None => (start, line.len()),
        };
        project
            .engine
            .sources
            .whole(self.file)
            .slice(start, length)
            .into()
    }
}

/// Hands on a finding; fails if it is an error.
fn told(finding: Diagnostic, project: &mut Project) -> Result<(), BuildError> {
    let sink = &mut project.engine.sink;
    if finding.is_fatal() {
        return Err(sink.report(finding).into());
    }
    sink.push(finding);
    Ok(())
}

/// Whether a file of checksums is there, be it one that nobody can read. A directory of that name holds
/// sources.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok() && !path.is_dir()
}

/// The text of a file of checksums. Pipes and devices, which may never end, are not opened.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    match path.metadata()?.is_file() {
        true => limits::read(path, limits::TEXT),
        false => Err(io::Error::other("it is not a regular file")),
    }
}

/// Whether a source is one that others publish: it has a URL, or is an archive. Their signatures prove
/// themselves.
fn is_from_elsewhere(source: &Source) -> bool {
    const SIGNATURES: [&str; 3] = [".asc", ".sig", ".sign"];
    const ARCHIVES: [&str; 8] = [
        ".tgz", ".tbz", ".tbz2", ".txz", ".tar", ".zip", ".gem", ".crate",
    ];
    let name = source.file_name.to_ascii_lowercase();
    let ends_as = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
    let is_published = source.value.contains("://") || name.contains(".tar.") || ends_as(&ARCHIVES);
    source.kind == SourceKind::Source && is_published && !ends_as(&SIGNATURES)
}

/// The file names of all sources.
fn names(spec: &Spec) -> Vec<String> {
    spec.sources.iter().map(|it| it.file_name.clone()).collect()
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
