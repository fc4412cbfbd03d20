//! How the macro files lie below `macros/`, and which of them a profile means by a name.
//!
//! Pure functions over lists of paths. The build script uses them too, for the files that are embedded.

/// What a profile loads macros from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// A macro file without its ending, or a folder: the macro files in it, none of its folders.
    Layer(&'a str),
    /// A folder of [`LIBRARIES`].
    Library(&'a str),
}

/// The layer name that stands for what follows from the architecture.
pub(crate) const PLATFORM: &str = "@platform";

/// The folder of the macro libraries, one folder each.
const LIBRARIES: &str = "lib";

/// The variants of macro libraries: the names of families and vendors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variants<'a> {
    /// Every name that is a variant's.
    pub(crate) known: &'a [&'a str],
    /// Those of the target, the last to win.
    pub(crate) chosen: &'a [&'a str],
}

impl Source<'_> {
    /// The folder or file, as messages call it.
    pub(crate) fn path(self) -> String {
        match self {
            Source::Layer(name) => name.to_owned(),
            Source::Library(name) => format!("{LIBRARIES}/{name}"),
        }
    }

    /// The positions of its files in `files`, in the order in which they are loaded. `files` are paths
    /// below `macros/`, sorted as texts.
    ///
    /// A library has files for all targets and, after those, its files `VARIANT.macros` and files in
    /// folders `VARIANT` for targets of that family or vendor.
    pub(crate) fn files(self, files: &[&str], variants: Variants<'_>) -> Vec<usize> {
        let path = self.path();
        let found = |is_meant: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let numbered = files.iter().enumerate();
            numbered
                .filter(|(_, file)| file.strip_prefix(&path).is_some_and(is_meant))
                .map(|(number, _)| number)
                .collect()
        };
        if matches!(self, Source::Layer(_)) {
            return found(&|rest| {
                stem(rest) == Some("") || rest.strip_prefix('/').is_some_and(is_plain)
            });
        }
        let is_common = |rest: &str| {
            rest.strip_prefix('/')
                .filter(|rest| is_plain(rest))
                .and_then(stem)
                .is_some_and(|stem| !variants.known.contains(&stem))
        };
        let of_variant = |rest: &str, variant: &str| {
            let rest = rest
                .strip_prefix('/')
                .and_then(|it| it.strip_prefix(variant));
            rest.is_some_and(|rest| {
                rest == ".macros" || rest.strip_prefix('/').is_some_and(is_plain)
            })
        };
        let mut all = found(&is_common);
        for variant in variants.chosen {
            all.extend(found(&|rest| of_variant(rest, variant)));
        }
        all
    }
}

/// A macro file that lies in no further folder.
fn is_plain(path: &str) -> bool {
    !path.contains('/') && stem(path).is_some()
}

/// The path without the ending of macro files; `None` for other files.
pub(crate) fn stem(path: &str) -> Option<&str> {
    path.strip_suffix(".macros")
        .or_else(|| path.strip_suffix(".attr"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[&str] = &[
        "family/deb/paths.macros",
        "lib/demo/cases/x.macros",
        "lib/demo/deb.macros",
        "lib/demo/demo.attr",
        "lib/demo/demo.macros",
        "lib/demo/rpm/prog.attr",
        "lib/demo/suse.macros",
        "lib/demonstration/other.macros",
        "rpm/fileattrs/elf.attr",
        "rpm/paths.macros",
    ];

    fn files(source: Source<'_>, chosen: &[&str]) -> Vec<&'static str> {
        let known = &["deb", "rpm", "suse"];
        let found = source.files(FILES, Variants { known, chosen });
        found.into_iter().map(|number| FILES[number]).collect()
    }

    #[test]
    fn a_layer_is_a_file_or_what_lies_in_a_folder() {
        let layer = |name| files(Source::Layer(name), &[]);
        assert_eq!(layer("rpm"), ["rpm/paths.macros"]);
        assert_eq!(layer("rpm/paths"), ["rpm/paths.macros"]);
        assert_eq!(layer("rpm/fileattrs"), ["rpm/fileattrs/elf.attr"]);
        assert_eq!(layer("rp"), [""; 0]);
    }

    #[test]
    fn a_library_has_files_of_its_own_and_of_the_targets_variants() {
        let library = |chosen| files(Source::Library("demo"), chosen);
        let own = ["lib/demo/demo.attr", "lib/demo/demo.macros"];
        assert_eq!(library(&[]), own);
        assert_eq!(library(&["deb"])[2..], ["lib/demo/deb.macros"]);
        assert_eq!(
            library(&["rpm", "suse"])[2..],
            ["lib/demo/rpm/prog.attr", "lib/demo/suse.macros"]
        );
    }
}
