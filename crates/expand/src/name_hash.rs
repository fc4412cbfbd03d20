//! The hash of a macro's name.

use std::hash::Hasher;

/// The hash that the entries of a library are sorted by.
pub(crate) fn hash(name: &str) -> u32 {
    let mut hasher = NameHasher::default();
    hasher.write(name.as_bytes());
    let bytes = hasher.finish().to_le_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// FNV-1a: names are short and come from specs that run code anyway, so speed is all that counts.
#[derive(Clone)]
pub(crate) struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}
