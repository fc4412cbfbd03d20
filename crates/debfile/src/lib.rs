//! Packages in Debian's form, and the `.deb` files they are written to.
//!
//! [`lower()`] turns a [`package::Package`] into a [`DebPackage`]: control fields, maintainer
//! scripts, the file tree. It is pure. [`write()`] streams a [`DebPackage`] into a `.deb` file.
//! [`shlibs`] finds the packages that shared libraries come from. [`DebWriter`] lowers and writes
//! behind [`package::PackageWriter`]. [`DebFile`] is a `.deb` file that was read, and answers queries
//! in rpm's words. [`source_package`] makes source packages and the files that uploads need.
//!
//! Debian's policy is here, but for what the helpers of crate `policy` do in the build root. Not here: what
//! distribution it is for; that is data in [`Context`].

pub mod codes;
mod context;
mod dates;
mod deb;
mod deb822;
mod lower;
mod order;
mod read;
mod relation;
pub mod shlibs;
pub mod source_package;
mod texts;
mod words;
mod write;
mod writer;

pub use context::{
    Context, Distribution, Program, Resolution, Resolver, ScriptletArguments, SuffixRule, VERSION,
    with_version_inside,
};
pub use deb::{DebPackage, Entry, EntryKind, Owner, Script};
pub use deb822::Paragraph;
pub use lower::{
    deb_version, file_name, file_version, lower, package_name, shell_of, source_name, upstream_form,
};
pub use order::deb_order;
pub use read::{DebFile, FileClass, ReadError, StoredEntry, StoredKind};
pub use texts::{compress_documents, read_texts};
pub use write::{WriteOptions, write};
pub use writer::DebWriter;
