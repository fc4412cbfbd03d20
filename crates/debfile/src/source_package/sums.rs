//! Digests of files, as `.dsc`, `.changes` and `.buildinfo` files list them.
//!
//! Source: deb822(5); dsc(5), `Checksums-Sha256`, `Files`.

use crate::deb822::Paragraph;

/// Size and digests of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSums {
    /// Length in bytes.
    pub size: u64,
    /// MD5, in hexadecimal digits, as all here.
    pub md5: String,
    /// SHA-1.
    pub sha1: String,
    /// SHA-256.
    pub sha256: String,
}

/// A file by its name, with its digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummedFile {
    /// Name, without a directory.
    pub name: String,
    /// Digests.
    pub sums: FileSums,
}

/// A field of digests: its name, and which digest it holds.
pub(super) type Column = (&'static str, fn(&FileSums) -> &str);

pub(super) const MD5: Column = ("Checksums-Md5", |sums| sums.md5.as_str());
pub(super) const SHA1: Column = ("Checksums-Sha1", |sums| sums.sha1.as_str());
pub(super) const SHA256: Column = ("Checksums-Sha256", |sums| sums.sha256.as_str());

/// Sets one field for each kind of digest.
pub(super) fn set_checksums(paragraph: &mut Paragraph, files: &[SummedFile], columns: &[Column]) {
    for (name, digest) in columns {
        let line = |file: &SummedFile| {
            let sums = &file.sums;
            format!("\n{} {} {}", digest(sums), sums.size, file.name)
        };
        paragraph.set(name, files.iter().map(line).collect::<String>());
    }
}
