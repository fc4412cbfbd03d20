//! What a build does, step by step, as stage and switches ask for it.
//!
//! Source: rpmbuild(1), "Build options".

use crate::request::{Request, Stage};

/// The steps of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) check_requires: bool,
    pub(crate) make_build_dir: bool,
    pub(crate) prep: bool,
    /// `%generate_buildrequires` runs.
    pub(crate) generate_requires: bool,
    /// What it asks for and is not there is written down as a package.
    pub(crate) dump_requires: bool,
    pub(crate) conf: bool,
    pub(crate) build: bool,
    pub(crate) install: bool,
    pub(crate) check: bool,
    /// The file lists are checked.
    pub(crate) list: bool,
    pub(crate) source: bool,
    pub(crate) binaries: bool,
    /// `%clean` runs.
    pub(crate) clean: bool,
    pub(crate) remove_build_dir: bool,
    pub(crate) remove_sources: bool,
    pub(crate) remove_spec: bool,
}

impl Work {
    /// The steps that a request asks for.
    pub(crate) fn of(request: &Request) -> Self {
        let mut work = Self::default();
        let switches = &request.switches;
        match request.stage {
            _ if switches.only_reads => {}
            Stage::List => work.list = true,
            Stage::Source => work.source = true,
            Stage::DynamicSource | Stage::Requirements => work.add_requires(request),
            _ => work.add_steps(request),
        }
        work.add_removals(request);
        if switches.no_clean {
            (work.clean, work.remove_build_dir) = (false, false);
        }
        if switches.no_prep {
            (work.prep, work.make_build_dir) = (false, false);
        }
        work.check &= !switches.no_check;
        work
    }

    /// `-br` and `-bd`.
    fn add_requires(&mut self, request: &Request) {
        let whole = !request.switches.short_circuit;
        (self.prep, self.make_build_dir) = (whole, whole);
        (self.generate_requires, self.dump_requires) = (true, true);
        self.check_requires = !request.switches.no_deps;
        self.source = request.stage == Stage::DynamicSource;
    }

    /// Everything up to a stage; with `--short-circuit` nothing but that stage. For binary packages
    /// that means that nothing is run at all.
    fn add_steps(&mut self, request: &Request) {
        let (stage, only) = (request.stage, request.switches.short_circuit);
        let ends_at = |last: Stage| only && stage == last;
        self.source = stage == Stage::All;
        if stage >= Stage::Binary {
            (self.binaries, self.clean) = (true, true);
            if ends_at(Stage::Binary) {
                return;
            }
            self.remove_build_dir = true;
        }
        self.check = stage >= Stage::Install;
        if ends_at(Stage::Check) {
            return;
        }
        self.install = stage >= Stage::Install;
        if ends_at(Stage::Install) {
            return;
        }
        self.build = stage >= Stage::Compile;
        if ends_at(Stage::Compile) {
            return;
        }
        self.conf = stage >= Stage::Conf;
        if ends_at(Stage::Conf) {
            return;
        }
        let has_deps = !request.switches.no_deps;
        self.generate_requires = self.conf;
        self.dump_requires = self.conf && has_deps;
        (self.prep, self.check_requires, self.make_build_dir) = (true, has_deps, !only);
    }

    /// What goes when the build is done: after building from a source package, what that brought.
    fn add_removals(&mut self, request: &Request) {
        let stops_early = matches!(
            request.stage,
            Stage::Prep
                | Stage::Conf
                | Stage::Compile
                | Stage::Install
                | Stage::Check
                | Stage::List
        );
        let rebuilds = request.is_rebuild && !stops_early;
        self.remove_sources = request.switches.remove_sources || rebuilds;
        self.remove_spec = request.switches.remove_spec || rebuilds;
        self.remove_build_dir |= request.switches.clean || rebuilds;
    }

    /// The steps as the spec allows them: building in place leaves out what would change the
    /// sources, and a source package needs no `%prep` without dynamic build requirements.
    pub(crate) fn adapt(mut self, is_in_place: bool, generates: bool) -> Self {
        if self.is_source_only() && !generates {
            (self.prep, self.make_build_dir) = (false, false);
        }
        if is_in_place {
            self.make_build_dir |= self.runs_scripts();
            (self.prep, self.remove_build_dir) = (false, false);
        }
        self.remove_build_dir &= self.make_build_dir;
        self
    }

    /// Whether any of the sections that build runs.
    pub(crate) fn runs_scripts(&self) -> bool {
        self.prep || self.conf || self.build || self.install
    }

    /// Whether a source package is all that is made.
    fn is_source_only(&self) -> bool {
        self.source && !(self.conf || self.build || self.install || self.binaries)
    }

    /// Whether the spec is only read, so that it does not matter for which machine.
    pub(crate) fn fits_any_arch(&self) -> bool {
        !self.runs_scripts() && !self.binaries
    }

    /// Whether file lists are looked at.
    pub(crate) fn reads_lists(&self) -> bool {
        self.install || self.binaries || self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Switches;

    fn work(stage: char, short_circuit: bool) -> Work {
        Work::of(&Request {
            stage: Stage::from_letter(stage).unwrap(),
            switches: Switches {
                short_circuit,
                ..Switches::default()
            },
            ..Request::default()
        })
    }

    #[test]
    fn stages_hold_what_goes_before_them() {
        let all = work('a', false);
        assert!(all.source && all.binaries && all.check && all.prep && all.make_build_dir);
        let compile = work('c', false);
        assert!(compile.conf && compile.build && !compile.install && !compile.remove_build_dir);
        let prep = work('p', false);
        assert!(prep.prep && !prep.conf && !prep.generate_requires && prep.check_requires);
    }

    #[test]
    fn short_circuit_leaves_the_last_step() {
        let install = work('i', true);
        assert!(install.install && install.check && !install.build && !install.make_build_dir);
        let binary = work('b', true);
        assert!(binary.binaries && !binary.install && !binary.remove_build_dir);
        assert!(work('k', true).check && !work('k', true).install);
    }

    #[test]
    fn a_source_package_is_prepared_only_for_dynamic_requirements() {
        let source = work('r', false);
        assert!(source.adapt(false, true).prep && !source.adapt(false, false).prep);
        assert!(!source.adapt(false, true).remove_build_dir);
    }
}
