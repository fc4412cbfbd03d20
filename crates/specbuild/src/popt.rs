//! Aliases of options, as popt(3) reads and expands them: `rpmbuild alias --x …`, `rpm exec --y …`.
//!
//! Files of the site (`/etc/popt`, `/etc/popt.d`) and of the user (`~/.popt`) count before all options;
//! what an installed rpm defines (`/usr/lib/rpm/rpmpopt*`) counts for options that are not built in.
//!
//! Not here: patterns for names of programs, and files in the place of an option.

mod config;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ArgAction;
use config::{Item, Kind};

use crate::terminal;

/// So many aliases may be within each other.
const MOST_LEVELS: usize = 10;

/// The aliases that a program knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aliases {
    items: Vec<Item>,
}

impl Aliases {
    /// Those of site and user.
    pub(crate) fn of_user(program: &str) -> Self {
        Self {
            items: config::of_user(program),
        }
    }

    /// With those of an installed rpm, if the arguments have an option that is not built in.
    pub(crate) fn with_installed(mut self, command: &clap::Command, args: &[OsString]) -> Self {
        let options = Options {
            commands: &[command],
        };
        let words = args.iter().skip(1).map(|word| word.to_string_lossy());
        let knows =
            |option: &str| options.has(option) || self.items.iter().any(|it| it.option == option);
        if words.into_iter().any(|word| options.is_unknown(&word)) {
            let installed = config::of_installed(command.get_name());
            let missing = installed.into_iter().filter(|item| !knows(&item.option));
            let missing: Vec<Item> = missing.collect();
            self.items.extend(missing);
        }
        self
    }

    /// All of them, for help.
    pub(crate) fn of_all(program: &str) -> Self {
        let mut items = config::of_user(program);
        items.extend(config::of_installed(program));
        Self { items }
    }

    /// A command whose help lists those that have a text for it.
    pub(crate) fn describe(&self, mut command: clap::Command) -> clap::Command {
        for item in &self.items {
            let options = Options {
                commands: &[&command],
            };
            if let (Some(help), false) = (&item.help, options.has(&item.option)) {
                let arg = described(item, help);
                command = command.arg(arg);
            }
        }
        command
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Expands them in the arguments of a program that knows the options of some commands. A fault, or
    /// an `exec` that could not be, is told; the error is then the exit status.
    pub(crate) fn expand(
        &self,
        commands: &[&clap::Command],
        args: Vec<OsString>,
    ) -> Result<Vec<OsString>, u8> {
        let texts = args.iter().map(|word| word.to_str().map(str::to_owned));
        let Some(texts) = texts
            .collect::<Option<Vec<String>>>()
            .filter(|_| !self.is_empty())
        else {
            return Ok(args);
        };
        let Some((name, words)) = texts.split_first() else {
            return Ok(args);
        };
        let mut expansion = Expansion::new(&self.items, Options { commands }, words);
        expansion.run().map_err(|option| {
            terminal::print_error(&format!("{name}: {option}: aliases nested too deeply"));
            1
        })?;
        if let Some(item) = expansion.program {
            return Err(execute(item, &expansion.words, name));
        }
        let words = expansion.words.into_iter().map(OsString::from);
        Ok(args.into_iter().take(1).chain(words).collect())
    }
}

/// An option of the help; when arguments are read, the alias has been expanded.
fn described(item: &Item, help: &str) -> clap::Arg {
    let option = lasting(&item.option);
    let arg = clap::Arg::new(option)
        .help(lasting(help))
        .help_heading("Aliases");
    let arg = match option.strip_prefix("--") {
        Some(long) => arg.long(long),
        None => arg.short(option.chars().nth(1)),
    };
    match &item.value {
        Some(value) => arg.value_name(lasting(value)).num_args(1),
        None => arg.action(ArgAction::SetTrue),
    }
}

/// Texts of a help last as long as the program, which ends with it.
fn lasting(text: &str) -> &'static str {
    Box::leak(text.into())
}

/// What the options of some commands are.
#[derive(Clone, Copy)]
struct Options<'c> {
    commands: &'c [&'c clap::Command],
}

