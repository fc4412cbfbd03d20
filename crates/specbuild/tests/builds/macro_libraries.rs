//! `specbuild macros`: what the macro libraries say of themselves.

use testkit::Trial;

use crate::bench::{Bench, Ran};
use crate::machine::Machine;

pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    vec![
        machine.trial("macros: lists and searches", &[], lists_and_searches),
        machine.trial("macros: shows either family's", &[], shows_targets),
    ]
}

fn macros(args: &[&str]) -> Ran {
    let bench = Bench::new();
    let mut command = bench.command("specbuild");
    Ran::from(command.arg("macros").args(args).output().unwrap())
}

fn lists_and_searches() {
    let listed = macros(&[]).ok().stdout;
    let of_systemd = macros(&["list", "systemd"]).ok().stdout;
    let line = listed.lines().find(|it| it.starts_with("systemd "));
    let count = format!(" {} macros, as systemd", of_systemd.lines().count());
    assert!(line.is_some_and(|it| it.contains(&count)), "{listed}");
    let found = macros(&["search", "UNITS", "%_unit"]).ok().stdout;
    let unit = found.lines().find(|it| it.starts_with("%_unitdir "));
    let told = "Where units of the system lie. (systemd)";
    assert!(unit.is_some_and(|it| it.ends_with(told)), "{found}");
    assert!(!found.contains("%_sysusersdir"), "{found}");
    let of_library = macros(&["search", "pyproject", "builds", "wheel"])
        .ok()
        .stdout;
    assert!(of_library.contains("%pyproject_wheel "), "{of_library}");
    let slip = macros(&["list", "systemdd"]);
    assert!(slip.stderr.contains("did you mean `systemd`?"));
    assert_eq!(slip.status, Some(1));
    assert_eq!(macros(&["search", "zzz"]).status, Some(1));
}

fn shows_targets() {
    let targets = ["--target", "fedora-42,debian-13"];
    let shown = macros(&[&["show", "%php_extdir"], &targets[..]].concat());
    let shown = shown.ok().stdout;
    let (fedora, debian) = shown.split_once("\ndebian-13:\n").unwrap();
    assert!(fedora.contains("expands to /usr/lib64/php/modules\n"));
    assert!(debian.contains("expands to /usr/lib/php/"));
    let here_only = macros(&[&["show", "php_pdo_api"], &targets[..]].concat());
    let here_only = here_only.ok().stdout;
    assert!(
        here_only.ends_with("debian-13:\nis not there\n"),
        "{here_only}"
    );
    assert_eq!(macros(&["show", "nosuch"]).status, Some(1));
}
