//! Reads a `.dsc` file: the files that make up a source package, and their digests.
//!
//! Signatures are passed over, not verified. Source: dsc(5).

use nom::bytes::complete::is_not;
use nom::character::complete::{multispace0, multispace1};
use nom::sequence::delimited;
use nom::{IResult, Parser};

use super::sums::{FileSums, SummedFile};
use crate::deb822::Paragraph;

/// A `.dsc` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DscFile {
    /// Name of the source package.
    pub name: String,
    /// Its files, in the order listed.
    pub files: Vec<SummedFile>,
}

/// A file of a source package by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredSource {
    /// The upstream archive.
    Upstream,
    /// What `debian/` holds.
    Packaging,
    /// A further upstream archive, or a signature.
    Other,
}

/// What is wrong with a `.dsc` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DscError {
    /// A field that must be there is not.
    #[error("it has no field `{0}`")]
    Missing(&'static str),
    /// A line of digests is none.
    #[error("its list of files is damaged")]
    BadList,
    /// A file would be outside the directory of the `.dsc`.
    #[error("it lists a file that is more than a name")]
    BadName,
    /// An older or newer format of source packages.
    #[error("only source packages of format `3.0 (quilt)` can be built")]
    OtherFormat,
}

impl DscFile {
    /// What a file of the package is.
    pub fn kind_of(&self, file: &SummedFile) -> StoredSource {
        let is_archive = |mark: &str| {
            let at = file.name.find(mark);
            at.is_some_and(|at| !file.name[at + mark.len()..].contains('.'))
        };
        if is_archive(".orig.tar.") {
            StoredSource::Upstream
        } else if is_archive(".debian.tar.") {
            StoredSource::Packaging
        } else {
            StoredSource::Other
        }
    }
}

/// Reads the text of a `.dsc` file, signed or not.
pub fn read_dsc(text: &str) -> Result<DscFile, DscError> {
    let dsc = Paragraph::parse(without_signature(text));
    if dsc.get("Format") != Some(crate::words::SOURCE_FORMAT) {
        return Err(DscError::OtherFormat);
    }
    let name = dsc.get("Source").ok_or(DscError::Missing("Source"))?;
    let list = dsc.get("Checksums-Sha256");
    let list = list.ok_or(DscError::Missing("Checksums-Sha256"))?;
    let lines = list.lines().filter(|line| !line.trim().is_empty());
    Ok(DscFile {
        name: name.to_owned(),
        files: lines.map(file).collect::<Result<_, _>>()?,
    })
}

fn file(line: &str) -> Result<SummedFile, DscError> {
    let (sha256, size, name) = match sum_line(line) {
        Ok(("", found)) => found,
        _ => return Err(DscError::BadList),
    };
    if name.contains('/') || name.starts_with('.') {
        return Err(DscError::BadName);
    }
    Ok(SummedFile {
        name: name.to_owned(),
        sums: FileSums {
            size,
            sha256: sha256.to_ascii_lowercase(),
            ..FileSums::default()
        },
    })
}

/// `digest size name`.
fn sum_line(line: &str) -> IResult<&str, (&str, u64, &str)> {
    let digest = delimited(multispace0, is_not(" \t"), multispace1);
    let name = delimited(multispace1, is_not(" \t\r"), multispace0);
    (digest, nom::character::complete::u64, name).parse_complete(line)
}

/// The text inside a signed message; its first paragraph is the head of the armour.
fn without_signature(text: &str) -> &str {
    let Some(inner) = text.strip_prefix("-----BEGIN PGP SIGNED MESSAGE-----") else {
        return text;
    };
    inner.split_once("\n\n").map_or("", |(_, body)| body)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_line_of_digests_has_three_words(
            digest in "[0-9a-f]{1,64}",
            size: u64,
            name in "[a-z][a-z0-9+._~-]{0,12}",
            blanks in "[ \t]{1,3}",
        ) {
            let line = format!("{blanks}{digest}{blanks}{size} {name}{blanks}");
            let read = file(&line).unwrap();
            let sums = (read.sums.sha256.as_str(), read.sums.size);
            prop_assert_eq!((read.name.as_str(), sums), (name.as_str(), (digest.as_str(), size)));
            for bad in [format!("{line}x"), format!("{digest} {name} {size}")] {
                prop_assert_eq!(file(&bad), Err(DscError::BadList));
            }
        }

        #[test]
        fn no_line_of_digests_is_too_strange(text in ".{0,40}") {
            let _ = file(&text);
        }
    }

    const DSC: &str = "Format: 3.0 (quilt)\nSource: x\nChecksums-Sha256:\n 00ff 12 x_1.orig.tar.gz\n \
                       aa 3 x_1-1.debian.tar.xz\n 00 4 x_1.orig.tar.gz.asc\n";

    #[test]
    fn files_are_known_by_their_names() {
        let dsc = read_dsc(DSC).unwrap();
        let kinds: Vec<_> = dsc.files.iter().map(|it| dsc.kind_of(it)).collect();
        use StoredSource::{Other, Packaging, Upstream};
        assert_eq!(kinds, [Upstream, Packaging, Other]);
        let signed =
            format!("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{DSC}\n-----BEGIN");
        assert_eq!(read_dsc(&signed).unwrap(), dsc);
    }

    #[test]
    fn damage_is_told() {
        let outside = DSC.replace("x_1.orig.tar.gz", "../x");
        assert_eq!(read_dsc(&outside), Err(DscError::BadName));
        assert_eq!(
            read_dsc(&DSC.replace(" 12 ", " -1 ")),
            Err(DscError::BadList)
        );
        assert_eq!(read_dsc("Format: 1.0\n"), Err(DscError::OtherFormat));
        assert_eq!(read_dsc(""), Err(DscError::OtherFormat));
    }
}
