//! `rpmspec --shell`: what is typed is expanded, line by line.
//!
//! Source: rpmspec(1), "--shell".

use std::io::{BufRead, IsTerminal, Write};

use expand::Engine;

use crate::cli;
use crate::terminal::{self, Terminal};

/// Reads lines from standard input up to its end and prints what they expand to. The macros are those
/// of `engine`, which keeps what the lines define.
pub(super) fn run(engine: &mut Engine) -> u8 {
    terminal::print_error(&format!("{} macro shell", cli::RPM_VERSION));
    let echoes = !std::io::stdin().is_terminal();
    let mut lines = std::io::stdin().lock().lines();
    loop {
        prompt();
        let Some(Ok(line)) = lines.next() else {
            return 0;
        };
        // As readline(3) does where nobody types: with the answers it reads as a session.
        if echoes {
            terminal::print_line(&line);
        }
        let made = engine.expand_given(&line);
        build::tell_findings(engine, &mut Terminal::default());
        if let Ok(made) = made
            && terminal::print_result(&made).is_err()
        {
            return 1;
        }
    }
}

fn prompt() {
    let mut out = std::io::stdout().lock();
    write!(out, "> ").and_then(|()| out.flush()).ok();
}
