//! Formats over a package of our own.

use std::collections::BTreeMap;

use package::{
    BuildFacts, ChangelogEntry, Comparison, Dependency, Evr, Extras, FileEntry, FileFlags,
    FileKind, FileList, Interpreter, LinkSet, Package, PackageKind, Phase, Phases, RelationKind,
    Scriptlet, ScriptletFlags, Slot, SourceFacts, SourceFile, Tag, Tags, Trigger, TriggerKind,
    VerifyFlags,
};

use crate::{Format, PackageTags, RenderFault};

/// A binary package with a bit of everything.
fn package() -> Package {
    let mut package = Package {
        name: "hello".to_owned(),
        evr: Evr {
            epoch: Some(2),
            version: "1.0".to_owned(),
            release: "3".to_owned(),
        },
        arch: "x86_64".to_owned(),
        os: "linux".to_owned(),
        kind: PackageKind::Binary {
            source_rpm: "hello-1.0-3.src.rpm".to_owned(),
        },
        tags: Tags::default(),
        relations: BTreeMap::new(),
        scriptlets: BTreeMap::from([(Slot::Pre, scriptlet("echo pre"))]),
        triggers: vec![trigger()],
        changelog: vec![ChangelogEntry {
            time: 1_704_283_200,
            author: "Example Packagers <packagers@example.org> - 1.0-3".to_owned(),
            text: "- first".to_owned(),
        }],
        prefixes: Vec::new(),
        files: FileList::new(vec![
            file("/usr/share/hello", FileKind::Directory),
            file(
                "/usr/share/hello/a",
                FileKind::Symlink {
                    target: "b".to_owned(),
                },
            ),
            file("/etc/hello.conf", regular(1536)),
        ]),
        extras: Extras::default(),
        build: BuildFacts::default(),
        origin: None,
    };
    package.tags.set(Tag::Summary, "A friendly greeting");
    package.tags.set(Tag::License, "MIT");
    let dependencies = [
        (
            RelationKind::Requires,
            Dependency::on("zlib").at(Phases::NONE.with(Phase::Generated)),
        ),
        (
            RelationKind::Requires,
            Dependency::versioned("bash", Comparison::GreaterEqual, "5"),
        ),
        (
            RelationKind::Requires,
            Dependency::on("/bin/sh").at(Phases::NONE.with(Phase::Pre).with(Phase::Interp)),
        ),
        (
            RelationKind::Provides,
            Dependency::versioned("hello", Comparison::Equal, "2:1.0-3"),
        ),
    ];
    for (kind, dependency) in dependencies {
        package.relate(kind, dependency);
    }
    package
}

fn scriptlet(body: &str) -> Scriptlet {
    Scriptlet {
        interpreter: Interpreter::default(),
        body: Some(body.to_owned()),
        flags: ScriptletFlags::default(),
        origin: None,
    }
}

fn trigger() -> Trigger {
    let old = Dependency::versioned("perl", Comparison::Less, "5");
    Trigger {
        kind: TriggerKind::PackagePostUn,
        conditions: vec![old, Dependency::on("ruby")],
        priority: 100_000,
        scriptlet: scriptlet("echo trigger"),
    }
}

fn regular(size: u64) -> FileKind {
    FileKind::Regular {
        content: package::Content::Inline(Vec::new()),
        size,
    }
}

fn file(path: &str, kind: FileKind) -> FileEntry {
    FileEntry {
        group: "mail".to_owned(),
        flags: FileFlags {
            config: path.starts_with("/etc"),
            ..FileFlags::default()
        },
        verify: VerifyFlags {
            digest: false,
            ..VerifyFlags::ALL
        },
        ..FileEntry::new(path, kind, 0o755)
    }
}

fn source_package() -> Package {
    let source = |number, name: &str, is_patch| SourceFile {
        number,
        name: name.to_owned(),
        full: format!("https://example.org/{name}"),
        is_patch,
        left_out: number == 1,
    };
    let facts = SourceFacts {
        files: vec![
            source(0, "a.tar", false),
            source(1, "b.bin", false),
            source(0, "fix.patch", true),
        ],
        exclusive_archs: vec!["x86_64".to_owned()],
        ..SourceFacts::default()
    };
    Package {
        kind: PackageKind::Source(Box::new(facts)),
        ..package()
    }
}

fn render(format: &str) -> String {
    Format::parse(format)
        .unwrap()
        .render(&PackageTags::new(&package()))
        .unwrap()
}

#[test]
fn names_and_versions() {
    assert_eq!(
        render("%{NEVRA} %{NVRA} %{NEVR} %{NVR} %{EVR} %{EPOCH} %{EPOCHNUM} %{ARCHSUFFIX}"),
        "hello-2:1.0-3.x86_64 hello-1.0-3.x86_64 hello-2:1.0-3 hello-1.0-3 2:1.0-3 2 2 .x86_64"
    );
    assert_eq!(
        render("[%{name}]%{URL}|%{GROUP}|%{n}|%{RPMTAG_NAME}"),
        "hello(none)|Unspecified|hello|hello"
    );
}

