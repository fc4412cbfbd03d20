//! `brp-python-bytecompile`: compiles Python modules with the interpreters they are for.
//!
//! Modules below `/usr/lib/pythonX.Y` are for `pythonX.Y`; others are compiled, on request, with the
//! interpreter given. Each is compiled with and without optimization, through `compileall`.
//!
//! Source: Python documentation, `compileall` and `py_compile`; the interface is that of the program
//! of that name in Fedora's python-rpm-macros.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use regex_lite::Regex;

use crate::call::{Call, Environment};
use crate::error::{Doing, Error};
use crate::tree::{self, Node};

/// Paths that hold no modules for the given interpreter: programs, other versions' modules,
/// documentation.
const NOT_EXTRA: &str = r"/bin/|/sbin/|/usr/lib(64)?/python[0-9]\.[0-9]+|/usr/share/doc";

/// One run of the compiler.
struct Run {
    interpreter: PathBuf,
    /// The directory in the build root.
    directory: PathBuf,
    /// Pattern of paths to leave out.
    exclude: Option<&'static str>,
}

/// `brp-python-bytecompile [PYTHON [ERRORS_TERMINATE [EXTRA [-jN]]]]`.
///
/// With ERRORS_TERMINATE (a number that is not 0) a module that does not compile makes status
/// one. With EXTRA, modules outside of Python's own directories are compiled with PYTHON. With
/// `SOURCE_DATE_EPOCH`, modules changed later get that time first, since bytecode records it.
pub(crate) fn compile(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let terminate = is_true(&call.word(1, "0"));
    let nodes = tree::walk(&root)?;
    let mut runs = versioned(&nodes)?;
    if is_true(&call.word(2, "0")) {
        runs.extend(extra(
            &nodes,
            &root,
            Path::new(&call.word(0, "/usr/bin/python")),
        )?);
    }
    let mut failed = false;
    for run in runs {
        clamp_times(&nodes, &run.directory, call.environment)?;
        let (directory, interpreter) = (run.directory.display(), run.interpreter.display());
        if !run.interpreter.exists() {
            // Packages for another distribution are built where its Python is not installed.
            call.say(format!(
                "Not bytecompiling .py files below {directory}: there is no {interpreter} here"
            ))?;
            continue;
        }
        call.say(format!(
            "Bytecompiling .py files below {directory} using {interpreter}"
        ))?;
        failed |= !run_compiler(call, &run, &root)?;
        if failed && terminate {
            return Ok(1);
        }
    }
    Ok(0)
}

/// A number that is not 0, as a shell tests it; no number at all is 0.
fn is_true(word: &str) -> bool {
    word.trim().parse::<i64>().is_ok_and(|number| number != 0)
}

/// A run for each directory of modules that names its version.
fn versioned(nodes: &[Node]) -> Result<Vec<Run>, Error> {
    let pattern = pattern(r"^/(usr|app)/lib(64)?/python[0-9]\.[0-9]+$")?;
    let directories = nodes.iter().filter(|node| {
        node.metadata.is_dir() && pattern.is_match(&node.inside().to_string_lossy())
    });
    Ok(directories
        .map(|node| Run {
            interpreter: Path::new("/usr/bin").join(node.path.file_name().unwrap_or_default()),
            directory: node.path.clone(),
            exclude: None,
        })
        .collect())
}

/// A run for the rest, if there is any and its interpreter is here.
fn extra(nodes: &[Node], root: &Path, interpreter: &Path) -> Result<Option<Run>, Error> {
    let excluded = pattern(NOT_EXTRA)?;
    let is_module = |node: &Node| node.metadata.is_file() && node.name().ends_with(".py");
    let any = nodes
        .iter()
        .any(|node| is_module(node) && !excluded.is_match(&node.inside().to_string_lossy()));
    Ok((any && interpreter.exists()).then(|| Run {
        interpreter: interpreter.to_owned(),
        directory: root.to_owned(),
        exclude: Some(NOT_EXTRA),
    }))
}

fn pattern(text: &str) -> Result<Regex, Error> {
    Regex::new(text).map_err(|error| Error::Usage(error.to_string()))
}

/// Gives modules that are younger than `SOURCE_DATE_EPOCH` that time.
fn clamp_times(nodes: &[Node], directory: &Path, environment: &Environment) -> Result<(), Error> {
    let epoch = environment
        .text("SOURCE_DATE_EPOCH")
        .and_then(|text| text.trim().parse().ok());
    let Some(epoch) = epoch.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)) else {
        return Ok(());
    };
    for node in nodes.iter().filter(|node| node.path.starts_with(directory)) {
        let is_module = node.metadata.is_file() && node.name().ends_with(".py");
        let path = &node.path;
        if is_module && node.metadata.modified().doing("read", path)? > epoch {
            let file = std::fs::File::open(path).doing("read", path)?;
            file.set_modified(epoch).doing("set the time of", path)?;
        }
    }
    Ok(())
}

