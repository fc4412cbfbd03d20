//! Work on several things at the same time, handed over in their order.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};

use nix::sched::{CloneFlags, unshare};
use nix::sys::stat::{Mode, umask};

/// What a thread may use of the stack, in bytes: as much as a program has by itself.
const STACK: usize = 8 << 20;
/// How many threads there are for each core: some wait for commands that they started.
const PER_CORE: usize = 2;
/// How many things for each thread may be done, or in work, while one before them is not.
const AHEAD: usize = 32;

/// Does `work` for each item, several at a time, and hands what comes of it to `take` in the order
/// of the items.
///
/// Each thread has a working directory and a umask of its own, and each item finds those that the
/// program has: Lua in a spec may change them. So nothing depends on how many cores there are.
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R),
) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = (cores * PER_CORE).min(items.len());
    let queue = Queue::new(items.len(), threads * AHEAD);
    thread::scope(|scope| {
        // Where taking panics, the threads must not wait for it.
        let _end = End(&queue);
        let serve = || Place::apart().serve(&queue, items, &work);
        let started = (0..threads)
            .map_while(|_| {
                let builder = Builder::new().stack_size(STACK);
                builder.spawn_scoped(scope, serve).ok()
            })
            .count();
        if started == 0 {
            // The system has no more threads: this one does it all.
            items.iter().map(&work).for_each(take);
        } else {
            (0..items.len())
                .map_while(|number| queue.result(number))
                .for_each(&mut take);
        }
    });
}

/// What is to be done next, and what is done and not yet taken.
struct Queue<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
    count: usize,
    ahead: usize,
}

struct State<R> {
    next: usize,
    taken: usize,
    done: BTreeMap<usize, R>,
    is_over: bool,
}

impl<R> Queue<R> {
    fn new(count: usize, ahead: usize) -> Self {
        let state = State {
            next: 0,
            taken: 0,
            done: BTreeMap::new(),
            is_over: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            count,
            ahead,
        }
    }

    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the next item, once the first that isn't taken is near enough.
    fn next(&self) -> Option<usize> {
        let is_far = |state: &mut State<R>| {
            !state.is_over && state.next < self.count && state.next >= state.taken + self.ahead
        };
        let waited = self.changed.wait_while(self.state(), is_far);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next += 1;
        (!state.is_over && number < self.count).then_some(number)
    }

    fn put(&self, number: usize, result: R) {
        self.state().done.insert(number, result);
        self.changed.notify_all();
    }

    /// What came of an item, once there is something; nothing if its thread panicked.
    fn result(&self, number: usize) -> Option<R> {
        let is_missing = |state: &mut State<R>| !state.is_over && !state.done.contains_key(&number);
        let waited = self.changed.wait_while(self.state(), is_missing);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.taken = number + 1;
        let result = state.done.remove(&number);
        drop(state);
        self.changed.notify_all();
        result
    }
}

/// Ends a queue when it goes and a panic is why: nobody waits for what won't come.
struct End<'queue, R>(&'queue Queue<R>);

impl<R> Drop for End<'_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state().is_over = true;
            self.0.changed.notify_all();
        }
    }
}

/// Where a thread works when an item is begun.
struct Place {
    dir: Option<PathBuf>,
    umask: Mode,
}

impl Place {
    /// The place of the program, which from here on the calling thread leaves alone.
    fn apart() -> Self {
        // Where that is not to be had, specs that change directory disturb each other.
        unshare(CloneFlags::CLONE_FS).ok();
        let mask = umask(Mode::empty());
        umask(mask);
        Self {
            dir: std::env::current_dir().ok(),
            umask: mask,
        }
    }

    /// Does one item of a queue after the other.
    fn serve<T, R>(&self, queue: &Queue<R>, items: &[T], work: &impl Fn(&T) -> R) {
        let _end = End(queue);
        while let Some(number) = queue.next() {
            queue.put(number, work(&items[number]));
            self.restore();
        }
    }

    fn restore(&self) {
        if let Some(dir) = &self.dir {
            std::env::set_current_dir(dir).ok();
        }
        umask(self.umask);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_comes_late_is_waited_for() {
        let items: Vec<u64> = (0..300).collect();
        let mut taken = Vec::new();
        let work = |item: &u64| {
            let late = if *item == 0 { 40 } else { 0 };
            thread::sleep(Duration::from_millis(late + item % 2));
            item * 2
        };
        in_order(&items, work, |made| taken.push(made));
        assert!(taken.iter().copied().eq((0..300).map(|item| item * 2)));
    }

    #[test]
    fn nothing_runs_far_ahead_of_what_is_late() {
        let queue = Queue::new(10, 3);
        let numbers: Vec<_> = (0..3).map(|_| queue.next()).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
        queue.put(1, "second");
        thread::scope(|scope| {
            let fourth = scope.spawn(|| queue.next());
            assert!(!fourth.is_finished());
            queue.put(0, "first");
            assert_eq!(queue.result(0), Some("first"));
            assert_eq!(fourth.join().unwrap(), Some(3));
        });
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
        in_order(&["/", "/usr"].repeat(8), work, |before| seen.push(before));
        assert_eq!(seen.len(), 16);
        assert!(seen.iter().all(|before| *before == here));
        assert_eq!(std::env::current_dir().unwrap(), here);
    }

    #[test]
    fn a_panic_ends_it() {
        let items: Vec<u32> = (0..500).collect();
        let work = |item: &u32| assert_ne!(*item, 7);
        let result = catch_unwind(AssertUnwindSafe(|| in_order(&items, work, |()| {})));
        assert!(result.is_err());
        let take = |item: u32| assert_ne!(item, 7);
        let result = catch_unwind(AssertUnwindSafe(|| in_order(&items, |item| *item, take)));
        assert!(result.is_err());
    }
}
