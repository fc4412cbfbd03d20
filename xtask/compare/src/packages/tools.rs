//! The two programs, and how they are made to package the same build root with the same macros.
//!
//! A build is run once, by the peer, and build directory and build root are kept as `%install` leaves
//! them. Then either program makes all packages of the spec, source package included, by a whole
//! build whose scripts only put back what was kept.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use super::peer::Peer;
use super::subjects::{Content, Subject};
use super::{places, tree};
use common::macro_libraries;
use common::shell::{Outcome, failed, root};

/// The date of all builds, in seconds since 1970 UTC.
pub(super) const DATE: u64 = 1_700_000_000;
/// Macros of this comparison, read after those of the peer: those for any, and those for an old one.
const MACROS: &str = "xtask/compare/src/packages/both.macros";
const MACROS_FOR_OLD: &str = "xtask/compare/src/packages/old.macros";
/// Files of ours that specs need and rpm alone does not have, read before those of the peer: after rpm's
/// own macros and the libraries for all targets.
const FOR_FAMILY: [&str; 3] = [
    "macros/lib/*/rpm.macros",
    "macros/family/rpm/*.macros",
    "macros/vendor/redhat/policies.macros",
];

/// Stands for `%install`: runs the script and keeps what is there then.
const KEEP: &str = "#!/bin/sh\n# keep BUILD-DIR TO BUILD-ROOT TO SCRIPT\nset -e\n/bin/sh -e \"$5\"\n\
                    rm -rf \"$2\" \"$4\"\ncp -a \"$1\" \"$2\"\ncp -a \"$3\" \"$4\"\n";
/// Stands for `%generate_buildrequires`: runs the script and keeps what it says.
const ASK: &str = "#!/bin/sh\n# ask FILE SCRIPT\nset -e\n/bin/sh -e \"$2\" >\"$1\"\ncat \"$1\"\n";
/// Says what was kept.
const TELL: &str = "#!/bin/sh\n# tell FILE\ncat \"$1\"\n";
/// Puts back what was kept.
const RESTORE: &str =
    "#!/bin/sh\n# restore FROM TO\nset -e\nmkdir -p \"$2\"\ncp -a \"$1/.\" \"$2\"\n";

/// The file that is written when all else is kept.
const STAMP: &str = "done";

/// A program that builds packages.
pub(super) struct Tool {
    pub(super) program: PathBuf,
    /// Where its packages go, in the folder of a subject.
    pub(super) results: &'static str,
}

/// Everything that both are given.
pub(super) struct Setting {
    pub(super) peer: Peer,
    pub(super) theirs: Tool,
    pub(super) ours: Tool,
    /// `--macros`.
    macro_path: String,
    /// `--define`, of the caller.
    definitions: Vec<String>,
    /// The folder of all subjects.
    dir: PathBuf,
}

impl Setting {
    /// Each version of the peer builds in a folder of its own in `dir`; `definitions` are macros for both.
    pub(super) fn new(
        peer: Peer,
        ours: &Path,
        dir: &Path,
        definitions: &[String],
    ) -> Outcome<Self> {
        let tool = |program: &Path, results| Tool {
            program: program.to_owned(),
            results,
        };
        let setting = Self {
            macro_path: macro_path(&peer)?,
            theirs: tool(&peer.program, "peer"),
            ours: tool(ours, "ours"),
            definitions: definitions.to_vec(),
            dir: dir.join(peer.to_string()),
            peer,
        };
        setting.write_scripts()?;
        setting.copy_helpers()?;
        Ok(setting)
    }

    fn write_scripts(&self) -> Outcome {
        fs::create_dir_all(&self.dir).map_err(failed("make", &self.dir))?;
        let scripts = [
            ("keep", KEEP),
            ("ask", ASK),
            ("tell", TELL),
            ("restore", RESTORE),
        ];
        for (name, text) in scripts {
            let path = self.dir.join(name);
            fs::write(&path, text).map_err(failed("write", &path))?;
            fs::set_permissions(&path, Permissions::from_mode(0o755))
                .map_err(failed("make executable", &path))?;
        }
        Ok(())
    }

    /// What macros call, in one folder as the program unpacks it.
    fn copy_helpers(&self) -> Outcome {
        let to = self.library().join("helpers");
        fs::create_dir_all(&to).map_err(failed("make", &to))?;
        for path in macro_libraries::helpers()? {
            let copy = to.join(path.file_name().unwrap_or_default());
            fs::copy(&path, &copy).map_err(failed("copy", &path))?;
        }
        Ok(())
    }

    /// The folder that holds the programs of our macro libraries.
    pub(super) fn library(&self) -> PathBuf {
        self.dir.join("library")
    }

    /// The folder of a subject.
    pub(super) fn place(&self, subject: &Subject) -> PathBuf {
        self.dir.join(subject.name.replace('/', "-"))
    }