#[test]
fn widths_fill_up() {
    assert_eq!(
        render("%8{NAME}|%-8{NAME}|%2{NAME}|%8{URL}"),
        "   hello|hello   |hello|  (none)"
    );
}

#[test]
fn dependencies_are_sorted_and_spelled() {
    assert_eq!(
        render("[%{REQUIRENEVRS},]"),
        "/bin/sh,/bin/sh,bash >= 5,zlib,"
    );
    assert_eq!(
        render("[%{REQUIRES} %{REQUIREFLAGS:depflags} %{REQUIREVERSION} %{REQUIREFLAGS:deptype},]"),
        "/bin/sh   interp,/bin/sh   pre,interp,bash >= 5 manual,zlib   auto,"
    );
    assert_eq!(
        render("[%{PROVIDENEVRS}][%{CONFLICTNEVRS}]"),
        "hello = 2:1.0-3"
    );
}

#[test]
fn files_go_in_lockstep() {
    assert_eq!(
        render(
            "[%{=NAME} %{FILENAMES} %{FILEMODES:perms} %{FILESIZES:humaniec} %{FILEFLAGS:fflags}\\n]"
        ),
        "hello /etc/hello.conf -rwxr-xr-x 1.5K c\n\
         hello /usr/share/hello drwxr-xr-x 0 \n\
         hello /usr/share/hello/a lrwxr-xr-x 1.0 \n"
    );
    assert_eq!(
        render("%{#FILENAMES} %{SIZE} [%{FILEVERIFYFLAGS:vflags} ]"),
        "3 1537 SM?D?UGTP SM?D?UGTP SM?D?UGTP "
    );
    assert_eq!(
        render("[%{FILECLASS};]"),
        ";directory;symbolic link to `b';"
    );
    let fault = Format::parse("[%{NAME} %{FILENAMES}]")
        .unwrap()
        .render(&PackageTags::new(&package()))
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "array iterator used with different sized arrays"
    );
}

/// What the header will say: a package provides itself, `Provides` and `Obsoletes` keep no phase, a link's
/// target counts among the sizes, and files are numbered by their places, or by those that a file list
/// with `%exclude` gave them. As `rpm -qp` shows packages that rpmbuild wrote.
#[test]
fn tags_are_those_of_the_header_to_be() {
    let mut package = package();
    let phases = Phases::NONE.with(Phase::Pre).with(Phase::Config);
    package.relate(
        RelationKind::Provides,
        Dependency::on("config(x)").at(phases),
    );
    package.relate(RelationKind::Obsoletes, Dependency::on("old").at(phases));
    package.files = FileList::new(
        [("/a", 1, false), ("/b", 4, true), ("/c", 4, true)]
            .map(|(path, inode, is_shared)| FileEntry {
                numbering: Some(package::Numbering {
                    inode,
                    is_repeated: path == "/c",
                    is_shared,
                }),
                ..file(path, regular(10))
            })
            .to_vec(),
    );
    let render = |format: &str| {
        let format = Format::parse(format).unwrap();
        format.render(&PackageTags::new(&package)).unwrap()
    };
    assert_eq!(
        render("[%{PROVIDENAME} %{PROVIDEFLAGS:hex},][%{OBSOLETENAME} %{OBSOLETEFLAGS},]"),
        "config(x) 10000000,hello 8,old 0,"
    );
    assert_eq!(render("[%{FILEINODES} ]%{SIZE}"), "1 4 4 20");
    assert_eq!(
        render("%{ENCODING} %{RPMFORMAT} [%{TRIGGERSCRIPTS}] %{BUILDTIME} %{BUILDHOST}"),
        "(none) 3  (none) (none)"
    );
}

#[test]
fn names_of_one_file_count_once() {
    let link_set = Some(LinkSet { id: 0, names: 2 });
    let linked = |path| FileEntry {
        link_set,
        ..file(path, regular(10))
    };
    let files = FileList::new(vec![linked("/a"), linked("/b"), file("/c", regular(1))]);
    let text = Format::parse("%{SIZE} [%{FILENLINKS} ]")
        .unwrap()
        .render(&PackageTags::new(&Package { files, ..package() }));
    assert_eq!(text.unwrap(), "11 2 2 1 ");
}

#[test]
fn choices_ask_for_presence() {
    assert_eq!(
        render("%|EPOCH?{%{EPOCH}:}:{}|%|URL?{%{URL}}:{no URL}|%|NOSUCH?{a}|"),
        "2:no URL"
    );
    assert_eq!(
        render("%|PREIN?{%{PREINPROG}: %{PREIN}}|"),
        "/bin/sh: echo pre"
    );
}

