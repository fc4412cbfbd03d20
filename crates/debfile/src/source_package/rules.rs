//! `debian/rules` and the small files beside it.
//!
//! Source: Debian Policy 4.9 and 4.14; dpkg-source(1), "Format: 3.0 (quilt)".

use std::collections::BTreeMap;

use super::{CARRIED, SourceOutline};
use crate::words;

/// The targets that `rules` must have.
const TARGETS: &str = "build build-arch build-indep binary binary-arch binary-indep clean";

/// Start of the line of `rules` that names the spec.
const SPEC_LINE: &str = "SPEC = ";
/// What encloses the name of the main source in a comment of `rules`.
const SOURCE_LINE: [&str; 2] = ["# In the spec, the upstream archive is `", "`."];

/// What `debian/rules` says of the names of files; whoever unpacks the package need not read its spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecNames {
    /// The spec in `debian/specbuild/`.
    pub spec: Option<String>,
    /// The main source.
    pub main_source: Option<String>,
}

/// Reads the names out of a `debian/rules` that was made here, perhaps by an older version.
pub fn read_rules(text: &str) -> SpecNames {
    let carried = format!("{SPEC_LINE}{CARRIED}/");
    let [start, end] = SOURCE_LINE;
    let source = |line: &str| Some(line.strip_prefix(start)?.strip_suffix(end)?.to_owned());
    SpecNames {
        spec: text
            .lines()
            .find_map(|line| line.strip_prefix(&carried).map(str::to_owned)),
        main_source: text.lines().find_map(source),
    }
}

/// The files by path.
pub(super) fn texts(outline: &SourceOutline<'_>) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut add = |path: &str, text: String| texts.insert(format!("debian/{path}"), text);
    add("rules", rules(outline));
    add("README.source", readme(outline));
    add("source/format", format!("{}\n", words::SOURCE_FORMAT));
    let binary = outline.carried.iter().filter(|file| file.is_binary);
    let lines: String = binary
        .map(|file| format!("{CARRIED}/{}\n", file.name))
        .collect();
    if !lines.is_empty() {
        add("source/include-binaries", lines);
    }
    texts
}

fn rules(outline: &SourceOutline<'_>) -> String {
    let directory = outline.directory.as_ref();
    let directory = directory.map(|name| ["--directory".to_owned(), name.clone()]);
    let arguments = directory.iter().flatten().chain(&outline.arguments);
    let options: Vec<String> = arguments.map(|it| make_word(it)).collect();
    // Where nothing is for one architecture, that target must not do anything.
    let is_all = outline
        .binaries
        .iter()
        .all(|it| it.package.arch == "noarch");
    let (targets, nothing) = if is_all {
        (TARGETS.replace(" binary-arch", ""), "binary-arch:\n\n")
    } else {
        (TARGETS.to_owned(), "")
    };
    let [start, end] = SOURCE_LINE;
    let source = outline.main_source.as_ref();
    let source = source.map_or(String::new(), |name| format!("{start}{name}{end}\n"));
    format!(
        "#!/usr/bin/make -f\n\
         # specbuild makes the packages from the spec; see README.source.\n\
         {source}\n\
         SPECBUILD ?= specbuild\n\
         {SPEC_LINE}{CARRIED}/{}\n\
         OPTIONS = {}\n\n\
         {targets}:\n\
         \t$(SPECBUILD) deb-rules $@ $(SPEC) $(OPTIONS)\n\n\
         {nothing}\
         .PHONY: {TARGETS}\n",
        outline.spec,
        options.join(" ")
    )
}

/// A word for the shell that make calls.
fn make_word(word: &str) -> String {
    shell_word(word).replace('$', "$$").replace('#', "\\#")
}

/// A word as a shell takes it, quoted if need be.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn readme(outline: &SourceOutline<'_>) -> String {
    let spec = &outline.spec;
    format!(
        "This package is made from an rpm spec, {CARRIED}/{spec}, by specbuild.\n\
         \n\
         The upstream archive is unpacked as it was released. Patches and further sources lie\n\
         beside the spec; the build, not dpkg-source, applies them, in a copy below\n\
         debian/.specbuild, as the %prep section of the spec says. debian/rules calls specbuild,\n\
         which takes the upstream archive from beside the tree if the tree is unchanged, and\n\
         else packs the tree anew: so changes to the tree take effect.\n\
         \n\
         A new upstream release, a patch or a change of what is packaged belongs into the spec;\n\
         `specbuild -bs {spec}` then makes the whole of debian/ again.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_the_shell_whole() {
        assert_eq!(shell_word("--target"), "--target");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(make_word("cost $1 #2"), "'cost $$1 \\#2'");
        assert_eq!(shell_word(""), "''");
    }
}
