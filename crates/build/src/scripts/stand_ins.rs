//! Programs of rpm that scripts and macros call by their paths.
//!
//! Where rpm is not installed, this program does what they would. A program that is there is called.

use std::path::Path;

use expand::Engine;

use crate::BuildError;

/// The programs in rpm's directory, and the helpers that stand in for them.
const PROGRAMS: [(&str, &str); 19] = [
    ("brp-compress", "brp-compress"),
    ("brp-elfperms", "brp-elfperms"),
    ("brp-linkdupes", "brp-linkdupes"),
    ("brp-mangle-shebangs", "brp-mangle-shebangs"),
    ("brp-python-bytecompile", "brp-python-bytecompile"),
    ("brp-python-hardlink", "brp-python-hardlink"),
    ("brp-remove-la-files", "brp-remove-la-files"),
    ("brp-strip", "brp-strip"),
    ("brp-strip-comment-note", "brp-strip-comment-note"),
    ("brp-strip-lto", "brp-strip-lto"),
    ("brp-strip-static-archive", "brp-strip-static-archive"),
    ("check-buildroot", "check-buildroot"),
    ("check-rpaths", "check-rpaths"),
    ("elfdeps", "elfdeps"),
    ("find-lang.sh", "find-lang"),
    ("find-provides", "find-provides"),
    ("find-requires", "find-requires"),
    ("rpmdeps", "rpmdeps"),
    ("rpmuncompress", "uncompress"),
];

/// Puts this program's helpers in place of rpm's programs that are not there.
pub(crate) fn put_in(script: &str, engine: &mut Engine) -> Result<String, BuildError> {
    let dir = engine.expand_str("%{?_rpmconfigdir}")?;
    if dir.is_empty() || !script.contains(&dir) {
        return Ok(script.to_owned());
    }
    let own = engine.expand_str("%{__specbuild}")?;
    let helper = |name: &str| {
        let (_, helper) = PROGRAMS.iter().find(|(program, _)| *program == name)?;
        let is_there = Path::new(&dir).join(name).exists();
        (!is_there).then(|| format!("{own} helper {helper}"))
    };
    Ok(replaced(script, &format!("{dir}/"), helper))
}

/// Replaces each unquoted word that begins with `dir` by what `replace` makes of the rest.
fn replaced(script: &str, dir: &str, replace: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(dir) {
        let (before, after) = (&rest[..at], &rest[at + dir.len()..]);
        let end = after.find(is_end_of_word).unwrap_or(after.len());
        let new = replace(&after[..end])
            .filter(|_| before.is_empty() || before.ends_with(is_end_of_word));
        text.push_str(before);
        match new {
            Some(new) => text.push_str(&new),
            None => text.push_str(&rest[at..at + dir.len() + end]),
        }
        rest = &after[end..];
    }
    text + rest
}

fn is_end_of_word(c: char) -> bool {
    c.is_ascii_whitespace() || ";|&()`".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_the_directory_are_replaced() {
        let known = |name: &str| (name == "brp-x").then(|| "me helper x".to_owned());
        let cases = [
            ("/d/brp-x a\n", "me helper x a\n"),
            ("if (/d/brp-x); then", "if (me helper x); then"),
            (
                "/d/brp-xy /r/d/brp-x \"/d/brp-x\"",
                "/d/brp-xy /r/d/brp-x \"/d/brp-x\"",
            ),
            ("/d/y; /d/brp-x", "/d/y; me helper x"),
        ];
        for (script, expected) in cases {
            assert_eq!(replaced(script, "/d/", known), expected);
        }
    }
}
