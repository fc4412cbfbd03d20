//! The command: one binary that answers to several names.
//!
//! It reads its arguments, hands a request to crate `build`, and prints what that tells. This is the
//! only crate of the workspace that prints.

mod cli;
mod commands;
mod crowd;
mod habits;
mod interruption;
mod macro_options;
mod personality;
mod pipe;
mod popt;
mod refusal;
mod shorthands;
mod side_by_side;
mod stats;
mod steps;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    let name = args.first().map(personality::name_of).unwrap_or_default();
    // Macros call helpers by this program's own file, whatever its name is.
    if args.get(1).is_some_and(|word| word == "helper") && args.len() > 2 {
        return ExitCode::from(commands::helper::run_named(&args[2..]));
    }
    if commands::helper::of_name(&name).is_none()
        && let Some(status) = pipe::run(&args)
    {
        return ExitCode::from(status);
    }
    let status = match name.as_str() {
        "rpm" => commands::rpm::run(args),
        "rpm2archive" => commands::rpm2archive::run(args),
        "rpm2cpio" => commands::rpm2archive::run_as_rpm2cpio(args),
        "rpmquery" => commands::rpm::run_as_rpmquery(args),
        "rpmkeys" => commands::verify::run_as_rpmkeys(args),
        "rpmlua" => commands::rpmlua::run(args),
        "rpmsign" => commands::sign::run_as_rpm(args),
        "rpmspec" => commands::rpmspec::run(args),
        "rpmuncompress" => commands::rpmuncompress::run(args),
        "rpmbuild" => commands::build::run(args, personality::Name::Rpmbuild),
        "debbuild" => commands::build::run(args, personality::Name::Debbuild),
        name => match commands::helper::of_name(name) {
            Some(helper) => commands::helper::run(helper, &args[1..]),
            None => commands::own(args),
        },
    };
    stats::print();
    ExitCode::from(terminal::checked(status))
}
