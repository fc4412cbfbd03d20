//! Which profile a request means on a host.
//!
//! Not here: the grammar of a word, see `word`, and the list of what there is, see `index`.

use crate::detect::HostFacts;
use crate::error::Error;
use crate::index::{Index, Own};
use crate::release::Format;
use crate::target::{Personality, TargetRequest};
use crate::word::{self, Word};

/// The profile, and the architecture and system where a word names them.
pub(crate) type Choice = (String, Option<String>, Option<String>);

/// Chooses by what was asked for and what the machine is.
pub(crate) fn choose(
    request: &TargetRequest<'_>,
    facts: &HostFacts,
    index: &Index,
) -> Result<Choice, Error> {
    let takes_all = request.personality == Personality::Rpm;
    let word = request.word.map(|it| word::parse(it, index, takes_all));
    let word = word.transpose()?;
    Ok(match word {
        Some(Word::Family(format)) => (id_of_family(format, request, facts, index)?, None, None),
        Some(Word::Profile(id)) => (id, None, None),
        Some(Word::Machine { cpu, os }) => (default_id(request, facts, index)?, Some(cpu), os),
        None => (default_id(request, facts, index)?, None, None),
    })
}

/// What is built for when no distribution is named.
fn default_id(
    request: &TargetRequest<'_>,
    facts: &HostFacts,
    index: &Index,
) -> Result<String, Error> {
    let as_rpm = request.personality == Personality::Rpm;
    match request.default.filter(|_| as_rpm) {
        None if as_rpm && facts.installed.is_some() => Ok(index.system.to_owned()),
        None => id_of_host(request, facts, index),
        Some(word) => match word::parse(word, index, false)? {
            Word::Family(format) => id_of_family(format, request, facts, index),
            Word::Profile(id) => Ok(id),
            Word::Machine { .. } => Err(word::unknown(word, index)),
        },
    }
}

/// The embedded profile that fits the host.
fn id_of_host(
    request: &TargetRequest<'_>,
    facts: &HostFacts,
    index: &Index,
) -> Result<String, Error> {
    let own = index.own(facts.release.as_ref());
    match (request.personality, own, own.family()) {
        (Personality::Debbuild, ..) => id_of_family(Format::Deb, request, facts, index),
        (Personality::Rpm, _, Some(Format::Rpm)) => {
            id_of_family(Format::Rpm, request, facts, index)
        }
        (Personality::Specbuild, Own::Target(own), _) => Ok(own.id.to_owned()),
        (Personality::Specbuild, Own::Missing(_), _) => Err(missing(facts, index)),
        _ => Ok(index.upstream.to_owned()),
    }
}

/// The host's own target if that is of a family, else the family's newest. Under the tool's own name a
/// host of that family never becomes another distribution.
fn id_of_family(
    format: Format,
    request: &TargetRequest<'_>,
    facts: &HostFacts,
    index: &Index,
) -> Result<String, Error> {
    let as_specbuild = request.personality == Personality::Specbuild;
    match index.own(facts.release.as_ref()) {
        Own::Target(own) if own.family == format => Ok(own.id.to_owned()),
        Own::Missing(family) if family == format && as_specbuild => Err(missing(facts, index)),
        _ => Ok(index.newest(format).to_owned()),
    }
}

/// The fault of a host whose distribution has no target.
fn missing(facts: &HostFacts, index: &Index) -> Error {
    let host = facts
        .release
        .as_ref()
        .map(|it| format!("{} {}", it.id, it.version));
    let targets: Vec<&str> = index.targets.iter().map(|it| it.id).collect();
    Error::NoTargetForHost {
        host: host.unwrap_or_default().trim().to_owned(),
        known: targets.join(", "),
    }
}
