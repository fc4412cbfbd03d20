//! Control files that a spec puts into the build root: `NAME/DEBIAN/`, where debbuild stages its
//! packages. Specs for it leave `symbols`, `triggers`, `templates` and the like there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use package::Package;

use crate::BuildError;

/// What is made anew in any case.
const OURS: [&str; 2] = ["control", "md5sums"];

/// Control members of packages, by the packages' names in the spec.
pub(crate) type ControlFiles = BTreeMap<String, BTreeMap<String, Vec<u8>>>;

/// The directories of a build root that hold control files, as installed paths.
pub(crate) fn directories<'n>(
    build_root: &Path,
    names: impl IntoIterator<Item = &'n str>,
    main: &str,
) -> Vec<String> {
    let paths = names.into_iter().flat_map(|name| candidates(name, main));
    let mut found: Vec<String> = paths
        .filter(|path| build_root.join(path.trim_start_matches('/')).is_dir())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The control files of packages.
pub(crate) fn load(
    build_root: &Path,
    packages: &[Package],
    main: &str,
) -> Result<ControlFiles, BuildError> {
    let mut found = ControlFiles::new();
    for package in packages {
        for directory in directories(build_root, [package.name.as_str()], main) {
            let members = load_directory(&build_root.join(directory.trim_start_matches('/')))?;
            found
                .entry(package.name.clone())
                .or_default()
                .extend(members);
        }
    }
    Ok(found)
}

/// Where a package's control files may lie: debbuild's directory has the name of the package, that
/// of the sub-package, or is `main`.
fn candidates(name: &str, main: &str) -> Vec<String> {
    let mut names = vec![name.to_owned(), debfile::source_name(name)];
    if name == main {
        names.push("main".to_owned());
    }
    names.extend(
        name.strip_prefix(main)
            .and_then(|rest| rest.strip_prefix('-'))
            .map(str::to_owned),
    );
    let paths = names.into_iter().filter(|it| !it.is_empty());
    paths.map(|name| format!("/{name}/DEBIAN")).collect()
}

fn load_directory(directory: &Path) -> Result<BTreeMap<String, Vec<u8>>, BuildError> {
    let mut members = BTreeMap::new();
    let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
    for entry in entries {
        let path: PathBuf = entry.map_err(|error| unreadable(directory, error))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_file() && !OURS.contains(&name.as_str()) {
            let bytes =
                limits::read(&path, limits::TEXT).map_err(|error| unreadable(&path, error))?;
            members.insert(name, bytes);
        }
    }
    Ok(members)
}

fn unreadable(path: &Path, source: std::io::Error) -> BuildError {
    BuildError::Read {
        what: "control files in",
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use crate::deb::control_files::candidates;

    #[test]
    fn directories_are_named_after_packages_and_sub_packages() {
        assert_eq!(
            candidates("foo", "foo"),
            ["/foo/DEBIAN", "/foo/DEBIAN", "/main/DEBIAN"]
        );
        let utils = ["/Foo-utils/DEBIAN", "/foo-utils/DEBIAN", "/utils/DEBIAN"];
        assert_eq!(candidates("Foo-utils", "Foo"), utils);
        assert_eq!(candidates("libfoo1", "foo")[0], "/libfoo1/DEBIAN");
    }
}
