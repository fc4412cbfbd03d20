//! The tags of a [`Package`], as its header will hold them.

mod files;
mod relations;
mod scripts;

use package::{ChangelogEntry, Package, PackageKind, SourceFacts, SourceFile, Tag};

use crate::unless_empty::{numbers, text, texts};
use crate::{Tags, Value};

/// Takes a tag from a package.
type Getter = fn(&Package) -> Option<Value>;

/// Tags of a package as a whole; those of lists are in the modules.
const GETTERS: &[(&str, Getter)] = &[
    ("ARCH", |it| text(&it.arch)),
    ("BUGURL", |it| tag(it, Tag::BugUrl)),
    ("BUILDARCHS", |it| {
        source_texts(it, |facts| &facts.build_archs)
    }),
    ("BUILDHOST", |it| text(&it.build.host)),
    ("BUILDTIME", |it| time(it.build.time)),
    ("CHANGELOGNAME", |it| {
        changelog(it, |entry| entry.author.clone())
    }),
    ("CHANGELOGTEXT", |it| {
        changelog(it, |entry| entry.text.clone())
    }),
    ("CHANGELOGTIME", changelog_times),
    ("COOKIE", |it| text(it.build.cookie.as_deref()?)),
    // A description may be empty, and is there all the same.
    ("DESCRIPTION", |it| {
        Some(Value::Text(it.tags.get(Tag::Description)?.to_owned()))
    }),
    ("DISTRIBUTION", |it| tag(it, Tag::Distribution)),
    ("DISTTAG", |it| tag(it, Tag::DistTag)),
    ("DISTURL", |it| tag(it, Tag::DistUrl)),
    ("ENCODING", |_| text("utf-8")),
    ("EPOCH", |it| it.evr.epoch.map(Value::number)),
    ("EXCLUDEARCH", |it| {
        source_texts(it, |facts| &facts.exclude_archs)
    }),
    ("EXCLUDEOS", |it| {
        source_texts(it, |facts| &facts.exclude_os)
    }),
    ("EXCLUSIVEARCH", |it| {
        source_texts(it, |facts| &facts.exclusive_archs)
    }),
    ("EXCLUSIVEOS", |it| {
        source_texts(it, |facts| &facts.exclusive_os)
    }),
    ("GROUP", |it| {
        tag(it, Tag::Group).or_else(|| text("Unspecified"))
    }),
    ("HEADERI18NTABLE", languages),
    ("LICENSE", |it| tag(it, Tag::License)),
    ("MODULARITYLABEL", |it| tag(it, Tag::ModularityLabel)),
    ("NAME", |it| text(&it.name)),
    ("NOPATCH", |it| left_out(it, true)),
    ("NOSOURCE", |it| left_out(it, false)),
    ("OPTFLAGS", |it| text(&it.build.optflags)),
    ("OS", |it| text(&it.os)),
    ("PACKAGER", |it| tag(it, Tag::Packager)),
    ("PATCH", |it| source_names(it, true)),
    ("PLATFORM", |it| text(&it.build.platform)),
    ("PREFIXES", |it| texts(it.prefixes.clone())),
    ("RELEASE", |it| text(&it.evr.release)),
    // As rpm says of what is no file yet.
    ("RPMFORMAT", |_| Some(Value::number(3_u32))),
    ("RPMVERSION", |it| text(&it.build.tool_version)),
    ("SOURCE", |it| source_names(it, false)),
    ("SOURCENEVR", |it| it.source_nevr().map(Value::Text)),
    ("SOURCEPACKAGE", |it| {
        it.is_source().then(|| Value::number(1_u32))
    }),
    ("SOURCERPM", source_rpm),
    ("SPEC", |it| text(&source_facts(it)?.spec_text)),
    ("SUMMARY", |it| tag(it, Tag::Summary)),
    ("TRANSLATIONURL", |it| tag(it, Tag::TranslationUrl)),
    ("UPSTREAMRELEASES", |it| tag(it, Tag::UpstreamReleases)),
    ("URL", |it| tag(it, Tag::Url)),
    ("VCS", |it| tag(it, Tag::Vcs)),
    ("VENDOR", |it| tag(it, Tag::Vendor)),
    ("VERSION", |it| text(&it.evr.version)),
];

impl Tags for Package {
    fn get(&self, tag: &str) -> Option<Value> {
        if let Some((_, get)) = GETTERS.iter().find(|(name, _)| *name == tag) {
            return get(self);
        }
        relations::get(self, tag)
            .or_else(|| scripts::get(self, tag))
            .or_else(|| files::get(self, tag))
    }

