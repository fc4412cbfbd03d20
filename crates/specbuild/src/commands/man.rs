//! `specbuild man`: the manual page.

use std::ffi::OsString;

use crate::cli::build_command;
use crate::personality::Name;
use crate::terminal;

/// Prints the manual page in roff.
pub(crate) fn run(_: &[OsString]) -> u8 {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(build_command(Name::Specbuild)).render(&mut page);
    if let Err(error) = rendered {
        terminal::print_error(&format!("error: cannot render the manual page: {error}"));
        return 1;
    }
    terminal::print_text(&String::from_utf8_lossy(&page));
    0
}
