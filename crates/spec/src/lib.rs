//! The text of a spec, read as rpm reads it, becomes a [`Spec`].
//!
//! [`parse()`] pulls one expanded line after the other; each section takes lines until the next one
//! begins. What a line means depends on the macros as they stand when it is read, so there is no
//! list of tokens and no second pass.
//!
//! Not here: the macro language, which `expand` owns, the world, which is reached through
//! [`expand::Host`] only, and everything that happens after reading.

mod ast;
mod buildsystem;
mod changelog;
mod codes;
mod conditions;
mod context;
mod description;
mod dpkg;
mod encoding;
mod file_lists;
mod files;
mod files_section;
mod finish;
mod header;
mod keywords;
mod line;
mod look_alikes;
mod near_headers;
mod packages;
mod parse;
mod places;
mod policies;
mod preamble;
mod prep;
mod reader;
mod request;
mod scriptlets;
mod scripts;
mod section;
mod shell_lines;
mod unexpanded;
mod words;

pub use ast::{
    ArchLimits, BuildScript, BuildSection, FilesSection, PolicyModule, ScriptletSection, Source,
    SourceKind, Spec, SubPackage, TriggerSection, UndefinedCall,
};
pub use codes::CODES;
pub use file_lists::check_file_lists;
pub use files::{
    Attributes, DefaultAttributes, Device, FileRule, Firmness, RuleKind, parse_file_line,
};
pub use keywords::is_keyword;
pub use packages::{binary_package, built_packages, source_package};
pub use parse::{parse, parse_parts};
pub use preamble::tag_names;
pub use request::{Outcome, ParseRequest, SpecPart};

/// A macro is called that is not defined.
pub const UNEXPANDED_MACRO: source::Code = codes::UNEXPANDED_MACRO;

/// A line was meant to begin a section.
pub const NEAR_HEADER: source::Code = codes::NEAR_HEADER;
