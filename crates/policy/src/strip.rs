//! Taking debugging symbols and comments out of what compilers made, with the `strip` program.
//!
//! Which files: told from their ELF headers, not by running `file`. A file with several names is
//! stripped once. Many files go to one `strip`, and several run at a time.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::call::{Call, Environment};
use crate::elf_file::{self, Kind};
use crate::error::{Doing, Error};
use crate::symbols::Separated;
use crate::tree::{self, Node};

/// Files for one run of `strip`; starting it takes longer than most files do.
const FILES_AT_ONCE: usize = 32;

/// Suffixes that rpm's own `brp-strip` leaves alone, whatever the file holds.
const NEVER_STRIPPED: &[&str] = &[".py", ".js", ".rb", ".go"];

/// `brp-strip [STRIP]`: removes debugging symbols (`strip -g`) from ELF files that have symbols.
///
/// Below `usr/lib/debug` nothing is touched. A file that `strip` refuses is told on stderr and does
/// not fail the build, as with rpm.
pub(crate) fn debug(call: &mut Call<'_>) -> Result<u8, Error> {
    let strip = call.word(0, "strip");
    sweep(call, |node| {
        wants_debug_strip(node).map(|yes| yes.then(|| arguments(&strip, &["-g"])))
    })
}

fn wants_debug_strip(node: &Node) -> Result<bool, Error> {
    let name = node.name();
    if node.is_debug() || NEVER_STRIPPED.iter().any(|suffix| name.ends_with(suffix)) {
        return Ok(false);
    }
    Ok(open(node)?.is_some_and(|elf| elf_file::has_symbols(&elf) && elf_file::has_machine(&elf)))
}

/// `brp-strip-comment-note [STRIP [OBJDUMP]]`: removes `.comment`, and `.note` where it is not loaded,
/// from executable ELF files whose symbols are already gone.
pub(crate) fn comments(call: &mut Call<'_>) -> Result<u8, Error> {
    let strip = call.word(0, "strip");
    sweep(call, |node| {
        if node.is_debug() || !node.is_executable() {
            return Ok(None);
        }
        let Some(elf) = open(node)?.filter(|elf| !elf_file::has_symbols(elf)) else {
            return Ok(None);
        };
        let keep_note = elf_file::loads_section(&elf, ".note").doing("read", &node.path)?;
        let sections: &[&str] = if keep_note { &[] } else { &["-R", ".note"] };
        Ok(Some(arguments(
            &strip,
            &[&["-R", ".comment"], sections].concat(),
        )))
    })
}

/// `brp-strip-static-archive [STRIP]`: removes debugging symbols from the members of `ar` archives.
pub(crate) fn archives(call: &mut Call<'_>) -> Result<u8, Error> {
    let strip = call.word(0, "strip");
    sweep(call, |node| {
        Ok((!node.is_debug() && is_archive(node)?).then(|| arguments(&strip, &["-g"])))
    })
}

/// `brp-strip-lto [STRIP]`: removes the compiler's intermediate code from `.o` and `.a` files, which
/// only the very same compiler could read.
pub(crate) fn link_time(call: &mut Call<'_>) -> Result<u8, Error> {
    let strip = call.word(0, "strip");
    sweep(call, |node| {
        let name = node.name();
        let object = name.ends_with(".o") && open(node)?.is_some();
        let wanted = object || name.ends_with(".a") && is_archive(node)?;
        Ok(wanted.then(|| arguments(&strip, LINK_TIME)))
    })
}

/// How to find link-time code: the sections and symbols GCC's manual names.
const LINK_TIME: &[&str] = &[
    "-p",
    "-R",
    ".gnu.lto_*",
    "-R",
    ".gnu.debuglto_*",
    "-N",
    "__gnu_lto_v1",
];

/// Sections without a use at run time.
const NO_COMMENTS: &[&str] = &["--remove-section=.comment", "--remove-section=.note"];

