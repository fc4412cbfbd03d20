//! The threads that work on many files at a time.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The pool of the process, or nothing if not even one thread can be had.
static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();

/// Runs something that works in parallel by rayon's iterators: on as many threads as there are
/// processors, on fewer where the system gives no more, or on this one.
pub fn in_threads<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let start = |count| ThreadPoolBuilder::new().num_threads(count).build().ok();
    let alone = || {
        let builder = ThreadPoolBuilder::new().num_threads(1);
        builder.use_current_thread().build().ok()
    };
    let pool = POOL.get_or_init(|| (1..=processors).rev().find_map(start).or_else(alone));
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
