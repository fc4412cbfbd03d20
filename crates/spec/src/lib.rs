//! Floor 2: the text of a spec, read as rpm reads it, becomes a [`Spec`].
//!
//! Not here: the macro language, which `expand` owns, and everything that happens after reading.

mod ast;
mod codes;
mod files;

pub use ast::{
    ArchLimits, BuildScript, BuildSection, FilesSection, PolicyModule, ScriptletSection, Source,
    SourceKind, Spec, SubPackage, TriggerSection,
};
pub use codes::CODES;
pub use files::{Attributes, DefaultAttributes, Device, FileRule, RuleKind, parse_file_line};
