//! What is said of a release, and how its packages are made.

/// Which kind of package a target makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.rpm`
    Rpm,
    /// `.deb`
    Deb,
}

/// A compression method of package payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Not compressed.
    None,
    /// RFC 1952.
    Gzip,
    /// The xz format.
    Xz,
    /// RFC 8878.
    Zstd,
}

/// How the payload is compressed unless the spec says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compression {
    /// The method.
    pub method: Method,
    /// The level, in the method's own numbers.
    pub level: u8,
}

/// What is said about a release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Release {
    /// The distribution, as in os-release; empty without one.
    pub distribution: String,
    /// The release's name, such as a code name; empty without one.
    pub name: String,
    /// The release's number; empty without one.
    pub version: String,
}

/// What the target wants done with files on their way into a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policies {
    /// Byte-compiled Python is shipped, and not made at installation.
    pub ships_bytecode: bool,
    /// `*.la` files are shipped.
    pub ships_libtool_archives: bool,
    /// Shared libraries are announced by a package trigger, and not by scriptlets.
    pub library_trigger: bool,
}
