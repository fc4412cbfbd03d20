//! The signature header with signatures added or taken off.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use package::WriteError;
use sign::{Signature, Slot};

use super::{Generations, Signed, SigningError};
use crate::read::StoredHeader;
use crate::tags::{self, Tag, signature};
use header::{Header, Value};

/// Tags of signatures by OpenPGP.
const SIGNATURES: [Tag; 6] = [
    tags::SIG_OPENPGP,
    tags::SIG_DSA,
    tags::SIG_RSA,
    signature::PGP,
    signature::GPG,
    signature::PGP5,
];

/// Numbers below this one mark regions.
const FIRST_TAG: u32 = 100;

/// The tags of a header that was read.
pub(super) fn unpack(stored: &StoredHeader) -> Header {
    let mut header = Header::default();
    for number in stored.numbers().filter(|it| *it >= FIRST_TAG) {
        if let Some(value) = stored.get_number(number) {
            header.set_number(number, value);
        }
    }
    header
}

/// Takes all signatures off.
pub(super) fn remove_all(header: &mut Header) {
    SIGNATURES.iter().for_each(|tag| header.remove(*tag));
}

/// Adds a signature of the main header, as the wanted generations have it.
pub(super) fn put(
    header: &mut Header,
    made: &Signature,
    wanted: Generations,
) -> Result<Signed, SigningError> {
    if wanted.v6 && !put_new(header, made)? {
        return Ok(Signed::AlreadyThere);
    }
    if !wanted.v4 {
        return Ok(Signed::Added);
    }
    match put_old(header, made, tags::SIG_RSA, tags::SIG_DSA) {
        // Beside one of format 6 it is there for old readers, where it can be.
        Err(_) | Ok(Signed::AlreadyThere) if wanted.v6 => Ok(Signed::Added),
        put => put,
    }
}

/// Adds a signature of header and payload.
pub(super) fn put_whole(header: &mut Header, made: &Signature) -> Result<(), SigningError> {
    put_old(header, made, signature::PGP, signature::GPG).map(drop)
}

/// Adds a signature to the list of them, unless there is one like it.
fn put_new(header: &mut Header, made: &Signature) -> Result<bool, SigningError> {
    let mut texts = match header.get(tags::SIG_OPENPGP) {
        Some(Value::Texts(texts)) => texts.clone(),
        _ => Vec::new(),
    };
    let decoded = texts
        .iter()
        .filter_map(|it| BASE64_STANDARD.decode(it).ok());
    let mut old = decoded.filter_map(|bytes| Signature::parse(&bytes).ok());
    if old.any(|it| it.is_like(made)) {
        return Ok(false);
    }
    texts.push(BASE64_STANDARD.encode(made.to_bytes()?));
    header.set(tags::SIG_OPENPGP, texts);
    Ok(true)
}

/// Sets the tag for the signature's algorithm; format 4 has one signature only.
fn put_old(
    header: &mut Header,
    made: &Signature,
    rsa: Tag,
    dsa: Tag,
) -> Result<Signed, SigningError> {
    let tag = match made.slot() {
        Some(Slot::Rsa) => rsa,
        Some(Slot::Dsa) => dsa,
        None => return Err(SigningError::Unsupported(made.describe())),
    };
    if let Some(Value::Binary(bytes)) = header.get(tag)
        && Signature::parse(bytes).is_ok_and(|old| old.is_like(made))
    {
        return Ok(Signed::AlreadyThere);
    }
    if header.get(rsa).is_some() || header.get(dsa).is_some() {
        return Err(SigningError::HasAnother);
    }
    header.set(tag, Value::Binary(made.to_bytes()?));
    Ok(Signed::Added)
}

/// Makes the room that is set aside grow or shrink so that the header is `before` bytes long; where
/// there is not enough of it, the header grows.
pub(super) fn fit(header: &mut Header, format: u32, before: usize) -> Result<(), WriteError> {
    let room = match format {
        6.. => tags::SIG_RESERVED,
        _ => signature::RESERVED_SPACE,
    };
    let after = header.encode(tags::HEADER_SIGNATURES)?.len();
    if let Some(Value::Binary(zeroes)) = header.get(room) {
        let length = (zeroes.len() + before).saturating_sub(after);
        if length > 0 {
            header.set(room, Value::Binary(vec![0; length]));
        }
    }
    Ok(())
}
