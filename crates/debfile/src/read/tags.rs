//! The tags that a .deb file would have as an .rpm file.

use std::collections::{BTreeMap, BTreeSet};

use package::split_path;
use query::unless_empty::{numbers, text, texts};
use query::{Tags, Value, file_flags};

use super::relations::{self, EQUAL, Part};
use super::stored::{StoredEntry, StoredKind, path_of};
use super::{DebFile, changelog};

/// Takes a tag from a package.
type Getter = fn(&DebFile) -> Option<Value>;

/// Tags of the package as a whole.
const GETTERS: [(&str, Getter); 22] = [
    ("NAME", |it| field(it, "Package")),
    ("EPOCH", |it| {
        version(it).0.map(|epoch| Value::Numbers(vec![epoch]))
    }),
    ("VERSION", |it| text(version(it).1)),
    ("RELEASE", |it| text(version(it).2)),
    ("ARCH", |it| text(arch(it))),
    ("OS", |_| text("linux")),
    ("SUMMARY", |it| text(description(it).0)),
    ("DESCRIPTION", |it| text(description(it).1)),
    ("GROUP", |it| field(it, "Section")),
    ("URL", |it| field(it, "Homepage")),
    ("PACKAGER", |it| field(it, "Maintainer")),
    ("BUGURL", |it| field(it, "Bugs")),
    ("SOURCERPM", |it| text(&source(it))),
    ("SIZE", |it| Some(Value::Numbers(vec![total_size(it)]))),
    ("PAYLOADFORMAT", |_| text("tar")),
    ("FILEDIGESTALGO", |_| Some(Value::Numbers(vec![1]))),
    ("ENCODING", |_| text("utf-8")),
    ("DIRNAMES", |it| texts(dirs(it))),
    ("DIRINDEXES", |it| numbers(dir_indexes(it))),
    ("FILEDIGESTS", |it| texts(digests(it))),
    ("FILEFLAGS", |it| numbers(flags(it))),
    ("FILEINODES", |it| numbers(inodes(it))),
];

/// How the tags of dependencies begin, and the fields they come from.
const RELATIONS: [(&str, &[&str]); 7] = [
    ("REQUIRE", &["Pre-Depends", "Depends"]),
    ("PROVIDE", &["Provides"]),
    ("CONFLICT", &["Conflicts", "Breaks"]),
    ("OBSOLETE", &["Replaces"]),
    ("RECOMMEND", &["Recommends"]),
    ("SUGGEST", &["Suggests"]),
    ("ENHANCE", &["Enhances"]),
];

/// Scripts, longer tags before those that they begin with. What debconf asks, it asks before anything is
/// unpacked.
const SCRIPTS: [(&str, &str); 5] = [
    ("PRETRANS", "config"),
    ("PREIN", "preinst"),
    ("POSTIN", "postinst"),
    ("PREUN", "prerm"),
    ("POSTUN", "postrm"),
];

/// Where documentation is, as rpm has it too.
const DOCS: [&str; 3] = ["/usr/share/doc/", "/usr/share/man/", "/usr/share/info/"];

impl Tags for DebFile {
    fn get(&self, tag: &str) -> Option<Value> {
        if let Some((_, get)) = GETTERS.iter().find(|(name, _)| *name == tag) {
            return get(self);
        }
        relation(self, tag)
            .or_else(|| script(self, tag))
            .or_else(|| change(self, tag))
            .or_else(|| class(self, tag))
            .or_else(|| trigger(self, tag))
            .or_else(|| file(self, tag))
    }
}

fn field(package: &DebFile, name: &str) -> Option<Value> {
    text(package.control.get(name)?)
}

/// Epoch, version and release; a native package has no release.
fn version(package: &DebFile) -> (Option<u64>, &str, &str) {
    let whole = package.control.get("Version").unwrap_or_default();
    let (epoch, rest) = whole.split_once(':').unwrap_or(("", whole));
    let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch.parse().ok(), version, release)
}

