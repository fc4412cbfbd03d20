//! Package files onto the disk, whatever is in them: complete or not at all, in order, signed.

pub(crate) mod package_file;
pub(crate) mod pkgcheck;
pub(crate) mod side_by_side;
pub(crate) mod signing;
