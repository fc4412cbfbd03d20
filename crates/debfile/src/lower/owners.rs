//! Owners, groups and capabilities of files.
//!
//! An archive names only users and groups that have the same number on every system. For any other
//! the file is root's in the archive, and postinst changes it, unless the administrator has decided
//! otherwise with dpkg-statoverride.
//!
//! Source: Debian Policy 9.2 for the numbers, 10.9 for what postinst has to respect; the list is
//! that of base-passwd.

use package::{FileEntry, FileKind, Package};

use super::conffiles::is_conffile;
use super::draft::Deb;
use super::fields::Field;
use super::script_text::{Case, Scripts, quote};
use crate::deb::{Owner, Script};

/// Users with a number of their own on every system.
const USERS: [(&str, u32); 17] = [
    ("root", 0),
    ("daemon", 1),
    ("bin", 2),
    ("sys", 3),
    ("sync", 4),
    ("games", 5),
    ("man", 6),
    ("lp", 7),
    ("mail", 8),
    ("news", 9),
    ("uucp", 10),
    ("proxy", 13),
    ("www-data", 33),
    ("backup", 34),
    ("list", 38),
    ("irc", 39),
    ("nobody", 65534),
];

/// Groups with a number of their own on every system.
const GROUPS: [(&str, u32); 37] = [
    ("root", 0),
    ("daemon", 1),
    ("bin", 2),
    ("sys", 3),
    ("adm", 4),
    ("tty", 5),
    ("disk", 6),
    ("lp", 7),
    ("mail", 8),
    ("news", 9),
    ("uucp", 10),
    ("man", 12),
    ("proxy", 13),
    ("kmem", 15),
    ("dialout", 20),
    ("fax", 21),
    ("voice", 22),
    ("cdrom", 24),
    ("floppy", 25),
    ("tape", 26),
    ("sudo", 27),
    ("audio", 29),
    ("dip", 30),
    ("www-data", 33),
    ("backup", 34),
    ("operator", 37),
    ("list", 38),
    ("irc", 39),
    ("src", 40),
    ("shadow", 42),
    ("utmp", 43),
    ("video", 44),
    ("sasl", 45),
    ("plugdev", 46),
    ("staff", 50),
    ("games", 60),
    ("users", 100),
];

/// The group that has the user `nobody`, under the name it has in Debian.
const NOGROUP: Owner = Owner {
    name: "nogroup",
    id: 65534,
};

/// Sets owner and group, and then the mode, which the first may have taken bits from.
const SET_OWNER: &str = r#"# set_owner USER GROUP MODE PATH
set_owner() {
	if dpkg-statoverride --list "$4" >/dev/null 2>&1; then return 0; fi
	if [ -L "$4" ]; then
		chown -h "$1:$2" "$4" || echo "$DPKG_MAINTSCRIPT_PACKAGE: cannot give $4 to $1:$2" >&2
	elif chown "$1:$2" "$4"; then
		chmod "$3" "$4"
	else
		echo "$DPKG_MAINTSCRIPT_PACKAGE: cannot give $4 to $1:$2, it stays with root" >&2
	fi
}"#;

/// The same for a configuration file, unless the administrator gave it away: dpkg keeps its owner in
/// upgrades, and what it has just unpacked is root's.
const SET_CONFFILE_OWNER: &str = r#"# set_conffile_owner USER GROUP MODE PATH
set_conffile_owner() {
	if [ "$(stat -c %u:%g "$4" 2>/dev/null)" != 0:0 ]; then return 0; fi
	set_owner "$@"
}"#;

const SET_CAPABILITIES: &str = r#"# set_capabilities CAPABILITIES PATH
set_capabilities() {
	if dpkg-statoverride --list "$2" >/dev/null 2>&1; then return 0; fi
	setcap "$1" "$2" || echo "$DPKG_MAINTSCRIPT_PACKAGE: cannot set capabilities of $2" >&2
}"#;

/// Owner, group and mode that the archive can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Archived {
    pub(crate) user: Owner,
    pub(crate) group: Owner,
    pub(crate) mode: u32,
    /// Whether that is all there is to say.
    pub(crate) complete: bool,
}

/// What the archive says of a file.
///
/// A file that postinst will give away must not have set-id bits for root before that.
pub(crate) fn archived(entry: &FileEntry) -> Archived {
    match (known_user(&entry.user), known_group(&entry.group)) {
        (Some(user), Some(group)) => Archived {
            user,
            group,
            mode: entry.mode,
            complete: true,
        },
        _ => Archived {
            user: Owner::ROOT,
            group: Owner::ROOT,
            mode: entry.mode & 0o1777,
            complete: false,
        },
    }
}

/// Whether a user has the same number on every system.
pub(crate) fn is_fixed_user(name: &str) -> bool {
    known_user(name).is_some()
}

/// Whether a group has the same number on every system.
pub(crate) fn is_fixed_group(name: &str) -> bool {
    known_group(name).is_some()
}

fn known_user(name: &str) -> Option<Owner> {
    known(&USERS, name)
}

fn known_group(name: &str) -> Option<Owner> {
    if name == "nobody" || name == NOGROUP.name {
        Some(NOGROUP)
    } else {
        known(&GROUPS, name)
    }
}

fn known(table: &[(&'static str, u32)], name: &str) -> Option<Owner> {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(name, id)| Owner { name, id: *id })
}

/// Has postinst do what the archive cannot say of a file that lies at `path`.
pub(crate) fn lower_owner(entry: &FileEntry, path: &str, scripts: &mut Scripts) {
    let postinst = scripts.of(Script::Postinst);
    if !archived(entry).complete {
        let (user, group) = (quote(&entry.user), quote(&entry.group));
        postinst.define(SET_OWNER);
        let mode = entry.mode;
        let function = if is_conffile(entry) {
            postinst.define(SET_CONFFILE_OWNER);
            "set_conffile_owner"
        } else {
            "set_owner"
        };
        let call = format!("{function} {user} {group} {mode:04o} {}", quote(path));
        postinst.add(Case::Configure, call);
    }
    if let (Some(caps), FileKind::Regular { .. }) = (&entry.caps, &entry.kind) {
        postinst.define(SET_CAPABILITIES);
        let call = format!("set_capabilities {} {}", quote(caps), quote(path));
        postinst.add(Case::Configure, call);
    }
}

/// Asks for the program that sets capabilities, where files have some.
pub(crate) fn lower_capabilities(deb: &mut Deb<'_>, package: &Package) {
    let mut entries = package.files.entries().iter();
    if entries.any(|entry| entry.caps.is_some()) {
        deb.relations.add_text(Field::Depends, "libcap2-bin");
    }
}
