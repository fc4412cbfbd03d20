//! A resolved target, and how a request becomes one.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use crate::arch::Arch;
use crate::choice::choose;
use crate::detect::HostFacts;
use crate::error::{Error, hint};
use crate::index::Index;
use crate::layers::{self, MacroLayer};
use crate::layout::Variants;
use crate::platform::{self, Platform};
use crate::profile::{self, Merged, Setting};
use crate::release::{Compression, Format, Policies, Release};
use crate::rpmrc::{Rpmrc, Table};
use crate::translation::Translation;
use crate::word;

/// Under which name the tool was called. It decides what is built when no target is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Personality {
    /// The tool's own name: the host's own distribution, or an error if there is no target for it.
    #[default]
    Specbuild,
    /// A name from rpm: the rpm that is installed, else the host's own distribution if that is of
    /// rpm's family, else none.
    Rpm,
    /// `debbuild`: the host's own distribution if that is of Debian's family, else the newest.
    Debbuild,
}

/// What to resolve.
#[derive(Debug, Clone, Copy, Default)]
pub struct TargetRequest<'a> {
    /// One word after `--target`; lists are split by the caller.
    pub word: Option<&'a str>,
    /// A word that stands for `word` under rpm's names, where that says nothing of a distribution.
    pub default: Option<&'a str>,
    /// The name the tool was called by.
    pub personality: Personality,
    /// A folder that replaces the embedded macro files.
    pub macros_folder: Option<&'a Path>,
}

/// Everything the pipeline needs to know about what it builds for.
#[derive(Debug)]
pub struct Target {
    /// The profile: `fedora-42`.
    pub id: String,
    /// Which packages are made.
    pub format: Format,
    /// The distribution's release; empty parts where there is none.
    pub release: Release,
    /// The architecture built for.
    pub arch: Arch,
    /// The system built for, `linux`.
    pub os: String,
    /// What the architectures are called in package files, by rpm's names.
    pub arch_names: IndexMap<&'static str, &'static str>,
    /// Patterns of an installed rpm's macro files, in order, parted by colons and in the macro
    /// language. If there are any, what they define wins over all layers and definitions.
    pub installed_macros: Option<String>,
    /// Macro files and definitions, in the order in which they are loaded.
    pub macro_layers: Vec<MacroLayer>,
    /// Definitions of the profile, loaded after all layers.
    pub defines: Vec<(String, String)>,
    /// How payloads are compressed, where the profile says so; otherwise the macros do.
    pub compression: Option<Compression>,
    /// What is done with files on their way into a package.
    pub policies: Policies,
    tables: Vec<(&'static str, String)>,
    vendor: &'static str,
    host: Host,
    rpmrc: Rpmrc,
    macros_folder: Option<PathBuf>,
    personality: Personality,
}

/// The parts of the host that show in macros.
#[derive(Debug, Clone)]
struct Host {
    machine: String,
    /// What it runs best.
    best: Arch,
    /// What it builds for of itself.
    arch: Arch,
    os: String,
}

impl Target {
    /// Resolves a request on a host.
    ///
    /// # Errors
    /// [`Error::UnknownTarget`] for a word that means nothing, [`Error::NoTargetForHost`] where none is
    /// named and the host's distribution has none, [`Error::NoInstalledRpm`] where
    /// the machine's rpm is asked for and there is none, [`Error::UnknownArch`] for a
    /// host machine that is not in the table; the other kinds only if embedded data is
    /// broken or [`TargetRequest::macros_folder`] lacks a layer.
    pub fn load(request: &TargetRequest<'_>, facts: &HostFacts) -> Result<Self, Error> {
        let index = Index::get();
        let (id, cpu, os) = choose(request, facts, index)?;
        let merged = Merged::load(&id)?;
        let is_installed = !merged.installed.is_empty();
        if is_installed && facts.installed.is_none() {
            return Err(Error::NoInstalledRpm);
        }
        let host = host_of(facts, &merged)?;
        let arch = match cpu {
            // Only words of rpm's own names get so far without being known.
            Some(cpu) => known_arch(&cpu).unwrap_or_else(|_| Arch::unheard_of(&cpu)),
            None => host.arch,
        };
        let os = os.unwrap_or_else(|| host.os.clone());
        let place = Place {
            arch,
            os,
            host,
            rpmrc: facts.rpmrc_of(is_installed).clone(),
            personality: request.personality,
        };
        let folder = request.macros_folder.filter(|_| !is_installed);
        Self::assemble(id, merged, place, folder)
    }

    /// The same target for another architecture, as a `BuildArch:` asks for.
    ///
    /// # Errors
    /// [`Error::UnknownArch`] if rpm does not know `cpu`.
    pub fn with_arch(&self, cpu: &str) -> Result<Self, Error> {
        let arch = known_arch(cpu)?;
        let place = Place {
            arch,
            os: self.os.clone(),
            host: self.host.clone(),
            rpmrc: self.rpmrc.clone(),
            personality: self.personality,
        };
        Self::assemble(
            self.id.clone(),
            Merged::load(&self.id)?,
            place,
            self.macros_folder.as_deref(),
        )
    }