    /// Makes the build root of a subject; a message if that can't be done here.
    pub(super) fn prepare(&self, subject: &Subject) -> Outcome<Option<String>> {
        let place = self.place(subject);
        let kept = place.join("kept");
        if is_newer(&kept.join(STAMP), &subject.spec) {
            return Ok(None);
        }
        remove(&place)?;
        fs::create_dir_all(&kept).map_err(failed("make", &kept))?;
        write(&kept.join("requires"))?;
        let fault = self.make_root(subject, &place)?;
        if fault.is_none() {
            write(&kept.join(STAMP))?;
        }
        Ok(fault)
    }

    fn make_root(&self, subject: &Subject, place: &Path) -> Outcome<Option<String>> {
        let kept = place.join("kept");
        match &subject.content {
            Content::Described { root, build } => {
                let build_root = place.join("nosuch");
                tree::make(root, &kept.join("root"), &build_root)?;
                tree::make(build, &kept.join("build"), &build_root)?;
                self.write_spec(subject)?;
                Ok(None)
            }
            Content::Built => self.build(subject),
        }
    }

    /// Where the spec of a subject is. One without scripts gets a copy with the sections whose scripts put
    /// the trees in their places.
    fn spec(&self, subject: &Subject) -> PathBuf {
        match subject.content {
            Content::Built => subject.spec.clone(),
            Content::Described { .. } => self.place(subject).join("case.spec"),
        }
    }

    fn write_spec(&self, subject: &Subject) -> Outcome {
        let text = fs::read_to_string(&subject.spec).map_err(failed("read", &subject.spec))?;
        let path = self.spec(subject);
        fs::write(&path, text + "\n%prep\n:\n%install\n:\n").map_err(failed("write", &path))
    }

    /// When the build root of a subject was made, in seconds since 1970 UTC.
    pub(super) fn kept_at(&self, subject: &Subject) -> Outcome<u64> {
        let path = self.place(subject).join("kept").join(STAMP);
        let time = fs::metadata(&path).and_then(|it| it.modified());
        let since = time
            .map_err(failed("look at", &path))?
            .duration_since(UNIX_EPOCH);
        Ok(since.unwrap_or_default().as_secs())
    }

    /// Runs the scripts of the spec by the peer.
    fn build(&self, subject: &Subject) -> Outcome<Option<String>> {
        let place = self.place(subject);
        let (dir, kept) = (self.dir.display(), place.join("kept"));
        let kept = kept.display();
        let mut command = self.command(&self.theirs, subject);
        define(
            &mut command,
            &format!(
                "__spec_install_cmd {dir}/keep %{{_builddir}} {kept}/build %{{buildroot}} {kept}/root"
            ),
        );
        define(
            &mut command,
            &format!("__spec_buildrequires_cmd {dir}/ask {kept}/requires"),
        );
        command.args(["-bi", "--nocheck"]).arg(&subject.spec);
        let log = place.join("build.log");
        let is_built = run(&mut command, &log)? || place.join("kept/root").exists();
        remove(&place.join("top"))?;
        if is_built {
            return Ok(None);
        }
        remove(&place.join("kept"))?;
        Ok(Some(why(&log)))
    }

    /// Packages the build root by one of the tools; a message if it fails.
    pub(super) fn package(
        &self,
        tool: &Tool,
        subject: &Subject,
    ) -> Outcome<Result<Vec<PathBuf>, Refusal>> {
        let place = self.place(subject);
        let mut command = self.command(tool, subject);
        for (name, value) in self.scripts(&place) {
            define(&mut command, &format!("__spec_{name}_cmd {value}"));
        }
        command.arg("-ba").arg(self.spec(subject));
        let log = place.join(tool.results).with_extension("log");
        let results = place.join(tool.results);
        remove(&results)?;
        let is_built = run(&mut command, &log)?;
        fs::create_dir_all(&results).map_err(failed("make", &results))?;
        let mut packages = Vec::new();
        move_packages(&place.join("top"), &results, &mut packages)?;
        remove(&place.join("top"))?;
        packages.sort();
        Ok(if is_built {
            Ok(packages)
        } else {
            Err(self.refusal(&log, subject))
        })
    }

    fn refusal(&self, log: &Path, subject: &Subject) -> Refusal {
        let text = fs::read(log).unwrap_or_default();
        let errors = errors_of(&String::from_utf8_lossy(&text));
        let errors = errors.iter();
        Refusal {
            first: why(log),
            errors: errors
                .map(|it| places::in_errors(self, subject, it))
                .collect(),
        }
    }

    /// What stands for each script of a build.
    fn scripts(&self, place: &Path) -> Vec<(&'static str, String)> {
        let (dir, place) = (self.dir.display(), place.display());
        let restore = |what: &str, to: &str| format!("{dir}/restore {place}/kept/{what} {to}");
        let nothing =
            ["conf", "build", "check", "clean"].map(|name| (name, "/bin/true".to_owned()));
        let mut scripts = vec![
            ("prep", restore("build", "%{_builddir}")),
            ("buildrequires", format!("{dir}/tell {place}/kept/requires")),
            ("install", restore("root", "%{buildroot}")),
        ];
        scripts.extend(nothing);
        scripts
    }

