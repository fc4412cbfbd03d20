//! The table of preamble tags, and the part of a line before its colon.
//!
//! Source: rpm-spec(5), "Preamble tags".

use package::{RelationKind, Tag};
use source::Text;

use crate::line::Line;
use crate::words::part_of;

/// What a tag is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    Name,
    Version,
    Release,
    Epoch,
    /// A text of one word.
    Word(Tag),
    /// A text.
    Text(Tag),
    /// A text that may be given in several languages.
    Translatable(Tag),
    SourceLicense,
    Source,
    Patch,
    NoSource,
    NoPatch,
    ExcludeArch,
    ExclusiveArch,
    ExcludeOs,
    ExclusiveOs,
    Icon,
    Relation(RelationKind),
    PreReq,
    Prefixes,
    BuildRoot,
    BuildArch,
    BuildConflicts,
    BuildRequires,
    BuildOption,
    BuildSystem,
    AutoReqProv,
    AutoReq,
    AutoProv,
    DocDir,
    RemovePathPostfixes,
}

/// What may stand in brackets after a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brackets {
    None,
    /// A language; `C` without brackets.
    Language,
    /// Qualifiers such as `pre,post`, or the section of `BuildOption`.
    Qualifiers,
}

/// One preamble tag.
#[derive(Debug)]
pub(crate) struct TagRule {
    /// As packagers write it.
    pub(crate) name: &'static str,
    pub(crate) kind: TagKind,
    pub(crate) brackets: Brackets,
    /// A macro of the tag's name in lower case holds its value.
    pub(crate) is_macro: bool,
    pub(crate) is_deprecated: bool,
    /// Makes no sense once the build is over.
    pub(crate) is_before_build: bool,
    /// debbuild's own; unknown unless `%_debbuild` is defined.
    pub(crate) is_debbuild: bool,
}

const fn tag(name: &'static str, kind: TagKind) -> TagRule {
    TagRule {
        name,
        kind,
        brackets: Brackets::None,
        is_macro: false,
        is_deprecated: false,
        is_before_build: false,
        is_debbuild: false,
    }
}

impl TagRule {
    const fn defines_macro(self) -> Self {
        Self {
            is_macro: true,
            ..self
        }
    }

    const fn in_languages(self) -> Self {
        Self {
            brackets: Brackets::Language,
            ..self
        }
    }

    const fn qualified(self) -> Self {
        Self {
            brackets: Brackets::Qualifiers,
            ..self
        }
    }

    const fn deprecated(self) -> Self {
        Self {
            is_deprecated: true,
            ..self
        }
    }

    const fn before_build(self) -> Self {
        Self {
            is_before_build: true,
            ..self
        }
    }
}

const fn relation(name: &'static str, kind: RelationKind) -> TagRule {
    tag(name, TagKind::Relation(kind))
}

/// A dependency tag of debbuild's. Source: debbuild(1), "Dependency tags".
const fn of_debbuild(name: &'static str, kind: RelationKind) -> TagRule {
    TagRule {
        is_debbuild: true,
        ..relation(name, kind)
    }
}

