//! The shell command that does the same with the usual programs, for `-n` and `-v`.

use super::Request;
use super::format::Format;

/// Programs and their arguments by format.
fn program(format: Format) -> &'static str {
    match format {
        Format::Plain => "cat",
        Format::Gzip | Format::OldGzip => "gzip -dc",
        Format::Bzip2 => "bzip2 -dc",
        Format::Xz | Format::Lzma => "xz -dc",
        Format::Zstd => "zstd -dc",
        Format::Lzip => "lzip -dc",
        Format::Lrzip => "lrzip -dqo-",
        Format::Zip => "TZ=UTC unzip -u -qq",
        Format::SevenZip => "7za x -y -bso0 -bsp0",
        Format::Gem => "gem unpack",
        Format::Car => "car extract -f",
    }
}

/// One line that a shell can run. The single top directory that `-C` leaves out is not looked for.
pub(super) fn command(request: &Request, format: Format) -> String {
    let file = quoted(&request.file.to_string_lossy());
    let program = program(format);
    if format.is_archive() || !request.extract {
        return match &request.into {
            Some(directory) if request.extract => {
                let directory = quoted(&directory.to_string_lossy());
                format!("mkdir -p {directory} && cd {directory} && {program} {file}")
            }
            _ => format!("{program} {file}"),
        };
    }
    let options = if request.verbose { "-xvvof" } else { "-xof" };
    let target = request.into.as_ref().map(|directory| {
        let directory = quoted(&directory.to_string_lossy());
        (
            format!("mkdir -p {directory} ; "),
            format!(" -C {directory} --strip-components=1"),
        )
    });
    let (make, into) = target.unwrap_or_default();
    match format {
        Format::Plain => format!("{make}tar {options} {file}{into}"),
        _ => format!("{make}{program} {file} | tar {options} -{into}"),
    }
}

/// A word in single quotes, for a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