    /// What a spec says alone: nothing that only packages get, and every translation.
    fn get_raw(&self, tag: &str) -> Option<Value> {
        const ONLY_OF_FILES: [&str; 5] = [
            "ENCODING",
            "RPMFORMAT",
            "SPEC",
            "TRIGGERSCRIPTPROG",
            "TRIGGERSCRIPTS",
        ];
        match tag {
            "SUMMARY" => translated(self, Tag::Summary),
            "DESCRIPTION" => translated(self, Tag::Description),
            tag if ONLY_OF_FILES.contains(&tag) => None,
            tag => self.get(tag),
        }
    }
}

/// A package that answers in the languages that somebody reads.
#[derive(Debug)]
pub struct InLanguages<'p> {
    package: &'p Package,
    languages: &'p [String],
}

impl<'p> InLanguages<'p> {
    /// Prefers these languages, the first most: locale names such as `de_DE.UTF-8`, `de_DE`, `de`.
    pub fn new(package: &'p Package, languages: &'p [String]) -> Self {
        Self { package, languages }
    }

    fn translation(&self, tag: Tag) -> Option<Value> {
        let text = self.package.tags.localized(tag)?;
        let found = self
            .languages
            .iter()
            .find_map(|it| text.translations.get(it));
        found.cloned().map(Value::Text)
    }
}

impl Tags for InLanguages<'_> {
    fn get(&self, tag: &str) -> Option<Value> {
        let translated = match tag {
            "SUMMARY" => self.translation(Tag::Summary),
            "DESCRIPTION" => self.translation(Tag::Description),
            "GROUP" => self.translation(Tag::Group),
            _ => None,
        };
        translated.or_else(|| self.package.get(tag))
    }

    fn get_raw(&self, tag: &str) -> Option<Value> {
        self.package.get_raw(tag)
    }
}

/// A text and its translations.
fn translated(package: &Package, tag: Tag) -> Option<Value> {
    let text = package.tags.localized(tag)?;
    let all = std::iter::once(&text.plain).chain(text.translations.values());
    Some(Value::Texts(all.cloned().collect()))
}

fn tag(package: &Package, tag: Tag) -> Option<Value> {
    text(package.tag(tag))
}

/// A time; before 1970 there are no packages, and 0 stands for none.
fn time(seconds: i64) -> Option<Value> {
    u64::try_from(seconds)
        .ok()
        .filter(|it| *it > 0)
        .map(Value::number)
}

fn changelog(package: &Package, part: impl Fn(&ChangelogEntry) -> String) -> Option<Value> {
    texts(package.changelog.iter().map(part).collect())
}

fn changelog_times(package: &Package) -> Option<Value> {
    let time = |entry: &ChangelogEntry| u64::try_from(entry.time).unwrap_or(0);
    numbers(package.changelog.iter().map(time).collect())
}

/// `C` and the languages that texts are translated into, sorted.
fn languages(package: &Package) -> Option<Value> {
    let all = package
        .tags
        .iter()
        .flat_map(|(_, text)| text.translations.keys());
    let languages: std::collections::BTreeSet<&String> = all.collect();
    texts(
        std::iter::once("C".to_owned())
            .chain(languages.into_iter().cloned())
            .collect(),
    )
}

fn source_rpm(package: &Package) -> Option<Value> {
    match &package.kind {
        PackageKind::Binary { source_rpm } => text(source_rpm),
        PackageKind::Source(_) => None,
    }
}

fn source_facts(package: &Package) -> Option<&SourceFacts> {
    match &package.kind {
        PackageKind::Source(facts) => Some(facts),
        PackageKind::Binary { .. } => None,
    }
}

fn source_texts(package: &Package, list: fn(&SourceFacts) -> &Vec<String>) -> Option<Value> {
    texts(list(source_facts(package)?).clone())
}

fn source_files(package: &Package, patches: bool) -> Option<impl Iterator<Item = &SourceFile>> {
    Some(
        source_facts(package)?
            .files
            .iter()
            .filter(move |file| file.is_patch == patches),
    )
}

fn source_names(package: &Package, patches: bool) -> Option<Value> {
    texts(
        source_files(package, patches)?
            .map(|file| file.name.clone())
            .collect(),
    )
}

fn left_out(package: &Package, patches: bool) -> Option<Value> {
    let files = source_files(package, patches)?.filter(|file| file.left_out);
    numbers(files.map(|file| file.number.into()).collect())
}
