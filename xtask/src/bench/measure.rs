//! Time and memory of one command, as the kernel counts them.
//!
//! The kernel sums what all children of a process used. So each measurement is a fresh run of
//! this program (`xtask measure-child COMMAND…`) that has one child only and prints the sum.

use std::process::Command;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use common::shell::{Failure, Outcome, output};

/// One run of a command and of the programs it started.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Sample {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of CPU time, user and system.
    pub(super) cpu: f64,
    /// Largest resident memory of any one process, in bytes.
    pub(super) memory: u64,
}

/// Runs a command, given as its words, and says what it took.
pub(super) fn measure(command: &[String]) -> Outcome<Sample> {
    let this = std::env::current_exe()
        .map_err(|error| Failure(format!("cannot find this program: {error}")))?;
    let line = output(
        Command::new(this)
            .args(["measure-child", "--"])
            .args(command),
    )?;
    let last = line.lines().last().unwrap_or_default();
    serde_json::from_str(last)
        .map_err(|error| Failure(format!("cannot read a measurement: {error}")))
}

/// The other side of [`measure`]: runs the command, prints the sample as the last line.
pub(crate) fn child(command: &[String]) -> Outcome {
    let failure = |error: &dyn std::fmt::Display| {
        Failure(format!("cannot measure `{}`: {error}", command.join(" ")))
    };
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| failure(&"no command"))?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .status()
        .map_err(|error| failure(&error))?;
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        return Err(failure(&status));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| failure(&error))?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let sample = Sample {
        wall,
        cpu: seconds(usage.user_time()) + seconds(usage.system_time()),
        memory: usage.max_rss().unsigned_abs() * 1024,
    };
    println!(
        "\n{}",
        serde_json::to_string(&sample).map_err(|error| failure(&error))?
    );
    Ok(())
}
