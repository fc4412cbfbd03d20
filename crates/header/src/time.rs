//! Times, as headers and payloads hold them.

/// What rpm's 32-bit signed and unsigned times hold of a time: seconds from 1970 to 2106.
pub fn lower_time(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}
