//! `--rebuild` of a `.dsc` file: its sources and spec go where those lie, and the build goes on from
//! there.
//!
//! Source: rpmbuild(1), `--rebuild`; dsc(5).

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use archive::Batch;
use debfile::source_package::{
    CARRIED, DscFile, SpecNames, StoredSource, SummedFile, read_dsc, read_rules,
};

use crate::BuildError;
use crate::deb::file_sums::summed_file;
use crate::deb::upstream::inspect;
use crate::deb::upstream::member_path;
use crate::files::absolute;
use crate::files::open_tar;
use crate::reading::read_main_source;
use crate::request::{Input, Request};

/// Which member names spec and main source.
const RULES: &str = "debian/rules";
/// A longer one was not made here.
const LONGEST_RULES: u64 = 1 << 20;

/// What commands are taken to print, one after the other. A number fits conditions and versions, a
/// comment or nothing fits where a whole line is a command's; a reading where it does not fit fails.
const ANSWERS: [&str; 4] = ["", "1", "2", "#1"];

const OTHER_FILE: &str = "it is not the file that the .dsc names: size or SHA-256 differ";

const UNKNOWN_MAIN: &str = "the name of its main source depends on what commands in the spec print, \
                            and unpacking runs none";

const UNREADABLE: &str = "nothing says the name of its main source: its spec can't be read unless all of \
                          it is run, and unpacking runs none of it";

/// Puts what belongs to a `.dsc` file into `places`, where sources and specs lie; returns the request
/// to build from that spec.
///
/// Nothing of the package is run for that. All files get their names when all of them are complete;
/// links that are there are replaced, not followed.
pub(crate) fn install(
    request: &Request,
    places: &rpmfile::SourcePlaces,
) -> Result<Request, BuildError> {
    let path = absolute(&request.spec);
    let (dsc, dir) = (load(&path)?, path.parent().unwrap_or(Path::new("/")));
    let part = |kind| dsc.files.iter().find(|it| dsc.kind_of(it) == kind);
    let damaged = |what: &str| fault(&path, io::Error::other(format!("it has no {what}")));
    let packaging = part(StoredSource::Packaging).ok_or_else(|| damaged("archive of `debian/`"))?;
    let upstream = part(StoredSource::Upstream).ok_or_else(|| damaged("upstream archive"))?;
    for file in [packaging, upstream] {
        check(dir, file)?;
    }
    let mut unpacked = Unpacked::start(places)?;
    let names = unpacked.unpack(&dir.join(&packaging.name))?;
    let spec = names.spec.clone();
    let spec = spec.ok_or_else(|| damaged("spec; it was not made by this program"))?;
    if let Some(main) = unpacked.main_source(request, &names, &spec, &path)? {
        unpacked.place_main(&dir.join(&upstream.name), &main)?;
    }
    unpacked.commit()?;
    Ok(Request {
        input: Input::Spec,
        spec: places.specs.join(spec),
        ..request.clone()
    })
}

fn fault(path: &Path, source: io::Error) -> BuildError {
    BuildError::Read {
        what: "source package",
        path: path.to_owned(),
        source,
    }
}

fn load(path: &Path) -> Result<DscFile, BuildError> {
    let text = limits::read_text(path, limits::METADATA).map_err(|source| fault(path, source))?;
    read_dsc(&text).map_err(|error| fault(path, io::Error::other(error)))
}

/// The file must be the one that the `.dsc` means. What has another size is not read for that, and a
/// device or FIFO has none.
fn check(dir: &Path, wanted: &SummedFile) -> Result<(), BuildError> {
    let path = dir.join(&wanted.name);
    let metadata = fs::metadata(&path).map_err(|source| fault(&path, source))?;
    if !metadata.is_file() {
        return Err(fault(&path, io::Error::other("it is no regular file")));
    }
    if metadata.len() != wanted.sums.size {
        return Err(fault(&path, io::Error::other(OTHER_FILE)));
    }
    let found = summed_file(&path).map_err(|source| fault(&path, io::Error::other(source)))?;
    if found.sums.size == wanted.sums.size && found.sums.sha256 == wanted.sums.sha256 {
        return Ok(());
    }
    Err(fault(&path, io::Error::other(OTHER_FILE)))
}

/// What comes out of a package, without its names until all is there.
struct Unpacked<'p> {
    places: &'p rpmfile::SourcePlaces,
    sources: Batch,
    specs: Batch,
}

impl<'p> Unpacked<'p> {
    fn start(places: &'p rpmfile::SourcePlaces) -> Result<Self, BuildError> {
        let start = |dir: &Path| Batch::start_in(dir).map_err(|error| write_fault(dir, error));
        Ok(Self {
            places,
            sources: start(&places.sources)?,
            specs: start(&places.specs)?,
        })
    }

    fn commit(self) -> Result<(), BuildError> {
        let commit = |batch: Batch, dir| batch.commit().map_err(|error| write_fault(dir, error));
        commit(self.sources, &self.places.sources)?;
        commit(self.specs, &self.places.specs)
    }

