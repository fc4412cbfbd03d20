//! Reading one member of an archive, whatever the archive's form.

use std::io::{self, Read};

/// Reads what is `left` of the member at hand, and moves on in it and in the archive (`offset`).
///
/// Fails if the archive ends within the member.
pub(crate) fn read_rest(
    input: &mut impl Read,
    left: &mut u64,
    offset: &mut u64,
    buffer: &mut [u8],
) -> io::Result<usize> {
    let room = usize::try_from(*left).unwrap_or(usize::MAX);
    let wanted = buffer.len().min(room);
    if wanted == 0 {
        // Decoders take an empty buffer for one that is full.
        return Ok(0);
    }
    let count = input.read(&mut buffer[..wanted])?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    *left -= count as u64;
    *offset += count as u64;
    Ok(count)
}