/// Every tag.
pub(crate) const TAGS: [TagRule; 57] = [
    tag("Name", TagKind::Name).defines_macro(),
    tag("Version", TagKind::Version).defines_macro(),
    tag("Release", TagKind::Release).defines_macro(),
    tag("Epoch", TagKind::Epoch).defines_macro(),
    tag("Summary", TagKind::Translatable(Tag::Summary))
        .defines_macro()
        .in_languages(),
    tag("License", TagKind::Text(Tag::License)).defines_macro(),
    tag("SourceLicense", TagKind::SourceLicense).defines_macro(),
    tag("Distribution", TagKind::Text(Tag::Distribution)).defines_macro(),
    tag("DistURL", TagKind::Text(Tag::DistUrl)).defines_macro(),
    tag("Vendor", TagKind::Text(Tag::Vendor)).defines_macro(),
    tag("Group", TagKind::Translatable(Tag::Group))
        .defines_macro()
        .in_languages(),
    tag("Packager", TagKind::Text(Tag::Packager)).defines_macro(),
    tag("URL", TagKind::Word(Tag::Url)).defines_macro(),
    tag("VCS", TagKind::Word(Tag::Vcs)).defines_macro(),
    tag("Source", TagKind::Source).before_build(),
    tag("Patch", TagKind::Patch).before_build(),
    tag("NoSource", TagKind::NoSource).before_build(),
    tag("NoPatch", TagKind::NoPatch).before_build(),
    tag("ExcludeArch", TagKind::ExcludeArch).before_build(),
    tag("ExclusiveArch", TagKind::ExclusiveArch).before_build(),
    tag("ExcludeOS", TagKind::ExcludeOs).before_build(),
    tag("ExclusiveOS", TagKind::ExclusiveOs).before_build(),
    tag("Icon", TagKind::Icon),
    relation("Provides", RelationKind::Provides),
    relation("Requires", RelationKind::Requires).qualified(),
    relation("Recommends", RelationKind::Recommends).qualified(),
    relation("Suggests", RelationKind::Suggests).qualified(),
    relation("Supplements", RelationKind::Supplements).qualified(),
    relation("Enhances", RelationKind::Enhances).qualified(),
    tag("PreReq", TagKind::PreReq).qualified().deprecated(),
    relation("Conflicts", RelationKind::Conflicts),
    relation("Obsoletes", RelationKind::Obsoletes),
    relation("OrderWithRequires", RelationKind::OrderWithRequires).qualified(),
    tag("Prefixes", TagKind::Prefixes).defines_macro(),
    tag("Prefix", TagKind::Prefixes).defines_macro(),
    tag("BuildRoot", TagKind::BuildRoot).before_build(),
    tag("BuildArchitectures", TagKind::BuildArch),
    TagRule {
        is_debbuild: true,
        ..tag("BuildArchitecture", TagKind::BuildArch)
    },
    tag("BuildArch", TagKind::BuildArch),
    tag("BuildConflicts", TagKind::BuildConflicts).before_build(),
    tag("BuildOption", TagKind::BuildOption)
        .qualified()
        .before_build(),
    tag("BuildPreReq", TagKind::BuildRequires)
        .deprecated()
        .before_build(),
    tag("BuildRequires", TagKind::BuildRequires).before_build(),
    tag("BuildSystem", TagKind::BuildSystem)
        .defines_macro()
        .before_build(),
    tag("AutoReqProv", TagKind::AutoReqProv),
    tag("AutoReq", TagKind::AutoReq),
    tag("AutoProv", TagKind::AutoProv),
    tag("DocDir", TagKind::DocDir),
    tag("DistTag", TagKind::Word(Tag::DistTag)).defines_macro(),
    tag("BugURL", TagKind::Word(Tag::BugUrl)).defines_macro(),
    tag("TranslationURL", TagKind::Text(Tag::TranslationUrl)).defines_macro(),
    tag("UpstreamReleases", TagKind::Text(Tag::UpstreamReleases)).defines_macro(),
    tag("RemovePathPostfixes", TagKind::RemovePathPostfixes).defines_macro(),
    tag("ModularityLabel", TagKind::Word(Tag::ModularityLabel)).defines_macro(),
    of_debbuild("Breaks", RelationKind::Breaks),
    of_debbuild("Replaces", RelationKind::Replaces),
    of_debbuild("Pre-Depends", RelationKind::PreDepends),
];

/// The names of all tags, as packagers write them.
pub fn tag_names() -> impl Iterator<Item = &'static str> {
    TAGS.iter().map(|rule| rule.name)
}

/// A line with a tag, taken apart.
pub(crate) struct Field<'a> {
    pub(crate) line: &'a Line,
    pub(crate) rule: &'static TagRule,
    /// The number of `Source` and `Patch`, as written; empty without one.
    pub(crate) number: Text,
    /// What stands in brackets, or its default.
    pub(crate) qualifier: Text,
    /// What stands after the colon, without blanks around it.
    pub(crate) value: Text,
}

/// The reason why a line is not a tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoTag {
    /// rpm's `Unknown tag`; with the word that stands where a tag should.
    Unknown(String),
    /// There is no colon.
    NoColon,
    /// Nothing follows the colon of this tag.
    Empty(&'static str),
}

/// Takes a preamble line apart.
pub(crate) fn parse_field(line: &Line) -> Result<Field<'_>, NoTag> {
    let text = line.text.as_str().trim_ascii_start();
    let word_len = text
        .find(|c: char| !c.is_ascii_alphabetic() && c != '-')
        .unwrap_or(text.len());
    let (word, mut rest) = text.split_at(word_len);
    let rule = find_rule(word).ok_or_else(|| NoTag::Unknown(head(text)))?;
    let is_numbered = matches!(rule.kind, TagKind::Source | TagKind::Patch);
    let mut number = Text::new();
    if is_numbered {
        let after = &text[rule.name.len()..];
        let end = after.find([':', ' ', '\t']).unwrap_or(after.len());
        number = part_of(&line.text, &after[..end]);
        rest = &after[after.find(':').ok_or(NoTag::NoColon)?..];
    }
    let (qualifier, rest) = parse_brackets(line, rule, rest.trim_ascii_start())
        .ok_or_else(|| NoTag::Unknown(head(text)))?;
    let value = rest
        .strip_prefix(':')
        .ok_or_else(|| NoTag::Unknown(head(text)))?
        .trim_ascii();
    if value.is_empty() {
        return Err(NoTag::Empty(rule.name));
    }
    Ok(Field {
        line,
        rule,
        number,
        qualifier,
        value: part_of(&line.text, value),
    })
}

