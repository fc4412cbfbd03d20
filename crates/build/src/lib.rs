//! The pipeline from a spec to packages.
//!
//! [`read_spec`] makes a [`Project`]: target, macros and spec. [`run()`] takes one through its scripts
//! to packages on disk. This is where the parts below meet the machine: directories, processes, the
//! clock and the package database.
//!
//! Not here: arguments and terminals, which crate `specbuild` owns.

mod build_time;
mod checks;
mod codes;
mod collecting;
mod deb;
mod error;
mod event;
mod files;
mod machine;
mod packages;
mod pipeline;
mod project;
mod reading;
mod request;
mod requirements;
mod rpm;
mod run;
mod scripts;
mod sources;
mod start;
mod writing;

pub use build_time::facts_of_spec;
pub use checks::fitness::STRICT;
pub use checks::output_places::check_names;
pub use codes::CODES;
pub use deb::rules::{Rules, RulesTarget};
pub use error::{BuildError, reason_of};
pub use event::{Event, Listener};
pub use machine::configuration::configuration;
pub use machine::helpers::Helpers;
pub use machine::host::SystemHost;
pub use machine::installed::DatabasePlace;
pub use machine::output::{Output, Stream, output_fault};
pub use packages::planned::list_packages;
pub use project::written::RunOutput;
pub use project::{Project, tell_findings};
pub use reading::reader::Reading;
pub use reading::{read_spec, read_spec_for};
pub use request::chosen_target::load_target;
pub use request::settings::{Setting, Settings, add_lua, open_engine};
pub use request::shared_macros::SharedMacros;
pub use request::{Input, Request, Stage, Switches};
pub use scripts::processes::{end_children, end_lingering};
pub use start::run;
pub use start::run_rules;
pub use start::source_package::install;
pub use writing::signing::{KeyChoice, keyring, signer};
