//! Fixed words of the format in which the name of the distribution occurs.
//!
//! They belong to the format and are the same for every distribution that uses it.

/// First member of the archive. Source: deb(5).
pub(crate) const FORMAT_MEMBER: &str = "debian-binary";
/// Its content.
pub(crate) const FORMAT_VERSION: &str = "2.0\n";
/// The changelog of a package that has a revision. Source: Debian Policy 12.7.
pub(crate) const CHANGELOG: &str = "changelog.Debian.gz";
/// The changelog of a package that has none.
pub(crate) const NATIVE_CHANGELOG: &str = "changelog.gz";
/// Names the syntax of a `copyright` file. Source: machine-readable copyright file 1.0.
pub(crate) const COPYRIGHT_FORMAT: &str =
    "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/";
/// The maintainer of a package whose spec names nobody: the field must be there.
pub(crate) const NOBODY: &str = "Unknown Packager <packager@example.org>";
/// The format of source packages: an upstream archive, and a `debian` directory beside it.
/// Source: dpkg-source(1), "Format: 3.0 (quilt)".
pub(crate) const SOURCE_FORMAT: &str = "3.0 (quilt)";
/// The version of Debian Policy that source packages are made to.
pub(crate) const STANDARDS_VERSION: &str = "4.6.2";
/// The priority of every package. Source: Debian Policy 2.5.
pub(crate) const PRIORITY: &str = "optional";
