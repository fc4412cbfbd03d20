//! The shell command that does the same with the usual programs, for `-n` and `-v`.
//!
//! It is rpm's own, blanks included, since people paste it and tests compare it. Only the single top
//! directory that `-C` leaves out is taken for granted instead of looked for.

use std::path::Path;

use super::Request;
use super::format::Format;

/// How the program for a format is called.
struct Program {
    /// Program and arguments.
    command: &'static str,
    /// What keeps it from talking.
    quiet: &'static str,
    /// What precedes the directory to unpack into.
    into: &'static str,
}

const fn program(command: &'static str, quiet: &'static str, into: &'static str) -> Program {
    Program {
        command,
        quiet,
        into,
    }
}

fn program_of(format: Format) -> Program {
    match format {
        Format::Plain => program("/usr/bin/cat ", "", ""),
        Format::Gzip | Format::OldGzip => program("/usr/bin/gzip -dc", "", ""),
        Format::Bzip2 => program("/usr/bin/bzip2 -dc", "", ""),
        Format::Xz | Format::Lzma => program("/usr/bin/xz -dc", "", ""),
        Format::Zstd => program("/usr/bin/zstd -dc", "", ""),
        Format::Lzip => program("/usr/bin/lzip -dc", "", ""),
        Format::Lrzip => program("/usr/bin/lrzip -dqo-", "", ""),
        Format::Zip => program("TZ=UTC /usr/bin/unzip -u", "-qq", "-d"),
        Format::SevenZip => program("/usr/bin/7za x -y", "-bso0 -bsp0", "-o"),
        Format::Gem => program("/usr/bin/gem unpack", "", "--target="),
        Format::Car => program("/usr/bin/car extract -f", "", ""),
    }
}

/// One line that a shell can run.
pub(super) fn command(request: &Request, format: Format) -> String {
    let Program { command, quiet, .. } = program_of(format);
    let file = request.file.to_string_lossy();
    if !request.extract {
        return format!("{command} {file}");
    }
    let quiet = if request.verbose { "" } else { quiet };
    let command = format!("{command} {quiet}");
    let file = quoted(&file);
    match format {
        Format::Gem => gem(&command, &file, &request.file),
        _ if format.is_archive() => archive(request, &command, &file, program_of(format).into),
        _ => tarball(
            request,
            (format != Format::Plain).then_some(&command),
            &file,
        ),
    }
}

/// A tar archive, read through a program if it is compressed.
fn tarball(request: &Request, decompress: Option<&String>, file: &str) -> String {
    let options = if request.verbose { "-xvvof" } else { "-xof" };
    let (make, into) = match &request.into {
        None => (String::new(), String::new()),
        Some(directory) => {
            let directory = quoted(&directory.to_string_lossy());
            let into = format!(" -C {directory} --strip-components=1");
            (format!("mkdir -p {directory} ; "), into)
        }
    };
    match decompress {
        None => format!("{make} /usr/bin/tar {options} {file} {into}"),
        Some(program) => format!("{make} {program} {file} | /usr/bin/tar {options} - {into}"),
    }
}

/// An archive that its own program unpacks: into a directory of its own, and up from there.
fn archive(request: &Request, command: &str, file: &str, into: &str) -> String {
    let Some(directory) = &request.into else {
        return format!("{command} {file} ");
    };
    let directory = quoted(&directory.to_string_lossy());
    format!(
        "mkdir -p {directory} ; tmp=`mktemp -d -p{directory}` ; {command} {file} {into}\"$tmp\"  && \
         (shopt -s dotglob; mv \"$tmp\"/*/* {directory}) && rmdir \"$tmp\"/* \"$tmp\" "
    )
}

fn gem(command: &str, file: &str, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let specification = quoted(&format!("{stem}.gemspec"));
    format!("{command} {file} && /usr/bin/gem spec {file} --ruby > {specification}")
}

/// A word in single quotes, for a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
