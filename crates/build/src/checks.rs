//! What is checked before the first script runs, and before packages are written.

pub(crate) mod build_root;
pub(crate) mod earlier_build;
pub(crate) mod fitness;
pub(crate) mod output_places;
pub(crate) mod oversights;
pub(crate) mod undefined_macros;
