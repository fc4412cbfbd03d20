//! Byte plumbing for the package writers: compression, digests, temporary spools, and the three
//! archive containers (`cpio` for .rpm payloads, `tar` and `ar` for .deb members).
//!
//! Nothing here knows what a package is. Everything streams: memory does not grow with the size of
//! what is packed, and the bytes written do not depend on the number of processor cores.

mod ar;
mod ar_reader;
mod atomic;
mod batch;
mod compress;
pub mod cpio;
mod decompress;
mod digest;
mod error;
pub mod feed;
mod member;
mod payload_flags;
mod pump;
mod spool;
pub mod tar;
mod threads;

pub use ar::ArWriter;
pub use ar_reader::ArReader;
pub use atomic::AtomicFile;
pub use batch::{Batch, abandon_batches};
pub use compress::{Compression, Encoder, Method};
pub use decompress::Decoder;
pub use digest::{Algorithm, DigestReader, DigestSet, DigestWriter, Digests, digest_bytes};
pub use error::Error;
pub use payload_flags::PayloadFlagsError;
pub use pump::pump;
pub use spool::{Spool, Spooled, TemporaryFault};
pub use threads::in_threads;