/// The rule of a tag's name; `SourceX` counts as `Source` with a bad number, unless another name is
/// what the word begins with.
fn find_rule(word: &str) -> Option<&'static TagRule> {
    let begins = |rule: &&TagRule| {
        let front = word.get(..rule.name.len());
        front.is_some_and(|front| front.eq_ignore_ascii_case(rule.name))
    };
    let longest = TAGS
        .iter()
        .filter(begins)
        .max_by_key(|rule| rule.name.len())?;
    let is_numbered = matches!(longest.kind, TagKind::Source | TagKind::Patch);
    (is_numbered || longest.name.len() == word.len()).then_some(longest)
}

/// Brackets that hold more than this are none. Source: rpm's buffer for languages.
const LONGEST_QUALIFIER: usize = 8190;

/// What stands in brackets, and the rest from the colon on.
fn parse_brackets<'l>(line: &Line, rule: &TagRule, rest: &'l str) -> Option<(Text, &'l str)> {
    let default = if rule.brackets == Brackets::Language {
        "C"
    } else {
        ""
    };
    if rule.brackets == Brackets::None || !rest.starts_with('(') {
        return Some((Text::detached(default), rest));
    }
    let inner = rest[1..].trim_ascii_start();
    let len = inner
        .find(|c: char| c.is_ascii_whitespace() || c == ')')
        .unwrap_or(inner.len());
    if len > LONGEST_QUALIFIER {
        return None;
    }
    let after = inner[len..].trim_ascii_start().strip_prefix(')')?;
    Some((part_of(&line.text, &inner[..len]), after.trim_ascii_start()))
}

/// The word a line begins with, for messages.
fn head(text: &str) -> String {
    let end = text.find(|c: char| c == ':' || c == '(' || c.is_ascii_whitespace());
    text[..end.unwrap_or(text.len())].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line {
            text: Text::detached(text),
            number: 1,
        }
    }

    fn read(text: &str) -> Result<(String, String, String), NoTag> {
        let line = line(text);
        let field = parse_field(&line)?;
        let parts = [field.number, field.qualifier, field.value].map(Text::into_string);
        let [number, qualifier, value] = parts;
        Ok((number, format!("{}/{qualifier}", field.rule.name), value))
    }

    #[test]
    fn lines_come_apart() {
        let parts = |number: &str, tag: &str, value: &str| {
            Ok((number.to_owned(), tag.to_owned(), value.to_owned()))
        };
        assert_eq!(read("name : x y "), parts("", "Name/", "x y"));
        assert_eq!(
            read("SOURCE10: http://x:1/y"),
            parts("10", "Source/", "http://x:1/y")
        );
        assert_eq!(read("Sources: x"), parts("s", "Source/", "x"));
        assert_eq!(
            read("Requires(pre,post) : x"),
            parts("", "Requires/pre,post", "x")
        );
        assert_eq!(read("Summary( de ): x"), parts("", "Summary/de", "x"));
        assert_eq!(read("Summary: x"), parts("", "Summary/C", "x"));
    }

    #[test]
    fn what_is_no_tag_is_told() {
        assert_eq!(
            read("Reqires: x"),
            Err(NoTag::Unknown("Reqires".to_owned()))
        );
        assert_eq!(
            read("Requires(pre, post): x"),
            Err(NoTag::Unknown("Requires".to_owned()))
        );
        assert_eq!(
            read("%gometa -f"),
            Err(NoTag::Unknown("%gometa".to_owned()))
        );
        assert_eq!(read("Version:  "), Err(NoTag::Empty("Version")));
        assert_eq!(read("Source0 x"), Err(NoTag::NoColon));
    }

    #[test]
    fn no_name_stands_twice() {
        for (index, rule) in TAGS.iter().enumerate() {
            let again = TAGS[index + 1..]
                .iter()
                .find(|other| other.name.eq_ignore_ascii_case(rule.name));
            assert!(again.is_none(), "{}", rule.name);
        }
    }
}
