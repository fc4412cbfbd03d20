//! Public shared libraries: the `shlibs` member and the linker's cache.
//!
//! Source: Debian Policy 8.1.1 (ldconfig), 8.6.4 (shlibs); deb-shlibs(5).

use package::{FileEntry, Package, RelationKind};

use super::draft::Deb;

/// A shared library that other packages link with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Library {
    /// The part of the soname before the version.
    name: String,
    /// The version in the soname.
    version: String,
}

/// Adds the `shlibs` member, unless the spec has made one; says whether there are libraries.
pub(crate) fn lower_libraries(deb: &mut Deb<'_>, package: &Package) {
    let triplet = deb.context.distribution.multiarch.as_deref();
    let libraries = public_libraries(package, triplet);
    deb.has_library = !libraries.is_empty();
    if !deb.members.contains_key("shlibs") {
        let lines = shlibs(&libraries, &deb.name, &deb.version);
        deb.add_to_member("shlibs", &lines);
    }
}

/// The public libraries of a package, sorted, each soname once.
///
/// Sonames are those the files are known to provide: `libfoo.so.1()(64bit)`.
fn public_libraries(package: &Package, triplet: Option<&str>) -> Vec<Library> {
    let files = package
        .files
        .entries()
        .iter()
        .filter(|it| is_public(&it.path, triplet));
    let mut libraries: Vec<Library> = files
        .filter_map(soname)
        .filter_map(|it| split(&it))
        .collect();
    libraries.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    libraries.dedup();
    libraries
}

/// Whether a file lies in a directory of the dynamic linker.
fn is_public(path: &str, triplet: Option<&str>) -> bool {
    let Some((directory, _)) = path.rsplit_once('/') else {
        return false;
    };
    let directory = directory.strip_prefix("/usr").unwrap_or(directory);
    let directory = directory.strip_prefix("/lib").unwrap_or("/");
    directory.is_empty() || triplet.is_some_and(|it| directory.strip_prefix('/') == Some(it))
}

fn soname(entry: &FileEntry) -> Option<String> {
    let provided = entry
        .dependencies
        .iter()
        .filter(|it| it.kind == RelationKind::Provides);
    provided.into_iter().find_map(|it| {
        let name = it.dependency.name();
        let (soname, rest) = name.split_once("()").unwrap_or((&name, ""));
        let bare = !soname.contains(['(', '/']) && (rest.is_empty() || rest.starts_with('('));
        (bare && soname.contains(".so")).then(|| soname.to_owned())
    })
}

/// `libfoo.so.1` is library `libfoo` version `1`, `libfoo-1.2.so` is `libfoo` version `1.2`.
pub(crate) fn split_soname(soname: &str) -> Option<(&str, &str)> {
    if let Some((name, version)) = soname.rsplit_once(".so.") {
        return Some((name, version));
    }
    let stem = soname.strip_suffix(".so")?;
    let parts = stem.rmatch_indices('-');
    let mut splits = parts.map(|(at, _)| (&stem[..at], &stem[at + 1..]));
    splits.find(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))
}

fn split(soname: &str) -> Option<Library> {
    let (name, version) = split_soname(soname)?;
    Some(Library {
        name: name.to_owned(),
        version: version.to_owned(),
    })
}

/// The `shlibs` member: who links with the library needs this upstream version or a later one.
fn shlibs(libraries: &[Library], package: &str, version: &str) -> String {
    let upstream = version
        .rsplit_once('-')
        .map_or(version, |(upstream, _)| upstream);
    let line = |it: &Library| format!("{} {} {package} (>= {upstream})\n", it.name, it.version);
    libraries.iter().map(line).collect()
}

/// The `symbols` member with the upstream version where a symbol has the version of the package itself.
///
/// A revision makes a bound that no backport can meet. Source: Debian Policy 8.6.3.2.
pub(crate) fn without_revision(symbols: &[u8], version: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(symbols);
    let upstream = version.rsplit_once('-').map_or(version, |(it, _)| it);
    let line = |line: &str| match line.trim_end().strip_suffix(version) {
        Some(start) if line.starts_with(' ') && start.ends_with(' ') => {
            format!("{start}{upstream}\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sonames_are_split_as_dpkg_splits_them() {
        assert_eq!(split_soname("libfoo.so.1.2"), Some(("libfoo", "1.2")));
        assert_eq!(
            split_soname("libfoo-bar-1.2.so"),
            Some(("libfoo-bar", "1.2"))
        );
        assert_eq!(split_soname("plugin.so"), None);
    }

    #[test]
    fn symbols_of_this_version_lose_the_revision() {
        let symbols = b"liba.so.1 liba1 #MINVER#\n new@Base 1.2-3\n old@Base 1.0-3\n";
        let plain = b"liba.so.1 liba1 #MINVER#\n new@Base 1.2\n old@Base 1.0-3\n";
        assert_eq!(without_revision(symbols, "1.2-3"), plain);
    }

    #[test]
    fn only_the_linkers_directories_are_public() {
        let triplet = Some("x86_64-linux-gnu");
        assert!(is_public("/usr/lib/x86_64-linux-gnu/libx.so.1", triplet));
        assert!(is_public("/lib/libx.so.1", triplet));
        assert!(!is_public(
            "/usr/lib/x86_64-linux-gnu/foo/libx.so.1",
            triplet
        ));
        assert!(!is_public("/opt/lib/libx.so.1", triplet));
    }
}
