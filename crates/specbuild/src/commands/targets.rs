//! `specbuild targets`: what can be built for.

use std::ffi::OsString;

use build::{Request, load_target};

use crate::terminal;

/// Lists the targets, or shows one: `targets show NAME`.
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
    0
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
