//! `uncompress`: rpm's `rpmuncompress`, which `%setup` and `%patch` call.
//!
//! tar (in any common compression), zip and gem archives are read in process; the rarer formats
//! through the program that knows them.
//!
//! Source: rpm `docs/man/rpmuncompress.1.scd`.

mod allowance;
mod decode;
mod destination;
mod external;
mod format;
mod gem;
mod plan;
mod sparse;
mod tarball;
mod zipfile;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

pub(crate) use decode::open;
pub(crate) use format::{Format, detect};
pub use plan::{PROGRAMS, usual};

use crate::call::{Call, Environment};
use crate::error::{Doing, Error};
use destination::Destination;

/// How the command is used, for a wrong one.
const USAGE: &str =
    "usage: uncompress [-v] [-n] FILE | uncompress -x [-v] [-n] [-C DIR] [--limit BYTES] ARCHIVE";

/// What the command line asked for.
#[derive(Default)]
struct Request {
    /// `-x`: unpack instead of writing to standard output.
    extract: bool,
    /// `-n`: only say, as a shell command, what would be done.
    dry_run: bool,
    /// `-v`: name each member of an archive.
    verbose: bool,
    /// `-C DIR`: unpack there, whatever top directory the archive has.
    into: Option<PathBuf>,
    /// `--limit BYTES`: unpack no more than that, 0 for no limit.
    limit: Option<u64>,
    /// The file.
    file: PathBuf,
}

/// `uncompress [-x] [-v] [-n] [-C DIR] FILE`.
///
/// Status 0 on success; 1 when the file cannot be read, or a member could not be unpacked (the
/// others still are).
pub(crate) fn uncompress(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(request) = parse_request(call.args) else {
        return Err(Error::Usage(USAGE.to_owned()));
    };
    let file = call.environment.path(&request.file);
    let format = detect(&file)?;
    if request.dry_run || request.verbose {
        call.warn(plan::command(&request, call.environment, format))?;
    }
    if request.dry_run {
        return Ok(0);
    }
    if !request.extract && !format.is_archive() {
        let mut input = open(&file, format, call.environment)?;
        std::io::copy(&mut input, call.out).doing("uncompress", &file)?;
        return Ok(0);
    }
    unpack(call, &request, &file, format)
}

/// Unpacks `file` where the request says, and tells what went wrong member by member.
fn unpack(
    call: &mut Call<'_>,
    request: &Request,
    file: &Path,
    format: Format,
) -> Result<u8, Error> {
    let directory = match &request.into {
        Some(directory) => call.environment.path(directory),
        None => call.environment.directory.clone(),
    };
    std::fs::create_dir_all(&directory).doing("make directory", &directory)?;
    check_place(call.environment, request, &directory)?;
    let top = request.into.is_some();
    let allowance = allowance::allowance(file, request.limit)?;
    let mut destination = Destination::new(&directory, allowance)?;
    let result = match format {
        Format::Zip => zipfile::unpack(file, top, &mut destination),
        Format::Gem => gem::unpack(call, file, top, &mut destination),
        Format::SevenZip | Format::Car => {
            external::unpack(call.environment, file, format, &directory, top)
        }
        _ => tarball::unpack(call.environment, file, format, top, &mut destination),
    };
    // Also after a failure: what was unpacked so far gets its links and attributes.
    let outcome = destination.finish();
    if request.verbose {
        outcome
            .members
            .iter()
            .try_for_each(|member| call.say(member.display().to_string()))?;
    }
    for problem in &outcome.problems {
        call.warn(format!("uncompress: {}: {problem}", request.file.display()))?;
    }
    result.map(|()| u8::from(!outcome.problems.is_empty()))
}

/// An error where a link that an archive brought leads from the build directory to elsewhere: the
/// shell's own `cd`, too, goes through such a link.
fn check_place(
    environment: &Environment,
    request: &Request,
    directory: &Path,
) -> Result<(), Error> {
    let Some(top) = environment.get("RPM_BUILD_DIR").map(Path::new) else {
        return Ok(());
    };
    let here = Path::new(environment.get("PWD").unwrap_or_default());
    let named = request
        .into
        .as_ref()
        .map_or(here.to_owned(), |into| here.join(into));
    let real = directory.canonicalize().doing("find", directory)?;
    let seems_inside = named.starts_with(top) && !named.iter().any(|part| part == "..");
    let is_outside = |top: PathBuf| !real.starts_with(top);
    match seems_inside && top.canonicalize().is_ok_and(is_outside) {
        true => Err(Error::content(
            &named,
            "it leads out of the build directory",
        )),
        false => Ok(()),
    }
}

