//! Ctrl-C, a hang-up and SIGTERM end a build in order: its processes first, then what it has begun to
//! write, then itself, with 128 and the signal's number as its status.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use build::BuildError;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::terminal;

/// How long the build may take to put its things away.
const PATIENCE: Duration = Duration::from_secs(2);

/// How soon a signal comes again that was sent once: to the process, and to its group (`timeout`).
const ECHO: Duration = Duration::from_millis(100);

/// Whether a signal came, and which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interruption {
    /// The signal's number; 0 for none.
    signal: Arc<AtomicUsize>,
}

impl Interruption {
    /// Takes signals from now on, but for those that this process was told to ignore (`nohup`).
    pub(crate) fn watch() -> Self {
        let interruption = Self::default();
        let ignored = ignored_signals();
        let heeded = [SIGHUP, SIGINT, SIGTERM];
        let heeded: Vec<i32> = heeded
            .into_iter()
            .filter(|signal| ignored >> (signal - 1) & 1 == 0)
            .collect();
        for signal in &heeded {
            let number = usize::try_from(*signal).unwrap_or_default();
            let flag = Arc::clone(&interruption.signal);
            // Without it, the signal ends the process as it always did.
            signal_hook::flag::register_usize(*signal, flag, number).ok();
        }
        if let Ok(signals) = Signals::new(heeded) {
            // Without a thread the build still asks for signals between its steps.
            std::thread::Builder::new().spawn(|| wait(signals)).ok();
        }
        interruption
    }

    /// The signal that came.
    pub(crate) fn signal(&self) -> Option<i32> {
        let signal = i32::try_from(self.signal.load(Ordering::Relaxed)).ok()?;
        (signal != 0).then_some(signal)
    }
}

/// Ends the build's processes at the first signal, and this one if it lingers or at the second.
fn wait(mut signals: Signals) {
    let mut signals = signals.forever();
    let Some(first) = signals.next() else {
        return;
    };
    let begin = Instant::now();
    let end = move || {
        build::end_children(first);
        std::thread::sleep(PATIENCE);
        archive::abandon_batches();
        let error = BuildError::Interrupted(first);
        std::process::exit(terminal::fail(&error).into());
    };
    if std::thread::Builder::new().spawn(end).is_err() {
        end();
    }
    if let Some(second) = signals.find(|_| begin.elapsed() > ECHO) {
        archive::abandon_batches();
        std::process::exit(128 + second);
    }
}

/// The signals this process ignores, as a set of bits. Source: proc_pid_status(5), `SigIgn`.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
        .unwrap_or(0)
}
