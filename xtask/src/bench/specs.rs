//! Which specs `bench macros` expands: the same ones in each run, and only such as both tools read.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::shell::{Failure, Outcome, failed, root};

const WANTED: usize = 300;

/// Specs to expand, and what to call them.
pub(super) struct Specs {
    pub(super) paths: Vec<String>,
    pub(super) what: String,
}

/// Chooses among the specs of a folder, or else the project's own. `ours` and `theirs` are the
/// commands that expand one.
pub(super) fn choose(folder: Option<&Path>, ours: &str, theirs: &str) -> Outcome<Specs> {
    let (folders, what) = match folder {
        Some(folder) => (vec![folder.to_owned()], "specs"),
        None => {
            println!("--- no folder is given by --specs, so the project's own specs have to do");
            let own = ["examples", "testdata"].map(|name| root().join(name));
            (own.to_vec(), "specs of this project")
        }
    };
    let mut all = Vec::new();
    for folder in folders {
        add_specs(&folder, &mut all)?;
    }
    all.sort();
    let is_fit = |path: &String| reads(theirs, path) && reads(ours, path);
    let paths: Vec<String> = spread(&all)
        .into_iter()
        .filter(is_fit)
        .take(WANTED)
        .collect();
    if paths.is_empty() {
        return Err(Failure(
            "there is no spec that both tools can read".to_owned(),
        ));
    }
    let what = format!("{} {what}", paths.len());
    Ok(Specs { paths, what })
}

/// All specs below a folder.
fn add_specs(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    for entry in folder.read_dir().map_err(failed("read", folder))? {
        let entry = entry.map_err(failed("read", folder))?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            add_specs(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "spec") {
            found.push(path);
        }
    }
    Ok(())
}

/// The specs in such an order that the first [`WANTED`] are spread over all.
fn spread(all: &[PathBuf]) -> Vec<String> {
    let step = all.len().div_ceil(WANTED).max(1);
    let passes = (0..step).flat_map(|start| all.iter().skip(start).step_by(step));
    passes.map(|path| path.display().to_string()).collect()
}

/// Whether a command can expand a spec, within ten seconds.
fn reads(command: &str, spec: &str) -> bool {
    let script = format!("exec timeout 10 {command} \"$0\"");
    let mut command = Command::new("sh");
    let command = command.args(["-c", &script, spec]);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::{PathBuf, spread};

    #[test]
    fn the_first_ones_are_spread_over_all() {
        let all: Vec<_> = (0..650)
            .map(|number| PathBuf::from(number.to_string()))
            .collect();
        let order = spread(&all);
        assert_eq!(order[..3], ["0", "3", "6"]);
        assert_eq!(order.len(), 650);
        assert_eq!(order[217], "1");
    }
}