    fn assemble(
        id: String,
        merged: Merged,
        place: Place,
        folder: Option<&Path>,
    ) -> Result<Self, Error> {
        let Place {
            arch,
            os,
            host,
            rpmrc,
            personality,
        } = place;
        let mut defines = merged.defines;
        match personality {
            Personality::Debbuild => defines.extend(merged.as_debbuild),
            Personality::Specbuild => defines.extend(merged.as_specbuild),
            Personality::Rpm => {}
        }
        let mut target = Self {
            id,
            format: merged.format.unwrap_or(Format::Rpm),
            release: merged.release,
            arch,
            os,
            arch_names: merged.archs,
            installed_macros: (!merged.installed.is_empty()).then(|| merged.installed.join(":")),
            macro_layers: Vec::new(),
            defines: owned(defines),
            compression: merged.compression,
            policies: merged.policies,
            tables: merged.tables,
            vendor: merged.vendor,
            host,
            rpmrc,
            macros_folder: folder.map(Path::to_owned),
            personality,
        };
        let platform = target.platform_macros();
        target.macro_layers = match folder {
            None => layers::of_embedded(merged.steps, platform),
            Some(folder) => target.layers_in(folder, platform)?,
        };
        Ok(target)
    }

    /// The layers from a folder that stands in for the embedded macro files.
    fn layers_in(
        &self,
        folder: &Path,
        platform: Vec<(String, String)>,
    ) -> Result<Vec<MacroLayer>, Error> {
        let (sources, chosen) = profile::sources(&self.id)?;
        let variants = Variants {
            known: Index::get().variants,
            chosen: &chosen,
        };
        layers::in_folder(&sources, variants, platform, folder)
    }

    /// The macros that follow from architecture, system and host, as (name, body), in the
    /// order in which they are defined. They are one of [`Target::macro_layers`] already.
    #[must_use]
    pub fn platform_macros(&self) -> Vec<(String, String)> {
        platform::defines(Platform {
            arch: self.arch,
            os: &self.os,
            vendor: self.vendor,
            host_arch: self.host.arch,
            host_machine: &self.host.machine,
            host_os: &self.host.os,
        })
    }

    /// What package files of this family call an architecture: `amd64` for `x86_64`.
    /// A name that the profile does not list stays as it is.
    #[must_use]
    pub fn native_arch<'a>(&'a self, rpm_name: &'a str) -> &'a str {
        self.arch_names.get(rpm_name).map_or(rpm_name, |name| *name)
    }

    /// Whether `word` after `%ifarch` or `ExclusiveArch:` means the architecture built for.
    /// rpm's names count, and so does the family's own.
    #[must_use]
    pub fn is_arch(&self, word: &str) -> bool {
        word == self.arch.name || word == self.native_arch(self.arch.name)
    }

    /// The architecture that the host builds for of itself, `x86_64`.
    #[must_use]
    pub fn host_arch(&self) -> Arch {
        self.host.arch
    }

    /// What the host calls itself where it installs packages, `x86_64_v3`.
    #[must_use]
    pub fn install_arch(&self) -> Arch {
        self.host.best
    }

    /// Architectures that the host can build for, its own first.
    #[must_use]
    pub fn builds_for(&self) -> Vec<String> {
        self.host.best.builds_for(&self.rpmrc)
    }

    /// Architectures whose packages the host can install, its own first.
    #[must_use]
    pub fn installs(&self) -> Vec<String> {
        self.host.best.installs(&self.rpmrc)
    }

    /// What rpmrc files say.
    #[must_use]
    pub fn rpmrc(&self) -> &Rpmrc {
        &self.rpmrc
    }

    /// Loads the name tables, which only the packages of some families need.
    ///
    /// # Errors
    /// [`Error::Data`] or [`Error::MissingFile`] if embedded data is broken.
    pub fn translation(&self) -> Result<Translation, Error> {
        Translation::load(&self.tables)
    }

    /// The merged profile, each value with the file it came from.
    ///
    /// # Errors
    /// The kinds of [`Target::load`] that say that embedded data is broken.
    pub fn settings(&self) -> Result<Vec<Setting>, Error> {
        profile::settings(&self.id)
    }
}

fn owned(pairs: IndexMap<&str, &str>) -> Vec<(String, String)> {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    pairs.into_iter().map(pair).collect()
}

/// Where and for what is built.
struct Place {
    arch: Arch,
    os: String,
    host: Host,
    rpmrc: Rpmrc,
    personality: Personality,
}

fn host_of(facts: &HostFacts, merged: &Merged) -> Result<Host, Error> {
    let is_installed = !merged.installed.is_empty();
    let best = known_arch(facts.best_arch(is_installed))?;
    let build_as = merged
        .build_as
        .get(best.name)
        .map_or(best.build_as, |name| *name);
    let rpmrc = facts.rpmrc_of(is_installed);
    let row = rpmrc.row(Table::BuildArchTranslate, best.name);
    let build_as = row
        .and_then(<[String]>::first)
        .map_or(build_as, String::as_str);
    Ok(Host {
        machine: facts.machine.clone(),
        best,
        arch: known_arch(build_as)?,
        os: facts.os.clone(),
    })
}

fn known_arch(name: &str) -> Result<Arch, Error> {
    word::arch_named(name).ok_or_else(|| Error::UnknownArch {
        name: name.to_owned(),
        hint: hint(name, crate::arch::archs().map(|it| it.name)),
    })
}
