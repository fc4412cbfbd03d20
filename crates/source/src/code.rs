//! The name of a finding, and how bad it is.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build goes on.
    Warning,
    /// The build ends with status 1.
    Error,
}

/// The stable name of a finding, `area::kebab-name`. Codes are never used again for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// The name without its area, as `-W` takes it: `unexpanded-macro`.
    pub fn name(self) -> &'static str {
        self.0.rsplit("::").next().unwrap_or(self.0)
    }
}
