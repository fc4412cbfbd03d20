//! Reads a `.dsc` file: the files that make up a source package, and their digests.
//!
//! Signatures are passed over, not verified. Source: dsc(5).

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
    let mut words = line.split_whitespace();
    let (Some(sha256), Some(size), Some(name), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(DscError::BadList);
    };
    if name.contains('/') || name.starts_with('.') {
        return Err(DscError::BadName);
    }
    Ok(SummedFile {
        name: name.to_owned(),
        sums: FileSums {
            size: size.parse().map_err(|_| DscError::BadList)?,
            sha256: sha256.to_ascii_lowercase(),
            ..FileSums::default()
        },
    })
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
    use super::*;

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
