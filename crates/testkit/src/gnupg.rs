//! A home for GnuPG of its own, and keys made in it.

#![allow(clippy::unwrap_used, reason = "a test ends where its tools fail")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::Tree;

/// A home of GnuPG. It goes when it is dropped, and the agent with it. What gpg refuses is a panic.
#[derive(Debug)]
pub struct GnupgHome {
    tree: Tree,
}

impl Drop for GnupgHome {
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        command.env("GNUPGHOME", self.path());
        command.args(["--kill", "gpg-agent"]).status().ok();
    }
}

impl Default for GnupgHome {
    fn default() -> Self {
        Self::new()
    }
}

impl GnupgHome {
    /// A home. Tests that use one need `gpg`.
    pub fn new() -> Self {
        let home = Self { tree: Tree::new() };
        // The agent refuses a directory that others can read.
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        home
    }

    /// The home itself.
    pub fn path(&self) -> &Path {
        self.tree.path()
    }

    /// What makes a program find it.
    pub fn variable(&self) -> String {
        format!("GNUPGHOME={}", self.path().display())
    }

    fn run(&self, args: &[&str], input: &[u8]) -> Output {
        let mut command = Command::new("gpg");
        command
            .env("GNUPGHOME", self.path())
            .env("LC_ALL", "C")
            .args(["--batch", "--yes", "--pinentry-mode", "loopback"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gpg {args:?}: {said}");
        output
    }

    /// Runs gpg, with an empty passphrase.
    pub fn gpg(&self, args: &[&str]) {
        self.run(&[&["--passphrase", ""], args].concat(), b"");
    }

    /// Runs gpg; what it prints.
    pub fn gpg_bytes(&self, args: &[&str]) -> Vec<u8> {
        self.run(args, b"").stdout
    }

    /// Makes a key, `ALGORITHM[/USAGE]`; its fingerprint.
    pub fn make_key(&self, kind: &str, name: &str, passphrase: Option<&str>) -> String {
        let (algorithm, usage) = kind.split_once('/').unwrap_or((kind, "sign"));
        let user = format!("{name} <{name}@example.com>");
        let passphrase = passphrase.unwrap_or_default();
        self.run(
            &[
                "--passphrase",
                passphrase,
                "--quick-gen-key",
                &user,
                algorithm,
                usage,
            ],
            b"",
        );
        self.fingerprint(&user)
    }

    /// Makes a key that was made at another time, in gpg's form of times, without a passphrase.
    pub fn make_key_at(&self, kind: &str, name: &str, time: &str) -> String {
        let user = format!("{name} <{name}@example.com>");
        self.gpg(&[
            "--faked-system-time",
            time,
            "--quick-gen-key",
            &user,
            kind,
            "sign",
            "never",
        ]);
        self.fingerprint(&user)
    }

    fn fingerprint(&self, user: &str) -> String {
        let listed = self
            .run(&["--with-colons", "--list-keys", user], b"")
            .stdout;
        let listed = String::from_utf8(listed).unwrap();
        let mut lines = listed.lines().filter_map(|it| it.strip_prefix("fpr:"));
        lines.next().unwrap().trim_matches(':').to_owned()
    }

    /// A file with a public key.
    pub fn export(&self, id: &str) -> PathBuf {
        let path = self.path().join(format!("{id}.asc"));
        fs::write(&path, self.gpg_bytes(&["--armor", "--export", id])).unwrap();
        path
    }

    /// A file with a secret key.
    pub fn export_secret(&self, id: &str, passphrase: Option<&str>) -> PathBuf {
        let path = self.path().join(format!("{id}.secret"));
        let passphrase = passphrase.unwrap_or_default();
        let args = [
            "--passphrase",
            passphrase,
            "--armor",
            "--export-secret-keys",
            id,
        ];
        fs::write(&path, self.gpg_bytes(&args)).unwrap();
        path
    }

    /// Takes a key back, by the certificate for that which gpg makes with each key.
    pub fn revoke(&self, id: &str) {
        let path = self.path().join(format!("openpgp-revocs.d/{id}.rev"));
        let text = fs::read_to_string(path).unwrap();
        self.run(&["--import"], text.replace(":-----", "-----").as_bytes());
    }

    /// A detached signature.
    pub fn sign(&self, args: &[&str], data: &[u8]) -> Vec<u8> {
        let first = ["--passphrase", "", "--allow-weak-digest-algos", "-sb"];
        self.run(&[&first, args].concat(), data).stdout
    }

    /// Has gpg verify a signature of `data`, or a text signed in the clear; what gpg shows as signed.
    pub fn verify(&self, signature: &[u8], data: Option<&[u8]>) -> String {
        let path = self.path().join("signature");
        fs::write(&path, signature).unwrap();
        let path = path.to_str().unwrap();
        let shown = match data {
            Some(data) => self.run(&["--verify", path, "-"], data),
            None => self.run(&["--decrypt", path], b""),
        };
        String::from_utf8(shown.stdout).unwrap()
    }
}
