//! Processes that scripts leave running, and ending them.
//!
//! rpm's closing part of a script kills what the shell's job table holds. What left that table, by
//! `setsid` or from a nested shell, is adopted by this process instead of init, and found here: as a
//! child with the script's own `RPM_BUILD_DIR` in its environment. Source: proc(5),
//! `PR_SET_CHILD_SUBREAPER` in prctl(2). Systems without `/proc` leave such processes alone.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, waitpid,
};

/// How deep below each other stray processes are looked for.
const DEEPEST: usize = 64;
/// How long processes may take to end by themselves.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a terminal's own signal may take to arrive everywhere.
const HEAD_START: Duration = Duration::from_millis(100);
/// How often is looked whether they have.
const GLANCE: Duration = Duration::from_millis(20);
/// How often at most is looked again for processes whose environment can't be seen yet.
const MOST_GLANCES: usize = 10;

/// Makes this process the parent of those below it that lose theirs.
pub(crate) fn adopt_orphans() {
    // Where that is not to be had, the shell's job table has to do.
    set_child_subreaper(Some(getpid())).ok();
}

/// Whether nothing runs below this process, so that whatever does later was started by it.
pub(crate) fn has_no_children() -> bool {
    children(getpid()).is_empty()
}

/// Kills the children that a script left, and what they leave: all of them if this process had none
/// before (`is_alone`), whatever they did to their environment. A shell that became this program may
/// have left it others, so then those that have `variable` (`NAME=value`) in their environment.
pub(crate) fn end_strays(variable: &str, is_alone: bool) {
    let mut glances = MOST_GLANCES;
    for _ in 0..DEEPEST {
        let (mut strays, mut is_settled) = (Vec::new(), true);
        for child in children(getpid()) {
            match has_variable(child, variable.as_bytes()) {
                _ if is_alone => strays.push(child),
                Some(true) => strays.push(child),
                Some(false) => {}
                None => is_settled = false,
            }
        }
        if strays.is_empty() {
            if is_settled || glances == 0 {
                return;
            }
            glances -= 1;
            std::thread::sleep(GLANCE);
        }
        for stray in strays {
            kill_process(stray, Signal::KILL).ok();
            waitpid(Some(stray), WaitOptions::empty()).ok();
        }
    }
}

/// Ends every process below this one: by `signal`, and by SIGKILL what does not heed that.
///
/// Takes up to a few seconds; for a build that somebody wants to end.
pub fn end_children(signal: i32) {
    std::thread::sleep(HEAD_START);
    let signal = Signal::from_named_raw(signal).unwrap_or(Signal::TERM);
    for process in living() {
        kill_process(process, signal).ok();
    }
    end_lingering();
}

/// Waits for the processes below this one to end, and kills those that don't in time. Whoever has
/// begun to end them calls it before this process itself ends.
pub fn end_lingering() {
    let is_over = |end: Instant| living().is_empty() || Instant::now() >= end;
    let end = Instant::now() + PATIENCE;
    while !is_over(end) {
        std::thread::sleep(GLANCE);
    }
    let end = Instant::now() + PATIENCE;
    while !is_over(end) {
        for process in living() {
            kill_process(process, Signal::KILL).ok();
        }
        std::thread::sleep(GLANCE);
    }
}

/// The processes below this one that have not ended.
fn living() -> Vec<Pid> {
    let mut found = children(getpid());
    let mut next = 0;
    while let Some(process) = found.get(next) {
        found.extend(children(*process));
        next += 1;
    }
    found.retain(|process| !has_ended(*process));
    found
}

/// The children of a process, as far as the system tells.
fn children(process: Pid) -> Vec<Pid> {
    let tasks = format!("/proc/{}/task", process.as_raw_nonzero());
    let tasks = std::fs::read_dir(tasks).into_iter().flatten().flatten();
    let lists = tasks.map(|task| std::fs::read_to_string(task.path().join("children")));
    let parse = |list: String| -> Vec<Pid> {
        let numbers = list.split_whitespace().filter_map(|word| word.parse().ok());
        numbers.filter_map(Pid::from_raw).collect()
    };
    lists.flatten().flat_map(parse).collect()
}

/// Whether a process has this in its environment. `None` while there is none to see, as in the
/// middle of execve(2).
fn has_variable(process: Pid, variable: &[u8]) -> Option<bool> {
    let path = format!("/proc/{}/environ", process.as_raw_nonzero());
    let environment = std::fs::read(Path::new(&path)).unwrap_or_default();
    if environment.is_empty() && !has_ended(process) {
        return None;
    }
    let mut entries = environment.split(|byte| *byte == 0);
    Some(entries.any(|entry| entry == variable))
}

/// Whether nothing is left of a process but its status.
fn has_ended(process: Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let state = text.rsplit_once(") ").map_or("X", |(_, rest)| rest);
    state.starts_with(['Z', 'X'])
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_left_the_job_table_is_ended() {
        adopt_orphans();
        let command = "(setsid sleep 60 & setsid sh -c 'sleep 60; true' &) >&1; echo started";
        let mut child = Command::new("sh")
            .args(["-c", command])
            .env("RPM_BUILD_DIR", "/test/of/strays")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        child.wait().unwrap();
        let begin = Instant::now();
        end_strays("RPM_BUILD_DIR=/test/of/strays", false);
        // The pipe ends when nobody holds it any more.
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        assert_eq!(text, "started\n");
        assert!(begin.elapsed() < Duration::from_secs(30));
    }
}
