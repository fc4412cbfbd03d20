//! From a package to header entries and a payload plan. Pure: nothing is read. Which tag holds what of
//! the package is the business of crate `header`; here is what its file adds.
//!
//! Not here: what is known only after the payload has been written, which `write` fills in: the
//! digests of files and payload, and how long the payload is.

mod features;
pub(crate) mod limits;
mod packing;
mod told;

use archive::Algorithm;
use header::Header;
use package::{Package, WriteError};

use crate::compression::{self, Payload};
use crate::options::Options;
use crate::payload::{self, Plan};

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
    let features = features::needed(package, options, &payload);
    let mut header = header::of_package(package, &features);
    packing::lower_into(&mut header, package, options);
    packing::lower_payload_into(&mut header, &payload, package.build.format);
    Ok(Lowered {
        header,
        plan: payload::plan(package),
        payload,
    })
}

/// The digest of each file's content.
pub(crate) fn digest_algorithm(package: &Package, options: &Options) -> Algorithm {
    match package.is_source() {
        true => options.source_file_digest,
        false => options.binary_file_digest,
    }
}