fn arch(package: &DebFile) -> &str {
    let arch = package.control.get("Architecture").unwrap_or_default();
    package::rpm_arch_of_dpkg(arch).unwrap_or(arch)
}

/// Synopsis and extended description.
fn description(package: &DebFile) -> (&str, &str) {
    let whole = package.control.get("Description").unwrap_or_default();
    whole.split_once('\n').unwrap_or((whole, ""))
}

/// The file that describes the source package.
fn source(package: &DebFile) -> String {
    let named = package.control.get("Source");
    let named = named.or_else(|| package.control.get("Package"));
    let named = named.unwrap_or_default();
    let (name, version) = match named.split_once('(') {
        Some((name, version)) => (name.trim(), version.trim_end_matches(')')),
        None => (named, package.control.get("Version").unwrap_or_default()),
    };
    let version = version.split_once(':').map_or(version, |it| it.1);
    format!("{name}_{version}.dsc")
}

fn parts(package: &DebFile, prefix: &str, fields: &[&str]) -> Vec<Part> {
    let mut parts = Vec::new();
    for name in fields {
        let before = *name == "Pre-Depends";
        let value = package.control.get(name).unwrap_or_default();
        let found = relations::parse(value).into_iter();
        parts.extend(found.map(|part| Part {
            flags: part.flags | if before { PRE } else { 0 },
            ..part
        }));
    }
    if prefix == "PROVIDE" {
        let of = |name: &str| package.control.get(name).unwrap_or_default().to_owned();
        parts.push(Part {
            name: of("Package"),
            flags: EQUAL,
            version: of("Version"),
        });
    }
    parts
}

/// Bit of what is needed before the package is unpacked.
const PRE: u64 = 1 << 9;

fn relation(package: &DebFile, tag: &str) -> Option<Value> {
    let (prefix, fields) = RELATIONS
        .iter()
        .find(|(prefix, _)| tag.starts_with(prefix))?;
    let parts = parts(package, prefix, fields).into_iter();
    match &tag[prefix.len()..] {
        "NAME" => texts(parts.map(|it| it.name).collect()),
        "VERSION" => texts(parts.map(|it| it.version).collect()),
        "FLAGS" => numbers(parts.map(|it| it.flags).collect()),
        _ => None,
    }
}

/// A script without its first line, and the interpreter that this names.
fn script(package: &DebFile, tag: &str) -> Option<Value> {
    let (prefix, name) = SCRIPTS.iter().find(|(prefix, _)| {
        let rest = tag.strip_prefix(prefix);
        rest.is_some_and(|rest| matches!(rest, "" | "PROG"))
    })?;
    let whole = package.control_files.get(*name)?;
    let (first, body) = whole.split_once('\n').unwrap_or((whole, ""));
    let interpreter = first.strip_prefix("#!");
    match (tag.len() > prefix.len(), interpreter) {
        (true, interpreter) => {
            let words = interpreter.unwrap_or("/bin/sh").split_whitespace();
            texts(words.map(str::to_owned).collect())
        }
        (false, Some(_)) => text(body.trim_end_matches('\n')),
        (false, None) => text(whole),
    }
}

/// A tag of the changelog: what only built the package again comes first, then what Debian changed; of a
/// native package, what there is.
fn change(package: &DebFile, tag: &str) -> Option<Value> {
    let tag = tag.strip_prefix("CHANGELOG")?;
    let mut files: Vec<_> = package.changelogs.iter().collect();
    files.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    // Beside a changelog of Debian's, the other one is upstream's.
    let has_own = files.iter().any(|(rank, ..)| *rank < NATIVE);
    files.retain(|(rank, ..)| !has_own || *rank < NATIVE);
    let entries = files.iter().flat_map(|(.., bytes)| changelog::parse(bytes));
    match tag {
        "TIME" => numbers(entries.map(|it| it.time.max(0) as u64).collect()),
        "NAME" => texts(
            entries
                .map(|it| format!("{} - {}", it.author, it.version))
                .collect(),
        ),
        "TEXT" => texts(entries.map(|it| it.text).collect()),
        _ => None,
    }
}

