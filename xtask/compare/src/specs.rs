//! `compare specs`: random specs, read by the real rpmspec and by ours with the same macros.

mod changes;
mod grammar;
mod spec;

use super::trial::{self, Options};
use common::shell::Outcome;
use spec::SpecTrial;

pub(super) fn run(options: &Options) -> Outcome {
    trial::compare::<SpecTrial>(options)
}
