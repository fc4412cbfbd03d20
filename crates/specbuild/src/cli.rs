//! Arguments of the names that build.

use std::ffi::OsString;
use std::path::PathBuf;

use build::{DatabasePlace, Setting};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser};

use crate::commands::explain;
use crate::macro_options::{Given, MacroOptions};
use crate::personality::Name;
use crate::popt::Aliases;
use crate::shorthands::Shorthands;
use crate::{refusal, stats, terminal};

/// Arguments of `specbuild`, `rpmbuild` and `debbuild`.
#[derive(Parser, Clone, Debug)]
#[command(version, about, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct BuildCli {
    /// The spec file (or several)
    #[arg(value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// How far to build from a spec: `-bd` check build requirements, `-bp` unpack and patch, `-bf`
    /// configure, `-bc` compile, `-bi` install, `-bk` check, `-bl` check the file lists, `-bb` binary
    /// packages, `-bs` source package, `-br` the same with dynamic build requirements, `-ba` everything
    #[arg(short = 'b', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) stage: Vec<char>,
    /// The same from tar archives with a spec in them: `-td`, `-tp`, `-tf`, `-tc`, `-ti`, `-tk`, `-tl`,
    /// `-tb`, `-ts`, `-tr`, `-ta`
    #[arg(short = 't', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) tarball: Vec<char>,
    /// The same from source packages: `-rd`, `-rp`, `-rf`, `-rc`, `-ri`, `-rk`, `-rl`, `-rb`, `-rs`, `-rr`,
    /// `-ra`
    #[arg(short = 'r', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) source_package: Vec<char>,
    /// Build binary packages from source packages (like `-rb`)
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Build from source packages up to `%install` (like `-ri`)
    #[arg(long)]
    pub(crate) recompile: bool,
    /// What rpmbuild could do once; rpmsign does it
    #[arg(long, hide = true)]
    pub(crate) sign: bool,
    #[command(flatten)]
    pub(crate) process: ProcessOptions,
    #[command(flatten)]
    pub(crate) shorthands: Shorthands,
    #[command(flatten)]
    pub(crate) instead: InsteadOptions,
    #[command(flatten)]
    pub(crate) common: CommonOptions,
    #[command(flatten)]
    pub(crate) macros: MacroOptions,
}

/// What debbuild does instead of building.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Instead of building")]
pub(crate) struct InsteadOptions {
    /// Put what is in source packages (`.src.rpm`, `.dsc`) where sources and specs lie
    #[arg(short, long)]
    pub(crate) install: bool,
    /// List the files that a build of everything would write, but for packages with debugging information
    #[arg(long)]
    pub(crate) showpkgs: bool,
}

/// Options about the process of building.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Process")]
pub(crate) struct ProcessOptions {
    /// Put all packages into this directory
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Don't check build requirements
    #[arg(long)]
    pub(crate) nodeps: bool,
    /// Don't run `%check`
    #[arg(long)]
    pub(crate) nocheck: bool,
    /// Don't run `%prep`
    #[arg(long)]
    pub(crate) noprep: bool,
    /// Keep the build directory
    #[arg(long)]
    pub(crate) noclean: bool,
    /// Remove the build directory when done, whatever the stage
    #[arg(long)]
    pub(crate) clean: bool,
    /// Remove the sources when done
    #[arg(long)]
    pub(crate) rmsource: bool,
    /// Remove the spec when done; without a stage do nothing else
    #[arg(long)]
    pub(crate) rmspec: bool,
    /// Where `%install` puts files (deprecated)
    #[arg(long, value_name = "DIR")]
    pub(crate) buildroot: Option<PathBuf>,
    /// Build even where the spec excludes this architecture
    #[arg(long)]
    pub(crate) force: bool,
    /// Read the spec, run nothing
    #[arg(long)]
    pub(crate) nobuild: bool,
    /// Go straight to the last step of the stage
    #[arg(long)]
    pub(crate) short_circuit: bool,
}

const OUTPUT: &str = "Output";
const INSTALLED: &str = "Installed packages";

