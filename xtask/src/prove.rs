//! `prove dattobd`: builds a real project's unmodified spec for both families and takes the `.deb`
//! files through their life in a clean root, with stand-ins for what would touch a kernel.
//!
//! The checkout is fetched by whoever runs this; what came out is kept in `docs/evidence/PROVE.md`.

mod libraries;
mod lintian;
mod php;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Subcommand;

use common::shell::{Failure, Outcome, build_release, failed, output, root, step, target_dir};

#[derive(Subcommand)]
pub(crate) enum Prove {
    /// A kernel module with DKMS, library and utilities, packaged with debbuild by its authors
    Dattobd {
        /// A checkout of the public repository `datto/dattobd`
        #[arg(long)]
        checkout: PathBuf,
        /// The binary to prove, instead of a fresh release build
        #[arg(long)]
        specbuild: Option<PathBuf>,
    },
    /// Small projects that use the macros of each library, built for both families
    Libraries(libraries::Libraries),
    /// What lintian says of everything that is made from the specs of this repository
    Lintian(lintian::Lintian),
    /// A PHP extension by a Fedora spec: `php -m` lists it while its package is installed
    Php(php::Php),
}

pub(crate) fn run(command: Prove) -> Outcome {
    let (checkout, specbuild) = match command {
        Prove::Dattobd {
            checkout,
            specbuild,
        } => (checkout, specbuild),
        Prove::Libraries(asked) => return libraries::run(&asked),
        Prove::Lintian(asked) => return lintian::run(&asked),
        Prove::Php(asked) => return php::run(&asked),
    };
    let specbuild = match specbuild {
        Some(given) => given,
        None => build_release()?,
    };
    let desk = Desk::make(&checkout, specbuild)?;
    let mut page = String::from(PAGE);
    let old = desk.build("debian-12", ".deb12")?;
    let new = desk.build("debian-12", ".deb12.1")?;
    list(&mut page, "Packages for Debian 12", &new);
    list(
        &mut page,
        "Packages for Fedora 42",
        &desk.build("fedora-42", ".fc42")?,
    );
    let said = output(
        Command::new("lintian")
            .args(["--allow-root", "--fail-on", "error"])
            .args(&new),
    )?;
    let _ = write!(
        page,
        "\n## lintian: no error; its warnings\n\n```\n{said}```\n{WARNINGS}"
    );
    page += "\n## What dpkg's scripts called\n";
    desk.live(&old, &new, &mut page)?;
    let place = root().join("docs/evidence/PROVE.md");
    fs::write(&place, page).map_err(failed("write", &place))
}

const PAGE: &str = "# dattobd\n\nWritten by `cargo xtask prove dattobd --checkout DIR`: \
`dist/dattobd.spec`, unmodified, with `-ba --with devmode` as its Makefile does it, and the `.deb` \
files in a root that `mmdebstrap` made, with stand-ins for `dkms`, `modprobe` and \
`update-initramfs`.\n";

const WARNINGS: &str = "\nAll of them are the spec's own choices: where it installs the completion, \
what its manual pages and unit say, and a `%post` that does more than run `ldconfig`.\n";

fn list(page: &mut String, heading: &str, packages: &[PathBuf]) {
    let _ = write!(page, "\n## {heading}\n\n");
    for package in packages {
        let name = package.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(page, "- {name}");
    }
}

/// Lays out sources and spec of dattobd below `top` in a folder, as rpmbuild wants them; the spec.
fn lay_out(checkout: &Path, path: &Path) -> Outcome<PathBuf> {
    for dir in ["top/SOURCES", "top/SPECS"] {
        let dir = path.join(dir);
        fs::create_dir_all(&dir).map_err(failed("make", &dir))?;
    }
    let mut tar = Command::new("tar");
    tar.args(["--exclude=.git", "--transform", "s,^\\.,dattobd,", "-czf"]);
    tar.arg(path.join("top/SOURCES/dattobd.tar.gz"));
    step(tar.arg("-C").arg(checkout).arg("."))?;
    let (spec, copy) = (
        checkout.join("dist/dattobd.spec"),
        path.join("top/SPECS/dattobd.spec"),
    );
    fs::copy(&spec, &copy).map_err(failed("copy", &spec))?;
    Ok(copy)
}

/// Where the builds and the root are.
struct Desk {
    path: PathBuf,
    specbuild: PathBuf,
}

impl Desk {
    fn make(checkout: &Path, specbuild: PathBuf) -> Outcome<Self> {
        let path = target_dir().join("prove");
        lay_out(checkout, &path)?;
        Ok(Self { path, specbuild })
    }

