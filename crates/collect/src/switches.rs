//! The macros that decide what is an error and what is let pass, read once per run.
//!
//! Source: rpmbuild-config(5).

use expand::Engine;
use generate::only_core;
use source::{Diagnostic, Severity};

use crate::{Options, codes};

/// How times of last change are treated. Source: rpmbuild-config(5), `build_mtime_policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MtimePolicy {
    /// They stay as they are.
    Keep,
    /// None is later than this, in seconds since 1970 UTC.
    Clamp(i64),
}

impl MtimePolicy {
    pub(crate) fn apply(self, mtime: i64) -> i64 {
        match self {
            Self::Keep => mtime,
            Self::Clamp(latest) => mtime.min(latest),
        }
    }
}

/// The switches.
#[derive(Clone, Debug)]
pub(crate) struct Switches {
    /// `%_missing_doc_files_terminate_build`.
    pub(crate) missing_doc: Severity,
    /// `%_missing_files_terminate_build`, of this program's own; an error where it is not set.
    pub(crate) missing_files: Severity,
    /// `%_empty_manifest_terminate_build`.
    pub(crate) empty_manifest: Severity,
    /// `%_duplicate_files_terminate_build`.
    pub(crate) listed_twice: Severity,
    /// `%_unpackaged_files_terminate_build`; `None` if `%__check_files` is not set.
    pub(crate) unpackaged: Option<Severity>,
    /// `%_binaries_in_noarch_packages_terminate_build`.
    pub(crate) noarch_binaries: Severity,
    /// `%_use_weak_usergroup_deps`.
    pub(crate) weak_owners: bool,
    /// Whether packages offer users and groups, so that others can need them: an rpm whose file
    /// attributes lack `usergroup` came before that.
    pub(crate) knows_accounts: bool,
    /// Word length of the architecture built for: 1 for 32 bit, 2 for 64 bit, 0 where it is not
    /// known.
    pub(crate) color: u32,
}

impl Switches {
    /// Reads the switches as they stand.
    pub(crate) fn read(engine: &mut Engine) -> Self {
        // debbuild goes on without files that a package lists and nobody installed.
        let misses = "%{!?_missing_files_terminate_build:1}%{?_missing_files_terminate_build}";
        let missing_files = severity(engine.expand_number(misses) > 0);
        let mut is_set = |name: &str| engine.expand_number(&format!("%{{?{name}}}")) > 0;
        let mut severity = |name: &str| severity(is_set(name));
        let missing_doc = severity("_missing_doc_files_terminate_build");
        let empty_manifest = severity("_empty_manifest_terminate_build");
        let listed_twice = severity("_duplicate_files_terminate_build");
        let unpackaged = severity("_unpackaged_files_terminate_build");
        let noarch_binaries = severity("_binaries_in_noarch_packages_terminate_build");
        let weak_owners = is_set("_use_weak_usergroup_deps");
        let bits = engine.expand_number("%{?__isa_bits}");
        Self {
            missing_doc,
            missing_files,
            empty_manifest,
            listed_twice,
            unpackaged: (!value(engine, "__check_files").is_empty()).then_some(unpackaged),
            noarch_binaries,
            weak_owners,
            knows_accounts: !only_core(engine) || engine.is_defined("__usergroup_provides"),
            color: match bits {
                32 => 1,
                64 => 2,
                _ => 0,
            },
        }
    }
}

fn severity(ends_the_build: bool) -> Severity {
    if ends_the_build {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// A macro's value, or nothing if it is not defined or can't be expanded.
pub(crate) fn value(engine: &mut Engine, name: &str) -> String {
    engine
        .expand_str(&format!("%{{?{name}}}"))
        .unwrap_or_default()
}

/// What `%build_mtime_policy` says for one package; rpm tells for each what is wrong with it.
pub(crate) fn mtime_policy(engine: &mut Engine, options: &Options) -> MtimePolicy {
    let mut policy = value(engine, "build_mtime_policy");
    let has_date = options.source_date_epoch.is_some();
    let old = engine.expand_number("%{?clamp_mtime_to_source_date_epoch}") != 0;
    if policy.is_empty() && old && has_date {
        "clamp_to_source_date_epoch".clone_into(&mut policy);
        let message =
            "%clamp_mtime_to_source_date_epoch is deprecated, please use %build_mtime_policy";
        engine
            .sink
            .push(Diagnostic::warning(codes::OLD_SETTING, message));
    }
    match (policy.as_str(), options.source_date_epoch) {
        ("clamp_to_buildtime", _) => MtimePolicy::Clamp(options.facts.time),
        ("clamp_to_source_date_epoch", Some(latest)) => MtimePolicy::Clamp(latest),
        ("" | "clamp_to_source_date_epoch", _) => MtimePolicy::Keep,
        (unknown, _) => {
            let message = format!("Unknown mtime policy '{unknown}'");
            engine.sink.push(
                Diagnostic::warning(codes::BAD_SETTING, message)
                    .help("known are `clamp_to_buildtime` and `clamp_to_source_date_epoch`"),
            );
            MtimePolicy::Keep
        }
    }
}
