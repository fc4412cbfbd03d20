//! Debugging information in files of its own, named by build ids, with the `objcopy` program.
//!
//! Source: dh_strip(1); objcopy(1), `--only-keep-debug`; gdb's manual, "Debugging Information in
//! Separate Files".

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::call::{Call, Environment};
use crate::error::{Doing, Error};
use crate::strip;
use crate::tree::{self, Node};

/// Where the files go, below the build root.
const DIRECTORY: &str = "usr/lib/debug/.build-id";

/// A program or library, and where its debugging information is.
struct Pair {
    path: PathBuf,
    debug: PathBuf,
}

/// Files whose debugging information has been copied out, but not yet removed.
pub(crate) struct Separated {
    objcopy: String,
    pairs: Vec<Pair>,
    /// Where the copies are when no package shall have them. The links are made all the same, so that
    /// the files are equal in either case.
    _spare: Option<tempfile::TempDir>,
}

impl Separated {
    /// Copies the debugging information of all files of the build root that `wanted` accepts.
    ///
    /// `noautodbgsym` in `DEB_BUILD_OPTIONS` keeps the copies out of the build root. What `objcopy`
    /// does not take is told on stderr, and the file goes without.
    pub(crate) fn new(
        call: &mut Call<'_>,
        objcopy: &str,
        wanted: &(dyn Fn(&Node) -> Result<bool, Error> + Sync),
    ) -> Result<Self, Error> {
        let mut separated = Self {
            objcopy: objcopy.to_owned(),
            pairs: Vec::new(),
            _spare: None,
        };
        let Some(root) = call.environment.build_root() else {
            return Ok(separated);
        };
        let mut directory = root.join(DIRECTORY);
        let unwanted = ["noautodbgsym", "noddebs"];
        if unwanted
            .iter()
            .any(|it| call.environment.has_build_option(it))
        {
            let spare = tempfile::tempdir().doing("write in", &std::env::temp_dir())?;
            directory = spare.path().to_owned();
            separated._spare = Some(spare);
        }
        separated.pairs = pairs(call, &root, &directory, wanted)?;
        let mut seen = BTreeSet::new();
        let pairs = separated.pairs.iter();
        let copies: Vec<&Pair> = pairs.filter(|it| seen.insert(&it.debug)).collect();
        run_all(call, &copies, |environment, pair| {
            copy(environment, objcopy, pair)
        })?;
        separated.pairs.retain(|it| it.debug.exists());
        Ok(separated)
    }

    /// Writes into each file where its debugging information is.
    pub(crate) fn link(self, call: &mut Call<'_>) -> Result<(), Error> {
        let pairs: Vec<&Pair> = self.pairs.iter().collect();
        run_all(call, &pairs, |environment, pair| {
            let mut option = OsString::from("--add-gnu-debuglink=");
            option.push(&pair.debug);
            let (_, said) = objcopy(environment, &self.objcopy, &[option], &[&pair.path])?;
            Ok(said)
        })
    }
}

/// The files that have debugging information and a build id to name it by.
fn pairs(
    call: &Call<'_>,
    root: &Path,
    directory: &Path,
    wanted: &(dyn Fn(&Node) -> Result<bool, Error> + Sync),
) -> Result<Vec<Pair>, Error> {
    let nodes = tree::distinct_files(root)?;
    let pair = |node: &Node| pair(node, directory, wanted).transpose();
    let found = || nodes.par_iter().filter_map(pair).collect();
    call.environment.workers()?.install(found)
}

fn pair(
    node: &Node,
    directory: &Path,
    wanted: &(dyn Fn(&Node) -> Result<bool, Error> + Sync),
) -> Result<Option<Pair>, Error> {
    let Some(elf) = strip::open(node)? else {
        return Ok(None);
    };
    let id = crate::elf_file::id_of_symbols(&elf).doing("read", &node.path)?;
    let Some((head, tail)) = id.as_ref().and_then(|id| id.split_at_checked(2)) else {
        return Ok(None);
    };
    let debug = directory.join(head).join(format!("{tail}.debug"));
    let path = node.path.clone();
    Ok(wanted(node)?.then_some(Pair { path, debug }))
}