/// Runs `compileall`; true if all modules compiled.
fn run_compiler(call: &mut Call<'_>, run: &Run, root: &Path) -> Result<bool, Error> {
    let interpreter = run.interpreter.to_string_lossy().into_owned();
    let mut program = call.environment.program(&interpreter);
    // The order in which sets are written depends on the seed, unless it is fixed. Bytecode that
    // records a hash instead of a time, which SOURCE_DATE_EPOCH would ask for, loads slower.
    program
        .env("PYTHONHASHSEED", "0")
        .args(["-s", "-B", "-m", "compileall", "-q", "-f"]);
    program.args([
        "-o",
        "0",
        "-o",
        "1",
        "--hardlink-dupes",
        "--invalidation-mode",
        "timestamp",
    ]);
    program
        .arg("-s")
        .arg(root)
        .args(["-p", "/"])
        .arg("-e")
        .arg(root);
    program.args(
        call.args
            .get(3)
            .filter(|flags| flags.as_encoded_bytes().starts_with(b"-j")),
    );
    if let Some(exclude) = run.exclude {
        // The pattern is tried on full paths, of which the build root is no part of interest.
        let root = regex_lite::escape(&root.to_string_lossy());
        program.arg("-x").arg(format!("^{root}.*({exclude})"));
    }
    let output = match program.arg(&run.directory).output() {
        Ok(output) => output,
        Err(source) => {
            let error = Error::Start {
                program: interpreter,
                source,
            };
            call.warn(format!("{error}"))?;
            return Ok(false);
        }
    };
    call.out.write_all(&output.stdout)?;
    call.err.write_all(&output.stderr)?;
    Ok(output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    #[test]
    fn runs_are_found_by_directory() {
        let bench = Bench::new();
        bench.file("usr/lib/python3.11/site-packages/a.py", "");
        bench.file("usr/lib64/python3.9/b.py", "");
        bench.file("usr/lib/python3/dist-packages/c.py", "");
        bench.file("opt/usr/lib/python3.11/d.py", "");
        let nodes = tree::walk(&bench.root()).unwrap();
        let runs = versioned(&nodes).unwrap();
        let found: Vec<&Path> = runs.iter().map(|run| run.interpreter.as_path()).collect();
        assert_eq!(
            found,
            [
                Path::new("/usr/bin/python3.11"),
                Path::new("/usr/bin/python3.9")
            ]
        );
        let here = std::env::current_exe().unwrap();
        assert!(extra(&nodes, &bench.root(), &here).unwrap().is_some());
        assert!(
            extra(&nodes, &bench.root(), Path::new("/no/python"))
                .unwrap()
                .is_none()
        );
    }

    /// The interpreter for modules of the other kind, if Python is installed and young enough.
    fn python() -> Option<&'static str> {
        let path = "/usr/bin/python3";
        let check = "import sys; sys.exit(sys.version_info < (3, 9))";
        let run = std::process::Command::new(path)
            .args(["-c", check])
            .status();
        run.is_ok_and(|status| status.success()).then_some(path)
    }

    #[test]
    fn modules_are_compiled_and_broken_ones_told() {
        let Some(python) = python() else { return };
        let mut bench = Bench::new();
        bench.set("SOURCE_DATE_EPOCH", "1000000000");
        let module = bench.file("opt/app/m.py", "x = 1\n");
        bench.file("usr/bin/tool.py", "x = 1\n");
        assert_eq!(
            bench.run("brp-python-bytecompile", &[python, "1", "1"]),
            0,
            "{}",
            bench.err
        );
        let compiled: Vec<String> = bench
            .listing()
            .into_iter()
            .filter(|path| path.ends_with(".pyc"))
            .collect();
        assert_eq!(compiled.len(), 2, "{compiled:?}");
        assert!(
            compiled
                .iter()
                .all(|path| path.starts_with("/opt/app/__pycache__/m.cpython-"))
        );
        let time = module.metadata().unwrap().modified().unwrap();
        assert_eq!(time, UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        bench.file("opt/app/broken.py", "def\n");
        assert_eq!(bench.run("brp-python-bytecompile", &[python, "0", "1"]), 0);
        assert_eq!(bench.run("brp-python-bytecompile", &[python, "1", "1"]), 1);
        assert!(
            bench.out.contains("/opt/app/broken.py"),
            "{}{}",
            bench.out,
            bench.err
        );
    }
}
