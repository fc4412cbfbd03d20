//! Compressing one file in place, under all its names.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::call::Environment;
use crate::error::{Doing, Error};
use crate::tree::{self, Node};
use crate::uncompress;

/// Suffixes of compressed pages, and so of no page's own name.
const SUFFIXES: &[&str] = &["gz", "Z", "bz2", "xz", "lzma", "zst", "zstd"];

/// A page's name without the suffix of a compression.
pub(super) fn stem(path: &Path) -> PathBuf {
    let suffix = path.extension().unwrap_or_default();
    match SUFFIXES.iter().any(|known| suffix == *known) {
        true => path.with_extension(""),
        false => path.to_owned(),
    }
}

/// How pages are compressed.
pub(super) struct Compressor {
    /// The program with its arguments; `None` for `gzip -9 -n`, which is done in process.
    command: Option<String>,
    /// What a name gets, with its dot.
    suffix: String,
}

impl Compressor {
    /// `gzip -9 -n`.
    pub(super) fn gzip() -> Self {
        Self {
            command: None,
            suffix: ".gz".to_owned(),
        }
    }

    /// What `COMPRESS` and `COMPRESS_EXT` ask for.
    pub(super) fn from_environment(environment: &Environment) -> Self {
        let command = environment
            .text("COMPRESS")
            .filter(|command| !is_gzip(command));
        let suffix = environment
            .text("COMPRESS_EXT")
            .unwrap_or_else(|| ".gz".to_owned());
        Self { command, suffix }
    }

    /// A name with the suffix.
    pub(super) fn named(&self, path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(&self.suffix);
        name.into()
    }

    /// Compresses the file that `names` are the names of, and gives it each name anew. Returns a
    /// warning when the file is broken; then it stays as it is.
    pub(super) fn compress(
        &self,
        names: &[Node],
        environment: &Environment,
    ) -> Result<Option<String>, Error> {
        let Some((first, others)) = names.split_first() else {
            return Ok(None);
        };
        let target = self.named(&stem(&first.path));
        let result = match &self.command {
            None => self.compress_here(first, &target, environment),
            Some(command) => self.compress_with(command, first, &target, environment),
        };
        if let Err(error) = result {
            return match error {
                Error::File {
                    action: "uncompress",
                    ..
                } => Ok(Some(described(&error))),
                other => Err(other),
            };
        }
        remove_unless(&first.path, &target)?;
        for other in others {
            let name = self.named(&stem(&other.path));
            std::fs::remove_file(&other.path).doing("remove", &other.path)?;
            std::fs::hard_link(&target, &name).doing("link", &name)?;
        }
        Ok(None)
    }

    fn compress_here(
        &self,
        node: &Node,
        target: &Path,
        environment: &Environment,
    ) -> Result<(), Error> {
        let mut input = open(&node.path, environment)?;
        tree::replace(target, &node.metadata, |file| {
            // No name and no time, as with `-n`; 3 stands for Unix, as gzip itself writes.
            let header = flate2::GzBuilder::new().mtime(0).operating_system(3);
            let mut output = header.write(file, flate2::Compression::best());
            copy(&mut input, &mut output, &node.path, target)?;
            output.finish().doing("write", target).map(drop)
        })
    }

    /// Through a program that, like gzip, replaces `x` by `x` with its suffix.
    fn compress_with(
        &self,
        command: &str,
        node: &Node,
        target: &Path,
        environment: &Environment,
    ) -> Result<(), Error> {
        let plain = stem(&node.path);
        let mut input = open(&node.path, environment)?;
        tree::replace(&plain, &node.metadata, |file| {
            copy(&mut input, file, &node.path, &plain)
        })?;
        remove_unless(&node.path, &plain)?;
        let mut program = environment.program(command);
        program
            .arg("-f")
            .arg(&plain)
            .stdin(std::process::Stdio::null());
        let start = |source| Error::Start {
            program: command.to_owned(),
            source,
        };
        let status = program.output().map_err(start)?.status;
        if !status.success() || !target.exists() {
            let program = command.to_owned();
            return Err(Error::Failed {
                program,
                path: plain,
                status: status.to_string(),
            });
        }
        remove_unless(&plain, target)
    }
}

/// Whether a command is `gzip` at its best, without name and time.
fn is_gzip(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let program = words
        .next()
        .is_some_and(|it| it == "gzip" || it.ends_with("/gzip"));
    let options: Vec<&str> = words.collect();
    program
        && matches!(
            options.as_slice(),
            ["-9", "-n"] | ["-n", "-9"] | ["-9n"] | ["-n9"]
        )
}

fn open(path: &Path, environment: &Environment) -> Result<Box<dyn Read + Send>, Error> {
    uncompress::open(path, uncompress::detect(path)?, environment)
}

/// Copies, telling a page that cannot be read from a disk that cannot be written.
fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    page: &Path,
    target: &Path,
) -> Result<(), Error> {
    let mut block = vec![0; 1 << 16];
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                to.write_all(block.get(..count).unwrap_or_default())
                    .doing("write", target)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).doing("uncompress", page),
        }
    }
}

fn remove_unless(path: &Path, kept: &Path) -> Result<(), Error> {
    let gone = path == kept || path.symlink_metadata().is_err();
    if gone {
        Ok(())
    } else {
        std::fs::remove_file(path).doing("remove", path)
    }
}

/// An error with its cause.
fn described(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}
