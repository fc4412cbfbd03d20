//! From a package to header entries and a payload plan. Pure: nothing is read.
//!
//! Not here: what is known only after the payload has been written, which `write` fills in: the
//! digests of files and payload, and how long the payload is.

mod classes;
mod extras;
mod facts;
mod features;
mod files;
pub(crate) mod limits;
mod paths;
mod relations;
mod scripts;
mod sources;
mod texts;
mod told;

use package::{Package, WriteError};

use crate::compression::{self, Payload};
use crate::header::Header;
use crate::options::Options;
use crate::payload::{self, Plan};

pub(crate) use files::{device, digest_algorithm, inodes, mode, needs_large_sizes};
pub(crate) use paths::split;
pub use told::dependency_lines;

/// A package in rpm's terms.
pub struct Lowered<'p> {
    /// The main header, without digests.
    pub header: Header,
    pub(crate) plan: Plan<'p>,
    pub(crate) payload: Payload,
}

/// Lowers a package.
///
/// Fails if the options ask for an unknown compression, or the package has what the format cannot
/// hold, such as more than 2³² files.
pub fn lower<'p>(package: &'p Package, options: &Options) -> Result<Lowered<'p>, WriteError> {
    let payload = compression::of_payload(package, options)?;
    let mut header = Header::default();
    texts::lower_into(&mut header, package);
    facts::lower_into(&mut header, package, options);
    facts::lower_payload_into(&mut header, &payload, package.build.format);
    sources::lower_into(&mut header, package);
    extras::lower_into(&mut header, &package.extras);
    scripts::lower_into(&mut header, package);
    files::lower_into(&mut header, package, options);
    paths::lower_into(&mut header, package);
    classes::lower_into(&mut header, package);
    let features = features::needed(package, options, &payload);
    relations::lower_into(&mut header, package, &features);
    Ok(Lowered {
        header,
        plan: payload::plan(package),
        payload,
    })
}

/// What rpm's 32-bit signed and unsigned times hold of a time: seconds from 1970 to 2106.
pub(crate) fn lower_time(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}
