//! Whether a package is what its digests and signatures say.
//!
//! A package has several of both. Each covers the header, the payload or the two together, and the
//! verdict on a class of them, digests or signatures, is put together out of what each of them says.
//!
//! Not here: the digest of each file, which who unpacks it looks at.
//!
//! Source: rpmkeys(8), "VERIFICATION POLICY"; rpm `docs/manual/format_v4.md`, `format_v6.md`.

mod items;
mod judge;
mod measure;

pub(crate) use measure::after_signatures;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use sign::Keyring;

use crate::read::{PackageFile, ReadError};

/// What is looked at, and what has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What is not looked at, in the bits of `%_pkgverify_flags`.
    pub flags: u32,
    /// Header and payload have to be covered by good digests.
    pub needs_digests: bool,
    /// They have to be covered by good signatures.
    pub needs_signatures: bool,
}

impl Policy {
    /// Bits for all digests.
    pub const NO_DIGESTS: u32 = 0x3_e300;
    /// Bits for all signatures.
    pub const NO_SIGNATURES: u32 = 0xc_1c00;

    /// Everything there is counts; digests have to be there, signatures need not.
    pub const DIGESTS: Self = Self {
        flags: 0,
        needs_digests: true,
        needs_signatures: false,
    };
}

/// A kind of thing that says what a package has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Anybody can make one.
    Digest,
    /// Only the owner of a key can make one.
    Signature,
}

/// What a digest or signature turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The package is what it says.
    Good,
    /// The package is something else, or the thing itself is damaged.
    Bad,
    /// There is no key to look at the signature with.
    NoKey,
    /// The signature is right, but its key does not count.
    NotTrusted,
    /// It is not there.
    Missing,
}

impl Outcome {
    /// The outcome in rpm's words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "OK",
            Self::Bad => "BAD",
            Self::NoKey => "NOKEY",
            Self::NotTrusted => "NOTTRUSTED",
            Self::Missing => "NOTFOUND",
        }
    }
}

/// A digest or signature that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Digest or signature.
    pub class: Class,
    /// What it is, in rpm's words, such as `Header SHA256 digest`.
    pub what: String,
    /// What it turned out to be.
    pub outcome: Outcome,
    /// The reason, if there is more to say.
    pub note: Option<String>,
}

impl Finding {
    /// The finding as a line of `rpm --checksig --verbose`, without the indentation.
    pub fn line(&self) -> String {
        let word = self.outcome.word();
        match &self.note {
            Some(note) => format!("{}: {word} ({note})", self.what),
            None => format!("{}: {word}", self.what),
        }
    }
}

/// What is to be thought of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was looked at, what rpm tells first first; missing things only where they are missed.
    pub findings: Vec<Finding>,
    /// Whether the digests are good.
    pub has_good_digests: bool,
    /// Whether the signatures are good; those that are not there and need not be are.
    pub has_good_signatures: bool,
}

impl Verdict {
    /// Whether there is nothing to object to.
    pub fn is_good(&self) -> bool {
        self.has_good_digests && self.has_good_signatures
    }

    /// Whether anything of a class was found, or missed.
    pub fn tells_of(&self, class: Class) -> bool {
        self.findings.iter().any(|it| it.class == class)
    }

    /// The first finding that is to be objected to.
    pub fn first_fault(&self) -> Option<&Finding> {
        let is_fault = |it: &&Finding| matches!(it.outcome, Outcome::Bad | Outcome::NoKey);
        self.findings.iter().find(is_fault)
    }
}

/// Looks at all digests and signatures of a package, whose payload is read as a stream.
///
/// Fails if the file cannot be read as a package; a payload that ends early is an affair of digests.
pub fn verify(path: &Path, keyring: &Keyring, policy: Policy) -> Result<Verdict, ReadError> {
    let file = File::open(path).map_err(ReadError::Open)?;
    let package = PackageFile::read(BufReader::new(file))?;
    let mut items = items::gather(package.headers(), policy.flags);
    let headers = measure::measure(package, &mut items)?;
    measure::check_signatures(path, &headers, keyring, &mut items)?;
    Ok(judge::judge(items, policy))
}
