//! The lead: 96 bytes that file(1) knows a package by; rpm itself looks at the magic only.
//!
//! Source: rpm `docs/manual/format_lead.md`.

use package::{Package, RpmFormat};

/// Bytes of the lead.
pub(crate) const LENGTH: usize = 96;
/// What every lead begins with.
pub(crate) const MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
/// Where the name stands; 66 bytes, the last a NUL.
const NAME: usize = 10;
const NAME_ROOM: usize = 65;

/// The lead of a package. Its version lags behind the format's.
pub(crate) fn encode(package: &Package) -> [u8; LENGTH] {
    let mut lead = [0; LENGTH];
    lead[..4].copy_from_slice(&MAGIC);
    lead[4] = match package.build.format {
        RpmFormat::V4 => 3,
        RpmFormat::V6 => 4,
    };
    lead[7] = u8::from(package.is_source());
    let name = format!("{}-{}", package.name, package.evr);
    let length = name.len().min(NAME_ROOM);
    lead[NAME..NAME + length].copy_from_slice(&name.as_bytes()[..length]);
    // Signature type: a header structure.
    lead[79] = 5;
    lead
}
