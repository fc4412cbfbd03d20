//! `specbuild`, `rpmbuild` and `debbuild`: builds packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use build::{BuildError, Input, Request, Stage, Switches};
use clap::ArgMatches;

use crate::cli::{self, BuildCli, InsteadOptions};
use crate::commands::file_kind::Wanted;
use crate::commands::hints;
use crate::interruption::Interruption;
use crate::macro_options::{self, Given, in_order_with};
use crate::personality::{self, Name};
use crate::terminal::{self, Terminal};

/// Runs a build for each spec and each target; the first failure ends the run.
pub(crate) fn run(args: Vec<OsString>, name: Name) -> u8 {
    let (options, matches) = match cli::parse::<BuildCli>(cli::build_command(name), args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    if options.sign {
        terminal::print_error(NO_SIGNING);
        return 1;
    }
    let given = options
        .common
        .add_to(in_order_with(&matches, &options.shorthands));
    let wish = Wish::of(&matches);
    if let Some(status) = evaluate(&options, &given, (name, wish)) {
        return status;
    }
    // rpm loads macro files when it comes to the option, before it looks at any spec.
    let loads = given
        .iter()
        .any(|it| matches!(it, Given::Setting(build::Setting::Load(_))));
    if loads
        && name == Name::Rpmbuild
        && let Err(error) = macro_options::open(&options.macros, &given, name.personality())
    {
        return terminal::fail(&error);
    }
    if options.process.rmspec && !options.process.rmsource && wish.is_none() {
        return remove_specs(&options.specs);
    }
    let wanted = match wish.map_or('b', |wish| wish.mode) {
        _ if options.instead.install => Wanted::SourcePackage,
        'r' => Wanted::SourcePackage,
        't' => Wanted::Tarball,
        _ => Wanted::Spec,
    };
    if name == Name::Specbuild
        && let Some(error) = hints::about_targets(&options.specs, &options.macros.target)
            .or_else(|| hints::about(&options.specs, wanted))
    {
        terminal::print_error(&error);
        return 1;
    }
    let requests = match requests(&options, &given, (name, wish)) {
        Ok(requests) => requests,
        Err(status) => return status,
    };
    let interruption = Interruption::watch();
    if name == Name::Specbuild
        && let Err(error) = check_all(&requests)
    {
        return terminal::fail(&error);
    }
    if name == Name::Specbuild
        && requests.len() > 1
        && !(options.instead.install || options.instead.showpkgs)
        && let Err(error) = build::check_names(&requests)
    {
        return terminal::fail(&error);
    }
    let work = match options.instead {
        InsteadOptions { install: true, .. } => install,
        InsteadOptions { showpkgs: true, .. } => list_packages,
        _ => build_one,
    };
    requests
        .iter()
        .map(|request| work(request, name, &interruption))
        .find(|status| *status != 0)
        .unwrap_or(0)
}

/// Carries out `--eval`s. The exit status, if there is nothing more to do: without a spec and a stage,
/// names that others have only look at their macros.
fn evaluate(options: &BuildCli, given: &[Given], (name, wish): (Name, Option<Wish>)) -> Option<u8> {
    let is_idle = options.specs.is_empty() && wish.is_none();
    let evaluates = given.iter().any(Given::prints);
    let only_looks = is_idle && (name != Name::Specbuild && std::env::args_os().len() > 1);
    if !evaluates && !only_looks {
        return None;
    }
    let status = macro_options::evaluate(&options.macros, given, name.personality());
    (status != 0 || is_idle || options.macros.only_shows()).then_some(status)
}

/// `--rmspec` alone.
fn remove_specs(specs: &[PathBuf]) -> u8 {
    for spec in specs {
        if let Err(error) = std::fs::remove_file(spec) {
            let reason = build::reason_of(&error);
            terminal::print_error(&format!(
                "error: cannot remove {}: {reason}",
                spec.display()
            ));
            return 1;
        }
    }
    0
}

/// One request for each spec and each target.
fn requests(
    options: &BuildCli,
    given: &[Given],
    (name, wish): (Name, Option<Wish>),
) -> Result<Vec<Request>, u8> {
    let (input, stage) = wish.map_or(Ok((Input::Spec, Stage::default())), Wish::read)?;
    if options.specs.is_empty() {
        let missing = match options.instead.install && name == Name::Specbuild {
            true => "no source package given; write `specbuild --install FILE.src.rpm`",
            false => "no spec file given; see `--help`",
        };
        terminal::print_error(&format!("error: {missing}"));
        return Err(1);
    }
    let macros_dir = macro_options::macros_dir();
    let mut settings = options.macros.settings(given);
    // rpmbuild is verbose by itself, and so its scripts are traced.
    settings.is_verbose |= name != Name::Specbuild && !options.macros.quiet;
    let targets: Vec<Option<String>> = match options.macros.target.as_slice() {
        [] => vec![None],
        [one] => vec![Some(one.clone())],
        several => distinct(several, name).into_iter().map(Some).collect(),
    };
    if name == Name::Specbuild && targets.iter().flatten().any(String::is_empty) {
        let words: Vec<&str> = targets.iter().flatten().map(String::as_str).collect();
        let rest: Vec<&str> = words.iter().copied().filter(|it| !it.is_empty()).collect();
        let (words, rest) = (words.join(","), rest.join(","));
        terminal::print_error(&format!(
            "error: `--target {words}` has an empty target; did you mean `--target {rest}`?"
        ));
        return Err(1);
    }
    let platforms: Vec<&str> = targets.iter().flatten().map(String::as_str).collect();
    let platforms = platforms.join(",");
    let run_output = build::RunOutput::default();
    let request = |spec: &Path, at: usize| {
        let is_last = at + 1 == targets.len();
        let switches = switches(options, (name, wish));
        Request {
            input,
            spec: spec.to_owned(),
            stage,
            target: targets[at].clone(),
            platforms: Some(platforms.clone()).filter(|it| at == 0 && !it.is_empty()),
            personality: name.personality(),
            settings: settings.clone(),
            switches: Switches {
                remove_sources: switches.remove_sources && is_last,
                remove_spec: switches.remove_spec && is_last,
                ..switches
            },
            output: options.process.output.clone(),
            run_output: run_output.clone(),
            build_root: options.process.buildroot.clone(),
            database: options.common.database(),
            is_rebuild: false,
            cookie: None,
            macros_dir: macros_dir.clone(),
        }
    };
    let specs = options.specs.iter();
    Ok(specs
        .flat_map(|spec| (0..targets.len()).map(move |at| (spec, at)))
        .map(|(spec, at)| request(spec, at))
        .collect())
}

/// Fails if a spec of several or a target is not there: before the first build, not after it.
fn check_all(requests: &[Request]) -> Result<(), BuildError> {
    for request in requests {
        build::load_target(request)?;
        if let Err(source) = std::fs::metadata(&request.spec) {
            let path = request.spec.clone();
            let what = match request.input {
                Input::Spec => "spec",
                Input::Tarball => "archive",
                Input::SourcePackage => "source package",
            };
            return Err(BuildError::Read { what, path, source });
        }
    }
    Ok(())
}

/// The targets, each once: `deb` and a distribution may be one. rpm builds again what is named again.
fn distinct(words: &[String], name: Name) -> Vec<String> {
    let mut seen = Vec::new();
    let is_new = |word: &&String| {
        let request = Request {
            target: Some((*word).clone()),
            personality: name.personality(),
            macros_dir: macro_options::macros_dir(),
            ..Request::default()
        };
        // What is no target is told when it is built for.
        let target = build::load_target(&request).ok();
        let key = target.map_or_else(
            || (*word).clone(),
            |it| format!("{} {} {}", it.id, it.arch.name, it.os),
        );
        let is_new = name != Name::Specbuild || !seen.contains(&key);
        seen.push(key);
        is_new
    };
    words.iter().filter(is_new).cloned().collect()
}

/// What is built from, as a letter (`b`, `t`, `r`), and how far, as another.
#[derive(Clone, Copy, Debug)]
struct Wish {
    mode: char,
    stage: char,
}

impl Wish {
    /// What was asked for; of several wishes the first counts, as in rpm.
    fn of(matches: &ArgMatches) -> Option<Self> {
        const LETTERS: [(&str, char); 3] =
            [("stage", 'b'), ("tarball", 't'), ("source_package", 'r')];
        const WORDS: [(&str, char); 2] = [("rebuild", 'b'), ("recompile", 'i')];
        let letters = LETTERS.into_iter().filter_map(|(id, mode)| {
            let stage = *matches.get_many::<char>(id)?.next()?;
            Some((matches.index_of(id)?, Self { mode, stage }))
        });
        let words = WORDS.into_iter().filter(|(id, _)| matches.get_flag(id));
        let words = words
            .filter_map(|(id, stage)| Some((matches.index_of(id)?, Self { mode: 'r', stage })));
        let first = letters.chain(words).min_by_key(|(place, _)| *place);
        first.map(|(_, wish)| wish)
    }

    /// The same in the words of crate `build`.
    fn read(self) -> Result<(Input, Stage), u8> {
        let Self { mode, stage } = self;
        let input = match mode {
            't' => Input::Tarball,
            'r' => Input::SourcePackage,
            _ => Input::Spec,
        };
        let known = Stage::from_letter(stage).ok_or_else(|| {
            let known: String = Stage::LETTERS.iter().map(|(letter, _)| *letter).collect();
            match personality::is_rpms_own() {
                true => terminal::print_error(&format!("rpmbuild: -{mode}{stage}: unknown option")),
                false => terminal::print_error(&format!(
                    "error: `-{mode}{stage}`: the stage is one of `{known}`"
                )),
            }
            1
        })?;
        Ok((input, known))
    }
}

fn switches(options: &BuildCli, (name, wish): (Name, Option<Wish>)) -> Switches {
    let process = &options.process;
    Switches {
        short_circuit: process.short_circuit,
        no_deps: process.nodeps,
        no_check: process.nocheck,
        no_prep: process.noprep,
        no_clean: process.noclean,
        no_build: process.nobuild,
        // Without a stage, rpmbuild does no more than read the spec.
        only_reads: name == Name::Rpmbuild && wish.is_none(),
        clean: process.clean,
        remove_sources: process.rmsource,
        remove_spec: process.rmspec,
        force: process.force,
        no_translations: options.common.nolang,
        is_quiet: options.macros.quiet,
    }
}

/// What rpmbuild says to `--sign`.
const NO_SIGNING: &str =
    "error: rpmbuild --sign is no longer supported. Use the rpmsign command instead!";

/// `--install`.
fn install(request: &Request, _: Name, interruption: &Interruption) -> u8 {
    let mut terminal = Terminal {
        interruption: interruption.clone(),
        ..Terminal::default()
    };
    match build::install(request, &mut terminal) {
        Ok(installed) => {
            terminal::print_line(&format!("Wrote: {}", installed.spec.display()));
            0
        }
        Err(error) => terminal::fail(&error),
    }
}

/// `--showpkgs`.
fn list_packages(request: &Request, _: Name, _: &Interruption) -> u8 {
    match build::list_packages(request, &mut Terminal::default()) {
        Ok(names) => {
            names.iter().for_each(|name| terminal::print_line(name));
            0
        }
        Err(error) => terminal::fail(&error),
    }
}

fn build_one(request: &Request, name: Name, interruption: &Interruption) -> u8 {
    let mut terminal = Terminal {
        is_quiet: request.switches.is_quiet,
        is_verbose: request.settings.is_verbose,
        always_names_packages: name == Name::Specbuild,
        interruption: interruption.clone(),
        ..Terminal::default()
    };
    let built = build::run(request, &mut terminal);
    let status = built.as_ref().map_or_else(terminal::fail, |_| 0);
    match built {
        Ok(written) if name == Name::Specbuild => {
            terminal::summarize(&target_name(request), &written);
        }
        Ok(_) => terminal.summarize_findings(false),
        Err(BuildError::MissingBuildRequires) => terminal.summarize_findings(false),
        // The signal has gone to all processes; some may not heed it.
        Err(BuildError::Interrupted(_)) => build::end_lingering(),
        Err(_) if name != Name::Specbuild => terminal.summarize_findings(true),
        Err(_) => {}
    }
    status
}

fn target_name(request: &Request) -> String {
    build::load_target(request).map_or_else(|_| "this machine".to_owned(), |target| target.id)
}