/// Options of all of rpm's programs; build roots pass them. Most make no difference here.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Without effect here")]
pub(crate) struct CommonOptions {
    /// Don't verify signatures: packages are not installed
    #[arg(long)]
    pub(crate) nosignature: bool,
    /// Don't verify digests: packages are not installed
    #[arg(long)]
    pub(crate) nodigest: bool,
    /// Use no plugins: there are none
    #[arg(long)]
    pub(crate) noplugins: bool,
    /// Leave translations out
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) nolang: bool,
    /// Print each step of macro expansion
    #[arg(long = "trace", help_heading = "Macros")]
    pub(crate) trace_macros: bool,
    /// Don't check headers of installed packages
    #[arg(long)]
    pub(crate) nohdrchk: bool,
    /// Look among the packages installed below a directory
    #[arg(long, value_name = "DIR", help_heading = INSTALLED)]
    pub(crate) root: Option<PathBuf>,
    /// Look into rpm's database in a directory; it becomes `%_dbpath`
    #[arg(long, value_name = "DIR", help_heading = INSTALLED)]
    pub(crate) dbpath: Option<PathBuf>,
    /// When to use colours: `auto` does on terminals
    #[arg(long, value_name = "WHEN", help_heading = OUTPUT, value_parser = ["never", "auto", "always"])]
    pub(crate) color: Option<String>,
    /// Let a command read what is printed
    #[arg(long, value_name = "COMMAND", help_heading = OUTPUT)]
    pub(crate) pipe: Option<String>,
    /// Log more of rpm's insides
    #[arg(long)]
    pub(crate) debug: bool,
    /// Log changes to files
    #[arg(long)]
    pub(crate) fsmdebug: bool,
    /// Log dependency generation
    #[arg(long)]
    pub(crate) rpmfcdebug: bool,
    /// Log input and output
    #[arg(long)]
    pub(crate) rpmiodebug: bool,
    /// Show what took how long, on standard error
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) stats: bool,
}

impl CommonOptions {
    /// Where build requirements are looked up.
    pub(crate) fn database(&self) -> DatabasePlace {
        DatabasePlace {
            root: self.root.clone(),
            dir: self.dbpath.clone(),
        }
    }

    /// What is given of macros, and what the options mean to them.
    pub(crate) fn add_to(&self, mut given: Vec<Given>) -> Vec<Given> {
        if let Some(dir) = &self.dbpath {
            let definition = format!("_dbpath {}", dir.display());
            given.insert(0, Given::Setting(Setting::Define(definition)));
        }
        given
    }
}

/// What rpm's programs answer to `--version`; scripts look for the number.
pub(crate) const RPM_VERSION: &str = "RPM version 6.1.0";

const EXAMPLES: &str = "\
Examples:
  specbuild -ba hello.spec                       packages for this machine
  specbuild -bb hello.spec --target deb,rpm      packages of both families
  specbuild -bb hello.spec --target deb --output out
  specbuild --eval '%{_libdir}' --target rpm

Commands:
  specbuild targets            what can be built for
  specbuild targets show NAME  a target's profile, with the file each value is from
  specbuild expand TEXT        what a text or a file expands to; `--trace` shows each step
  specbuild explain NAME       what an error or a warning means
  specbuild macro NAME         where a macro is defined, and what it expands to
  specbuild macros             the macro libraries; `macros search WORD` finds a macro
  specbuild query FILE…        what packages and specs say of themselves
  specbuild sign FILE…         signatures onto packages
  specbuild verify FILE…       whether packages are what their digests and signatures say
  specbuild help COMMAND       what a command can do; so does `specbuild COMMAND --help`
  specbuild completions SHELL  a completion script for `bash`, `elvish`, `fish`, `powershell` or `zsh`
  specbuild man                the manual page
  specbuild helper             the programs that macros call";

/// The arguments of a command, or the exit status if they end the run: 0 after `--help` and
/// `--version`, 1 if they are wrong.
pub(crate) fn parse<T: FromArgMatches>(
    command: Command,
    args: Vec<OsString>,
) -> Result<(T, ArgMatches), u8> {
    let name = command.get_name().to_owned();
    let args = expand_aliases(&command, args)?;
    let mut command = as_popt_reads(with_aliases(command, &args));
    let args = match name.as_str() {
        "debbuild" => without_unknown(&mut command, args),
        _ => args,
    };
    let last_word = args.last().cloned();
    let parsed = command.try_get_matches_from_mut(args).and_then(|matches| {
        let options = T::from_arg_matches(&matches)?;
        Ok((options, matches))
    });
    if let Ok((_, matches)) = &parsed {
        show_usage(&command, matches)?;
        take_common(matches);
        refusal::check_root(&name, matches)?;
        check_warnings(matches)?;
    }
    parsed.map_err(|error| {
        if error.kind() == ErrorKind::DisplayVersion && name.starts_with("rpm") {
            terminal::print_line(RPM_VERSION);
            return 0;
        }
        refusal::tell(&name, last_word.as_ref(), &error)
    })
}

/// The arguments of one of this program's own commands, which have no options of rpm's; or the exit
/// status if they end the run.
pub(crate) fn parse_own(command: Command, args: &[OsString]) -> Result<ArgMatches, u8> {
    let command = named(command);
    let name = command.get_name().to_owned();
    let mut command = as_popt_reads(command);
    let words = std::iter::once(OsString::from("specbuild")).chain(args.iter().cloned());
    let parsed = command.try_get_matches_from_mut(words);
    let matches = parsed.map_err(|error| refusal::tell(&name, args.last(), &error))?;
    show_usage(&command, &matches)?;
    Ok(matches)
}

