//! What this machine is: uname(2), os-release, the processor, and what rpmrc files say of it.

pub(crate) mod build_lock;
pub(crate) mod configuration;
pub(crate) mod helpers;
pub(crate) mod host;
pub(crate) mod installed;
pub(crate) mod output;
pub(crate) mod parallel;

use std::path::{Path, PathBuf};

use expand::Host;
use target::{HostFacts, OsRelease, Rpmrc};

use crate::{BuildError, SystemHost};

/// What rpmrc files say, those of an installed rpm first; `None` if there is no rpm with macro files.
pub(crate) fn installed_rpm(rc_files: Option<&str>) -> Result<Option<Rpmrc>, BuildError> {
    let dir = config_dir();
    if !dir.join("macros").is_file() {
        return Ok(None);
    }
    if rc_files.is_some() {
        return read_rpmrc(rc_files, Vec::new()).map(Some);
    }
    let own = SystemHost::default().glob(&format!("{}/{{,*/}}rpmrc", dir.display()));
    read_rpmrc(None, own).map(Some)
}

/// The directory of rpm's own files, as `%getconfdir` has it.
fn config_dir() -> PathBuf {
    std::env::var_os("RPM_CONFIGDIR").map_or_else(|| "/usr/lib/rpm".into(), PathBuf::from)
}

/// What this machine's os-release says.
pub(crate) fn os_release() -> OsRelease {
    OsRelease::parse(&os_release_text().unwrap_or_default())
}

fn os_release_text() -> Option<String> {
    let mut files = ["/etc/os-release", "/usr/lib/os-release"].iter();
    files.find_map(|path| std::fs::read_to_string(path).ok())
}

/// The facts of this machine; `rc_files` as in [`crate::Settings`].
pub(crate) fn host_facts(rc_files: Option<&str>) -> Result<HostFacts, BuildError> {
    let names = rustix::system::uname();
    let release = os_release_text();
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
        rpmrc: read_rpmrc(rc_files, Vec::new())?,
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

/// Reads the files that `--rcfile` names, which must exist, or `own` and those of site and user where
/// there are any.
fn read_rpmrc(given: Option<&str>, own: Vec<PathBuf>) -> Result<Rpmrc, BuildError> {
    let mut rpmrc = Rpmrc::default();
    let mut include = |path: &str| limits::read_text(Path::new(path), limits::TEXT);
    let usual = || own.into_iter().chain(usual_files()).collect();
    for path in given.map_or_else(usual, given_files) {
        match limits::read_text(&path, limits::TEXT) {
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