    /// The binary packages for a target, without those for debuggers, in the order of their names.
    fn build(&self, target: &str, dist: &str) -> Outcome<Vec<PathBuf>> {
        let out = self.path.join(format!("out{dist}"));
        let _ = fs::remove_dir_all(&out);
        let mut build = Command::new(&self.specbuild);
        build
            .arg("-ba")
            .arg(self.path.join("top/SPECS/dattobd.spec"));
        build.args(["--with", "devmode", "--nodeps", "--target", target]);
        build.arg("-D").arg(format!("dist {dist}"));
        build
            .arg("-D")
            .arg(format!("_topdir {}", self.path.join("top").display()));
        output(build.arg("--output").arg(&out))?;
        let entries = fs::read_dir(&out).map_err(failed("read", &out))?;
        let mut packages: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
        packages.retain(|path| is_package(path));
        packages.sort();
        if packages.len() == 4 {
            return Ok(packages);
        }
        Err(Failure(format!(
            "not four packages for {target}: {packages:?}"
        )))
    }

    /// Installs, upgrades, removes and purges, and notes what the stand-ins were told.
    fn live(&self, old: &[PathBuf], new: &[PathBuf], page: &mut String) -> Outcome {
        let place = self.root()?;
        let names = [
            "dattobd-utils",
            "dattobd-dkms",
            "libdattobd-dev",
            "libdattobd1",
        ];
        let before = files(&place)?;
        let owned = |paths: &[PathBuf]| paths.iter().map(|it| it.display().to_string()).collect();
        let names: Vec<String> = names.map(str::to_owned).to_vec();
        let steps: [(&str, &str, Vec<String>); 4] = [
            ("installation", "--install", owned(old)),
            ("upgrade", "--install", owned(new)),
            ("removal", "--remove", names.clone()),
            ("purge", "--purge", names),
        ];
        for (what, option, words) in steps {
            let mut dpkg = Command::new("dpkg");
            dpkg.arg(format!("--root={}", place.display()))
                .arg(option)
                .args(words);
            step(dpkg.env("LC_ALL", "C"))?;
            let log = place.join("log");
            let calls = fs::read_to_string(&log).unwrap_or_default();
            let _ = write!(page, "\nIn the {what}:\n\n```\n{calls}```\n");
            fs::write(&log, "").map_err(failed("write", &log))?;
        }
        let left: Vec<String> = files(&place)?
            .into_iter()
            .filter(|it| !before.contains(it))
            .collect();
        let _ = write!(
            page,
            "\nLeft after purge, by the stand-ins, the linker and the spec's own `%post`:\n\n```\n{}\n```\n",
            left.join("\n")
        );
        Ok(())
    }

    /// A clean root with the stand-ins installed as a package.
    fn root(&self) -> Outcome<PathBuf> {
        let (clean, place) = (self.path.join("clean"), self.path.join("root"));
        if !clean.join("usr/bin/make").exists() {
            let mut make = Command::new("mmdebstrap");
            step(
                make.args(["--variant=essential", "--include=make,pkgconf", "bookworm"])
                    .arg(&clean),
            )?;
        }
        let _ = fs::remove_dir_all(&place);
        step(Command::new("cp").arg("-a").arg(&clean).arg(&place))?;
        let out = self.path.join("stand-ins");
        let mut build = Command::new(&self.specbuild);
        build
            .arg("-bb")
            .arg(root().join("testdata/life/dkms/dkms.spec"));
        build.args(["--target", "debian-12", "--output"]).arg(&out);
        output(&mut build)?;
        let mut dpkg = Command::new("dpkg");
        dpkg.arg(format!("--root={}", place.display()))
            .arg("--install");
        step(dpkg.arg(out.join("dkms_3-1_all.deb")))?;
        Ok(place)
    }
}

fn is_package(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let other = ["-debuginfo", "-debugsource", "-dbgsym", ".src.rpm"];
    (name.ends_with(".deb") || name.ends_with(".rpm")) && !other.iter().any(|it| name.contains(it))
}

/// The files of a root, without dpkg's own and the log.
fn files(place: &Path) -> Outcome<Vec<String>> {
    let mut find = Command::new("find");
    find.arg(place).args([
        "-not",
        "-path",
        "*/var/lib/dpkg/*",
        "-not",
        "-path",
        "*/var/log/*",
    ]);
    let found = output(find.args(["-not", "-name", "*.cache", "-printf", "/%P\\n"]))?;
    Ok(found.lines().map(str::to_owned).collect())
}
