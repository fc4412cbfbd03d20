//! What is known about the machine that builds. Pure functions over texts: the caller
//! reads `/etc/os-release` and asks uname(2).

use crate::release::Release;
use crate::rpmrc::{Rpmrc, Table};

/// The machine that builds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostFacts {
    /// The machine name of uname(2), such as `x86_64`.
    pub machine: String,
    /// The system name of uname(2) in lower case, such as `linux`.
    pub os: String,
    /// What `/etc/os-release` says, where there is one.
    pub release: Option<OsRelease>,
    /// The architecture whose packages the processor can run, if rpm has a finer name for it than
    /// uname(2): `x86_64_v3`.
    pub level: Option<String>,
    /// What the rpmrc files of site and user say.
    pub rpmrc: Rpmrc,
    /// What they and its own say where an rpm is installed whose macro files can be used; `None`
    /// elsewhere.
    pub installed: Option<Rpmrc>,
}

impl HostFacts {
    /// Puts the facts together from uname(2)'s words and the text of os-release.
    #[must_use]
    pub fn new(machine: &str, os: &str, os_release: Option<&str>) -> Self {
        Self {
            machine: machine.to_owned(),
            os: os.to_lowercase(),
            release: os_release.map(OsRelease::parse),
            ..Self::default()
        }
    }

    /// rpm's own name for the machine, by the files of an installed rpm or without them. An older one
    /// has no finer names.
    pub(crate) fn best_arch(&self, is_installed: bool) -> &str {
        let rpmrc = self.rpmrc_of(is_installed);
        let is_known =
            |level: &&str| !is_installed || rpmrc.row(Table::ArchCompat, level).is_some();
        let level = self.level.as_deref().filter(is_known);
        rpmrc.translate(Table::ArchCanon, level.unwrap_or(&self.machine))
    }

    /// What rpmrc files say, with those of an installed rpm or without them.
    pub(crate) fn rpmrc_of(&self, is_installed: bool) -> &Rpmrc {
        let installed = self.installed.as_ref().filter(|_| is_installed);
        installed.unwrap_or(&self.rpmrc)
    }
}

/// The identity of a distribution. Source: os-release(5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OsRelease {
    /// `ID`, lower case; empty where it is missing.
    pub id: String,
    /// `VERSION_ID`; empty for rolling releases.
    pub version: String,
    /// `ID_LIKE`: the distributions it descends from, closest first.
    pub like: Vec<String>,
    /// `VERSION_CODENAME`, and the code names of those it descends from (`UBUNTU_CODENAME`).
    pub codenames: Vec<String>,
}

impl OsRelease {
    /// Reads the text of an os-release file. Lines that it does not know are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut release = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.trim().split_once('=')) {
            let value = unquote(value);
            match key {
                "ID" => release.id = value,
                "VERSION_ID" => release.version = value,
                "ID_LIKE" => release.like = value.split_whitespace().map(str::to_owned).collect(),
                key if key.ends_with("_CODENAME") => release.codenames.push(value),
                _ => {}
            }
        }
        release
    }

    /// Whether it has the libraries of a release: it is that release, or made of its packages.
    #[must_use]
    pub fn is_made_of(&self, release: &Release) -> bool {
        let is_related = self.lineage().any(|id| id == release.distribution);
        let is_named = self.codenames.contains(&release.name);
        is_related && (is_named || self.version == release.version)
    }

    /// The distribution itself, then those it descends from.
    pub(crate) fn lineage(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.like.iter().map(String::as_str))
    }
}

/// Takes one pair of shell quotes off. Identifiers hold nothing that needs an escape.
fn unquote(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value
            .strip_prefix(quote)
            .and_then(|it| it.strip_suffix(quote))
        {
            return inner.to_owned();
        }
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_quoted_and_plain_values() {
        let text =
            "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE='ubuntu debian'\nVERSION_ID=\"22\"\n# x\n";
        let release = OsRelease::parse(text);
        assert_eq!(
            (release.id.as_str(), release.version.as_str()),
            ("linuxmint", "22")
        );
        assert_eq!(
            release.lineage().collect::<Vec<_>>(),
            ["linuxmint", "ubuntu", "debian"]
        );
    }

    #[test]
    fn a_release_is_known_by_number_or_code_name() {
        let release = |distribution: &str, name: &str, version: &str| Release {
            distribution: distribution.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
        };
        let bookworm = release("debian", "bookworm", "12");
        let noble = release("ubuntu", "noble", "24.04");
        for (text, of, is_made_of) in [
            ("ID=debian\nVERSION_ID=12\n", &bookworm, true),
            (
                "ID=debian\nVERSION_ID=13\nVERSION_CODENAME=trixie\n",
                &bookworm,
                false,
            ),
            ("ID=debian\nVERSION_CODENAME=bookworm\n", &bookworm, true),
            (
                "ID=raspbian\nID_LIKE=debian\nVERSION_ID=12\n",
                &bookworm,
                true,
            ),
            (
                "ID=mint\nID_LIKE='ubuntu debian'\nVERSION_ID=22\nUBUNTU_CODENAME=noble\n",
                &noble,
                true,
            ),
            ("ID=fedora\nVERSION_ID=12\n", &bookworm, false),
            ("", &bookworm, false),
        ] {
            assert_eq!(OsRelease::parse(text).is_made_of(of), is_made_of, "{text}");
        }
    }
}
