//! Which profile a request means on a host.
//!
//! Not here: the grammar of a word, see `word`, and the list of what there is, see `index`.

use crate::detect::HostFacts;
use crate::error::Error;
use crate::index::Index;
use crate::profile::Format;
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
    let release = facts.release.as_ref();
    Ok(match word {
        Some(Word::Family(format)) => (index.for_family(format, release).to_owned(), None, None),
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
        None => Ok(id_for_host(request.personality, facts, index)),
        Some(word) => match word::parse(word, index, false)? {
            Word::Family(format) => Ok(index.for_family(format, facts.release.as_ref()).to_owned()),
            Word::Profile(id) => Ok(id),
            Word::Machine { .. } => Err(word::unknown(word, index)),
        },
    }
}

/// The embedded profile that fits the host.
fn id_for_host(personality: Personality, facts: &HostFacts, index: &Index) -> String {
    let own = index.for_host(facts.release.as_ref());
    match (personality, own) {
        (Personality::Debbuild, _) => index.for_family(Format::Deb, facts.release.as_ref()),
        (Personality::Specbuild, Some((id, _))) | (Personality::Rpm, Some((id, Format::Rpm))) => id,
        (Personality::Specbuild | Personality::Rpm, _) => index.upstream,
    }
    .to_owned()
}
