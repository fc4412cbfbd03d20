//! A spec as text, for the pages. What is empty is left out.

use std::fmt::Write;

use package::{Dependency, Interpreter, Package, PackageKind, Phase, Phases, RelationKind, Tag};
use source::{Sink, Text};
use specbuild_spec::{
    DefaultAttributes, FileRule, FilesSection, Spec, SubPackage, binary_package, parse_file_line,
    source_package,
};

/// Everything a spec says.
pub(crate) fn spec(spec: &Spec, sink: &mut Sink) -> String {
    let mut out = String::new();
    for sub_package in spec.packages.values() {
        out += &package(&binary_package(spec, sub_package));
        out += &extras(sub_package, sink);
    }
    for it in &spec.sources {
        let mark = if it.is_left_out { " left out" } else { "" };
        line(
            &mut out,
            0,
            &format!("{:?} {}: {}{mark}", it.kind, it.number, it.path),
        );
    }
    for (section, script) in &spec.scripts {
        line(&mut out, 0, &format!("%{}", section.name()));
        block(&mut out, 2, &script.body);
    }
    for entry in &spec.changelog {
        line(&mut out, 0, &format!("* {} {}", entry.time, entry.author));
        block(&mut out, 2, &entry.text);
    }
    out
}

/// The source package.
pub(crate) fn source(spec: &Spec) -> String {
    let source = source_package(spec);
    let mut out = package(&source);
    if let PackageKind::Source(facts) = &source.kind {
        let lists = [
            ("BuildArch", &facts.build_archs),
            ("ExclusiveArch", &facts.exclusive_archs),
            ("ExcludeArch", &facts.exclude_archs),
            ("ExclusiveOS", &facts.exclusive_os),
            ("ExcludeOS", &facts.exclude_os),
        ];
        for (name, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            line(&mut out, 2, &format!("{name}: {}", list.join(" ")));
        }
        for file in &facts.files {
            let kind = if file.is_patch { "Patch" } else { "Source" };
            let mark = if file.left_out { " left out" } else { "" };
            line(
                &mut out,
                2,
                &format!("{kind} {}: {}{mark}", file.number, file.name),
            );
        }
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    writeln!(out, "{:depth$}{text}", "").expect("a string takes everything");
}

fn block(out: &mut String, depth: usize, text: &str) {
    for text in text.lines() {
        line(out, if text.is_empty() { 0 } else { depth }, text);
    }
}

fn package(package: &Package) -> String {
    let mut out = String::new();
    line(&mut out, 0, &package.nvra());
    if let Some(epoch) = package.evr.epoch {
        line(&mut out, 2, &format!("Epoch: {epoch}"));
    }
    for (tag, value) in package.tags.iter().filter(|(tag, _)| *tag != Tag::Group) {
        line(
            &mut out,
            2,
            &format!("{tag:?}: {}", value.plain.replace('\n', "\n    ")),
        );
        for (language, text) in &value.translations {
            line(&mut out, 2, &format!("{tag:?}({language}): {text}"));
        }
    }
    for (kind, list) in &package.relations {
        for dependency in list {
            line(&mut out, 2, &relation(*kind, dependency));
        }
    }
    for (slot, scriptlet) in &package.scriptlets {
        let mut head = format!("%{}", slot.name());
        head += &interpreter(&scriptlet.interpreter);
        let flags = scriptlet.flags;
        for (is_set, letter) in [(flags.expand, " -e"), (flags.query_format, " -q")] {
            head += if is_set { letter } else { "" };
        }
        line(&mut out, 2, &head);
        block(&mut out, 4, scriptlet.body.as_deref().unwrap_or_default());
    }
    for trigger in &package.triggers {
        let conditions: Vec<_> = trigger.conditions.iter().map(ToString::to_string).collect();
        let kind = trigger.kind.name();
        let by = interpreter(&trigger.scriptlet.interpreter);
        let priority = trigger.priority;
        line(
            &mut out,
            2,
            &format!("%{kind}{by} -P {priority} -- {}", conditions.join(", ")),
        );
        block(
            &mut out,
            4,
            trigger.scriptlet.body.as_deref().unwrap_or_default(),
        );
    }
    out
}

fn interpreter(interpreter: &Interpreter) -> String {
    match interpreter {
        Interpreter::Lua => " -p <lua>".to_owned(),
        Interpreter::Program(words) if words == &["/bin/sh"] => String::new(),
        Interpreter::Program(words) => format!(" -p {words:?}"),
    }
}

fn relation(kind: RelationKind, dependency: &Dependency) -> String {
    format!("{kind:?}: {dependency}{}", phases(dependency.when))
}

fn phases(when: Phases) -> String {
    use Phase::{Interp, Meta, Post, PostUn, Pre, PreUn, Rpmlib};
    let all = [Interp, Pre, Post, PreUn, PostUn, Meta, Rpmlib];
    let names: Vec<_> = all
        .iter()
        .filter(|it| when.has(**it))
        .map(|it| format!("{it:?}").to_lowercase())
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" ({})", names.join(","))
    }
}

