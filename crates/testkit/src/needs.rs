//! What tests need of the machine, and trials that are ignored where it lacks that.

#![allow(
    clippy::print_stderr,
    reason = "a trial that cannot run says why, where people look at test results"
)]

use std::env;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// What a trial needs beside the code under test.
#[derive(Clone, Debug)]
pub enum Need {
    /// A program on `PATH`.
    Program(&'static str),
    /// A file of a package that puts no program on `PATH`.
    File(&'static str),
    /// Root's rights, for `chroot` and ownership.
    Root,
    /// Something that was sought and, in the case of `Err`, not had.
    Had(Result<(), String>),
}

impl Need {
    /// Why the need is not met here.
    fn lack(&self) -> Option<String> {
        match self {
            Self::Program(program) if !has(program) => {
                Some(format!("`{program}` is not installed"))
            }
            Self::File(file) if !Path::new(file).exists() => Some(format!("there is no {file}")),
            Self::Root if !is_root() => Some("only root can do it".to_owned()),
            Self::Had(had) => had.clone().err(),
            Self::Program(_) | Self::File(_) | Self::Root => None,
        }
    }
}

/// A trial that is ignored, with the reason in a line, where a need is not met.
pub fn trial(
    name: impl Into<String>,
    needs: &[Need],
    body: impl FnOnce() + Send + 'static,
) -> Trial {
    let name = name.into();
    let lacking: Vec<String> = needs.iter().filter_map(Need::lack).collect();
    if !lacking.is_empty() {
        eprintln!("ignored: {name}: {}", lacking.join("; "));
    }
    let trial = Trial::test(name, move || -> Result<(), Failed> {
        body();
        Ok(())
    });
    trial.with_ignored_flag(!lacking.is_empty())
}

/// Whether a program is on `PATH`.
pub fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Whether the tests run with root's rights.
pub fn is_root() -> bool {
    let process = Path::new("/proc/self").metadata();
    process.is_ok_and(|metadata| metadata.uid() == 0)
}

/// The directory with the programs of an rpm from version 6 on, or why there is none: of the one
/// installed below `SPECBUILD_RPM_6`, which `.ci/rpm6` builds, or else of the machine's.
pub fn rpm_6() -> Result<PathBuf, String> {
    let bin = match env::var_os("SPECBUILD_RPM_6") {
        Some(prefix) => PathBuf::from(prefix).join("bin"),
        None => PathBuf::from("/usr/bin"),
    };
    let said = Command::new(bin.join("rpmbuild")).arg("--version").output();
    let said = said.map_err(|error| format!("{}/rpmbuild: {error}", bin.display()))?;
    let said = String::from_utf8_lossy(&said.stdout);
    let version = said.trim().rsplit(' ').next().unwrap_or_default();
    let major = version.split('.').next().and_then(|it| it.parse().ok());
    if major.is_some_and(|major: u32| major >= 6) {
        return Ok(bin);
    }
    Err(format!(
        "rpm is of version {version}; SPECBUILD_RPM_6 names no rpm from version 6 on"
    ))
}

/// The `main` of a test file (with `harness = false`) whose tests need something of the machine:
/// lists of functions, after what all of a list need.
///
/// ```no_run
/// use testkit::Need;
///
/// fn tar_reads_it() {}
/// fn bytes_repeat() {}
///
/// testkit::trials! {
///     [Need::Program("tar")] => tar_reads_it;
///     [] => bytes_repeat;
/// }
/// ```
#[macro_export]
macro_rules! trials {
    ($([$($need:expr),*] => $($test:ident),+;)+) => {
        fn main() {
            let mut trials = Vec::new();
            $(
                let needs: &[$crate::Need] = &[$($need),*];
                trials.extend([$($crate::trial(stringify!($test), needs, $test)),+]);
            )+
            $crate::run(trials)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::{Need, has, trial};

    #[test]
    fn a_trial_is_ignored_where_a_need_is_not_met() {
        let ignored = |needs: &[Need]| trial("x", needs, || ()).has_ignored_flag();
        let (shell, nothing) = (Need::Program("sh"), Need::Program("no-such-program"));
        assert!(
            !ignored(&[]) && !ignored(&[shell.clone(), Need::File("/proc"), Need::Had(Ok(()))])
        );
        assert!(ignored(&[shell, nothing]) && ignored(&[Need::File("/no/such/file")]));
        assert!(ignored(&[Need::Had(Err("no network".to_owned()))]));
        assert!(has("sh") && !has("no-such-program"));
    }
}
