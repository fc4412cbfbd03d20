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
    let families = ["deb", "rpm"].into_iter().try_for_each(|family| {
        let request = Request {
            target: Some(family.to_owned()),
            ..Request::default()
        };
        let id = load_target(&request)?.id;
        terminal::print_line(&format!("{family:16} On this machine another name of {id}"));
        Ok(())
    });
    if let Err(error) = families {
        return terminal::fail(&error as &BuildError);
    }
    terminal::print_line("");
    for name in [Name::Specbuild, Name::Rpmbuild, Name::Debbuild] {
        match default_of(name) {
            Ok(line) => terminal::print_line(&line),
            Err(error) => return terminal::fail(&error),
        }
    }
    0
}

/// A line that says what is built for under a name of the tool when no target is given.
fn default_of(name: Name) -> Result<String, BuildError> {
    let request = Request {
        personality: name.personality(),
        macros_dir: macro_options::macros_dir(),
        ..Request::default()
    };
    let name = name.as_str();
    match load_target(&request) {
        Ok(target) => Ok(format!(
            "{name} builds for {} unless told otherwise",
            target.id
        )),
        Err(BuildError::Target(error @ target::Error::NoTargetForHost { .. })) => Ok(format!(
            "{name} builds for nothing unless told otherwise: {error}"
        )),
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
