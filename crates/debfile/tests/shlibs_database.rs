//! Library dependencies by a small dpkg database, beside those that dpkg-shlibdeps finds in it.
//!
//! The libraries are compiled by the test; `symbols` and `shlibs` say of them what seldom comes up.

#![allow(clippy::unwrap_used, reason = "a test may end at a fault")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::run;
use debfile::shlibs::{System, find_for_files, least_versions};
use specbuild_debfile as debfile;
use testkit::Need;

testkit::trials! {
    [Need::Program("dpkg-shlibdeps"), Need::Program("gcc")] => a_small_database_says_the_same_to_both;
}

/// What a package of the database has: the library's name, its C text, `symbols` and `shlibs`.
struct Owned {
    name: &'static str,
    code: &'static str,
    symbols: &'static str,
    shlibs: &'static str,
}

const LIBRARIES: [Owned; 6] = [
    Owned {
        name: "liba",
        code: "int both(void) { return 1; } int a_only(void) { return 1; } int private(void) { return 1; }",
        symbols: "liba.so.1 liba1 #MINVER#, liba-data\n| liba1-private (= 1)\n\
                  * Build-Depends-Package: liba-dev\n \
                  a_only@Base 2.0\n both@Base 7.0\n private@Base 0.5 1\n",
        shlibs: "",
    },
    Owned {
        name: "libz",
        code: "int both(void) { return 2; } int z_only(void) { return 2; }",
        symbols: "libz.so.1 libz1 #MINVER# | libz-any\n z_only@Base 0\n both@Base 1:0.3\n",
        shlibs: "",
    },
    Owned {
        name: "libvariable",
        code: "int counter = 3; int function(void) { return counter; }",
        symbols: "libvariable.so.1 libvariable1 #MINVER#\n function@Base 1.0\n counter@Base 3.0\n",
        shlibs: "",
    },
    Owned {
        name: "libtyped",
        code: "int typed(void) { return 4; }",
        symbols: "",
        shlibs: "# libtyped 1 nothing\nudeb: libtyped 1 libtyped1-udeb\nlibtyped 1 libtyped1 (>= 1)\n\
                 deb: libtyped 1 libtyped1 (>= 2), libtyped-data\n",
    },
    Owned {
        name: "libfree",
        code: "int free_of_charge(void) { return 5; }",
        symbols: "",
        shlibs: "libfree 1\n",
    },
    Owned {
        name: "liblisted",
        code: "int listed(void) { return 6; }",
        symbols: "libother.so.1 libother1\n listed@Base 9\n",
        shlibs: "liblisted 1 liblisted1 (>= 1.2) | liblisted-any\n",
    },
];

/// Programs: the libraries they name in this order, further options, and their C text.
const PROGRAMS: [(&str, &[&str], &str); 6] = [
    (
        "libz liba",
        &[],
        "int both(void), a_only(void); int main() { return both() + a_only(); }",
    ),
    (
        "liba libz",
        &[],
        "int both(void), z_only(void); int main() { return both() + z_only(); }",
    ),
    (
        "liba",
        &[],
        "int private(void); int main() { return private(); }",
    ),
    (
        "libvariable",
        &["-no-pie", "-fno-pic"],
        "extern int counter; int main() { return counter; }",
    ),
    (
        "libvariable libtyped",
        &[],
        "int function(void), typed(void); int main() { return function() + typed(); }",
    ),
    (
        "libfree liblisted",
        &[],
        "int free_of_charge(void), listed(void); int main() { return free_of_charge() + listed(); }",
    ),
];

