//! Rpm's macro language.
//!
//! An [`Engine`] holds a table of macros and expands [`source::Text`] to [`source::Text`], so that
//! every byte of a result still knows where it was written and which calls led to it. The language
//! is that of rpm-macros(7) and rpm-macrofile(5) as of rpm 6.1.
//!
//! Not here: the spec's own directives (`%if`, `%package`, …), Lua itself (see [`ScriptEngine`]), and
//! the world: files, processes and the environment are reached through a [`Host`].
//!
//! ```
//! use specbuild_expand::{Engine, Level, MemoryHost};
//!
//! let mut engine = Engine::new(Box::new(MemoryHost::default()));
//! engine.define_line("greeting() Hello, %1%{?2: and %2}!", Level::GLOBAL).unwrap();
//! assert_eq!(engine.expand_str("%{greeting rpm dpkg}").unwrap(), "Hello, rpm and dpkg!");
//! ```

mod args;
mod buffer;
mod builtin;
mod call;
mod codes;
mod define;
mod dump;
mod engine;
mod expansion;
mod expr;
mod host;
mod library;
mod load;
mod place;
mod scan;
mod scope;
mod script;
mod steps;
mod table;
mod trace;

pub use args::{split_quoted, unsplit_quoted};
pub use builtin::{BUILTINS, Builtin};
pub use codes::CODES;
pub use engine::{Engine, Limits};
pub use expr::Value;
pub use host::{Host, MemoryHost};
pub use library::{Entry, Library, mark_out};
pub use load::is_backup_name;
pub use scan::{Nesting, find_macro_end};
pub use scope::ExpandedMacro;
pub use script::{Script, ScriptEngine, ScriptError, ScriptItem};
pub use steps::Step;
pub use table::{Body, Level, Macro, MacroTable, NativeMacro};