    /// Unpacks what `debian/` carries; returns the names of spec and main source as far as it says them.
    fn unpack(&mut self, path: &Path) -> Result<SpecNames, BuildError> {
        let read = |source| fault(path, source);
        let (mut names, mut last) = (SpecNames::default(), None);
        let mut archive = File::open(path).and_then(open_tar).map_err(read)?;
        for entry in archive.entries().map_err(read)? {
            let mut entry = entry.map_err(read)?;
            let Some(name) = member_path(&entry.path_bytes()) else {
                continue;
            };
            if !entry.header().entry_type().is_file() {
                continue;
            }
            if name == RULES {
                names = read_rules(&text_of(&mut entry).map_err(read)?);
                continue;
            }
            let below = name.strip_prefix(CARRIED);
            let Some(name) = below.and_then(|it| it.strip_prefix('/')) else {
                continue;
            };
            let is_spec = name.ends_with(".spec");
            let (batch, dir) = match is_spec {
                true => (&mut self.specs, &self.places.specs),
                false => (&mut self.sources, &self.places.sources),
            };
            let file = create(batch, dir, name)?;
            copy(&mut entry, &file).map_err(|error| error.of(path, dir))?;
            keep_mode_and_time(&entry, &file).map_err(read)?;
            if is_spec {
                last = Some(name.to_owned());
            }
        }
        let is_there = |name: &String| self.specs.hidden().join(name).is_file();
        names.spec = names.spec.filter(is_there).or(last);
        Ok(names)
    }

    /// The name of the main source. Where the package does not say it, the spec is read for it, without
    /// running anything: what does not depend on commands is the same whatever they print.
    fn main_source(
        &self,
        request: &Request,
        names: &SpecNames,
        spec: &str,
        package: &Path,
    ) -> Result<Option<String>, BuildError> {
        if names.main_source.is_some() {
            return Ok(names.main_source.clone());
        }
        let request = Request {
            input: Input::Spec,
            spec: self.specs.hidden().join(spec),
            ..request.clone()
        };
        let read = |answer| read_main_source(&request, self.sources.hidden(), answer);
        let mut found = ANSWERS.iter().filter_map(|it| read(Some(it)).ok());
        let first = found.next();
        let (count, agree) = found.fold((0, true), |(count, agree), it| {
            (count + 1, agree && first.as_ref() == Some(&it))
        });
        match first {
            Some(name) if count > 0 && agree => Ok(name),
            // A build runs all of it anyway.
            _ if request.is_rebuild => read(None),
            Some(_) => Err(fault(package, io::Error::other(UNKNOWN_MAIN))),
            None => Err(fault(package, io::Error::other(UNREADABLE))),
        }
    }

    /// Puts the upstream archive, or what it was put around, where the spec seeks its main source.
    fn place_main(&mut self, upstream: &Path, name: &str) -> Result<(), BuildError> {
        let dir = &self.places.sources;
        let file = create(&mut self.sources, dir, name)?;
        let found = inspect(upstream, &[])?;
        if found.is_some_and(|it| it.few == [name]) {
            return unwrap(upstream, name, &file, dir);
        }
        let read = |source| fault(upstream, source);
        let mut input = File::open(upstream).map_err(read)?;
        copy(&mut input, &file).map_err(|error| error.of(upstream, dir))?;
        let modified = input.metadata().and_then(|it| it.modified());
        set_mode_and_time(&file, 0o644, modified.map_err(read)?).map_err(read)
    }
}

fn write_fault(dir: &Path, error: archive::Error) -> BuildError {
    BuildError::Write {
        path: dir.to_owned(),
        source: io::Error::other(error),
    }
}

/// Makes a file of a batch for `dir`.
fn create(batch: &mut Batch, dir: &Path, name: &str) -> Result<File, BuildError> {
    let file = batch.create(name.as_ref());
    file.map_err(|error| write_fault(dir, error))
}

/// A copy that failed, at either end.
enum CopyFault {
    Read(io::Error),
    Write(io::Error),
}

impl CopyFault {
    fn of(self, from: &Path, dir: &Path) -> BuildError {
        match self {
            Self::Read(source) => fault(from, source),
            Self::Write(source) => BuildError::Write {
                path: dir.to_owned(),
                source,
            },
        }
    }
}

fn copy(from: &mut impl Read, mut to: &File) -> Result<(), CopyFault> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => to.write_all(&buffer[..count]).map_err(CopyFault::Write)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CopyFault::Read(error)),
        }
    }
}

fn text_of(entry: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    entry.take(LONGEST_RULES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn keep_mode_and_time(entry: &tar::Entry<'_, impl Read>, file: &File) -> io::Result<()> {
    let header = entry.header();
    let is_executable = header.mode()? & 0o111 != 0;
    let mode = if is_executable { 0o755 } else { 0o644 };
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(header.mtime()?));
    let time = time.ok_or_else(|| io::Error::other("a time in it is out of range"))?;
    set_mode_and_time(file, mode, time)
}

fn set_mode_and_time(file: &File, mode: u32, time: SystemTime) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.set_modified(time)
}

/// Takes the one file out of an archive that was put around it.
fn unwrap(archive: &Path, name: &str, file: &File, dir: &Path) -> Result<(), BuildError> {
    let read = |source| fault(archive, source);
    let mut members = File::open(archive).and_then(open_tar).map_err(read)?;
    for entry in members.entries().map_err(read)? {
        let mut entry = entry.map_err(read)?;
        let path = member_path(&entry.path_bytes()).unwrap_or_default();
        if entry.header().entry_type().is_file() && path.ends_with(name) {
            copy(&mut entry, file).map_err(|error| error.of(archive, dir))?;
            return keep_mode_and_time(&entry, file).map_err(read);
        }
    }
    let reason = format!("its one member, `{name}`, is no regular file");
    Err(read(io::Error::other(reason)))
}
