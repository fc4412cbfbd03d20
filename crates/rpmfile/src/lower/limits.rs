//! Numbers of a package that the fields of header and payload have no room for.
//!
//! Source: rpm `docs/manual/tags.md` for the types of tags; cpio(5), "New ASCII Format".

use package::{FileEntry, FileKind, Package};
use source::{Code, Diagnostic, Sink};

use header::lower_time;

/// A number does not fit into its field.
pub(crate) const OUT_OF_RANGE: Code = Code("rpmfile::number-beyond-field");

/// The largest major and minor number: the header has 16 bits for both.
const DEVICE_LIMIT: u32 = 0xff;

/// Reports what would be recorded otherwise than it is: times outside 1970 to 2106 as a warning, since
/// they are moved to that end; device numbers as an error, since others name other devices.
pub(crate) fn check(package: &Package, sink: &mut Sink) {
    let entries = package.files.entries();
    for entry in entries.iter().filter(|it| has_large_device(it)) {
        let path = &entry.path;
        let message = format!("the device numbers of `{path}` do not fit into an .rpm package");
        let note = format!("they are at most {DEVICE_LIMIT}");
        sink.push(
            Diagnostic::error(OUT_OF_RANGE, message)
                .at(entry.origin)
                .note(note),
        );
    }
    let moved = |time: i64| i64::from(lower_time(time)) != time;
    let mut files = entries.iter().filter(|it| moved(it.mtime));
    if let Some(first) = files.next() {
        let message = match files.count() {
            0 => format!("the time of `{}` is outside 1970 to 2106", first.path),
            others => format!(
                "the times of `{}` and {others} more are outside 1970 to 2106",
                first.path
            ),
        };
        sink.push(moved_time(message).at(first.origin));
    }
    if let Some(entry) = package.changelog.iter().find(|it| moved(it.time)) {
        let header = &entry.author;
        sink.push(moved_time(format!(
            "the changelog entry of {header} is dated outside 1970 to 2106"
        )));
    }
}

fn moved_time(message: String) -> Diagnostic {
    Diagnostic::warning(OUT_OF_RANGE, message)
        .note("an .rpm package has room for 32 bits; the nearest time is recorded instead")
        .not_in_rpm()
}

fn has_large_device(entry: &FileEntry) -> bool {
    match entry.kind {
        FileKind::CharDevice { major, minor } | FileKind::BlockDevice { major, minor } => {
            major.max(minor) > DEVICE_LIMIT
        }
        _ => false,
    }
}