/// A folder with libraries, a dpkg database that has them, and the root of a package.
struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let world = Self { dir };
        for folder in [
            "lib",
            "unowned",
            "admin/info",
            "admin/updates",
            "debian",
            "pkg/DEBIAN",
            "pkg/usr/bin",
        ] {
            fs::create_dir_all(world.path(folder)).unwrap();
        }
        let status: String = LIBRARIES.iter().map(|it| world.add(it)).collect();
        fs::write(world.path("admin/status"), status).unwrap();
        world
    }

    fn path(&self, inside: &str) -> PathBuf {
        let real = self.dir.path().canonicalize().unwrap();
        real.join(inside)
    }

    /// Compiles the library; returns what `status` says of its package.
    fn add(&self, library: &Owned) -> String {
        let Owned {
            name,
            code,
            symbols,
            shlibs,
        } = library;
        let file = format!("{name}.so.1");
        let real = self.path(&format!("lib/{name}.so.1.0"));
        compile(
            code,
            &real,
            &["-shared", "-fPIC", &format!("-Wl,-soname,{file}")],
        );
        std::os::unix::fs::symlink(real.file_name().unwrap(), self.path("lib").join(&file))
            .unwrap();
        fs::copy(&real, self.path("unowned").join(&file)).unwrap();
        let member = |kind: &str| self.path(&format!("admin/info/{name}1.{kind}"));
        fs::write(member("list"), format!("/.\n{}\n", real.display())).unwrap();
        for (kind, text) in [("symbols", symbols), ("shlibs", shlibs)] {
            if !text.is_empty() {
                fs::write(member(kind), text).unwrap();
            }
        }
        format!(
            "Package: {name}1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\
             Maintainer: nobody\nDescription: library\n\n"
        )
    }

    /// Compiles a program that is told to look in `search`.
    fn program(&self, number: usize, search: &str) -> PathBuf {
        let (libraries, options, code) = PROGRAMS[number];
        let program = self.path(&format!("pkg/usr/bin/program{number}"));
        let files = libraries
            .split(' ')
            .map(|it| self.path(&format!("lib/{it}.so.1")));
        let mut options: Vec<String> = options.iter().map(|it| (*it).to_owned()).collect();
        options.push("-Wl,--no-as-needed".into());
        options.extend(files.map(|it| it.display().to_string()));
        options.push(format!("-Wl,-rpath,{search}"));
        compile(code, &program, &options);
        program
    }

    /// `with` is what the build asks for.
    fn ours(&self, program: &Path, with: &str) -> Vec<String> {
        let system = System {
            root: "/".into(),
            admin: self.path("admin"),
            generated: false,
            build_depends: least_versions(with),
        };
        let inside = program.strip_prefix(self.path("pkg")).unwrap();
        let file = (format!("/{}", inside.display()), program.to_owned());
        find_for_files(&[file], &system, Some("x86_64-linux-gnu"))
            .unwrap()
            .relations
    }

    fn theirs(&self, program: &Path, with: &str) -> Vec<String> {
        let control =
            format!("Source: probe\nBuild-Depends: {with}\n\nPackage: probe\nArchitecture: any\n");
        fs::write(self.path("debian/control"), control).unwrap();
        let admin = format!("--admindir={}", self.path("admin").display());
        let mut command = Command::new("dpkg-shlibdeps");
        command.current_dir(self.dir.path());
        let out = run(command
            .args(["-O", "--ignore-missing-info", &admin])
            .arg(program));
        let field = out
            .lines()
            .find_map(|it| it.strip_prefix("shlibs:Depends="));
        let mut relations: Vec<_> = field.unwrap_or("").split(", ").map(str::to_owned).collect();
        relations.retain(|it| !it.is_empty());
        relations.sort();
        relations
    }
}

fn compile<S: AsRef<std::ffi::OsStr>>(code: &str, to: &Path, options: &[S]) {
    let source = to.with_extension("c");
    fs::write(&source, code).unwrap();
    run(Command::new("gcc")
        .arg(&source)
        .args(options)
        .arg("-o")
        .arg(to));
}

fn a_small_database_says_the_same_to_both() {
    let world = World::new();
    let lib = world.path("lib").display().to_string();
    let unowned = world.path("unowned").display().to_string();
    for (number, described) in PROGRAMS.iter().enumerate() {
        let searches = [
            lib.clone(),
            format!("{unowned}:{lib}"),
            format!("$ORIGIN/../..{lib}"),
        ];
        // The places are no matter of the program: one goes through all of them.
        let count = if number == 0 { searches.len() } else { 1 };
        for search in &searches[..count] {
            let program = world.program(number, search);
            let ours = world.ours(&program, "");
            assert_eq!(
                ours,
                world.theirs(&program, ""),
                "{described:?} in {search}"
            );
            assert!(!ours.is_empty(), "{described:?} in {search}");
        }
    }
    build_dependencies(&world, &lib);
}

/// Whether what the build asks for changes what the programs ask for, and that both find the same.
fn build_dependencies(world: &World, search: &str) {
    let with = [
        ("liba-dev (>= 2.0)", false),
        ("liba-dev (>= 8), gcc", true),
        ("liba-dev (>> 8) | liba-old, liba-dev (>= 7.5)", true),
        ("liba-dev (= 9)", false),
        ("libz-dev (>= 9)", false),
    ];
    for number in [0, 2] {
        let program = world.program(number, search);
        let plain = world.ours(&program, "");
        for (with, is_raised) in with {
            let ours = world.ours(&program, with);
            assert_eq!(ours, world.theirs(&program, with), "{number} with {with}");
            assert_eq!(ours != plain, is_raised, "{number} with {with}");
        }
    }
}
