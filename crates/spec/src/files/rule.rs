//! What a line of `%files` means: a [`FileRule`], and the defaults it is read with.

use package::{FileFlags, VerifyFlags};
use source::{Diagnostic, Origin, Text};

/// Mode, owner and group as `%attr` or `%defattr` gives them; `None` where it says `-`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Permission bits, at most 0o7777; of files only if it comes from `%defattr`.
    pub mode: Option<u32>,
    /// Owner's name.
    pub user: Option<String>,
    /// Group's name.
    pub group: Option<String>,
    /// Permission bits of directories, the fourth value of `%defattr`.
    pub dir_mode: Option<u32>,
}

/// How a value is given. Where several lines name a file, the value of the highest order counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// Not at all.
    #[default]
    Unset,
    /// By a default for all lines that follow.
    Default,
    /// On the line itself.
    Explicit,
}

/// What `%defattr` and `%defverify` have set for the lines that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultAttributes {
    /// `%defattr`; at first `-,root,root`.
    pub attributes: Attributes,
    /// Whether a line has set them.
    pub attributes_given: Firmness,
    /// `%defverify`; at first everything.
    pub verify: VerifyFlags,
    /// Whether a line has set it.
    pub verify_given: Firmness,
}

impl Default for DefaultAttributes {
    fn default() -> Self {
        let root = || Some("root".to_owned());
        Self {
            attributes: Attributes {
                user: root(),
                group: root(),
                ..Attributes::default()
            },
            attributes_given: Firmness::Unset,
            verify: VerifyFlags::ALL,
            verify_given: Firmness::Unset,
        }
    }
}

/// What a line of `%files` does with its patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Packages the files of the build root that its one pattern matches.
    Files,
    /// `%doc` with relative paths: copies them from the source directory to `%_docdir`.
    SpecialDoc,
    /// `%license` with relative paths: copies them from the source directory to `%_licensedir`.
    SpecialLicense,
    /// `%docdir`: files below its directory count as documentation.
    DocDir,
    /// `%pubkey`: an OpenPGP key to put into the package's header.
    PubKey,
}

/// A device to make up, `%dev(type,major,minor)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Block device, else character device.
    pub is_block: bool,
    /// Major number, below 256.
    pub major: u32,
    /// Minor number, below 256.
    pub minor: u32,
}

/// A line of `%files`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRule {
    /// What to do with the patterns.
    pub kind: RuleKind,
    /// Paths or globs; exactly one except for special `%doc` and `%license`. A backslash takes a
    /// character's special meaning away; quoted names come with such backslashes.
    pub patterns: Vec<Text>,
    /// `%attr`.
    pub attr: Attributes,
    /// `%defattr` in force on this line.
    pub default_attr: Attributes,
    /// How mode, owner and group are given.
    pub attr_given: Firmness,
    /// `%config`, `%doc`, `%ghost` and the like.
    pub flags: FileFlags,
    /// `%dir`: the directory itself, without what is in it.
    pub is_dir: bool,
    /// `%exclude`.
    pub is_exclude: bool,
    /// `%verify`, else `%defverify`.
    pub verify: VerifyFlags,
    /// How the flags to verify are given.
    pub verify_given: Firmness,
    /// `%lang`, sorted.
    pub langs: Vec<String>,
    /// `%caps`, as cap_to_text(3) writes it.
    pub caps: Option<String>,
    /// `%dev`.
    pub device: Option<Device>,
    /// Faults in the rest of the line, to be reported after those of its first file.
    pub further: Vec<Diagnostic>,
    /// The line.
    pub origin: Option<Origin>,
}

impl FileRule {
    /// The permission bits for what the rule matched; `None`: as in the build root.
    ///
    /// Links keep their own. `%attr` wins; `%defattr` has one mode for files, one for directories.
    pub fn mode(&self, is_directory: bool, is_link: bool) -> Option<u32> {
        if is_link {
            return None;
        }
        let default = if is_directory {
            self.default_attr.dir_mode
        } else {
            self.default_attr.mode
        };
        self.attr.mode.or(default)
    }

    /// The owner's name; root by default.
    pub fn user(&self) -> &str {
        let user = self.attr.user.as_ref().or(self.default_attr.user.as_ref());
        user.map_or("root", String::as_str)
    }

    /// The group's name; root by default.
    pub fn group(&self) -> &str {
        let group = self
            .attr
            .group
            .as_ref()
            .or(self.default_attr.group.as_ref());
        group.map_or("root", String::as_str)
    }
}
