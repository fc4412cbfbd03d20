//! Why something could not be signed, or a key not be read.

use std::io;
use std::path::PathBuf;

/// Why something could not be signed, or a key not be read.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// A file of keys, or with a passphrase, could not be read.
    #[error("cannot read {}", path.display())]
    ReadFile {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file holds no keys, or damaged ones.
    #[error("{} is no file of OpenPGP keys: {reason}", path.display())]
    BadKeys {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// None of the keys of a file may make signatures.
    #[error("{} holds no secret key that can sign", path.display())]
    NoSigningKey {
        /// Which.
        path: PathBuf,
    },
    /// A key is protected by another passphrase than was given, or by one where none was given.
    #[error("cannot unlock the key in {}: {}", path.display(), if *was_given { "the passphrase is wrong" } else { "it wants a passphrase" })]
    Locked {
        /// The file of the key.
        path: PathBuf,
        /// Whether there was a passphrase.
        was_given: bool,
    },
    /// What is to be signed or checked could not be read.
    #[error("cannot read what is signed")]
    ReadData(#[source] io::Error),
    /// There is no place for what a program makes.
    #[error("cannot make a temporary directory for signatures")]
    Scratch(#[source] io::Error),
    /// The command that signs makes no sense.
    #[error("invalid sign command: `{0}`")]
    BadCommand(String),
    /// A program could not be started.
    #[error("cannot run {program}")]
    Start {
        /// Which.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} failed to sign ({status}){}", if output.is_empty() { String::new() } else { format!(":\n{output}") })]
    Failed {
        /// Which.
        program: String,
        /// How it ended.
        status: String,
        /// What it said, without the last line end.
        output: String,
    },
    /// A program ended well and left no signature.
    #[error("{program} left no signature")]
    NoSignature {
        /// Which.
        program: String,
    },
    /// A signature is damaged, or of a kind that is not known.
    #[error("invalid OpenPGP signature: {0}")]
    BadSignature(String),
    /// A key could not make a signature.
    #[error("cannot sign: {0}")]
    Key(String),
}
