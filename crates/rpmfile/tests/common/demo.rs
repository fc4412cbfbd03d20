//! The package of `testdata/rpmfile/demo.spec` in the model, as reading the spec and collecting
//! its files would make it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use package::{
    BuildFacts, ChangelogEntry, Comparison, Content, Dependency, DependencyRules, Evr, Extras,
    FileDependency, FileEntry, FileFlags, FileKind, FileList, Interpreter, LinkSet, Package,
    PackageKind, Phase, Phases, RelationKind, Scriptlet, ScriptletFlags, Slot, SourceFacts,
    SourceFile, Tag, Tags, Trigger, TriggerKind, VerifyFlags, parse_dependencies,
};
use source::Text;

pub(crate) const SPEC: &str = include_str!("../../../../testdata/rpmfile/demo.spec");

/// Time of the packaged files.
const TIME: i64 = 1_600_000_000;
/// `SOURCE_DATE_EPOCH` of the build.
pub(crate) const BUILD_TIME: i64 = 1_700_000_000;

pub(crate) fn binary(cookie: Option<&str>) -> Package {
    let kind = PackageKind::Binary {
        source_rpm: "demo-1.0~rc1-3.nosrc.rpm".into(),
    };
    Package {
        relations: relations(),
        files: files(),
        ..package(kind, cookie)
    }
}

/// The source package; `directory` is where its files lie.
pub(crate) fn source(directory: &Path, cookie: Option<&str>) -> Package {
    let file = |number, name: &str, is_patch, left_out| SourceFile {
        number,
        name: name.into(),
        full: name.into(),
        is_patch,
        left_out,
    };
    let facts = SourceFacts {
        files: vec![
            file(0, "demo.tar", false, true),
            file(0, "fix.patch", true, false),
        ],
        spec_text: SPEC.into(),
        build_archs: vec!["noarch".into()],
        exclusive_archs: vec!["noarch".into(), "x86_64".into()],
        ..SourceFacts::default()
    };
    let package = package(PackageKind::Source(Box::new(facts)), cookie);
    let evr = package.evr.to_string();
    let provided = Dependency::versioned("demo", Comparison::Equal, evr);
    let relations = [
        (
            RelationKind::Requires,
            parse("gcc, make >= 4", Phases::NONE),
        ),
        (RelationKind::Conflicts, parse("clang", Phases::NONE)),
        (RelationKind::Provides, vec![provided]),
    ];
    Package {
        relations: relations.into_iter().collect(),
        scriptlets: BTreeMap::new(),
        triggers: Vec::new(),
        prefixes: Vec::new(),
        files: sources(directory),
        ..package
    }
}

fn package(kind: PackageKind, cookie: Option<&str>) -> Package {
    Package {
        name: "demo".into(),
        evr: Evr::parse("2:1.0~rc1-3").unwrap(),
        arch: "noarch".into(),
        os: "linux".into(),
        kind,
        tags: texts(),
        relations: BTreeMap::new(),
        scriptlets: scriptlets(),
        triggers: triggers(),
        changelog: changelog(),
        prefixes: vec!["/usr".into()],
        files: FileList::default(),
        extras: Extras::default(),
        build: BuildFacts {
            time: BUILD_TIME,
            host: "host".into(),
            optflags: "-O2".into(),
            platform: "noarch-example-linux".into(),
            cookie: cookie.map(str::to_owned),
            tool_version: "0".into(),
            source_name: "demo".into(),
            source_evr: Evr::parse("2:1.0~rc1-3").unwrap(),
            ..BuildFacts::default()
        },
        origin: None,
    }
}

fn texts() -> Tags {
    let mut tags = Tags::default();
    let plain = [
        (Tag::Summary, "A demo"),
        (Tag::License, "MIT"),
        (Tag::Group, "Applications/Text"),
        (Tag::Url, "https://example.org/"),
        (Tag::Vcs, "git:https://example.org/demo.git"),
        (Tag::BugUrl, "https://example.org/bugs"),
        (Tag::Vendor, "Example"),
        (Tag::Packager, "Example Packagers <packagers@example.org>"),
        (Tag::Distribution, "Example Linux"),
        (Tag::Description, "A demo package.\n\nSecond paragraph."),
    ];
    for (tag, text) in plain {
        tags.set(tag, text);
    }
    tags.translate(Tag::Summary, "de", "Eine Vorführung");
    tags.translate(Tag::Description, "de", "Ein Paket.");
    tags
}

