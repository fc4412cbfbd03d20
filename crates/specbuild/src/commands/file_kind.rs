//! What a file is that a command was given, and which command does with it what was wanted.
//!
//! Not here: telling specs and texts apart, which everything else may be.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a file is, by its first bytes, or by its name if they tell nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A binary package of rpm's.
    Rpm,
    /// A source package of rpm's.
    SourceRpm,
    /// A binary package of Debian's.
    Deb,
    /// The description of a Debian source package.
    Dsc,
    /// The description of an upload.
    Changes,
    /// Debian's record of what a build had.
    Buildinfo,
    /// A tar archive, or a compressed file.
    Archive,
    /// A spec.
    Spec,
}

/// What a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A spec to build from.
    Spec,
    /// An archive to build from, `-t`.
    Tarball,
    /// A source package to unpack or build from, `--install`, `--rebuild` and `-r`.
    SourcePackage,
    /// A package or a spec to ask, `query`.
    Subject,
    /// A text to expand, `expand`.
    Text,
}

impl Wanted {
    fn words(self) -> &'static str {
        match self {
            Self::Spec => "a spec",
            Self::Tarball => "a tar archive",
            Self::SourcePackage => "a source package (`.src.rpm`, `.dsc`)",
            Self::Subject => "an .rpm, a .deb or a spec",
            Self::Text => "a text",
        }
    }
}

use FileKind::{Archive, Buildinfo, Changes, Deb, Dsc, Rpm, SourceRpm, Spec};

impl FileKind {
    const fn words(self) -> &'static str {
        match self {
            Rpm => "an .rpm package",
            SourceRpm | Dsc => "a source package",
            Deb => "a .deb package",
            Changes => "the list of an upload (.changes)",
            Buildinfo => "the record of a build (.buildinfo)",
            Archive => "an archive",
            Spec => "a spec",
        }
    }

    /// What a file is; `None` if it is of another kind.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let mut start = Vec::new();
        // What can't be read is told by whoever reads it; what never ends has no kind.
        if path.is_file()
            && let Ok(file) = File::open(path)
        {
            start = limits::read_from(file.take(8), 8).unwrap_or_default();
        }
        Self::of_start(&start).or_else(|| Self::of_name(path))
    }

    fn of_start(start: &[u8]) -> Option<Self> {
        const RPM: &[u8] = &[0xed, 0xab, 0xee, 0xdb];
        match start {
            // The type is a number of two bytes after the version: 0 for binary packages, 1 for sources.
            [.., 0, 1] if start.starts_with(RPM) => Some(SourceRpm),
            _ if start.starts_with(RPM) => Some(Rpm),
            _ if start.starts_with(b"!<arch>\n") => Some(Deb),
            _ => None,
        }
    }

    fn of_name(path: &Path) -> Option<Self> {
        const ENDS: [(&str, FileKind); 15] = [
            (".src.rpm", SourceRpm),
            (".nosrc.rpm", SourceRpm),
            (".rpm", Rpm),
            (".deb", Deb),
            (".ddeb", Deb),
            (".udeb", Deb),
            (".dsc", Dsc),
            (".changes", Changes),
            (".buildinfo", Buildinfo),
            (".spec", Spec),
            (".tar", Archive),
            (".tar.gz", Archive),
            (".tar.xz", Archive),
            (".tar.bz2", Archive),
            (".tar.zst", Archive),
        ];
        let name = path.file_name()?.to_str()?;
        let end = ENDS.iter().find(|(end, _)| name.ends_with(end));
        end.map(|(_, kind)| *kind)
    }
}

