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
const SUBJECTS: [(&str, bool, &str); 7] = [
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
        "testdata/collect/compressed-docs",
        false,
        "its policy compresses documentation for Debian's family, and the peer has none of the kind",
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

/// Files that rpm since 4.19 knows by their names, and what it says of them then.
const BY_NAME: [(&str, &str); 3] = [
    (".html", "HTML document"),
    (".png", "PNG image data"),
    (".svg", "SVG Scalable Vector Graphics image"),
];

/// Texts that libmagic takes for data of some old program: the start of a package's name, and a file.
const MISTAKEN: [(&str, &str); 1] = [("monitorix-", "README")];

const APPLEWORKS: &str = "libmagic takes the text for a document of AppleWorks";

/// Whether a file is one of the mistaken ones, and what is said of it is that mistake.
fn is_mistaken(package: &str, file: &str, ours: &str, theirs: &str) -> bool {
    let is_it = |(start, name): &(&str, &str)| package.starts_with(start) && file == *name;
    MISTAKEN.iter().any(is_it)
        && ours.contains("text")
        && theirs.to_lowercase().contains("appleworks")
}

/// Why media types of a package may be others: one for a mistaken file, all else the same; and the
/// dictionary that follows from them.
pub(super) fn media_types(
    package: &str,
    name: &str,
    ours: &Listing,
    theirs: &Listing,
) -> Option<&'static str> {
    let of_files = [ours, theirs].map(|it| it.values("Filemimeindex"));
    let files = theirs.values("Basenames").iter();
    let mut files = files.zip(of_files[0].iter().zip(of_files[1]));
    let is_right = match name {
        "Filemimeindex" => of_files[0].len() == of_files[1].len(),
        "Mimedict" => {
            [ours, theirs].map(|it| sorted(it.values(name)))
                == of_files.map(|of_files| {
                    let mut used = sorted(of_files);
                    used.dedup();
                    used
                })
        }
        _ => false,
    };
    let is_excused = |(file, (ours, theirs)): (&String, (&String, &String))| {
        ours == theirs || is_mistaken(package, file, ours, theirs)
    };
    (is_right && files.all(is_excused)).then_some(APPLEWORKS)
}

/// Why the class of a file may be another one. `classes` are ours and theirs; ours is empty for what
/// tells nothing about dependencies, as catalogues do.
pub(super) fn class(
    peer: &Peer,
    package: &str,
    file: &str,
    classes: [&str; 2],
) -> Option<&'static str> {
    let [ours, theirs] = classes;
    if is_mistaken(package, file, ours, theirs) {
        return Some(APPLEWORKS);
    }
    let is_by_name = |(ending, class): &(&str, &str)| file.ends_with(ending) && ours == *class;
    if peer.is_old() && BY_NAME.iter().any(is_by_name) {
        return Some("rpm since 4.19 tells HTML, PNG and SVG by the names of files alone");
    }
    (ours.is_empty() && theirs.starts_with("GNU message catalog"))
        .then_some("libmagic shows texts of message catalogues, which may hold words that count")
}

fn sorted(values: &[String]) -> Vec<&String> {
    let mut values: Vec<&String> = values.iter().collect();
    values.sort_unstable();
    values
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
        let rows = it.rows("Require").into_iter();
        let rows = rows.filter(|row| !matches!(row[0], "perl" | "perl(:VERSION)"));
        rows.map(|row| row.map(String::from)).collect::<Vec<_>>()
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

/// The requirement that rpm adds when the dependencies of files are counted already.
const LATE_REQUIREMENT: &str = "rpmlib(PayloadIs";

/// Why the dependencies of files may differ: each file has the same ones, but in another order, or by
/// numbers that were given before one more requirement came in.
pub(super) fn dictionary(name: &str, ours: &Listing, theirs: &Listing) -> Option<&'static str> {
    if name != "Dependsdict" {
        return None;
    }
    let mut meant = theirs.values(name).to_vec();
    let is_late = theirs.values("Requirename").iter();
    let is_late = is_late.clone().any(|it| it.starts_with(LATE_REQUIREMENT));
    if is_late {
        meant = theirs.dictionary_without(LATE_REQUIREMENT);
    }
    if ours.values(name) == meant {
        return Some(
            "rpm counts the requirements of files without rpmlib(PayloadIs...), and so points beside them",
        );
    }
    let is_any_order = meant.len() > STABLE
        && ours.values("Filedependsx") == theirs.values("Filedependsx")
        && ours.values("Filedependsn") == theirs.values("Filedependsn")
        && theirs.by_file(ours.values(name)) == theirs.by_file(&meant);
    is_any_order.then_some("rpm's std::sort leaves the dependencies of one file in any order")
}

