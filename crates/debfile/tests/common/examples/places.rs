//! Packages whose files lie where the target treats them otherwise, or in two packages.

use package::{Dependency, FileEntry, FileList, Package, RelationKind, Slot};
use source::SourceMap;

use super::of_lines::Spec;
use super::{config, owned};
use crate::common::{directory, package, scriptlet, text};

/// What a daemon has in places that a reboot empties, or where nobody looks, and a file that a package
/// shares with one it needs.
pub(crate) fn places() -> (SourceMap, Vec<Package>) {
    let spec = Spec::new(SPEC);
    let at = |mut it: FileEntry, line: &str| {
        it.origin = spec.at(line);
        it
    };
    let mut main = package("keeper", "1-1");
    main.relate(RelationKind::Requires, Dependency::on("keeper-common"));
    main.files = FileList::new(vec![
        at(
            owned(directory("/var/run/keeper"), "daemon", "adm"),
            "%attr",
        ),
        at(directory("/run/keeper-known"), "%dir /run/keeper-known"),
        at(
            text(
                "/usr/lib/tmpfiles.d/keeper.conf",
                "d /var/run/keeper-known 0755 root root -\n",
                0o644,
            ),
            "/usr/lib/tmpfiles.d",
        ),
        at(text("/run/keeper.pid", "1\n", 0o644), "/run/keeper.pid"),
        at(text("/usr/lib64/keeper/a", "a", 0o644), "/usr/lib64/keeper"),
        at(text("/usr/lib64/keeper/b", "b", 0o644), "/usr/lib64/keeper"),
        at(config("/etc/cron.daily/keeper.cron", "x"), "%config"),
        at(
            text("/etc/cron.daily/keeper", "x", 0o644),
            "/etc/cron.daily/keeper",
        ),
        at(text("/etc/rc.d/init.d/keeper", "x", 0o755), "/etc/rc.d"),
        at(
            text("/usr/share/keeper/shared", "x", 0o644),
            "/usr/share/keeper/shared",
        ),
    ]);
    let mut post = scriptlet(
        "/usr/sbin/update-alternatives --install /usr/bin/keep keep /usr/bin/keeper 5\n/sbin/chkconfig --add keeper\n",
    );
    post.origin = spec.at("%post");
    main.scriptlets.insert(Slot::Post, post);
    let mut common = package("keeper-common", "1-1");
    common.files = FileList::new(vec![at(
        text("/usr/share/keeper/shared", "x", 0o644),
        "%lang",
    )]);
    (spec.sources, vec![main, common])
}

const SPEC: &str = "\
%attr(-,daemon,adm) %dir /var/run/keeper
%dir /run/keeper-known
/usr/lib/tmpfiles.d/keeper.conf
/run/keeper.pid
/usr/lib64/keeper
%config /etc/cron.daily/keeper.cron
/etc/cron.daily/keeper
/etc/rc.d/init.d/keeper
/usr/share/keeper/shared
%lang(de) /usr/share/keeper/shared
%post
";
