//! `specbuild verify`, `rpmkeys --checksig`, and `rpm -K`: whether packages are what their digests and
//! signatures say.
//!
//! Source: rpmkeys(8).

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use build::{BuildError, Setting};
use clap::{CommandFactory, Parser};
use expand::Engine;
use rpmfile::{Class, Outcome, Policy, ReadError, Verdict};
use sign::Keyring;
use target::Personality;

use super::{database, hints};
use crate::cli;
use crate::macro_options::{self, Given, MacroOptions, in_order};
use crate::terminal::{self, Terminal, chain};

/// Arguments of `rpmkeys`.
#[derive(Parser, Clone, Debug)]
#[command(name = "rpmkeys", bin_name = "rpmkeys", version)]
#[command(
    about = "Checks digests and signatures of packages",
    max_term_width = 100
)]
struct VerifyCli {
    /// .rpm files
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    /// Check digests and signatures, which is what is done anyway
    #[arg(short = 'K', long)]
    checksig: bool,
    /// Believe the public keys in this file, or in all files of this directory, in place of those in
    /// `%_keyringpath`
    #[arg(long = "keyring", visible_alias = "key", value_name = "PATH")]
    keyrings: Vec<PathBuf>,
    /// Leave signatures out
    #[arg(long)]
    nosignature: bool,
    /// Leave digests out
    #[arg(long)]
    nodigest: bool,
    /// Under rpm's names, believe the keys that were imported below a directory, too
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Under rpm's names, believe the keys that were imported into the database in a directory, too; it
    /// becomes `%_dbpath`
    #[arg(long, value_name = "DIR")]
    dbpath: Option<PathBuf>,
    #[command(flatten)]
    macros: MacroOptions,
}

/// Whether the arguments of `rpm` ask for checks: `--checksig`, or a `K` among short options.
pub(super) fn is_check(args: &[OsString]) -> bool {
    let words = args.iter().skip(1).map(|word| word.to_string_lossy());
    let mut words = words.take_while(|word| word != "--");
    words.any(|word| {
        let is_short = word.starts_with('-') && !word.starts_with("--");
        let has_value = word.starts_with("-E") || word.starts_with("-D");
        word == "--checksig" || (is_short && word.contains('K') && !has_value)
    })
}

pub(super) fn command() -> clap::Command {
    VerifyCli::command()
        .name("specbuild verify")
        .bin_name("specbuild verify")
}

/// Runs `specbuild verify`.
pub(super) fn run(args: &[OsString]) -> u8 {
    let mut words = vec![OsString::from("specbuild verify")];
    words.extend_from_slice(args);
    start(command(), words, Personality::Specbuild)
}

/// Runs `rpmkeys`. All but its checks needs a database of keys.
pub(crate) fn run_as_rpmkeys(args: Vec<OsString>) -> u8 {
    match database::is_about_keys(&args) {
        true => database::hand_over("rpmkeys", &args),
        false => run_as_rpm(args),
    }
}

/// Runs `rpmkeys --checksig`.
pub(super) fn run_as_rpm(args: Vec<OsString>) -> u8 {
    let command = VerifyCli::command().after_help(database::KEYS_HELP);
    start(command, args, Personality::Rpm)
}

fn start(command: clap::Command, args: Vec<OsString>, personality: Personality) -> u8 {
    let (options, matches) = match cli::parse::<VerifyCli>(command, args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let mut given = in_order(&matches);
    if let Some(dir) = &options.dbpath {
        let definition = format!("_dbpath {}", dir.display());
        given.insert(0, Given::Setting(Setting::Define(definition)));
    }
    let opened = macro_options::open(&options.macros, &given, personality);
    let prepared = opened.and_then(|mut engine| {
        let keyring = build::keyring(&mut engine, &options.keyrings)?;
        let policy = policy(&options, &mut engine, personality)?;
        build::tell_findings(&mut engine, &mut Terminal::default());
        Ok((keyring, policy))
    });
    let (mut keyring, policy) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return terminal::fail(&error),
    };
    let tell: Tell = match personality {
        Personality::Specbuild => tell,
        _ => tell_as_rpm,
    };
    let is_verbose = options.macros.verbose > 0;
    let mut asks_rpm = personality == Personality::Rpm && options.keyrings.is_empty();
    let mut failures = 0_u8;
    for path in &options.packages {
        let mut verdict = check(path, &keyring, policy);
        if asks_rpm && verdict.as_ref().is_ok_and(misses_key) {
            asks_rpm = false;
            if add_imported_keys(&mut keyring, &options) {
                verdict = check(path, &keyring, policy);
            }
        }
        failures = failures.saturating_add(u8::from(!tell(path, verdict, is_verbose)));
    }
    failures
}

fn misses_key(verdict: &Verdict) -> bool {
    let mut findings = verdict.findings.iter();
    findings.any(|it| it.outcome == Outcome::NoKey)
}

