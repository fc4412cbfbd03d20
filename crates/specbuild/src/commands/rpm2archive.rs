//! `rpm2cpio` and `rpm2archive`: the files of a package as another archive.
//!
//! Source: rpm2cpio(1), rpm2archive(1).

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, IsTerminal, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use archive::{AtomicFile, Compression, Encoder, Method};
use clap::{CommandFactory, Parser, ValueEnum};
use rpmfile::{PackageFile, ReadError, write_cpio, write_tar};

use crate::cli;
use crate::terminal::{self, chain};

/// Arguments of `rpm2archive`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpm2archive", bin_name = "rpm2archive", version)]
#[command(about = "Makes other archives of packages", max_term_width = 100)]
struct ArchiveCli {
    /// .rpm files; `-`, or none, is standard input
    #[arg(value_name = "PACKAGE")]
    packages: Vec<PathBuf>,
    /// Do not compress the archive
    #[arg(short, long)]
    nocompression: bool,
    /// What kind of archive
    #[arg(short, long, value_name = "FORMAT", default_value = "pax")]
    format: Format,
}

/// Arguments of `rpm2cpio`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpm2cpio", bin_name = "rpm2cpio", version)]
#[command(about = "Writes a package's files as a cpio archive")]
struct CpioCli {
    /// The .rpm file; `-`, or none, is standard input
    #[arg(value_name = "PACKAGE")]
    package: Option<PathBuf>,
}

/// What kind of archive is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For tar(1).
    Pax,
    /// For cpio(1).
    Cpio,
}

/// Runs `rpm2archive`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    let options = match cli::parse::<ArchiveCli>(ArchiveCli::command(), args) {
        Ok((options, _)) => options,
        Err(status) => return status,
    };
    let plan = Plan {
        format: options.format,
        is_compressed: !options.nocompression,
    };
    let mut packages = options.packages;
    if packages.is_empty() {
        packages.push(PathBuf::from("-"));
    }
    let failed = packages.iter().any(|package| !convert(package, plan));
    u8::from(failed)
}

/// Runs `rpm2cpio`.
pub(crate) fn run_as_rpm2cpio(args: Vec<OsString>) -> u8 {
    let options = match cli::parse::<CpioCli>(CpioCli::command(), args) {
        Ok((options, _)) => options,
        Err(status) => return status,
    };
    let plan = Plan {
        format: Format::Cpio,
        is_compressed: false,
    };
    let package = options.package.unwrap_or_else(|| PathBuf::from("-"));
    u8::from(!convert(&package, plan))
}

/// What is made of a package.
#[derive(Clone, Copy, Debug)]
struct Plan {
    format: Format,
    is_compressed: bool,
}

impl Plan {
    fn ending(self) -> &'static str {
        match (self.format, self.is_compressed) {
            (Format::Pax, true) => ".tgz",
            (Format::Pax, false) => ".tar",
            (Format::Cpio, true) => ".cpio.gz",
            (Format::Cpio, false) => ".cpio",
        }
    }
}

/// Makes one archive; whether that went well.
fn convert(package: &Path, plan: Plan) -> bool {
    let is_input = package.as_os_str() == "-";
    let made = match () {
        () if is_input && stdin().is_terminal() => Err("missing input RPM package".to_owned()),
        () if is_input && stdout().is_terminal() => {
            Err("refusing to output archive data to a terminal.".to_owned())
        }
        () if is_input => write_to(PackageFile::read(BufReader::new(stdin())), plan, stdout()),
        () if stdout().is_terminal() => to_file(package, plan),
        () => write_to(open(package), plan, stdout().lock()),
    };
    made.inspect_err(|fault| terminal::print_error(&format!("error: {fault}")))
        .is_ok()
}

fn open(package: &Path) -> Result<PackageFile<BufReader<File>>, ReadError> {
    PackageFile::open(package)
}

/// Writes beside the package, under its name with another ending.
fn to_file(package: &Path, plan: Plan) -> Result<(), String> {
    let mut name = package.as_os_str().to_owned();
    name.push(plan.ending());
    let mut file = AtomicFile::create(Path::new(&name)).map_err(|it| chain(&it))?;
    write_to(open(package), plan, &mut file)?;
    file.commit().map_err(|it| chain(&it))
}

fn write_to(
    package: Result<PackageFile<impl Read>, ReadError>,
    plan: Plan,
    mut out: impl Write,
) -> Result<(), String> {
    let package = package.map_err(|error| match error {
        ReadError::NotPackage => "argument is not an RPM package".to_owned(),
        error => chain(&error),
    })?;
    let write = |out: &mut dyn Write| match plan.format {
        Format::Pax => write_tar(package, out),
        Format::Cpio => write_cpio(package, out),
    };
    if !plan.is_compressed {
        return write(&mut out).map_err(|it| chain(&it));
    }
    let gzip = Compression::new(Method::Gzip);
    let mut encoder = Encoder::new(&gzip, out);
    write(&mut encoder).map_err(|it| chain(&it))?;
    encoder.finish().map(drop).map_err(|it| it.to_string())
}
