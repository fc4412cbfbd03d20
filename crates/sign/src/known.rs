//! What a certificate says of its keys: whether they may sign, and for how long.
//!
//! Only what the primary key has signed counts; of several statements the newest one.
//! Source: RFC 9580, sections 5.2.3.10 and 10.1.

use std::time::{SystemTime, UNIX_EPOCH};

use pgp::composed::SignedKeyDetails;
use pgp::packet::{
    PublicKey, PublicSubkey, Signature, SignatureConfig, SignatureType, SubpacketData,
};
use pgp::types::{Duration, KeyDetails, Tag, Timestamp};

/// Seconds since 1970 UTC.
type Time = u64;

/// What is said of a key.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    created: Time,
    is_revoked: bool,
    /// `None` if nothing valid binds the key.
    bound: Option<Bound>,
}

/// What the newest binding says.
#[derive(Clone, Copy, Debug)]
struct Bound {
    may_sign: bool,
    expires: Option<Time>,
}

/// Why a key does not count.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) reason: &'static str,
    /// Whether its subkeys do not count either.
    pub(crate) is_final: bool,
}

impl Standing {
    pub(crate) fn of_primary(key: &PublicKey, details: &SignedKeyDetails) -> Self {
        let revocations = &details.revocation_signatures;
        let direct = details.direct_signatures.iter();
        let direct = direct.filter(|it| it.verify_key(key).is_ok());
        let users = details.users.iter().flat_map(|user| {
            let signatures = user.signatures.iter();
            signatures.filter(|it| {
                it.typ() != Some(SignatureType::CertRevocation)
                    && it.verify_certification(key, Tag::UserId, &user.id).is_ok()
            })
        });
        Self {
            created: key.created_at().as_secs().into(),
            is_revoked: revocations.iter().any(|it| it.verify_key(key).is_ok()),
            bound: newest(direct.chain(users)).map(|it| bound(it, key)),
        }
    }

    pub(crate) fn of_subkey(
        key: &PublicSubkey,
        signatures: &[Signature],
        primary: &PublicKey,
    ) -> Self {
        let valid = || {
            let signatures = signatures.iter();
            signatures.filter(|it| it.verify_subkey_binding(primary, key).is_ok())
        };
        let revokes = |it: &Signature| it.typ() == Some(SignatureType::SubkeyRevocation);
        let bindings = valid().filter(|it| !revokes(it));
        let bound = newest(bindings).map(|binding| {
            let back = binding.embedded_signature();
            let is_mutual =
                back.is_some_and(|it| it.verify_primary_key_binding(key, primary).is_ok());
            let mut bound = bound(binding, key);
            bound.may_sign &= is_mutual;
            bound
        });
        Self {
            created: key.created_at().as_secs().into(),
            is_revoked: valid().any(revokes),
            bound,
        }
    }

    /// Why the key may not have signed at some time.
    pub(crate) fn fault_at(&self, time: Time) -> Option<Fault> {
        let fault = |reason, is_final| Some(Fault { reason, is_final });
        match self.bound {
            _ if self.is_revoked => fault("the key is revoked", true),
            None => fault("nothing valid binds the key to its owner", true),
            Some(_) if time < self.created => fault("the key is younger than that", true),
            Some(bound) if bound.expires.is_some_and(|it| it <= time) => {
                fault("the key has expired", true)
            }
            Some(bound) if !bound.may_sign => fault("the key is not meant for signing", false),
            Some(_) => None,
        }
    }
}

fn newest<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Option<&'s Signature> {
    signatures.max_by_key(|it| it.created().map_or(0, Timestamp::as_secs))
}

fn bound(statement: &Signature, key: &impl KeyDetails) -> Bound {
    let subpackets = statement.config().into_iter();
    let mut subpackets = subpackets.flat_map(SignatureConfig::hashed_subpackets);
    let has_flags = subpackets.any(|it| matches!(it.data, SubpacketData::KeyFlags(_)));
    let lifetime = statement.key_expiration_time().map_or(0, Duration::as_secs);
    let created: Time = key.created_at().as_secs().into();
    Bound {
        may_sign: !has_flags || statement.key_flags().sign(),
        expires: (lifetime > 0).then(|| created + Time::from(lifetime)),
    }
}

/// The time now.
pub(crate) fn now() -> Time {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |it| it.as_secs())
}
