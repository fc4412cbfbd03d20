//! A package as text, for comparison.

use std::fmt::Write;

use package::{FileEntry, FileKind, Package, Phase, VerifyFlags};

/// Relations, scripts and files, one to a line.
pub(crate) fn package(package: &Package) -> String {
    let mut text = format!("{}\n", package.nvra());
    for (kind, list) in &package.relations {
        for dependency in list {
            let phases: Vec<_> = PHASES
                .iter()
                .filter(|(phase, _)| dependency.when.has(*phase))
                .map(|(_, name)| *name)
                .collect();
            let phases = if phases.is_empty() {
                String::new()
            } else {
                format!("({})", phases.join(","))
            };
            writeln!(text, "{kind:?}{phases}: {dependency}").unwrap();
        }
    }
    for (slot, scriptlet) in &package.scriptlets {
        writeln!(text, "%{}: {:?}", slot.name(), scriptlet.body).unwrap();
    }
    for (place, entry) in (1..).zip(package.files.entries()) {
        writeln!(text, "{}", file(place, entry)).unwrap();
    }
    text
}

const PHASES: [(Phase, &str); 8] = [
    (Phase::Interp, "interp"),
    (Phase::Pre, "pre"),
    (Phase::Post, "post"),
    (Phase::PreUn, "preun"),
    (Phase::PostUn, "postun"),
    (Phase::Rpmlib, "rpmlib"),
    (Phase::Config, "config"),
    (Phase::Generated, "auto"),
];

fn file(place: u32, entry: &FileEntry) -> String {
    let (kind, size) = match &entry.kind {
        FileKind::Regular { size, .. } => ("-", *size),
        FileKind::Directory => ("d", 0),
        FileKind::Symlink { .. } => ("l", entry.size()),
        FileKind::CharDevice { .. } => ("c", 0),
        FileKind::BlockDevice { .. } => ("b", 0),
        FileKind::Fifo => ("p", 0),
        FileKind::Socket => ("s", 0),
    };
    // Permissions of links, and times before the clamp, depend on the machine.
    let mode = if kind == "l" { 0o777 } else { entry.mode };
    let time = if entry.mtime == 1_600_000_000 {
        ""
    } else {
        " unclamped"
    };
    let (user, group, path) = (&entry.user, &entry.group, &entry.path);
    let mut text = format!("{kind}{mode:04o} {user}:{group} {size} {path}{time}");
    if let FileKind::Symlink { target } = &entry.kind {
        write!(text, " -> {target}").unwrap();
    }
    if let FileKind::CharDevice { major, minor } | FileKind::BlockDevice { major, minor } =
        entry.kind
    {
        write!(text, " {major},{minor}").unwrap();
    }
    write!(text, "{}", notes(place, entry)).unwrap();
    text
}

fn notes(place: u32, entry: &FileEntry) -> String {
    let flags = entry.flags;
    let named = [
        (flags.config, "config"),
        (flags.noreplace, "noreplace"),
        (flags.missingok, "missingok"),
        (flags.doc, "doc"),
        (flags.license, "license"),
        (flags.readme, "readme"),
        (flags.ghost, "ghost"),
        (flags.artifact, "artifact"),
        (flags.specfile, "specfile"),
    ];
    let mut notes: Vec<String> = named
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, name)| (*name).to_owned())
        .collect();
    if entry.verify != VerifyFlags::ALL {
        notes.push(format!("verify={}", verify(entry.verify)));
    }
    if !entry.langs.is_empty() {
        notes.push(format!("lang={}", entry.langs.join("|")));
    }
    notes.extend(entry.caps.iter().map(|caps| format!("caps={caps}")));
    notes.extend(
        entry
            .link_set
            .iter()
            .map(|set| format!("links={}/{}", set.id, set.names)),
    );
    if let Some(it) = entry.numbering.filter(|it| it.inode != place) {
        notes.push(format!("inode={}", it.inode));
    }
    if entry.color > 0 {
        notes.push(format!("color={}", entry.color));
    }
    if !entry.class.is_empty() && !matches!(entry.kind, FileKind::Directory) {
        notes.push(format!("`{}`", entry.class));
    }
    notes.iter().map(|note| format!(" {note}")).collect()
}

fn verify(flags: VerifyFlags) -> String {
    let named = [
        (flags.digest, "digest"),
        (flags.size, "size"),
        (flags.link, "link"),
        (flags.user, "user"),
        (flags.group, "group"),
        (flags.mtime, "mtime"),
        (flags.mode, "mode"),
        (flags.rdev, "rdev"),
        (flags.caps, "caps"),
    ];
    let set: Vec<_> = named
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, name)| *name)
        .collect();
    set.join(",")
}
