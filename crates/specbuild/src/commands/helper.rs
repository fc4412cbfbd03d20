//! `specbuild helper NAME …`: the programs that run between a script and a package.

use std::ffi::OsString;

use crate::terminal;

/// Runs `helper NAME ARGS`.
pub(crate) fn run_named(args: &[OsString]) -> u8 {
    let Some((name, rest)) = args.split_first() else {
        for helper in policy::HELPERS {
            terminal::print_line(&format!("{:28} {}", helper.name, helper.summary));
        }
        return 0;
    };
    run(&name.to_string_lossy(), rest)
}

/// Runs one of the helpers.
pub(crate) fn run(name: &str, args: &[OsString]) -> u8 {
    policy::run(
        name,
        args,
        &mut std::io::stdout().lock(),
        &mut std::io::stderr().lock(),
    )
}
