//! What an rpm capability is called where packages are Debian's: tables, then the database of this
//! machine, then rules.

use debfile::{Resolution, Resolver};
use target::{Override, Translation};

use crate::installed::DpkgDatabase;

/// Answers from the target's tables and the packages of this machine.
pub(crate) struct NameResolver {
    pub(crate) translation: Translation,
    pub(crate) installed: DpkgDatabase,
}

impl NameResolver {
    /// The installed package that has the file a capability stands for.
    fn owner(&self, capability: &str) -> Option<&str> {
        if capability.starts_with('/') {
            return self.installed.owner(capability);
        }
        let inner = |kind: &str| capability.strip_prefix(kind)?.strip_suffix(')');
        if let Some(name) = inner("pkgconfig(") {
            return self
                .installed
                .owner_of_ending(&format!("/pkgconfig/{name}.pc"));
        }
        if let Some(name) = inner("cmake(") {
            let lower = name.to_lowercase();
            return self
                .installed
                .owner_of_ending(&format!("/{name}Config.cmake"))
                .or_else(|| {
                    self.installed
                        .owner_of_ending(&format!("/{lower}-config.cmake"))
                });
        }
        let module = inner("perl(")?.replace("::", "/");
        self.installed.owner_of_ending(&format!("/{module}.pm"))
    }

    /// A package of this machine, or one that every machine has.
    fn known(&self, name: &str) -> Option<Resolution> {
        let is_there = self.is_essential(name) || self.installed.version_of(name).is_some();
        is_there.then(|| self.relation(name))
    }

    fn relation(&self, text: &str) -> Resolution {
        if self.is_essential(text) {
            Resolution::Essential(text.to_owned())
        } else {
            Resolution::Relation(text.to_owned())
        }
    }

    fn is_essential(&self, name: &str) -> bool {
        let is_essential_here = || {
            let installed = self.installed.get(name);
            installed.is_some_and(|package| package.is_essential)
        };
        self.translation.is_essential(name) || is_essential_here()
    }
}

impl Resolver for NameResolver {
    fn resolve(&self, capability: &str) -> Resolution {
        match self.translation.override_of(capability) {
            Some(Override::Dropped) => return Resolution::Always,
            Some(Override::Relation(relation)) => return self.relation(relation),
            None => {}
        }
        if let Some(found) = self.owner(capability).and_then(|owner| self.known(owner)) {
            return found;
        }
        let candidates = self.translation.candidates(capability);
        let plain = capability.to_lowercase().replace('_', "-");
        let mut names =
            std::iter::once(plain.as_str()).chain(candidates.iter().map(String::as_str));
        if let Some(found) = names.find_map(|name| self.known(name)) {
            return found;
        }
        // What is not installed here may still be in the archive under the name the rules give.
        let is_name = |name: &&String| capability.contains('(') && !name.contains('(');
        match candidates.iter().find(is_name) {
            Some(name) => self.relation(name),
            None => Resolution::Unknown,
        }
    }

    fn epoch(&self, package: &str) -> u32 {
        let version = self.installed.version_of(package).unwrap_or_default();
        version
            .split_once(':')
            .and_then(|(epoch, _)| epoch.parse().ok())
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use target::{HostFacts, Target, TargetRequest};

    use super::*;

    /// Knows the tables alone, as on a machine without dpkg.
    fn resolver() -> NameResolver {
        let request = TargetRequest {
            word: Some("debian-12"),
            ..TargetRequest::default()
        };
        let target = Target::load(&request, &HostFacts::new("x86_64", "Linux", None)).unwrap();
        NameResolver {
            translation: target.translation().unwrap(),
            installed: DpkgDatabase::default(),
        }
    }

    #[test]
    fn essential_packages_are_known_by_all_their_names() {
        for (capability, name) in [
            ("bash", "bash"),
            ("util-linux-core", "util-linux"),
            ("glibc-common", "libc-bin"),
            ("/sbin/ldconfig", "libc-bin"),
            ("initscripts", "sysvinit-utils"),
        ] {
            let resolved = resolver().resolve(capability);
            assert_eq!(
                resolved,
                Resolution::Essential(name.to_owned()),
                "{capability}"
            );
        }
    }
}
