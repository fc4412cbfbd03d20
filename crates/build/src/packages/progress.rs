//! What rpm says while it gathers packages: which it works on, what they depend on, and that it looks
//! for files nobody lists. Scripts read these lines.

use collect::{CollectError, Progress};
use expand::Engine;
use package::Package;
use target::Format;

use crate::event::{Event, Listener};
use crate::project::tell_findings;
use crate::rpm;
use crate::rpm::file_digest;

/// Tells a listener how far the gathering has come.
pub(crate) struct Teller<'l> {
    pub(crate) listener: &'l mut dyn Listener,
    /// Of the packages to be made.
    pub(crate) format: Format,
}

impl Progress for Teller<'_> {
    fn begins(&mut self, package: &Package, engine: &mut Engine) {
        self.step(format!("Processing files: {}", package.nvra()), engine);
    }

    fn lists(&mut self, engine: &mut Engine) {
        if self.format == Format::Rpm {
            file_digest::check(file_digest::BINARIES, engine);
        }
    }

    fn makes(&mut self, package: &Package, engine: &mut Engine) -> Result<(), CollectError> {
        // rpm looks for no dependencies where there are no files.
        if self.format != Format::Rpm || package.files.entries().is_empty() {
            return Ok(());
        }
        let options = rpm::payloads(engine)?;
        let lines = rpmfile::dependency_lines(package, &options);
        // What is wrong with a payload is told when it is written.
        for line in lines.unwrap_or_default() {
            self.step(line, engine);
        }
        Ok(())
    }

    fn looks_for_others(&mut self, engine: &mut Engine) {
        let program = engine.expand_str("%{?__check_files}").unwrap_or_default();
        if !program.is_empty() {
            self.step(
                format!("Checking for unpackaged file(s): {program}"),
                engine,
            );
        }
    }

    fn adds_policies(&mut self, package: &Package, engine: &mut Engine) {
        self.step(format!("Processing policies: {}", package.nvra()), engine);
    }
}

impl Teller<'_> {
    fn step(&mut self, line: String, engine: &mut Engine) {
        tell_findings(engine, self.listener);
        self.listener.take(&Event::Step(line));
    }
}
