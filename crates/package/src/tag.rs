//! The preamble tags whose value is one string, and their translations.

use indexmap::IndexMap;
use source::Origin;

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
    /// The value in the spec; `None` if a macro or another package gave it.
    pub origin: Option<Origin>,
    /// The first translation in the spec.
    pub translated_at: Option<Origin>,
}

impl From<String> for Localized {
    fn from(plain: String) -> Self {
        Self {
            plain,
            ..Self::default()
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

    /// Says where in the spec the plain text of a tag is.
    pub fn locate(&mut self, tag: Tag, origin: Option<Origin>) {
        self.0.entry(tag).or_default().origin = origin;
    }

    /// Where in the spec the plain text of a tag is.
    pub fn origin(&self, tag: Tag) -> Option<Origin> {
        self.0.get(&tag)?.origin
    }

    /// Takes over a tag with its translations and places.
    pub fn inherit(&mut self, tag: Tag, value: &Localized) {
        self.0.insert(tag, value.clone());
    }

    /// Sets the translation of a tag into one language.
    pub fn translate(&mut self, tag: Tag, language: &str, text: impl Into<String>) {
        let value = self.0.entry(tag).or_default();
        value.translations.insert(language.to_owned(), text.into());
    }

    /// Says where in the spec a translation of a tag is; the first place stays.
    pub fn locate_translation(&mut self, tag: Tag, origin: Option<Origin>) {
        let value = self.0.entry(tag).or_default();
        value.translated_at = value.translated_at.or(origin);
    }

    /// The tags with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &Localized)> {
        self.0.iter().map(|(tag, value)| (*tag, value))
    }
}
