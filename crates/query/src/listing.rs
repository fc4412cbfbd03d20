//! The files of a package as `rpm -ql`, `-qlv` and `--dump` list them.
//!
//! Source: rpm(8), "PACKAGE QUERY OPTIONS", `--dump` and `--list`.

use crate::formats::{month_day, permissions};
use crate::{Tags, Value, extension};

/// Bits of a file's flags, to choose files by.
pub mod file_flags {
    /// `%config`.
    pub const CONFIG: u64 = 1;
    /// `%doc`.
    pub const DOC: u64 = 1 << 1;
    /// `%ghost`.
    pub const GHOST: u64 = 1 << 6;
    /// `%license`.
    pub const LICENSE: u64 = 1 << 7;
    /// `%artifact`.
    pub const ARTIFACT: u64 = 1 << 12;
}

/// How much is shown of each file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Its path.
    #[default]
    Path,
    /// A line as of `ls -l`. `now` is seconds since 1970: files of the last months show the time of
    /// day, others the year.
    Long {
        /// The time it is.
        now: u64,
    },
    /// Everything, for programs.
    Dump,
}

/// Which files are listed, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Only files that have one of these [`file_flags`]; all files if there are none.
    pub with: u64,
    /// No files that have one of these.
    pub without: u64,
    /// Shows what became of each file when it was installed.
    pub shows_states: bool,
    /// How much is shown.
    pub detail: Detail,
}

/// Seconds for which a file is recent: six months of thirty days.
const RECENT: u64 = 6 * 30 * 24 * 60 * 60;
/// Seconds by which clocks may differ.
const SLOP: u64 = 60 * 60;
/// Columns for owner and group; longer names are cut.
const NAME_COLUMNS: usize = 8;

impl Listing {
    /// The list of a package's files, a line each.
    pub fn render(&self, tags: &dyn Tags) -> String {
        let Some(names) = extension::get(tags, "FILENAMES") else {
            return "(contains no files)\n".to_owned();
        };
        let columns = Columns::of(tags);
        let lines = names
            .texts()
            .iter()
            .enumerate()
            .filter_map(|(index, name)| {
                let flags = columns.number(Column::Flags, index);
                let is_left_out =
                    (self.with != 0 && flags & self.with == 0) || flags & self.without != 0;
                (!is_left_out).then(|| self.line(&columns, index, name))
            });
        lines.collect()
    }

    fn line(&self, columns: &Columns, index: usize, name: &str) -> String {
        let state = if self.shows_states {
            columns.state(index)
        } else {
            ""
        };
        let line = match self.detail {
            Detail::Path => name.to_owned(),
            Detail::Long { now } => columns.long(index, name, now),
            Detail::Dump => columns.dump(index, name),
        };
        format!("{state}{line}\n")
    }
}

/// A tag that has an element for each file.
#[derive(Clone, Copy)]
enum Column {
    Size,
    Mode,
    Time,
    Digest,
    User,
    Group,
    Flags,
    Device,
    Link,
    Names,
    State,
}

const TAGS: [&str; 11] = [
    "LONGFILESIZES",
    "FILEMODES",
    "FILEMTIMES",
    "FILEDIGESTS",
    "FILEUSERNAME",
    "FILEGROUPNAME",
    "FILEFLAGS",
    "FILERDEVS",
    "FILELINKTOS",
    "FILENLINKS",
    "FILESTATES",
];

struct Columns {
    values: Vec<Option<Value>>,
    /// Hexadecimal digits.
    digest_length: usize,
}

impl Columns {
    fn of(tags: &dyn Tags) -> Self {
        let algorithm = tags.get("FILEDIGESTALGO").and_then(|it| it.number_at(0));
        Self {
            values: TAGS.iter().map(|tag| extension::get(tags, tag)).collect(),
            digest_length: digest_length(algorithm.unwrap_or(1)),
        }
    }

    fn value(&self, column: Column) -> Option<&Value> {
        self.values[column as usize].as_ref()
    }

    fn number(&self, column: Column, index: usize) -> u64 {
        let number = self.value(column).and_then(|it| it.number_at(index));
        number.unwrap_or(0)
    }

    fn text(&self, column: Column, index: usize) -> &str {
        let text = self.value(column).and_then(|it| it.text_at(index));
        text.unwrap_or_default()
    }

