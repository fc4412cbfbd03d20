//! What a package leaves out of its archive.

use package::Package;

use super::{copyright, python};
use crate::context::Context;

/// Whether a path belongs into the archive: byte code is made after installation, and licences go
/// into the `copyright` file.
pub(crate) fn is_kept(package: &Package, path: &str, context: &Context<'_>) -> bool {
    let embedded = |entry| copyright::is_embedded(entry, context);
    !python::is_bytecode(path) && !package.files.get(path).is_some_and(embedded)
}

/// Whether a path of a package ends up in its archive; ghosts do not.
pub(crate) fn is_shipped(package: &Package, path: &str, context: &Context<'_>) -> bool {
    let entry = package.files.get(path);
    !entry.is_some_and(|it| it.flags.ghost) && is_kept(package, path, context)
}
