//! The macros that are part of the language.
//!
//! One table names them all, with a line of help each; the functions live in the modules below, by
//! what they deal with. Source: rpm-macros(7), "Built-in macros".

mod inspect;
mod output;
mod path;
mod system;
mod text;

use source::{Diagnostic, Origin, Text};

use crate::args::Outcome;
use crate::buffer::{Buffer, Site};
use crate::codes;
use crate::define::DefineMode;
use crate::definition::{Body, BuiltinNumber, Level, Macro};
use crate::engine::Engine;
use crate::host::Host;

/// How many arguments a builtin takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arity {
    None,
    Some,
    Any,
}

/// A macro that is part of the language.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// A line on what it does.
    pub help: &'static str,
    arity: Arity,
    /// It reads its argument as written, to the end of the text where it is not braced.
    pub(crate) is_free_field: bool,
    run: fn(&mut Engine, &'static Builtin, &mut BuiltinCall<'_>) -> Outcome,
}

impl Builtin {
    /// Whether it never takes an argument.
    pub(crate) fn takes_nothing(&self) -> bool {
        self.arity == Arity::None
    }

    /// Whether it expands what its arguments have expanded to.
    pub(crate) fn expands_again(&self) -> bool {
        matches!(self.name, "expand" | "P" | "S" | "uncompress")
    }
}

/// A call of a builtin.
pub(crate) struct BuiltinCall<'a> {
    /// The arguments, expanded (not for free fields).
    pub(crate) args: &'a [Text],
    /// Where to say how many bytes of a free field were taken; `None` in a braced call.
    pub(crate) taken: Option<&'a mut usize>,
    /// The place of the call.
    pub(crate) at: Site,
    /// The text that the result is appended to.
    pub(crate) out: &'a mut Buffer,
}

impl BuiltinCall<'_> {
    /// The first argument, or an empty string.
    fn arg(&self) -> &str {
        self.args.first().map_or("", |arg| arg.as_str())
    }

    /// Appends to the result.
    fn push(&mut self, made: &str) {
        self.out.push(made, self.at.origin);
    }
}

const fn builtin(
    name: &'static str,
    arity: Arity,
    run: fn(&mut Engine, &'static Builtin, &mut BuiltinCall<'_>) -> Outcome,
    help: &'static str,
) -> Builtin {
    Builtin {
        name,
        help,
        arity,
        is_free_field: false,
        run,
    }
}

impl Builtin {
    /// The same, but its argument is read as written.
    const fn reading_as_written(mut self) -> Self {
        self.is_free_field = true;
        self
    }
}

/// Every builtin, by name.
pub const BUILTINS: &[Builtin] = &[
    builtin(
        "P",
        Arity::Some,
        system::source_path,
        "Path of the patch with a number",
    ),
    builtin(
        "S",
        Arity::Some,
        system::source_path,
        "Path of the source with a number",
    ),
    builtin(
        "basename",
        Arity::Some,
        path::basename,
        "Last part of a path",
    ),
    builtin(
        "define",
        Arity::Some,
        define,
        "Define a macro; its body is expanded on use",
    )
    .reading_as_written(),
    builtin(
        "dirname",
        Arity::Some,
        path::dirname,
        "A path without its last part",
    ),
    builtin(
        "dnl",
        Arity::Some,
        text::discard,
        "Discard to the end of the line",
    )
    .reading_as_written(),
    builtin(
        "dump",
        Arity::None,
        inspect::dump,
        "Print all macros to standard error",
    ),
    builtin(
        "echo",
        Arity::Some,
        output::echo,
        "Print to standard output",
    ),
    builtin(
        "error",
        Arity::Some,
        output::error,
        "Report an error and stop",
    ),
    builtin(
        "exists",
        Arity::Some,
        path::exists,
        "1 if a path exists, else 0",
    ),
    builtin(
        "expand",
        Arity::Some,
        text::expand,
        "Expand a text once more",
    ),
    builtin(
        "expr",
        Arity::Some,
        text::expression,
        "Value of an expression",
    ),
    builtin(
        "getconfdir",
        Arity::None,
        system::config_dir,
        "rpm's configuration directory",
    ),
    builtin(
        "getenv",
        Arity::Some,
        system::getenv,
        "Value of an environment variable",
    ),
    builtin(
        "getncpus",
        Arity::Any,
        system::cpus,
        "Processors: total, or as memory allows",
    ),
    builtin(
        "global",
        Arity::Some,
        define,
        "Define a macro for good; its body is expanded now",
    )
    .reading_as_written(),
    builtin(
        "gsub",
        Arity::Some,
        text::string_function,
        "Replace a Lua pattern",
    ),
    builtin(
        "len",
        Arity::Some,
        text::string_function,
        "Length of a text in bytes",
    ),
    builtin("load", Arity::Some, system::load, "Read a macro file"),
    builtin(
        "lower",
        Arity::Some,
        text::string_function,
        "A text in lower case",
    ),
    builtin(
        "lua",
        Arity::Some,
        system::lua,
        "Run Lua and expand to what it prints",
    )
    .reading_as_written(),
    builtin(
        "macrobody",
        Arity::Some,
        inspect::body,
        "Body of a macro, not expanded",
    ),
    builtin(
        "quote",
        Arity::Some,
        text::quote,
        "Keep a text as one argument",
    ),
    builtin("rep", Arity::Some, text::string_function, "Repeat a text"),
    builtin(
        "reverse",
        Arity::Some,
        text::string_function,
        "A text backwards",
    ),
    builtin(
        "rpmversion",
        Arity::None,
        system::version,
        "Version of rpm that this is equal to",
    ),
    builtin(
        "shescape",
        Arity::Some,
        text::shell_quote,
        "Quote for the shell",
    ),
    builtin(
        "shrink",
        Arity::Some,
        text::shrink,
        "Trim, and squeeze blanks",
    ),
    builtin("span", Arity::Some, text::span, "A text as it is"),
    builtin(
        "sub",
        Arity::Some,
        text::string_function,
        "Part of a text by positions",
    ),
    builtin(
        "suffix",
        Arity::Some,
        path::suffix,
        "What follows the last dot of a name",
    ),
    builtin(
        "trace",
        Arity::None,
        inspect::trace,
        "Print each expansion from here on",
    ),
    builtin("u2p", Arity::Some, path::url_to_path, "Path within a URL"),
    builtin(
        "uncompress",
        Arity::Some,
        path::uncompress,
        "Command that writes a file uncompressed",
    ),
    builtin("undefine", Arity::Some, undefine, "Take a definition away"),
    builtin(
        "upper",
        Arity::Some,
        text::string_function,
        "A text in upper case",
    ),
    builtin(
        "url2path",
        Arity::Some,
        path::url_to_path,
        "Path within a URL",
    ),
    builtin(
        "verbose",
        Arity::Any,
        output::verbose,
        "1 under -v, or a text only then",
    )
    .reading_as_written(),
    builtin("warn", Arity::Some, output::warn, "Report a warning"),
    builtin(
        "xdg",
        Arity::Some,
        system::xdg,
        "A directory of the XDG base directory standard",
    ),
];

