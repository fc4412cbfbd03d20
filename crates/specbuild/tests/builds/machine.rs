//! What this machine has, and trials that are left out where it lacks something.

use std::env;
use std::path::Path;

use libtest_mimic::Failed;
use testkit::Trial;

/// What a trial needs beside the binary under test.
#[derive(Clone, Debug)]
pub(crate) enum Need {
    /// A program on `PATH`.
    Program(&'static str),
    /// Root's rights, for `chroot` and ownership.
    Root,
    /// Something that was sought and, in the case of `Err`, not had.
    Had(Result<(), String>),
}

/// The machine that the tests run on.
#[derive(Debug)]
pub(crate) struct Machine;

impl Machine {
    /// A trial that is ignored, with a line that says why, where a need is not met.
    pub(crate) fn trial(
        &self,
        name: impl Into<String>,
        needs: &[Need],
        body: impl FnOnce() + Send + 'static,
    ) -> Trial {
        let name = name.into();
        let lacking: Vec<String> = needs.iter().filter_map(|need| self.lacks(need)).collect();
        if !lacking.is_empty() {
            eprintln!("ignored: {name}: {}", lacking.join("; "));
        }
        let trial = Trial::test(name, move || -> Result<(), Failed> {
            body();
            Ok(())
        });
        trial.with_ignored_flag(!lacking.is_empty())
    }

    /// Why a need is not met.
    fn lacks(&self, need: &Need) -> Option<String> {
        match need {
            Need::Program(program) if !has(program) => {
                Some(format!("`{program}` is not installed"))
            }
            Need::Root if !is_root() => Some("only root can do it".to_owned()),
            Need::Had(had) => had.clone().err(),
            Need::Program(_) | Need::Root => None,
        }
    }
}

/// Whether a program is on `PATH`.
pub(crate) fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Whether the trials run with root's rights.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    Path::new("/proc/self")
        .metadata()
        .is_ok_and(|meta| meta.uid() == 0)
}
