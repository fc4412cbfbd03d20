//! Key rings: public keys out of files, and what they say of signatures.

use std::fs;
use std::io::Read;
use std::path::Path;

use pgp::composed::{PublicOrSecret, SignedPublicKey};
use pgp::packet::{PublicKey, PublicSubkey};
use pgp::types::KeyDetails;

use crate::known::{Standing, now};
use crate::{SignError, Signature};

/// What begins an armored block of keys.
const ARMOR: &str = "-----BEGIN PGP ";

/// Public keys.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Key {
    part: Part,
    standing: Standing,
    /// What is said of the primary key, for a subkey.
    above: Option<Standing>,
    certificate: String,
}

#[derive(Clone, Debug)]
enum Part {
    Primary(PublicKey),
    Subkey(PublicSubkey),
}

/// What a key ring says of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// The signature is of this data, by the key of this fingerprint: that of the certificate, in
    /// lower-case hexadecimal.
    Good(String),
    /// It is of other data, or damaged; with the reason.
    Bad(String),
    /// The ring has no such key.
    NoKey,
    /// It is of this data, but the key or the signature itself does not count; with the fingerprint,
    /// and the reason.
    NotTrusted(String, String),
}

impl Keyring {
    /// Adds the keys of a file, armored or not; or of all files of a directory, in the order of their
    /// names.
    ///
    /// Fails if there is a file that is none of keys, or a directory without one.
    pub fn add(&mut self, path: &Path) -> Result<(), SignError> {
        let read = |source| SignError::ReadFile {
            path: path.to_owned(),
            source,
        };
        if !path.is_dir() {
            let bytes = limits::read(path, limits::TEXT).map_err(read)?;
            return self.add_bytes(&bytes).map_err(|reason| SignError::BadKeys {
                path: path.to_owned(),
                reason,
            });
        }
        let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(read)?.collect();
        let mut files: Vec<_> = entries
            .map_err(read)?
            .iter()
            .map(fs::DirEntry::path)
            .collect();
        files.retain(|it| it.is_file());
        files.sort();
        files.iter().try_for_each(|file| self.add(file))
    }

    /// Adds the keys of a text; otherwise why there are none.
    pub fn add_text(&mut self, text: &str) -> Result<(), String> {
        self.add_bytes(text.as_bytes())
    }

    fn add_bytes(&mut self, bytes: &[u8]) -> Result<(), String> {
        for certificate in parse(bytes)? {
            self.add_certificate(match certificate {
                PublicOrSecret::Public(it) => it,
                PublicOrSecret::Secret(it) => it.to_public_key(),
            });
        }
        Ok(())
    }

    fn add_certificate(&mut self, certificate: SignedPublicKey) {
        let primary = certificate.primary_key;
        let above = Standing::of_primary(&primary, &certificate.details);
        let fingerprint = primary.fingerprint().to_string();
        for subkey in certificate.public_subkeys {
            self.keys.push(Key {
                standing: Standing::of_subkey(&subkey.key, &subkey.signatures, &primary),
                part: Part::Subkey(subkey.key),
                above: Some(above.clone()),
                certificate: fingerprint.clone(),
            });
        }
        self.keys.push(Key {
            part: Part::Primary(primary),
            standing: above,
            above: None,
            certificate: fingerprint,
        });
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether there is a key that a signature claims to be by.
    pub fn knows(&self, signature: &Signature) -> bool {
        self.keys.iter().any(|key| key.is_meant_by(signature))
    }

    /// What is to be thought of a signature of data, which are read as a stream.
    ///
    /// Fails if the data cannot be read; nothing else is a failure.
    pub fn check(&self, signature: &Signature, data: &mut dyn Read) -> Result<Opinion, SignError> {
        let mut keys = self.keys.iter();
        let Some(key) = keys.find(|key| key.is_meant_by(signature)) else {
            return Ok(Opinion::NoKey);
        };
        if !signature.is_binary() {
            return Ok(Opinion::Bad("it is no signature of bytes".to_owned()));
        }
        let packet = signature.packet();
        let checked = match &key.part {
            Part::Primary(key) => packet.verify(key, data),
            Part::Subkey(key) => packet.verify(key, data),
        };
        match checked {
            Err(pgp::errors::Error::IO { source, .. }) => Err(SignError::ReadData(source)),
            Err(error) => Ok(Opinion::Bad(error.to_string())),
            Ok(()) => Ok(match key.objection(signature) {
                Some(reason) => Opinion::NotTrusted(key.certificate.clone(), reason.to_owned()),
                None => Opinion::Good(key.certificate.clone()),
            }),
        }
    }
}

impl Key {
    fn is_meant_by(&self, signature: &Signature) -> bool {
        let (id, fingerprint) = match &self.part {
            Part::Primary(key) => (key.legacy_key_id(), key.fingerprint()),
            Part::Subkey(key) => (key.legacy_key_id(), key.fingerprint()),
        };
        let packet = signature.packet();
        packet.issuer_key_id().contains(&&id) || packet.issuer_fingerprint().contains(&&fingerprint)
    }

    /// Why a signature that is right does not count.
    fn objection(&self, signature: &Signature) -> Option<&'static str> {
        let made = signature.packet().created()?.as_secs().into();
        let lifetime = signature.packet().signature_expiration_time();
        let lifetime: u64 = lifetime.map_or(0, |it| it.as_secs().into());
        if signature.has_weak_digest() {
            return Some("its digest is too weak");
        }
        if lifetime > 0 && made + lifetime <= now() {
            return Some("it has expired");
        }
        let above = self.above.as_ref().and_then(|it| it.fault_at(made));
        let above = above.filter(|fault| fault.is_final);
        above
            .or_else(|| self.standing.fault_at(made))
            .map(|fault| fault.reason)
    }
}

/// The certificates in a file, armored blocks or bare packets.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<PublicOrSecret>, String> {
    let mut found = Vec::new();
    let parsed = match std::str::from_utf8(bytes) {
        Ok(text) => blocks(text).try_for_each(|block| add(block.as_bytes(), &mut found)),
        Err(_) => add(bytes, &mut found),
    };
    parsed.map_err(|error| error.to_string())?;
    if found.is_empty() {
        return Err("there are none".to_owned());
    }
    Ok(found)
}

fn add(bytes: &[u8], found: &mut Vec<PublicOrSecret>) -> Result<(), pgp::errors::Error> {
    let (keys, _) = PublicOrSecret::from_reader_many(bytes)?;
    for key in keys {
        found.push(key?);
    }
    Ok(())
}

/// The armored blocks of a text.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> = text.match_indices(ARMOR).map(|(place, _)| place).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|(start, end)| &text[start..end])
}
