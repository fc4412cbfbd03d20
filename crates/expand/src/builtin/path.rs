//! Builtins about paths and file names.

use std::path::Path;

use super::{Builtin, BuiltinCall};
use crate::Engine;
use crate::args::Outcome;

/// `%{basename:…}`, by basename(3).
pub(super) fn basename(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let path = call.arg();
    let trimmed = path.trim_end_matches('/');
    let name = match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".",
        (_, true) => "/",
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed),
    };
    let name = name.to_owned();
    call.push(&name);
    Ok(())
}

/// `%{dirname:…}`, by dirname(3).
pub(super) fn dirname(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let path = call.arg();
    let trimmed = path.trim_end_matches('/');
    let dir = match trimmed.rsplit_once('/') {
        // glibc keeps two slashes at the front, neither more nor less.
        Some(("/", _)) => "//",
        Some((dir, _)) if dir.trim_end_matches('/').is_empty() => "/",
        Some((dir, _)) => dir.trim_end_matches('/'),
        None if path == "//" => "//",
        None if trimmed.is_empty() && !path.is_empty() => "/",
        None => ".",
    };
    let dir = dir.to_owned();
    call.push(&dir);
    Ok(())
}

/// `%{suffix:…}`.
pub(super) fn suffix(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let suffix = call
        .arg()
        .rsplit_once('.')
        .map_or("", |(_, suffix)| suffix)
        .to_owned();
    call.push(&suffix);
    Ok(())
}

/// `%{exists:…}`.
pub(super) fn exists(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let found = engine.host.exists(Path::new(call.arg()));
    call.push(if found { "1" } else { "0" });
    Ok(())
}

/// `%{url2path:…}`.
pub(super) fn url_to_path(
    _: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let url = call.arg();
    let schemes = ["https", "http", "hkp", "ftp", "file"];
    let after_host = schemes
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme)?.strip_prefix("://"))
        .map(|rest| rest.find('/').map_or("", |slash| &rest[slash..]));
    let path = match after_host.unwrap_or(url) {
        "" | "-" => "/",
        path => path,
    };
    let path = path.to_owned();
    call.push(&path);
    Ok(())
}

/// `%{uncompress:…}`.
pub(super) fn uncompress(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    if call.arg().is_empty() {
        return Ok(());
    }
    let program = source::Text::detached("%__rpmuncompress ");
    engine.expand_into(&program, call.at.frame, call.out)?;
    call.out.text.push_text(&call.args[0]);
    Ok(())
}
