//! How much chunks may use, so that no spec hangs the build or fills the memory.
//!
//! Counted are the interpreter's instructions. One instruction may still work on megabytes, so the time
//! of the processor is looked at as well.
//!
//! Not here: counting them, see `watch`; what functions of Lua's library may do at once, see `loops`.

use std::time::Duration;

/// What chunks may use. The defaults are far above what macros of distributions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions of one chunk, with all that it calls. The default takes some ten seconds.
    pub instructions: u64,
    /// Whether instructions and time are for all chunks together.
    pub is_for_all: bool,
    /// Time of the processor for one chunk, the programs it runs left out.
    pub time: Duration,
    /// Memory of the whole state, in bytes.
    pub memory: usize,
    /// Text that one chunk may print, in bytes.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            instructions: 1_000_000_000,
            is_for_all: false,
            time: Duration::from_secs(30),
            memory: 256 << 20,
            output: 64 << 20,
        }
    }
}