/// What is written instead, by what was wanted and what the file is. `{}` is its path, and `{./}` that with a
/// slash, by which a file is told from a name.
const INSTEAD: [(Wanted, &[FileKind], &str); 15] = [
    (Wanted::Spec, &[Rpm, Deb], "write `specbuild query {}`"),
    (
        Wanted::Spec,
        &[SourceRpm, Dsc],
        "write `specbuild --rebuild {}`",
    ),
    (Wanted::Spec, &[Archive], "write `specbuild -tb {}`"),
    (
        Wanted::Tarball,
        &[SourceRpm, Dsc],
        "write `specbuild --rebuild {}`",
    ),
    (Wanted::Tarball, &[Spec], "write `specbuild -bb {}`"),
    (
        Wanted::Tarball,
        &[Rpm, Deb],
        "it is built already: `specbuild query {}` shows what it says",
    ),
    (
        Wanted::SourcePackage,
        &[Rpm],
        "it is built already: `dnf install {./}` or `rpm -U {}` installs it",
    ),
    (
        Wanted::SourcePackage,
        &[Deb],
        "it is built already: `apt install {./}` or `dpkg -i {}` installs it",
    ),
    (Wanted::SourcePackage, &[Spec], "write `specbuild -ba {}`"),
    (
        Wanted::SourcePackage,
        &[Archive],
        "`specbuild -tb {}` builds from the spec in it",
    ),
    (
        Wanted::Subject,
        &[Dsc],
        "`specbuild --install {}` unpacks its spec, which `specbuild query` can ask",
    ),
    (
        Wanted::Subject,
        &[Archive],
        "`tar -tf {}` lists what is in it",
    ),
    (
        Wanted::Text,
        &[Rpm, SourceRpm, Deb],
        "`specbuild query {}` shows what it says",
    ),
    (Wanted::Text, &[Archive], "`tar -tf {}` lists what is in it"),
    (
        Wanted::SourcePackage,
        &[Changes, Buildinfo],
        "give the .dsc that it names",
    ),
];

/// What is said of a kind of file where nothing of the table fits.
fn instead_of_all(kind: FileKind) -> Option<&'static str> {
    match kind {
        Changes | Buildinfo => Some("it is a text, and `dscverify {}` checks the files it names"),
        _ => None,
    }
}

/// The error about a file that is of another kind than a command takes; `None` if that can't be told.
pub(super) fn refusal(path: &Path, wanted: Wanted) -> Option<String> {
    let kind = FileKind::of(path)?;
    let mut rows = INSTEAD.iter();
    let row = rows.find(|(it, kinds, _)| *it == wanted && kinds.contains(&kind));
    let instead = row.map(|(.., instead)| *instead);
    let instead = instead.or_else(|| instead_of_all(kind).filter(|_| wanted != Wanted::Text))?;
    let shown = path.display().to_string();
    let (kind, wanted) = (kind.words(), wanted.words());
    let path = match shown.contains('/') {
        true => shown.clone(),
        false => format!("./{shown}"),
    };
    let instead = instead.replace("{}", &shown).replace("{./}", &path);
    Some(format!("error: {shown} is {kind}, not {wanted}; {instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_told_by_name_or_content() {
        let kinds = [
            ("a.src.rpm", Some(SourceRpm)),
            ("a.x86_64.rpm", Some(Rpm)),
            ("a_1_all.deb", Some(Deb)),
            ("a_1.dsc", Some(Dsc)),
            ("a_1_amd64.changes", Some(Changes)),
            ("a_1_amd64.buildinfo", Some(Buildinfo)),
            ("a-1.tar.gz", Some(Archive)),
            ("a.spec", Some(Spec)),
            ("README", None),
        ];
        for (name, kind) in kinds {
            assert_eq!(FileKind::of(Path::new(name)), kind, "{name}");
        }
        let source = [0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 1];
        assert_eq!(FileKind::of_start(&source), Some(SourceRpm));
        assert_eq!(FileKind::of_start(&source[..7]), Some(Rpm));
        assert_eq!(FileKind::of_start(b"!<arch>\n"), Some(Deb));
        assert_eq!(FileKind::of_start(b"Name: a\n"), None);
    }

    #[test]
    fn a_refusal_names_the_kind_and_the_command_that_does_it() {
        let told = |name: &str, wanted| refusal(Path::new(name), wanted).unwrap_or_default();
        let spec = told("a.deb", Wanted::Spec);
        assert_eq!(
            spec,
            "error: a.deb is a .deb package, not a spec; write `specbuild query a.deb`"
        );
        assert!(told("a.dsc", Wanted::Subject).contains("`specbuild --install a.dsc`"));
        assert!(told("a.changes", Wanted::Subject).contains("`dscverify a.changes`"));
        assert!(told("a.deb", Wanted::SourcePackage).contains("`apt install ./a.deb`"));
        assert!(told("a.spec", Wanted::SourcePackage).contains("`specbuild -ba a.spec`"));
        assert_eq!(told("a.src.rpm", Wanted::SourcePackage), "");
        assert_eq!(told("a.dsc", Wanted::Text), "", "which is one");
        assert_eq!(told("a.tar", Wanted::Tarball), "");
    }
}
