//! The build directory and the build root, settled once name and version are known.
//!
//! Source: rpm's manual, "Build process"; rpmbuild-config(5), `%builddir`, `%buildroot`.

use expand::Level;
use source::{Diagnostic, Reported, Text};

use super::sources::clean_path;
use crate::codes;
use crate::context::Context;

/// Defines `%builddir`, `%buildroot` and what hangs on them.
pub(super) fn settle(context: &mut Context<'_>) -> Result<(), Reported> {
    if context.spec.build_dir.is_empty() {
        context.spec.build_dir = build_dir(context)?;
        let dir = context.spec.build_dir.clone();
        define(context, "_builddir", &dir);
        define(context, "builddir", &dir);
        define(context, "specpartsdir", &format!("{dir}/SPECPARTS"));
    }
    let build_root = match &context.request.build_root {
        Some(given) => {
            let path = context.engine.expand_str(given)?;
            below(&context.request.working_dir, path)
        }
        None => format!("{}/BUILDROOT", context.spec.build_dir),
    };
    let build_root = clean_path(&build_root);
    if matches!(build_root.as_str(), "" | "/") {
        let message = format!("Invalid buildroot: '{build_root}'");
        return Err(context
            .sink()
            .report(Diagnostic::error(codes::BAD_BUILD_ROOT, message)));
    }
    define(context, "buildroot", &build_root);
    context.spec.build_root = build_root;
    let directory = Text::detached("%{dirname:%{buildroot}}");
    context
        .engine
        .define("_buildrootdir", directory, Level::GLOBAL);
    Ok(())
}

/// A path from the root; one that doesn't begin there is below a directory.
fn below(dir: &str, path: String) -> String {
    match path.starts_with('/') || path.is_empty() || dir.is_empty() {
        true => path,
        false => format!("{dir}/{path}"),
    }
}

fn define(context: &mut Context<'_>, name: &str, value: &str) {
    context
        .engine
        .define_literal(name, Text::detached(value), Level::SPEC);
}

/// `%_top_builddir/NAME-VERSION-build`; characters that paths had better not have become `_`.
fn build_dir(context: &mut Context<'_>) -> Result<String, Reported> {
    if let Some(given) = &context.request.build_dir {
        return Ok(clean_path(given));
    }
    let name = context.engine.expand_str("%{NAME}-%{VERSION}-build")?;
    let top = context.engine.expand_str("%{_top_builddir}")?;
    Ok(clean_path(&format!(
        "{top}/{}",
        name.replace(['~', '^'], "_")
    )))
}
