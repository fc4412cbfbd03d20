//! The packages that are built, with what must be true of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use testkit::{Tree, Trial};

use crate::bench::{run, workspace};
use crate::machine::{Machine, Need};
use crate::project::{Project, Proof, command_in};
use crate::{debs, rpms, uploads, upstream};

/// A package to build, and facts about what comes out.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    spec: Result<PathBuf, String>,
    /// Whether it is one of the project's examples.
    is_example: bool,
    /// What the build needs.
    pub(crate) needs: Vec<Need>,
    /// Whether there is debug information to split off.
    is_compiled: bool,
    /// Further arguments for each target.
    args: [&'static [&'static str]; 2],
    /// Package and requirement, in the `.rpm` files.
    pub(crate) rpm_requires: &'static [(&'static str, &'static str)],
    /// Package, field and value, in the `.deb` files.
    pub(crate) deb_fields: &'static [(&'static str, &'static str, &'static str)],
    /// What maintainer scripts call from installation to purge.
    pub(crate) script_calls: &'static str,
    pub(crate) proof: Proof,
    /// Whether the build printed what it must.
    log_has: &'static [&'static str],
}

/// The deb target comes first, then the rpm target.
const TARGETS: [&str; 2] = ["debian-12", "fedora-42"];

/// All trials: the builds first, so that they run side by side.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let (mut builds, mut checks) = (Vec::new(), Vec::new());
    let (mut uploaded, mut needs) = (Vec::new(), Vec::new());
    for mut case in [hello(), cjson(), libgreet(), python_shout(), tickd()] {
        let had = case.spec.clone();
        case.needs.push(Need::Had(had.clone().map(|_| ())));
        for (index, target) in TARGETS.into_iter().enumerate() {
            let spec = had.clone().unwrap_or_default();
            let project = Project::new(case.name, target, spec, case.args[index]);
            if index == 1 && case.is_compiled {
                case.needs.push(DEBUG_SPLITTER);
            }
            builds.push(build(machine, &case, &project));
            if index == 0 && case.is_example {
                checks.push(uploads::rebuilds(machine, &case, &project));
                needs.extend(case.needs.clone());
                uploaded.push(Arc::clone(&project));
            }
            checks.extend(if index == 0 {
                debs::trials(machine, &case, &project)
            } else {
                rpms::trials(machine, &case, &project)
            });
        }
    }
    checks.push(uploads::archive(machine, &needs, uploaded));
    builds.extend(checks);
    builds
}

fn build(machine: &Machine, case: &Case, project: &Arc<Project>) -> Trial {
    let (project, wanted) = (Arc::clone(project), case.log_has);
    let name = format!("{}/{}: builds", project.name, project.target);
    machine.trial(name, &case.needs, move || {
        let built = project.built();
        assert!(!built.packages.is_empty(), "no packages");
        for text in wanted {
            assert!(built.log.contains(text), "`{text}` is not in the log");
        }
        let left = crate::bench::files_below(&built.bench.out());
        assert_eq!(left.len(), built.files.len(), "{left:?}");
    })
}

fn example(name: &str) -> Result<PathBuf, String> {
    Ok(workspace("examples")
        .join(name)
        .join(format!("{name}.spec")))
}

/// Makes debug packages, for targets of rpm's family.
pub(crate) const DEBUG_SPLITTER: Need = Need::Program("find-debuginfo");

const COMPILER: [Need; 2] = [Need::Program("gcc"), Need::Program("make")];

fn hello() -> Case {
    Case {
        name: "hello",
        spec: upstream::hello(),
        is_example: false,
        needs: [&COMPILER[..], &[Need::Program("msgfmt")]].concat(),
        is_compiled: true,
        args: [&[], &[]],
        rpm_requires: &[("hello", "libc.so.6()(64bit)")],
        deb_fields: &[
            ("hello", "Section", "utils"),
            ("hello", "Architecture", "amd64"),
        ],
        script_calls: "",
        proof: |root, libraries| {
            let said = run(&mut command_in(root, libraries, "usr/bin/hello"));
            assert_eq!(said, "Hello, world!\n");
            assert!(
                root.join("usr/share/locale/de/LC_MESSAGES/hello.mo")
                    .is_file()
            );
            assert!(root.join("usr/share/info/hello.info.gz").is_file());
        },
        log_has: &["Executing(%check)", "PASS: tests/greeting-1"],
    }
}

fn cjson() -> Case {
    Case {
        name: "cjson",
        spec: upstream::cjson(),
        is_example: false,
        needs: [&COMPILER[..], &[Need::Program("cmake")]].concat(),
        is_compiled: true,
        args: [&["-D", "_lto_cflags %{nil}"], &["--without", "tests"]],
        rpm_requires: &[
            ("cjson", "libc.so.6()(64bit)"),
            ("cjson-devel", "pkgconfig(libcjson)"),
        ],
        deb_fields: &[("cjson-dev", "Section", "libdevel")],
        script_calls: "",
        proof: |root, libraries| {
            let source = "#include <cjson/cJSON.h>\n#include <stdio.h>\nint main(void) {\n\
                          puts(cJSON_PrintUnformatted(cJSON_Parse(\"[1, {\\\"a\\\": null}]\")));\n}\n";
            assert_eq!(
                compile_and_run(root, libraries, source, "cjson"),
                "[1,{\"a\":null}]\n"
            );
        },
        log_has: &[],
    }
}

