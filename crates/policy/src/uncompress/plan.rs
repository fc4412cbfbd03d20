//! The shell command that does the same with the usual programs, for `-n` and `-v`.
//!
//! It is rpm's own, blanks included, since people paste it and tests compare it. Only the single top
//! directory that `-C` leaves out is taken for granted instead of looked for.

use std::path::Path;

use super::Request;
use super::format::Format;
use crate::call::Environment;

/// How the program for a format is called.
struct Program {
    /// rpm's macro for it.
    name: &'static str,
    arguments: &'static str,
    /// What keeps it from talking.
    quiet: &'static str,
    /// What precedes the directory to unpack into.
    into: &'static str,
}

const fn program(
    name: &'static str,
    arguments: &'static str,
    quiet: &'static str,
    into: &'static str,
) -> Program {
    Program {
        name,
        arguments,
        quiet,
        into,
    }
}

fn program_of(format: Format) -> Program {
    match format {
        Format::Plain => program("__cat", "", "", ""),
        Format::Gzip | Format::OldGzip => program("__gzip", "-dc", "", ""),
        Format::Bzip2 => program("__bzip2", "-dc", "", ""),
        Format::Xz | Format::Lzma => program("__xz", "-dc", "", ""),
        Format::Zstd => program("__zstd", "-dc", "", ""),
        Format::Lzip => program("__lzip", "-dc", "", ""),
        Format::Lrzip => program("__lrzip", "-dqo-", "", ""),
        Format::Zip => program("__unzip", "-u", "-qq", "-d"),
        Format::SevenZip => program("__7zip", "x -y", "-bso0 -bsp0", "-o"),
        Format::Gem => program("__gem", "unpack", "", "--target="),
        Format::Car => program("__car", "extract -f", "", ""),
    }
}

/// Commands and a command's arguments, as the environment has them.
struct Plan<'a> {
    request: &'a Request,
    environment: &'a Environment,
}

/// One line that a shell can run.
pub(super) fn command(request: &Request, environment: &Environment, format: Format) -> String {
    let plan = Plan {
        request,
        environment,
    };
    plan.command(format)
}

/// The command that writes a file uncompressed, where another program than usual is to do that.
pub(super) fn replaced(environment: &Environment, format: Format) -> Option<String> {
    let Program {
        name, arguments, ..
    } = program_of(format);
    let command = environment.programs.get(name)?;
    (!format.is_archive()).then(|| format!("{command} {arguments}"))
}

impl Plan<'_> {
    fn command(&self, format: Format) -> String {
        let program = program_of(format);
        let zone = if format == Format::Zip { "TZ=UTC " } else { "" };
        let called = self.program(program.name);
        let command = format!("{zone}{called} {}", program.arguments);
        let path = &self.request.file;
        let file = path.to_string_lossy();
        if !self.request.extract {
            return format!("{command} {file}");
        }
        let quiet = if self.request.verbose {
            ""
        } else {
            program.quiet
        };
        let command = format!("{command} {quiet}");
        let file = source::shell_quoted(&file);
        match format {
            Format::Gem => gem(&command, &called, &file, path),
            _ if format.is_archive() => archive(self.request, &command, &file, program.into),
            Format::Plain => self.tarball(None, &file),
            _ => self.tarball(Some(&command), &file),
        }
    }

    /// What a macro such as `__gzip` stands for.
    fn program(&self, name: &str) -> String {
        let given = self.environment.programs.get(name);
        given.map_or_else(|| usual(name), String::clone)
    }

    /// A tar archive, read through a program if it is compressed.
    fn tarball(&self, decompress: Option<&String>, file: &str) -> String {
        let tar = self.program("__tar");
        let options = if self.request.verbose {
            "-xvvof"
        } else {
            "-xof"
        };
        let (make, into) = match &self.request.into {
            None => (String::new(), String::new()),
            Some(directory) => {
                let directory = source::shell_quoted(&directory.to_string_lossy());
                let into = format!(" -C {directory} --strip-components=1");
                (format!("mkdir -p {directory} ; "), into)
            }
        };
        match decompress {
            None => format!("{make} {tar} {options} {file} {into}"),
            Some(program) => format!("{make} {program} {file} | {tar} {options} - {into}"),
        }
    }
}

/// What a macro such as `__gzip` stands for where nobody says otherwise.
pub fn usual(name: &str) -> String {
    match name {
        "__7zip" => "/usr/bin/7za".to_owned(),
        _ => format!("/usr/bin/{}", name.trim_start_matches('_')),
    }
}

/// The macros for programs that this command calls or names.
pub const PROGRAMS: [&str; 12] = [
    "__7zip", "__bzip2", "__car", "__cat", "__gem", "__gzip", "__lrzip", "__lzip", "__tar",
    "__unzip", "__xz", "__zstd",
];

/// An archive that its own program unpacks: into a directory of its own, and up from there.
fn archive(request: &Request, command: &str, file: &str, into: &str) -> String {
    let Some(directory) = &request.into else {
        return format!("{command} {file} ");
    };
    let directory = source::shell_quoted(&directory.to_string_lossy());
    format!(
        "mkdir -p {directory} ; tmp=`mktemp -d -p{directory}` ; {command} {file} {into}\"$tmp\"  && \
         (shopt -s dotglob; mv \"$tmp\"/*/* {directory}) && rmdir \"$tmp\"/* \"$tmp\" "
    )
}

fn gem(command: &str, gem: &str, file: &str, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let specification = source::shell_quoted(&format!("{stem}.gemspec"));
    format!("{command} {file} && {gem} spec {file} --ruby > {specification}")
}
