//! Unpacking a Ruby gem: a tar archive that holds the files in `data.tar.gz`.
//!
//! As `gem unpack` does, the files go into a directory named after the gem. The `.gemspec` beside it
//! is written by `gem spec --ruby`, since only Ruby turns the metadata into Ruby.

use std::fs::File;
use std::io::{BufReader, Write};
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
    let mut outer = limits::TarReader::new(input, limits::Allowance::NONE);
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
    // Not through a link that another archive may have left there.
    if path.symlink_metadata().is_ok() {
        std::fs::remove_file(&path).doing("remove", &path)?;
    }
    let mut file = File::create_new(&path).doing("write", &path)?;
    file.write_all(&output.stdout).doing("write", &path)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use crate::call::testing::Bench;

    /// A tar archive of files given as name and content.
    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, *content).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(content).unwrap();
        out.finish().unwrap()
    }

    /// A bench in its build root, with a gem beside that and a `gem` program that echoes.
    fn bench() -> (Bench, String) {
        let mut bench = Bench::new();
        let program = bench.file("../bin/gem", "#!/bin/sh\necho \"$1 $3\"\n");
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = bench.directory.path().join("bin").display().to_string();
        bench.set("PATH", &path);
        let data = gzip(&tar(&[("lib/hello.rb", b"puts 1\n")]));
        let gem = tar(&[("metadata.gz", &gzip(b"---\n")), ("data.tar.gz", &data)]);
        let gem = bench.file("../hello-1.0.gem", gem);
        bench.environment.directory = bench.root();
        (bench, gem.display().to_string())
    }

    #[test]
    fn files_go_below_the_gems_name_and_metadata_beside() {
        let (mut bench, gem) = bench();
        assert_eq!(bench.run("uncompress", &["-x", &gem]), 0, "{}", bench.err);
        assert_eq!(
            bench.listing(),
            ["/hello-1.0/lib/hello.rb", "/hello-1.0.gemspec"]
        );
        let gemspec = std::fs::read_to_string(bench.at("hello-1.0.gemspec")).unwrap();
        assert_eq!(gemspec, "spec --ruby\n");
    }

    #[test]
    fn metadata_are_not_written_through_a_link() {
        let (mut bench, gem) = bench();
        bench.file("../kept", "kept");
        bench.link("hello-1.0.gemspec", "../kept");
        assert_eq!(bench.run("uncompress", &["-x", &gem]), 0, "{}", bench.err);
        let kept = std::fs::read_to_string(bench.at("../kept")).unwrap();
        assert_eq!(kept, "kept");
    }

    #[test]
    fn with_a_path_the_name_is_left_out() {
        let (mut bench, gem) = bench();
        assert_eq!(
            bench.run("uncompress", &["-x", "-C", "here", &gem]),
            0,
            "{}",
            bench.err
        );
        assert_eq!(
            bench.listing(),
            ["/hello-1.0.gemspec", "/here/lib/hello.rb"]
        );
    }
}
