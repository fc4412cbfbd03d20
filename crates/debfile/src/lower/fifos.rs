//! Named pipes, which no archive may hold: postinst makes them.
//!
//! Source: Debian Policy 10.6.

use package::FileEntry;

use super::script_text::{Case, Scripts, quote};
use crate::deb::Script;

const MAKE_FIFO: &str = r#"# make_fifo USER GROUP MODE PATH
make_fifo() {
	fifo=${DPKG_ROOT:-}$4
	if [ -e "$fifo" ]; then return 0; fi
	mkdir -p "${fifo%/*}"
	mkfifo -m "$3" "$fifo"
	chown "$1:$2" "$fifo" || echo "$DPKG_MAINTSCRIPT_PACKAGE: cannot give $4 to $1:$2" >&2
}"#;

/// Has postinst make a named pipe that lies at `path`, and postrm remove it.
pub(crate) fn lower_fifo(entry: &FileEntry, path: &str, scripts: &mut Scripts) {
    let [user, group, path] = [&entry.user, &entry.group, path].map(quote);
    let mode = entry.mode;
    let postinst = scripts.of(Script::Postinst);
    postinst.define(MAKE_FIFO);
    let call = format!("make_fifo {user} {group} {mode:04o} {path}");
    postinst.add(Case::Configure, call);
    let removal = format!("rm -f \"${{DPKG_ROOT:-}}\"{path}");
    scripts.of(Script::Postrm).add(Case::Remove, removal);
}