impl BuiltinNumber {
    /// The builtin that has this number.
    pub fn builtin(self) -> &'static Builtin {
        &BUILTINS[self.0]
    }
}

impl Macro {
    /// The builtin that it is.
    pub(crate) fn builtin(&self) -> Option<&'static Builtin> {
        match self.body {
            Body::Builtin(number) => Some(number.builtin()),
            _ => None,
        }
    }
}

impl Engine {
    /// An engine that knows the builtins only.
    pub fn new(host: Box<dyn Host>) -> Self {
        let mut engine = Self::without_macros(host);
        for (number, builtin) in BUILTINS.iter().enumerate() {
            let simple = Macro::simple(builtin.name, Text::new(), Level::BUILTIN);
            engine.table.push(Macro {
                body: Body::Builtin(BuiltinNumber(number)),
                ..simple
            });
        }
        engine
    }
}

/// Runs a builtin, if its arguments are as many as it takes.
pub(crate) fn run(
    engine: &mut Engine,
    builtin: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    check_arity(engine, builtin, call.args, call.at.origin)?;
    (builtin.run)(engine, builtin, call)
}

/// Reports arguments where there must be none, and the other way round.
pub(crate) fn check_arity(
    engine: &mut Engine,
    builtin: &'static Builtin,
    args: &[Text],
    call: Option<Origin>,
) -> Outcome {
    let problem = match (builtin.arity, args.is_empty()) {
        (Arity::Some, true) => "argument expected",
        (Arity::None, false) => "unexpected argument",
        _ => return Ok(()),
    };
    let message = format!("%{}: {problem}", builtin.name);
    let diagnostic = Diagnostic::error(codes::BAD_CALL, message).at(call);
    Err(engine.report_in_file(diagnostic.help(builtin.help)))
}

/// `%define`, `%global`.
fn define(engine: &mut Engine, builtin: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let is_global = builtin.name == "global";
    let mode = DefineMode {
        level: if is_global {
            Level::GLOBAL
        } else {
            engine.level()
        },
        expand: is_global,
        takes_options: !is_global,
        is_free: call.taken.is_some(),
        action: if is_global { "%global" } else { "%define" },
    };
    let mut definition = call.args[0].clone();
    if let Some(body) = call.args.get(1) {
        definition.push_detached(" ");
        definition.push_text(body);
    }
    let end = engine.define_from(&definition, mode, call.at.origin)?;
    if let Some(taken) = call.taken.as_deref_mut() {
        *taken = end;
    }
    Ok(())
}

/// `%undefine`.
fn undefine(engine: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    engine.undefine_checked(call.arg(), call.at.origin)
}
