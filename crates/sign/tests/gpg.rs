//! GnuPG makes keys, and judges what we sign with them; we judge what it signs.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

use std::path::Path;

use specbuild_sign as sign;
use testkit::{GnupgHome, Need};

use sign::{Keyring, Opinion, Output, Program, SecretKey, SignError, Signature, Signer};

testkit::trials! {
    [Need::Program("gpg")] =>
        gpg_takes_our_signatures_and_we_take_ours,
        texts_in_the_clear,
        we_take_what_gpg_signs,
        subkeys_sign_for_their_certificate,
        passphrases,
        keys_that_do_not_count,
        files_of_keys;
    [Need::Program("sh")] => programs_that_fail;
}

/// Kinds of keys as gpg names them, and what rpm calls their signatures.
const KINDS: [(&str, &str); 4] = [
    ("rsa2048", "V4 RSA/"),
    ("ed25519", "V4 EdDSA/"),
    ("nistp256", "V4 ECDSA/"),
    ("dsa2048", "V4 DSA/"),
];

/// Text with all that is special in the clear: hyphens, blanks at line ends, empty lines.
const TEXT: &str = "Format: 1.0\n- a hyphen\n-----BEGIN\nblanks \t\n\n .\nLast: line\n";

fn ring(path: &Path) -> Keyring {
    let mut ring = Keyring::default();
    ring.add(path).unwrap();
    ring
}

fn native(home: &GnupgHome, id: &str, passphrase: Option<&str>) -> Signer {
    let path = home.export_secret(id, passphrase);
    Signer::Key(Box::new(SecretKey::load(&path, passphrase).unwrap()))
}

fn by_gpg(home: &GnupgHome, id: &str) -> Signer {
    let output = Output::new().unwrap();
    let place = output.path().display().to_string();
    let variable = home.variable();
    let command = |mode: &str| {
        let words = ["env", &variable, "gpg", "--batch", "-u", id, mode, "-o"];
        let words = words.iter().map(|it| (*it).to_owned());
        words.chain([place.clone(), "-".to_owned()]).collect()
    };
    Signer::Program(Program {
        detached: command("-sb"),
        clear: command("--clearsign"),
        output,
    })
}

fn gpg_takes_our_signatures_and_we_take_ours() {
    let home = GnupgHome::new();
    for (kind, words) in KINDS {
        let id = home.make_key(kind, kind, None);
        let signer = native(&home, &id, None);
        let signature = signer.sign(&mut &b"data"[..]).unwrap();
        assert!(
            signature.describe().starts_with(words),
            "{}",
            signature.describe()
        );
        home.verify(&signature.to_bytes().unwrap(), Some(b"data"));
        let ring = ring(&home.export(&id));
        let good = Opinion::Good(id.to_lowercase());
        assert_eq!(ring.check(&signature, &mut &b"data"[..]).unwrap(), good);
        let other = ring.check(&signature, &mut &b"Data"[..]).unwrap();
        assert!(matches!(other, Opinion::Bad(_)), "{other:?}");
        let none = Keyring::default();
        assert_eq!(
            none.check(&signature, &mut &b"data"[..]).unwrap(),
            Opinion::NoKey
        );
    }
}

fn texts_in_the_clear() {
    let home = GnupgHome::new();
    let id = home.make_key("ed25519", "clear", None);
    for signer in [native(&home, &id, None), by_gpg(&home, &id)] {
        for text in [TEXT, "no line end", "\n"] {
            let signed = sign::clear_sign(text, &signer).unwrap();
            assert!(signed.starts_with("-----BEGIN PGP SIGNED MESSAGE-----\n"));
            let shown = home.verify(signed.as_bytes(), None);
            let wanted = text.strip_suffix('\n').unwrap_or(text);
            // gpg shows what is signed, and blanks at line ends are not.
            let wanted = wanted.replace(" \t\n", "\n");
            assert_eq!(
                shown.strip_suffix('\n').unwrap_or(&shown),
                wanted,
                "{signed}"
            );
        }
    }
}

fn we_take_what_gpg_signs() {
    let home = GnupgHome::new();
    for (kind, words) in KINDS {
        let id = home.make_key(kind, kind, None);
        let signature = by_gpg(&home, &id).sign(&mut &b"data"[..]).unwrap();
        assert!(signature.describe().starts_with(words));
        assert!(id.to_lowercase().ends_with(&signature.key_id()));
        let opinion = ring(&home.export(&id)).check(&signature, &mut &b"data"[..]);
        assert_eq!(opinion.unwrap(), Opinion::Good(id.to_lowercase()));
    }
}

