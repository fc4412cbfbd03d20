//! `specbuild`, `rpmbuild` and `debbuild`: builds packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use build::{BuildError, Input, Request, Setting, Stage, Switches};

use crate::cli::{self, BuildCli, ProcessOptions};
use crate::interruption::Interruption;
use crate::macro_options::{self, Given, in_order};
use crate::personality::Name;
use crate::terminal::{self, Terminal};

/// Runs a build for each spec and each target; the first failure ends the run.
pub(crate) fn run(args: Vec<OsString>, name: Name) -> u8 {
    let (options, matches) = match cli::parse::<BuildCli>(cli::build_command(name), args) {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    let given = in_order(&matches);
    if given.iter().any(|given| matches!(given, Given::Eval(_))) {
        return macro_options::evaluate(&options.macros, &given, name.personality());
    }
    if options.process.rmspec && !options.names_stage() {
        return remove_specs(&options.specs);
    }
    let requests = match requests(&options, &given, name) {
        Ok(requests) => requests,
        Err(status) => return status,
    };
    let interruption = Interruption::watch();
    requests
        .iter()
        .map(|request| build_one(request, name, &interruption))
        .find(|status| *status != 0)
        .unwrap_or(0)
}

/// `--rmspec` alone.
fn remove_specs(specs: &[PathBuf]) -> u8 {
    for spec in specs {
        if let Err(error) = std::fs::remove_file(spec) {
            let reason = terminal::reason(&error);
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
fn requests(options: &BuildCli, given: &[Given], name: Name) -> Result<Vec<Request>, u8> {
    let (input, stage) = what(options)?;
    if options.specs.is_empty() {
        terminal::print_error("error: no spec file given; see `--help`");
        return Err(1);
    }
    let macros_dir = macro_options::macros_dir();
    let data_dir =
        build::helper_dir(macros_dir.as_deref()).map_err(|error| terminal::fail(&error))?;
    let mut settings = options.macros.settings(given, data_dir);
    settings.given.extend(shorthands(&options.process));
    let targets: Vec<Option<String>> = match options.macros.target.as_slice() {
        [] => vec![None],
        targets => targets.iter().cloned().map(Some).collect(),
    };
    let platforms = options.macros.target.join(",");
    let request = |spec: &Path, at: usize| {
        let is_last = at + 1 == targets.len();
        let switches = switches(options, name);
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
            build_root: options.process.buildroot.clone(),
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

/// What is built from, and how far.
fn what(options: &BuildCli) -> Result<(Input, Stage), u8> {
    let choices = [
        (options.stage, Input::Spec, 'b'),
        (options.tarball, Input::Tarball, 't'),
        (options.source_package, Input::SourcePackage, 'r'),
        (options.rebuild.then_some('b'), Input::SourcePackage, 'r'),
        (options.recompile.then_some('i'), Input::SourcePackage, 'r'),
    ];
    let chosen = choices
        .into_iter()
        .find_map(|(letter, input, mode)| Some((letter?, input, mode)));
    let (letter, input, mode) = chosen.unwrap_or(('b', Input::Spec, 'b'));
    let stage = Stage::from_letter(letter).ok_or_else(|| {
        let known: String = Stage::LETTERS.iter().map(|(letter, _)| *letter).collect();
        terminal::print_error(&format!(
            "error: `-{mode}{letter}`: the stage is one of `{known}`"
        ));
        1
    })?;
    Ok((input, stage))
}

/// Options that stand for definitions. Source: rpm's `rpmpopt` file.
fn shorthands(process: &ProcessOptions) -> Vec<Setting> {
    let definitions = [
        process
            .build_in_place
            .then(|| "_build_in_place 1".to_owned()),
        process
            .nodebuginfo
            .then(|| "debug_package %{nil}".to_owned()),
        process.scm.as_ref().map(|scm| format!("__scm {scm}")),
        process
            .buildpolicy
            .as_ref()
            .map(|policy| format!("__os_install_post %{{_rpmconfigdir}}/brp-{policy}")),
    ];
    definitions
        .into_iter()
        .flatten()
        .map(Setting::Define)
        .collect()
}

fn switches(options: &BuildCli, name: Name) -> Switches {
    let process = &options.process;
    Switches {
        short_circuit: process.short_circuit,
        no_deps: process.nodeps,
        no_check: process.nocheck,
        no_prep: process.noprep,
        no_clean: process.noclean,
        // Without a stage, rpmbuild does no more than read the spec.
        no_build: process.nobuild || (name == Name::Rpmbuild && !options.names_stage()),
        clean: process.clean,
        remove_sources: process.rmsource,
        remove_spec: process.rmspec,
        force: process.force,
        is_quiet: options.macros.quiet,
    }
}

fn build_one(request: &Request, name: Name, interruption: &Interruption) -> u8 {
    let mut terminal = Terminal {
        is_quiet: request.switches.is_quiet,
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
        Err(BuildError::Interrupted(_)) => {}
        Err(_) if name != Name::Specbuild => terminal.summarize_findings(true),
        Err(_) => {}
    }
    status
}

fn target_name(request: &Request) -> String {
    build::load_target(request).map_or_else(|_| "this machine".to_owned(), |target| target.id)
}
