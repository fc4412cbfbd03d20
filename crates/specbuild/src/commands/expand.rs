//! `specbuild expand TEXT|FILE`: what a text, a file or a spec expands to, and by which steps.

use std::ffi::OsString;
use std::path::Path;

use build::{Reading, Request, read_spec};
use clap::{CommandFactory, Parser};
use target::Personality;

use super::file_kind::{self, Wanted};
use crate::cli;
use crate::macro_options::{self, Given, MacroOptions, in_order};
use crate::terminal::{self, Terminal};

/// Arguments of `specbuild expand`.
#[derive(Parser, Clone, Debug)]
#[command(name = "expand", bin_name = "specbuild expand", max_term_width = 100)]
#[command(about = "Shows what a text, a file or a spec expands to")]
struct ExpandCli {
    /// A text, the path of a file, or `-` for standard input. A file whose name ends in `.spec` is
    /// read as a spec, line by line, with its conditions
    #[arg(required = true, value_name = "TEXT|FILE")]
    what: Vec<String>,
    /// Show each macro call with what it expands to, as a tree, instead of the result
    #[arg(long)]
    trace: bool,
    #[command(flatten)]
    macros: MacroOptions,
}

pub(super) fn command() -> clap::Command {
    ExpandCli::command()
}

/// Runs `specbuild expand`.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let args = std::iter::once(OsString::from("expand")).chain(args.iter().cloned());
    let (options, matches) = match cli::parse::<ExpandCli>(command(), args.collect()) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let given = in_order(&matches);
    let shown = options.what.iter().map(|what| show(&options, &given, what));
    shown.fold(0, u8::max)
}

fn show(options: &ExpandCli, given: &[Given], what: &str) -> u8 {
    let path = Path::new(what);
    if what.ends_with(".spec") && path.is_file() {
        return show_spec(options, given, path);
    }
    match read(what, path) {
        Ok((name, text)) => show_text(options, given, &name, &text),
        Err(error) => {
            let refusal = file_kind::refusal(path, Wanted::Text);
            terminal::print_error(&refusal.unwrap_or_else(|| {
                let reason = build::reason_of(&error);
                format!("error: cannot read {what}: {reason}")
            }));
            1
        }
    }
}

/// The name and the text of what was asked about.
fn read(what: &str, path: &Path) -> std::io::Result<(String, String)> {
    if what == "-" {
        let text = limits::read_from(std::io::stdin(), limits::TEXT)?;
        let text = String::from_utf8(text).map_err(std::io::Error::other)?;
        return Ok(("<standard input>".to_owned(), text));
    }
    if path.is_file() {
        return Ok((what.to_owned(), limits::read_text(path, limits::TEXT)?));
    }
    Ok(("<command line>".to_owned(), what.to_owned()))
}

fn show_text(options: &ExpandCli, given: &[Given], name: &str, text: &str) -> u8 {
    let mut engine = match macro_options::open(&options.macros, given, Personality::Specbuild) {
        Ok(engine) => engine,
        Err(error) => return terminal::fail(&error),
    };
    if options.trace {
        engine.start_recording();
    }
    let made = engine.expand_named_text(name, text);
    let steps = engine.take_steps();
    terminal::print_text(&crate::steps::draw(&steps, &engine.sources));
    build::tell_findings(&mut engine, &mut Terminal::default());
    match made {
        Ok(_) if options.trace => 0,
        Ok(made) => {
            terminal::print_text(&made);
            if !made.ends_with('\n') {
                terminal::print_line("");
            }
            0
        }
        Err(_) => 1,
    }
}

fn show_spec(options: &ExpandCli, given: &[Given], path: &Path) -> u8 {
    let macros_dir = macro_options::macros_dir();
    let request = Request {
        spec: path.to_owned(),
        target: options.macros.target.first().cloned(),
        personality: Personality::Specbuild,
        settings: options.macros.settings(given),
        macros_dir,
        ..Request::default()
    };
    let reading = Reading {
        is_query: true,
        tells_steps: options.trace,
        ..Reading::default()
    };
    match read_spec(&request, reading, &mut Terminal::default()) {
        Ok(_) if options.trace => 0,
        Ok(project) => {
            terminal::print_text(&project.spec.expanded);
            0
        }
        Err(error) => terminal::fail(&error),
    }
}