fn parse(text: &str, when: Phases) -> Vec<Dependency> {
    parse_dependencies(&Text::detached(text), DependencyRules::REQUIRES, when)
        .unwrap()
        .0
}

fn relations() -> BTreeMap<RelationKind, Vec<Dependency>> {
    use RelationKind::*;
    let evr = "2:1.0~rc1-3";
    let config = Dependency::versioned("config(demo)", Comparison::Equal, evr);
    let config = config.at(Phases::NONE.with(Phase::Config));
    let written = [
        (
            Requires,
            "bash >= 4, (zlib or zlib-ng), coreutils",
            Phases::NONE,
        ),
        (Requires, "shadow", Phases::NONE.with(Phase::Pre)),
        (
            Requires,
            "systemd",
            Phases::NONE.with(Phase::Post).with(Phase::PreUn),
        ),
        (Recommends, "less", Phases::NONE),
        (Suggests, "more", Phases::NONE),
        (Supplements, "foo", Phases::NONE),
        (Enhances, "bar", Phases::NONE),
        (Conflicts, "oldthing < 2", Phases::NONE),
        (Obsoletes, "demo-old < 1.0", Phases::NONE),
        (Provides, "virtual(demo) = 4", Phases::NONE),
        (OrderWithRequires, "ordered", Phases::NONE),
    ];
    let mut relations: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (kind, text, when) in written {
        relations.entry(kind).or_default().extend(parse(text, when));
    }
    relations.entry(Requires).or_default().push(shell());
    for kind in [Requires, Provides] {
        relations.entry(kind).or_default().push(config.clone());
    }
    relations
}

fn scriptlet(program: &[&str], body: Option<&str>) -> Scriptlet {
    let interpreter = match program {
        ["<lua>"] => Interpreter::Lua,
        words => Interpreter::Program(words.iter().map(|it| (*it).to_owned()).collect()),
    };
    let body = body.map(str::to_owned);
    Scriptlet {
        interpreter,
        body,
        flags: ScriptletFlags::default(),
        origin: None,
    }
}

fn scriptlets() -> BTreeMap<Slot, Scriptlet> {
    let expanded = ScriptletFlags {
        expand: true,
        query_format: false,
    };
    let postun = scriptlet(&["/bin/sh"], Some("echo %{nil}"));
    [
        (Slot::Pre, scriptlet(&["/bin/sh"], Some("echo pre"))),
        (Slot::Post, scriptlet(&["/sbin/ldconfig"], None)),
        (Slot::PreUn, scriptlet(&["<lua>"], Some("print(\"bye\")"))),
        (
            Slot::PostUn,
            Scriptlet {
                flags: expanded,
                ..postun
            },
        ),
        (
            Slot::PostTrans,
            scriptlet(&["/usr/bin/perl", "-w"], Some("print 1;")),
        ),
        (Slot::PreTrans, scriptlet(&["<lua>"], None)),
        (Slot::Verify, scriptlet(&["/bin/sh"], Some("true"))),
    ]
    .into()
}

fn triggers() -> Vec<Trigger> {
    let trigger = |kind, conditions: &str, priority, program, body| Trigger {
        kind,
        conditions: parse(conditions, Phases::NONE),
        priority,
        scriptlet: scriptlet(&[program], Some(body)),
    };
    let usual = 1_000_000;
    vec![
        trigger(
            TriggerKind::PackageIn,
            "foo < 3, zsh",
            usual,
            "/bin/sh",
            "echo trigger",
        ),
        trigger(
            TriggerKind::PackageUn,
            "bar",
            usual,
            "/usr/bin/perl",
            "print 2;",
        ),
        trigger(
            TriggerKind::FileIn,
            "/usr/lib /usr/share",
            usual,
            "/bin/sh",
            "cat",
        ),
        trigger(TriggerKind::TransFilePostUn, "/etc", 5, "/bin/sh", "cat"),
    ]
}

