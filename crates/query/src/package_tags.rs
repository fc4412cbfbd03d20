//! The tags of a [`Package`], as its header will hold them.

use std::cell::OnceCell;

use header::{Aspect, Header};
use package::Package;

use crate::{Tags, Value, table};

/// The tags that a header gets only as the package is written: rpm answers nothing of them to who asks a
/// spec. Source: rpm `build/pack.cc` and `build/files.cc`, which add them.
const ADDED_BY_WRITING: [&str; 14] = [
    "ENCODING",
    "FILETRIGGERPRIORITIES",
    "FILETRIGGERSCRIPTFLAGS",
    "FILETRIGGERSCRIPTPROG",
    "FILETRIGGERSCRIPTS",
    "SPEC",
    "TRANSFILETRIGGERPRIORITIES",
    "TRANSFILETRIGGERSCRIPTFLAGS",
    "TRANSFILETRIGGERSCRIPTPROG",
    "TRANSFILETRIGGERSCRIPTS",
    "TRIGGERSCRIPTFLAGS",
    "TRIGGERSCRIPTPROG",
    "TRIGGERSCRIPTS",
    "HEADERIMMUTABLE",
];

/// A package that answers for the header it will have. Each aspect of the header is made when a tag
/// needs it, and once.
pub struct PackageTags<'p> {
    package: &'p Package,
    languages: &'p [String],
    aspects: Vec<(Aspect, OnceCell<Header>)>,
}

impl<'p> PackageTags<'p> {
    /// Answers in plain texts.
    pub fn new(package: &'p Package) -> Self {
        Self::in_languages(package, &[])
    }

    /// Prefers these languages, the first most: locale names such as `de_DE.UTF-8`, `de_DE`, `de`.
    pub fn in_languages(package: &'p Package, languages: &'p [String]) -> Self {
        let aspects = header::aspects().map(|it| (it, OnceCell::new()));
        Self {
            package,
            languages,
            aspects: aspects.collect(),
        }
    }

    fn stored(&self, tag: header::tags::Tag) -> Option<&header::Value> {
        self.aspects.iter().find_map(|(lower, made)| {
            let header = made.get_or_init(|| {
                let mut header = Header::default();
                lower(&mut header, self.package);
                header
            });
            header.get(tag)
        })
    }

    fn known(&self, tag: &str) -> Option<&header::Value> {
        if ADDED_BY_WRITING.contains(&tag) {
            return None;
        }
        self.stored(*header::tags::find(table::tag_number(tag)?)?)
    }
}

impl Tags for PackageTags<'_> {
    fn get(&self, tag: &str) -> Option<Value> {
        match self.known(tag)? {
            header::Value::Translated(texts) => {
                let known = self.stored(header::tags::HEADER_I18N_TABLE);
                header::in_language(texts, known, self.languages).map(Value::Text)
            }
            stored => Some(stored.clone().into()),
        }
    }

    fn get_raw(&self, tag: &str) -> Option<Value> {
        self.known(tag).cloned().map(Value::from)
    }
}