/// `brp-strip-deb [STRIP [OBJCOPY]]`: strips as Debian Policy 10.1 and 10.2 want it, with the options
/// that `dh_strip(1)` documents: everything from programs, what linking does not need from shared
/// libraries, debugging symbols from `lib*.a`. With OBJCOPY, debugging information goes into files
/// of its own before; see [`crate::symbols`].
///
/// `nostrip` in `DEB_BUILD_OPTIONS` (Policy 4.9.1) turns it off.
pub(crate) fn full(call: &mut Call<'_>) -> Result<u8, Error> {
    if call.environment.has_build_option("nostrip") {
        return Ok(0);
    }
    let strip = call.word(0, "strip");
    let separated = match call.word(1, "").as_str() {
        "" => None,
        objcopy => Some(Separated::new(call, objcopy, &|node| {
            Ok(full_options(node)?.is_some())
        })?),
    };
    let status = sweep(call, |node| {
        let options = full_options(node)?;
        Ok(options.map(|options| arguments(&strip, &[NO_COMMENTS, options].concat())))
    })?;
    if let Some(separated) = separated {
        separated.link(call)?;
    }
    Ok(status)
}

/// What `strip` is told for one file, besides the removal of comments.
fn full_options(node: &Node) -> Result<Option<&'static [&'static str]>, Error> {
    let name = node.name();
    if node.is_debug() {
        return Ok(None);
    }
    if name.ends_with(".a") {
        let library = name.starts_with("lib") && !name.ends_with("_g.a");
        return Ok((library && is_archive(node)?)
            .then_some(&["--strip-debug", "--enable-deterministic-archives"]));
    }
    let Some(elf) = open(node)? else {
        return Ok(None);
    };
    let library = name.ends_with(".so") || name.contains(".so.") || name.ends_with(".cmxs");
    Ok(match elf_file::kind(&elf) {
        Kind::Shared if library => Some(&["--strip-unneeded"]),
        Kind::Program => Some(&[]),
        Kind::Shared if node.is_executable() || elf_file::is_program(&elf) => Some(&[]),
        _ => None,
    })
}

/// `brp-elfperms`: takes the executable bits off shared libraries that cannot be started.
pub(crate) fn permissions(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    for node in tree::files(&root)?
        .iter()
        .filter(|node| node.is_executable())
    {
        if open(node)?
            .is_some_and(|elf| elf_file::kind(&elf) == Kind::Shared && !elf_file::is_program(&elf))
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = node.metadata.permissions().mode() & !0o111;
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&node.path, permissions)
                .doing("change the mode of", &node.path)?;
        }
    }
    Ok(0)
}

pub(crate) fn open(node: &Node) -> Result<Option<elf::Elf>, Error> {
    elf::read(&node.path).doing("read", &node.path)
}

/// Whether the file begins as an `ar` archive does. Thin archives hold no members to strip.
fn is_archive(node: &Node) -> Result<bool, Error> {
    use std::io::Read;
    let file = std::fs::File::open(&node.path).doing("read", &node.path)?;
    let mut start = Vec::new();
    file.take(8)
        .read_to_end(&mut start)
        .doing("read", &node.path)?;
    Ok(start == b"!<arch>\n")
}

/// The words of one command: the program (which may bring arguments of its own), then options.
fn arguments(program: &str, options: &[&str]) -> Vec<String> {
    std::iter::once(program)
        .chain(options.iter().copied())
        .map(str::to_owned)
        .collect()
}

/// Asks `choose` for each file of the build root which command it wants, and runs the commands on
/// batches of files. What the programs say on stderr is passed on, in the order of the files.
fn sweep(
    call: &mut Call<'_>,
    choose: impl Fn(&Node) -> Result<Option<Vec<String>>, Error> + Sync,
) -> Result<u8, Error> {
    let Some(root) = call.environment.build_root() else {
        return Ok(0);
    };
    let nodes = tree::distinct_files(&root)?;
    let environment = call.environment;
    let messages = environment.workers()?.install(|| {
        let chosen: Result<Vec<_>, Error> = nodes.par_iter().map(&choose).collect();
        let batches = batches(&nodes, chosen?);
        let run = |(command, paths): &(Vec<String>, Vec<PathBuf>)| run(environment, command, paths);
        batches
            .par_iter()
            .map(run)
            .collect::<Result<Vec<_>, Error>>()
    })?;
    for message in messages {
        call.err.write_all(&message)?;
    }
    Ok(0)
}

