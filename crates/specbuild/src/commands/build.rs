//! `specbuild`, `rpmbuild` and `debbuild`: builds packages.

use std::ffi::OsString;
use std::path::Path;

use build::{Request, Stage, Switches};

use crate::cli::{self, BuildCli};
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
    let requests = match requests(&options, &given, name) {
        Ok(requests) => requests,
        Err(status) => return status,
    };
    requests
        .iter()
        .map(|request| build_one(request, name))
        .find(|status| *status != 0)
        .unwrap_or(0)
}

/// One request for each spec and each target.
fn requests(options: &BuildCli, given: &[Given], name: Name) -> Result<Vec<Request>, u8> {
    let stage = stage(options)?;
    if options.specs.is_empty() {
        terminal::print_error("error: no spec file given; see `--help`");
        return Err(1);
    }
    let macros_dir = macro_options::macros_dir();
    let data_dir =
        build::helper_dir(macros_dir.as_deref()).map_err(|error| terminal::fail(&error))?;
    let settings = options.macros.settings(given, data_dir);
    let targets: Vec<Option<String>> = match options.macros.target.as_slice() {
        [] => vec![None],
        targets => targets.iter().cloned().map(Some).collect(),
    };
    let request = |spec: &Path, target: &Option<String>| Request {
        spec: spec.to_owned(),
        stage,
        target: target.clone(),
        personality: name.personality(),
        settings: settings.clone(),
        switches: switches(options),
        output: options.process.output.clone(),
        macros_dir: macros_dir.clone(),
    };
    let specs = options.specs.iter();
    Ok(specs
        .flat_map(|spec| targets.iter().map(move |target| request(spec, target)))
        .collect())
}

fn stage(options: &BuildCli) -> Result<Stage, u8> {
    let letter = options.stage.unwrap_or('b');
    Stage::from_letter(letter).ok_or_else(|| {
        let known: String = Stage::LETTERS.iter().map(|(letter, _)| *letter).collect();
        terminal::print_error(&format!(
            "error: `-b{letter}`: the stage is one of `{known}`"
        ));
        1
    })
}

fn switches(options: &BuildCli) -> Switches {
    let process = &options.process;
    Switches {
        short_circuit: process.short_circuit,
        no_deps: process.nodeps,
        no_check: process.nocheck,
        no_prep: process.noprep,
        no_clean: process.noclean,
        no_build: process.nobuild,
        is_quiet: options.macros.quiet,
    }
}

fn build_one(request: &Request, name: Name) -> u8 {
    let mut terminal = Terminal {
        is_quiet: request.switches.is_quiet,
        always_names_packages: name == Name::Specbuild,
        ..Terminal::default()
    };
    match build::run(request, &mut terminal) {
        Ok(written) => {
            if name == Name::Specbuild {
                terminal::summarize(&target_name(request), &written);
            }
            0
        }
        Err(error) => {
            let status = terminal::fail(&error);
            if name != Name::Specbuild && !request.switches.is_quiet {
                terminal::summarize_errors(&terminal.errors);
            }
            status
        }
    }
}

fn target_name(request: &Request) -> String {
    build::load_target(request).map_or_else(|_| "this machine".to_owned(), |target| target.id)
}