/// rpm before 4.20 says of patterns that nothing matches them, and sought those of `%doc` in the build
/// directory.
fn join_patterns(ours: &mut String, theirs: &mut String) {
    let pattern = theirs.strip_prefix("error: File not found by glob: ");
    let name = pattern
        .and_then(|it| it.rsplit('/').next())
        .unwrap_or_default();
    if !name.is_empty() && ours.starts_with("error: File not found: ") && ours.ends_with(name) {
        theirs.clone_from(ours);
    }
}

/// How we refuse names that rpm takes, and that are texts in its headers.
const NOT_UTF_8: [&str; 2] = ["error: the name of `", "is not UTF-8"];

/// Errors of both, unless they are the same: in the same order, the words of an older rpm put as ours.
pub(super) fn refusals(
    peer: &Peer,
    mut ours: Vec<String>,
    mut theirs: Vec<String>,
) -> Option<(String, String)> {
    let [start, end] = NOT_UTF_8;
    ours.retain(|it| !(it.starts_with(start) && it.ends_with(end)));
    if peer.is_old() {
        for (ours, theirs) in ours.iter_mut().zip(&mut theirs) {
            join_patterns(ours, theirs);
        }
        // Since 4.20 rpm names the package and its files.
        let noarch = "error: Arch dependent binaries in noarch package";
        for error in ours.iter_mut().filter(|it| it.starts_with(noarch)) {
            error.truncate(noarch.len());
        }
    }
    (ours != theirs).then(|| (ours.join("\n"), theirs.join("\n")))
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

#[cfg(test)]
mod tests {
    use super::{Listing, dictionary, media_types};

    /// A package with these values of tags.
    fn package(tags: &[(&str, &[&str])]) -> Listing {
        let value = |value: &&str| format!("<string>{value}</string>");
        let tag = |(name, values): &(&str, &[&str])| {
            let values: String = values.iter().map(value).collect();
            format!("<rpmTag name=\"{name}\">{values}</rpmTag>")
        };
        Listing::parse(&tags.iter().map(tag).collect::<String>())
    }

    #[test]
    fn dependencies_of_a_file_may_change_places_but_not_files() {
        let many: Vec<String> = (0..20).map(|it| format!("Require lib{it}")).collect();
        let of = |swap: (usize, usize)| {
            let mut values: Vec<&str> = many.iter().map(String::as_str).collect();
            values.swap(swap.0, swap.1);
            package(&[
                ("Dependsdict", &values),
                ("Filedependsx", &["0", "10"]),
                ("Filedependsn", &["10", "10"]),
            ])
        };
        let theirs = of((0, 0));
        assert!(dictionary("Dependsdict", &of((2, 7)), &theirs).is_some());
        assert!(dictionary("Dependsdict", &of((2, 17)), &theirs).is_none());
    }

    #[test]
    fn a_late_requirement_moves_numbers_and_nothing_else() {
        let of = |names: &[&str], numbers: &[&str]| {
            let tags = [("Requirename", names), ("Dependsdict", numbers)];
            let mut listing = package(&tags);
            listing.resolve_dictionary();
            listing
        };
        // `R` and the number of the requirement.
        let number = |index: u32| (u32::from('R') << 24 | index).to_string();
        let numbers = [number(1), number(2)];
        let (first, second) = (numbers[0].as_str(), numbers[1].as_str());
        let names = ["a", "rpmlib(PayloadIsZstd)", "z"];
        let theirs = of(&names, &[first]);
        let why = |ours: &[&str]| dictionary("Dependsdict", &of(&names, ours), &theirs);
        assert!(why(&[second]).is_some());
        assert!(why(&[number(0).as_str()]).is_none());
    }

    #[test]
    fn a_mistake_of_libmagic_is_that_of_one_file() {
        let of = |types: [&str; 2]| {
            package(&[
                ("Basenames", &["README", "tool"]),
                ("Filemimeindex", &types),
            ])
        };
        let theirs = of(["application/x-appleworks3", "text/x-shellscript"]);
        let why = |package: &str, ours| media_types(package, "Filemimeindex", &of(ours), &theirs);
        let right = ["text/plain", "text/x-shellscript"];
        assert!(why("monitorix-1-1.noarch.rpm", right).is_some());
        assert!(why("monitorix-1-1.noarch.rpm", ["text/plain", "text/plain"]).is_none());
        assert!(why("other-1-1.noarch.rpm", right).is_none());
    }
}
