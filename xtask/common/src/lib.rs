//! What the chores share: running programs and cargo, the workspace's places, pages that commands
//! write parts of, the macro libraries as they lie on disk, and the installed binary.
#![allow(clippy::print_stdout, clippy::print_stderr)]

pub mod install;
pub mod macro_libraries;
pub mod marked;
pub mod shell;
