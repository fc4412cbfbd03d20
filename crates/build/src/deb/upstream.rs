//! What is in an upstream archive, and whether `dpkg-source` takes it as it is.
//!
//! Source: dpkg-source(1), "Format: 3.0 (quilt)".

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use archive::{Decoder, Method};
use limits::{Allowance, TarReader};
use tar::EntryType;

use crate::BuildError;

/// A longer text is no licence that anybody reads.
const LONGEST_TEXT: u64 = 1 << 20;

/// The compressors of source packages, and the ends of names they ask for.
const METHODS: [(Method, &str); 4] = [
    (Method::Gzip, "gz"),
    (Method::Bzip2, "bz2"),
    (Method::Xz, "xz"),
    (Method::Lzma, "lzma"),
];

/// An archive that a source package can have as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// The end of its name: `gz`, `bz2`, `xz`, `lzma`.
    pub(crate) extension: &'static str,
    /// The one directory that all of it is in, which unpacking takes away.
    pub(crate) directory: Option<String>,
    /// The texts of files that were asked for, by their paths without that directory.
    pub(crate) texts: BTreeMap<String, String>,
    /// The paths of all files, without that directory, if they are no more than two.
    pub(crate) few: Vec<String>,
}

/// Looks at an archive; `None` if it is no tar archive, or one that is compressed in another way.
/// `wanted` are paths of texts to keep.
pub(crate) fn inspect(path: &Path, wanted: &[String]) -> Result<Option<Upstream>, BuildError> {
    let fault = |source| BuildError::Read {
        what: "archive",
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(fault)?;
    let allowance = Allowance::for_archive(file.metadata().map_err(fault)?.len());
    let input = Decoder::new(file).map_err(fault)?;
    let method = METHODS.iter().find(|(it, _)| *it == input.method());
    let Some((_, extension)) = method else {
        return Ok(None);
    };
    let mut members = Members::default();
    let mut archive = TarReader::new(input, allowance);
    for (count, entry) in archive.entries().map_err(fault)?.enumerate() {
        match entry {
            Ok(entry) => members.take(entry, wanted).map_err(fault)?,
            Err(_) if count == 0 => return Ok(None),
            Err(source) => return Err(fault(source)),
        }
    }
    Ok(members.finish(extension))
}

/// What is known of the members so far.
#[derive(Default)]
struct Members {
    tops: BTreeSet<String>,
    has_file_at_top: bool,
    texts: BTreeMap<String, String>,
    files: Vec<String>,
}

impl Members {
    fn take(&mut self, entry: tar::Entry<'_, impl Read>, wanted: &[String]) -> std::io::Result<()> {
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            return Ok(());
        }
        let Some(path) = member_path(&entry.path_bytes()) else {
            return Ok(());
        };
        let (top, inner) = path.split_once('/').unwrap_or((&path, ""));
        self.has_file_at_top |= inner.is_empty() && !kind.is_dir();
        self.tops.insert(top.to_owned());
        if !kind.is_dir() && self.files.len() < 3 {
            self.files.push(path.clone());
        }
        let is_wanted = [inner, &path]
            .iter()
            .any(|it| wanted.iter().any(|w| w == it));
        if is_wanted && kind.is_file() && entry.size() <= LONGEST_TEXT {
            let mut bytes = Vec::new();
            entry.take(LONGEST_TEXT).read_to_end(&mut bytes)?;
            if let Ok(text) = String::from_utf8(bytes) {
                self.texts.insert(path, text);
            }
        }
        Ok(())
    }

    fn finish(mut self, extension: &'static str) -> Option<Upstream> {
        let only = self.tops.pop_first()?;
        let directory = (self.tops.is_empty() && !self.has_file_at_top).then_some(only);
        let inner = |path: &str| match &directory {
            Some(directory) => path[directory.len()..].trim_start_matches('/').to_owned(),
            None => path.to_owned(),
        };
        let texts = self.texts.iter();
        Some(Upstream {
            extension,
            texts: texts
                .map(|(path, text)| (inner(path), text.clone()))
                .collect(),
            few: match self.files.len() {
                0..3 => self.files.iter().map(|path| inner(path)).collect(),
                _ => Vec::new(),
            },
            directory,
        })
    }
}

/// The path of a member without dots and doubled slashes; `None` for the top itself.
pub(crate) fn member_path(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
    let path = parts.collect::<Vec<_>>().join("/");
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use archive::{Compression, Encoder};
    use std::io::Write;

    fn packed(method: Method, names: &[&str]) -> tempfile::NamedTempFile {
        let mut builder = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(4);
            header.set_cksum();
            builder
                .append_data(&mut header, name, &b"text"[..])
                .unwrap();
        }
        let bytes = builder.into_inner().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut encoder = Encoder::new(&Compression::new(method), file.as_file());
        encoder.write_all(&bytes).unwrap();
        encoder.finish().unwrap();
        file
    }

    #[test]
    fn a_directory_around_all_is_known() {
        let file = packed(Method::Gzip, &["./x-1/a", "x-1/doc/COPYING"]);
        let found = inspect(file.path(), &["doc/COPYING".to_owned()])
            .unwrap()
            .unwrap();
        assert_eq!(
            (found.extension, found.directory.as_deref()),
            ("gz", Some("x-1"))
        );
        assert_eq!(found.texts["doc/COPYING"], "text");
        let file = packed(Method::Xz, &["a", "x/b"]);
        let found = inspect(file.path(), &["a".to_owned()]).unwrap().unwrap();
        assert_eq!((found.extension, found.directory.as_deref()), ("xz", None));
        assert_eq!(found.texts["a"], "text");
    }

    #[test]
    fn other_archives_are_left_to_be_wrapped() {
        for method in [Method::None, Method::Zstd] {
            let file = packed(method, &["x/a"]);
            assert_eq!(inspect(file.path(), &[]).unwrap(), None);
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"PK\x03\x04").unwrap();
        assert_eq!(inspect(file.path(), &[]).unwrap(), None);
    }
}