fn libgreet() -> Case {
    Case {
        name: "libgreet",
        spec: example("libgreet"),
        is_example: true,
        needs: COMPILER.to_vec(),
        is_compiled: true,
        args: [&[], &[]],
        rpm_requires: &[
            ("libgreet-tools", "libgreet(x86-64) = 1.2.0-1.fc42"),
            ("libgreet-tools", "libgreet.so.1(LIBGREET_1.2)(64bit)"),
            ("libgreet-devel", "libgreet(x86-64) = 1.2.0-1.fc42"),
        ],
        deb_fields: &[
            ("libgreet", "Multi-Arch", "same"),
            (
                "libgreet-dev",
                "Provides",
                "libgreet-devel (= 1.2.0-1.deb12)",
            ),
        ],
        script_calls: "",
        proof: |root, libraries| {
            let said = run(command_in(root, libraries, "usr/bin/greet").args(["-l", "fr", "Ada"]));
            assert_eq!(said, "Bonjour, Ada !\n");
            let source = "#include <greet.h>\n#include <stdio.h>\n\
                          int main(void) { puts(greet_version()); }\n";
            assert_eq!(compile_and_run(root, libraries, source, "greet"), "1.2.0\n");
        },
        log_has: &["Executing(%check)"],
    }
}

fn python_shout() -> Case {
    Case {
        name: "python-shout",
        spec: example("python-shout"),
        is_example: true,
        needs: vec![Need::Program("python3")],
        is_compiled: false,
        args: [&[], &[]],
        rpm_requires: &[("python3-shout", "python(abi) = 3.13")],
        deb_fields: &[
            ("python3-shout", "Architecture", "all"),
            ("python3-shout", "Depends", "python3:any"),
        ],
        script_calls: "py3compile -p python3-shout\npy3clean -p python3-shout\n",
        proof: |root, _| {
            let site = [
                "usr/lib/python3/dist-packages",
                "usr/lib/python3.13/site-packages",
            ];
            let site = site
                .map(|dir| root.join(dir))
                .into_iter()
                .find(|dir| dir.is_dir());
            let mut python = Command::new("python3");
            python
                .env("PYTHONPATH", site.unwrap())
                .env("PYTHONDONTWRITEBYTECODE", "1");
            let said = run(python
                .arg(root.join("usr/bin/shout"))
                .args(["-m", "2", "hear", "me"]));
            assert_eq!(said, "HEAR ME!!\n");
        },
        log_has: &["Ran 4 tests"],
    }
}

fn tickd() -> Case {
    Case {
        name: "tickd",
        spec: example("tickd"),
        is_example: true,
        needs: COMPILER.to_vec(),
        is_compiled: true,
        args: [&[], &[]],
        rpm_requires: &[
            ("tickd", "user(tickd)"),
            ("tickd", "config(tickd) = 0.3.1-2.fc42"),
        ],
        deb_fields: &[("tickd", "Section", "admin")],
        script_calls: "\
            getent group tickd\n\
            getent passwd tickd\n\
            systemd-sysusers --root=ROOT tickd.conf\n\
            chown tickd:tickd /var/lib/tickd\n\
            chmod 0750 /var/lib/tickd\n\
            deb-systemd-helper unmask tickd.service\n\
            deb-systemd-helper --quiet was-enabled tickd.service\n\
            deb-systemd-helper enable tickd.service\n\
            deb-systemd-helper purge tickd.service\n\
            deb-systemd-helper unmask tickd.service\n",
        proof: |root, libraries| {
            let here = Tree::new();
            let settings = format!("state = {}\n", here.join("ticks").display());
            let here = here.file("tickd.conf", settings);
            let program = ["usr/sbin/tickd", "usr/bin/tickd"]
                .into_iter()
                .find(|it| root.join(it).is_file());
            let mut command = command_in(root, libraries, program.unwrap());
            run(command.args(["-1", "-c"]).arg(here.join("tickd.conf")));
            assert_eq!(
                std::fs::read_to_string(here.join("ticks")).unwrap().trim(),
                "1"
            );
            assert!(root.join("etc/tickd.conf").is_file());
        },
        log_has: &["Executing(%check)"],
    }
}

/// Compiles a program against what is installed in a root, and returns what it prints.
fn compile_and_run(root: &Path, libraries: &Path, source: &str, library: &str) -> String {
    let here = Tree::new().file("main.c", source);
    let mut compiler = Command::new("gcc");
    compiler
        .arg("-I")
        .arg(root.join("usr/include"))
        .arg("-L")
        .arg(libraries);
    compiler
        .arg(here.join("main.c"))
        .arg(format!("-l{library}"));
    run(compiler.arg("-o").arg(here.join("main")));
    run(Command::new(here.join("main")).env("LD_LIBRARY_PATH", libraries))
}
