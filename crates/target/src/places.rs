//! What a table says about places in the file system.

use serde::Deserialize;

/// Directories where files are lost, or where nothing looks for them, or where names decide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Place {
    /// Directories; a `*` stands for any part of one name, `/` for all directories where names decide.
    pub below: Vec<String>,
    /// Paths there that are right; a `*` at the end stands for any ending.
    pub unless: Vec<String>,
    /// Where files from there lie in a package, in place of the directory.
    pub becomes: Option<String>,
    /// Whether all in it is gone after a reboot.
    pub volatile: bool,
    /// The characters that names may have there, as in `A-Za-z0-9_-`.
    pub names: Option<String>,
    /// An ending to which the set does not apply.
    pub free_ending: Option<String>,
    /// Whether files have to be executable.
    pub executable: bool,
    /// The endings of which names have to have one.
    pub endings: Vec<String>,
    /// The endings that names must not have.
    pub not_endings: Vec<String>,
    /// What is wrong, as the rest of a sentence that begins with the path.
    pub says: String,
    /// What to do instead, or nothing.
    pub instead: String,
    /// Where that is written.
    pub source: String,
}

impl Place {
    /// Whether only some files are wrong there, by their names or modes.
    #[must_use]
    pub fn decides_by_name(&self) -> bool {
        let has_endings = !self.endings.is_empty() || !self.not_endings.is_empty();
        self.names.is_some() || self.executable || has_endings
    }
}
