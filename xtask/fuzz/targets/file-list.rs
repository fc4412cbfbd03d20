//! Fuzz target: lines of a file list, and their patterns against a small build root. Nothing may
//! panic or run away, what a pattern matches is there, and every message can be drawn.
#![no_main]

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::LazyLock;

use collect::{Tree, glob};
use libfuzzer_sys::fuzz_target;
use source::{Sink, SourceMap, Style, Text, render};
use spec::{DefaultAttributes, parse_file_line};

/// A build root with names that patterns are tempted by.
static ROOT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let root = tempfile::tempdir().expect("there is room for a build root");
    for path in ["usr/bin/a", "usr/bin/{b}", "usr/share/x-1/[c]*", "etc/.d", "a b", "é"] {
        let file = root.path().join(path);
        fs::create_dir_all(file.parent().expect("below the root")).expect("room for a directory");
        fs::write(file, path).expect("room for a file");
    }
    symlink("bin", root.path().join("usr/sbin")).expect("room for a link");
    symlink("..", root.path().join("usr/share/up")).expect("room for a link");
    root
});

fuzz_target!(|input: &str| {
    let mut sources = SourceMap::new();
    let file = sources.add("files", input);
    let text = Text::from_origin(input, sources.whole(file).into());
    let mut sink = Sink::default();
    let mut defaults = DefaultAttributes::default();
    let tree = Tree::new(ROOT.path());
    for line in text.lines() {
        let Ok(Some(rule)) = parse_file_line(&line, &mut defaults, &mut sink) else {
            continue;
        };
        for pattern in rule.patterns.iter().filter(|it| it.starts_with('/')) {
            check_pattern(&tree, pattern);
        }
    }
    for diagnostic in sink.take() {
        let _ = render(&diagnostic, &sources, Style::Plain);
    }
});

fn check_pattern(tree: &Tree, pattern: &str) {
    let Ok(found) = glob::find(tree, pattern) else {
        return;
    };
    assert!(found.is_sorted_by(|a, b| a < b), "out of order: {found:?}");
    for path in found {
        assert!(!path.contains("/../"), "{pattern} leaves its directory");
        assert!(matches!(tree.find(&path), Ok(Some(_))), "{path} is not there");
    }
}
