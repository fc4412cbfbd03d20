//! Unpacking a Ruby gem: a tar archive that holds the files in `data.tar.gz`.
//!
//! As `gem unpack` does, the files go into a directory named after the gem. The `.gemspec` beside it
//! is written by `gem spec --ruby`, since only Ruby turns the metadata into Ruby.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;

use super::destination::Destination;
use super::tarball;
use crate::call::Call;
use crate::error::{Doing, Error};

/// Unpacks `file`; with `top` without the directory named after the gem.
pub(super) fn unpack(
    call: &mut Call<'_>,
    file: &Path,
    top: bool,
    destination: &mut Destination,
) -> Result<(), Error> {
    let stem = file
        .file_stem()
        .map(Path::new)
        .unwrap_or(Path::new("gem"))
        .to_owned();
    let input = BufReader::new(File::open(file).doing("open", file)?);
    let mut outer = tar::Archive::new(input);
    let mut found = false;
    for entry in outer.entries().doing("read", file)? {
        let entry = entry.doing("read", file)?;
        if entry.path_bytes().as_ref() == b"data.tar.gz" {
            found = true;
            let data = flate2::read::GzDecoder::new(entry);
            let below = if top { Path::new("") } else { &stem };
            tarball::unpack_stream(data, file, 0, below, destination)?;
        }
    }
    if !found {
        return Err(Error::content(file, "no `data.tar.gz` in this gem"));
    }
    write_gemspec(call, file, &stem)
}

/// Writes `STEM.gemspec` into the current directory.
fn write_gemspec(call: &mut Call<'_>, file: &Path, stem: &Path) -> Result<(), Error> {
    let path = call.environment.path(format!("{}.gemspec", stem.display()));
    let command = "gem spec";
    let mut program = call.environment.program(command);
    program.arg(file).arg("--ruby").stdin(Stdio::null());
    let start = |source| Error::Start {
        program: command.to_owned(),
        source,
    };
    let output = program.output().map_err(start)?;
    call.err.write_all(&output.stderr)?;
    if !output.status.success() {
        let (program, status) = (command.to_owned(), output.status.to_string());
        return Err(Error::Failed {
            program,
            path: file.to_owned(),
            status,
        });
    }
    std::fs::write(&path, output.stdout).doing("write", &path)
}
