//! Tags of a spec that a `.deb` has another field for, or none.
//!
//! What becomes of each tag is listed in `testdata/tags/tags.md`. Not here: the maintainer, texts and
//! dependencies, which have modules of their own.
//!
//! Source: deb-control(5); Debian Policy 5.6.

use package::{Localized, Package, Tag};
use source::{Diagnostic, Origin, Sink};

use crate::codes;
use crate::context::Context;

/// Tags without a field, and their names.
const WITHOUT_FIELD: [(Tag, &str); 6] = [
    (Tag::Distribution, "Distribution"),
    (Tag::DistUrl, "DistURL"),
    (Tag::DistTag, "DistTag"),
    (Tag::ModularityLabel, "ModularityLabel"),
    (Tag::TranslationUrl, "TranslationURL"),
    (Tag::UpstreamReleases, "UpstreamReleases"),
];

/// Tags that may have translations.
const TRANSLATED: [(Tag, &str); 3] = [
    (Tag::Summary, "Summary"),
    (Tag::Description, "%description"),
    (Tag::Group, "Group"),
];

/// The text of a tag that the spec itself has; what a profile sets for all packages is no decision of it.
pub(super) fn written(package: &Package, tag: Tag) -> &str {
    match package.tags.origin(tag) {
        Some(_) => package.tag(tag).trim(),
        None => "",
    }
}

/// The upstream web page, with a scheme.
pub(crate) fn homepage(package: &Package) -> String {
    let url = package.tag(Tag::Url).trim();
    let url = url.trim_start_matches('<').trim_end_matches('>');
    let host = url.split('/').next().unwrap_or(url);
    let is_host = host.contains('.')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || ".-:".contains(c));
    match url {
        _ if url.contains(char::is_whitespace) => String::new(),
        _ if url.contains("://") => url.to_owned(),
        _ if is_host => format!("http://{url}"),
        _ => String::new(),
    }
}

/// Reports what a spec says by tags and a `.deb` cannot; what packages have in common, once.
pub(crate) fn check_tags(package: &Package, context: &Context<'_>, sink: &mut Sink) {
    let is_first = |place: &dyn Fn(&Package) -> Option<Origin>| {
        let mut earlier = context
            .packages
            .iter()
            .take_while(|it| it.name != package.name);
        !earlier.any(|it| place(it) == place(package))
    };
    for (tag, name) in WITHOUT_FIELD {
        let place = |it: &Package| it.tags.origin(tag);
        if !written(package, tag).is_empty() && is_first(&place) {
            sink.push(lost(
                &format!("a .deb has no field for `{name}`"),
                place(package),
            ));
        }
    }
    let place = |it: &Package| it.tags.origin(Tag::Url);
    let url = written(package, Tag::Url);
    if !url.is_empty() && homepage(package).is_empty() && is_first(&place) {
        sink.push(lost(
            "a .deb needs a URL with a host as its homepage",
            place(package),
        ));
    }
    for (tag, name) in TRANSLATED {
        let place = |it: &Package| it.tags.localized(tag).and_then(|it| it.translated_at);
        let count = package.tags.localized(tag).map_or(0, languages);
        if count > 0 && is_first(&place) {
            let what = format!("a .deb has texts in one language, and `{name}` has {count} more");
            sink.push(lost(&what, place(package)));
        }
    }
    let is_main = context
        .packages
        .first()
        .is_some_and(|it| it.name == package.name);
    if !package.prefixes.is_empty() && is_main {
        let what = "a .deb cannot be installed below another `Prefix`";
        sink.push(lost(what, package.origin));
    }
    if package.extras.icon.is_some() && is_main {
        sink.push(lost("a .deb has no field for `Icon`", package.origin));
    }
}

fn languages(text: &Localized) -> usize {
    text.translations.len()
}

fn lost(what: &str, place: Option<Origin>) -> Diagnostic {
    Diagnostic::warning(codes::NO_TAG, format!("{what}: it is left out")).at(place)
}

/// `Vcs-Git` and the like with the place of the sources, for source packages. rpm's tag begins with the
/// name of the system; without one, the place is for browsers.
pub(crate) fn repository(package: &Package) -> Option<(&'static str, String)> {
    const SYSTEMS: [(&str, &str); 6] = [
        ("git", "Vcs-Git"),
        ("svn", "Vcs-Svn"),
        ("hg", "Vcs-Hg"),
        ("bzr", "Vcs-Bzr"),
        ("cvs", "Vcs-Cvs"),
        ("darcs", "Vcs-Darcs"),
    ];
    let text = written(package, Tag::Vcs);
    let url = |text: &str| text.contains("://").then(|| text.to_owned());
    for (system, field) in SYSTEMS {
        let rest = text.strip_prefix(system);
        if let Some(place) = rest
            .and_then(|it| it.strip_prefix([':', '+']))
            .and_then(url)
        {
            return Some((field, place));
        }
        if rest.is_some_and(|it| it.starts_with("://")) || text.ends_with(&format!(".{system}")) {
            return url(text).map(|place| (field, place));
        }
    }
    url(text).map(|place| ("Vcs-Browser", place))
}
