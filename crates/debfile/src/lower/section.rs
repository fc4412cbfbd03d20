//! The `Section` and `Multi-Arch` fields.
//!
//! Source: Debian Policy 2.4 for the sections; dpkg's multiarch specification for `Multi-Arch`.

use package::{Package, Tag};

use super::draft::Deb;
use crate::deb::EntryKind;

/// The sections of the archive.
const SECTIONS: [&str; 60] = [
    "admin",
    "cli-mono",
    "comm",
    "database",
    "debug",
    "devel",
    "doc",
    "editors",
    "education",
    "electronics",
    "embedded",
    "fonts",
    "games",
    "gnome",
    "gnu-r",
    "gnustep",
    "golang",
    "graphics",
    "hamradio",
    "haskell",
    "httpd",
    "interpreters",
    "introspection",
    "java",
    "javascript",
    "kde",
    "kernel",
    "libdevel",
    "libs",
    "lisp",
    "localization",
    "mail",
    "math",
    "metapackages",
    "misc",
    "net",
    "news",
    "ocaml",
    "oldlibs",
    "otherosfs",
    "perl",
    "php",
    "python",
    "raku",
    "ruby",
    "rust",
    "science",
    "shells",
    "sound",
    "tasks",
    "tex",
    "text",
    "utils",
    "vcs",
    "video",
    "virtual",
    "web",
    "x11",
    "xfce",
    "zope",
];

/// Sections by the form of the name: start, end, section. The first that fits is taken.
const BY_NAME: [(&str, &str, &str); 22] = [
    ("", "-dbgsym", "debug"),
    ("", "-dbg", "debug"),
    ("", "-doc", "doc"),
    ("fonts-", "", "fonts"),
    ("python3-", "", "python"),
    ("python-", "", "python"),
    ("ruby-", "", "ruby"),
    ("php-", "", "php"),
    ("golang-", "-dev", "golang"),
    ("librust-", "-dev", "rust"),
    ("node-", "", "javascript"),
    ("lib", "-perl", "perl"),
    ("lib", "-java", "java"),
    ("lib", "-ocaml", "ocaml"),
    ("lib", "-ocaml-dev", "ocaml"),
    ("lib", "-cil", "cli-mono"),
    ("libghc-", "", "haskell"),
    ("gir1.2-", "", "introspection"),
    ("elpa-", "", "editors"),
    ("texlive-", "", "tex"),
    ("", "-dkms", "kernel"),
    ("lib", "-dev", "libdevel"),
];

/// Sections by what most packages of the kind hold: part of a path, section.
const BY_FILE: [(&str, &str); 9] = [
    ("/usr/lib/python3/dist-packages/", "python"),
    ("/usr/share/perl5/", "perl"),
    ("/usr/lib/ruby/", "ruby"),
    ("/usr/share/fonts/", "fonts"),
    ("/usr/games/", "games"),
    ("/usr/src/", "devel"),
    ("/usr/include/", "libdevel"),
    ("/usr/sbin/", "admin"),
    ("/usr/lib/systemd/system/", "admin"),
];

/// The section: `Group:` where that is one of the archive's, else by name and files, else `misc`.
pub(crate) fn section(package: &Package, name: &str, has_library: bool) -> String {
    let files = package.files.entries().iter();
    let paths: Vec<&str> = files
        .filter(|it| it.has_content() || it.path.starts_with("/usr/bin/"))
        .map(|it| &*it.path)
        .collect();
    section_of(package.tag(Tag::Group), name, has_library, &paths)
}

/// The same by the paths of files, or patterns of them.
pub(crate) fn section_of(group: &str, name: &str, has_library: bool, paths: &[&str]) -> String {
    let group = group.trim();
    let (area, leaf) = group.rsplit_once('/').unwrap_or(("", group));
    if SECTIONS.contains(&leaf) && matches!(area, "" | "contrib" | "non-free" | "non-free-firmware")
    {
        return group.to_owned();
    }
    let fits =
        |(start, end, _): &&(&str, &str, &str)| name.starts_with(start) && name.ends_with(end);
    if let Some((_, _, section)) = BY_NAME.iter().find(fits) {
        return (*section).to_owned();
    }
    if has_library && (name.starts_with("lib") || name.ends_with("-libs")) {
        return "libs".to_owned();
    }
    let has = |part: &str| paths.iter().any(|path| path.contains(part));
    let by_file = BY_FILE.iter().find(|(part, _)| has(part));
    match by_file {
        Some((_, section)) => (*section).to_owned(),
        None if paths.iter().any(|path| path.starts_with("/usr/bin/")) => "utils".to_owned(),
        None if name.ends_with("-dev") => "devel".to_owned(),
        None => "misc".to_owned(),
    }
}

/// `same` for a library whose files all lie where several architectures can have theirs, `foreign`
/// for programs that are the same everywhere.
pub(super) fn multi_arch(deb: &Deb<'_>, arch: &str) -> Option<&'static str> {
    let mut files = deb
        .tree
        .entries()
        .filter(|entry| entry.kind != EntryKind::Directory);
    if arch == "all" {
        let is_program =
            |path: &str| path.starts_with("/usr/bin/") || path.starts_with("/usr/sbin/");
        return files
            .any(|entry| is_program(&entry.path))
            .then_some("foreign");
    }
    let triplet = deb.context.distribution.multiarch.as_deref()?;
    let below = [format!("/usr/lib/{triplet}/"), format!("/lib/{triplet}/")];
    let shared = |path: &str| {
        below.iter().any(|dir| path.starts_with(dir)) || path.starts_with("/usr/share/doc/")
    };
    let is_library = deb.has_library && deb.scripts.is_empty();
    (is_library && files.all(|entry| shared(&entry.path))).then_some("same")
}
