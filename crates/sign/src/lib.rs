//! OpenPGP signatures: making them, with a program or a key file, and checking them with key rings.
//!
//! A [`Signer`] makes detached signatures of streams, as packages carry them, and signs texts in the
//! clear, as Debian's control files are signed. A [`Keyring`] says what is to be thought of a
//! [`Signature`].
//!
//! Not here: where a package keeps its signatures, and which macros choose the signer.
//!
//! Source: RFC 9580; rpmsign(1).

mod armor;
mod clear;
mod error;
mod key;
mod keyring;
mod known;
mod program;
mod signature;
mod signer;

pub use armor::{ArmorFault, public_key_block};
pub use error::SignError;
pub use key::SecretKey;
pub use keyring::{Keyring, Opinion};
pub use program::{Output, Program};
pub use signature::{Signature, Slot};
pub use signer::{Signer, clear_sign};
