//! Reads the small files whose texts lowering needs: licences, accounts and settings of PHP.

use std::collections::BTreeMap;

use package::{Content, FileEntry, FileKind, Package, WriteError};

use crate::lower::{is_license_text, is_module_file, is_sysusers_file};

/// Larger files are no licences that anybody reads.
const LARGEST: u64 = 1 << 20;

/// The texts of the `%license` and `sysusers.d` files of some packages, and of settings of PHP's
/// extensions, by installed path, for [`crate::Context::texts`]. Files that are not UTF-8, or larger than 1 MiB, are left out.
pub fn read_texts(packages: &[Package]) -> Result<BTreeMap<String, String>, WriteError> {
    let entries = packages.iter().flat_map(|package| package.files.entries());
    let wanted = entries.filter(|entry| {
        is_license_text(entry) || is_sysusers_file(&entry.path) || is_module_file(&entry.path)
    });
    let mut texts = BTreeMap::new();
    for entry in wanted {
        if let Some(text) = read(entry)? {
            texts.insert(entry.path.clone(), text);
        }
    }
    Ok(texts)
}

fn read(entry: &FileEntry) -> Result<Option<String>, WriteError> {
    let FileKind::Regular { content, size } = &entry.kind else {
        return Ok(None);
    };
    if *size > LARGEST || entry.flags.ghost {
        return Ok(None);
    }
    let bytes = match content {
        Content::Inline(bytes) => bytes.clone(),
        Content::OnDisk(path) => std::fs::read(path).map_err(|source| WriteError::Read {
            path: path.clone(),
            source,
        })?,
    };
    Ok(String::from_utf8(bytes).ok())
}
