//! The Debian wing: what `.deb` files, Debian source packages and uploads are made from, gathered from
//! spec, target and machine, and the way back from an unpacked source package.
//!
//! Not here: what goes into `debian/` and control files, which crate `debfile` owns.

pub(crate) mod clear_signed;
pub(crate) mod context;
pub(crate) mod control_files;
pub(crate) mod debbuild_branches;
pub(crate) mod dsc;
pub(crate) mod file_sums;
pub(crate) mod material;
pub(crate) mod names;
pub(crate) mod packages;
pub(crate) mod rules;
pub(crate) mod rules_arguments;
pub(crate) mod scriptlets;
pub(crate) mod source_archives;
pub(crate) mod source_package;
pub(crate) mod tree;
pub(crate) mod tree_sources;
pub(crate) mod upload;
pub(crate) mod upstream;
