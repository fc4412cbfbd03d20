//! The list of known targets, `profiles/index.toml`: which exist, which host they fit.

use crate::detect::OsRelease;
use crate::embedded;
use crate::release::Format;

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
    pub(crate) hosts: &'static [&'static str],
    /// The release, by `VERSION_ID` in os-release of those hosts: `10` is `10.1` too.
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

/// The distributions that make one kind of package.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) newest: &'static str,
    /// `ID` in os-release of those that belong to it.
    pub(crate) hosts: &'static [&'static str],
    /// Whether a distribution that names another in `ID_LIKE` is made of that one's packages.
    pub(crate) has_derivatives: bool,
}

/// The target that is a host's own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Own<'i> {
    /// There is one.
    Target(&'i KnownTarget),
    /// The host is of a family, but no target is of its distribution.
    Missing(Format),
    /// Nothing is known of its distribution.
    Unknown,
}

impl Own<'_> {
    /// Which packages the host's distribution is made of.
    pub(crate) fn family(self) -> Option<Format> {
        match self {
            Own::Target(target) => Some(target.family),
            Own::Missing(family) => Some(family),
            Own::Unknown => None,
        }
    }
}

impl Index {
    pub(crate) fn get() -> &'static Self {
        embedded::index()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.targets.iter().any(|target| target.id == id)
    }

    /// The newest target of a family.
    pub(crate) fn newest(&self, format: Format) -> &str {
        let family = self.family(format);
        family.map_or(self.upstream, |it| it.newest)
    }

    /// The host's own target: the nearest release of its distribution, else the release of another that
    /// it is made of.
    pub(crate) fn own(&self, host: Option<&OsRelease>) -> Own<'_> {
        let Some(host) = host else {
            return Own::Unknown;
        };
        let found = self.nearest(host).or_else(|| self.ancestor(host));
        if let Some(target) = found {
            return Own::Target(target);
        }
        let claims = |family: &Family| host.lineage().any(|id| family.claims(id));
        let mut families = self.families.iter();
        families
            .find(|(_, family)| claims(family))
            .map_or(Own::Unknown, |(format, _)| Own::Missing(*format))
    }

    /// Of the host's own distribution the release by its name, the last that is not later than the
    /// host's, or the first. A host without a version is later than all.
    fn nearest(&self, host: &OsRelease) -> Option<&KnownTarget> {
        let mut own = self.of(&host.id);
        let version = numbers(&host.version);
        let is_not_later = |it: &&KnownTarget| {
            version.is_empty() || numbers(it.version.unwrap_or_default()) <= version
        };
        let named = own.clone().find(|it| it.is_named_by(host));
        named
            .or_else(|| own.clone().rfind(is_not_later))
            .or_else(|| own.next())
    }

    /// Of the distributions that the host descends from the release that it names or has the number of.
    /// If its family says that it is made of their packages, the newest of the closest serves as well.
    fn ancestor(&self, host: &OsRelease) -> Option<&KnownTarget> {
        let mut all = host.like.iter().flat_map(|id| self.of(id));
        let same = all.find(|it| it.is_named_by(host) || it.covers(&host.version));
        same.or_else(|| {
            let newest = host.like.iter().find_map(|id| self.of(id).next_back())?;
            let family = self.family(newest.family)?;
            family.has_derivatives.then_some(newest)
        })
    }

    /// The targets of a distribution, the oldest first.
    fn of(&self, id: &str) -> impl DoubleEndedIterator<Item = &KnownTarget> + Clone {
        self.targets.iter().filter(move |it| it.hosts.contains(&id))
    }

    fn family(&self, format: Format) -> Option<&Family> {
        let found = self.families.iter().find(|(it, _)| *it == format);
        found.map(|(_, family)| family)
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
    /// Whether the host has the code name of the release among its own.
    fn is_named_by(&self, host: &OsRelease) -> bool {
        let profile = embedded::profile(self.id);
        let name = profile
            .and_then(|it| it.release)
            .map_or("", |[_, name, _]| name);
        !name.is_empty() && host.codenames.iter().any(|it| it == name)
    }

    /// Whether a version is that of the release, or of a part of it.
    fn covers(&self, version: &str) -> bool {
        let own = self.version.unwrap_or_default();
        let rest = version.strip_prefix(own).filter(|_| !own.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// The numbers of a version, to compare it by.
fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split('.').filter(|part| !part.is_empty());
    parts.map(|part| part.parse().unwrap_or(0)).collect()
}
