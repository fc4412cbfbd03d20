//! Signatures onto packages and what is said of them, beside the real rpmsign and rpmkeys.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::{GnupgHome, Trial};

use crate::bench::{Bench, Ran, run};
use crate::machine::{Machine, Need};
use crate::queries::built_as;

/// The trials of signing.
pub(crate) fn trials(machine: &Machine) -> Vec<Trial> {
    let gpg = [Need::Program("gpg")];
    let real = ["gpg", "rpmkeys", "rpmsign"].map(Need::Program);
    vec![
        machine.trial("signing: rpm takes it", &real, is_taken_by_rpm),
        machine.trial("signing: as rpmsign does it", &real, signs_as_rpmsign_does),
        machine.trial("signing: while building", &gpg, signs_while_building),
        machine.trial("signing: format 6", &gpg, signs_format_6),
        machine.trial("signing: commands of rpm 4", &gpg, knows_old_commands),
        machine.trial("signing: faults", &gpg, leaves_packages_alone),
        machine.trial("signing: words of rpmkeys", &real, says_what_rpmkeys_says),
        machine.trial(
            "signing: keys that rpm has imported",
            &real,
            believes_imported_keys,
        ),
    ]
}

/// When everything is signed that is compared byte by byte.
const FAKED: &str = "--faked-system-time 20240102T030405!";

/// Runs a name of ours with the home of gpg, and its arguments before the packages.
fn ours(bench: &Bench, home: &GnupgHome, args: &[&str], packages: &[PathBuf]) -> Ran {
    let mut command = bench.command(args[0]);
    command.env("GNUPGHOME", home.path());
    Ran::from(command.args(&args[1..]).args(packages).output().unwrap())
}

/// A database of keys for the real rpmkeys.
fn import(bench: &Bench, key: &Path) -> String {
    let place = format!("--dbpath={}", bench.join("desk/rpmdb").display());
    run(Command::new("rpmkeys").args([&place, "--import"]).arg(key));
    place
}

fn real_check(place: &str, package: &Path) -> Ran {
    let mut command = Command::new("rpmkeys");
    command.env("LC_ALL", "C").args([place, "-K"]).arg(package);
    Ran::from(command.output().unwrap())
}

fn is_taken_by_rpm() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    for (kind, generation) in [("rsa2048", "--rpmv4"), ("ed25519", "--rpmv3")] {
        let id = home.make_key(kind, kind, None);
        let secret = home.export_secret(&id, None).display().to_string();
        let place = import(&bench, &home.export(&id));
        let gpg = ["--key-id", &id];
        let native = ["--key", &secret];
        for how in [gpg, native] {
            let args = ["specbuild", "sign", "--resign", generation, how[0], how[1]];
            ours(&bench, &home, &args, &packages).ok();
            for package in &packages {
                let checked = real_check(&place, package).ok().stdout;
                let good = format!("{}: digests signatures OK\n", package.display());
                assert_eq!(checked, good);
            }
            let ring = home.export(&id).display().to_string();
            let args = ["specbuild", "verify", "--key", &ring];
            let said = ours(&bench, &home, &args, &packages).ok();
            let mut lines = said.stdout.lines();
            assert!(
                lines.all(|it| it.ends_with("intact and signed")),
                "{}",
                said.stdout
            );
        }
    }
}

fn signs_as_rpmsign_does() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    let unsigned = packages.iter().map(fs::read).collect::<Result<Vec<_>, _>>();
    let unsigned = unsigned.unwrap();
    let extra = format!("_gpg_sign_cmd_extra_args {FAKED}");
    for kind in ["rsa2048", "ed25519"] {
        let id = home.make_key_at(kind, kind, "20240101T000000!");
        let name = format!("_gpg_name {id}");
        let common = [
            "--addsign",
            "-D",
            "__gpg /usr/bin/gpg",
            "-D",
            &extra,
            "-D",
            &name,
        ];
        for more in [&[][..], &["--rpmv3"]] {
            let args = [&common[..], more].concat();
            let mut command = Command::new("rpmsign");
            run(command
                .env("GNUPGHOME", home.path())
                .args(&args)
                .args(&packages));
            let ring = home.export(&id).display().to_string();
            let check = ["rpmkeys", "-K", "--keyring", &ring];
            let said = ours(&bench, &home, &check, &packages).ok();
            assert!(
                said.lines()
                    .iter()
                    .all(|it| it.ends_with(": digests signatures OK"))
            );
            for (package, unsigned) in packages.iter().zip(&unsigned) {
                let theirs = fs::read(package).unwrap();
                fs::write(package, unsigned).unwrap();
                let args = [&["rpmsign"][..], &args].concat();
                ours(&bench, &home, &args, std::slice::from_ref(package)).ok();
                assert!(fs::read(package).unwrap() == theirs, "{args:?}");
                let delete = ["rpm", "--delsign"];
                ours(&bench, &home, &delete, std::slice::from_ref(package)).ok();
                assert!(fs::read(package).unwrap() == *unsigned, "{args:?}");
            }
        }
    }
}

