//! What this machine is: uname(2), os-release, the processor, and what rpmrc files say of it.

use std::path::{Path, PathBuf};

use expand::Host;
use target::{HostFacts, Rpmrc, Target, TargetRequest};

use crate::request::Request;
use crate::{BuildError, SystemHost};

/// The target of a request.
pub fn load_target(request: &Request) -> Result<Target, BuildError> {
    let wanted = TargetRequest {
        word: request.target.as_deref(),
        personality: request.personality,
        macros_folder: request.macros_dir.as_deref(),
    };
    let facts = host_facts(request.settings.rc_files.as_deref())?;
    Ok(Target::load(&wanted, &facts)?)
}

/// The facts of this machine; `rc_files` as in [`crate::Settings`].
pub(crate) fn host_facts(rc_files: Option<&str>) -> Result<HostFacts, BuildError> {
    let names = rustix::system::uname();
    let release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok());
    let machine = names.machine().to_string_lossy();
    let system = names.sysname().to_string_lossy();
    let platform = std::fs::read_to_string("/etc/rpm/platform").ok();
    let platform = platform.as_deref().and_then(parse_platform);
    let level = level().map(|level| format!("x86_64_v{level}"));
    let facts = match platform {
        Some((machine, system)) => HostFacts::new(machine, system, release.as_deref()),
        None => HostFacts {
            level,
            ..HostFacts::new(&machine, &system, release.as_deref())
        },
    };
    Ok(HostFacts {
        rpmrc: read_rpmrc(rc_files)?,
        ..facts
    })
}

/// Machine and system of `/etc/rpm/platform`, which decides where it is there: `CPU-VENDOR-OS` in its
/// first line; the vendor may be missing, and `-gnu` may follow.
fn parse_platform(text: &str) -> Option<(&str, &str)> {
    let line = text.lines().next()?.trim();
    let line = line.strip_suffix("-gnu").unwrap_or(line);
    let (machine, rest) = line.split_once('-')?;
    let system = rest.rsplit('-').next()?;
    (!machine.is_empty() && !system.is_empty()).then_some((machine, system))
}

/// The level of the x86-64 psABI that the processor has, if that is more than the first. rpm has an
/// architecture for each.
#[cfg(target_arch = "x86_64")]
fn level() -> Option<u8> {
    use std::arch::is_x86_feature_detected as has;
    let second = has!("cmpxchg16b") && has!("popcnt") && has!("sse3") && has!("ssse3");
    let second = second && has!("sse4.1") && has!("sse4.2");
    let third = has!("avx2") && has!("bmi1") && has!("bmi2") && has!("f16c") && has!("fma");
    let third = third && has!("lzcnt") && has!("movbe");
    let fourth = has!("avx512f") && has!("avx512bw") && has!("avx512cd");
    let fourth = fourth && has!("avx512dq") && has!("avx512vl");
    match (second, third, fourth) {
        (true, true, true) => Some(4),
        (true, true, false) => Some(3),
        (true, false, _) => Some(2),
        (false, ..) => None,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn level() -> Option<u8> {
    None
}

/// Reads the files that `--rcfile` names, which must exist, or those of site and user where there
/// are any.
fn read_rpmrc(given: Option<&str>) -> Result<Rpmrc, BuildError> {
    let mut rpmrc = Rpmrc::default();
    let mut include = |path: &str| std::fs::read_to_string(path);
    for path in given.map_or_else(usual_files, given_files) {
        match std::fs::read_to_string(&path) {
            Ok(text) => rpmrc.read(&path.to_string_lossy(), &text, &mut include),
            Err(source) if given.is_some() => return Err(BuildError::RcFile { path, source }),
            Err(_) => {}
        }
    }
    Ok(rpmrc)
}

/// What a list of patterns names; one that matches nothing stands for itself.
fn given_files(list: &str) -> Vec<PathBuf> {
    let mut host = SystemHost::default();
    let patterns = list.split(':').filter(|pattern| !pattern.is_empty());
    let files = patterns.flat_map(|pattern| match host.glob(pattern) {
        found if found.is_empty() => vec![PathBuf::from(pattern)],
        found => found,
    });
    files.collect()
}

/// The site's file, then the user's: in the old place if only the old ones are there.
fn usual_files() -> Vec<PathBuf> {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let config = std::env::var_os("XDG_CONFIG_HOME").filter(|dir| !dir.is_empty());
    let directory = config
        .map_or_else(|| home.join(".config"), PathBuf::from)
        .join("rpm");
    let user = if directory.exists() {
        directory.join("rpmrc")
    } else {
        home.join(".rpmrc")
    };
    vec![Path::new("/etc/rpmrc").to_owned(), user]
}
