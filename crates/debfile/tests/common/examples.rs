//! Packages as specs in the manner of Fedora make them.

pub(crate) mod of_lines;
pub(crate) mod places;

use package::{
    ChangelogEntry, Comparison, Dependency, FileDependency, FileEntry, FileList, Interpreter,
    Package, Phase, Phases, RelationKind, Slot, Tag, Trigger, TriggerKind,
};

use super::{TIME, directory, package, scriptlet, symlink, text};

const MIT: &str = "Copyright (c) 2020-2024 Example Authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software, to deal in it without restriction.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND.
";

/// An entry with the `%license` mark.
pub(crate) fn license(path: &str, content: &str) -> FileEntry {
    let mut entry = text(path, content, 0o644);
    entry.flags.license = true;
    entry
}

/// An entry with the `%config` mark.
pub(crate) fn config(path: &str, content: &str) -> FileEntry {
    let mut entry = text(path, content, 0o644);
    entry.flags.config = true;
    entry
}

pub(crate) fn owned(mut entry: FileEntry, user: &str, group: &str) -> FileEntry {
    entry.user = user.into();
    entry.group = group.into();
    entry
}

pub(crate) fn ghost(mut entry: FileEntry) -> FileEntry {
    entry.flags.ghost = true;
    entry
}

fn providing(mut entry: FileEntry, capability: &str) -> FileEntry {
    entry.dependencies.push(FileDependency {
        kind: RelationKind::Provides,
        dependency: Dependency::on(capability),
    });
    entry
}

/// A library with a tool, and what is needed to build with it.
pub(crate) fn library() -> Vec<Package> {
    let mut runtime = package("libgreet", "1:1.2~rc1-3.fc42");
    runtime.tags.set(Tag::Summary, "Library of greetings.");
    runtime.tags.set(
        Tag::Description,
        "Greets in many ways:\n\n- loudly\n- softly\n",
    );
    runtime.changelog.push(ChangelogEntry {
        time: TIME - 86_400 * 400,
        author: "Example Packagers <packagers@example.org> - 1:1.1-1".into(),
        text: "- Update to 1.1\n  which is louder\n- Fix the tests".into(),
    });
    let soname = "libgreet.so.1()(64bit)";
    let dir = "/usr/lib/x86_64-linux-gnu";
    runtime.files = FileList::new(vec![
        providing(
            text(&format!("{dir}/libgreet.so.1.2"), "library", 0o644),
            soname,
        ),
        symlink(&format!("{dir}/libgreet.so.1"), "libgreet.so.1.2"),
        directory("/usr/share/licenses/libgreet"),
        license("/usr/share/licenses/libgreet/LICENSE", MIT),
    ]);
    runtime.relate(RelationKind::Provides, Dependency::on(soname));
    let ldconfig = |origin| package::Scriptlet {
        interpreter: Interpreter::Program(vec!["/sbin/ldconfig".into()]),
        body: None,
        flags: package::ScriptletFlags::default(),
        origin,
    };
    runtime.scriptlets.insert(Slot::Post, ldconfig(None));
    runtime.scriptlets.insert(Slot::PostUn, ldconfig(None));
    let mut devel = package("libgreet-devel", "1:1.2~rc1-3.fc42");
    devel.build = runtime.build.clone();
    devel.changelog = runtime.changelog.clone();
    devel
        .tags
        .set(Tag::Summary, "Files for programs that use libgreet");
    devel
        .tags
        .set(Tag::Description, "Header and link for the linker.");
    let mut readme = text("/usr/share/doc/libgreet-devel/README", "Read me.\n", 0o644);
    readme.flags.doc = true;
    devel.files = FileList::new(vec![
        text("/usr/include/greet.h", "int greet(void);\n", 0o644),
        symlink(&format!("{dir}/libgreet.so"), "libgreet.so.1"),
        directory("/usr/share/doc/libgreet-devel"),
        readme,
    ]);
    let evr = "1:1.2~rc1-3.fc42";
    let name = "libgreet(x86-64)";
    devel.relate(
        RelationKind::Requires,
        Dependency::versioned(name, Comparison::Equal, evr),
    );
    devel.relate(
        RelationKind::Requires,
        Dependency::on("libgreet.so.1()(64bit)"),
    );
    for name in ["libgreet-devel", "libgreet-devel(x86-64)"] {
        let own = Dependency::versioned(name, Comparison::Equal, evr);
        devel.relate(RelationKind::Provides, own);
    }
    vec![runtime, devel]
}