/// Reads options as popt does: clustered letters, a value beside or after `-C`, `--` ends options.
/// `None` when they make no sense.
fn parse_request(args: &[OsString]) -> Option<Request> {
    let mut request = Request::default();
    let mut args = args.iter();
    let mut file = None;
    let mut options_end = false;
    while let Some(arg) = args.next() {
        let text = arg.to_string_lossy();
        match text.as_ref() {
            _ if options_end => file = file.or(Some(arg)),
            "--" => options_end = true,
            "--extract" => request.extract = true,
            "--dry-run" => request.dry_run = true,
            "--verbose" => request.verbose = true,
            "--quiet" => request.verbose = false,
            "--limit" => request.limit = Some(args.next()?.to_str()?.parse().ok()?),
            "--path" => request.into = Some(args.next()?.into()),
            _ if text.starts_with("--path=") => request.into = Some(text.get(7..)?.into()),
            _ if text.starts_with("--") => return None,
            _ if text.len() > 1 && text.starts_with('-') => {
                cluster(text.get(1..)?, &mut request, &mut args)?;
            }
            _ => file = file.or(Some(arg)),
        }
    }
    request.file = file.map(PathBuf::from)?;
    Some(request)
}

/// One argument of single-letter options, such as `-xv` or `-xC DIR`.
fn cluster<'a>(
    letters: &str,
    request: &mut Request,
    args: &mut impl Iterator<Item = &'a OsString>,
) -> Option<()> {
    for (index, letter) in letters.char_indices() {
        match letter {
            'x' => request.extract = true,
            'n' => request.dry_run = true,
            'v' => request.verbose = true,
            'q' => request.verbose = false,
            'C' => {
                let rest = letters.get(index + 1..).filter(|rest| !rest.is_empty());
                let rest = rest.map(|rest| rest.strip_prefix('=').unwrap_or(rest));
                request.into = Some(match rest {
                    Some(rest) => rest.into(),
                    None => args
                        .next()
                        .map(OsString::as_os_str)
                        .map(OsStr::to_owned)?
                        .into(),
                });
                return Some(());
            }
            _ => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::call::testing::Bench;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn every_in_process_compression_is_undone() {
        let text = "a patch that is longer than thirteen bytes\n";
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(text.as_bytes()).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(text.as_bytes()).unwrap();
        let options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
        let lzma = liblzma::stream::Stream::new_lzma_encoder(&options).unwrap();
        let mut lzma = liblzma::write::XzEncoder::new_stream(Vec::new(), lzma);
        lzma.write_all(text.as_bytes()).unwrap();
        let cases = [
            ("p.patch", text.as_bytes().to_vec()),
            ("p.gz", gzip(text.as_bytes())),
            ("p.bz2", bzip2.finish().unwrap()),
            ("p.xz", xz.finish().unwrap()),
            ("p.lzma", lzma.finish().unwrap()),
            ("p.zst", zstd::encode_all(text.as_bytes(), 1).unwrap()),
        ];
        let mut bench = Bench::new();
        for (name, content) in cases {
            let file = bench.file(name, content);
            assert_eq!(
                bench.run("uncompress", &[file.to_str().unwrap()]),
                0,
                "{}",
                bench.err
            );
            assert_eq!(bench.out, text, "{name}");
        }
    }

    #[test]
    fn gzip_members_are_joined_and_padding_is_ignored() {
        let mut bench = Bench::new();
        let content = [gzip(b"one "), gzip(b"two"), vec![0; 512]].concat();
        let file = bench.file("f.gz", content);
        assert_eq!(
            bench.run("uncompress", &[file.to_str().unwrap()]),
            0,
            "{}",
            bench.err
        );
        assert_eq!(bench.out, "one two");
    }

    #[test]
    fn broken_and_missing_files_are_named() {
        let mut bench = Bench::new();
        let mut content = gzip(&[b'x'; 5000]);
        content.truncate(content.len() - 9);
        let file = bench.file("cut.gz", content);
        assert_eq!(bench.run("uncompress", &[file.to_str().unwrap()]), 1);
        assert!(bench.err.contains("cannot uncompress") && bench.err.contains("cut.gz"));
        assert_eq!(bench.run("uncompress", &["-x", "missing.tar.gz"]), 1);
        assert!(
            bench.err.contains("missing.tar.gz: No such file"),
            "{}",
            bench.err
        );
    }

    #[test]
    fn options_may_be_clustered() {
        let parse =
            |words: &[&str]| parse_request(&words.iter().map(OsString::from).collect::<Vec<_>>());
        let request = parse(&["-xvC", "dir", "file"]).unwrap();
        assert!(request.extract && request.verbose && !request.dry_run);
        assert_eq!(request.into.as_deref(), Some(Path::new("dir")));
        assert_eq!(
            parse(&["-x", "--path=a", "f"]).unwrap().into.as_deref(),
            Some(Path::new("a"))
        );
        assert_eq!(parse(&["-n", "--", "-f"]).unwrap().file, Path::new("-f"));
        for wrong in [&["-x"][..], &["-C"], &["--what", "f"], &["-z", "f"]] {
            assert!(parse(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn dry_run_writes_a_command_and_nothing_else() {
        let mut bench = Bench::new();
        let file = bench.file("a.tar.gz", gzip(b"not even a tar archive"));
        assert_eq!(
            bench.run("uncompress", &["-x", "-n", file.to_str().unwrap()]),
            0
        );
        assert_eq!(
            bench.err,
            format!(
                " /usr/bin/gzip -dc  '{}' | /usr/bin/tar -xof - \n",
                file.display()
            )
        );
        assert_eq!(bench.out, "");
    }
}
