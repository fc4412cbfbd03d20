//! The `Maintainer` field.
//!
//! Source: Debian Policy 5.6.2: a name, and an address that mail can be sent to.

use package::{Package, Tag};
use source::{Diagnostic, Sink};

use super::contact::Contact;
use crate::codes;
use crate::context::Context;
use crate::words;

/// Those who can be the maintainer, the likeliest first: `Packager:`, who wrote the newest changelog
/// entry, and the configured one.
fn candidates(package: &Package, context: &Context<'_>) -> [Contact; 3] {
    let newest = package.changelog.first().map_or("", |it| &it.author);
    [
        package.tag(Tag::Packager),
        newest,
        &context.distribution.maintainer,
    ]
    .map(Contact::parse)
}

/// The first candidate with an address; one that mail reaches from elsewhere comes before one of
/// `root@localhost`'s kind.
fn named_maintainer(package: &Package, context: &Context<'_>) -> Option<Contact> {
    let all = candidates(package, context);
    let public = all.iter().find(|it| it.is_public());
    let found = public.or_else(|| all.iter().find(|it| it.address.is_some()));
    found.cloned()
}

/// The maintainer, or somebody in his place: the field must be there.
pub(crate) fn maintainer(package: &Package, context: &Context<'_>) -> String {
    let named = named_maintainer(package, context);
    let mailbox = named.and_then(|it| it.mailbox());
    mailbox.unwrap_or_else(|| words::NOBODY.to_owned())
}

/// Reports that nobody is named, or not the one of `Packager:`; once for all packages of a spec that
/// have the tag in common.
pub(crate) fn check_maintainer(package: &Package, context: &Context<'_>, sink: &mut Sink) {
    let written = package.tag(Tag::Packager).trim();
    let is_of = |other: &&Package| other.tag(Tag::Packager).trim() == written;
    let first = context.packages.iter().find(is_of);
    if first.is_some_and(|first| first.name != package.name) {
        return;
    }
    let packager = Contact::parse(written);
    let place = package.tags.origin(Tag::Packager);
    let chosen = maintainer(package, context);
    let message = match named_maintainer(package, context) {
        None => "neither the spec nor the configuration names a maintainer".to_owned(),
        Some(_) if written.is_empty() => return,
        Some(named) if named.address != packager.address => {
            format!("`Packager: {written}` has no address for mail: the maintainer is `{chosen}`")
        }
        Some(_) if Contact::parse(&packager.rest).address.is_some() => {
            format!("a .deb has one maintainer: of those in `Packager:` it is `{chosen}`")
        }
        Some(_) => return,
    };
    let finding = Diagnostic::warning(codes::NO_MAINTAINER, message).at(place.or(package.origin));
    let help = "say who it is with `Packager: Name <address>`";
    sink.push(finding.help(help));
}
