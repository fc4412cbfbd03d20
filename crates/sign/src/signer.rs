//! Who signs: a program that keeps keys of its own, or a key out of a file.

use std::io::Read;

use crate::{Program, SecretKey, SignError, Signature, clear};

/// Who signs.
#[derive(Debug)]
pub enum Signer {
    /// GnuPG, Sequoia or another program.
    Program(Program),
    /// A key out of a file.
    Key(Box<SecretKey>),
}

impl Signer {
    /// A detached signature of all that `data` holds, which is read as a stream.
    pub fn sign(&self, data: &mut dyn Read) -> Result<Signature, SignError> {
        match self {
            Self::Program(program) => Signature::parse(&program.sign(data)?),
            Self::Key(key) => key.sign(data),
        }
    }
}

/// A text signed in the clear, as `.dsc` and `.changes` files are: the text is part of the result and
/// can be read without any program.
///
/// Source: RFC 9580, section 7; dsc(5).
pub fn clear_sign(text: &str, signer: &Signer) -> Result<String, SignError> {
    match signer {
        Signer::Program(program) => program.clear_sign(text),
        Signer::Key(key) => clear::sign(text, key),
    }
}
