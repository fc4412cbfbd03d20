//! The files of an rpm, made up for the test: no rpm has to be installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use testkit::Trial;

use super::{ours, output};
use crate::bench::Bench;

/// One trial per behaviour.
pub(super) fn trials() -> Vec<Trial> {
    let checks: [(&str, fn()); 2] = [
        ("files in their order", reads_files_in_their_order),
        ("attributes of the system alone", finds_by_its_attributes),
    ];
    let named = checks.into_iter().map(|(name, check)| {
        Trial::test(format!("system: {name}"), move || {
            check();
            Ok(())
        })
    });
    named.collect()
}

/// A directory as of an rpm, with a vendor's, and files that nobody reads.
const FILES: [(&str, &str); 9] = [
    (
        "macros",
        "%one macros\n%two macros\n%three macros\n%four macros\n%five macros\n\
         %_fileattrsdir %{getconfdir}/fileattrs\n%buildroot /elsewhere\n",
    ),
    ("macros.d/macros.a", "%two a\n"),
    ("macros.d/macros.a.rpmnew", "%two new\n"),
    ("macros.d/other", "%two other\n"),
    (
        "platform/x86_64-linux/macros",
        "%three platform\n%_arch x86_64\n%_target_cpu other\n%optflags -O\n",
    ),
    (
        "fileattrs/letter.attr",
        "%four attr\n%__letter_path [.]letter$\n%__letter_provides() letter(%{basename:%1})\n",
    ),
    ("vendor/macros", "%five vendor\n%__brp_strip vendor-strip\n"),
    ("rpmrc", "optflags: x86_64 -O8\noptflags: i686 -O5\n"),
    ("vendor/rpmrc", "optflags: x86_64 -O9\n"),
];

/// A run of `rpm` on a machine with those files.
fn with_files(bench: &Bench, name: &str) -> Command {
    for (path, text) in FILES {
        let path = bench.join("rpm").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = ours(bench, name);
    command.env("RPM_CONFIGDIR", bench.join("rpm"));
    command
}

/// The last to say something wins, and what an older rpm does not know is there.
fn reads_files_in_their_order() {
    let bench = Bench::new();
    let mine = "%_user_macro_seen yes\n";
    fs::write(bench.join("home/.rpmmacros"), mine).unwrap();
    for (text, expected) in [
        (
            "%one %two %three %four %five",
            "macros a platform attr vendor",
        ),
        ("%_user_macro_seen %_target_cpu %optflags", "yes x86_64 -O9"),
        ("%__brp_strip %_rpmformat", "vendor-strip 4"),
        ("%{__spec_conf_shell}", "/bin/sh"),
        ("%{?_enable_debug_packages}%{?__elf_provides}.", "."),
        ("%{undefine:__brp_strip}%{?__brp_strip}.", "."),
    ] {
        let told = output(with_files(&bench, "rpm").args(["--eval", text]));
        assert_eq!(told.trim_end(), expected, "{text}");
    }
    let other = [
        "--target",
        "i686",
        "--eval",
        "%_arch %three %optflags %__isa_bits",
    ];
    let told = output(with_files(&bench, "rpm").args(other));
    assert_eq!(told, "i386 macros -O5 32\n");
}

/// What files offer is for the attributes of that rpm to say, and not for those that we carry.
fn finds_by_its_attributes() {
    let bench = Bench::new();
    let paths = ["desk/a.letter", "desk/run.sh"].map(|path| bench.join(path));
    for path in &paths {
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let deps = |kind: &str| output(with_files(&bench, "rpmdeps").arg(kind).args(&paths));
    assert_eq!(deps("--provides"), "letter(a.letter)\n");
    assert_eq!(deps("--requires"), "");
    let mut own = ours(&bench, "rpmdeps");
    let own = own
        .env("RPM_CONFIGDIR", bench.join("home"))
        .arg("--requires");
    assert_eq!(output(own.args(&paths)), "/bin/sh\n");
}
