//! What the build script has found out about the layers of a profile.

/// A layer as the build script writes it down.
#[derive(Debug)]
pub(crate) enum Step {
    /// The number of an embedded file.
    File(usize),
    /// What follows from the architecture, and the profile that names it.
    Platform(&'static str),
}