fn signs_while_building() {
    let home = GnupgHome::new();
    let id = home.make_key("ed25519", "builder", None);
    let ring = home.export(&id).display().to_string();
    let secret = home.export_secret(&id, None).display().to_string();
    let by_gpg = format!("_gpg_path {}", home.path().display());
    let by_file = format!("_openpgp_sign_key_file {secret}");
    for (format, how) in [("4", &by_gpg), ("6", &by_file)] {
        let (bench, packages) = built_as(format);
        let unsigned: Vec<_> = packages.iter().map(|it| fs::read(it).unwrap()).collect();
        let id = format!("_openpgp_autosign_id {id}");
        let format = format!("_rpmformat {format}");
        let args = [
            "-ba",
            "--nodeps",
            "--quiet",
            "-D",
            &format,
            "-D",
            &id,
            "-D",
            how,
            "demo.spec",
        ];
        bench.run("rpmbuild", args).ok();
        let check = ["specbuild", "verify", "--keyring", &ring];
        let said = ours(&bench, &home, &check, &packages).ok();
        assert_eq!(said.lines().len(), 2);
        assert!(
            said.lines()
                .iter()
                .all(|it| it.ends_with(": intact and signed"))
        );
        for (package, unsigned) in packages.iter().zip(unsigned) {
            let length = fs::metadata(package).unwrap().len();
            // Another time of the build may compress to a byte more or less.
            let grown = length.abs_diff(unsigned.len() as u64);
            assert!(grown < 32, "the room was used: {grown} bytes");
        }
    }
}

fn signs_format_6() {
    let (bench, packages) = built_as("6");
    let home = GnupgHome::new();
    let first = home.make_key("rsa2048", "first", None);
    let second = home.make_key("ed25519", "second", None);
    for (id, generation) in [(&first, "--rpmv4"), (&second, "--rpmv6")] {
        let args = ["rpmsign", "--addsign", generation, "--key-id", id];
        ours(&bench, &home, &args, &packages).ok();
    }
    let args = ["rpmsign", "--addsign", "--key-id", &second];
    let again = ours(&bench, &home, &args, &packages[..1]).ok();
    assert!(
        again
            .stderr
            .ends_with(" already contains an identical signature, skipping\n")
    );
    let format = ["rpm", "-qp", "--qf", "[%{OPENPGP}\\n]"];
    let texts = ours(&bench, &home, &format, &packages[..1]).ok().stdout;
    assert_eq!(texts.lines().count(), 2);
    let rings = [&first, &second].map(|id| home.export(id).display().to_string());
    let half = ["rpmkeys", "-K", "--keyring", &rings[0]];
    let said = ours(&bench, &home, &half, &packages[..1]);
    assert_eq!(said.status, Some(1));
    assert!(said.stdout.ends_with(": digests SIGNATURES NOT OK\n"));
    let both = [
        "rpmkeys",
        "-Kv",
        "--keyring",
        &rings[0],
        "--keyring",
        &rings[1],
    ];
    let said = ours(&bench, &home, &both, &packages[..1]).ok().stdout;
    let [first, second] = [first, second].map(|it| it.to_lowercase());
    assert!(
        said.contains(&format!(
            "    Header OpenPGP V4 EdDSA/SHA256 signature, key fingerprint: {second}: OK\n"
        )),
        "{said}"
    );
    assert!(
        said.contains(&format!("signature, key fingerprint: {first}: OK\n")),
        "{said}"
    );
}

/// Before rpm 4.20 the command had no arguments, and the name of the program after its path.
fn knows_old_commands() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    let id = home.make_key("ed25519", "old", None);
    let command = "__gpg_sign_cmd env renamed gpg --no-armor -u %{_gpg_name} \
                   -sbo %{__signature_filename} -- %{__plaintext_filename}";
    let args = ["rpmsign", "--addsign", "--key-id", &id, "-D", command];
    let said = ours(&bench, &home, &args, &packages).ok();
    assert_eq!(said.stderr, "");
    let ring = home.export(&id).display().to_string();
    ours(
        &bench,
        &home,
        &["rpmkeys", "-K", "--keyring", &ring],
        &packages,
    )
    .ok();
}

