//! `specbuild macros`: the macro libraries, what their macros are for, and what these expand to for either family.

use std::ffi::OsString;

use clap::{Args, CommandFactory, Parser, Subcommand};
use target::{LibraryMacro, MacroLibrary, Personality, macro_libraries};

use super::show_macro;
use crate::cli;
use crate::macro_options::{self, MacroOptions};
use crate::terminal;

/// Arguments of `specbuild macros`.
#[derive(Parser, Clone, Debug)]
#[command(name = "macros", bin_name = "specbuild macros")]
#[command(about = "Lists the macro libraries, and searches and shows their macros")]
struct MacrosCli {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand, Clone, Debug)]
enum What {
    /// List the libraries, or the macros of some of them
    List {
        /// A library, as `specbuild macros` lists them
        #[arg(value_name = "LIBRARY")]
        libraries: Vec<String>,
    },
    /// Find macros by words in their names, descriptions and libraries
    Search {
        /// What the name, the description or the library has, in any case; all of several words
        #[arg(required = true, value_name = "WORD")]
        words: Vec<String>,
    },
    /// Show what macros are for, and what they are on some targets
    Show(Show),
}

#[derive(Args, Clone, Debug)]
struct Show {
    /// The macro (or several), with or without `%`
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Show it for this target (or several) instead of the newest of either family
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    target: Vec<String>,
}

pub(super) fn command() -> clap::Command {
    MacrosCli::command()
}

/// Runs `specbuild macros`.
pub(super) fn run(args: &[OsString]) -> u8 {
    let args = std::iter::once(OsString::from("macros")).chain(args.iter().cloned());
    let options = match cli::parse::<MacrosCli>(command(), args.collect()) {
        Ok((options, _)) => options,
        Err(status) => return status,
    };
    match options.what {
        None => list_libraries(),
        Some(What::List { libraries }) if libraries.is_empty() => list_libraries(),
        Some(What::List { libraries }) => libraries.iter().map(|it| list(it)).fold(0, u8::max),
        Some(What::Search { words }) => search(&words),
        Some(What::Show(wish)) => show(&wish),
    }
}

fn list_libraries() -> u8 {
    for library in macro_libraries() {
        let MacroLibrary {
            name,
            upstream,
            version,
            macros,
        } = library;
        let count = macros.len();
        let noun = if count == 1 { "macro, " } else { "macros," };
        terminal::print_line(&format!(
            "{name:26} {count:4} {noun} as {upstream} {version}"
        ));
    }
    0
}

fn list(name: &str) -> u8 {
    let libraries = macro_libraries();
    let Some(library) = libraries.iter().find(|it| it.name == name) else {
        let near = source::closest(name, libraries.iter().map(|it| it.name));
        let hint = near.map(|near| format!("; did you mean `{near}`?"));
        let hint = hint.unwrap_or_else(|| "; `specbuild macros` lists them".to_owned());
        terminal::print_error(&format!("error: there is no macro library `{name}`{hint}"));
        return 1;
    };
    for LibraryMacro { name, purpose } in library.macros {
        terminal::print_line(&format!("%{name:32} {purpose}"));
    }
    0
}

/// All macros with their libraries.
fn all() -> impl Iterator<Item = (&'static MacroLibrary, &'static LibraryMacro)> {
    let libraries = macro_libraries().iter();
    libraries.flat_map(|library| library.macros.iter().map(move |it| (library, it)))
}

fn search(words: &[String]) -> u8 {
    let words = words
        .iter()
        .map(|it| it.trim_start_matches('%').to_lowercase());
    let words: Vec<String> = words.collect();
    let has_all = |library: &MacroLibrary, it: &LibraryMacro| {
        let text = format!("{} {} {}", it.name, it.purpose, library.name).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut found = all()
        .filter(|(library, it)| has_all(library, it))
        .peekable();
    if found.peek().is_none() {
        terminal::print_error(
            "error: no macro of a library has all of that; `specbuild macros` lists the libraries",
        );
        return 1;
    }
    for (library, LibraryMacro { name, purpose }) in found {
        terminal::print_line(&format!("%{name:32} {purpose} ({})", library.name));
    }
    0
}

fn show(wish: &Show) -> u8 {
    let targets = match wish.target.is_empty() {
        true => vec!["rpm".to_owned(), "deb".to_owned()],
        false => wish.target.clone(),
    };
    let names = wish.names.iter().map(|it| it.trim_start_matches('%'));
    let mut status = 0;
    for name in names {
        let mut known = all().filter(|(_, it)| it.name == name).peekable();
        let is_known = known.peek().is_some();
        for (library, LibraryMacro { purpose, .. }) in known {
            terminal::print_line(&format!("%{name} of {}: {purpose}", library.name));
        }
        for target in &targets {
            status = status.max(show_on(name, target, is_known));
        }
    }
    status
}

/// Shows a macro as it is on a target. One that a library has may be missing on some.
fn show_on(name: &str, word: &str, is_known: bool) -> u8 {
    let options = MacroOptions {
        target: vec![word.to_owned()],
        ..MacroOptions::default()
    };
    let mut engine = match macro_options::open(&options, &[], Personality::Specbuild) {
        Ok(engine) => engine,
        Err(error) => return terminal::fail(&error),
    };
    terminal::print_line(&format!("\n{word}:"));
    if is_known && !engine.is_defined(name) {
        terminal::print_line("is not there");
        return 0;
    }
    show_macro::show(&mut engine, name)
}
