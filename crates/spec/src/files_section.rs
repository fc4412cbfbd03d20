//! `%files`: whose files they are, and the lines as they stand.
//!
//! Not here: what the lines mean, see [`crate::parse_file_line`].

use expand::Level;
use source::{Diagnostic, Reported, Text};

use crate::ast::FilesSection;
use crate::codes;
use crate::context::Context;
use crate::header::{header_options, header_package};
use crate::line::{Line, Strip};
use crate::section::Next;
use crate::unexpanded::{self, Place};

/// Reads a file list. Meanwhile `%license` stands for itself, not for the tag.
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    context
        .engine
        .define_literal("license", Text::detached("%license"), Level::SPEC);
    let next = read_unmasked(context, header);
    context.engine.undefine("license");
    next
}

fn read_unmasked(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let options = header_options(context, header, "n:f:");
    let index = match &options {
        Ok(options) => header_package(context, header, options),
        Err(reported) => Err(*reported),
    };
    let (lines, next) = context.lines(Strip::COMMENTS)?;
    for line in &lines {
        unexpanded::check(context, &line.text, Place::Value);
    }
    let (Ok(options), Ok(index)) = (options, index) else {
        return Ok(next);
    };
    let lines = lines.into_iter().map(|line| line.text.trim());
    let section = FilesSection {
        lines: lines.filter(|line| !line.is_empty()).collect(),
        manifests: options.arguments('f').cloned().collect(),
        origin: header.origin(),
    };
    add(context, index, header, section);
    Ok(next)
}

/// Gives a package its file list. A second one takes the place of the first, but keeps its `-f`.
fn add(context: &mut Context<'_>, index: usize, header: &Line, mut section: FilesSection) {
    let package = context.package(index);
    if let Some(first) = package.files.take() {
        let message = format!(
            "line {}: multiple %files for package '{}'",
            header.number, package.name
        );
        let diagnostic = Diagnostic::warning(codes::SECOND_FILES, message)
            .at(header.origin())
            .label(first.origin, "the lines of this section are dropped");
        let mut manifests = first.manifests;
        manifests.append(&mut section.manifests);
        section.manifests = manifests;
        package.files = Some(section);
        context.sink().push(diagnostic);
    } else {
        package.files = Some(section);
    }
}
