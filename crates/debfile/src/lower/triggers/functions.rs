//! The shell functions behind triggers.
//!
//! dpkg says which paths of interest were touched, not what happened to them. So postinst keeps what
//! it saw in `/var/lib/specbuild`: files with their inode and time, and versions of packages. A file
//! that was replaced has another inode.

/// Where the package keeps what it saw.
pub(super) const STATE: &str = "state=${DPKG_ROOT:-}/var/lib/specbuild/$DPKG_MAINTSCRIPT_PACKAGE";

/// Forgets it all.
pub(super) const FORGET: &str = r#"rm -rf "$state"
rmdir --ignore-fail-on-non-empty "${state%/*}" 2>/dev/null || true"#;

/// Lists what has come, changed or gone below some prefixes.
pub(super) const LOOK: &str = r#"# look PREFIX...: lists what has come or changed there since the last time, and what has gone
look() {
	mkdir -p "$state"
	if [ ! -e "$state/files" ]; then : >"$state/files"; fi
	find "$@" -type d -printf '%p\t\n' -o -printf '%p\t%i %T@\n' 2>/dev/null |
		LC_ALL=C sort >"$state/now"
	LC_ALL=C comm -13 "$state/files" "$state/now" | cut -f 1 >"$state/come"
	cut -f 1 "$state/now" >"$state/here"
	cut -f 1 "$state/files" | LC_ALL=C comm -23 - "$state/here" >"$state/gone"
	mv "$state/now" "$state/files"
}"#;

/// Lists all that is below some prefixes as if it went.
pub(super) const LEAVE: &str = r#"# leave PREFIX...: lists all that is there as if it went
leave() {
	mkdir -p "$state"
	find "$@" 2>/dev/null | LC_ALL=C sort >"$state/gone"
}"#;

/// Runs a file trigger with the listed paths below its prefixes.
pub(super) const FILE_TRIGGER: &str = r#"# file_trigger LISTS INSTANCES FUNCTION PREFIX...
file_trigger() {
	lists=$1 instances=$2 function=$3
	shift 3
	for list in $lists; do cat "$state/$list"; done | while IFS= read -r path; do
		for prefix; do
			case $path in "$prefix" | "$prefix"/*) printf '%s\n' "$path" && break ;; esac
		done
	done >"$state/paths"
	if [ -s "$state/paths" ]; then run warn "$function" "$count" "$instances" <"$state/paths"; fi
}"#;

/// The version of a package whose files are there, now and at the last time.
pub(super) const VERSIONS: &str = r#"# version_of PACKAGE
version_of() {
	dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null |
		sed -n '/^\(not-installed\|config-files\|half-installed\) /!s/^[^ ]* //p' | head -n 1
}

# remember PACKAGE...: notes the versions for the next time
remember() {
	mkdir -p "$state"
	for package; do echo "$package $(version_of "$package")"; done >"$state/versions"
}

# remembered PACKAGE
remembered() {
	if [ ! -e "$state/versions" ]; then return 0; fi
	while read -r package version; do
		if [ "$package" = "$1" ]; then echo "$version"; fi
	done <"$state/versions"
}"#;

/// Runs a trigger on a package that is in `$paths` by its directory: `in` if it is there in a version
/// that fits, `out` if it was there in one.
pub(super) const PACKAGE_TRIGGER: &str = r#"# package_trigger in|out FUNCTION PACKAGE [SIGN VERSION]
package_trigger() {
	case " $paths " in *" /usr/share/doc/$3 "*) ;; *) return 0 ;; esac
	now=$(version_of "$3") before=$(remembered "$3")
	if [ "$1" = in ]; then
		fits=$now instances=${before:+2}
	else
		fits=$before instances=${now:+1}
	fi
	if [ -z "$fits" ]; then return 0; fi
	if [ -n "${4:-}" ] && ! dpkg --compare-versions "$fits" "$4" "$5"; then return 0; fi
	if [ "$1" = in ]; then instances=${instances:-1}; fi
	run warn "$2" "$count" "${instances:-0}" </dev/null
}"#;

/// Runs a trigger on the package itself if a version of it fits.
pub(super) const OWN_TRIGGER: &str = r#"# own_trigger FUNCTION INSTANCES VERSION [SIGN VERSION]
own_trigger() {
	if [ -n "${4:-}" ] && ! dpkg --compare-versions "$3" "$4" "$5"; then return 0; fi
	run warn "$1" "$count" "$2" </dev/null
}"#;
