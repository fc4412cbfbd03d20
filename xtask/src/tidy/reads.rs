//! Rule: what others wrote is read by crate `limits`, which says how much at most. The list is of the
//! files that read otherwise, with the reason why that ends.

use super::rust::RustFile;
use super::{Finding, crate_of};

/// Calls that read until there is nothing more.
const ENDLESS: [&str; 6] = [
    "fs::read(",
    "read_to_string(",
    "read_to_end(",
    "tar::Archive",
    " Archive::new(",
    "ZipArchive::new(",
];

const SYSTEM: &str = "files of the system or of the kernel";
const BOUNDED: &str = "it takes so many bytes of a stream, or is asked for so many";
const OWN: &str = "what this program has written itself";

/// Files, and why what they read ends. Files of tests and of the chores are not looked at.
const READERS: [(&str, &str); 28] = [
    ("archive/src/ar_reader.rs", BOUNDED),
    ("archive/src/tar/reader.rs", BOUNDED),
    ("build/src/deb/dsc.rs", BOUNDED),
    ("build/src/deb/upstream.rs", BOUNDED),
    ("build/src/machine/helpers.rs", OWN),
    ("build/src/machine/host.rs", BOUNDED),
    ("build/src/machine/installed.rs", SYSTEM),
    ("build/src/machine/installed/closure.rs", SYSTEM),
    ("build/src/machine.rs", SYSTEM),
    ("build/src/machine/output.rs", OWN),
    ("build/src/scripts/processes.rs", SYSTEM),
    ("build/src/reading/spec_file.rs", BOUNDED),
    ("build/src/start/tarball.rs", BOUNDED),
    ("debfile/src/read.rs", BOUNDED),
    ("debfile/src/shlibs/database.rs", SYSTEM),
    ("generate/src/class.rs", BOUNDED),
    ("lua/src/modules.rs", OWN),
    ("lua/src/posix/accounts.rs", SYSTEM),
    ("lua/src/rpm/stream.rs", BOUNDED),
    ("policy/src/checks.rs", OWN),
    ("policy/src/strip.rs", BOUNDED),
    ("policy/src/uncompress/decode.rs", BOUNDED),
    ("policy/src/uncompress/destination.rs", SYSTEM),
    ("policy/src/uncompress/format.rs", BOUNDED),
    (
        "policy/src/uncompress/zipfile.rs",
        "a member of an archive is no longer than its file says",
    ),
    ("rpmfile/src/owners.rs", SYSTEM),
    ("rpmfile/src/read/stored.rs", BOUNDED),
    (
        "sign/src/armor.rs",
        "a text in memory, which it makes shorter",
    ),
];

/// More files that read so.
const COMMANDS: [(&str, &str); 2] = [
    ("specbuild/src/commands/query/subject.rs", BOUNDED),
    ("specbuild/src/interruption.rs", SYSTEM),
];

pub(crate) fn check(file: &RustFile) -> Vec<Finding> {
    if matches!(crate_of(&file.path), "limits" | "testkit" | "xtask" | "")
        || file.path.contains("/tests/")
        || file.path.ends_with("tests.rs")
        || file.path.ends_with("build.rs")
    {
        return Vec::new();
    }
    let is_listed = READERS
        .iter()
        .chain(&COMMANDS)
        .any(|(path, _)| file.path.strip_prefix("crates/") == Some(path));
    let mut reads = file.lines().filter(|(_, code)| {
        ENDLESS.iter().any(|call| code.contains(call)) && !code.contains("limits::")
    });
    if is_listed {
        let message = "reads within limits, so it need not be on the list of `tidy/reads.rs`";
        return match reads.next() {
            Some(_) => Vec::new(),
            None => vec![Finding::new(&file.path, 0, message)],
        };
    }
    let message = "reads until there is nothing more; `limits` says how much at most";
    reads
        .map(|(line, _)| Finding::new(&file.path, line, message))
        .collect()
}
