//! A Debian package in full, ready to be written: what lowering makes.

use std::collections::BTreeMap;

use package::Content;

use crate::deb822::Paragraph;

/// A maintainer script. Source: Debian Policy, chapter 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    /// Before the files are unpacked.
    Preinst,
    /// After they are unpacked, to configure the package.
    Postinst,
    /// Before the files are removed.
    Prerm,
    /// After they are removed.
    Postrm,
}

impl Script {
    /// Every script, in the order of a package's life.
    pub const ALL: [Self; 4] = [Self::Preinst, Self::Postinst, Self::Prerm, Self::Postrm];

    /// The name of its control member.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preinst => "preinst",
            Self::Postinst => "postinst",
            Self::Prerm => "prerm",
            Self::Postrm => "postrm",
        }
    }
}

/// What an entry of the file tree is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with bytes of its own.
    Regular {
        /// Where they are.
        content: Content,
        /// How many they are.
        size: u64,
    },
    /// Another name of an earlier entry.
    HardLink {
        /// Absolute path of the earlier entry.
        target: String,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink {
        /// What it points to, as written in the link.
        target: String,
    },
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
}

/// A user or group that an archive can name: its number is the same on every system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Name.
    pub name: &'static str,
    /// Number.
    pub id: u32,
}

impl Owner {
    /// The superuser, and his group.
    pub const ROOT: Self = Self {
        name: "root",
        id: 0,
    };
}

/// One entry of the file tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Absolute path, without a trailing slash.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits, at most 0o7777.
    pub mode: u32,
    /// Owner.
    pub user: Owner,
    /// Group.
    pub group: Owner,
    /// Seconds since 1970 UTC; writing brings it down to [`DebPackage::time`].
    pub mtime: i64,
}

/// A Debian package, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebPackage {
    /// `name_version_arch.deb`, the epoch left out.
    pub file_name: String,
    /// The `control` member.
    pub control: Paragraph,
    /// Maintainer scripts, whole texts.
    pub scripts: BTreeMap<Script, String>,
    /// Further control members by name (`conffiles`, `triggers`, `shlibs`, …), `md5sums` excepted:
    /// it is made while the files are read.
    pub members: BTreeMap<String, Vec<u8>>,
    /// The file tree, parents before children, first names of a file before further ones.
    pub entries: Vec<Entry>,
    /// Seconds since 1970 UTC: no time in the package is later.
    pub time: i64,
}

impl DebPackage {
    /// The value of a control field, or an empty string.
    pub fn field(&self, name: &str) -> &str {
        self.control.get(name).unwrap_or("")
    }

    /// The package's name.
    pub fn name(&self) -> &str {
        self.field("Package")
    }

    /// dpkg's word for the architecture.
    pub fn arch(&self) -> &str {
        self.field("Architecture")
    }
}