/// What a package of the model has no place for.
fn extras(package: &SubPackage, sink: &mut Sink) -> String {
    let mut out = String::new();
    if !(package.auto_req && package.auto_prov) {
        let (req, prov) = (package.auto_req, package.auto_prov);
        line(&mut out, 2, &format!("AutoReq: {req}, AutoProv: {prov}"));
    }
    for (name, list) in [
        ("Prefixes", &package.prefixes),
        ("RemovePathPostfixes", &package.removed_postfixes),
    ] {
        if !list.is_empty() {
            line(&mut out, 2, &format!("{name}: {}", list.join(" ")));
        }
    }
    let scriptlets = package
        .scriptlets
        .iter()
        .filter_map(|(slot, it)| Some((slot, it.file.as_ref()?)));
    for (slot, file) in scriptlets {
        line(&mut out, 2, &format!("%{} -f {file}", slot.name()));
    }
    for module in &package.policies {
        let types = module.types.join(",");
        line(
            &mut out,
            2,
            &format!("%semodule {} {types} {}", module.name, module.path),
        );
    }
    if let Some(section) = &package.files {
        out += &files(section, sink);
    }
    out
}

fn files(section: &FilesSection, sink: &mut Sink) -> String {
    let mut out = String::new();
    line(&mut out, 2, "%files");
    for manifest in &section.manifests {
        line(&mut out, 4, &format!("-f {manifest}"));
    }
    let mut defaults = DefaultAttributes::default();
    for text in &section.lines {
        if let Ok(Some(mut rule)) = parse_file_line(text, &mut defaults, sink) {
            rule.further.drain(..).for_each(|it| sink.push(it));
            line(&mut out, 4, &file_rule(&rule));
        }
    }
    out
}

fn file_rule(rule: &FileRule) -> String {
    let patterns: Vec<_> = rule.patterns.iter().map(Text::as_str).collect();
    let mut text = format!("{:?} {}", rule.kind, patterns.join(" "));
    let mode = |is_dir| {
        rule.mode(is_dir, false)
            .map_or("-".to_owned(), |mode| format!("{mode:o}"))
    };
    text += &format!(
        " {}/{} {}:{}",
        mode(false),
        mode(true),
        rule.user(),
        rule.group()
    );
    let flags = rule.flags;
    let words = [
        (flags.config, "config"),
        (flags.noreplace, "noreplace"),
        (flags.missingok, "missingok"),
        (flags.doc, "doc"),
        (flags.license, "license"),
        (flags.ghost, "ghost"),
        (flags.artifact, "artifact"),
        (rule.is_dir, "dir"),
        (rule.is_exclude, "exclude"),
    ];
    for (_, word) in words.iter().filter(|(is_set, _)| *is_set) {
        text += &format!(" {word}");
    }
    if !rule.langs.is_empty() {
        text += &format!(" lang={}", rule.langs.join(","));
    }
    if let Some(caps) = &rule.caps {
        text += &format!(" caps={caps}");
    }
    text
}
