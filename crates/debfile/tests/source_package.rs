//! What source packages and uploads become, as text: `testdata/lower/source-*/deb.txt`. `UPDATE=1`
//! rewrites them.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::fmt::Write as _;

use common::{Known, TIME, distribution, examples};
use debfile::source_package::{
    BinaryOutline, BuildEnvironment, Carried, DebSource, FileSums, SourceOutline, SummedFile,
    Upload, UploadFile, finish_dsc, lower_buildinfo, lower_changes, lower_source,
};
use debfile::{Context, DebPackage, lower};
use package::{Dependency, Package, RelationKind, Tag};
use source::{Sink, SourceMap, Style};
use specbuild_debfile as debfile;

/// What build requirements are called on the target of these tests.
const KNOWN: [(&str, &str); 4] = [
    ("gcc", "gcc"),
    ("pkgconfig(zlib)", "zlib1g-dev"),
    ("python3dist(click)", "python3-click"),
    ("coreutils", ""),
];

fn summed(name: &str) -> SummedFile {
    let sums = FileSums {
        size: 12,
        md5: "5".repeat(32),
        sha1: "1".repeat(40),
        sha256: "2".repeat(64),
    };
    SummedFile {
        name: name.to_owned(),
        sums,
    }
}

/// The source package of a spec with these packages.
fn source_of(packages: &[Package]) -> Package {
    let mut source = packages[0].clone();
    let required = [
        "gcc",
        "coreutils",
        "pkgconfig(zlib)",
        "python3dist(click)",
        "odd(x)",
    ];
    let required = required.map(Dependency::on).to_vec();
    source.relations = [(RelationKind::Requires, required)].into();
    source
}

fn outline<'a>(source: &'a Package, packages: &'a [Package]) -> SourceOutline<'a> {
    let paths = |package: &Package| {
        let entries = package.files.entries().iter();
        entries.map(|entry| entry.path.clone()).collect()
    };
    let carried = |name: &str, is_binary| Carried {
        name: name.to_owned(),
        is_binary,
    };
    SourceOutline {
        package: source,
        binaries: packages
            .iter()
            .map(|package| BinaryOutline {
                package,
                paths: paths(package),
            })
            .collect(),
        archs: Vec::new(),
        license: source.tag(Tag::License).to_owned(),
        license_texts: [(
            "COPYING".to_owned(),
            "Copyright (c) 2020 Somebody\n\nTake it.\n".to_owned(),
        )]
        .into(),
        spec: "pkg.spec".to_owned(),
        carried: vec![
            carried("pkg.spec", false),
            carried("fix.patch", false),
            carried("logo.png", true),
        ],
        arguments: ["--target", "some-1", "--define", "cost $1"]
            .map(str::to_owned)
            .to_vec(),
        directory: Some("pkg-1.0".to_owned()),
        main_source: Some("pkg-1.0.tar.gz".to_owned()),
    }
}

/// The binary packages as an upload has them.
fn binaries(packages: &[Package], context: &Context<'_>) -> Vec<UploadFile> {
    let upload = |deb: DebPackage| UploadFile {
        file: summed(&deb.file_name),
        section: deb.control.get("Section").unwrap_or_default().to_owned(),
        control: Some(deb.control),
    };
    let lowered = packages
        .iter()
        .map(|it| lower(it, context, &mut Sink::new()));
    lowered.map(upload).collect()
}

fn check(case: &str, packages: &[Package], change: fn(&mut SourceOutline<'_>)) {
    let known = Known(KNOWN.map(|(a, b)| (a.to_owned(), b.to_owned())).into());
    let context = Context::new(distribution(), packages, &known);
    let source = source_of(packages);
    let mut outline = outline(&source, packages);
    change(&mut outline);
    let mut sink = Sink::new();
    let lowered = lower_source(&outline, &context, &mut sink);
    let mut text = String::new();
    for (path, content) in &lowered.texts {
        let _ = write!(text, "=== {path}\n{content}");
    }
    text += &upload_texts(&lowered, binaries(packages, &context));
    for finding in sink.found() {
        let drawn = source::render(finding, &SourceMap::new(), Style::Plain);
        let _ = writeln!(text, "=== finding {}\n{drawn}", finding.code.0);
    }
    let path = testkit::testdata("lower").join(case).join("deb.txt");
    testkit::golden::compare(&path, &text).unwrap_or_else(|it| panic!("{it}"));
}

fn upload_texts(source: &DebSource, binaries: Vec<UploadFile>) -> String {
    let archives = [
        source.upstream_name("gz"),
        source.file_name(".debian.tar.xz"),
    ];
    let archives = archives.map(|name| summed(&name));
    let plain = |file: SummedFile| UploadFile {
        file,
        section: source.section.clone(),
        control: None,
    };
    let dsc = summed(&source.file_name(".dsc"));
    let sources = std::iter::once(dsc).chain(archives.clone());
    let mut upload = Upload {
        sources: sources.map(plain).collect(),
        binaries,
        buildinfo: None,
    };
    let environment = BuildEnvironment {
        origin: "Somebody".to_owned(),
        arch: "amd64".to_owned(),
        time: TIME,
        installed: vec!["gcc (= 12)".to_owned(), "make (= 4)".to_owned()],
        variables: vec![("SOURCE_DATE_EPOCH".to_owned(), "1\"2\\".to_owned())],
    };
    let info = lower_buildinfo(source, &upload, &environment);
    let name = source.file_name("_amd64.buildinfo");
    upload.buildinfo = Some(plain(summed(&name)));
    let dsc = finish_dsc(&source.dsc, &archives);
    let changes = lower_changes(source, &upload);
    format!("=== dsc\n{dsc}=== buildinfo\n{info}=== changes\n{changes}")
}

#[test]
fn library() {
    check("source-library", &examples::library(), |_| {});
}

#[test]
fn limited() {
    check("source-limited", &examples::python(), |outline| {
        outline.archs = ["aarch64", "x86_64", "noarch", "unheard-of"]
            .map(str::to_owned)
            .to_vec();
        outline.directory = None;
        outline.carried.truncate(1);
        outline.license = "(MIT) AND (GPL-2.0-or-later) AND (ISC)".to_owned();
    });
}