/// Files with the same command, as many at a time as one run takes.
fn batches(nodes: &[Node], chosen: Vec<Option<Vec<String>>>) -> Vec<(Vec<String>, Vec<PathBuf>)> {
    let mut batches: Vec<(Vec<String>, Vec<PathBuf>)> = Vec::new();
    let wanted = nodes
        .iter()
        .zip(chosen)
        .filter_map(|(node, it)| it.map(|it| (node, it)));
    for (node, command) in wanted {
        let open = batches.iter_mut().rev().find(|batch| batch.0 == command);
        match open.filter(|batch| batch.1.len() < FILES_AT_ONCE) {
            Some(batch) => batch.1.push(node.path.clone()),
            None => batches.push((command, vec![node.path.clone()])),
        }
    }
    batches
}

/// Runs one command on some files and returns what it said on stderr.
fn run(
    environment: &Environment,
    command: &[String],
    paths: &[impl AsRef<Path> + AsRef<std::ffi::OsStr>],
) -> Result<Vec<u8>, Error> {
    let (program, options) = command
        .split_first()
        .map_or(("strip", command), |(it, rest)| (it.as_str(), rest));
    let output = environment
        .program(program)
        .args(options)
        .args(paths)
        .output();
    match output {
        Ok(output) => Ok(output.stderr),
        Err(source) => Err(Error::Start {
            program: program.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::testing::Bench;

    /// A build root with a copy of this test program, which has symbols.
    fn bench() -> Bench {
        let bench = Bench::new();
        bench.file(
            "usr/bin/tool",
            std::fs::read(std::env::current_exe().unwrap()).unwrap(),
        );
        mode(&bench, "usr/bin/tool", 0o755);
        bench
    }

    fn mode(bench: &Bench, path: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(bench.at(path), std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn size(bench: &Bench, path: &str) -> u64 {
        std::fs::metadata(bench.at(path)).unwrap().len()
    }

    #[test]
    fn debugging_symbols_go_and_links_stay() {
        let mut bench = bench();
        std::fs::hard_link(bench.at("usr/bin/tool"), bench.at("usr/bin/other")).unwrap();
        std::fs::create_dir_all(bench.at("usr/lib/debug")).unwrap();
        std::fs::copy(bench.at("usr/bin/tool"), bench.at("usr/lib/debug/tool")).unwrap();
        let before = size(&bench, "usr/bin/tool");
        assert_eq!(bench.run("brp-strip", &["strip"]), 0, "{}", bench.err);
        assert!(size(&bench, "usr/bin/tool") < before);
        assert_eq!(size(&bench, "usr/lib/debug/tool"), before);
        assert_eq!(tree::distinct_files(&bench.root()).unwrap().len(), 2);
    }

    #[test]
    fn debian_strips_programs_wholly() {
        let mut bench = bench();
        bench.set("DEB_BUILD_OPTIONS", "parallel=2 nostrip");
        assert_eq!(bench.run("brp-strip-deb", &[]), 0);
        let symbols = |bench: &Bench| {
            elf::read(&bench.at("usr/bin/tool"))
                .unwrap()
                .is_some_and(|elf| elf_file::has_symbols(&elf))
        };
        assert!(symbols(&bench));
        bench.set("DEB_BUILD_OPTIONS", "");
        assert_eq!(bench.run("brp-strip-deb", &[]), 0);
        assert!(!symbols(&bench));
    }

    #[test]
    fn comments_go_after_symbols() {
        let mut bench = bench();
        bench.run("brp-strip-comment-note", &[]);
        let before = size(&bench, "usr/bin/tool");
        bench.run("brp-strip-deb", &["strip --keep-section=.comment"]);
        assert!(size(&bench, "usr/bin/tool") < before);
        let before = size(&bench, "usr/bin/tool");
        assert_eq!(
            bench.run("brp-strip-comment-note", &["strip", "objdump"]),
            0
        );
        assert!(size(&bench, "usr/bin/tool") < before, "{}", bench.err);
    }

    #[test]
    fn missing_program_is_named() {
        let mut bench = bench();
        assert_eq!(bench.run("brp-strip", &["no-such-strip"]), 1);
        assert!(
            bench
                .err
                .starts_with("brp-strip: cannot run `no-such-strip`: "),
            "{}",
            bench.err
        );
    }

    #[test]
    fn programs_keep_their_executable_bit() {
        let mut bench = bench();
        assert_eq!(bench.run("brp-elfperms", &[]), 0);
        assert!(tree::files(&bench.root()).unwrap()[0].is_executable());
    }
}