/// A daemon with a user of its own, configuration and scriptlets.
pub(crate) fn daemon() -> Vec<Package> {
    let mut daemon = package("Tick_daemon", "0.3.1^git20240501-1.fc42");
    daemon.tags.set(Tag::Summary, "Daemon that ticks");
    daemon.tags.set(
        Tag::Description,
        "Ticks once a second.\n\nIt needs no configuration.",
    );
    daemon.tags.set(Tag::License, "MIT AND GPL-2.0-or-later");
    let account = "# accounts\nu tickd - \"Tick daemon\" /var/lib/tickd\ng tickers 42\n";
    let mut capable = text("/usr/sbin/tickctl", "#!/bin/sh\necho tick\n", 0o755);
    capable.caps = Some("cap_sys_time=ep".into());
    daemon.files = FileList::new(vec![
        config("/etc/tickd/tickd.conf", "interval=1\n"),
        owned(text("/etc/tickd/key", "secret\n", 0o640), "root", "tickers"),
        directory("/etc/tickd"),
        text(
            "/usr/lib/systemd/system/tickd.service",
            "[Service]\nExecStart=/usr/sbin/tickctl\n",
            0o644,
        ),
        text("/usr/lib/sysusers.d/tickd.conf", account, 0o644),
        capable,
        owned(
            text("/usr/libexec/tickd/helper", "#!/bin/sh\n:\n", 0o4755),
            "tickd",
            "tickers",
        ),
        owned(
            text("/usr/bin/tickmail", "#!/bin/sh\n:\n", 0o2755),
            "root",
            "mail",
        ),
        owned(directory("/var/lib/tickd"), "tickd", "tickd"),
        ghost(text("/var/lib/tickd/state", "", 0o600)),
        license("/usr/share/licenses/Tick_daemon/LICENSE", MIT),
        license(
            "/usr/share/licenses/Tick_daemon/COPYING",
            "\t\tGNU GENERAL PUBLIC LICENSE\n\t\tVersion 2, June 1991\n\nThe text.\n",
        ),
        symlink("/usr/share/man/man8/tickd.8.gz", "tickctl.8.gz"),
    ]);
    let pre = "getent group tickers >/dev/null || groupadd -r tickers\nexit 0\n";
    daemon.scriptlets.insert(Slot::Pre, scriptlet(pre));
    let post =
        "if [ $1 -eq 1 ] && [ -x /usr/bin/systemctl ]; then\n  systemctl preset tickd || :\nfi\n";
    daemon.scriptlets.insert(Slot::Post, scriptlet(post));
    daemon.scriptlets.insert(
        Slot::PreUn,
        scriptlet("[[ $1 -gt 0 ]] || systemctl stop tickd || :"),
    );
    daemon
        .scriptlets
        .insert(Slot::PostUn, scriptlet("# nothing to do\n"));
    let pre_phase = Phases::NONE.with(Phase::Pre);
    daemon.relate(
        RelationKind::Requires,
        Dependency::on("shadow-utils").at(pre_phase),
    );
    daemon.relate(
        RelationKind::Requires,
        Dependency::on("/bin/sh").at(pre_phase),
    );
    let tmpfiles = "d /run/tickd 0755 tickd tickd -\n";
    let more = [
        text("/usr/lib/tmpfiles.d/tickd.conf", tmpfiles, 0o644),
        text("/lib/udev/rules.d/90-tickd.rules", "# rules\n", 0o644),
    ];
    let entries = daemon.files.entries().iter().cloned().chain(more).collect();
    daemon.files = FileList::new(entries);
    vec![daemon]
}