/// Copies the debugging information of one file; nothing is left where that fails.
fn copy(environment: &Environment, program: &str, pair: &Pair) -> Result<Vec<u8>, Error> {
    let directory = pair.debug.parent().unwrap_or(&pair.debug);
    std::fs::create_dir_all(directory).doing("make", directory)?;
    let options = ["--only-keep-debug", "--compress-debug-sections"].map(OsString::from);
    let (done, said) = objcopy(environment, program, &options, &[&pair.path, &pair.debug])?;
    if done {
        let mode = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&pair.debug, mode).doing("change the mode of", &pair.debug)?;
    } else if pair.debug.exists() {
        std::fs::remove_file(&pair.debug).doing("remove", &pair.debug)?;
    }
    Ok(said)
}

/// Runs the program; whether it succeeded, and what it said on stderr.
fn objcopy(
    environment: &Environment,
    program: &str,
    options: &[OsString],
    paths: &[&PathBuf],
) -> Result<(bool, Vec<u8>), Error> {
    let mut command = environment.program(program);
    let output = command.args(options).args(paths).output();
    let output = output.map_err(|source| Error::Start {
        program: program.to_owned(),
        source,
    })?;
    Ok((output.status.success(), output.stderr))
}

/// Does something with all pairs, several at a time, and passes on what was said, in their order.
fn run_all(
    call: &mut Call<'_>,
    pairs: &[&Pair],
    work: impl Fn(&Environment, &Pair) -> Result<Vec<u8>, Error> + Sync,
) -> Result<(), Error> {
    let environment = call.environment;
    let run = || pairs.par_iter().map(|it| work(environment, it)).collect();
    let said: Result<Vec<Vec<u8>>, Error> = environment.workers()?.install(run);
    for message in said? {
        call.err.write_all(&message)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::call::testing::Bench;

    /// A build root with a program made with `-g` and a second name of it. The compiler is the one
    /// that cargo links these tests with.
    fn bench() -> Bench {
        let bench = Bench::new();
        let source = bench.file("tool.c", "int main(void) { return 0; }\n");
        std::fs::create_dir_all(bench.at("usr/bin")).unwrap();
        let mut command = std::process::Command::new("cc");
        command.args(["-g", "-Wl,--build-id=sha1", "-o"]);
        let made = command.arg(bench.at("usr/bin/tool")).arg(&source).status();
        assert!(made.unwrap().success());
        std::fs::remove_file(source).unwrap();
        std::fs::copy(bench.at("usr/bin/tool"), bench.at("usr/bin/twin")).unwrap();
        bench
    }

    fn has_link(bench: &Bench, name: &str) -> bool {
        let bytes = std::fs::read(bench.at(name)).unwrap();
        let mut windows = bytes.windows(14);
        windows.any(|it| it == b".gnu_debuglink")
    }

    #[test]
    fn symbols_move_to_one_file_for_equal_ones() {
        let mut bench = bench();
        assert_eq!(bench.run("brp-strip-deb", &["strip", "objcopy"]), 0);
        let listing = bench.listing();
        assert_eq!(listing.len(), 3, "{listing:?} {}", bench.err);
        let debug = listing.iter().find(|it| it.ends_with(".debug")).unwrap();
        assert!(debug.starts_with("/usr/lib/debug/.build-id/"), "{debug}");
        let bytes = std::fs::read(bench.at(debug)).unwrap();
        assert!(bytes.windows(11).any(|it| it == b".debug_info"));
        assert!(has_link(&bench, "usr/bin/tool") && has_link(&bench, "usr/bin/twin"));
        // What was separated once stays as it is.
        let before = std::fs::read(bench.at(debug)).unwrap();
        assert_eq!(bench.run("brp-strip-deb", &["strip", "objcopy"]), 0);
        assert_eq!(std::fs::read(bench.at(debug)).unwrap(), before);
    }

    #[test]
    fn programs_are_the_same_without_a_package_of_symbols() {
        let (mut with, mut without) = (bench(), bench());
        std::fs::copy(with.at("usr/bin/tool"), without.at("usr/bin/tool")).unwrap();
        without.set("DEB_BUILD_OPTIONS", "noautodbgsym");
        assert_eq!(with.run("brp-strip-deb", &["strip", "objcopy"]), 0);
        assert_eq!(without.run("brp-strip-deb", &["strip", "objcopy"]), 0);
        assert_eq!(without.listing(), ["/usr/bin/tool", "/usr/bin/twin"]);
        let bytes = |bench: &Bench| std::fs::read(bench.at("usr/bin/tool")).unwrap();
        assert!(has_link(&without, "usr/bin/tool") && bytes(&with) == bytes(&without));
    }
}
