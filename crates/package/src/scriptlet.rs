//! Scriptlets and triggers.

use source::Origin;

use crate::Dependency;

/// When a scriptlet runs. Source: rpm-scriptlets(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// `%pre`: before the package's files are laid down.
    Pre,
    /// `%post`: after.
    Post,
    /// `%preun`: before the files are removed.
    PreUn,
    /// `%postun`: after.
    PostUn,
    /// `%pretrans`: before the whole transaction.
    PreTrans,
    /// `%posttrans`: after it.
    PostTrans,
    /// `%preuntrans`: before a transaction that removes the package.
    PreUnTrans,
    /// `%postuntrans`: after it.
    PostUnTrans,
    /// `%verifyscript`: when the package is verified.
    Verify,
}

impl Slot {
    /// Every slot with the name of its section, without `%`.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Pre, "pre"),
        (Self::Post, "post"),
        (Self::PreUn, "preun"),
        (Self::PostUn, "postun"),
        (Self::PreTrans, "pretrans"),
        (Self::PostTrans, "posttrans"),
        (Self::PreUnTrans, "preuntrans"),
        (Self::PostUnTrans, "postuntrans"),
        (Self::Verify, "verifyscript"),
    ];

    /// rpm's name for the tag that holds the scriptlet, as messages have it. Source: rpm-tags(7).
    pub fn tag_name(self) -> &'static str {
        match self {
            Self::Pre => "Prein",
            Self::Post => "Postin",
            Self::PreUn => "Preun",
            Self::PostUn => "Postun",
            Self::PreTrans => "Pretrans",
            Self::PostTrans => "Posttrans",
            Self::PreUnTrans => "Preuntrans",
            Self::PostUnTrans => "Postuntrans",
            Self::Verify => "Verifyscript",
        }
    }

    /// The section's name, without `%`.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(slot, _)| *slot == self)
            .map_or("", |(_, name)| name)
    }
}

/// What runs a scriptlet's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interpreter {
    /// A program with its arguments; the first word is its path. `/bin/sh` if none was asked for.
    Program(Vec<String>),
    /// The Lua inside the package manager, `-p <lua>`.
    Lua,
}

impl Default for Interpreter {
    fn default() -> Self {
        Self::Program(vec!["/bin/sh".to_owned()])
    }
}

/// `-e` and `-q` of a scriptlet section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptletFlags {
    /// `-e`: macros are expanded when it runs.
    pub expand: bool,
    /// `-q`: query-format tags are filled in when it runs.
    pub query_format: bool,
}

/// A program run around installing or removing a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scriptlet {
    /// What runs the body.
    pub interpreter: Interpreter,
    /// The script; `None` if the section had no body (as in `%post -p /sbin/ldconfig`).
    pub body: Option<String>,
    /// `-e`, `-q`.
    pub flags: ScriptletFlags,
    /// The section's header line.
    pub origin: Option<Origin>,
}

/// What sets a trigger off. Source: rpm-spec(5), "Triggers" and "File triggers".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TriggerKind {
    /// `%triggerprein`.
    PackagePreIn,
    /// `%triggerin`.
    PackageIn,
    /// `%triggerun`.
    PackageUn,
    /// `%triggerpostun`.
    PackagePostUn,
    /// `%filetriggerin`.
    FileIn,
    /// `%filetriggerun`.
    FileUn,
    /// `%filetriggerpostun`.
    FilePostUn,
    /// `%transfiletriggerin`.
    TransFileIn,
    /// `%transfiletriggerun`.
    TransFileUn,
    /// `%transfiletriggerpostun`.
    TransFilePostUn,
}

impl TriggerKind {
    /// Every kind with the name of its section, without `%`.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::PackagePreIn, "triggerprein"),
        (Self::PackageIn, "triggerin"),
        (Self::PackageUn, "triggerun"),
        (Self::PackagePostUn, "triggerpostun"),
        (Self::FileIn, "filetriggerin"),
        (Self::FileUn, "filetriggerun"),
        (Self::FilePostUn, "filetriggerpostun"),
        (Self::TransFileIn, "transfiletriggerin"),
        (Self::TransFileUn, "transfiletriggerun"),
        (Self::TransFilePostUn, "transfiletriggerpostun"),
    ];

    /// The section's name, without `%`.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// Whether paths set it off, not packages.
    pub fn is_file(self) -> bool {
        self >= Self::FileIn
    }

    /// Whether it runs once for a whole transaction.
    pub fn is_transaction(self) -> bool {
        self >= Self::TransFileIn
    }
}

/// A script that other packages' coming and going sets off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// What sets it off.
    pub kind: TriggerKind,
    /// Package conditions, or path prefixes as dependency names for file triggers.
    pub conditions: Vec<Dependency>,
    /// Order among file triggers, higher first; rpm's default is 1000000.
    pub priority: u32,
    /// The script.
    pub scriptlet: Scriptlet,
}
