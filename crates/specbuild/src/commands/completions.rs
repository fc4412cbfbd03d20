//! `specbuild completions SHELL`.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};
use clap_complete::Shell;

use super::own::{self, OwnCommand};
use super::{explain, helper};
use crate::cli;
use crate::personality::Name;
use crate::terminal;

pub(super) fn command() -> Command {
    Command::new("completions")
        .about("Prints a completion script for a shell")
        .after_help(
            "Examples:\n  \
             specbuild completions bash > ~/.local/share/bash-completion/completions/specbuild\n  \
             specbuild completions fish > ~/.config/fish/completions/specbuild.fish\n  \
             specbuild completions zsh > DIR/_specbuild        DIR is one of `$fpath`",
        )
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("The shell"),
        )
}

/// What `--target` takes, as scripts for zsh show it.
const LIST_NAME: &str = "TARGETS";

/// Prints a completion script.
pub(super) fn run(args: &[OsString], commands: &[OwnCommand]) -> u8 {
    let matches = match cli::parse_own(command(), args) {
        Ok(matches) => matches,
        Err(status) => return status,
    };
    let mut script = Vec::new();
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        clap_complete::generate(
            *shell,
            &mut whole_command(commands),
            "specbuild",
            &mut script,
        );
    }
    let script = String::from_utf8_lossy(&script);
    terminal::print_text(&without_stops(&with_lists(&script)));
    0
}

/// A script for fish without what stops it: `-?`, which is a pattern of file names there, while `-h` is the
/// same, and the end where an option's value is just to be completed.
fn without_stops(script: &str) -> String {
    script
        .replace(
            "2>/dev/null\n    or return\n",
            "2>/dev/null\n    or return 0\n",
        )
        .replace(" -s ? -s h ", " -s h ")
        .replace(" ?/help ", " h/help ")
}

/// The script with `--target` as a list: the name behind the last comma is completed in bash, fish and
/// zsh. Scripts of other shells have nothing to replace.
fn with_lists(script: &str) -> String {
    let names = target_names().join(" ");
    let lines: Vec<String> = target_names()
        .iter()
        .map(|it| format!("{it}\\t''"))
        .collect();
    let single_and_list = [
        (
            format!(
                "--target)\n                    COMPREPLY=($(compgen -W \"{names}\" -- \"${{cur}}\"))"
            ),
            format!(
                "--target)\n                    \
                 COMPREPLY=($(compgen -P \"${{cur%\"${{cur##*,}}\"}}\" -W \"{names}\" -- \"${{cur##*,}}\"))"
            ),
        ),
        (
            format!(" -r -f -a \"{}\"", lines.join("\n")),
            format!(
                " -r -f -a \"(__fish_complete_list , 'string split , {}')\"",
                target_names().join(",")
            ),
        ),
        (
            format!(":{LIST_NAME}:({names})"),
            format!(":{LIST_NAME}:_values -s , target {names}"),
        ),
    ];
    let mut script = script.to_owned();
    for (single, list) in &single_and_list {
        script = script.replace(single, list);
    }
    script
}

/// The program with its commands, and the words that can stand for a target, a finding or a helper.
fn whole_command(commands: &[OwnCommand]) -> Command {
    let commands = commands.iter().map(|own| {
        let command = with_words((own.command)(), own.name);
        cli::as_popt_reads(
            with_plain_names(command)
                .name(own.name)
                .bin_name(format!("specbuild {}", own.name)),
        )
    });
    let command = with_plain_names(with_targets(cli::build_command(Name::Specbuild)));
    cli::as_popt_reads(command)
        .disable_help_subcommand(true)
        .subcommands(commands)
}

/// A command whose values have names without blanks and colons, which break scripts for zsh.
fn with_plain_names(command: Command) -> Command {
    command.mut_args(|arg| {
        let mut names = arg.get_value_names().into_iter().flatten();
        let is_plain = names.all(|name| !name.contains([' ', ':']));
        match is_plain {
            true => arg,
            false => arg.value_name("VALUE"),
        }
    })
}

/// A command with the words that its arguments can be.
fn with_words(command: Command, name: &str) -> Command {
    let words: Vec<&'static str> = match name {
        "explain" => explain::names().collect(),
        "help" => own::NAMES.to_vec(),
        "helper" => helper::all().map(|(helper, _)| helper).collect(),
        "targets" => return with_target_words(command),
        _ => return with_targets(command),
    };
    with_values(command, Arg::is_positional, words)
}

fn with_values(command: Command, takes: fn(&Arg) -> bool, words: Vec<&'static str>) -> Command {
    let parser = PossibleValuesParser::new(words);
    let mut is_first = true;
    command.mut_args(|arg| {
        if !takes(&arg) || !std::mem::take(&mut is_first) {
            return arg;
        }
        arg.value_parser(parser.clone())
    })
}

/// `--target` with the targets that are known, in commands of the command too.
fn with_targets(command: Command) -> Command {
    let is_target = |arg: &Arg| arg.get_long() == Some("target");
    let command = command.mut_subcommands(with_targets);
    with_values(command, is_target, target_names()).mut_args(|arg| match is_target(&arg) {
        true => arg.value_name(LIST_NAME),
        false => arg,
    })
}

fn with_target_words(command: Command) -> Command {
    let mut words = vec!["show"];
    words.extend(target_names());
    with_values(command, Arg::is_positional, words).mut_arg("name", |arg| {
        arg.value_parser(PossibleValuesParser::new(target_names()))
    })
}

fn target_names() -> Vec<&'static str> {
    let known = target::known_targets().iter().map(|target| target.id);
    ["deb", "rpm"].into_iter().chain(known).collect()
}
