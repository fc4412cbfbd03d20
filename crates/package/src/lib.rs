//! The model of a package in rpm's words, shared by everything that makes or writes one.
//!
//! A [`Package`] is what a spec and a build root amount to, before any format is chosen. Both
//! writers lower it to their own terms. Versions, dependencies, scriptlets, triggers and files each
//! have their module.
//!
//! Not here: how any format spells these things, where they came from, and any I/O.

pub mod calendar;
mod changelog;
mod dependency;
mod dpkg_arch;
mod file;
mod format;
mod output;
mod package;
mod path;
mod phases;
mod scriptlet;
mod tag;
mod version;
mod writer;

pub use changelog::ChangelogEntry;
pub use dependency::{
    Comparison, Dependency, DependencyFault, DependencyRules, Relation, RelationKind, Requirement,
    RichDependency, RichOperator, illegal_character, parse_dependencies, parse_placed_dependencies,
    parse_relation_version,
};
pub use dpkg_arch::rpm_arch_of_dpkg;
pub use file::{
    Content, FileDependency, FileEntry, FileFlags, FileKind, FileList, LinkSet, Numbering,
    VerifyFlags,
};
pub use format::RpmFormat;
pub use output::{Guarded, Output, PackageFile, Stop};
pub use package::{BuildFacts, Extras, Package, PackageKind, Policy, SourceFacts, SourceFile};
pub use path::{normalized_path, split_path};
pub use phases::{Phase, Phases};
pub use scriptlet::{Interpreter, Scriptlet, ScriptletFlags, Slot, Trigger, TriggerKind};
pub use tag::{Localized, Tag, Tags};
pub use version::{BadEvr, Evr, compare_versions};
pub use writer::{PackageWriter, Receipt, WriteError};
