//! The grammar of one word after `--target`.
//!
//! A family (`deb`, `rpm`), a profile (`fedora-42`), or a machine as rpm writes it:
//! `ARCH`, `ARCH-OS`, `ARCH-VENDOR-OS`, `ARCH-VENDOR-OS-GNU`. The vendor is read over,
//! as in rpm. Source: rpm docs/man/rpm-common.8.scd, `--target`.

use crate::arch::{Arch, archs};
use crate::error::{Error, hint};
use crate::index::Index;
use crate::release::Format;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Family(Format),
    Profile(String),
    Machine { cpu: String, os: Option<String> },
}

const FAMILIES: &[(&str, Format)] = &[("deb", Format::Deb), ("rpm", Format::Rpm)];

/// Other spellings of an architecture that rpm or a family of distributions uses.
const SPELLINGS: &[(&str, &str)] = &[
    ("em64t", "x86_64"),
    ("riscv", "riscv64"),
    ("arm64", "aarch64"),
    ("armhf", "armv7hl"),
    ("ppc64el", "ppc64le"),
    ("powerpc", "ppc"),
    ("loong64", "loongarch64"),
    ("all", "noarch"),
];

/// Reads a word. One that means nothing is an error, unless `takes_all` and nobody can have meant a
/// distribution: rpm builds for machines that it has never heard of.
pub(crate) fn parse(word: &str, index: &Index, takes_all: bool) -> Result<Word, Error> {
    if let Some((_, format)) = FAMILIES.iter().find(|(name, _)| *name == word) {
        return Ok(Word::Family(*format));
    }
    if index.has(word) {
        return Ok(Word::Profile(word.to_owned()));
    }
    let machine = machine(word).or_else(|| unheard_of(word, index).filter(|_| takes_all));
    machine.ok_or_else(|| unknown(word, index))
}

/// Whether a word after `--target` decides what distribution is built for, and not only what machine.
#[must_use]
pub fn names_distribution(word: &str) -> bool {
    FAMILIES.iter().any(|(name, _)| *name == word) || Index::get().has(word)
}

/// rpm's name of an architecture, however it is spelt.
pub(crate) fn arch_named(name: &str) -> Option<Arch> {
    let name = name.to_lowercase();
    let spelt = SPELLINGS.iter().find(|(other, _)| *other == name);
    Arch::named(spelt.map_or(name.as_str(), |(_, ours)| ours))
}

fn machine(word: &str) -> Option<Word> {
    let mut parts: Vec<&str> = word.split('-').collect();
    let cpu = arch_named(parts.remove(0))?.name.to_owned();
    if parts.len() > 1 && parts.last()?.starts_with("gnu") {
        parts.pop();
    }
    if parts.len() > 2 || parts.contains(&"") {
        return None;
    }
    let os = parts.last().map(|it| it.to_lowercase());
    Some(Word::Machine { cpu, os })
}

/// A machine that is in no table. Its system is what stands last.
fn unheard_of(word: &str, index: &Index) -> Option<Word> {
    let (cpu, rest) = word
        .split_once('-')
        .map_or((word, None), |(cpu, rest)| (cpu, Some(rest)));
    let is_distribution = |id: &str| id.split('-').next() == Some(cpu);
    if cpu.is_empty() || index.targets.iter().any(|it| is_distribution(it.id)) {
        return None;
    }
    // A slip in the name of a distribution's release is no machine that rpm has never heard of.
    let has_release = rest.is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
    if has_release && !hint(word, index.targets.iter().map(|it| it.id)).is_empty() {
        return None;
    }
    let rest = rest.map(|rest| rest.strip_suffix("-gnu").unwrap_or(rest));
    let os = rest.and_then(|rest| rest.rsplit('-').next());
    Some(Word::Machine {
        cpu: cpu.to_owned(),
        os: os.map(str::to_lowercase),
    })
}

/// The fault of a word that means nothing here.
pub(crate) fn unknown(word: &str, index: &Index) -> Error {
    let targets = index.targets.iter().map(|it| it.id);
    let known: Vec<&str> = FAMILIES
        .iter()
        .map(|(name, _)| *name)
        .chain(targets)
        .collect();
    let arch_names: Vec<&str> = archs().map(|it| it.name).collect();
    Error::UnknownTarget {
        word: word.to_owned(),
        hint: hint(word, known.iter().chain(&arch_names).copied()),
        known: format!(
            "{}, and machines such as x86_64 or aarch64-linux",
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine_of(word: &str) -> Option<(String, Option<String>)> {
        match machine(word)? {
            Word::Machine { cpu, os } => Some((cpu, os)),
            _ => None,
        }
    }

    #[test]
    fn reads_the_forms_that_rpm_reads() {
        let linux = || Some("linux".to_owned());
        for (word, cpu, os) in [
            ("x86_64", "x86_64", None),
            ("aarch64-linux", "aarch64", linux()),
            ("noarch-redhat-linux", "noarch", linux()),
            ("x86_64-vendor-linux-gnu", "x86_64", linux()),
            ("armv7hl-any-linux-gnueabihf", "armv7hl", linux()),
            ("I686-pc-Linux", "i686", linux()),
            ("arm64", "aarch64", None),
        ] {
            assert_eq!(machine_of(word), Some((cpu.to_owned(), os)), "{word}");
        }
    }

    #[test]
    fn rpm_takes_machines_it_never_heard_of_but_no_misspelt_release() {
        let index = Index::get();
        for word in ["foo", "foo-linux", "x86_46", "foo-1-linux", "mips9-linux"] {
            assert!(parse(word, index, true).is_ok(), "{word}");
        }
        for word in ["debain-12", "fedroa-42", "ubunut-24.04"] {
            let error = parse(word, index, true).unwrap_err().to_string();
            assert!(error.contains("did you mean"), "{error}");
        }
    }

    #[test]
    fn refuses_what_is_no_machine() {
        for word in ["", "x86-64", "x86_64-", "x86_64-a-b-c", "gnu"] {
            assert_eq!(machine_of(word), None, "{word}");
        }
    }
}
