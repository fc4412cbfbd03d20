//! Secret keys out of files.

use std::io::Read;
use std::path::Path;

use pgp::composed::{SignedSecretKey, SignedSecretSubKey};
use pgp::packet::{
    self, Signature as Packet, SignatureConfig, SignatureType, Subpacket, SubpacketData,
};
use pgp::types::{KeyDetails, KeyVersion, Password, SigningKey, Timestamp};
use rand::rngs::OsRng;

use crate::known::{Standing, now};
use crate::{SignError, Signature, keyring};

/// A key that signs, out of a file.
pub struct SecretKey {
    key: Part,
    passphrase: Password,
}

/// Which of the keys of a certificate signs.
enum Part {
    Primary(packet::SecretKey),
    Subkey(packet::SecretSubkey),
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("SecretKey")
            .field(&self.fingerprint())
            .finish()
    }
}

impl SecretKey {
    /// Loads a key from a file, armored or not. Of several, the newest one that may sign now counts,
    /// subkeys first, as with GnuPG.
    ///
    /// Fails if there is none, or if the passphrase does not unlock it.
    pub fn load(path: &Path, passphrase: Option<&str>) -> Result<Self, SignError> {
        let bytes = limits::read(path, limits::METADATA).map_err(|source| SignError::ReadFile {
            path: path.to_owned(),
            source,
        })?;
        let bad = |reason| SignError::BadKeys {
            path: path.to_owned(),
            reason,
        };
        let mut certificates = keyring::parse(&bytes).map_err(bad)?.into_iter();
        let key = certificates.find_map(|it| choose(it.try_into().ok()?));
        let key = Self {
            key: key.ok_or_else(|| SignError::NoSigningKey {
                path: path.to_owned(),
            })?,
            passphrase: passphrase.map_or_else(Password::empty, Password::from),
        };
        if key.is_unlocked() {
            return Ok(key);
        }
        Err(SignError::Locked {
            path: path.to_owned(),
            was_given: passphrase.is_some(),
        })
    }

    /// The key's fingerprint in lower-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        match &self.key {
            Part::Primary(key) => key.fingerprint().to_string(),
            Part::Subkey(key) => key.fingerprint().to_string(),
        }
    }

    fn is_unlocked(&self) -> bool {
        let unlocked = match &self.key {
            Part::Primary(key) => key.unlock(&self.passphrase, |_, _| Ok(())),
            Part::Subkey(key) => key.unlock(&self.passphrase, |_, _| Ok(())),
        };
        matches!(unlocked, Ok(Ok(())))
    }

    /// A detached signature.
    pub(crate) fn sign(&self, data: &mut dyn Read) -> Result<Signature, SignError> {
        self.sign_as(SignatureType::Binary, data)
            .map(Signature::from)
    }

    pub(crate) fn sign_as(
        &self,
        kind: SignatureType,
        data: &mut dyn Read,
    ) -> Result<Packet, SignError> {
        match &self.key {
            Part::Primary(key) => sign(key, &self.passphrase, kind, data),
            Part::Subkey(key) => sign(key, &self.passphrase, kind, data),
        }
    }
}

/// The part of a certificate that signs.
fn choose(certificate: SignedSecretKey) -> Option<Part> {
    let standing = Standing::of_primary(
        &certificate.primary_key.public_key().clone(),
        &certificate.details,
    );
    if standing.fault_at(now()).is_some_and(|it| it.is_final) {
        return None;
    }
    let primary = certificate.primary_key;
    let may_sign = |subkey: &SignedSecretSubKey| {
        let public = subkey.key.public_key();
        let own = Standing::of_subkey(public, &subkey.signatures, primary.public_key());
        own.fault_at(now()).is_none()
    };
    let mut subkeys = certificate.secret_subkeys;
    subkeys.retain(may_sign);
    let newest = subkeys
        .into_iter()
        .max_by_key(|subkey| subkey.key.created_at());
    match newest {
        Some(subkey) => Some(Part::Subkey(subkey.key)),
        None if standing.fault_at(now()).is_none() => Some(Part::Primary(primary)),
        None => None,
    }
}

/// A signature as GnuPG makes it: time and fingerprint signed with the data, the key's id beside them.
fn sign(
    key: &impl SigningKey,
    passphrase: &Password,
    kind: SignatureType,
    data: &mut dyn Read,
) -> Result<Packet, SignError> {
    let made = SignatureConfig::from_key(OsRng, key, kind).and_then(|mut config| {
        config.hashed_subpackets = vec![
            Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
            Subpacket::regular(SubpacketData::SignatureCreationTime(Timestamp::now()))?,
        ];
        if key.version() <= KeyVersion::V4 {
            let id = SubpacketData::IssuerKeyId(key.legacy_key_id());
            config.unhashed_subpackets = vec![Subpacket::regular(id)?];
        }
        config.sign(key, passphrase, data)
    });
    made.map_err(|error| match error {
        pgp::errors::Error::IO { source, .. } => SignError::ReadData(source),
        error => SignError::Key(error.to_string()),
    })
}
