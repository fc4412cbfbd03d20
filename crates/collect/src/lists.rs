//! The lines of one `%files` section: its own, and those of the lists that `-f` names.
//!
//! Source: rpm-spec(5), "%files [-f FILE]"; rpmbuild-config(5),
//! `%_empty_manifest_terminate_build`.

use std::path::{Path, PathBuf};

use expand::{Engine, Level};
use source::{Diagnostic, Severity, Text, octets};
use spec::FilesSection;

use crate::{Places, codes};

/// All lines of a section, those of its lists after its own, as rpm orders them.
///
/// Lists that can't be read are reported.
pub(crate) fn lines(
    section: &FilesSection,
    places: &Places,
    empty: Severity,
    engine: &mut Engine,
) -> Vec<Text> {
    let mut lines = section.lines.clone();
    for manifest in &section.manifests {
        lines.extend(manifest_lines(manifest, places, empty, engine));
    }
    lines
}

fn manifest_lines(
    manifest: &Text,
    places: &Places,
    empty: Severity,
    engine: &mut Engine,
) -> Vec<Text> {
    let path = resolve(manifest, &places.build_dir);
    let content = match limits::read(&path, limits::TEXT) {
        Ok(content) => octets::carry(content),
        Err(error) => {
            let error = error.to_string();
            let reason = error.split(" (os error ").next().unwrap_or(&error);
            let message = format!("Could not open %files file {}: {reason}", path.display());
            let finding = Diagnostic::error(codes::MANIFEST, message).at(manifest.whole());
            engine.sink.push(finding);
            return Vec::new();
        }
    };
    let lines = expanded_lines(&path, content, engine);
    if lines.is_empty() {
        let message = format!("Empty %files file {}", path.display());
        let finding = match empty {
            Severity::Error => Diagnostic::error(codes::MANIFEST, message),
            Severity::Warning => Diagnostic::warning(codes::MANIFEST, message),
        };
        engine.sink.push(finding.at(manifest.whole()));
    }
    lines
}

/// Where a file named in a section is: in the build directory unless the path is absolute.
pub(crate) fn resolve(named: &str, build_dir: &Path) -> PathBuf {
    build_dir.join(named)
}

/// The lines that are no comments, each expanded. `%license` stands for itself meanwhile.
fn expanded_lines(path: &Path, content: String, engine: &mut Engine) -> Vec<Text> {
    let file = engine.sources.add(path.display().to_string(), content);
    let whole = engine.sources.whole(file);
    let text = Text::from_origin(engine.sources.text(file).to_string(), whole.into());
    engine.define_literal("license", Text::detached("%license"), Level::SPEC);
    let is_comment = |line: &Text| line.trim_start().starts_with('#');
    let lines = text.lines().into_iter().filter(|line| !is_comment(line));
    let expanded: Vec<_> = lines.filter_map(|line| engine.expand(&line).ok()).collect();
    engine.undefine("license");
    expanded.iter().flat_map(lines_or_blank).collect()
}

/// An expanded line may have become several; a blank one still counts as a line of its list.
fn lines_or_blank(text: &Text) -> Vec<Text> {
    match text.lines() {
        lines if lines.is_empty() => vec![Text::new()],
        lines => lines,
    }
}