#[test]
fn triggers_and_changelog() {
    assert_eq!(
        render("[%{TRIGGERNAME} %{TRIGGERVERSION} %{TRIGGERFLAGS} ]%{TRIGGERSCRIPTS}"),
        "perl 5 262146 ruby  262144 (none)"
    );
    assert_eq!(
        render("[* %{CHANGELOGTIME:day} %{CHANGELOGNAME}\\n%{CHANGELOGTEXT}]"),
        "* Wed Jan 03 2024 Example Packagers <packagers@example.org> - 1.0-3\n- first"
    );
}

#[test]
fn wrong_classes_are_named() {
    assert_eq!(
        render("%{NAME:date} %{NAME:base64} %{EPOCH:expand} %{NAME:expand}"),
        "(not a number) (not a blob) (not a string) hello"
    );
}

#[test]
fn text_is_quoted_for_others() {
    assert_eq!(
        render("%{SUMMARY:shescape} %{SUMMARY:json} %{EPOCH:json} %{NAME:xml}"),
        "'A friendly greeting' \"A friendly greeting\" 2 \t<string>hello</string>"
    );
    assert_eq!(
        render("%{NAME:tagname} %{NAME:tagnum} %% \\t\\}"),
        "Name 1000 % \t}"
    );
}

#[test]
fn a_whole_header_is_listed() {
    let text = render("[%{*:json}]");
    assert!(
        text.starts_with("{\n    \"Headeri18ntable\": \t\"C\",\n    \"Name\": \t\"hello\",\n"),
        "{text}"
    );
    assert!(
        text.contains("\"Basenames\": [\n\t\"hello.conf\",\n\t\"hello\",\n\t\"a\"\n    ],\n"),
        "{text}"
    );
    assert!(
        render("[%{*:xml}\\n]")
            .contains("  <rpmTag name=\"Epoch\">\n\t<integer>2</integer>\n  </rpmTag>\n")
    );
}

#[test]
fn sources_are_listed() {
    let render = |format: &str| {
        Format::parse(format)
            .unwrap()
            .render(&PackageTags::new(&source_package()))
            .unwrap()
    };
    assert_eq!(
        render("[%{SOURCE} ][%{PATCH} ][%{EXCLUSIVEARCH} ][%{BUILDARCHS}]"),
        "a.tar b.bin fix.patch x86_64 "
    );
    assert_eq!(
        render("%{ARCHSUFFIX} [%{NOSOURCE}] %{SOURCEPACKAGE} %{SOURCERPM}"),
        ".nosrc 1 1 (none)"
    );
}

#[test]
fn faults_are_told_in_rpms_words() {
    let cases = [
        ("%{NOSUCHTAG}", "unknown tag: \"NOSUCHTAG\"", 2),
        ("%{NAME:nosuch}", "unknown tag: \"NAME\"", 2),
        ("%{NAME", "missing } after %{", 2),
        ("%{}", "empty tag name", 2),
        ("%{NAME:}", "empty tag format", 2),
        ("%5x{NAME}", "invalid field width", 2),
        ("%", "missing { after %", 1),
        ("[%{NAME}", "] expected at end of array", 8),
        ("%{NAME}]", "unexpected ]", 7),
        ("a}", "unexpected }", 1),
        ("%|NAME{x}|", "? expected in expression", 2),
        ("%|NAME?x|", "{ expected after ? in expression", 7),
        ("%|NAME?{x", "} expected in expression", 9),
        ("%|NAME?{x}y|", ": expected following ? subexpression", 10),
        ("%|NAME?{x}:y|", "{ expected after : in expression", 11),
        ("%|NAME?{x}:{y}", "} expected in expression", 14),
        ("%|NAME?{x}:{y}z", "| expected at end of expression", 14),
        ("a\\", "escaped char expected after \\", 2),
    ];
    for (format, message, at) in cases {
        let fault = Format::parse(format).unwrap_err();
        assert_eq!(
            (fault.message.as_str(), fault.at),
            (message, at),
            "{format}"
        );
    }
}

/// `[%{=NAME}]` repeats a name as often as there are files: a million files with a long name would fill
/// any memory.
#[test]
fn a_format_makes_only_so_much_of_a_package() {
    let package = package();
    let within = |format: &str, most| {
        let format = Format::parse(format).unwrap();
        format.render_within(&PackageTags::new(&package), most)
    };
    let whole = "[%{=NAME} %{FILENAMES}\n]";
    let length = within(whole, usize::MAX).unwrap().len();
    assert!(within(whole, length).is_ok());
    assert_eq!(within(whole, length - 1), Err(RenderFault::TooLong));
    for format in [
        "%|NAME?{[%{=SUMMARY}%{=SUMMARY}%{FILENAMES}]}|",
        "[%{*:json}]",
        "[%{*:xml}\n]",
        "%{*}",
        "%60000{NAME}",
        "plain text that is longer than that",
    ] {
        assert_eq!(within(format, 20), Err(RenderFault::TooLong), "{format}");
    }
    let said = RenderFault::TooLong.to_string();
    assert_eq!(said, "it makes more than 512 MiB of text of one package");
}
