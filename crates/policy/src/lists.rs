//! `find-lang`: lists a package's translations, for `%files -f`.
//!
//! This file has the command; which paths are translations is the table in [`places`].

mod places;

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::call::Call;
use crate::error::{Doing, Error};
use crate::tree;
use places::{Part, Wanted};

/// How the command is used, for a wrong one.
const USAGE: &str = "usage: find-lang TOP_DIR PACKAGE_NAME [--with-gnome] [--with-mate] [--with-kde] \
[--with-qt] [--with-html] [--with-man] [--all-name] [--without-mo] [--generate-subpackages] \
[NAME…] [FILE]";

/// What the command line asked for.
struct Request {
    top: PathBuf,
    names: Vec<String>,
    output: PathBuf,
    parts: BTreeSet<Part>,
    all_names: bool,
    subpackages: bool,
}

/// `find-lang TOP_DIR NAME [OPTION…] [NAME…] [FILE]`: writes FILE (`NAME.lang`) with a line such as
/// `%lang(de) /usr/share/locale/de/LC_MESSAGES/NAME.mo` for each translation below TOP_DIR.
///
/// With `--generate-subpackages`, lines of all languages but English go into a spec part in
/// `$RPM_SPECPARTS_DIR`, one sub-package per language.
///
/// Status 1, and a line on standard output, when there are none.
///
/// Source: rpm's `find-lang.sh`, its help text.
pub(crate) fn languages(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(request) = parse_request(call) else {
        return Err(Error::Usage(USAGE.to_owned()));
    };
    let top = call.environment.path(&request.top);
    if !top.is_dir() {
        call.say(format!(
            "find-lang: {}: no such directory",
            request.top.display()
        ))?;
        return Ok(1);
    }
    let nodes = tree::walk(&top.components().collect::<PathBuf>())?;
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for name in &request.names {
        let wanted = Wanted {
            name,
            all_names: request.all_names,
            parts: &request.parts,
        };
        lines.extend(places::translations(
            &nodes,
            &wanted,
            &top,
            call.environment,
        ));
    }
    let output = call.environment.path(&request.output);
    write_lines(&output, &lines)?;
    if !lines.iter().any(|line| line.contains(&b'/')) {
        let name = request.names.last().map(String::as_str).unwrap_or_default();
        let top = request.top.display().to_string();
        call.say(format!(
            "No translations found for {name} in {}",
            top.trim_end_matches('/')
        ))?;
        return Ok(1);
    }
    if request.subpackages {
        split_by_language(call, &request, lines)?;
    }
    Ok(0)
}

/// Reads the arguments. Of the words after the name the last is the output; others are more names.
fn parse_request(call: &Call<'_>) -> Option<Request> {
    let mut words = call.args.iter();
    let top = words.next().filter(|top| !top.is_empty() && *top != "/")?;
    let name = words.next()?.to_string_lossy().into_owned();
    let mut request = Request {
        top: top.into(),
        output: format!("{name}.lang").into(),
        names: vec![name],
        parts: BTreeSet::from([Part::Messages]),
        all_names: false,
        subpackages: false,
    };
    let mut more = Vec::new();
    for word in words {
        match word.to_string_lossy().as_ref() {
            "--all-name" => request.all_names = true,
            "--generate-subpackages" => request.subpackages = true,
            "--without-mo" => drop(request.parts.remove(&Part::Messages)),
            option => match Part::of_option(option) {
                Some(part) => drop(request.parts.insert(part)),
                None => more.push(option.to_owned()),
            },
        }
    }
    if let Some(output) = more.pop() {
        request.output = output.into();
    }
    request.names.extend(more);
    Some(request)
}

fn write_lines(path: &Path, lines: &[Vec<u8>]) -> Result<(), Error> {
    let mut text = Vec::new();
    for line in lines {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    std::fs::write(path, text).doing("write", path)
}

/// Leaves English and what has no language in the list, and writes the rest as a spec part: before
/// each language a call of `%_langpack_template`, which the distribution's macros define.
fn split_by_language(
    call: &Call<'_>,
    request: &Request,
    mut lines: Vec<Vec<u8>>,
) -> Result<(), Error> {
    let Some(directory) = call.environment.get("RPM_SPECPARTS_DIR") else {
        return Err(Error::Usage("RPM_SPECPARTS_DIR is not set".to_owned()));
    };
    lines.sort();
    let mut kept = vec![Vec::new()];
    let mut part = Vec::new();
    let mut current = String::new();
    for line in lines {
        let language = language_of(&line).filter(|language| language != "en");
        let Some(language) = language else {
            kept.push(line);
            continue;
        };
        if language != current {
            part.push(format!("%_langpack_template {language} \"{language}\" ").into_bytes());
            current = language;
        }
        part.push(line);
    }
    write_lines(&call.environment.path(&request.output), &kept)?;
    let list = request.output.file_name().unwrap_or_default();
    let file = format!("find-lang-{}.specpart", Path::new(list).display());
    write_lines(&call.environment.path(directory).join(file), &part)
}

/// The language of a line, without country, encoding or variant.
fn language_of(line: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(b"%lang(")?;
    let end = rest.iter().position(|byte| b")_.@".contains(byte))?;
    rest.get(..end)
        .map(|language| String::from_utf8_lossy(language).into_owned())
}

/// One line: what goes before the path, the path itself byte by byte, what goes after.
fn line(before: &str, path: &Path, after: &str) -> Vec<u8> {
    let mut line = Vec::new();
    // Writing into memory does not fail.
    let _ = line.write_all(before.as_bytes());
    let _ = line.write_all(path.as_os_str().as_bytes());
    let _ = line.write_all(after.as_bytes());
    line
}

#[cfg(test)]
#[path = "lists/tests.rs"]
mod tests;
