//! The list of known targets, `profiles/index.toml`: which exist, which host they fit.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::detect::OsRelease;
use crate::embedded;
use crate::error::Error;
use crate::profile::Format;

/// One line of `specbuild targets`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownTarget {
    /// The word that selects it.
    pub id: String,
    /// Which packages it makes.
    pub family: Format,
    /// One phrase on what it is.
    pub summary: String,
    /// `ID` in os-release of the hosts it is for.
    #[serde(default)]
    host: Option<String>,
    /// `VERSION_ID` in os-release of the hosts it is for.
    #[serde(default)]
    version: Option<String>,
}

/// All targets, oldest release of a distribution first.
///
/// # Errors
/// [`Error::Data`] if the embedded list cannot be read.
pub fn known_targets() -> Result<Vec<KnownTarget>, Error> {
    Index::load().map(|index| index.targets)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    /// The target without a distribution.
    pub(crate) upstream: String,
    /// What a family falls back on, and who belongs to it.
    family: IndexMap<Format, Family>,
    #[serde(rename = "target")]
    pub(crate) targets: Vec<KnownTarget>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    newest: String,
    hosts: Vec<String>,
}

impl Index {
    pub(crate) fn load() -> Result<Self, Error> {
        let file = "profiles/index.toml";
        let text = embedded::profile("index").ok_or_else(|| Error::MissingProfile {
            name: "index".to_owned(),
        })?;
        toml::from_str(text).map_err(|fault| Error::Data {
            file: file.to_owned(),
            source: Box::new(fault),
        })
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
            return Some((&target.id, target.family));
        }
        let (format, family) = self
            .family
            .iter()
            .find(|(_, family)| host.lineage().any(|id| family.claims(id)))?;
        Some((&family.newest, *format))
    }

    fn newest_of(&self, distribution: &str) -> Option<&KnownTarget> {
        self.targets
            .iter()
            .rev()
            .find(|it| it.fits(distribution, None))
    }

    fn newest(&self, format: Format) -> &str {
        self.family
            .get(&format)
            .map_or(&self.upstream, |it| &it.newest)
    }
}

impl Family {
    /// `opensuse-leap` belongs where `opensuse` does.
    fn claims(&self, id: &str) -> bool {
        self.hosts.iter().any(|host| {
            id.strip_prefix(host.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }
}

impl KnownTarget {
    fn fits(&self, distribution: &str, version: Option<&str>) -> bool {
        self.host.as_deref() == Some(distribution)
            && version.is_none_or(|it| self.version.as_deref() == Some(it))
    }
}
