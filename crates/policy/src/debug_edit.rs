//! find-debuginfo(1) with build IDs that don't follow from where a package is built.
//!
//! debugedit(1) takes the digest that becomes the build ID before it knows where sections begin that get
//! shorter, or longer, with the names of directories in them. Where it looks a second time nothing moves. Only
//! the options, the way it is called and the file names are known here, see their manual pages.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::call::{Call, Environment};
use crate::error::{Doing, Error};

/// The programs that find-debuginfo calls by its own directory.
const NEIGHBOUR: &str = "sepdebugcrcfix";
const EDITOR: &str = "debugedit";

/// What is called in place of debugedit: the second call has the seed and the file of the first.
const TWICE: &str = r#"#!/bin/sh
seed=
for argument; do
	case $argument in
	-n | --no-recompute-build-id) exec 'EDITOR' "$@" ;;
	--build-id-seed=*) seed=$argument ;;
	esac
done
'EDITOR' "$@" >/dev/null || exit
exec 'EDITOR' -i ${seed:+"$seed"} "$argument"
"#;

/// Runs the program that is the first argument, with the others.
pub(crate) fn separate(call: &mut Call<'_>) -> Result<u8, Error> {
    let Some((program, args)) = call.args.split_first() else {
        return Err(Error::Usage("which find-debuginfo is to be run?".into()));
    };
    let program = call.environment.path(program);
    let tools = tools_for(&program, call.environment)?;
    let found = tools.as_ref().map(|it| it.path().join("find-debuginfo"));
    run(found.as_deref().unwrap_or(&program), args, call.environment)
}

/// A directory in which the program finds what it calls; `None` where that is not beside it.
fn tools_for(
    program: &Path,
    environment: &Environment,
) -> Result<Option<tempfile::TempDir>, Error> {
    let real = fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    let beside = |name: &str| real.with_file_name(name);
    let editor = beside(EDITOR);
    let is_plain = |it: &Path| it.to_str().is_some_and(|it| !it.contains('\''));
    if !editor.exists() || !is_plain(&editor) {
        return Ok(None);
    }
    // The build's own directory: temporary ones may hold no programs.
    let place = environment.get("RPM_BUILD_DIR").map(PathBuf::from);
    let place = place.filter(|it| it.is_dir());
    let place = place.unwrap_or_else(|| environment.directory.clone());
    let directory = tempfile::Builder::new()
        .prefix(".specbuild-debuginfo.")
        .tempdir_in(&place)
        .doing("make a directory in", &place)?;
    let at = |name: &str| directory.path().join(name);
    symlink(&real, at("find-debuginfo")).doing("link", &real)?;
    symlink(beside(NEIGHBOUR), at(NEIGHBOUR)).doing("link", &beside(NEIGHBOUR))?;
    let script = TWICE.replace("EDITOR", &editor.display().to_string());
    fs::write(at(EDITOR), script).doing("write", &at(EDITOR))?;
    fs::set_permissions(at(EDITOR), Permissions::from_mode(0o755)).doing("change", &at(EDITOR))?;
    Ok(Some(directory))
}

fn run(program: &Path, args: &[OsString], environment: &Environment) -> Result<u8, Error> {
    let mut command = environment.program("env");
    let status = command.arg(OsStr::new(program)).args(args).status();
    let status = status.map_err(|source| Error::Start {
        program: program.display().to_string(),
        source,
    })?;
    Ok(status.code().and_then(|it| it.try_into().ok()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use crate::call::testing::Bench;

    #[test]
    fn debugedit_is_called_twice_unless_build_ids_stay() {
        let mut bench = Bench::new();
        bench.stand_in(
            "find-debuginfo",
            "here=$(dirname \"$0\"); exec \"$here/debugedit\" \"$@\"",
        );
        let log = bench.directory.path().join("log");
        bench.stand_in(
            "debugedit",
            &format!("printf '%s\\n' \"$*\" >>{}", log.display()),
        );
        let program = bench.directory.path().join("tools/find-debuginfo");
        let program = program.to_str().unwrap();
        let called = "-b /b -d /d -i --build-id-seed=1-1 -l list file";
        let args: Vec<&str> = [program].into_iter().chain(called.split(' ')).collect();
        assert_eq!(bench.run("find-debuginfo", &args), 0, "{}", bench.err);
        assert_eq!(bench.run("find-debuginfo", &[program, "-n", "file"]), 0);
        let said = std::fs::read_to_string(log).unwrap();
        assert_eq!(
            said,
            format!("{called}\n-i --build-id-seed=1-1 file\n-n file\n")
        );
    }
}
