//! What may differ, and why. What is new in rpm since the peer's version, and can be switched off, is
//! switched off in `both.macros`.

use super::listing::Listing;
use super::peer::Peer;

/// Tags that say something of the tool or of bytes that depend on it, and not of the package.
const TAGS: [(&[&str], &str); 3] = [
    (&["Rpmversion"], "the version of the tool"),
    (
        &[
            "Sha1header",
            "Sha256header",
            "Sha3_256header",
            "Sigmd5",
            "Sourcepkgid",
            "Sourcesigmd5",
            "Sigsize",
        ],
        "digests and sizes of bytes with the above in them",
    ),
    (
        &[
            "Payloaddigest",
            "Payloadsha256",
            "Payloadsha512",
            "Payloadsha3_256",
            "Payloadsize",
        ],
        "the compressor is another library, or another version of it",
    ),
];

pub(super) const OLD_SPEC: &str = "the spec as it was expanded: rpm 4.18 has paths of the build in it, loses some \
                    section lines and quotes less in %setup and %patch";

pub(super) const SPEC: &str =
    "the spec as it was expanded: rpm has paths of the build in it, ours their macros";

/// Bytes of the lead that rpm up to version 4 fills with numbers of architecture and system.
pub(super) const LEAD: [usize; 4] = [8, 9, 76, 77];
pub(super) const LEAD_REASON: &str = "numbers of architecture and system, zero since rpm 6";

/// Times of directories and links that a tool makes.
pub(super) const LATE: &str = "times of what is made while packaging";

const OWNERS: &str = "rpm since 4.19 requires the users and groups that own files";

/// Subjects that are about what the peer does not know, or that it fails at, and whether that is so
/// only if it is old.
const SUBJECTS: [(&str, bool, &str); 6] = [
    (
        "testdata/collect/global-filter",
        false,
        "rpm documents %__global_TYPE_exclude, and does not look at it",
    ),
    (
        "testdata/collect/modules",
        false,
        "attributes of distributions, which the peer does not bring along",
    ),
    (
        "testdata/collect/legacy-generators-v6",
        true,
        "rpm since 6 has format 6, and refuses external generators for it",
    ),
    (
        "testdata/collect/python",
        false,
        "the peer's generator fails at bad metadata, ours warns of it",
    ),
    (
        "testdata/collect/languages",
        false,
        "perl-generators and others, which the peer does not bring along",
    ),
    (
        "prelude-lml-rules",
        true,
        "rpm since 4.20 knows %buildsubdir in the line after %prep, and so makes a debug package here",
    ),
];

/// Why a whole subject may differ. `spec` is the text of its spec.
pub(super) fn subject(peer: &Peer, name: &str, spec: &str) -> Option<&'static str> {
    if peer.is_old() && spec.contains("_local_file_attrs") {
        return Some("rpm since 4.20 has %_local_file_attrs");
    }
    let is_it = |known: &(&str, bool, &str)| known.0 == name && (peer.is_old() || !known.1);
    let found = SUBJECTS.iter().find(|it| is_it(it));
    found.map(|(_, _, reason)| *reason)
}

/// Files that rpm knows by their names, without looking into them.
const BY_NAME: [&str; 3] = [".html", ".png", ".svg"];

/// Texts that libmagic takes for data of some old program: the start of a package's name, and a file.
const MISTAKEN: [(&str, &str); 1] = [("monitorix-", "README")];

const APPLEWORKS: &str = "libmagic takes the text for a document of AppleWorks";

/// Why media types of a package may be others.
pub(super) fn media_types(package: &str, name: &str) -> Option<&'static str> {
    let is_it = |(start, _): &(&str, &str)| package.starts_with(start);
    let is_told = matches!(name, "Filemimeindex" | "Mimedict") && MISTAKEN.iter().any(is_it);
    is_told.then_some(APPLEWORKS)
}

/// Why the class of a file may be another one.
pub(super) fn class(peer: &Peer, package: &str, file: &str, theirs: &str) -> Option<&'static str> {
    let is_it = |(start, name): &(&str, &str)| package.starts_with(start) && file == *name;
    if MISTAKEN.iter().any(is_it) {
        return Some(APPLEWORKS);
    }
    if peer.is_old() && BY_NAME.iter().any(|ending| file.ends_with(ending)) {
        return Some("rpm since 4.19 tells HTML, PNG and SVG by the names of files alone");
    }
    let has_texts = theirs.starts_with("GNU message catalog");
    has_texts
        .then_some("libmagic shows texts of message catalogues, which may hold words that count")
}

/// Tags that change with the requirements of perl files.
const OF_PERL: [&str; 6] = [
    "Requirename",
    "Requireflags",
    "Requireversion",
    "Dependsdict",
    "Filedependsn",
    "Filedependsx",
];
const PERL: &str = "the version of Perl that a file asks for: ours says it as perl-generators do";

/// Why tags of a package may differ because its perl files ask for a version of Perl.
pub(super) fn perl(name: &str, ours: &Listing, theirs: &Listing) -> Option<&'static str> {
    let others = |it: &Listing| {
        let names = it.values("Requirename").iter();
        let names = names.filter(|it| !matches!(it.as_str(), "perl" | "perl(:VERSION)"));
        names.cloned().collect::<Vec<_>>()
    };
    let asks = ours
        .values("Requirename")
        .iter()
        .any(|it| it == "perl(:VERSION)");
    let is_excused = OF_PERL.contains(&name) && asks && others(ours) == others(theirs);
    is_excused.then_some(PERL)
}

/// Why a tag may differ.
pub(super) fn tag(
    peer: &Peer,
    name: &str,
    ours: &[String],
    theirs: &[String],
) -> Option<&'static str> {
    let is_reversed = || ours.iter().rev().eq(theirs);
    if peer.is_old() && matches!(name, "Source" | "Patch") && is_reversed() {
        return Some("rpm since 4.20 lists sources and patches in their order, not backwards");
    }
    let found = TAGS.iter().find(|(names, _)| names.contains(&name));
    found.map(|(_, reason)| *reason)
}

/// How many values libstdc++'s `std::sort` leaves in their order if they are equal.
const STABLE: usize = 16;

/// Why the dependencies of files may differ: the dictionary counts requirements, and rpm makes it before
/// it adds this one.
pub(super) fn dictionary(name: &str, ours: &Listing, theirs: &Listing) -> Option<&'static str> {
    if name != "Dependsdict" {
        return None;
    }
    let sorted = |it: &Listing| {
        let mut values = it.values(name).to_vec();
        values.sort_unstable();
        values
    };
    if theirs.values(name).len() > STABLE && sorted(ours) == sorted(theirs) {
        return Some("rpm's std::sort leaves the dependencies of one file in any order");
    }
    let mut names = theirs.values("Requirename").iter();
    let is_late = names.any(|it| it.starts_with("rpmlib(PayloadIs"));
    is_late.then_some(
        "rpm counts the requirements of files without rpmlib(PayloadIs...), and so points beside them",
    )
}

/// Takes away the dependencies that `ours` may have and `theirs` lacks; returns why, once for each.
pub(super) fn remove_dependencies(ours: &mut Listing, theirs: &Listing) -> Vec<&'static str> {
    let there = theirs.values("Requirename").to_vec();
    let is_owner = |name: &str| name.starts_with("user(") || name.starts_with("group(");
    let is_new = |name: &str| is_owner(name) && !there.iter().any(|it| it == name);
    let count = ours.retain_rows(&["Requirename", "Requireflags", "Requireversion"], |name| {
        !is_new(name)
    });
    vec![OWNERS; count]
}
