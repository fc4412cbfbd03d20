//! The digests and signatures that a package has, or lacks.

use archive::Algorithm;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sign::Signature;

use super::{Class, Outcome};
use crate::options::algorithm_number;
use crate::read::{Headers, StoredHeader};
use crate::tags::{self, Tag, signature};
use header::Value;

/// What a digest or signature covers, as bits.
pub(super) type Range = u8;
pub(super) const HEADER: Range = 1;
pub(super) const PAYLOAD: Range = 2;

/// A kind of digest or signature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    tag: Tag,
    pub(super) class: Class,
    pub(super) range: Range,
    pub(super) algorithm: Option<Algorithm>,
    /// The bit of `%_pkgverify_flags` that leaves it out.
    pub(super) flag: u32,
    /// Whether it is in the main header, and so signed with it.
    pub(super) is_signed: bool,
    /// Whether it is that of the uncompressed payload.
    pub(super) is_alternative: bool,
}

const fn signed(tag: Tag, range: Range, flag: u32) -> Kind {
    Kind {
        tag,
        class: Class::Signature,
        range,
        algorithm: None,
        flag,
        is_signed: false,
        is_alternative: false,
    }
}

const fn digest(tag: Tag, range: Range, algorithm: Algorithm, flag: u32) -> Kind {
    Kind {
        tag,
        class: Class::Digest,
        range,
        algorithm: Some(algorithm),
        flag,
        is_signed: false,
        is_alternative: false,
    }
}

const fn payload(tag: Tag, algorithm: Algorithm, flag: u32, is_alternative: bool) -> Kind {
    Kind {
        is_signed: true,
        is_alternative,
        ..digest(tag, PAYLOAD, algorithm, flag)
    }
}

/// All kinds. Flags are those of rpm-config(5), `%_pkgverify_flags`.
const KINDS: [Kind; 15] = [
    signed(tags::SIG_OPENPGP, HEADER, 1 << 12),
    signed(signature::PGP, HEADER | PAYLOAD, 1 << 19),
    digest(signature::MD5, HEADER | PAYLOAD, Algorithm::Md5, 1 << 17),
    signed(signature::GPG, HEADER | PAYLOAD, 1 << 18),
    signed(tags::SIG_DSA, HEADER, 1 << 10),
    signed(tags::SIG_RSA, HEADER, 1 << 11),
    digest(tags::SIG_SHA1, HEADER, Algorithm::Sha1, 1 << 8),
    digest(tags::SIG_SHA256, HEADER, Algorithm::Sha256, 1 << 9),
    digest(tags::SIG_SHA3_256, HEADER, Algorithm::Sha3_256, 1 << 13),
    payload(tags::PAYLOAD_SHA256, Algorithm::Sha256, 1 << 16, false),
    payload(tags::PAYLOAD_SHA256_ALT, Algorithm::Sha256, 1 << 16, true),
    payload(tags::PAYLOAD_SHA512, Algorithm::Sha512, 1 << 14, false),
    payload(tags::PAYLOAD_SHA512_ALT, Algorithm::Sha512, 1 << 14, true),
    payload(tags::PAYLOAD_SHA3_256, Algorithm::Sha3_256, 1 << 15, false),
    payload(
        tags::PAYLOAD_SHA3_256_ALT,
        Algorithm::Sha3_256,
        1 << 15,
        true,
    ),
];

/// What the package says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Digest(String),
    Signature(Box<Signature>),
    Nothing,
}

/// A digest or signature, and what is known of it so far.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) said: Said,
    pub(super) outcome: Outcome,
    pub(super) note: Option<String>,
    /// The fingerprint of the certificate that signed, if it is known.
    pub(super) fingerprint: Option<String>,
    /// Which of several of its tag.
    place: usize,
}

impl Item {
    fn new(kind: Kind, place: usize, found: Result<Said, String>) -> Self {
        let (said, outcome, note) = match found {
            Ok(Said::Nothing) => (Said::Nothing, Outcome::Missing, None),
            // What it is worth is found out later.
            Ok(said) => (said, Outcome::Bad, None),
            Err(note) => (Said::Nothing, Outcome::Bad, Some(note)),
        };
        Self {
            kind,
            said,
            outcome,
            note,
            fingerprint: None,
            place,
        }
    }

    /// The order in which rpm goes through them: what covers less first, then signatures, then what
    /// is newer.
    pub(super) fn order(&self) -> impl Ord + use<> {
        use std::cmp::Reverse;
        let algorithms = match &self.said {
            Said::Signature(it) => (it.algorithm_number().into(), it.digest_number().into()),
            _ => (0, self.kind.algorithm.map_or(0, algorithm_number)),
        };
        let (class, tag) = (self.kind.class, self.kind.tag.number);
        let range = self.kind.range;
        (range, Reverse((class, algorithms, tag, self.place)))
    }

