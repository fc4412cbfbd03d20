//! What is asked: a package file of one format or another, or a spec.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use clap::ArgMatches;
use query::{Tags, Value};
use rpmfile::{Headers, PackageFile, ReadError};

use super::manner::Manner;
use super::of_debs;
use crate::commands::file_kind::{self, Wanted};
use crate::terminal::chain;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An .rpm file, or what has to be one.
    Rpm,
    /// A .deb file.
    Deb,
    /// A spec.
    Spec,
    /// What is no package, and may be a list of some.
    Manifest,
}

/// What counts when a package file is opened.
pub(super) struct Opening<'q> {
    pub(super) matches: &'q ArgMatches,
    pub(super) manner: Manner,
    /// The query format.
    pub(super) format_text: &'q str,
    /// Texts are shown in the first of these that a package has.
    pub(super) languages: &'q [String],
    pub(super) is_verbose: bool,
}

/// First bytes of an .rpm file.
const RPM_MAGIC: &[u8] = &[0xed, 0xab, 0xee, 0xdb];
/// First bytes of a .deb file.
const DEB_MAGIC: &[u8] = b"!<arch>\n";

/// What a file is; otherwise why it can't be asked. `is_file` says that it must be a package file,
/// whatever its name.
pub(super) fn kind(path: &Path, manner: Manner, is_file: bool) -> Result<Kind, String> {
    let name = path.display();
    if manner == Manner::Rpm && !is_file && !is_named_as_rpm(path) {
        return Err(format!("package {name} is not installed"));
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(8).read_to_end(&mut start));
    read.map_err(|error| format!("error: open of {name} failed: {}", build::reason_of(&error)))?;
    match manner {
        Manner::Own if start.starts_with(RPM_MAGIC) => Ok(Kind::Rpm),
        Manner::Own if start.starts_with(DEB_MAGIC) => Ok(Kind::Deb),
        Manner::Rpm if !start.starts_with(RPM_MAGIC) => Ok(Kind::Manifest),
        Manner::Own if path.extension().is_some_and(|it| it == "spec") => Ok(Kind::Spec),
        Manner::Own => Err(file_kind::refusal(path, Wanted::Subject).unwrap_or_else(|| {
            format!("error: {name} is neither an .rpm nor a .deb package, and its name does not end in `.spec`")
        })),
        Manner::Rpm => Ok(Kind::Rpm),
    }
}

/// Whether a word is the name of an .rpm file, and not that of an installed package.
pub(super) fn is_named_as_rpm(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b".rpm")
}

/// Opens a package file; otherwise what there is to say.
pub(super) fn open(path: &Path, kind: Kind, opening: &Opening<'_>) -> Result<Shown, String> {
    let tags: Box<dyn Tags> = match kind {
        Kind::Deb => Box::new(of_debs::open(path, opening.matches, opening.format_text)?),
        Kind::Rpm | Kind::Spec | Kind::Manifest => Box::new(open_rpm(path, opening)?),
    };
    Ok(Shown {
        tags,
        is_verbose: opening.is_verbose,
    })
}

fn open_rpm(path: &Path, opening: &Opening<'_>) -> Result<Headers, String> {
    let headers = PackageFile::open(path).and_then(|package| {
        let headers = package.into_headers();
        match opening.matches.get_flag("nodigest") {
            true => Ok(headers),
            false => headers.check_digests().map(|()| headers),
        }
    });
    let mut headers = headers.map_err(|error| match error {
        ReadError::NotPackage => not_a_package(path),
        error => {
            let reason = format!("error: {}: {}", path.display(), chain(&error));
            match opening.manner {
                Manner::Own => reason,
                Manner::Rpm => format!("{reason}\n{}", not_a_package(path)),
            }
        }
    })?;
    headers.set_languages(opening.languages.to_vec());
    Ok(headers)
}

pub(super) fn not_a_package(path: &Path) -> String {
    let name = path.display();
    format!("error: {name}: not an rpm package (or package manifest)")
}

/// A package that is shown.
pub(super) struct Shown {
    tags: Box<dyn Tags>,
    is_verbose: bool,
}

impl Tags for Shown {
    fn get(&self, tag: &str) -> Option<Value> {
        match tag {
            "VERBOSE" => self.is_verbose.then(|| Value::number(1_u32)),
            tag => self.tags.get(tag),
        }
    }

    fn get_raw(&self, tag: &str) -> Option<Value> {
        self.tags.get_raw(tag)
    }
}