/// Python modules with their byte code.
pub(crate) fn python() -> Vec<Package> {
    let mut module = package("python3-shout", "0.4.0-1");
    module.arch = "noarch".into();
    let dir = "/usr/lib/python3/dist-packages/shout";
    module.files = FileList::new(vec![
        directory(dir),
        text(&format!("{dir}/__init__.py"), "x = 1\n", 0o644),
        directory(&format!("{dir}/__pycache__")),
        text(
            &format!("{dir}/__pycache__/__init__.cpython-311.pyc"),
            "pyc",
            0o644,
        ),
        text("/usr/share/shout/plugin.py", "y = 1\n", 0o644),
        text(
            "/usr/share/shout/__pycache__/plugin.cpython-311.pyc",
            "pyc",
            0o644,
        ),
        text(
            "/usr/bin/shout",
            "#!/usr/bin/python3\nimport shout\n",
            0o755,
        ),
        license("/usr/share/licenses/python3-shout/LICENSE", MIT),
    ]);
    module.relate(RelationKind::Requires, Dependency::on("python3dist(click)"));
    vec![module]
}

/// File and package triggers.
pub(crate) fn triggers() -> Vec<Package> {
    let mut watcher = package("watcher", "1-1");
    let trigger = |kind, condition: &str, priority, body: &str| Trigger {
        kind,
        conditions: condition.split(' ').map(Dependency::on).collect(),
        priority,
        scriptlet: scriptlet(body),
    };
    watcher.triggers = vec![
        trigger(
            TriggerKind::TransFileIn,
            "/usr/share/mime/",
            100_000,
            "update-things\n",
        ),
        trigger(
            TriggerKind::TransFilePostUn,
            "/usr/share/mime/",
            100_000,
            "update-things\n",
        ),
        trigger(
            TriggerKind::FileIn,
            "/usr/lib/a /usr/lib/b",
            200_000,
            "cat >/dev/null\n",
        ),
        trigger(TriggerKind::FileUn, "/usr/lib/a", 100, "echo gone\n"),
        trigger(TriggerKind::PackageIn, "vim", 100_000, "echo editor\n"),
        trigger(TriggerKind::PackageUn, "vim", 100_000, "echo no editor\n"),
        trigger(TriggerKind::PackageIn, "bash", 100_000, "echo shell\n"),
    ];
    let mut old = trigger(TriggerKind::PackagePostUn, "vim", 100_000, "echo old\n");
    old.conditions = vec![Dependency::versioned("vim", Comparison::Less, "9")];
    watcher.triggers.push(old);
    vec![watcher]
}

/// Debugging symbols.
pub(crate) fn debuginfo() -> Vec<Package> {
    let mut packages = vec![package("tool", "1-1"), package("tool-debuginfo", "1-1")];
    let symbols = text("/usr/lib/debug/.build-id/ab/cdef.debug", "dwarf", 0o644);
    packages[1].files = FileList::new(vec![directory("/usr/lib/debug/.build-id/ab"), symbols]);
    packages[1].build = packages[0].build.clone();
    packages[1].tags.set(Tag::Group, "utils");
    packages[0].files = FileList::new(vec![text("/usr/bin/tool", "#!/bin/sh\n", 0o755)]);
    packages
}

/// Documentation: upstream's changelog, what says whose work it is, and a link.
pub(crate) fn documents() -> Vec<Package> {
    let mut tool = package("tool", "1-1");
    tool.tags.set(Tag::License, "GPL-3.0-or-later");
    let doc = |name: &str, words: &str| {
        let mut entry = text(&format!("/usr/share/doc/tool/{name}"), words, 0o644);
        entry.flags.doc = true;
        entry
    };
    let notice =
        "  Copyright (C) 1999, 2001,\n  2004 Somebody.\n\nIt is free, says Copyright Law.\n";
    tool.files = FileList::new(vec![
        doc("AUTHORS", notice),
        doc("CHANGES.md", "Less of a changelog.\n"),
        doc("ChangeLog", "1999-01-01: Begin.\n"),
        symlink("/usr/share/doc/tool/NEWS", "CHANGES.md"),
    ]);
    vec![tool]
}
