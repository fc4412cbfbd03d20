//! Blocks of tar archives. Few changed headers would pass with the checksums they had before, so
//! they get the right ones.

use std::ops::Range;

/// Bytes of a block of a tar archive.
const BLOCK: usize = 512;
/// Where its checksum is.
const CHECKSUM: Range<usize> = 148..156;

/// Text up to the first zero byte, and what follows that.
pub fn parts(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.iter().position(|byte| *byte == 0);
    let (text, blocks) = input.split_at(end.unwrap_or(input.len()));
    (text, blocks.get(1..).unwrap_or_default())
}

/// The blocks, each with the checksum that it would have as a header.
pub fn sealed(blocks: &[u8]) -> Vec<u8> {
    let mut archive = Vec::with_capacity(blocks.len() + BLOCK);
    for block in blocks.chunks(BLOCK) {
        let mut whole = [0; BLOCK];
        whole[..block.len()].copy_from_slice(block);
        if whole.iter().any(|byte| *byte != 0) {
            whole[CHECKSUM].fill(b' ');
            let sum: u32 = whole.iter().map(|byte| u32::from(*byte)).sum();
            whole[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        archive.extend_from_slice(&whole);
    }
    archive
}
