//! What packages become, as text: `testdata/lower/CASE/deb.txt`. `UPDATE=1` rewrites them.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use common::{Known, distribution, examples};
use debfile::{Context, DebPackage, Entry, EntryKind};
use package::{Content, Package};
use source::{Sink, SourceMap, Style};
use specbuild_debfile as debfile;

/// What the spec's capabilities are called on the target of these tests.
const KNOWN: [(&str, &str); 10] = [
    ("shadow-utils", "passwd"),
    ("vim", "vim"),
    ("python3dist(click)", "python3-click"),
    ("pkgconfig(zlib)", "zlib1g-dev"),
    ("bash", "Essential: bash"),
    ("util-linux-core", "Essential: util-linux"),
    ("editor", "nano | vim-tiny"),
    ("openssl", "openssl"),
    ("postfix", "postfix"),
    ("exim", "exim4"),
];

struct Case<'a> {
    name: &'a str,
    packages: Vec<Package>,
    sources: SourceMap,
    change: fn(&mut Context<'_>),
}

impl<'a> Case<'a> {
    fn new(name: &'a str, packages: Vec<Package>) -> Self {
        Self {
            name,
            packages,
            sources: SourceMap::new(),
            change: |_| {},
        }
    }

    fn check(&self) {
        let known = Known(KNOWN.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
        let mut context = Context::new(distribution(), &self.packages, &known);
        context.texts = debfile::read_texts(&self.packages).unwrap();
        for name in self
            .packages
            .iter()
            .filter(|it| it.name.starts_with("libgreet"))
        {
            context
                .libraries
                .insert(name.name.clone(), vec!["libc6 (>= 2.4)".to_owned()]);
        }
        (self.change)(&mut context);
        let mut text = String::new();
        for package in &self.packages {
            let mut sink = Sink::new();
            let deb = debfile::lower(package, &context, &mut sink);
            text.push_str(&show(&deb));
            for finding in sink.found() {
                let drawn = source::render(finding, &self.sources, Style::Plain);
                let _ = writeln!(text, "== finding {}\n{drawn}", finding.code.0);
            }
        }
        let path = testkit::testdata("lower").join(self.name).join("deb.txt");
        testkit::golden::compare(&path, &text).unwrap_or_else(|it| panic!("{it}"));
    }
}

/// A package in full, as text.
fn show(deb: &DebPackage) -> String {
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for (script, text) in &deb.scripts {
        parts.insert(format!("script {}", script.name()), text.clone());
    }
    for (name, bytes) in &deb.members {
        parts.insert(
            format!("member {name}"),
            String::from_utf8_lossy(bytes).into_owned(),
        );
    }
    let mut text = format!("=== {}\n{}", deb.file_name, deb.control.write());
    for (name, part) in parts {
        let _ = write!(text, "== {name}\n{part}");
    }
    text.push_str("== files\n");
    deb.entries
        .iter()
        .for_each(|entry| text.push_str(&line(entry)));
    for entry in &deb.entries {
        if let Some(content) = generated(entry) {
            let _ = write!(text, "== {}\n{content}", entry.path);
        }
    }
    text
}

fn line(entry: &Entry) -> String {
    let (kind, rest) = match &entry.kind {
        EntryKind::Regular { size, .. } => ('-', format!(" {size}")),
        EntryKind::HardLink { target } => ('h', format!(" = {target}")),
        EntryKind::Directory => ('d', String::new()),
        EntryKind::Symlink { target } => ('l', format!(" -> {target}")),
        EntryKind::CharDevice { major, minor } => ('c', format!(" {major},{minor}")),
        EntryKind::BlockDevice { major, minor } => ('b', format!(" {major},{minor}")),
        EntryKind::Fifo => ('p', String::new()),
    };
    let (user, group) = (entry.user.name, entry.group.name);
    // The size of a compressed file is the compressor's affair.
    let rest = if entry.path.ends_with(".gz") {
        ""
    } else {
        &rest
    };
    format!(
        "{kind} {:04o} {user}/{group} {}{rest}\n",
        entry.mode, entry.path
    )
}

/// The text of a file that lowering made.
fn generated(entry: &Entry) -> Option<String> {
    let EntryKind::Regular {
        content: Content::Inline(bytes),
        ..
    } = &entry.kind
    else {
        return None;
    };
    let name = entry
        .path
        .strip_prefix("/usr/share/doc/")?
        .split_once('/')?
        .1;
    let mut text = String::new();
    match name {
        "copyright" => text = String::from_utf8_lossy(bytes).into_owned(),
        "changelog.gz" | "changelog.Debian.gz" => {
            archive::Decoder::new(&bytes[..])
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
        }
        _ => return None,
    }
    Some(text)
}

#[test]
fn library() {
    Case::new("library", examples::library()).check();
}

#[test]
fn daemon() {
    Case::new("daemon", examples::daemon()).check();
}

#[test]
fn python() {
    Case::new("python", examples::python()).check();
}

#[test]
fn triggers() {
    Case::new("triggers", examples::triggers()).check();
}

#[test]
fn debuginfo() {
    Case::new("debuginfo", examples::debuginfo()).check();
}

#[test]
fn a_spec_that_knows_dpkg() {
    let mut packages = examples::library();
    packages[0].scriptlets.insert(
        package::Slot::Post,
        common::scriptlet("case $1 in configure) echo new ;; esac\n"),
    );
    packages[0].scriptlets.insert(
        package::Slot::PreUn,
        common::scriptlet("if [ $1 -eq 0 ]; then echo last; fi\n"),
    );
    packages[0].changelog.clear();
    packages[1].tags.set(
        package::Tag::CopyrightData,
        "All rights are as upstream says.\n",
    );
    packages[1]
        .tags
        .set(package::Tag::Group, "contrib/libdevel");
    let mut case = Case::new("aware", packages);
    case.change = |context| {
        context.debbuild_aware = true;
        let symbols = b"libgreet.so.1 libgreet #MINVER#\n greet@Base 1.0\n".to_vec();
        let files = [("symbols".to_owned(), symbols)].into();
        context.control_files.insert("libgreet".into(), files);
    };
    case.check();
}

#[test]
fn scriptlets() {
    let (sources, packages) = examples::of_lines::scriptlets();
    Case {
        sources,
        ..Case::new("scriptlets", packages)
    }
    .check();
}

#[test]
fn relations() {
    let (sources, packages) = examples::of_lines::relations();
    Case {
        sources,
        ..Case::new("relations", packages)
    }
    .check();
}

#[test]
fn faults() {
    let (sources, packages) = examples::of_lines::faults();
    Case {
        sources,
        ..Case::new("faults", packages)
    }
    .check();
}

#[test]
fn places() {
    let (sources, packages) = examples::places::places();
    Case {
        sources,
        ..Case::new("places", packages)
    }
    .check();
}

#[test]
fn documents() {
    Case {
        change: |context| {
            let is_wanted = |path: &str, _| !path.ends_with("AUTHORS");
            context.compressed = debfile::compress_documents(context.packages, &is_wanted).unwrap();
        },
        ..Case::new("documents", examples::documents())
    }
    .check();
}
