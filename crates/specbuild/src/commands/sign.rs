//! `specbuild sign`, `rpmsign`, and `rpm --addsign`: signatures onto packages, and off them.
//!
//! Source: rpmsign(1).

mod passphrase;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use build::{BuildError, KeyChoice};
use clap::{CommandFactory, Parser};
use rpmfile::{Generations, Signed, SigningError, remove_signatures, sign_package};
use target::Personality;

use super::hints;
use crate::cli;
use crate::macro_options::{self, MacroOptions, in_order};
use crate::personality;
use crate::terminal::{self, Terminal, chain};

/// Arguments of `rpmsign`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmsign", bin_name = "rpmsign", version)]
#[command(about = "Signs packages with OpenPGP", max_term_width = 100)]
struct SignCli {
    /// .rpm files
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    /// Add a signature, unless there is one by the same key
    #[arg(long, conflicts_with_all = ["resign", "delsign"])]
    addsign: bool,
    /// Put a signature in place of all there are
    #[arg(long, conflicts_with = "delsign")]
    resign: bool,
    /// Take all signatures off
    #[arg(long)]
    delsign: bool,
    /// In packages of format 4, sign header and payload together too, for rpm before 4.14
    #[arg(long)]
    rpmv3: bool,
    /// In packages of format 6, add a signature that rpm 4 reads too
    #[arg(long)]
    rpmv4: bool,
    /// In packages of format 4, add a signature as in format 6 too
    #[arg(long)]
    rpmv6: bool,
    /// Sign with this key of `gpg` or `sq` (`%_openpgp_sign_id`)
    #[arg(long, value_name = "KEYID")]
    key_id: Option<String>,
    /// Sign with the secret key in this file, without any program (`%_openpgp_sign_key_file`)
    #[arg(long, value_name = "FILE", conflicts_with = "key_id")]
    key: Option<PathBuf>,
    /// The first line of this file unlocks that key (`%_openpgp_sign_passphrase_file`)
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    macros: MacroOptions,
}

/// Options that make `rpm` the same as `rpmsign`.
const MODES: [&str; 3] = ["--addsign", "--resign", "--delsign"];

/// Whether the arguments of `rpm` ask for signatures.
pub(super) fn is_signing(args: &[OsString]) -> bool {
    let words = args.iter().skip(1).take_while(|word| *word != "--");
    let mut words = words.filter_map(|word| word.to_str());
    words.any(|word| MODES.contains(&word))
}

pub(super) fn command() -> clap::Command {
    SignCli::command()
        .name("specbuild sign")
        .bin_name("specbuild sign")
}

/// Runs `specbuild sign`, which adds signatures unless it is told otherwise.
pub(super) fn run(args: &[OsString]) -> u8 {
    let mut words = vec![OsString::from("specbuild sign")];
    words.extend_from_slice(args);
    start(command(), words, Personality::Specbuild)
}

/// Runs `rpmsign`.
pub(crate) fn run_as_rpm(args: Vec<OsString>) -> u8 {
    let command = SignCli::command();
    if !is_signing(&args) && !args.iter().any(is_question) {
        let usage = command.clone().render_usage();
        terminal::print_error(&usage.to_string());
        return 1;
    }
    start(command, args, Personality::Rpm)
}

fn is_question(word: &OsString) -> bool {
    ["--help", "-h", "--version", "-V"]
        .iter()
        .any(|it| word == it)
}

fn start(command: clap::Command, args: Vec<OsString>, personality: Personality) -> u8 {
    let (options, matches) = match cli::parse::<SignCli>(command, args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let job = macro_options::open(&options.macros, &in_order(&matches), personality).and_then(
        |mut engine| {
            let job = Job::of(&options, &mut engine);
            build::tell_findings(&mut engine, &mut Terminal::default());
            job
        },
    );
    let job = match job {
        Ok(job) => job,
        Err(error) => return terminal::fail(&error),
    };
    let is_own = personality == Personality::Specbuild;
    let tells = (is_own && !options.macros.quiet) || options.macros.verbose > 0;
    let done = options
        .packages
        .iter()
        .map(|path| job.carry_out(path, tells));
    let failures = done.filter(|is_done| !is_done).count();
    u8::try_from(failures).unwrap_or(u8::MAX)
}

/// What is done to each package.
enum Job {
    Sign {
        signer: sign::Signer,
        generations: Generations,
        replaces: bool,
    },
    Remove,
}

impl Job {
    fn of(options: &SignCli, engine: &mut expand::Engine) -> Result<Self, BuildError> {
        if options.delsign {
            return Ok(Self::Remove);
        }
        let mut choice = KeyChoice {
            id: options.key_id.clone(),
            file: options.key.clone(),
            passphrase_file: options.passphrase_file.clone(),
            passphrase: None,
        };
        let mut signer = build::signer(engine, &choice);
        if let Err(error) = &signer
            && let Some(path) = locked_key(error)
        {
            choice.passphrase = passphrase::ask(path);
            if choice.passphrase.is_some() {
                signer = build::signer(engine, &choice);
            }
        }
        Ok(Self::Sign {
            signer: signer?,
            generations: Generations {
                v3: options.rpmv3,
                v4: options.rpmv4,
                v6: options.rpmv6,
            },
            replaces: options.resign,
        })
    }

    /// Does it to one package; whether that went well.
    fn carry_out(&self, path: &Path, tells: bool) -> bool {
        let done = match self {
            Self::Remove => remove_signatures(path).map(|()| Signed::Added),
            Self::Sign {
                signer,
                generations,
                replaces,
            } => sign_package(path, signer, *generations, *replaces),
        };
        let name = path.display();
        match &done {
            Ok(Signed::Added) if tells => terminal::print_line(&format!("{name}")),
            Ok(Signed::Added) => {}
            Ok(Signed::AlreadyThere) => terminal::print_error(&format!(
                "warning: {name} already contains an identical signature, skipping"
            )),
            Err(error) => terminal::print_error(&format!("error: {}", fault(path, error))),
        }
        let help = match &done {
            Ok(Signed::AlreadyThere) | Err(SigningError::HasAnother) => Some(RESIGN),
            Err(_) => hints::of_unsigned(path),
            Ok(Signed::Added) => None,
        };
        if let Some(help) = help.filter(|_| !personality::is_rpms_own()) {
            terminal::print_error(&format!("  = help: {help}"));
        }
        done.is_ok()
    }
}

/// What to do with a package that is signed already.
const RESIGN: &str = "`specbuild sign --resign` puts a signature in place of all there are";

/// The file of a key for which no passphrase was given.
fn locked_key(error: &BuildError) -> Option<&Path> {
    match error {
        BuildError::Sign(sign::SignError::Locked {
            path,
            was_given: false,
        }) => Some(path),
        _ => None,
    }
}

/// A fault with the package's name, in rpm's order of words.
fn fault(path: &Path, error: &SigningError) -> String {
    let name = path.display();
    match error {
        SigningError::Corrupt(what) => format!("not signing corrupt package {name}: {what}"),
        SigningError::OldFormat => format!("{error}: {name}"),
        SigningError::HasAnother => format!("{name} {error}"),
        error => format!("{name}: {}", chain(error)),
    }
}