impl Options<'_> {
    /// The option `--name` or `-n`, and whether it has a value.
    fn find(&self, option: &str) -> Option<bool> {
        if ["--help", "-?", "-h", "--usage", "--version"].contains(&option) {
            return Some(false);
        }
        let args = self
            .commands
            .iter()
            .flat_map(|command| command.get_arguments());
        let mut found = args.filter(|arg| match option.strip_prefix("--") {
            Some(long) => arg
                .get_long_and_visible_aliases()
                .is_some_and(|names| names.contains(&long)),
            None => option[1..].chars().next() == arg.get_short(),
        });
        let found = found.next()?;
        let takes_value = |action: &ArgAction| action.takes_values();
        Some(takes_value(found.get_action()))
    }

    fn has(&self, option: &str) -> bool {
        self.find(option).is_some()
    }

    /// Whether a word is an option that nothing is known of.
    fn is_unknown(&self, word: &str) -> bool {
        match word.strip_prefix("--") {
            Some("") | None => {
                let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
                letters
                    .next()
                    .is_some_and(|letter| !self.has(&format!("-{letter}")))
            }
            Some(_) => !self.has(word.split('=').next().unwrap_or(word)),
        }
    }
}

/// Words that are still to be read: those of the command line, or of an alias.
struct Level<'i> {
    words: VecDeque<String>,
    alias: Option<&'i Item>,
}

/// The reading of a command line.
struct Expansion<'i, 'c> {
    items: &'i [Item],
    options: Options<'c>,
    levels: Vec<Level<'i>>,
    /// What has been read, aliases expanded.
    words: Vec<String>,
    /// What is to be run instead.
    program: Option<&'i Item>,
}

impl<'i, 'c> Expansion<'i, 'c> {
    fn new(items: &'i [Item], options: Options<'c>, args: &[String]) -> Self {
        let level = Level {
            words: args.iter().cloned().collect(),
            alias: None,
        };
        Self {
            items,
            options,
            levels: vec![level],
            words: Vec::new(),
            program: None,
        }
    }

    /// Reads everything; the option that is nested too deeply, if one is.
    fn run(&mut self) -> Result<(), String> {
        while let Some(word) = self.next_word() {
            if word == "--" {
                let rest = self.levels.drain(..).rev().flat_map(|level| level.words);
                self.words.push(word);
                self.words.extend(rest);
                return Ok(());
            }
            match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => self.option(&word)?,
                _ => self.words.push(word),
            }
        }
        Ok(())
    }

    fn next_word(&mut self) -> Option<String> {
        while self.levels.len() > 1 && self.levels.last()?.words.is_empty() {
            self.levels.pop();
        }
        self.levels.last_mut()?.words.pop_front()
    }

    /// `--long`, `--long=value`, `-l`, `-lmn`, `-lvalue`, and words that one hyphen makes options.
    fn option(&mut self, word: &str) -> Result<(), String> {
        let (name, value) = word
            .split_once('=')
            .map_or((word, None), |(name, value)| (name, Some(value)));
        if self.replace(name, value)? {
            return Ok(());
        }
        if word.starts_with("--") {
            self.words.push(name.to_owned());
            self.value(name, value);
            return Ok(());
        }
        let mut letters = word[1..].chars();
        let Some(letter) = letters.next() else {
            return Ok(());
        };
        let rest = letters.as_str();
        let short = format!("-{letter}");
        let takes_value = self.options.find(&short).unwrap_or_default();
        if self.replace(&short, None)? {
            // What follows the letter in its word comes after the alias.
            if !rest.is_empty() {
                let at = self.levels.len() - 1;
                self.below(at).push_front(format!("-{rest}"));
            }
            return Ok(());
        }
        if takes_value && !rest.is_empty() {
            self.words.push(word.to_owned());
            return Ok(());
        }
        self.words.push(short.clone());
        if takes_value {
            self.value(&short, None);
        } else if !rest.is_empty() {
            self.option(&format!("-{rest}"))?;
        }
        Ok(())
    }

    /// The words that come after those of a level.
    fn below(&mut self, at: usize) -> &mut VecDeque<String> {
        let at = at.saturating_sub(1);
        &mut self.levels[at].words
    }

    /// Puts the words of an alias in the place of an option, whether there is one. An alias is not
    /// expanded within itself.
    fn replace(&mut self, option: &str, value: Option<&str>) -> Result<bool, String> {
        let current = self.levels.last().and_then(|level| level.alias);
        if current.is_some_and(|item| item.option == option) {
            return Ok(false);
        }
        let of_kind = |kind| {
            self.items
                .iter()
                .rev()
                .find(|it| it.kind == kind && it.option == option)
        };
        if let Some(alias) = of_kind(Kind::Alias) {
            if self.levels.len() >= MOST_LEVELS {
                return Err(option.to_owned());
            }
            let words = alias.words.iter().cloned().chain(value.map(str::to_owned));
            let words = words.collect();
            self.levels.push(Level {
                words,
                alias: Some(alias),
            });
            return Ok(true);
        }
        match of_kind(Kind::Exec).filter(|_| value.is_none()) {
            Some(item) if self.program.is_none() => self.program = Some(item),
            Some(_) => self.words.push(option.to_owned()),
            None => return Ok(false),
        }
        Ok(true)
    }

    /// The value of an option that has one goes with it.
    fn value(&mut self, option: &str, given: Option<&str>) {
        let takes_value = self.options.find(option).unwrap_or_default();
        let value = match given {
            Some(value) => Some(value.to_owned()),
            None if takes_value => self.next_word(),
            None => None,
        };
        let Some(value) = value else {
            return;
        };
        let value = self.with_next_argument(&value);
        if takes_value {
            self.words.push(value);
        } else if let Some(last) = self.words.last_mut() {
            // Left to whoever reads the words to complain of.
            *last = format!("{last}={value}");
        }
    }

    /// A value in which `!#:+` stands for the next word that is no option, which is taken away.
    fn with_next_argument(&mut self, value: &str) -> String {
        const MARK: &str = "!#:+";
        if !value.contains(MARK) {
            return value.to_owned();
        }
        let found = self.levels.iter_mut().rev().find_map(|level| {
            let place = level.words.iter().position(|word| !word.starts_with('-'))?;
            level.words.remove(place)
        });
        found.map_or_else(|| value.to_owned(), |word| value.replace(MARK, &word))
    }
}

