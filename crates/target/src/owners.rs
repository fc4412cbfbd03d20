//! Where a macro is to be had that the target does not define.

use std::sync::LazyLock;

use crate::{library, macro_libraries};

/// Macros of other libraries, with the package of each. See the head of the file.
const OWNERS: &str = include_str!("../owners.tsv");

/// The same as (macro, package), sorted by the macro: specs ask often.
static ROWS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let rows = OWNERS.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| line.split_once('\t')).collect()
});

/// What brings a macro of this name: `the macro file macros/lib/cmake/cmake.macros, which another target
/// loads`, `the package scl-utils, whose macros are not here`, or another macro of a library; `None` if nobody knows.
#[must_use]
pub fn macro_owner(name: &str) -> Option<String> {
    let entries = library().definitions(name);
    if let Some(file) = entries.into_iter().next() {
        return Some(format!("{file}, which other targets load"));
    }
    let at = ROWS.binary_search_by_key(&name, |(owned, _)| owned).ok()?;
    let (_, package) = ROWS[at];
    let is_here = macro_libraries().iter().any(|it| it.name == package);
    Some(match is_here {
        true => format!("other macros of the library `{package}`, if one is called before"),
        false => format!("the package `{package}`, whose macros are not here"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_files_here_or_packages_elsewhere() {
        let owner = |name| macro_owner(name).unwrap_or_default();
        assert!(owner("cmake_build").contains("macros/lib/cmake/cmake.macros"));
        assert!(owner("fontpkgname3").contains("the library `fonts-rpm-macros`"));
        assert!(owner("scl_prefix").contains("the package `scl-utils`"));
        assert_eq!(macro_owner("nobody_has_this"), None);
    }

    #[test]
    fn owners_are_sorted_and_not_here() {
        let rows: Vec<&str> = OWNERS.lines().filter(|it| !it.starts_with('#')).collect();
        assert!(rows.is_sorted() && rows.len() > 100);
        for row in rows {
            let (name, _) = row.split_once('\t').unwrap();
            let here = library().definitions(name);
            assert!(here.is_empty(), "{name} is in {here:?} now");
        }
    }
}
