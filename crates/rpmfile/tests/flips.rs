//! Packages with a flipped bit, or cut off: nothing that is signed or digested may change unnoticed.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests too.

mod common;

use std::fs;
use std::path::Path;

use common::{demo, of_format};
use package::RpmFormat;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sign::{Keyring, SecretKey, Signer};
use specbuild_rpmfile::{Generations, Options, Policy, sign_package, verify};
use testkit::{GnupgHome, Need};

testkit::trials! {
    [Need::Program("gpg")] => a_flipped_bit_is_noticed;
}

/// Signatures and digests both have to hold.
const ALL: Policy = Policy {
    needs_signatures: true,
    ..Policy::DIGESTS
};

/// A signed package, where its main header begins, and a ring with its key.
fn signed(home: &GnupgHome, format: RpmFormat) -> (Vec<u8>, usize, Keyring) {
    let id = home.make_key("ed25519", &format!("{format:?}"), None);
    let key = SecretKey::load(&home.export_secret(&id, None), None).unwrap();
    let mut ring = Keyring::default();
    ring.add(&home.export(&id)).unwrap();
    let path = home.path().join("demo.rpm");
    let package = of_format(demo::binary(None), format);
    let (file, _) = common::written(&package, &Options::default());
    fs::write(&path, file).unwrap();
    let signer = Signer::Key(Box::new(key));
    sign_package(&path, &signer, Generations::default(), false).unwrap();
    let bytes = fs::read(&path).unwrap();
    let magic = [0x8e, 0xad, 0xe8, 1];
    let mut places = bytes.windows(4).enumerate().filter(|(_, it)| *it == magic);
    let start = places.nth(1).unwrap().0;
    (bytes, start, ring)
}

fn is_good(path: &Path, bytes: &[u8], ring: &Keyring) -> bool {
    fs::write(path, bytes).unwrap();
    verify(path, ring, ALL).is_ok_and(|it| it.is_good())
}

fn a_flipped_bit_is_noticed() {
    let home = GnupgHome::new();
    for format in [RpmFormat::V4, RpmFormat::V6] {
        let (bytes, start, ring) = signed(&home, format);
        let path = home.path().join("flipped.rpm");
        assert!(is_good(&path, &bytes, &ring));
        let mut runner = TestRunner::new(Config::with_cases(96));
        let places = (0..bytes.len(), 0..8_u8);
        let run = runner.run(&places, |(place, bit)| {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            // What comes before the main header has room that nothing protects.
            prop_assert!(!is_good(&path, &flipped, &ring) || place < start);
            Ok(())
        });
        run.unwrap();
        for place in (96..start).step_by(23) {
            let mut flipped = bytes.clone();
            flipped[place] ^= 0x10;
            is_good(&path, &flipped, &ring);
        }
        for length in (0..bytes.len()).step_by(149) {
            assert!(!is_good(&path, &bytes[..length], &ring));
        }
    }
}