/// Becomes the program of an `exec`, with the words that were read; returns only if that can't be.
fn execute(item: &Item, words: &[String], called: &str) -> u8 {
    let Some((program, own)) = item.words.split_first() else {
        return 1;
    };
    let path = program_path(program, called);
    let error = Command::new(&path).args(own).args(words).exec();
    let (path, reason) = (path.display(), build::reason_of(&error));
    terminal::print_error(&format!("{}: {path}: {reason}", name_of_call(called)));
    1
}

/// A program lies where `RPM_POPTEXEC_PATH` says, or beside this one, or in `/usr/bin`.
/// The name that the program was called by.
fn name_of_call(called: &str) -> &str {
    called.rsplit('/').next().unwrap_or(called)
}

fn program_path(program: &str, called: &str) -> PathBuf {
    if program.contains('/') {
        return program.into();
    }
    if let Some(dir) = std::env::var_os("RPM_POPTEXEC_PATH") {
        return Path::new(&dir).join(program);
    }
    let beside = Path::new(called).with_file_name(program);
    if called.contains('/') && beside.exists() {
        return beside;
    }
    Path::new("/usr/bin").join(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(config: &str, args: &str) -> String {
        let command = clap::Command::new("rpmx")
            .arg(
                clap::Arg::new("define")
                    .short('D')
                    .long("define")
                    .action(ArgAction::Append),
            )
            .arg(
                clap::Arg::new("quiet")
                    .short('q')
                    .long("quiet")
                    .action(ArgAction::SetTrue),
            )
            .arg(
                clap::Arg::new("parse")
                    .short('P')
                    .long("parse")
                    .action(ArgAction::SetTrue),
            );
        let items = config::parse(config, "rpmx");
        let args: Vec<String> = args.split(' ').map(str::to_owned).collect();
        let commands = [&command];
        let mut expansion = Expansion::new(
            &items,
            Options {
                commands: &commands,
            },
            &args,
        );
        match expansion.run() {
            Ok(()) => expansion.words.join(" "),
            Err(option) => format!("too deep: {option}"),
        }
    }

    #[test]
    fn aliases_are_replaced_where_they_stand() {
        let config = "rpmx alias --loud --define 'loud 1' -P\nrpmy alias --loud --no\n";
        assert_eq!(expanded(config, "a --loud b"), "a --define loud 1 -P b");
        assert_eq!(
            expanded(config, "-D --loud -- --loud"),
            "-D --loud -- --loud"
        );
    }

    #[test]
    fn arguments_are_taken_from_what_follows() {
        let config = "rpmx alias --with --define \"_with_!#:+ --with-!#:+\"\n";
        assert_eq!(
            expanded(config, "--with -q x y"),
            "--define _with_x --with-x -q y"
        );
        assert_eq!(
            expanded(config, "--with=x y"),
            "--define _with_x --with-x y"
        );
        assert_eq!(
            expanded(config, "--with"),
            "--define _with_!#:+ --with-!#:+"
        );
    }

    #[test]
    fn short_ones_are_found_among_others() {
        let config = "rpmx alias -x --define 'x 1'\nrpmx alias -y -x\nrpmx alias -q -q -P\n";
        assert_eq!(expanded(config, "-Pxq a"), "-P --define x 1 -q -P a");
        assert_eq!(expanded(config, "-y"), "--define x 1");
        let endless = "rpmx alias --a --b\nrpmx alias --b --a\n";
        assert_eq!(expanded(endless, "--a"), "too deep: --b");
    }
}
