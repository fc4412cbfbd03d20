//! Arguments of the names that build.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser};

use crate::commands::explain;
use crate::macro_options::MacroOptions;
use crate::personality::Name;
use crate::terminal;

/// Arguments of `specbuild`, `rpmbuild` and `debbuild`.
#[derive(Parser, Clone, Debug)]
#[command(version, about, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct BuildCli {
    /// The spec file (or several)
    #[arg(value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// How far to build: `-bd` check build requirements, `-bp` unpack and patch, `-bf` configure,
    /// `-bc` compile, `-bi` install, `-bk` check, `-bl` check the file lists, `-bb` binary packages,
    /// `-bs` source package, `-br` the same with dynamic build requirements, `-ba` everything
    #[arg(short = 'b', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) stage: Vec<char>,
    /// The same from tar archives with a spec in them
    #[arg(short = 't', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) tarball: Vec<char>,
    /// The same from source packages
    #[arg(short = 'r', value_name = "STAGE", action = ArgAction::Append)]
    pub(crate) source_package: Vec<char>,
    /// Build binary packages from source packages (like `-rb`)
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Build from source packages up to `%install` (like `-ri`)
    #[arg(long)]
    pub(crate) recompile: bool,
    #[command(flatten)]
    pub(crate) process: ProcessOptions,
    #[command(flatten)]
    pub(crate) macros: MacroOptions,
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
    /// Build in the working directory, as it is
    #[arg(long)]
    pub(crate) build_in_place: bool,
    /// Make no debug packages
    #[arg(long)]
    pub(crate) nodebuginfo: bool,
    /// Apply patches by a version control system: `git`, `git_am`, `quilt`, `hg`, `gendiff`, `patch`
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) scm: Option<String>,
    /// Run one policy of the build root after `%install` instead of all
    #[arg(long, value_name = "POLICY")]
    pub(crate) buildpolicy: Option<String>,
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
    #[command(flatten)]
    pub(crate) common: CommonOptions,
}

/// Options of all of rpm's programs that make no difference to a build; build roots pass them.
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
    #[arg(long)]
    pub(crate) nolang: bool,
    /// Log more of rpm's insides
    #[arg(long)]
    pub(crate) debug: bool,
    /// Log changes to files
    #[arg(long)]
    pub(crate) fsmdebug: bool,
    /// Log dependency generation
    #[arg(long)]
    pub(crate) rpmfcdebug: bool,
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
  specbuild query FILE…        what packages and specs say of themselves
  specbuild completions SHELL  a completion script
  specbuild man                the manual page
  specbuild helper             the programs that macros call";

/// The arguments of a command, or the exit status if they end the run: 0 after `--help` and
/// `--version`, 1 if they are wrong.
pub(crate) fn parse<T: FromArgMatches>(
    command: Command,
    args: Vec<OsString>,
) -> Result<(T, ArgMatches), u8> {
    let name = command.get_name().to_owned();
    let parsed = as_popt_reads(command)
        .try_get_matches_from(args)
        .and_then(|matches| {
            let options = T::from_arg_matches(&matches)?;
            Ok((options, matches))
        });
    if let Ok((_, matches)) = &parsed {
        check_warnings(matches)?;
    }
    parsed.map_err(|error| {
        if error.kind() == ErrorKind::DisplayVersion && name.starts_with("rpm") {
            terminal::print_line(RPM_VERSION);
            return 0;
        }
        let text = error.render();
        if error.use_stderr() {
            terminal::print_error(&text.to_string());
            1
        } else {
            terminal::print_text(&text.to_string());
            0
        }
    })
}

/// Options may be given again, which replaces what was given; what stands after one that has a value is
/// its value, whatever it looks like. Source: popt(3).
pub(crate) fn as_popt_reads(command: Command) -> Command {
    command.args_override_self(true).mut_args(|arg| {
        let has_value = arg.get_action().takes_values() && !arg.is_positional();
        arg.allow_hyphen_values(has_value)
    })
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