/// Adds the keys that were imported into the database of the other rpm; whether there are any.
///
/// Source: rpm(8), `gpg-pubkey` packages, which have a key as their description.
fn add_imported_keys(keyring: &mut Keyring, options: &VerifyCli) -> bool {
    let Some(rpm) = database::other("rpm") else {
        return false;
    };
    let mut command = Command::new(rpm);
    for (option, dir) in [("--root", &options.root), ("--dbpath", &options.dbpath)] {
        let words = dir
            .iter()
            .flat_map(|dir| [option.as_ref(), dir.as_os_str()]);
        command.args(words);
    }
    command.args(["-q", "gpg-pubkey", "--qf", "%{DESCRIPTION}\n"]);
    let asked = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let text = asked.map(|it| it.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    // Without a key, what is printed says so.
    let keys = text.split_inclusive(ARMOR_END);
    let added = keys.map(|key| key.ends_with(ARMOR_END) && keyring.add_text(key).is_ok());
    added.filter(|is_added| *is_added).count() > 0
}

const ARMOR_END: &str = "-----END PGP PUBLIC KEY BLOCK-----";

/// Tells what came of a package; whether it is good.
type Tell = fn(&Path, Result<Verdict, ReadError>, bool) -> bool;

fn check(path: &Path, keyring: &Keyring, policy: Policy) -> Result<Verdict, ReadError> {
    rpmfile::verify(path, keyring, policy)
}

/// Under our own name everything that is there counts, and signatures have to be there if there are
/// keys to check them with; under rpm's, what macros say.
fn policy(
    options: &VerifyCli,
    engine: &mut Engine,
    personality: Personality,
) -> Result<Policy, BuildError> {
    let mut policy = match personality {
        Personality::Specbuild => Policy {
            needs_signatures: !options.keyrings.is_empty(),
            ..Policy::DIGESTS
        },
        _ => configured(engine)?,
    };
    if options.nosignature {
        policy.flags |= Policy::NO_SIGNATURES;
        policy.needs_signatures = false;
    }
    if options.nodigest {
        policy.flags |= Policy::NO_DIGESTS;
        policy.needs_digests = false;
    }
    Ok(policy)
}

/// Source: rpm-config(5), `_pkgverify_level` and `_pkgverify_flags`.
fn configured(engine: &mut Engine) -> Result<Policy, BuildError> {
    let level = engine.expand_str("%{?_pkgverify_level}")?;
    let flags = engine.expand_number("%{?_pkgverify_flags}");
    Ok(Policy {
        flags: u32::try_from(flags).unwrap_or(0),
        needs_digests: matches!(level.as_str(), "all" | "digest"),
        needs_signatures: matches!(level.as_str(), "all" | "signature"),
    })
}

/// In rpm's words.
fn tell_as_rpm(path: &Path, verdict: Result<Verdict, ReadError>, is_verbose: bool) -> bool {
    let name = path.display();
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(ReadError::Open(source)) => {
            let reason = build::reason_of(&source);
            terminal::print_error(&format!("error: {name}: open failed: {reason}"));
            return false;
        }
        Err(error) => {
            terminal::print_text(&format!("{name}:{}", if is_verbose { "\n" } else { "" }));
            terminal::print_error(&format!("error: {name}: {}", rpms_words(&error)));
            return false;
        }
    };
    if is_verbose {
        terminal::print_line(&format!("{name}:"));
        let lines = verdict.findings.iter();
        lines.for_each(|it| terminal::print_line(&format!("    {}", it.line())));
        return verdict.is_good();
    }
    let mut line = format!("{name}:");
    let classes = [
        (Class::Digest, verdict.has_good_digests, "digests"),
        (Class::Signature, verdict.has_good_signatures, "signatures"),
    ];
    for (_, is_good, word) in classes.iter().filter(|it| verdict.tells_of(it.0)) {
        let word = if *is_good {
            (*word).to_owned()
        } else {
            word.to_uppercase()
        };
        line.push_str(&format!(" {word}"));
    }
    line.push_str(if verdict.is_good() { " OK" } else { " NOT OK" });
    terminal::print_line(&line);
    if misses_key(&verdict) && std::io::stderr().is_terminal() {
        terminal::print_error(NO_KEY);
    }
    verdict.is_good()
}

/// What is said to people of a signature by a key that is not known.
const NO_KEY: &str = "  = help: the key is not known (`-Kv` shows which it is): `rpm --import FILE` imports it, \
                      and `--keyring FILE` believes the keys of a file";

fn rpms_words(error: &ReadError) -> String {
    match error {
        ReadError::NotPackage => "not an rpm package (or package manifest)".to_owned(),
        error => chain(error),
    }
}

/// For people: one line for each package, and what is wrong below it.
fn tell(path: &Path, verdict: Result<Verdict, ReadError>, is_verbose: bool) -> bool {
    let name = path.display();
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(error) => {
            terminal::print_error(&format!("error: {name}: {}", for_people(&error)));
            if let Some(help) = hints::of_unsigned(path) {
                terminal::print_error(&format!("  = help: {help}"));
            }
            return false;
        }
    };
    terminal::print_line(&format!("{name}: {}", summary(&verdict)));
    for finding in &verdict.findings {
        let is_fault = finding.outcome != Outcome::Good;
        if is_fault || is_verbose {
            terminal::print_line(&format!("    {}", finding.line()));
        }
    }
    verdict.is_good()
}

/// rpm's words, and what they mean where that is not plain.
fn for_people(error: &ReadError) -> String {
    let words = chain(error);
    match words.contains("read returned 0") {
        true => format!("it is cut off: the file ends inside of its headers ({words})"),
        false => words,
    }
}

fn summary(verdict: &Verdict) -> &'static str {
    let has = |outcome| {
        let mut findings = verdict.findings.iter();
        findings.any(|it| it.class == Class::Signature && it.outcome == outcome)
    };
    match (verdict.has_good_digests, verdict.has_good_signatures) {
        (false, _) => "DAMAGED: it is not what its digests say",
        (true, false) if has(Outcome::Bad) => "FORGED: it is not what was signed",
        (true, false) if has(Outcome::NoKey) => {
            "intact, but signed by a key that is not known (`--keyring FILE`)"
        }
        (true, false) if has(Outcome::NotTrusted) => {
            "intact, but signed by a key that does not count"
        }
        (true, false) => "intact, but NOT SIGNED as it should be",
        (true, true) if has(Outcome::Good) => "intact and signed",
        (true, true) => "intact, not signed",
    }
}