    /// The program with everything that does not depend on what it is to do.
    fn command(&self, tool: &Tool, subject: &Subject) -> Command {
        let mut command = Command::new(&tool.program);
        command.arg(format!("--macros={}", self.macro_path));
        let config_dir = Path::new(&self.peer.config_dir);
        command.arg("--rcfile").arg(config_dir.join("rpmrc"));
        command.arg("--nodeps").env("RPM_CONFIGDIR", config_dir);
        if self.peer.is_old() {
            // Else rpm since 4.20 takes other macros where a spec says `BuildArch:`.
            command.args(["--target", &self.peer.target]);
        }
        let place = self.place(subject);
        command.env("HOME", place.join("home"));
        let place = place.display();
        for definition in [
            format!("_topdir {place}/top"),
            format!("_tmppath {place}/tmp"),
            format!("_sourcedir {}", subject.sources.display()),
            format!(
                "__specbuild {}",
                self.ours.program.with_file_name("specbuild").display()
            ),
            format!("_specbuilddir {}", self.library().display()),
        ] {
            define(&mut command, &definition);
        }
        if let Some(program) = &self.peer.rpmuncompress {
            define(
                &mut command,
                &format!("__rpmuncompress {}", program.display()),
            );
        }
        for definition in &self.definitions {
            define(&mut command, definition);
        }
        command
            .env("SOURCE_DATE_EPOCH", DATE.to_string())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }
}

/// What both are told to read: libraries of ours, the peer's own macros, and what the comparison needs.
fn macro_path(peer: &Peer) -> Outcome<String> {
    let in_root = |path: &str| root().join(path).display().to_string();
    let mut files = vec![in_root("macros/rpm/*.macros")];
    let for_all = macro_libraries::files_for_all()?;
    files.extend(for_all.iter().map(|path| path.display().to_string()));
    files.extend(FOR_FAMILY.map(in_root));
    files.extend(peer.macro_files.clone());
    files.push(in_root(MACROS));
    files.extend(peer.is_old().then(|| in_root(MACROS_FOR_OLD)));
    Ok(files.join(":"))
}

fn define(command: &mut Command, definition: &str) {
    command.args(["--define", definition]);
}

/// Runs a command with its output going to a file.
fn run(command: &mut Command, log: &Path) -> Outcome<bool> {
    let file = File::create(log).map_err(failed("write", log))?;
    let twin = file.try_clone().map_err(failed("write", log))?;
    let status = command.stdout(file).stderr(twin).status();
    let program = command.get_program().to_owned();
    let status = status.map_err(failed("run", Path::new(&program)))?;
    Ok(status.success())
}

/// What a tool says that makes no packages.
pub(super) struct Refusal {
    /// The first error.
    pub(super) first: String,
    /// All errors, each with the indented lines below it, with macros for places on this machine.
    pub(super) errors: Vec<String>,
}

/// The errors in a log, up to where rpm repeats them all.
fn errors_of(log: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in log.lines() {
        let is_below = is_inside && line.starts_with(' ');
        is_inside = is_below || line.starts_with("error: ");
        match errors.last_mut() {
            Some(last) if is_below => *last += &format!("\n{line}"),
            _ if is_inside => errors.push(line.to_owned()),
            _ => {}
        }
    }
    errors
}

/// The first error in a log.
fn why(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let error = text
        .lines()
        .find(|line| line.to_lowercase().contains("error"));
    error
        .or(text.lines().last())
        .unwrap_or("it says nothing")
        .trim()
        .to_owned()
}

fn is_newer(one: &Path, other: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|it| it.modified()).ok();
    time(one) > time(other)
}

fn write(path: &Path) -> Outcome {
    fs::write(path, "").map_err(failed("write", path))
}

fn remove(dir: &Path) -> Outcome {
    if dir.exists() {
        fs::remove_dir_all(dir).map_err(failed("remove", dir))?;
    }
    Ok(())
}

/// Moves all packages below a folder to another one.
fn move_packages(from: &Path, to: &Path, moved: &mut Vec<PathBuf>) -> Outcome {
    let Ok(entries) = fs::read_dir(from) else {
        return Ok(());
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_package = path.extension().is_some_and(|it| it == "rpm");
        if path.is_dir() && !path.ends_with("BUILD") && !path.ends_with("BUILDROOT") {
            move_packages(&path, to, moved)?;
        } else if is_package && let Some(name) = path.file_name() {
            fs::rename(&path, to.join(name)).map_err(failed("move", &path))?;
            moved.push(PathBuf::from(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::errors_of;

    #[test]
    fn errors_have_the_lines_below_them_and_are_not_repeated() {
        let log =
            "error: a\n  b\nwarning: c\n  d\nerror: e\n\nRPM build errors:\n    a\n  b\n    e\n";
        assert_eq!(errors_of(log), ["error: a\n  b", "error: e"]);
    }
}