fn leaves_packages_alone() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    let id = home.make_key("ed25519", "locked", Some("secret"));
    let key = home
        .export_secret(&id, Some("secret"))
        .display()
        .to_string();
    fs::write(bench.join("desk/wrong"), "guess\n").unwrap();
    fs::write(bench.join("desk/right"), "secret\n").unwrap();
    let before = fs::read(&packages[0]).unwrap();
    let cases: [(&[&str], &str); 7] = [
        (&[], "nothing says with which key"),
        (&["--key", &key], "it wants a passphrase"),
        (
            &["--key", &key, "--passphrase-file", "wrong"],
            "the passphrase is wrong",
        ),
        (&["--key", "none"], "cannot read none"),
        (
            &["--key-id", "nobody", "-D", "__gpg /no/gpg"],
            "cannot run /no/gpg",
        ),
        (&["--key-id", "nobody"], "No secret key"),
        (
            &["--key-id", "x", "-D", "_openpgp_sign none"],
            "invalid sign command: `%__none_sign_cmd`",
        ),
    ];
    for (args, reason) in cases {
        let args = [&["specbuild", "sign"][..], args].concat();
        let said = ours(&bench, &home, &args, &packages[..1]);
        assert_eq!(said.status, Some(1), "{args:?}");
        assert!(said.stderr.contains(reason), "{args:?}: {}", said.stderr);
        assert!(fs::read(&packages[0]).unwrap() == before);
    }
    let right = [
        "specbuild",
        "sign",
        "--key",
        &key,
        "--passphrase-file",
        "right",
    ];
    ours(&bench, &home, &right, &packages[..1]).ok();
    let other = home.make_key("rsa2048", "other", None);
    let other = ["rpm", "--addsign", "-D", &format!("_gpg_name {other}")].map(str::to_owned);
    let other: Vec<&str> = other.iter().map(String::as_str).collect();
    let said = ours(&bench, &home, &other, &packages[..1]);
    assert!(
        said.stderr
            .ends_with(" already contains a legacy signature\n"),
        "{}",
        said.stderr
    );
    let mut damaged = before.clone();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&packages[0], &damaged).unwrap();
    let said = ours(&bench, &home, &right, &packages[..1]);
    assert!(
        said.stderr
            .starts_with("error: not signing corrupt package "),
        "{}",
        said.stderr
    );
    assert!(fs::read(&packages[0]).unwrap() == damaged);
}

/// What `rpm --import` has put into a database counts to `rpm -K`, and nothing else does.
fn believes_imported_keys() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    let [known, unknown] = ["known", "unknown"].map(|owner| home.make_key("rsa2048", owner, None));
    let place = format!("--dbpath={}", bench.join("desk/imported").display());
    let key = home.export(&known).display().to_string();
    ours(&bench, &home, &["rpm", &place, "--import", &key], &[]).ok();
    let signed = [&packages[0], &packages[1]];
    for (package, id) in signed.iter().zip([&known, &unknown]) {
        let args = ["rpmsign", "--addsign", "--key-id", id];
        ours(&bench, &home, &args, std::slice::from_ref(*package)).ok();
    }
    for check in [["rpm", "-K"], ["rpmkeys", "--checksig"]] {
        let args = [check[0], &place, check[1]];
        let said = ours(&bench, &home, &args, &packages);
        assert_eq!(said.status, Some(1), "{}{}", said.stdout, said.stderr);
        let expected = format!(
            "{}: digests signatures OK\n{}: digests SIGNATURES NOT OK\n",
            packages[0].display(),
            packages[1].display()
        );
        assert_eq!(said.stdout, expected);
        let args = [check[0], &place, "-v", check[1]];
        let said = ours(&bench, &home, &args, &packages[1..]);
        assert!(said.stdout.contains(": NOKEY\n"), "{}", said.stdout);
    }
    // Our own name says what to do with a package that is signed.
    let args = ["specbuild", "sign", "--key-id", &unknown];
    for package in signed {
        let said = ours(&bench, &home, &args, std::slice::from_ref(package));
        assert!(
            said.stderr.contains("`specbuild sign --resign`"),
            "{}",
            said.stderr
        );
    }
}

fn says_what_rpmkeys_says() {
    let (bench, packages) = built_as("4");
    let home = GnupgHome::new();
    let id = home.make_key("rsa2048", "owner", None);
    let key = home.export(&id);
    let place = import(&bench, &key);
    let ring = key.display().to_string();
    let package = &packages[0];
    let good = fs::read(package).unwrap();
    let damage = |from_end: usize| {
        let mut bytes = fs::read(package).unwrap();
        let at = bytes.len() - from_end;
        bytes[at] ^= 1;
        fs::write(package, bytes).unwrap();
    };
    let compare = || {
        let level = [
            "rpmkeys",
            "-K",
            "-D",
            "_pkgverify_level digest",
            "--keyring",
            &ring,
        ];
        let said = ours(&bench, &home, &level, std::slice::from_ref(package));
        let real = real_check(&place, package);
        assert_eq!((said.stdout, said.status), (real.stdout, real.status));
    };
    compare();
    ours(
        &bench,
        &home,
        &["rpmsign", "--addsign", "--key-id", &id],
        std::slice::from_ref(package),
    )
    .ok();
    compare();
    let signed = fs::read(package).unwrap();
    damage(1);
    compare();
    fs::write(package, &signed).unwrap();
    let name = signed.windows(5).rposition(|it| it == b"demo\0").unwrap();
    damage(signed.len() - name);
    compare();
    fs::write(package, &signed[..signed.len() - 9]).unwrap();
    compare();
    fs::write(package, &good).unwrap();
    let stranger = home.make_key("ed25519", "stranger", None);
    ours(
        &bench,
        &home,
        &["rpmsign", "--addsign", "--key-id", &stranger],
        std::slice::from_ref(package),
    )
    .ok();
    compare();
}
