//! The list of known targets, `profiles/index.toml`: which exist, which host they fit.

use crate::detect::OsRelease;
use crate::embedded;
use crate::profile::Format;

/// One line of `specbuild targets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTarget {
    /// The word that selects it.
    pub id: &'static str,
    /// Which packages it makes.
    pub family: Format,
    /// One phrase on what it is.
    pub summary: &'static str,
    /// `ID` in os-release of the hosts it is for.
    pub(crate) host: Option<&'static str>,
    /// `VERSION_ID` in os-release of the hosts it is for.
    pub(crate) version: Option<&'static str>,
}

/// All targets, oldest release of a distribution first.
#[must_use]
pub fn known_targets() -> &'static [KnownTarget] {
    Index::get().targets
}

#[derive(Debug)]
pub(crate) struct Index {
    /// The target without a distribution.
    pub(crate) upstream: &'static str,
    /// The target of a machine with an rpm of its own.
    pub(crate) system: &'static str,
    /// The names of all variants of macro libraries: families and vendors.
    pub(crate) variants: &'static [&'static str],
    /// What a family falls back on, and who belongs to it.
    pub(crate) families: &'static [(Format, Family)],
    pub(crate) targets: &'static [KnownTarget],
}

#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) newest: &'static str,
    pub(crate) hosts: &'static [&'static str],
}

impl Index {
    pub(crate) fn get() -> &'static Self {
        embedded::index()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.targets.iter().any(|target| target.id == id)
    }

    /// The target for a family on this host: the host's own, else the family's newest.
    pub(crate) fn for_family(&self, format: Format, host: Option<&OsRelease>) -> &str {
        match self.for_host(host) {
            Some((id, family)) if family == format => id,
            _ => self.newest(format),
        }
    }

    /// The host's own target and its family: the release itself, else the newest of the
    /// distribution or of one it descends from, else the newest of its family.
    pub(crate) fn for_host(&self, host: Option<&OsRelease>) -> Option<(&str, Format)> {
        let host = host?;
        let exact = self
            .targets
            .iter()
            .find(|it| it.fits(&host.id, Some(&host.version)));
        let related = || host.lineage().find_map(|id| self.newest_of(id));
        if let Some(target) = exact.or_else(related) {
            return Some((target.id, target.family));
        }
        let (format, family) = self
            .families
            .iter()
            .find(|(_, family)| host.lineage().any(|id| family.claims(id)))?;
        Some((family.newest, *format))
    }

    fn newest_of(&self, distribution: &str) -> Option<&KnownTarget> {
        self.targets
            .iter()
            .rev()
            .find(|it| it.fits(distribution, None))
    }

    fn newest(&self, format: Format) -> &str {
        let family = self.families.iter().find(|(it, _)| *it == format);
        family.map_or(self.upstream, |(_, it)| it.newest)
    }
}

impl Family {
    /// `opensuse-leap` belongs where `opensuse` does.
    fn claims(&self, id: &str) -> bool {
        self.hosts.iter().any(|host| {
            id.strip_prefix(host)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }
}

impl KnownTarget {
    fn fits(&self, distribution: &str, version: Option<&str>) -> bool {
        self.host == Some(distribution) && version.is_none_or(|it| self.version == Some(it))
    }
}
