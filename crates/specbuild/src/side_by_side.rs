//! Work on several things at the same time, handed over in their order.

use std::collections::VecDeque;
use std::thread::{self, Builder, ScopedJoinHandle};

use nix::sched::{CloneFlags, unshare};

/// What a thread may use of the stack, in bytes: as much as a program has by itself.
const STACK: usize = 8 << 20;
/// How many things are in work for each core: some wait for commands that they started.
const PER_CORE: usize = 2;

/// Does `work` for each item, several at a time, and hands what comes of it to `take` in the order
/// of the items.
///
/// Each item has a thread of its own, and that thread a working directory and a umask of its own:
/// Lua in a spec may change them. So nothing depends on how many cores there are.
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let most = thread::available_parallelism().map_or(1, usize::from) * PER_CORE;
    thread::scope(|scope| {
        let mut running = VecDeque::new();
        for item in items {
            if running.len() >= most {
                running
                    .pop_front()
                    .map(finish)
                    .into_iter()
                    .for_each(&mut take);
            }
            let apart = || {
                // Where that is not to be had, specs that change directory disturb each other.
                unshare(CloneFlags::CLONE_FS).ok();
                work(item)
            };
            let started = Builder::new().stack_size(STACK).spawn_scoped(scope, apart);
            running.push_back(started.map_err(|_| work(item)));
        }
        running.into_iter().map(finish).for_each(take);
    });
}

/// What a thread made, or what was made without one, where the system has no more threads.
fn finish<R>(started: Result<ScopedJoinHandle<'_, R>, R>) -> R {
    match started.map(ScopedJoinHandle::join) {
        Ok(Ok(made)) | Err(made) => made,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_comes_late_is_waited_for() {
        let items: Vec<u64> = (0..40).collect();
        let mut taken = Vec::new();
        let work = |item: &u64| {
            thread::sleep(Duration::from_millis(item % 4));
            item * 2
        };
        in_order(&items, work, |made| taken.push(made));
        assert!(taken.iter().copied().eq((0..40).map(|item| item * 2)));
    }

    #[test]
    fn each_has_a_working_directory_of_its_own() {
        let here = std::env::current_dir().unwrap();
        let work = |dir: &&str| {
            let before = std::env::current_dir().unwrap();
            std::env::set_current_dir(dir).unwrap();
            before
        };
        let mut seen = Vec::new();
        in_order(&["/", "/usr", "/"], work, |before| seen.push(before));
        assert!(seen.iter().all(|before| *before == here));
        assert_eq!(std::env::current_dir().unwrap(), here);
    }
}