/// The rank of a native package's changelog.
const NATIVE: u8 = 2;

/// Tags of what files are: numbers of words, and the words.
fn class(package: &DebFile, tag: &str) -> Option<Value> {
    if package.classes.is_empty() {
        return None;
    }
    let of = |entry: &StoredEntry| match entry.kind {
        StoredKind::HardLink => package.classes.get(&path_of(&entry.target)),
        _ => package.classes.get(&entry.path),
    };
    let classes = || Words::of(package, |it| of(it).map_or("", |it| &it.class));
    let media_types = || Words::of(package, |it| of(it).map_or("", |it| &it.media_type));
    match tag {
        "CLASSDICT" => texts(classes().dictionary),
        "FILECLASS" => numbers(classes().indexes),
        "MIMEDICT" => texts(media_types().dictionary),
        "FILEMIMEINDEX" => numbers(media_types().indexes),
        "FILECOLORS" => {
            let entries = package.entries.iter();
            numbers(
                entries
                    .map(|it| of(it).map_or(0, |it| u64::from(it.color)))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// A word for each file, as rpm keeps them.
struct Words {
    dictionary: Vec<String>,
    indexes: Vec<u64>,
}

impl Words {
    fn of<'p>(package: &'p DebFile, word: impl Fn(&'p StoredEntry) -> &'p str) -> Self {
        let words: BTreeSet<&str> = package.entries.iter().map(&word).collect();
        let places: BTreeMap<&str, u64> = words.iter().copied().zip(0..).collect();
        let index = |entry| places.get(word(entry)).copied().unwrap_or_default();
        Self {
            indexes: package.entries.iter().map(index).collect(),
            dictionary: words.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Debian's triggers, each a line of deb-triggers(5). Those that are files are file triggers.
fn trigger(package: &DebFile, tag: &str) -> Option<Value> {
    let is_file = match tag {
        "TRIGGERNAME" => false,
        "FILETRIGGERNAME" => true,
        _ => return None,
    };
    let text = package.control_files.get("triggers")?;
    let lines = text.lines().filter_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        (words.get(1)?.starts_with('/') == is_file).then(|| words.join(" "))
    });
    texts(lines.collect())
}

/// What one file has to say for a tag.
enum Column {
    Number(fn(&DebFile, &StoredEntry) -> u64),
    Text(fn(&StoredEntry) -> String),
}

const COLUMNS: [(&str, Column); 9] = [
    (
        "BASENAMES",
        Column::Text(|it| split_path(&it.path).1.to_owned()),
    ),
    ("FILESIZES", Column::Number(size)),
    (
        "FILEMODES",
        Column::Number(|_, it| kind(&it.kind) << 12 | u64::from(it.mode)),
    ),
    ("FILEMTIMES", Column::Number(|_, it| it.mtime)),
    (
        "FILERDEVS",
        Column::Number(|_, it| (u64::from(it.major) & 0xff) << 8 | u64::from(it.minor) & 0xff),
    ),
    ("FILEUSERNAME", Column::Text(|it| it.user.clone())),
    ("FILEGROUPNAME", Column::Text(|it| it.group.clone())),
    ("FILELINKTOS", Column::Text(target)),
    ("FILEDEVICES", Column::Number(|_, _| 1)),
];

fn file(package: &DebFile, tag: &str) -> Option<Value> {
    let (_, column) = COLUMNS.iter().find(|(name, _)| *name == tag)?;
    let entries = package.entries.iter();
    match column {
        Column::Number(number) => numbers(entries.map(|it| number(package, it)).collect()),
        Column::Text(text) => texts(entries.map(text).collect()),
    }
}

fn dirs(package: &DebFile) -> Vec<String> {
    let mut dirs: Vec<String> = package
        .entries
        .iter()
        .map(|it| split_path(&it.path).0.to_owned())
        .collect();
    dirs.sort();
    dirs.dedup();
    dirs
}

fn dir_indexes(package: &DebFile) -> Vec<u64> {
    let dirs = dirs(package);
    let index =
        |it: &StoredEntry| dirs.binary_search_by(|dir| dir.as_str().cmp(split_path(&it.path).0));
    let entries = package.entries.iter();
    entries.map(|it| index(it).unwrap_or(0) as u64).collect()
}

/// Numbers from 1; a hard link has that of what it links to.
fn inodes(package: &DebFile) -> Vec<u64> {
    let entries = package.entries.iter().zip(1..);
    let numbers: BTreeMap<&str, u64> = entries.map(|(it, number)| (&*it.path, number)).collect();
    let number = |it: &StoredEntry| {
        let linked = match it.kind {
            StoredKind::HardLink => numbers.get(&*path_of(&it.target)),
            _ => None,
        };
        let own = numbers.get(&*it.path);
        linked.or(own).copied().unwrap_or(0)
    };
    package.entries.iter().map(number).collect()
}

/// The bits of a kind of file, as stat(2) has them; a hard link is to a regular file.
fn kind(kind: &StoredKind) -> u64 {
    match kind {
        StoredKind::Regular | StoredKind::HardLink => 0o10,
        StoredKind::Symlink => 0o12,
        StoredKind::CharDevice => 0o02,
        StoredKind::BlockDevice => 0o06,
        StoredKind::Directory => 0o04,
        StoredKind::Fifo => 0o01,
    }
}

fn target(entry: &StoredEntry) -> String {
    match entry.kind {
        StoredKind::Symlink => String::from_utf8_lossy(&entry.target).into_owned(),
        _ => String::new(),
    }
}

fn size(package: &DebFile, entry: &StoredEntry) -> u64 {
    match entry.kind {
        StoredKind::Symlink => entry.target.len() as u64,
        StoredKind::HardLink => linked_size(package, entry),
        _ => entry.size,
    }
}

fn linked_size(package: &DebFile, entry: &StoredEntry) -> u64 {
    let path = path_of(&entry.target);
    let entries = &package.entries;
    let found = entries.binary_search_by(|it| it.path.as_str().cmp(&path));
    found.map_or(0, |index| entries[index].size)
}

fn total_size(package: &DebFile) -> u64 {
    let sizes = package.entries.iter().map(|it| it.size);
    sizes.fold(0, u64::saturating_add)
}

/// The bits of each file: `%config`, `%doc`, `%license` (Debian Policy 12.5).
fn flags(package: &DebFile) -> Vec<u64> {
    let conffiles = package.control_files.get("conffiles");
    let configs: BTreeSet<&str> = conffiles
        .iter()
        .flat_map(|it| it.lines().map(str::trim_end))
        .collect();
    let bits = |it: &StoredEntry| {
        let is_file = it.kind != StoredKind::Directory;
        let is_doc = is_file && DOCS.iter().any(|dir| it.path.starts_with(dir));
        let is_license =
            is_file && it.path.starts_with(DOCS[0]) && split_path(&it.path).1 == "copyright";
        let is_config = configs.contains(&*it.path);
        let bits = [
            (is_doc, file_flags::DOC),
            (is_license, file_flags::LICENSE),
            (is_config, file_flags::CONFIG),
        ];
        let bits = bits.iter().filter(|(is_set, _)| *is_set);
        bits.fold(0, |all, (_, bit)| all | bit)
    };
    package.entries.iter().map(bits).collect()
}

/// The MD5 of each file, from `md5sums`; conffiles are not in it.
fn digests(package: &DebFile) -> Vec<String> {
    let text = package.control_files.get("md5sums");
    let lines = text.iter().flat_map(|it| it.lines());
    let pairs = lines.filter_map(|line| line.split_once("  "));
    let sums: BTreeMap<&str, &str> = pairs.map(|(sum, path)| (path, sum)).collect();
    let sum = |it: &StoredEntry| sums.get(it.path.trim_start_matches('/')).copied();
    let entries = package.entries.iter();
    entries.map(|it| sum(it).unwrap_or("").to_owned()).collect()
}
