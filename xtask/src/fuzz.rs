//! `fuzz`: libFuzzer over the macro engine and the spec reader, on any toolchain.
//!
//! The targets are in `xtask/fuzz`, a package outside the workspace. Coverage comes from LLVM's
//! own pass, which stable compilers have too; so neither cargo-fuzz nor a nightly is needed, only
//! a C++ compiler for libFuzzer. What is learnt stays in `target/fuzz/corpus`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use common::shell::{Failure, Outcome, cargo, failed, output, root, step, target_dir};

/// What to fuzz and for how long.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// Seconds per target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// A target by name; all of them if there is none
    target: Option<String>,
}

/// A target, and what it starts from.
struct Target {
    name: &'static str,
    /// Folders, and how the names of files in them end.
    seeds: &'static [(&'static str, &'static str)],
    /// Words of the language, below `xtask/fuzz`.
    words: &'static str,
}

const TARGETS: [Target; 11] = [
    Target {
        name: "deb",
        seeds: &[
            ("testdata/debfile/seeds", ".deb"),
            ("testdata/debfile/seeds", ".bin"),
        ],
        words: "package.dict",
    },
    Target {
        name: "dsc",
        seeds: &[("xtask/fuzz/seeds", ".dsc"), ("xtask/fuzz/seeds", ".bin")],
        words: "dsc.dict",
    },
    Target {
        name: "expand",
        seeds: &[("macros", ".macros"), ("testdata/expand", ".md")],
        words: "spec.dict",
    },
    Target {
        name: "expression",
        seeds: &[("xtask/fuzz/seeds", "expression.txt")],
        words: "expression.dict",
    },
    Target {
        name: "file-list",
        seeds: &[("xtask/fuzz/seeds", "file-list.txt")],
        words: "file-list.dict",
    },
    Target {
        name: "format",
        seeds: &[("xtask/fuzz/seeds", "format.txt")],
        words: "format.dict",
    },
    Target {
        name: "lua",
        seeds: &[("testdata/lua", ".md")],
        words: "lua.dict",
    },
    Target {
        name: "macro-file",
        seeds: &[("macros", ".macros")],
        words: "spec.dict",
    },
    Target {
        name: "package",
        seeds: &[("testdata", ".rpm")],
        words: "package.dict",
    },
    Target {
        name: "parse",
        seeds: &[("examples", ".spec"), ("testdata", ".spec")],
        words: "spec.dict",
    },
    Target {
        name: "uncompress",
        seeds: &[("xtask/fuzz/seeds", "uncompress.txt")],
        words: "uncompress.dict",
    },
];

/// The flags that cargo-fuzz would set, without a sanitizer, which stable lacks.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Inputs up to this many bytes; longer ones are slow and find nothing else.
const MAX_LENGTH: u64 = 4096;

pub(crate) fn run(fuzz: &Fuzz) -> Outcome {
    let wanted = |name: &str| fuzz.target.as_deref().is_none_or(|it| it == name);
    let targets: Vec<_> = TARGETS.iter().filter(|it| wanted(it.name)).collect();
    if targets.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
        return Err(Failure(format!("the targets are {}", names.join(", "))));
    }
    let dir = target_dir().join("fuzz");
    let triple = host_triple()?;
    build(&dir, &triple)?;
    for target in targets {
        let corpus = dir.join("corpus").join(target.name);
        sow(&corpus, target.seeds)?;
        let program = dir.join(&triple).join("release").join(target.name);
        let mut command = Command::new(program);
        command.arg(&corpus);
        start(command, target, &dir, fuzz.seconds)?;
    }
    Ok(())
}

fn host_triple() -> Outcome<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure("rustc -vV names no host".to_owned()))
}

/// With the target named, the flags do not reach build scripts and macros.
fn build(dir: &Path, triple: &str) -> Outcome {
    let manifest = root().join("xtask/fuzz/Cargo.toml");
    let mut build = cargo(["build", "--release", "--target", triple, "--manifest-path"]);
    build
        .arg(manifest)
        .arg("--target-dir")
        .arg(dir)
        .env("RUSTFLAGS", COVERAGE);
    step(&mut build)
}

/// Puts texts of the project into the corpus.
fn sow(corpus: &Path, seeds: &[(&str, &str)]) -> Outcome {
    fs::create_dir_all(corpus).map_err(failed("make", corpus))?;
    for (folder, ending) in seeds {
        for path in files_below(&root().join(folder), ending) {
            let name = path
                .strip_prefix(root())
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('/', "-");
            let content = fs::read(&path).map_err(failed("read", &path))?;
            for (number, seed) in seeds_of(&name, &content).into_iter().enumerate() {
                let seed_file = corpus.join(format!("{name}-{number}"));
                fs::write(&seed_file, seed).map_err(failed("write", &seed_file))?;
            }
        }
    }
    Ok(())
}

/// A page has a seed in each of its blocks, a list in each of its lines; other files are seeds.
fn seeds_of<'t>(name: &str, content: &'t [u8]) -> Vec<&'t [u8]> {
    let text = std::str::from_utf8(content).unwrap_or_default();
    match name.rsplit('.').next() {
        Some("txt") => text.lines().map(str::as_bytes).collect(),
        Some("md") => {
            let odd = text.split("\n```").skip(1).step_by(2);
            odd.filter_map(|block| block.split_once('\n'))
                .map(|(_, seed)| seed.as_bytes())
                .collect()
        }
        _ => vec![content],
    }
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            files.extend(files_below(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            files.push(path);
        }
    }
    files
}

fn start(mut command: Command, target: &Target, dir: &Path, seconds: u32) -> Outcome {
    let findings = dir.join("findings").join(target.name);
    fs::create_dir_all(&findings).map_err(failed("make", &findings))?;
    let words = root().join("xtask/fuzz").join(target.words);
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={MAX_LENGTH}"))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .arg(format!("-dict={}", words.display()))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .env("RUST_BACKTRACE", "1");
    step(&mut command)
}
