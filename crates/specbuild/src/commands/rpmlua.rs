//! `rpmlua`: rpm's Lua, without a macro around it.
//!
//! Source: rpmlua(1).

use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;

use build::Helpers;
use clap::{CommandFactory, Parser};
use expand::{Engine, Script};
use lua::LuaEngine;
use source::Reported;
use target::Personality;

use crate::cli;
use crate::macro_options::{self, MacroOptions, in_order, macros_dir};
use crate::terminal::{self, Terminal};

/// Arguments of `rpmlua`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmlua", bin_name = "rpmlua", version)]
#[command(about = "Runs Lua as macros do", max_term_width = 100)]
struct LuaCli {
    /// The script, and the arguments it finds in `arg`; those that begin with `-` stand after `--`
    #[arg(value_name = "SCRIPT [ARG…]")]
    args: Vec<String>,
    /// Run this statement, before the script if there is one
    #[arg(short, long, value_name = "STATEMENT", allow_hyphen_values = true)]
    execute: Option<String>,
    /// Read options among the arguments as getopt(3) does, into `opt`
    #[arg(short, long, value_name = "OPTSTRING")]
    opts: Option<String>,
    /// Read statements from standard input, after script and statement
    #[arg(short, long)]
    interactive: bool,
    #[command(flatten)]
    macros: MacroOptions,
}

/// What rpm's own program ends with when a script fails.
const SCRIPT_FAILED: u8 = 255;

/// Runs `rpmlua`.
pub(crate) fn run(args: Vec<OsString>) -> u8 {
    let command = LuaCli::command().mut_arg("eval", |arg| arg.short('E'));
    let (options, matches) = match cli::parse::<LuaCli>(command, args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let given = in_order(&matches);
    let opened =
        macro_options::open(&options.macros, &given, Personality::Rpm).and_then(|mut engine| {
            let lua = build::add_lua(&mut engine, &Helpers::find(macros_dir().as_deref()))?;
            Ok((engine, lua))
        });
    match opened {
        Ok((engine, lua)) => Session {
            options,
            engine,
            lua,
        }
        .run(),
        Err(error) => terminal::fail(&error),
    }
}

struct Session {
    options: LuaCli,
    engine: Engine,
    lua: Rc<LuaEngine>,
}

impl Session {
    /// Statement, script, terminal, in that order. The status is that of the last one that ran.
    fn run(&mut self) -> u8 {
        let mut status = 0;
        if let Some(statement) = self.options.execute.clone() {
            status = self.run_script("<execute>", &statement);
        }
        if let Some(path) = self.options.args.first().cloned() {
            status = match limits::read_text(Path::new(&path), limits::TEXT) {
                Ok(code) => self.run_script(&path, &code),
                Err(error) => {
                    let reason = build::reason_of(&error);
                    terminal::print_error(&format!("reading {path} failed: {reason}"));
                    return 1;
                }
            };
        }
        let has_script = self.options.execute.is_some() || !self.options.args.is_empty();
        if self.options.interactive || !has_script {
            let ended = self.lua.run_session(&mut self.engine);
            status = self.finish(ended);
        }
        status
    }

    fn run_script(&mut self, name: &str, code: &str) -> u8 {
        let script = Script {
            code,
            name,
            options: self.options.opts.as_deref(),
            args: &self.options.args,
        };
        let ended = self.lua.run_program(&mut self.engine, &script);
        self.finish(ended)
    }

    /// Tells what was found; the status.
    fn finish(&mut self, ended: Result<(), Reported>) -> u8 {
        build::tell_findings(&mut self.engine, &mut Terminal::default());
        ended.map_or(SCRIPT_FAILED, |()| 0)
    }
}
