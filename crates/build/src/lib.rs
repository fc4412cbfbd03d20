//! Floor 4: the pipeline from a spec to packages.
//!
//! [`read_spec`] makes a [`Project`]: target, macros and spec. [`run`] takes one through its scripts
//! to packages on disk. This is where the parts below meet the machine: directories, processes, the
//! clock and the package database.
//!
//! Not here: arguments and terminals, which crate `specbuild` owns.

mod artifacts;
mod beside;
mod build_dir;
mod build_lock;
mod build_requires;
mod build_root;
mod checksums;
mod codes;
mod configuration;
mod confined;
mod deb_source;
mod doomed;
mod dynamic;
mod earlier_build;
mod error;
mod event;
mod failure;
mod fetch;
mod fitness;
mod helpers;
mod host;
mod installed;
mod machine;
mod marks;
mod names;
mod output;
mod output_places;
mod oversights;
mod parts;
mod pipeline;
mod processes;
mod read;
mod removal;
mod request;
mod script;
mod settings;
mod shared_macros;
mod shell;
mod signing;
mod source_date;
mod source_package;
mod sources;
mod spec_file;
mod stand_ins;
mod start;
mod tarball;
mod watch;
mod work;
mod workspace;
mod written;

pub use artifacts::list_packages;
pub use codes::CODES;
pub use configuration::configuration;
pub use deb_source::{Rules, RulesTarget, run_rules};
pub use error::{BuildError, reason_of};
pub use event::{Event, Listener};
pub use fitness::STRICT;
pub use helpers::Helpers;
pub use host::SystemHost;
pub use installed::DatabasePlace;
pub use machine::load_target;
pub use output::{Output, Stream, output_fault};
pub use output_places::check_names;
pub use processes::{end_children, end_lingering};
pub use read::{Project, Reading, read_spec, read_spec_for, tell_findings};
pub use request::{Input, Request, Stage, Switches};
pub use settings::{Setting, Settings, add_lua, open_engine};
pub use shared_macros::SharedMacros;
pub use signing::{KeyChoice, keyring, signer};
pub use source_package::install;
pub use start::run;
pub use written::RunOutput;
