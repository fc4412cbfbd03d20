//! `compare macros`: random programs in the macro language.

mod changes;
mod grammar;
mod program;

use super::trial::{self, Options};
use common::shell::Outcome;
use program::Program;

pub(super) fn run(options: &Options) -> Outcome {
    trial::compare::<Program>(options)
}
