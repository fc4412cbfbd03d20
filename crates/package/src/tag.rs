//! The preamble tags whose value is one string, and their translations.

use indexmap::IndexMap;

/// A preamble tag that holds a text. Name, version, release and epoch have fields of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// `Summary:`, one line; translatable.
    Summary,
    /// `%description`; translatable.
    Description,
    /// `License:`.
    License,
    /// `SourceLicense:`.
    SourceLicense,
    /// `Group:`; translatable.
    Group,
    /// `URL:`.
    Url,
    /// `VCS:`.
    Vcs,
    /// `BugURL:`.
    BugUrl,
    /// `Distribution:`.
    Distribution,
    /// `DistURL:`.
    DistUrl,
    /// `DistTag:`.
    DistTag,
    /// `Vendor:`.
    Vendor,
    /// `Packager:`.
    Packager,
    /// `ModularityLabel:`.
    ModularityLabel,
    /// `TranslationURL:`.
    TranslationUrl,
    /// `UpstreamReleases:`.
    UpstreamReleases,
    /// The text of `%copyrightdata`, debbuild's section for a Debian copyright file.
    CopyrightData,
}

/// A text in the C locale and its translations, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// The text without a language.
    pub plain: String,
    /// Language code (`de`, `pt_BR`) to text, in the order they were written.
    pub translations: IndexMap<String, String>,
}

impl From<String> for Localized {
    fn from(plain: String) -> Self {
        Self {
            plain,
            translations: IndexMap::new(),
        }
    }
}

/// The tags that are set, in the order they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(IndexMap<Tag, Localized>);

impl Tags {
    /// The plain text of a tag.
    pub fn get(&self, tag: Tag) -> Option<&str> {
        self.0.get(&tag).map(|value| value.plain.as_str())
    }

    /// A tag with its translations.
    pub fn localized(&self, tag: Tag) -> Option<&Localized> {
        self.0.get(&tag)
    }

    /// Sets the plain text of a tag, keeping its translations.
    pub fn set(&mut self, tag: Tag, text: impl Into<String>) {
        self.0.entry(tag).or_default().plain = text.into();
    }

    /// Sets the translation of a tag into one language.
    pub fn translate(&mut self, tag: Tag, language: &str, text: impl Into<String>) {
        self.0
            .entry(tag)
            .or_default()
            .translations
            .insert(language.to_owned(), text.into());
    }

    /// The tags with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &Localized)> {
        self.0.iter().map(|(tag, value)| (*tag, value))
    }
}
