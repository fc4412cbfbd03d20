//! What an rpm capability is called where packages are Debian's: tables, then the database of this
//! machine, then rules, of which those count first that lead to a package of the archive.

use debfile::{Program, Resolution, Resolver};
use target::{Counterpart, ForeignOption, Guess, Override, Translation};

use crate::machine::installed::{Archive, DpkgDatabase, GO_SOURCES};

/// Answers from the target's tables, the packages of this machine, and what else it could install.
pub(crate) struct NameResolver {
    pub(crate) translation: Translation,
    pub(crate) installed: DpkgDatabase,
    pub(crate) archive: Archive,
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
        if let Some(name) = inner("tex(") {
            return self.installed.owner_of_ending(&format!("/{name}"));
        }
        if let Some(path) = inner("golang(") {
            return self.installed.owner(&format!("{GO_SOURCES}{path}"));
        }
        if let Some(name) = inner("python3dist(") {
            let name = name.split('[').next().unwrap_or(name);
            return self
                .installed
                .owner_where(&|path| is_metadata_of(name, path));
        }
        let module = inner("perl(")?.replace("::", "/");
        self.installed
            .owner_of(&format!("/{module}.pm"), is_perl_dir)
    }

    /// Where the target has a program that is asked for by another path.
    fn place_of(&self, capability: &str) -> Option<&str> {
        match self.translation.counterpart_of(capability) {
            Some(Counterpart::At(place)) if capability.starts_with('/') => Some(place),
            _ => None,
        }
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

/// `python3dist(x)` for `python3.11dist(x)`: Debian's packages are for all versions that it has.
fn of_any_python(capability: &str) -> Option<String> {
    let (version, rest) = capability.strip_prefix("python3.")?.split_once("dist(")?;
    let is_version = version.bytes().all(|b| b.is_ascii_digit());
    is_version.then(|| format!("python3dist({rest}"))
}

/// Whether a path is that of a Python distribution's metadata, in a directory of all versions of Python.
///
/// Source: Python packaging's "Recording installed projects": `NAME-VERSION.dist-info`, where no `-` is in
/// the name.
fn is_metadata_of(name: &str, path: &str) -> bool {
    let Some(file) = path.strip_prefix("/usr/lib/python3/dist-packages/") else {
        return false;
    };
    let stem = file.split(['-', '/']).next().unwrap_or(file);
    let stem = stem.trim_end_matches(".egg");
    let normal = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
    normal(stem) == normal(name)
}

/// Whether Perl seeks modules in a directory: that of a module's own package, or of Perl itself.
///
/// Source: Debian Perl Policy 2.1, "Module Path".
fn is_perl_dir(directory: &str) -> bool {
    let (parent, last) = directory.rsplit_once('/').unwrap_or(("", directory));
    let is_version = last.starts_with(|c: char| c.is_ascii_digit());
    match last {
        "perl5" | "perl-base" => true,
        _ => is_version && (parent.ends_with("/perl") || parent.ends_with("/perl5")),
    }
}

impl Resolver for NameResolver {
    fn resolve(&self, capability: &str) -> Resolution {
        let python = of_any_python(capability);
        let capability = python.as_deref().unwrap_or(capability);
        let place = self.place_of(capability);
        let entry = |name: &str| self.translation.override_of(name);
        match entry(capability).or_else(|| entry(place?)) {
            Some(Override::Dropped) => return Resolution::Always,
            Some(Override::Relation(relation)) => return self.relation(relation),
            None => {}
        }
        let owner = self.owner(capability).or_else(|| self.owner(place?));
        if let Some(whole) = owner.and_then(|it| self.translation.whole_of(it)) {
            return Resolution::Unversioned(whole.to_owned());
        }
        if let Some(found) = owner.and_then(|owner| self.known(owner)) {
            return found;
        }
        let candidates = self.translation.candidates(capability);
        let plain = capability.to_lowercase().replace('_', "-");
        let names = || std::iter::once(&plain).chain(&candidates);
        if let Some(found) = names().find_map(|name| self.known(name)) {
            return found;
        }
        if let Some(name) = names().find(|name| self.archive.has(name)) {
            return self.relation(name);
        }
        // What is not known here may still be there under the name the rules give.
        match self.translation.guess(capability) {
            Some(Guess::Certain(name)) => self.relation(&name),
            Some(Guess::Likely(name)) if self.archive.provides(&name) => self.relation(&name),
            Some(Guess::Likely(name)) => Resolution::Guess(name),
            None => Resolution::Unknown,
        }
    }

    fn program(&self, called: &str) -> Program {
        match self.translation.counterpart_of(called) {
            Some(Counterpart::At(place)) => Program::At(place.to_owned()),
            Some(Counterpart::Absent(instead)) => Program::Absent(instead.to_owned()),
            None => Program::Same,
        }
    }

    fn means_own_program(&self, called: &str, arguments: &[&str]) -> bool {
        self.translation.means_own_program(called, arguments)
    }

    fn foreign_option(&self, called: &str, option: &str) -> Option<ForeignOption> {
        self.translation.foreign_option(called, option)
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
            archive: Archive::of(&[]),
        }
    }

    #[test]
    fn the_archive_decides_among_names() {
        let mut resolver = resolver();
        resolver.archive = Archive::of(&["libthing-dev", "tool-dev", "dosfstools", "python3-some"]);
        let relation = |name: &str| Resolution::Relation(name.to_owned());
        for (capability, found) in [
            ("thing-devel", relation("libthing-dev")),
            ("tool-devel", relation("tool-dev")),
            ("pkgconfig(thing)", relation("libthing-dev")),
            ("pkgconfig(other)", Resolution::Unknown),
            ("dosfstools", relation("dosfstools")),
            (
                "perl(Some::Thing)",
                Resolution::Guess("libsome-thing-perl".to_owned()),
            ),
            ("python3dist(pyyaml)", relation("python3-yaml")),
            ("python3-PyYaml", relation("python3-yaml")),
            ("python3dist(attrs)", relation("python3-attr")),
            ("python3-attrs", relation("python3-attr")),
            (
                "python3.11dist(python-dateutil)",
                relation("python3-dateutil"),
            ),
            ("perl(LWP::UserAgent)", relation("libwww-perl")),
            ("perl(:MODULE_COMPAT_5.36.0)", relation("perlapi-5.36.0")),
            ("perl(:VERSION)", relation("perl:any")),
            ("/usr/sbin/dosfstools", relation("dosfstools")),
            ("/usr/bin/elsewhere", Resolution::Unknown),
            ("python3.11dist(some)", relation("python3-some")),
        ] {
            assert_eq!(resolver.resolve(capability), found, "{capability}");
        }
    }

    #[test]
    fn modules_are_sought_where_their_languages_do() {
        let machine = tempfile::tempdir().unwrap();
        let info = machine.path().join("info");
        std::fs::create_dir(&info).unwrap();
        let mut status = String::new();
        for (package, path) in [
            ("libcgi-pm-perl", "/usr/share/perl5/CGI/File/Temp.pm"),
            ("libfoo-perl", "/usr/lib/x86_64-linux-gnu/perl5/5.36/Foo.pm"),
            ("perl-modules-5.36", "/usr/share/perl/5.36.0/File/Temp.pm"),
            (
                "golang-tool-dev",
                "/usr/share/gocode/src/example.org/tool/x/x.go",
            ),
            (
                "python3-pkg2",
                "/usr/lib/python3/dist-packages/Some_Pkg-1.0.dist-info",
            ),
            (
                "texlive-base",
                "/usr/share/texlive/texmf-dist/tex/latex/base/article.cls",
            ),
        ] {
            status += &format!("Package: {package}\nStatus: install ok installed\nVersion: 1\n\n");
            std::fs::write(info.join(format!("{package}.list")), format!("{path}\n")).unwrap();
        }
        std::fs::write(machine.path().join("status"), status).unwrap();
        let mut resolver = resolver();
        resolver.installed = DpkgDatabase::at(machine.path());
        let guess = |name: &str| Resolution::Guess(name.to_owned());
        let relation = |name: &str| Resolution::Relation(name.to_owned());
        for (capability, found) in [
            (
                "perl(File::Temp)",
                Resolution::Unversioned("perl:any".to_owned()),
            ),
            ("perl(CGI::File::Temp)", relation("libcgi-pm-perl")),
            ("perl(Foo)", relation("libfoo-perl")),
            ("tex(article.cls)", relation("texlive-base")),
            ("python3dist(some-pkg)", relation("python3-pkg2")),
            ("mvn(junit:junit)", guess("libjunit-java")),
            (
                "golang(github.com/Ann/tool/v2/cmd)",
                guess("golang-github-ann-tool-dev"),
            ),
            ("golang(example.org/tool/x)", relation("golang-tool-dev")),
            ("golang(example.org/tool)", Resolution::Unknown),
            ("/usr/bin/awk", Resolution::Always),
        ] {
            assert_eq!(resolver.resolve(capability), found, "{capability}");
        }
    }

    #[test]
    fn programs_are_sought_where_the_target_has_them() {
        for path in ["/usr/bin/useradd", "/usr/sbin/useradd"] {
            let found = resolver().resolve(path);
            assert_eq!(found, Resolution::Relation("passwd".to_owned()), "{path}");
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
            ("/usr/sbin/update-alternatives", "dpkg"),
            ("/usr/bin/alternatives", "dpkg"),
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