    fn state(&self, index: usize) -> &'static str {
        let Some(states) = self.value(Column::State) else {
            return "(no state)    ";
        };
        match states.number_at(index) {
            Some(0) => "normal        ",
            Some(1) => "replaced      ",
            Some(2) => "not installed ",
            Some(3) => "net shared    ",
            Some(4) => "wrong color   ",
            _ => "(no state)    ",
        }
    }

    /// The digest; zeroes for what has none.
    fn digest(&self, index: usize) -> String {
        match self.text(Column::Digest, index) {
            "" => "0".repeat(self.digest_length),
            digest => digest.to_owned(),
        }
    }

    /// Path, size, time, digest, mode, owner, group, `%config`, `%doc`, device, link target.
    fn dump(&self, index: usize, name: &str) -> String {
        let number = |column| self.number(column, index);
        let text = |column| self.text(column, index);
        let flag = |bit| u8::from(number(Column::Flags) & bit != 0);
        let link = match text(Column::Link) {
            "" => "X",
            target => target,
        };
        format!(
            "{name} {} {} {} 0{:o} {} {} {} {} {} {link}",
            number(Column::Size),
            number(Column::Time),
            self.digest(index),
            number(Column::Mode),
            text(Column::User),
            text(Column::Group),
            flag(file_flags::CONFIG),
            flag(file_flags::DOC),
            number(Column::Device),
        )
    }

    fn long(&self, index: usize, name: &str, now: u64) -> String {
        let number = |column| self.number(column, index);
        let mode = number(Column::Mode);
        let kind = mode >> 12 & 0o17;
        let is_directory = kind == 0o4;
        let size = match kind {
            0o2 | 0o6 => {
                let device = number(Column::Device);
                format!("{:3}, {:3}", device >> 8 & 0xff, device & 0xff)
            }
            0o4 => format!("{:20}", 0),
            _ => format!("{:20}", number(Column::Size)),
        };
        let target = match kind {
            0o12 => format!(" -> {}", self.text(Column::Link, index)),
            _ => String::new(),
        };
        let owner = |column| self.text(column, index).chars().take(NAME_COLUMNS);
        let (user, group): (String, String) = (
            owner(Column::User).collect(),
            owner(Column::Group).collect(),
        );
        let links = number(Column::Names) + u64::from(is_directory);
        let time = number(Column::Time);
        let is_recent = now <= time.saturating_add(RECENT) && now.saturating_add(SLOP) >= time;
        format!(
            "{} {links:4} {user:-8} {group:-8} {size:>10} {} {name}{target}",
            permissions(mode),
            month_day(time, is_recent),
        )
    }
}

/// Hexadecimal digits of a digest. Source: RFC 9580, section 9.5, for the numbers.
fn digest_length(algorithm: u64) -> usize {
    match algorithm {
        1 => 32,
        2 | 3 => 40,
        8 | 12 => 64,
        9 => 96,
        10 | 14 => 128,
        11 => 56,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Demo;

    impl Tags for Demo {
        fn get(&self, tag: &str) -> Option<Value> {
            let texts = |it: [&str; 2]| Some(Value::Texts(it.map(str::to_owned).to_vec()));
            let numbers = |it: [u64; 2]| Some(Value::Numbers(it.to_vec()));
            match tag {
                "BASENAMES" => texts(["a", "b"]),
                "DIRNAMES" => Some(Value::Texts(vec!["/etc/".to_owned()])),
                "DIRINDEXES" => numbers([0, 0]),
                "FILESIZES" => numbers([5, 4096]),
                "FILEMODES" => numbers([0o100_644, 0o040_755]),
                "FILEMTIMES" => numbers([1_700_000_000, 1_600_000_000]),
                "FILEDIGESTS" => texts(["abc", ""]),
                "FILEUSERNAME" | "FILEGROUPNAME" => texts(["root", "messagebus"]),
                "FILEFLAGS" => numbers([0b11, 0]),
                "FILEINODES" => numbers([1, 2]),
                _ => None,
            }
        }
    }

    fn render(listing: Listing) -> String {
        listing.render(&Demo)
    }

    #[test]
    fn lists_in_every_detail() {
        assert_eq!(render(Listing::default()), "/etc/a\n/etc/b\n");
        let detail = Detail::Long { now: 1_700_000_060 };
        let long = Listing {
            detail,
            ..Listing::default()
        };
        assert_eq!(
            render(long),
            "-rw-r--r--    1 root     root                        5 Nov 14 22:13 /etc/a\n\
             drwxr-xr-x    2 messageb messageb                    0 Sep 13  2020 /etc/b\n"
        );
        let dump = Listing {
            detail: Detail::Dump,
            with: file_flags::CONFIG,
            ..Listing::default()
        };
        assert_eq!(
            render(dump),
            "/etc/a 5 1700000000 abc 0100644 root root 1 1 0 X\n"
        );
    }

    #[test]
    fn a_package_without_files_says_so() {
        struct Nothing;
        impl Tags for Nothing {
            fn get(&self, _: &str) -> Option<Value> {
                None
            }
        }
        let text = Listing::default().render(&Nothing);
        assert_eq!(text, "(contains no files)\n");
    }
}