fn subkeys_sign_for_their_certificate() {
    let home = GnupgHome::new();
    let id = home.make_key("ed25519/cert", "owner", None);
    let path = home.export_secret(&id, None);
    let cannot = SecretKey::load(&path, None).unwrap_err();
    assert!(matches!(cannot, SignError::NoSigningKey { .. }), "{cannot}");
    home.gpg(&["--quick-add-key", &id, "rsa2048", "sign"]);
    for signer in [native(&home, &id, None), by_gpg(&home, &id)] {
        let signature = signer.sign(&mut &b"data"[..]).unwrap();
        assert!(signature.describe().starts_with("V4 RSA/"));
        home.verify(&signature.to_bytes().unwrap(), Some(b"data"));
        let opinion = ring(&home.export(&id)).check(&signature, &mut &b"data"[..]);
        assert_eq!(opinion.unwrap(), Opinion::Good(id.to_lowercase()));
    }
}

fn passphrases() {
    let home = GnupgHome::new();
    let id = home.make_key("rsa2048", "locked", Some("open sesame"));
    let path = home.export_secret(&id, Some("open sesame"));
    let key = SecretKey::load(&path, Some("open sesame")).unwrap();
    let signature = Signer::Key(Box::new(key)).sign(&mut &b"data"[..]).unwrap();
    home.verify(&signature.to_bytes().unwrap(), Some(b"data"));
    for (given, reason) in [
        (None, "it wants a passphrase"),
        (Some("x"), "the passphrase is wrong"),
    ] {
        let error = SecretKey::load(&path, given).unwrap_err().to_string();
        assert!(error.ends_with(reason), "{error}");
    }
}

fn keys_that_do_not_count() {
    let home = GnupgHome::new();
    let distrusted = |id: &str, signature: &Signature| {
        let opinion = ring(&home.export(id)).check(signature, &mut &b"data"[..]);
        match opinion.unwrap() {
            Opinion::NotTrusted(_, reason) => reason,
            other => panic!("{other:?}"),
        }
    };
    let id = home.make_key("ed25519", "revoked", None);
    let signature = native(&home, &id, None).sign(&mut &b"data"[..]).unwrap();
    home.revoke(&id);
    assert_eq!(distrusted(&id, &signature), "the key is revoked");
    let path = home.export_secret(&id, None);
    assert!(matches!(
        SecretKey::load(&path, None),
        Err(SignError::NoSigningKey { .. })
    ));
    let id = home.make_key("ed25519", "expired", None);
    home.gpg(&[
        "--faked-system-time",
        "20200101T000000",
        "--quick-set-expire",
        &id,
        "1",
    ]);
    let weak = home.make_key("rsa2048", "weak", None);
    let weakly = home.sign(&["--digest-algo", "SHA1", "-u", &weak], b"data");
    let signature = Signature::parse(&weakly).unwrap();
    assert_eq!(distrusted(&weak, &signature), "its digest is too weak");
}

fn files_of_keys() {
    let home = GnupgHome::new();
    let ids = ["a", "b"].map(|name| home.make_key("ed25519", name, None));
    let signatures: Vec<_> = ids
        .iter()
        .map(|id| native(&home, id, None).sign(&mut &b"data"[..]).unwrap())
        .collect();
    let dir = home.path().join("ring.d");
    std::fs::create_dir(&dir).unwrap();
    let armored = ids
        .each_ref()
        .map(|id| std::fs::read(home.export(id)).unwrap());
    std::fs::write(dir.join("both.asc"), armored.concat()).unwrap();
    let binary = home.gpg_bytes(&["--export"]);
    std::fs::write(home.path().join("both.gpg"), binary).unwrap();
    for place in [
        dir.clone(),
        dir.join("both.asc"),
        home.path().join("both.gpg"),
    ] {
        let ring = ring(&place);
        assert!(
            signatures.iter().all(|it| ring.knows(it)),
            "{}",
            place.display()
        );
    }
    for text in ["", "text", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"] {
        std::fs::write(dir.join("bad"), text).unwrap();
        let error = Keyring::default().add(&dir).unwrap_err();
        assert!(matches!(error, SignError::BadKeys { .. }), "{error}");
    }
}

fn programs_that_fail() {
    let program = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let signer = Signer::Program(Program {
            detached: words.clone(),
            clear: words,
            output: Output::new().unwrap(),
        });
        signer
            .sign(&mut &vec![0; 1 << 20][..])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(program(&["/no/such/gpg", "-s"]), "cannot run /no/such/gpg");
    assert_eq!(
        program(&["sh", "-c", "echo no luck >&2; exit 3"]),
        "sh failed to sign (exit status: 3):\nno luck"
    );
    assert_eq!(program(&["sh", "-c", "true"]), "sh left no signature");
    assert_eq!(program(&["true"]), "invalid sign command: `true`");
}
