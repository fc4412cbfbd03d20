//! `specbuild macro NAME`: a macro's definition, where it came from, what it shadows, and what it
//! expands to now.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use expand::{Body, Engine, Macro};
use target::Personality;

use crate::cli;
use crate::macro_options::{self, MacroOptions, in_order};
use crate::terminal::{self, Terminal};

/// Arguments of `specbuild macro`.
#[derive(Parser, Clone, Debug)]
#[command(name = "macro", bin_name = "specbuild macro")]
#[command(about = "Shows where a macro is defined and what it expands to")]
struct MacroCli {
    /// The macro (or several), with or without `%`
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    macros: MacroOptions,
}

pub(super) fn command() -> clap::Command {
    MacroCli::command()
}

/// Runs `specbuild macro`.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let args = std::iter::once(OsString::from("macro")).chain(args.iter().cloned());
    let (options, matches) = match cli::parse::<MacroCli>(command(), args.collect()) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let given = in_order(&matches);
    let opened = macro_options::open(&options.macros, &given, Personality::Specbuild);
    let mut engine = match opened {
        Ok(engine) => engine,
        Err(error) => return terminal::fail(&error),
    };
    let shown = options
        .names
        .iter()
        .map(|name| show(&mut engine, name.trim_start_matches('%')));
    shown.fold(0, u8::max)
}

/// Shows a macro of an engine, and what it expands to if it takes no arguments.
pub(super) fn show(engine: &mut Engine, name: &str) -> u8 {
    let stack = engine.table().stack(name).to_vec();
    let Some((current, shadowed)) = stack.split_last() else {
        return unknown(engine, name);
    };
    terminal::print_line(&describe(engine, current));
    for hidden in shadowed.iter().rev() {
        terminal::print_line(&format!("shadows {}", describe(engine, hidden)));
    }
    if !current.is_parametric() && !matches!(current.body, Body::Builtin(_)) {
        let made = engine.expand_given(&format!("%{{{name}}}"));
        build::tell_findings(engine, &mut Terminal::default());
        match made {
            Ok(made) => terminal::print_line(&format!("expands to {made}")),
            Err(_) => return 1,
        }
    }
    0
}

/// `%name(options) body`, and the place.
fn describe(engine: &Engine, definition: &Macro) -> String {
    let options = definition.options.as_deref();
    let options = options
        .map(|options| format!("({options})"))
        .unwrap_or_default();
    let body = match (&definition.body, definition.defined) {
        (Body::Builtin(number), _) => format!("is a builtin: {}", number.builtin().help),
        (_, Some(span)) => engine.sources.slice(span).trim().to_owned(),
        (Body::Text(text), None) => text.as_str().to_owned(),
        _ => "is set by the program".to_owned(),
    };
    let place = definition
        .defined
        .map(|span| format!("\n  at {}", engine.sources.locate(span)));
    format!(
        "%{}{options} {body}{}",
        definition.name,
        place.unwrap_or_default()
    )
}

fn unknown(engine: &mut Engine, name: &str) -> u8 {
    let near = engine.closest_macro(name);
    let hint = near
        .map(|near| format!("; did you mean `%{near}`?"))
        .unwrap_or_default();
    terminal::print_error(&format!("error: no such macro: `%{name}`{hint}"));
    1
}
