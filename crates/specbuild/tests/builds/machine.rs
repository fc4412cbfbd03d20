//! The machine that the tests run on.

use testkit::Trial;

pub(crate) use testkit::{Need, is_root};

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
        testkit::trial(name, needs, body)
    }
}
