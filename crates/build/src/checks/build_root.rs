//! What the build root must not be, since `%install` begins by removing it with all there is in it.
//!
//! rpm refuses `/` only. A path that the command line has relative to the working directory is made
//! complete here, so that `.` would remove what the user is working on.

use std::path::{Component, Path, PathBuf};

use source::{Diagnostic, Reported};

use crate::codes::UNSAFE_BUILD_ROOT;
use crate::files::absolute;
use crate::project::Project;
use crate::request::Request;
use crate::request::work::Work;

/// Directories that macros name, with what each is.
const NAMED: [(&str, &str); 9] = [
    ("_sourcedir", "the directory of sources"),
    ("_specdir", "the directory of specs"),
    ("_rpmdir", "the directory of packages"),
    ("_srcrpmdir", "the directory of source packages"),
    ("_debdir", "the directory of packages"),
    ("_sdebdir", "the directory of source packages"),
    ("_topdir", "the directory of all builds"),
    ("_builddir", "the build directory"),
    ("_tmppath", "the directory of temporary files"),
];

/// Directories of the system, of which one has many users. Source: Filesystem Hierarchy Standard 3.0.
const SYSTEM: &str = "/bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin \
    /srv /sys /tmp /usr /usr/bin /usr/include /usr/lib /usr/lib64 /usr/libexec /usr/local /usr/sbin \
    /usr/share /usr/src /var /var/cache /var/lib /var/log /var/spool /var/tmp";

/// Fails if scripts would run whose build root is a directory of the user's, or has one in it.
pub(crate) fn check(request: &Request, project: &mut Project, work: Work) -> Result<(), Reported> {
    let runs = work.runs_scripts() || work.check || work.clean;
    if !runs || request.switches.no_build {
        return Ok(());
    }
    let kept = kept(request, project)?;
    // The spec may have given the macro another value than the one it began with.
    let named = project.engine.expand_str("%{?buildroot}")?;
    for root in [project.spec.build_root.clone(), named] {
        if root.is_empty() {
            continue;
        }
        let real = resolve(&absolute(Path::new(&root)));
        let is_ours = is_made_for_builds(&real, request, project)?;
        let mut kept = kept.iter().skip(usize::from(is_ours));
        if let Some(lost) = kept.find(|it| it.real.starts_with(&real)) {
            return Err(project.engine.sink.report(refusal(&root, &real, lost)));
        }
    }
    Ok(())
}

/// Whether being in there is no reason to keep it: it lies below `%_topdir` and is named by its whole
/// path. So does `cpack -G RPM`, whose specs move what is in the build root out of `%install`'s way.
fn is_made_for_builds(
    real: &Path,
    request: &Request,
    project: &mut Project,
) -> Result<bool, Reported> {
    let Some(given) = &request.build_root else {
        return Ok(false);
    };
    let given = project.engine.expand_str(&given.to_string_lossy())?;
    let top = resolve(Path::new(&project.engine.expand_str("%{?_topdir}")?));
    Ok(given.starts_with('/') && real != top && real.starts_with(top))
}

/// Something that has to be there after the build.
struct Kept {
    what: String,
    /// Its path, free of links.
    real: PathBuf,
}

/// What has to be there after the build; the working directory comes first.
fn kept(request: &Request, project: &mut Project) -> Result<Vec<Kept>, Reported> {
    let spec_file = absolute(&request.spec);
    let mut paths = vec![
        ("the working directory".to_owned(), absolute(Path::new("."))),
        ("the spec".to_owned(), spec_file.clone()),
    ];
    let parent = spec_file.parent().map(Path::to_owned);
    paths.extend(parent.map(|it| ("the directory of the spec".to_owned(), it)));
    let sources = project.spec.sources.iter();
    paths.extend(sources.map(|it| ("a source".to_owned(), PathBuf::from(&it.path))));
    for (name, what) in NAMED {
        let dir = project.engine.expand_str(&format!("%{{?{name}}}"))?;
        paths.push((format!("{what} (%{name})"), PathBuf::from(dir)));
    }
    // Macros may name others now, but these hold what earlier builds used.
    let top = PathBuf::from(project.engine.expand_str("%{?_topdir}")?);
    let usual = ["SOURCES", "SPECS", "RPMS", "SRPMS", "DEBS", "SDEBS"];
    paths.extend(usual.map(|it| (format!("%_topdir/{it}"), top.join(it))));
    let build_dir = Path::new(&project.spec.build_dir);
    let unpacked = build_dir.join(&project.spec.build_subdir);
    paths.push(("the build directory".to_owned(), build_dir.to_owned()));
    paths.push(("the directory of unpacked sources".to_owned(), unpacked));
    let home = project.engine.host.env("HOME").unwrap_or_default();
    paths.push(("the home directory".to_owned(), PathBuf::from(home)));
    let system = SYSTEM.split_whitespace();
    paths.extend(system.map(|it| ("a directory of the system".to_owned(), PathBuf::from(it))));
    let known = paths
        .into_iter()
        .filter(|(_, path)| path.has_root())
        .map(|(what, path)| Kept {
            what,
            real: resolve(&path),
        });
    Ok(known.collect())
}

/// A path without links and `..`, as far as it is there.
fn resolve(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(resolved.pop()),
            Component::CurDir => {}
            _ => resolved.push(part),
        }
        resolved = resolved.canonicalize().unwrap_or(resolved);
    }
    resolved
}

fn refusal(root: &str, real: &Path, lost: &Kept) -> Diagnostic {
    let Kept { what, real: path } = lost;
    let verb = if real == path { "is" } else { "holds" };
    let message = format!("the build root `{root}` {verb} {what}");
    let finding = Diagnostic::error(UNSAFE_BUILD_ROOT, message)
        .note("%install begins by removing the build root and all that is in it")
        .help("name a directory that nothing else uses");
    match real == Path::new(root) {
        true => finding,
        false => finding.note(format!("the path leads to `{}`", real.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_as_far_as_they_are_there() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir(top.join("real")).unwrap();
        std::os::unix::fs::symlink("real", top.join("link")).unwrap();
        for (given, expected) in [
            ("link", "real"),
            ("link/..", ""),
            ("link/./new/er", "real/new/er"),
            ("new/../link/sub/..", "real"),
        ] {
            assert_eq!(resolve(&top.join(given)), top.join(expected), "{given}");
        }
        assert_eq!(resolve(Path::new("/../..")), Path::new("/"));
    }
}
