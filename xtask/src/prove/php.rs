//! `prove php`: builds a Fedora spec of a PHP extension for both families and takes the packages
//! through their life in a root that has PHP; `php -m` says whether the extension is there.
//!
//! Spec and sources are brought by whoever runs this; what came out is kept in `docs/evidence/PHP.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use common::shell::{Failure, Outcome, build_release, failed, output, root, step, target_dir};

#[derive(Args)]
pub(crate) struct Php {
    /// The binary to prove, instead of a fresh release build
    #[arg(long)]
    specbuild: Option<PathBuf>,
    /// A Fedora spec of an extension
    #[arg(long)]
    spec: PathBuf,
    /// A folder with its sources, under the names that it gives them
    #[arg(long)]
    sources: PathBuf,
    /// The name under which `php -m` lists it
    #[arg(long)]
    module: String,
}

/// The release with the PHP, 8.4, that Fedora 42 has too.
const SUITE: &str = "trixie";
const TARGETS: [&str; 2] = ["debian-13", "fedora-42"];
const PACKAGES: &str = "--include=php-cli,php-dev,php-pear,gcc,make,patch,rpm";

/// Lists modules as Fedora's PHP would find them.
const AS_FEDORA: &str =
    "PHP_INI_SCAN_DIR=/etc/php.d php -d extension_dir=/usr/lib64/php/modules -m";

/// What is done, and whether the module is listed then. `OLD` and `NEW` are packages, `NAME` is
/// theirs, `MODULE` is the extension's.
const DEB_LIFE: [(&str, bool); 10] = [
    ("dpkg --install OLD", true),
    ("dpkg --install NEW", true),
    ("phpdismod MODULE", false),
    ("dpkg --install OLD", false),
    ("phpenmod MODULE", true),
    ("dpkg --remove NAME", false),
    ("dpkg --install NEW", true),
    ("dpkg --purge NAME", false),
    ("dpkg --install NEW", true),
    ("dpkg --remove NAME && dpkg --purge NAME", false),
];
const RPM_LIFE: [(&str, bool); 3] = [
    ("rpm --install --nodeps OLD", true),
    ("rpm --upgrade --nodeps NEW", true),
    ("rpm --erase NAME", false),
];

/// What may be left of a module after purge.
const LEFT: &str = "find /etc/php /var/lib/php /usr/lib/php -name '*MODULE*'";

pub(crate) fn run(asked: &Php) -> Outcome {
    let specbuild = match &asked.specbuild {
        Some(given) => given.clone(),
        None => build_release()?,
    };
    let desk = Desk::make(asked, &specbuild)?;
    let mut page = format!(
        "# PHP\n\nWritten by `cargo xtask prove php`: `{}.spec` of Fedora, unmodified, built and \
         installed in a root of Debian's {SUITE}.\n",
        desk.name
    );
    let lives: [(&[_], _); 2] = [(&DEB_LIFE, "php -m"), (&RPM_LIFE, AS_FEDORA)];
    for (target, (life, lister)) in TARGETS.iter().zip(lives) {
        let _ = write!(page, "\n## {target}\n\n{}", desk.build_both(target)?);
        let _ = write!(page, "\n| step | lists `{}` |\n|---|---|\n", asked.module);
        for (action, is_listed) in life {
            desk.take(&desk.filled(action, target)?, lister, *is_listed)?;
            let word = if *is_listed { "yes" } else { "no" };
            let _ = writeln!(page, "| `{action}` | {word} |");
        }
    }
    let left = desk.inside(&LEFT.replace("MODULE", &asked.module))?;
    if !left.is_empty() {
        return Err(Failure(format!("left behind: {left}")));
    }
    page += "\nNothing of its name is left below `/etc/php`, `/var/lib/php` and `/usr/lib/php`.\n";
    let place = root().join("docs/evidence/PHP.md");
    fs::write(&place, page).map_err(failed("write", &place))
}

/// The root, with spec and sources in `/build`.
struct Desk {
    root: PathBuf,
    /// The name of spec and package.
    name: String,
    module: String,
}

