//! Where the files of a spec lie in the package.

use std::collections::BTreeMap;

use target::Place;

use super::places::moved;
use crate::context::Context;

/// The paths of a package's files, each from the one that the spec lists.
pub(crate) struct PackagePaths<'a> {
    /// Where documentation lies by the spec: below the package's name there.
    spec_doc_dir: String,
    /// Where it lies here: below the package's name in Debian.
    doc_dir: String,
    /// Whether `/bin`, `/lib` and `/sbin` are links into `/usr`.
    is_usr_merged: bool,
    /// Places that the target has elsewhere, among others.
    places: &'a [Place],
    /// Files that Debian names otherwise, by the spec's path.
    pub(super) renamed: BTreeMap<String, String>,
    /// Documentation that gets another name: where it would lie, and where it does.
    pub(super) renamed_documents: BTreeMap<String, String>,
}

impl<'a> PackagePaths<'a> {
    /// The paths of a package, by its name in the spec and by Debian's.
    pub(crate) fn new(rpm: &str, deb: &str, context: &'a Context<'_>) -> Self {
        Self {
            spec_doc_dir: format!("/usr/share/doc/{rpm}"),
            doc_dir: format!("/usr/share/doc/{deb}"),
            is_usr_merged: context.is_usr_merged,
            places: &context.distribution.places,
            renamed: BTreeMap::new(),
            renamed_documents: BTreeMap::new(),
        }
    }

    /// The directory of the package's documentation.
    pub(crate) fn doc_dir(&self) -> &str {
        &self.doc_dir
    }

    /// Where a path of the spec lies in the package: documentation follows the package's name, and
    /// nothing lies beside a merged `/usr`; some files get another name.
    ///
    /// Source: Debian Policy 10.1, for the merged `/usr`.
    pub(crate) fn place(&self, path: &str) -> String {
        let place = self.usual_place(path);
        let renamed = self.renamed_documents.get(&place).cloned();
        renamed.unwrap_or(place)
    }

    /// The same before documentation gets other names.
    pub(crate) fn usual_place(&self, path: &str) -> String {
        if let Some(place) = moved(path, self.places) {
            return place;
        }
        match path.strip_prefix(&self.spec_doc_dir) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.doc_dir)
            }
            _ if self.is_usr_merged && is_aliased(path) => format!("/usr{path}"),
            _ => self
                .renamed
                .get(path)
                .map_or(path, String::as_str)
                .to_owned(),
        }
    }
}

/// Whether a path begins with one of the links of a merged `/usr`.
pub(crate) fn is_aliased(path: &str) -> bool {
    let top = path.split('/').nth(1).unwrap_or("");
    matches!(top, "bin" | "sbin" | "lib" | "lib32" | "lib64" | "libx32")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_follows_the_package_name() {
        let paths = PackagePaths {
            spec_doc_dir: "/usr/share/doc/foo-devel".into(),
            doc_dir: "/usr/share/doc/foo-dev".into(),
            is_usr_merged: true,
            places: &[],
            renamed: [("/etc/a".to_owned(), "/etc/b".to_owned())].into(),
            renamed_documents: BTreeMap::new(),
        };
        for (path, place) in [
            ("/usr/share/doc/foo-devel/a", "/usr/share/doc/foo-dev/a"),
            ("/usr/share/doc/foo-devel", "/usr/share/doc/foo-dev"),
            ("/usr/share/doc/foo-devel2", "/usr/share/doc/foo-devel2"),
            ("/lib/systemd/x", "/usr/lib/systemd/x"),
            ("/library", "/library"),
            ("/etc/a", "/etc/b"),
        ] {
            assert_eq!(paths.place(path), place);
        }
    }
}
