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
mod by_name;
mod call;
mod codes;
mod define;
mod definition;
mod dump;
mod engine;
mod expansion;
mod expr;
mod head;
mod host;
mod index;
mod library;
mod load;
mod macro_body;
mod macro_file;
mod name_hash;
mod parametric;
mod place;
mod scan;
mod scope;
mod script;
mod steps;
mod table;
mod trace;
mod ways_in;

pub use args::{split_quoted, unsplit_quoted};
pub use builtin::{BUILTINS, Builtin};
pub use codes::CODES;
pub use definition::{Body, BuiltinNumber, Level, Macro, NativeNumber};
pub use engine::{Engine, Limits, NativeMacro};
pub use expr::Value;
pub use host::{Host, MemoryHost};
pub use index::index_macro_files;
pub use library::{ByteRange, Entry, Library};
pub use load::is_backup_name;
pub use scan::{Nesting, find_macro_end};
pub use scope::ExpandedMacro;
pub use script::{Script, ScriptEngine, ScriptError, ScriptItem};
pub use steps::Step;
pub use table::MacroTable;