/// A command of this program under its whole name, `specbuild NAME`.
pub(crate) fn named(command: Command) -> Command {
    let name = command.get_name();
    let whole = match name.strip_prefix("specbuild") {
        Some(_) => name.to_owned(),
        None => format!("specbuild {name}"),
    };
    command.bin_name(whole).max_term_width(100)
}

/// The arguments without options that nobody knows: debbuild warns of them and goes on. Whoever puts
/// `--help` beside an option asks whether it is known.
fn without_unknown(command: &mut Command, mut args: Vec<OsString>) -> Vec<OsString> {
    if args.iter().any(|word| word == "--help" || word == "-h") {
        return args;
    }
    loop {
        let error = match command.try_get_matches_from_mut(&args) {
            Err(error) if error.kind() == ErrorKind::UnknownArgument => error,
            _ => return args,
        };
        // What looks like a known one is a slip of the keyboard, and a fault.
        if error.get(ContextKind::SuggestedArg).is_some() {
            return args;
        }
        let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
            return args;
        };
        let is_it = |word: &&OsString| {
            let word = word.to_string_lossy();
            word == unknown.as_str() || word.split('=').next() == Some(unknown)
        };
        let Some(place) = args.iter().position(|word| is_it(&word)) else {
            return args;
        };
        let option = unknown.trim_start_matches('-');
        terminal::print_error(&format!("warning: Unknown option: {option}"));
        args.remove(place);
    }
}

/// Options may be given again, which replaces what was given; what stands after one that has a value is
/// its value, whatever it looks like. Source: popt(3).
pub(crate) fn as_popt_reads(command: Command) -> Command {
    let command = command.args_override_self(true).mut_args(|arg| {
        let has_value = arg.get_action().takes_values() && !arg.is_positional();
        arg.allow_hyphen_values(has_value)
    });
    command
        .disable_help_flag(true)
        .next_help_heading("Help")
        .args([
            Arg::new("help")
                .short('?')
                .visible_short_alias('h')
                .long("help")
                .action(ArgAction::Help)
                .help("Print this"),
            Arg::new("usage")
                .long("usage")
                .action(ArgAction::SetTrue)
                .help("Print how the command is called"),
        ])
}

/// `-r` is `--root` where it is no stage of a build.
pub(crate) fn with_short_root(command: Command) -> Command {
    command.mut_arg("root", |root| root.short('r'))
}

/// Carries out what options of all commands say of output.
pub(crate) fn take_common(matches: &ArgMatches) {
    if let Ok(Some(when)) = matches.try_get_one::<String>("color") {
        terminal::set_colours(when);
    }
    if let Ok(Some(true)) = matches.try_get_one::<bool>("stats") {
        stats::begin();
    }
}

/// `--usage`.
pub(crate) fn show_usage(command: &Command, matches: &ArgMatches) -> Result<(), u8> {
    if matches.get_flag("usage") {
        terminal::print_line(&command.clone().render_usage().to_string());
        return Err(0);
    }
    Ok(())
}

/// Lists the aliases of rpm's names in the help, if that is asked for.
pub(crate) fn with_aliases(command: Command, args: &[OsString]) -> Command {
    let asks = args.iter().any(|word| word == "--help" || word == "-?");
    match command.get_name() {
        name if asks && name.starts_with("rpm") => Aliases::of_all(name).describe(command),
        _ => command,
    }
}

/// Aliases of options under rpm's names. Those of the user for `rpm` itself have been expanded.
fn expand_aliases(command: &Command, args: Vec<OsString>) -> Result<Vec<OsString>, u8> {
    let aliases = match command.get_name() {
        "rpm" => Aliases::default(),
        name if name.starts_with("rpm") => Aliases::of_user(name),
        _ => return Ok(args),
    };
    let aliases = aliases.with_installed(command, &args);
    aliases.expand(&[command], args)
}

/// Refuses names after `-W` that no warning has.
fn check_warnings(matches: &ArgMatches) -> Result<(), u8> {
    let given = matches.try_get_many::<String>("warnings").ok().flatten();
    let mut policy = source::WarningPolicy::default();
    given
        .into_iter()
        .flatten()
        .for_each(|wish| policy.add(wish));
    explain::check_names(policy.names()).map_err(|message| {
        terminal::print_error(&message);
        1
    })
}

/// The command line under one of its names.
pub(crate) fn build_command(name: Name) -> Command {
    use clap::CommandFactory;
    BuildCli::command()
        .name(name.as_str())
        .bin_name(name.as_str())
}
