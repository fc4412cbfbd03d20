//! Names that documents of the same kind go by: who looks for `COPYING` means `LICENSE`.

use source::closest;

/// How the names of documents begin, those of one kind together; in capitals, without `-`, `_` and blanks.
const KINDS: [&[&str]; 5] = [
    &[
        "LICENSE",
        "LICENCE",
        "COPYING",
        "COPYRIGHT",
        "UNLICENSE",
        "LEGAL",
        "GPL",
        "LGPL",
        "MITLICENSE",
        "APACHELICENSE",
    ],
    &["README", "ABOUT"],
    &[
        "CHANGELOG",
        "CHANGES",
        "NEWS",
        "HISTORY",
        "RELEASENOTES",
        "RELEASES",
        "WHATSNEW",
    ],
    &[
        "AUTHORS",
        "AUTHOR",
        "CONTRIBUTORS",
        "CREDITS",
        "MAINTAINERS",
        "THANKS",
    ],
    &["CONTRIBUTING", "HACKING"],
];

/// The name that is most like `name` among those of documents of its kind: one that begins the same way
/// wins, then the shortest.
pub(crate) fn akin<'n>(
    name: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    let stem = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default();
        stem.to_uppercase().replace(['-', '_', ' '], "")
    };
    let wanted = stem(name);
    // A slip of the keyboard is nearer than another word.
    if wanted.is_empty() || closest(name, names.clone()).is_some() {
        return None;
    }
    let begins = |name: &str, begin: &&str| stem(name).starts_with(begin);
    let kind = KINDS
        .iter()
        .find(|kind| kind.iter().any(|it| begins(name, it)))?;
    let akin = names.filter(|it| kind.iter().any(|begin| begins(it, begin)));
    akin.min_by_key(|it| (!stem(it).starts_with(&wanted), it.len(), *it))
}

#[cfg(test)]
mod tests {
    use super::akin;

    fn found(name: &str, names: &[&'static str]) -> Option<&'static str> {
        akin(name, names.iter().copied())
    }

    #[test]
    fn documents_of_a_kind_stand_for_each_other() {
        let names = [
            "LICENSE",
            "README.md",
            "main.c",
            "NEWS.rst",
            "copyright_notes",
        ];
        assert_eq!(found("COPYING", &names), Some("LICENSE"));
        assert_eq!(found("ChangeLog", &names), Some("NEWS.rst"));
        assert_eq!(
            found("README", &["README.markdown", "ABOUT"]),
            Some("README.markdown")
        );
        assert_eq!(
            found("LICENSE", &["COPYING.LESSER", "COPYING"]),
            Some("COPYING")
        );
    }

    #[test]
    fn slips_and_other_files_are_no_matter_of_kinds() {
        assert_eq!(found("COPYNG", &["COPYING", "LICENSE"]), None);
        assert_eq!(found("main.c", &["LICENSE"]), None);
        assert_eq!(found("COPYING", &["main.c"]), None);
    }
}
