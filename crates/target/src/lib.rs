//! Targets as data: resolves a target word into a [`Target`].
//!
//! A target is a distribution release, or rpm as its authors ship it, together with a
//! machine architecture. Profiles, name tables and macro libraries are embedded files;
//! this crate and those files are the only place that knows a distribution by name.
//! It neither expands macros nor asks the machine anything: the caller passes
//! [`HostFacts`] in and loads the [`MacroLayer`]s.

mod arch;
mod choice;
mod detect;
mod embedded;
mod error;
mod index;
mod layers;
mod layout;
mod libraries;
mod owners;
mod places;
mod platform;
mod profile;
mod programs;
mod release;
mod rpmrc;
mod step;
mod target;
mod translation;
mod word;

pub use arch::{Arch, archs};
pub use detect::{HostFacts, OsRelease};
pub use embedded::{helper_files, library, lua_module, macro_libraries};
pub use error::Error;
pub use index::{KnownTarget, known_targets};
pub use layers::{LayerContent, MacroLayer};
pub use libraries::{LibraryMacro, MacroLibrary};
pub use owners::macro_owner;
pub use places::Place;
pub use profile::Setting;
pub use programs::{Counterpart, ForeignOption};
pub use release::{Compression, Format, Method, Policies, Release};
pub use rpmrc::{Include, Rpmrc};
pub use target::{Personality, Target, TargetRequest};
pub use translation::{Guess, Override, Translation};
pub use word::names_distribution;
