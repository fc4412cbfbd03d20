//! What the macro libraries say of themselves.

/// A macro library that this program carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MacroLibrary {
    /// The source package that brings it, in Fedora.
    pub name: &'static str,
    /// What packagers call it.
    pub upstream: &'static str,
    /// The version that is followed.
    pub version: &'static str,
    /// Its public macros, sorted by name.
    pub macros: &'static [LibraryMacro],
}

/// A public macro of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LibraryMacro {
    /// Without `%`.
    pub name: &'static str,
    /// What it is for: a sentence.
    pub purpose: &'static str,
}
