//! The preamble's texts, three of them with translations.

use indexmap::IndexSet;
use package::{Localized, Package, Tag};

use crate::structure::{Header, Value};
use crate::tags::{self, Tag as HeaderTag};

/// Texts with one value for all languages.
const PLAIN: [(Tag, HeaderTag); 13] = [
    (Tag::License, tags::LICENSE),
    (Tag::Url, tags::URL),
    (Tag::Vcs, tags::VCS),
    (Tag::BugUrl, tags::BUG_URL),
    (Tag::Distribution, tags::DISTRIBUTION),
    (Tag::DistUrl, tags::DIST_URL),
    (Tag::DistTag, tags::DIST_TAG),
    (Tag::Vendor, tags::VENDOR),
    (Tag::Packager, tags::PACKAGER),
    (Tag::ModularityLabel, tags::MODULARITY_LABEL),
    (Tag::TranslationUrl, tags::TRANSLATION_URL),
    (Tag::UpstreamReleases, tags::UPSTREAM_RELEASES),
    (Tag::SourceLicense, tags::LICENSE),
];

const TRANSLATED: [(Tag, HeaderTag); 3] = [
    (Tag::Summary, tags::SUMMARY),
    (Tag::Description, tags::DESCRIPTION),
    (Tag::Group, tags::GROUP),
];

/// What rpm writes when no `Group:` is given. Source: rpm `build/parseSpec.cc`, `finalizeSpec`.
const NO_GROUP: &str = "Unspecified";

/// The language of untranslated texts.
const PLAIN_LANGUAGE: &str = "C";

pub(crate) fn lower_into(header: &mut Header, package: &Package) {
    for (tag, header_tag) in PLAIN {
        if tag != Tag::SourceLicense || package.is_source() {
            header.set_unless_empty(header_tag, package.tag(tag));
        }
    }
    let languages = languages(package);
    for (tag, header_tag) in TRANSLATED {
        if let Some(texts) = translations(package, tag, &languages) {
            header.set(header_tag, Value::Translated(texts));
        }
    }
    header.set(tags::HEADER_I18N_TABLE, owned(&languages));
    header.set(tags::ENCODING, "utf-8");
}

/// Every language a text is translated into, `C` first.
fn languages(package: &Package) -> IndexSet<&str> {
    let translated = TRANSLATED
        .iter()
        .filter_map(|(tag, _)| package.tags.localized(*tag));
    let names = translated.flat_map(|it| it.translations.keys().map(String::as_str));
    std::iter::once(PLAIN_LANGUAGE).chain(names).collect()
}

/// A text in each language, up to the last that has one; empty where there is none.
fn translations(package: &Package, tag: Tag, languages: &IndexSet<&str>) -> Option<Vec<String>> {
    let no_group = Localized::from(NO_GROUP.to_owned());
    let text = match package.tags.localized(tag) {
        Some(text) => text,
        None if tag == Tag::Group => &no_group,
        None => return None,
    };
    let mut texts = vec![String::new(); languages.len()];
    texts[0].clone_from(&text.plain);
    for (language, translation) in &text.translations {
        if let Some(index) = languages.get_index_of(language.as_str()) {
            texts[index].clone_from(translation);
        }
    }
    let last = texts.iter().rposition(|it| !it.is_empty()).unwrap_or(0);
    texts.truncate(last + 1);
    Some(texts)
}

fn owned(languages: &IndexSet<&str>) -> Vec<String> {
    languages.iter().map(|it| (*it).to_owned()).collect()
}
