//! `--stats`: what took how long, on standard error when all is done.
//!
//! The steps are those that a build tells of: its scripts, and the packages.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::terminal;

/// A step and when it began.
type Step = (String, Instant);

static STEPS: OnceLock<Mutex<Vec<Step>>> = OnceLock::new();

/// Begins to measure.
pub(crate) fn begin() {
    STEPS.get_or_init(|| Mutex::new(vec![("spec".to_owned(), Instant::now())]));
}

/// Takes note of what a build says of itself.
pub(crate) fn take(line: &str) {
    let script = line
        .strip_prefix("Executing(")
        .and_then(|it| it.split(')').next());
    let step = match script {
        Some(script) => script,
        None if line.starts_with("Processing files: ") => "packages",
        None => return,
    };
    let Some(steps) = STEPS.get() else { return };
    let mut steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
    if steps.last().is_none_or(|(last, _)| last != step) {
        steps.push((step.to_owned(), Instant::now()));
    }
}

/// Prints a line for each step, and one for all.
pub(crate) fn print() {
    let Some(steps) = STEPS.get() else { return };
    let steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
    let end = Instant::now();
    let ends = steps.iter().skip(1).map(|(_, begin)| *begin).chain([end]);
    for ((name, begin), end) in steps.iter().zip(ends) {
        print_line(name, end.duration_since(*begin));
    }
    let begin = steps.first().map_or(end, |(_, begin)| *begin);
    print_line("total", end.duration_since(begin));
}

fn print_line(name: &str, time: Duration) {
    let name = format!("{name}:");
    let seconds = time.as_secs_f64();
    terminal::print_error(&format!("   {name:<28} {seconds:>12.6} secs"));
}
