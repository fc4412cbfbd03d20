//! Whole builds by the real binary, and what rpm's and dpkg's own tools make of the packages.
//!
//! Each trial says what it needs beside the binary: programs, root's rights, sources of others. One
//! whose needs this machine can't meet is ignored, with a line that says why.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may end at a fault, and says what it leaves out"
)]

mod bench;
mod callers;
mod cases;
mod debbuild;
mod debs;
mod debug_symbols;
mod encodings;
mod explanations;
mod faults;
mod git_history;
mod life;
mod limits;
mod machine;
mod macro_libraries;
mod names;
mod options;
mod outputs;
mod packing;
mod processes;
mod project;
mod queries;
mod repeat;
mod replay;
mod repositories;
mod rpms;
mod scms;
mod signing;
mod source_packages;
mod sources;
mod stages;
mod system;
mod tags;
mod tour;
mod traces;
mod uploads;
mod upstream;

use machine::Machine;

fn main() {
    let machine = Machine;
    let mut trials = cases::trials(&machine);
    trials.extend(callers::trials(&machine));
    trials.extend(outputs::trials(&machine));
    trials.extend(repeat::trials(&machine));
    trials.extend(debug_symbols::trials(&machine));
    trials.extend(debbuild::trials(&machine));
    trials.extend(encodings::trials());
    trials.extend(explanations::trials(&machine));
    trials.extend(faults::trials());
    trials.extend(tags::trials());
    trials.extend(git_history::trials(&machine));
    trials.extend(life::trials(&machine));
    trials.extend(macro_libraries::trials(&machine));
    trials.extend(names::trials());
    trials.extend(options::trials(&machine));
    trials.extend(packing::trials(&machine));
    trials.extend(limits::trials(&machine));
    trials.extend(processes::trials(&machine));
    trials.extend(queries::trials(&machine));
    trials.extend(replay::trials(&machine));
    trials.extend(repositories::trials(&machine));
    trials.extend(scms::trials(&machine));
    trials.extend(signing::trials(&machine));
    trials.extend(sources::trials(&machine));
    trials.extend(stages::trials(&machine));
    trials.extend(tour::trials(&machine));
    trials.extend(system::trials(&machine));
    trials.extend(traces::trials());
    trials.extend(source_packages::trials(&machine));
    testkit::run(trials);
}
