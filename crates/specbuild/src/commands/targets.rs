//! `specbuild targets`: what can be built for.

use std::ffi::OsString;

use build::{BuildError, Request, load_target};

use crate::macro_options;
use crate::personality::Name;
use crate::terminal;

/// Lists the targets and what is chosen under each name, or shows one: `targets show NAME`.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let words: Vec<_> = args
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    match words
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => list(),
        ["show", name] | [name] => show(name),
        _ => {
            terminal::print_error(
                "error: write `specbuild targets` or `specbuild targets show NAME`",
            );
            1
        }
    }
}

fn list() -> u8 {
    for target in target::known_targets() {
        terminal::print_line(&format!("{:16} {}", target.id, target.summary));
    }
    terminal::print_line("");
    let names = [Name::Specbuild, Name::Rpmbuild, Name::Debbuild];
    let told = names.into_iter().try_for_each(|name| {
        let request = Request {
            personality: name.personality(),
            macros_dir: macro_options::macros_dir(),
            ..Request::default()
        };
        let id = load_target(&request)?.id;
        let line = format!("{} builds for {id} unless told otherwise", name.as_str());
        terminal::print_line(&line);
        Ok(())
    });
    told.map_or_else(|error: BuildError| terminal::fail(&error), |()| 0)
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
        Err(error) => terminal::fail(&error),
    }
}
