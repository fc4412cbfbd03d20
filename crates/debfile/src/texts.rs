//! Reads the small files whose texts lowering needs: licences, accounts, settings of PHP, notices of
//! copyright; and documentation that is shipped compressed.

use std::collections::BTreeMap;

use package::{Content, FileEntry, FileKind, Package, WriteError};

use crate::lower::{
    gzip, is_license_text, is_module_file, is_notice, is_sysusers_file, is_tmpfiles_file,
    upstream_changelog,
};

/// Larger files are no licences that anybody reads.
const LARGEST: u64 = 1 << 20;

/// The texts of the `%license`, `sysusers.d` and `tmpfiles.d` files of some packages, of settings of PHP's
/// extensions, and of documentation that may say whose work they are, by installed path, for
/// [`crate::Context::texts`]. Files that are not UTF-8, or larger than 1 MiB, are left out.
pub fn read_texts(packages: &[Package]) -> Result<BTreeMap<String, String>, WriteError> {
    let entries = packages.iter().flat_map(|package| package.files.entries());
    let wanted = entries.filter(|entry| {
        is_license_text(entry)
            || is_notice(entry)
            || is_sysusers_file(&entry.path)
            || is_tmpfiles_file(&entry.path)
            || is_module_file(&entry.path)
    });
    let mut texts = BTreeMap::new();
    for entry in wanted {
        if let Some(text) = read(entry)? {
            texts.insert(entry.path.clone(), text);
        }
    }
    Ok(texts)
}

/// Documentation in compressed form, by installed path, for [`crate::Context::compressed`].
///
/// `is_wanted` says by path and size which files; upstream's changelog is compressed whatever its size.
/// Files with several names stay as they are. Source: Debian Policy 12.7.
pub fn compress_documents(
    packages: &[Package],
    is_wanted: &dyn Fn(&str, u64) -> bool,
) -> Result<BTreeMap<String, Vec<u8>>, WriteError> {
    let mut compressed = BTreeMap::new();
    for package in packages {
        let entries = package.files.entries();
        let changelog = changelog_path(package);
        let documents = entries.iter().filter(|it| it.flags.doc && !it.flags.ghost);
        for entry in documents.filter(|it| it.link_set.is_none()) {
            let FileKind::Regular { content, size } = &entry.kind else {
                continue;
            };
            if changelog == Some(entry.path.as_str()) || is_wanted(&entry.path, *size) {
                compressed.insert(entry.path.clone(), gzip(&bytes_of(content)?));
            }
        }
    }
    Ok(compressed)
}

/// The path of upstream's changelog, unless that is compressed already.
fn changelog_path(package: &Package) -> Option<&str> {
    let directory = format!("/usr/share/doc/{}/", package.name);
    let in_directory = |path: &str| path.strip_prefix(&directory).map(str::to_owned);
    let (_, entry) = upstream_changelog(package.files.entries(), &in_directory)?;
    (!entry.path.ends_with(".gz")).then_some(&entry.path)
}

fn read(entry: &FileEntry) -> Result<Option<String>, WriteError> {
    let FileKind::Regular { content, size } = &entry.kind else {
        return Ok(None);
    };
    if *size > LARGEST || entry.flags.ghost {
        return Ok(None);
    }
    Ok(String::from_utf8(bytes_of(content)?).ok())
}

fn bytes_of(content: &Content) -> Result<Vec<u8>, WriteError> {
    match content {
        Content::Inline(bytes) => Ok(bytes.clone()),
        Content::OnDisk(path) => {
            limits::read(path, limits::TEXT).map_err(|source| WriteError::Read {
                path: path.clone(),
                source,
            })
        }
    }
}
