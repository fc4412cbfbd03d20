//! One detached signature, and what it says of itself.

use pgp::composed::{Deserializable, DetachedSignature};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{Signature as Packet, SignatureType};
use pgp::ser::Serialize;

use crate::SignError;

/// A detached signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    packet: Packet,
}

/// Which of the two tags of old package formats a signature goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The tag for RSA.
    Rsa,
    /// The tag for DSA, to which signatures with elliptic curves went later on.
    Dsa,
}

impl From<Packet> for Signature {
    fn from(packet: Packet) -> Self {
        Self { packet }
    }
}

/// What rpm calls algorithms of keys. Source: RFC 9580, section 9.1.
const KEY_ALGORITHMS: [(PublicKeyAlgorithm, &str); 7] = [
    (PublicKeyAlgorithm::RSA, "RSA"),
    (PublicKeyAlgorithm::RSASign, "RSA"),
    (PublicKeyAlgorithm::DSA, "DSA"),
    (PublicKeyAlgorithm::ECDSA, "ECDSA"),
    (PublicKeyAlgorithm::EdDSALegacy, "EdDSA"),
    (PublicKeyAlgorithm::Ed25519, "Ed25519"),
    (PublicKeyAlgorithm::Ed448, "Ed448"),
];

impl Signature {
    /// A signature from the bytes of its packet. What follows the packet is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignError> {
        let parsed = DetachedSignature::from_bytes(bytes);
        let packet = parsed.map_err(|error| SignError::BadSignature(error.to_string()))?;
        let signature = Self::from(packet.signature);
        if signature.packet.config().is_none() {
            let what = format!("version {} is not supported", signature.version());
            return Err(SignError::BadSignature(what));
        }
        Ok(signature)
    }

    /// The bytes of the packet.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SignError> {
        let bytes = DetachedSignature::new(self.packet.clone()).to_bytes();
        bytes.map_err(|error| SignError::BadSignature(error.to_string()))
    }

    pub(crate) fn packet(&self) -> &Packet {
        &self.packet
    }

    /// Whether it is one of bytes as they are, as packages have it.
    pub(crate) fn is_binary(&self) -> bool {
        self.packet.typ() == Some(SignatureType::Binary)
    }

    /// The version of the packet: 3, 4 or 6.
    pub fn version(&self) -> u8 {
        self.packet.version().into()
    }

    /// Where old package formats keep it; `None` if they cannot.
    pub fn slot(&self) -> Option<Slot> {
        match self.algorithm()? {
            _ if self.version() > 4 => None,
            PublicKeyAlgorithm::RSA | PublicKeyAlgorithm::RSASign => Some(Slot::Rsa),
            PublicKeyAlgorithm::DSA
            | PublicKeyAlgorithm::ECDSA
            | PublicKeyAlgorithm::EdDSALegacy => Some(Slot::Dsa),
            _ => None,
        }
    }

    fn algorithm(&self) -> Option<PublicKeyAlgorithm> {
        self.packet.config().map(|it| it.pub_alg)
    }

    /// What rpm calls the algorithm of the key.
    pub fn algorithm_name(&self) -> &'static str {
        let known = KEY_ALGORITHMS.iter();
        let mut known = known.filter(|(algorithm, _)| Some(*algorithm) == self.algorithm());
        known
            .next()
            .map_or("Unknown public key algorithm", |it| it.1)
    }

    /// The number of the algorithm of the key. Source: RFC 9580, section 9.1.
    pub fn algorithm_number(&self) -> u8 {
        self.algorithm().map_or(0, u8::from)
    }

    /// What rpm calls the digest.
    pub fn digest_name(&self) -> String {
        let digest = self.packet.hash_alg();
        digest.map_or_else(String::new, |it| it.to_string())
    }

    /// The number of the digest. Source: RFC 9580, section 9.5.
    pub fn digest_number(&self) -> u8 {
        self.packet.hash_alg().map_or(0, u8::from)
    }

    /// Whether nobody should believe the digest any more.
    pub(crate) fn has_weak_digest(&self) -> bool {
        use HashAlgorithm::{Md5, Ripemd160, Sha1};
        matches!(self.packet.hash_alg(), None | Some(Md5 | Sha1 | Ripemd160))
    }

    /// The id of the key in lower-case hexadecimal; zeroes if the signature does not say.
    pub fn key_id(&self) -> String {
        let ids = self.packet.issuer_key_id();
        let id = ids.first().map(ToString::to_string);
        let of_fingerprint = || {
            let fingerprints = self.packet.issuer_fingerprint();
            let text = fingerprints.first()?.to_string();
            let is_new = self.version() > 4;
            let place = if is_new {
                0
            } else {
                text.len().checked_sub(16)?
            };
            Some(text.get(place..place + 16)?.to_owned())
        };
        id.or_else(of_fingerprint).unwrap_or_else(|| "0".repeat(16))
    }

    /// Whether another signature is by the same key and of the same kind, so that one of them is
    /// enough; when they were made makes no difference.
    pub fn is_like(&self, other: &Self) -> bool {
        let facts = |it: &Self| {
            (
                it.version(),
                it.algorithm_number(),
                it.digest_number(),
                it.key_id(),
            )
        };
        facts(self) == facts(other)
    }

    /// What it is, in rpm's words, such as `V4 RSA/SHA256 signature`.
    pub fn describe(&self) -> String {
        format!(
            "V{} {}/{} signature",
            self.version(),
            self.algorithm_name(),
            self.digest_name()
        )
    }
}
