//! The target that a request names, on the machine it is made on.

use target::{Personality, Target, TargetRequest};

use crate::BuildError;
use crate::machine::{host_facts, installed_rpm};
use crate::request::Request;

/// The target of a request.
pub fn load_target(request: &Request) -> Result<Target, BuildError> {
    let default = std::env::var(DEFAULT_TARGET).ok();
    let default = default.as_deref().filter(|word| !word.is_empty());
    let wanted = TargetRequest {
        word: request.target.as_deref(),
        default,
        personality: request.personality,
        macros_folder: request.macros_dir.as_deref(),
    };
    let rc_files = request.settings.rc_files.as_deref();
    let mut facts = host_facts(rc_files)?;
    if may_take_installed(&wanted) {
        facts.installed = installed_rpm(rc_files)?;
    }
    Ok(Target::load(&wanted, &facts)?)
}

/// The variable that names a target for runs under rpm's names whose `--target` names no distribution.
const DEFAULT_TARGET: &str = "SPECBUILD_TARGET";

/// Whether the macros of an installed rpm may be wanted: under rpm's names, unless another
/// distribution is named or a folder of macro files takes their place.
fn may_take_installed(wanted: &TargetRequest<'_>) -> bool {
    let word = wanted.word.filter(|word| target::names_distribution(word));
    let as_rpm = wanted.personality == Personality::Rpm;
    match word.or(wanted.default.filter(|_| as_rpm)) {
        Some(word) => word == "system",
        None => as_rpm && wanted.macros_folder.is_none(),
    }
}
