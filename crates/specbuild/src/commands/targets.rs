//! `specbuild targets`: what can be built for.

use std::ffi::OsString;

use build::{BuildError, Request, load_target};
use clap::{Arg, Command};

use crate::cli;
use crate::macro_options;
use crate::personality::Name;
use crate::terminal;

pub(super) fn command() -> Command {
    Command::new("targets")
        .about("Lists what can be built for, or shows one target with the file each value is from")
        .override_usage("specbuild targets\n       specbuild targets show NAME")
        .arg(
            Arg::new("show")
                .value_name("show")
                .help("Show the target of the name that follows"),
        )
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .help("A target, as `specbuild targets` lists them"),
        )
}

/// Lists the targets and what is chosen under each name, or shows one: `targets show NAME`.
pub(super) fn run(args: &[OsString]) -> u8 {
    let matches = match cli::parse_own(command(), args) {
        Ok(matches) => matches,
        Err(status) => return status,
    };
    let word = |id| matches.get_one::<String>(id).map(String::as_str);
    match (word("show"), word("name")) {
        (None, _) => list(),
        (Some("show"), Some(name)) => show(name),
        (Some("show"), None) => refuse("name a target: `specbuild targets show NAME`"),
        (Some(name), None) => show(name),
        (Some(word), Some(_)) => refuse(&format!(
            "`{word}` is not a command of `specbuild targets`; write `specbuild targets show NAME`"
        )),
    }
}

fn refuse(message: &str) -> u8 {
    terminal::print_error(&format!(
        "error: {message}; `specbuild targets` lists the names"
    ));
    1
}

fn list() -> u8 {
    for target in target::known_targets() {
        terminal::print_line(&format!("{:16} {}", target.id, target.summary));
    }
    let families = ["deb", "rpm"].into_iter().map(family_row);
    let names = [Name::Specbuild, Name::Rpmbuild, Name::Debbuild].into_iter();
    let rows = families
        .chain([Ok(String::new())])
        .chain(names.map(name_row));
    for row in rows {
        match row {
            Ok(row) => terminal::print_line(&row),
            Err(error) => return terminal::fail(&error),
        }
    }
    0
}

/// What the name of a family stands for on this machine.
fn family_row(family: &str) -> Result<String, BuildError> {
    let request = Request {
        target: Some(family.to_owned()),
        ..Request::default()
    };
    Ok(match id_or_host(&request)? {
        Ok(id) => format!("{family:16} On this machine another name of {id}"),
        Err(host) => format!("{family:16} On this machine nothing: there is no target for {host}"),
    })
}

/// What is built for under a name of the tool when no target is given.
fn name_row(name: Name) -> Result<String, BuildError> {
    let request = Request {
        personality: name.personality(),
        macros_dir: macro_options::macros_dir(),
        ..Request::default()
    };
    let name = name.as_str();
    Ok(match id_or_host(&request)? {
        Ok(id) => format!("{name} builds for {id} unless told otherwise"),
        Err(host) => format!("{name} needs `--target` here: there is no target for {host}"),
    })
}

/// The target of a request, or the name of this machine's distribution if there is none for it.
fn id_or_host(request: &Request) -> Result<Result<String, String>, BuildError> {
    match load_target(request) {
        Ok(target) => Ok(Ok(target.id)),
        Err(BuildError::Target(target::Error::NoTargetForHost { host, .. })) => Ok(Err(host)),
        Err(error) => Err(error),
    }
}

/// The merged profile, each value with the file it comes from.
fn show(name: &str) -> u8 {
    let request = Request {
        target: Some(name.to_owned()),
        ..Request::default()
    };
    let settings = load_target(&request).and_then(|target| Ok(target.settings()?));
    match settings {
        Ok(settings) => {
            for setting in settings {
                terminal::print_line(&format!(
                    "{} = {}  # {}",
                    setting.key, setting.value, setting.file
                ));
            }
            0
        }
        Err(_) if source::closest(name, ["show"]).is_some() => refuse(&format!(
            "no target is called `{name}`; did you mean `specbuild targets show NAME`?"
        )),
        Err(error) => terminal::fail(&error),
    }
}