fn changelog() -> Vec<ChangelogEntry> {
    let entry = |time, evr: &str, text: &str| ChangelogEntry {
        time,
        author: format!("Example Packagers <packagers@example.org> - {evr}"),
        text: text.into(),
    };
    vec![
        entry(1_699_963_200, "2:1.0~rc1-3", "- Second"),
        entry(1_699_876_800, "2:1.0-2", "- First\n- More"),
    ]
}

fn inline(text: &str) -> FileKind {
    let bytes = text.as_bytes().to_vec();
    FileKind::Regular {
        size: bytes.len() as u64,
        content: Content::Inline(bytes),
    }
}

fn entry(path: &str, mode: u32, kind: FileKind) -> FileEntry {
    FileEntry {
        mtime: TIME,
        ..FileEntry::new(path, kind, mode)
    }
}

/// What the generator for scripts finds.
fn shell() -> Dependency {
    Dependency::on("/bin/sh").at(Phases::NONE.with(Phase::Generated))
}

fn files() -> FileList {
    let linked = |path| FileEntry {
        dependencies: vec![FileDependency {
            kind: RelationKind::Requires,
            dependency: shell(),
        }],
        link_set: Some(LinkSet { id: 0, names: 3 }),
        ..entry(path, 0o755, inline("#!/bin/sh\necho hi\n"))
    };
    let config = FileFlags {
        config: true,
        ..FileFlags::default()
    };
    let (noreplace, missingok) = (true, true);
    let ghost = FileEntry {
        user: "daemon".into(),
        group: "games".into(),
        flags: FileFlags {
            ghost: true,
            ..FileFlags::default()
        },
        ..entry("/var/demo.log", 0o640, inline("log\n"))
    };
    let sized = VerifyFlags {
        digest: false,
        size: false,
        mtime: false,
        ..VerifyFlags::ALL
    };
    let (major, minor) = (5, 1);
    FileList::new(vec![
        FileEntry {
            mtime: BUILD_TIME,
            ..entry("/dev/demo", 0o600, FileKind::CharDevice { major, minor })
        },
        FileEntry {
            flags: FileFlags {
                noreplace,
                ..config
            },
            ..entry("/etc/demo.conf", 0o644, inline("a=1\n"))
        },
        FileEntry {
            flags: FileFlags {
                missingok,
                ..config
            },
            ..entry("/etc/demo2.conf", 0o644, inline("a=1\n"))
        },
        linked("/usr/bin/demo"),
        entry(
            "/usr/bin/demo-link",
            0o777,
            FileKind::Symlink {
                target: "demo".into(),
            },
        ),
        linked("/usr/bin/demo2"),
        entry("/usr/bin/zz", 0o755, FileKind::Directory),
        linked("/usr/bin/zz/demo3"),
        entry("/usr/share/demo", 0o755, FileKind::Directory),
        FileEntry {
            langs: vec!["de".into()],
            flags: FileFlags {
                doc: true,
                ..FileFlags::default()
            },
            ..entry("/usr/share/demo/de", 0o644, inline("de\n"))
        },
        FileEntry {
            caps: Some("cap_net_raw=p".into()),
            ..entry("/usr/share/demo/empty", 0o4755, inline(""))
        },
        FileEntry {
            verify: sized,
            ..entry("/usr/share/demo/fifo", 0o644, FileKind::Fifo)
        },
        ghost,
    ])
}

fn sources(directory: &Path) -> FileList {
    let file = |name: &str| {
        let path = directory.join(name);
        let size = fs::metadata(&path).unwrap().len();
        let kind = FileKind::Regular {
            content: Content::OnDisk(path),
            size,
        };
        FileEntry {
            mtime: BUILD_TIME,
            ..entry(name, 0o644, kind)
        }
    };
    let ghost = FileFlags {
        ghost: true,
        ..FileFlags::default()
    };
    let specfile = FileFlags {
        specfile: true,
        ..FileFlags::default()
    };
    FileList::new(vec![
        FileEntry {
            flags: specfile,
            ..file("demo.spec")
        },
        FileEntry {
            flags: ghost,
            ..file("demo.tar")
        },
        file("fix.patch"),
    ])
}
