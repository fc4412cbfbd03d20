//! Fields of `debian/control` where a tag should be.

use source::closest;

use super::relation::translate;

/// What stands for a field in a spec.
enum Here {
    /// A tag with the same value.
    Tag(&'static str),
    /// A tag whose value is relations.
    Relation(&'static str),
    /// Something else.
    Other(&'static str),
}

use Here::{Other, Relation, Tag};

/// For fields that no spec has.
const NOTHING: Here = Other("a spec has nothing of the kind: remove the line");

/// dpkg's fields that no tag is called as.
const FIELDS: [(&str, Here); 45] = [
    ("Depends", Relation("Requires")),
    ("Pre-Depends", Relation("Requires(pre)")),
    ("Build-Depends", Relation("BuildRequires")),
    ("Build-Depends-Arch", Relation("BuildRequires")),
    ("Build-Depends-Indep", Relation("BuildRequires")),
    ("Build-Conflicts", Relation("BuildConflicts")),
    ("Build-Conflicts-Arch", Relation("BuildConflicts")),
    ("Build-Conflicts-Indep", Relation("BuildConflicts")),
    ("Breaks", Relation("Conflicts")),
    ("Replaces", Relation("Obsoletes")),
    ("Maintainer", Tag("Packager")),
    ("Homepage", Tag("URL")),
    ("Section", Tag("Group")),
    ("Bugs", Tag("BugURL")),
    ("Vcs-Browser", Tag("VCS")),
    ("Vcs-Bzr", Tag("VCS")),
    ("Vcs-Cvs", Tag("VCS")),
    ("Vcs-Git", Tag("VCS")),
    ("Vcs-Hg", Tag("VCS")),
    ("Vcs-Svn", Tag("VCS")),
    ("Origin", Tag("Vendor")),
    ("Upstream-Name", Tag("Name")),
    ("Copyright", Tag("License")),
    (
        "Architecture",
        Other(
            "write `BuildArch: noarch` for `all`, nothing for `any`, and `ExclusiveArch:` to name \
             single architectures",
        ),
    ),
    (
        "Package",
        Other(
            "write `Name:` for the first package, and a section `%package -n NAME` for each other \
             one",
        ),
    ),
    (
        "Binary",
        Other("each package but the first has a section `%package`"),
    ),
    (
        "Description",
        Other("write the first line as `Summary:`, and the others into a section `%description`"),
    ),
    (
        "Uploaders",
        Other("the entries of `%changelog` name those who made them"),
    ),
    ("Changes", Other("write a section `%changelog`")),
    (
        "Date",
        Other("an entry of `%changelog` begins with its date"),
    ),
    (
        "Conffiles",
        Other("write `%config(noreplace) PATH` in `%files`"),
    ),
    (
        "Files",
        Other("write a section `%files`, and `Source0:` for what the build needs"),
    ),
    (
        "Testsuite",
        Other("what tests the build goes into the section `%check`"),
    ),
    (
        "Priority",
        Other("leave it out: a .deb gets `Priority: optional`"),
    ),
    (
        "Installed-Size",
        Other("leave it out: it is found when the package is made"),
    ),
    (
        "Built-Using",
        Other("write `Provides: bundled(NAME) = VERSION`"),
    ),
    ("Essential", NOTHING),
    ("Format", NOTHING),
    ("Important", NOTHING),
    ("Multi-Arch", NOTHING),
    ("Package-Type", NOTHING),
    ("Protected", NOTHING),
    ("Rules-Requires-Root", NOTHING),
    ("Standards-Version", NOTHING),
    ("Tag", NOTHING),
];

/// What to write instead of a line that begins with one of dpkg's fields.
pub(crate) fn help_for_field(word: &str, line: &str) -> Option<String> {
    let (field, here) = FIELDS.iter().find(|(field, _)| is_same(field, word))?;
    let value = line.split_once(':').map_or("", |(_, value)| value.trim());
    Some(match here {
        Tag(tag) => format!("rpm's word for `{field}` is `{tag}`"),
        Relation(tag) => match translate(value) {
            Some(value) => format!("rpm's word for `{field}` is `{tag}`: write `{tag}: {value}`"),
            None => format!("rpm's word for `{field}` is `{tag}`"),
        },
        Other(help) => (*help).to_owned(),
    })
}

/// The help for the field that a word is near to.
pub(crate) fn help_for_near_field(word: &str, line: &str) -> Option<String> {
    let near = closest(word, FIELDS.iter().map(|(field, _)| *field))?;
    help_for_field(near, line)
}

/// Whether a word is a field's name, hyphens or not.
fn is_same(field: &str, word: &str) -> bool {
    let letters = |text: &str| text.replace('-', "").to_ascii_lowercase();
    letters(field) == letters(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preamble::tag_names;

    #[test]
    fn fields_are_told_by_tags_that_there_are() {
        for (field, here) in &FIELDS {
            let (Tag(tag) | Relation(tag)) = here else {
                continue;
            };
            let tag = tag.split('(').next().unwrap();
            assert!(tag_names().any(|known| known == tag), "{field}: {tag}");
        }
    }

    #[test]
    fn values_are_translated() {
        let said = |line: &str| {
            let word = line.split(':').next().unwrap();
            help_for_field(word, line).unwrap_or_default()
        };
        assert!(
            said("Depends: a (>= 1), b | c").ends_with("write `Requires: a >= 1, (b or c)`"),
            "{}",
            said("Depends: a (>= 1), b | c")
        );
        assert!(said("build-depends: make").ends_with("write `BuildRequires: make`"));
        assert!(said("BuildDepends: ${x}").ends_with("is `BuildRequires`"));
        assert_eq!(said("Colour: red"), "");
    }
}
