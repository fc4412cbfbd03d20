//! When a dependency is needed: the words in `Requires(pre,post)`.

/// One word in the brackets of `Requires(…)`, or where a dependency comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum Phase {
    /// For an interpreter of a scriptlet (`interp`).
    Interp,
    /// `%pre`.
    Pre,
    /// `%post`.
    Post,
    /// `%preun`.
    PreUn,
    /// `%postun`.
    PostUn,
    /// `%pretrans`.
    PreTrans,
    /// `%posttrans`.
    PostTrans,
    /// `%preuntrans`.
    PreUnTrans,
    /// `%postuntrans`.
    PostUnTrans,
    /// `%verifyscript`.
    Verify,
    /// Does not influence the order of installation (`meta`).
    Meta,
    /// A feature of the package manager (`rpmlib`).
    Rpmlib,
    /// Between a package and its configuration files, `config(name)`.
    Config,
    /// A generator found it in the files.
    Generated,
    /// May be missing (`missingok`), the old form of a weak dependency.
    MissingOk,
    /// A condition of a trigger.
    Trigger,
}

/// A set of [`Phase`]s; the empty set means: while the package is installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phases(u32);

impl Phases {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// This set with one more phase.
    #[must_use]
    pub const fn with(self, phase: Phase) -> Self {
        Self(self.0 | 1 << phase as u32)
    }

    /// Whether the phase is in the set.
    pub const fn has(self, phase: Phase) -> bool {
        self.0 & 1 << phase as u32 != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Phase> for Phases {
    fn from_iter<I: IntoIterator<Item = Phase>>(phases: I) -> Self {
        phases.into_iter().fold(Self::NONE, Self::with)
    }
}
