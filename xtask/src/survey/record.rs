//! The counts of whole corpora, which may only improve: `xtask/surveys.toml`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;

use serde::{Deserialize, Serialize};

use common::shell::{Failure, Outcome, failed, root};

/// Where they are kept.
const FILE: &str = "xtask/surveys.toml";

/// What stands before the counts.
const HEAD: &str = "\
# What `cargo xtask survey` counts for each target, of 24,377 specs of Fedora (February 2025). `--write` keeps
# new counts; specs that are read and clean may only become more.

";

/// What was counted for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) specs: usize,
    pub(crate) read: usize,
    pub(crate) clean: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |count: usize| 100.0 * count as f64 / self.specs.max(1) as f64;
        let (read, clean) = (share(self.read), share(self.clean));
        write!(
            f,
            "{} specs, {} read ({read:.2} %), ",
            self.specs, self.read
        )?;
        write!(f, "{} clean ({clean:.2} %)", self.clean)
    }
}

/// Holds counts against those that are kept, and keeps them if that is wanted.
pub(crate) fn settle(target: &str, counts: Counts, is_kept: bool) -> Outcome {
    let path = root().join(FILE);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let mut kept: BTreeMap<String, Counts> =
        toml::from_str(&text).map_err(failed("read", &path))?;
    if let Some(fault) = kept.get(target).and_then(|kept| regression(*kept, counts)) {
        return Err(Failure(format!("{target}: {fault}")));
    }
    if !is_kept {
        return Ok(());
    }
    kept.insert(target.to_owned(), counts);
    let table = toml::to_string(&kept).map_err(failed("write", &path))?;
    fs::write(&path, format!("{HEAD}{table}")).map_err(failed("write", &path))
}

/// What has become worse in the same corpus.
fn regression(kept: Counts, now: Counts) -> Option<String> {
    let is_same = kept.specs == now.specs;
    let is_worse = now.read < kept.read || now.clean < kept.clean;
    (is_same && is_worse).then(|| format!("there were {kept}; now {now}"))
}

#[cfg(test)]
mod tests {
    use super::{Counts, regression};

    #[test]
    fn fewer_specs_are_a_regression() {
        let counts = |specs, read, clean| Counts { specs, read, clean };
        let kept = counts(10, 8, 5);
        assert_eq!(regression(kept, counts(10, 8, 6)), None);
        assert_eq!(regression(kept, counts(9, 7, 4)), None);
        assert!(regression(kept, counts(10, 9, 4)).is_some());
        assert!(regression(kept, counts(10, 7, 6)).is_some());
    }
}
