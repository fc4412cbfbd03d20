//! What the tests of this crate share: small packages, a resolver of their own, and real tools.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "each test file uses a part of it, and a test may end at a fault"
)]

pub(crate) mod examples;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use specbuild_debfile as debfile;

use debfile::{Distribution, Program, Resolution, Resolver, SuffixRule};
use package::{
    BuildFacts, ChangelogEntry, Content, Evr, Extras, FileEntry, FileKind, FileList, Interpreter,
    Package, PackageKind, Scriptlet, Slot, Tag, Tags,
};
use target::Place;

/// 2024-05-06 07:08:09 UTC.
pub(crate) const TIME: i64 = 1_714_979_289;

/// Knows the capabilities it was given.
#[derive(Default)]
pub(crate) struct Known(pub(crate) BTreeMap<String, String>);

impl Resolver for Known {
    fn program(&self, called: &str) -> Program {
        match called {
            "/usr/sbin/update-alternatives" => Program::At("/usr/bin/update-alternatives".into()),
            "/sbin/chkconfig" => Program::Absent("`update-rc.d` enables init scripts".into()),
            _ => Program::Same,
        }
    }

    fn resolve(&self, capability: &str) -> Resolution {
        match self.0.get(capability) {
            Some(relation) if relation.is_empty() => Resolution::Always,
            Some(relation) => match relation.strip_prefix("Essential: ") {
                Some(name) => Resolution::Essential(name.to_owned()),
                None => Resolution::Relation(relation.clone()),
            },
            None => Resolution::Unknown,
        }
    }
}

pub(crate) fn distribution() -> Distribution {
    let archs = [("x86_64", "amd64"), ("noarch", "all")];
    let rule = |rpm: &str, deb: &str| SuffixRule {
        rpm: rpm.into(),
        deb: deb.into(),
    };
    Distribution {
        archs: archs
            .map(|(rpm, deb)| (rpm.to_owned(), deb.to_owned()))
            .into(),
        suffixes: vec![rule("-devel", "-dev"), rule("-debuginfo", "-dbgsym")],
        codename: "trixie".into(),
        multiarch: Some("x86_64-linux-gnu".into()),
        maintainer: "Example Packagers <packagers@example.org>".into(),
        places: places(),
    }
}

/// A few places that are treated otherwise than where specs come from.
fn places() -> Vec<Place> {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    let run = Place {
        below: words(&["/run", "/var/run"]),
        volatile: true,
        says: "is gone after a reboot".into(),
        source: "Policy".into(),
        ..Place::default()
    };
    let lost = Place {
        below: words(&["/usr/lib64"]),
        says: "lies where nothing looks for it".into(),
        instead: "`/usr/lib` is the directory for it".into(),
        source: "Policy".into(),
        ..Place::default()
    };
    let named = Place {
        below: words(&["/etc/cron.daily"]),
        names: Some("A-Za-z0-9_-".into()),
        executable: true,
        says: "is passed over".into(),
        source: "run-parts(8)".into(),
        ..Place::default()
    };
    let moved = Place {
        below: words(&["/etc/rc.d/init.d"]),
        becomes: Some("/etc/init.d".into()),
        ..Place::default()
    };
    vec![run, lost, named, moved]
}

/// A package without files.
pub(crate) fn package(name: &str, evr: &str) -> Package {
    let evr = Evr::parse(evr).unwrap();
    let mut tags = Tags::default();
    tags.set(Tag::Summary, "Example of a package");
    tags.set(Tag::Description, "It shows what a package becomes.");
    tags.set(Tag::License, "MIT");
    tags.set(Tag::Url, "https://example.org/");
    Package {
        name: name.into(),
        evr: evr.clone(),
        arch: "x86_64".into(),
        os: "linux".into(),
        kind: PackageKind::Binary {
            source_rpm: "example.src.rpm".into(),
        },
        tags,
        relations: BTreeMap::new(),
        scriptlets: BTreeMap::new(),
        triggers: Vec::new(),
        changelog: vec![ChangelogEntry {
            time: TIME - 86_400,
            author: format!("Example Packagers <packagers@example.org> - {evr}"),
            text: "- First build".into(),
        }],
        prefixes: Vec::new(),
        files: FileList::default(),
        extras: Extras::default(),
        build: BuildFacts {
            time: TIME,
            source_name: name.into(),
            source_evr: evr,
            ..BuildFacts::default()
        },
        origin: None,
    }
}

/// An entry of root's.
pub(crate) fn entry(path: &str, kind: FileKind, mode: u32) -> FileEntry {
    FileEntry {
        mtime: TIME + 1000,
        ..FileEntry::new(path, kind, mode)
    }
}

/// A small file.
pub(crate) fn text(path: &str, text: &str, mode: u32) -> FileEntry {
    let content = Content::Inline(text.as_bytes().to_vec());
    entry(
        path,
        FileKind::Regular {
            content,
            size: text.len() as u64,
        },
        mode,
    )
}

/// A file that lies on disk.
pub(crate) fn on_disk(path: &str, file: &Path, mode: u32) -> FileEntry {
    let size = std::fs::metadata(file).unwrap().len();
    entry(
        path,
        FileKind::Regular {
            content: Content::OnDisk(file.into()),
            size,
        },
        mode,
    )
}

pub(crate) fn directory(path: &str) -> FileEntry {
    entry(path, FileKind::Directory, 0o755)
}

pub(crate) fn symlink(path: &str, target: &str) -> FileEntry {
    entry(
        path,
        FileKind::Symlink {
            target: target.into(),
        },
        0o777,
    )
}

/// A scriptlet of the plain shell.
pub(crate) fn scriptlet(body: &str) -> Scriptlet {
    Scriptlet {
        interpreter: Interpreter::default(),
        body: Some(body.into()),
        flags: package::ScriptletFlags::default(),
        origin: None,
    }
}

/// Every slot logs its name and `$1`.
pub(crate) fn add_probes(package: &mut Package, log: &str) {
    for (slot, name) in Slot::ALL
        .into_iter()
        .filter(|(slot, _)| *slot != Slot::Verify)
    {
        let body = format!("echo {name} $1 >>{log}\n");
        package.scriptlets.insert(slot, scriptlet(&body));
    }
}

/// Runs a tool; panics with its output if it fails.
pub(crate) fn run(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(
        status.success(),
        "{command:?}: {status}\n{stdout}\n{stderr}"
    );
    stdout.into_owned()
}

/// Lowers a package with others of its spec, and writes it into a directory. No error may come up.
pub(crate) fn build(packages: &[Package], index: usize, directory: &Path) -> PathBuf {
    let known = Known::default();
    let mut context = debfile::Context::new(distribution(), packages, &known);
    context.texts = debfile::read_texts(packages).unwrap();
    let mut sink = source::Sink::new();
    let deb = debfile::lower(&packages[index], &context, &mut sink);
    assert_eq!(sink.errors(), 0, "{:?}", sink.found());
    let path = directory.join(&deb.file_name);
    let options = debfile::WriteOptions {
        compression: archive::Compression::new(archive::Method::Xz).with_level(1),
        spool_directory: directory.into(),
    };
    let mut file = std::fs::File::create(&path).unwrap();
    debfile::write(&deb, &options, &mut package::Output::new(&mut file)).unwrap();
    path
}