impl Desk {
    fn make(asked: &Php, specbuild: &Path) -> Outcome<Self> {
        let stem = asked.spec.file_stem().unwrap_or_default();
        let desk = Self {
            root: target_dir().join("prove/php"),
            name: stem.to_string_lossy().into_owned(),
            module: asked.module.clone(),
        };
        if !desk.root.join("etc/php").exists() {
            let mut make = Command::new("mmdebstrap");
            make.args(["--variant=minbase", PACKAGES, SUITE]);
            step(make.arg(&desk.root))?;
        }
        let work = desk.root.join("work");
        let _ = fs::remove_dir_all(&work);
        step(Command::new("cp").arg("-r").arg(&asked.sources).arg(&work))?;
        let spec = work.join("it.spec");
        fs::copy(&asked.spec, &spec).map_err(failed("copy", &asked.spec))?;
        let program = desk.root.join("usr/local/bin/specbuild");
        fs::copy(specbuild, &program).map_err(failed("copy", specbuild))?;
        Ok(desk)
    }

    /// Runs a command in the root; what it says.
    fn inside(&self, command: &str) -> Outcome<String> {
        let enter = "mount -t proc proc \"$0/proc\" && mount -t tmpfs tmp \"$0/tmp\" && \
                     mount --bind /dev \"$0/dev\" && exec chroot \"$0\" sh -c \"$1\"";
        let mut shell = Command::new("unshare");
        shell.args(["--mount", "--pid", "--fork", "sh", "-c", enter]);
        output(shell.arg(&self.root).arg(command))
    }

    /// Builds an older and a newer package, the first with the tests of upstream; a list of files.
    fn build_both(&self, target: &str) -> Outcome<String> {
        for (dist, check) in [("1", ""), ("2", "--nocheck")] {
            self.inside(&format!(
                "cd /build && specbuild -bb --target {target} --nodeps {check} -D 'dist .{dist}' \
                 -D '_topdir /build/top' -D '_sourcedir /build' --output /build/{target}/{dist} it.spec"
            ))?;
        }
        let package = self.package(target, "1")?;
        let query = match package.ends_with(".deb") {
            true => format!("dpkg-deb --fsys-tarfile {package} | tar -t | sed 's/^\\.//'"),
            false => format!("rpm --query --package --list {package}"),
        };
        let files = self.inside(&query)?;
        let is_php =
            |it: &&str| it.contains("/php") && (it.ends_with(".so") || it.ends_with(".ini"));
        Ok(files
            .lines()
            .filter(is_php)
            .map(|it| format!("- `{it}`\n"))
            .collect())
    }

    /// The package with the extension, as the root knows it.
    fn package(&self, target: &str, dist: &str) -> Outcome<String> {
        let place = format!("work/{target}/{dist}");
        let folder = self.root.join(&place);
        let entries = fs::read_dir(&folder).map_err(failed("read", &folder))?;
        let names = entries
            .flatten()
            .map(|it| it.file_name().to_string_lossy().into_owned());
        let is_it = |name: &String| {
            let rest = name.strip_prefix(&self.name);
            let version = rest.and_then(|it| it.strip_prefix(['_', '-']));
            version.is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
        };
        let mut found = names.filter(is_it);
        let name = found
            .next()
            .ok_or_else(|| Failure(format!("no package in {place}")))?;
        Ok(format!("/{place}/{name}"))
    }

    fn filled(&self, action: &str, target: &str) -> Outcome<String> {
        let (old, new) = (self.package(target, "1")?, self.package(target, "2")?);
        let action = action.replace("OLD", &old).replace("NEW", &new);
        Ok(action
            .replace("NAME", &self.name)
            .replace("MODULE", &self.module))
    }

    /// Does something and looks at the modules.
    fn take(&self, action: &str, lister: &str, is_listed: bool) -> Outcome {
        println!("--- {action}");
        self.inside(action)?;
        let modules = self.inside(lister)?;
        if modules.lines().any(|line| line == self.module) == is_listed {
            return Ok(());
        }
        let negation = if is_listed { "not " } else { "" };
        Err(Failure(format!(
            "`{}` is {negation}listed after {action}:\n{modules}",
            self.module
        )))
    }
}