    /// What it is, in rpm's words.
    pub(super) fn what(&self) -> String {
        let range = match self.kind.range {
            HEADER => "Header",
            PAYLOAD => "Payload",
            _ => "Legacy",
        };
        match (&self.said, &self.fingerprint, self.kind.algorithm) {
            (Said::Signature(it), Some(fingerprint), _) => {
                format!(
                    "{range} OpenPGP {}, key fingerprint: {fingerprint}",
                    it.describe()
                )
            }
            (Said::Signature(it), None, _) => {
                format!("{range} OpenPGP {}, key ID {}", it.describe(), it.key_id())
            }
            (_, _, Some(algorithm)) => {
                let alternative = if self.kind.is_alternative { " ALT" } else { "" };
                format!("{range} {}{alternative} digest", algorithm_name(algorithm))
            }
            (_, _, None) => {
                let algorithm = key_algorithm(self.kind.tag);
                format!("{range} OpenPGP {algorithm}signature")
            }
        }
    }
}

/// The algorithm that a tag is meant for, and a blank.
fn key_algorithm(tag: Tag) -> &'static str {
    match tag {
        tags::SIG_RSA | signature::PGP => "RSA ",
        tags::SIG_DSA | signature::GPG => "DSA ",
        _ => "",
    }
}

fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Md5 => "MD5",
        Algorithm::Sha1 => "SHA1",
        Algorithm::Sha224 => "SHA224",
        Algorithm::Sha256 => "SHA256",
        Algorithm::Sha384 => "SHA384",
        Algorithm::Sha512 => "SHA512",
        Algorithm::Sha3_256 => "SHA3-256",
        Algorithm::Sha3_512 => "SHA3-512",
    }
}

/// All that `flags` do not leave out. Old kinds of signatures do not count where there are new ones.
pub(super) fn gather(headers: &Headers, flags: u32) -> Vec<Item> {
    let mut items = Vec::new();
    let mut has_new = false;
    let is_new_format = is_new_format(headers.signature());
    for kind in KINDS {
        let is_legacy = kind.class == Class::Signature && kind.tag != tags::SIG_OPENPGP;
        let is_foreign = is_new_format && !kind.is_signed && kind.tag.number >= 1000;
        if flags & kind.flag != 0 || is_foreign || (has_new && is_legacy) {
            continue;
        }
        let (header, origin) = match kind.is_signed {
            true => (headers.header(), "header"),
            false => (headers.signature(), "package"),
        };
        let found = read(header, kind, origin);
        has_new |= kind.tag == tags::SIG_OPENPGP
            && found.iter().any(|it| matches!(it, Ok(Said::Signature(_))));
        let found = found.into_iter().enumerate();
        items.extend(found.map(|(place, said)| Item::new(kind, place, said)));
    }
    items
}

/// Tags of format 4 mean nothing in signature headers of format 6.
fn is_new_format(signature: &StoredHeader) -> bool {
    let has = |tag| signature.get(tag).is_some();
    has(tags::SIG_RESERVED) && has(tags::SIG_SHA3_256)
}

fn read(header: &StoredHeader, kind: Kind, origin: &str) -> Vec<Result<Said, String>> {
    let fault = |what: &str| Err(format!("{origin} tag {}: {what}", kind.tag.number));
    let number = kind.tag.number;
    let digest = |text: String| match is_digest(&text, kind.algorithm) {
        true => Ok(Said::Digest(text)),
        false => fault("invalid hex"),
    };
    let signature = |bytes: &[u8]| match Signature::parse(bytes) {
        Ok(signature) => Ok(Said::Signature(Box::new(signature))),
        Err(_) => fault("invalid OpenPGP signature"),
    };
    let encoded = |text: String| match BASE64_STANDARD.decode(text) {
        Ok(bytes) => signature(&bytes),
        Err(_) => fault("invalid base64"),
    };
    match (header.get_number(number), kind.class) {
        (None, _) => vec![Ok(Said::Nothing)],
        (Some(Value::Text(text)), Class::Digest) => vec![digest(text)],
        // Old packages announce digests of the uncompressed payload and leave them empty.
        (Some(Value::Texts(texts)), Class::Digest) if kind.is_signed => {
            let texts = texts.into_iter().take(1);
            let said = texts.map(|it| {
                if it.is_empty() {
                    Ok(Said::Nothing)
                } else {
                    digest(it)
                }
            });
            said.collect()
        }
        (Some(Value::Binary(bytes)), Class::Digest) => vec![digest(hex(&bytes))],
        (Some(Value::Binary(bytes)), Class::Signature) => vec![signature(&bytes)],
        (Some(Value::Texts(texts)), Class::Signature) => texts.into_iter().map(encoded).collect(),
        _ => vec![fault("invalid type")],
    }
}

fn is_digest(text: &str, algorithm: Option<Algorithm>) -> bool {
    let length = algorithm.map_or(0, |it| {
        2 * archive::digest_bytes(&[it], b"").bytes(it).len()
    });
    text.len() == length && text.bytes().all(|it| it.is_ascii_hexdigit())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
