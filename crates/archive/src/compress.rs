//! Compressed output: one encoder over any `Write`, for every method that .rpm and .deb know.
//!
//! Bytes never depend on the number of cores: zstd always runs with at least one worker and with a
//! job size chosen here, xz always in blocks of a size chosen here. Reading is in `decompress`.

use std::io::{self, Write};
use std::num::NonZeroU32;

use flate2::write::GzEncoder;
use liblzma::stream::{Check, LzmaOptions, MtStreamBuilder, Stream};
use liblzma::write::XzEncoder;
use zstd::zstd_safe::CParameter;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Stored as they are.
    None,
    /// gzip (RFC 1952), one member, without name and time.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz, in blocks of a fixed size.
    Xz,
    /// The legacy `.lzma` container.
    Lzma,
    /// Zstandard (RFC 8878), one frame.
    Zstd,
}

/// A compression method with its settings. `None` stands for the method's own default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Compression {
    /// How.
    pub method: Method,
    /// Effort; a level outside the method's range is brought to the nearest end of it.
    pub level: Option<i32>,
    /// Worker threads of zstd and xz; all cores (up to eight) if not given. Does not change bytes.
    pub threads: Option<NonZeroU32>,
    /// Base-2 logarithm of the window for zstd's long-distance matching; off if not given.
    pub window: Option<u32>,
}

impl Compression {
    /// A method at its default level.
    pub const fn new(method: Method) -> Self {
        Self {
            method,
            level: None,
            threads: None,
            window: None,
        }
    }

    /// The same at another level.
    #[must_use]
    pub const fn with_level(self, level: i32) -> Self {
        Self {
            level: Some(level),
            ..self
        }
    }

    /// The same with at most so many worker threads.
    #[must_use]
    pub fn with_at_most(self, threads: Option<NonZeroU32>) -> Self {
        let both = self.threads.into_iter().chain(threads);
        Self {
            threads: both.min(),
            ..self
        }
    }

    /// How many threads the compression of so many bytes can keep busy: one for each piece that is
    /// compressed by itself.
    pub fn useful_threads(&self, bytes: u64) -> NonZeroU32 {
        let pieces = match (self.method, self.window) {
            (Method::Zstd, Some(window)) => bytes.div_ceil(4 << window.clamp(10, 31)),
            (Method::Zstd, None) => bytes.div_ceil(zstd_job_size(self.zstd_level()).into()),
            (Method::Xz, _) => bytes.div_ceil(xz_block_size(self.xz_preset())),
            _ => 1,
        };
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        NonZeroU32::new(pieces).unwrap_or(NonZeroU32::MIN)
    }

    fn zstd_level(&self) -> i32 {
        let range = zstd::compression_level_range();
        self.level_in(*range.start(), 3, *range.end())
    }

    fn xz_preset(&self) -> u32 {
        self.level_in(0, 6, 9) as u32
    }

    /// Number of worker threads to use: as asked, else all cores up to eight.
    fn workers(&self) -> u32 {
        let cores = || std::thread::available_parallelism().map_or(1, |it| it.get().min(8) as u32);
        self.threads.map_or_else(cores, |it| it.get().min(64))
    }

    /// The level to use: as asked, brought into `lowest..=highest`, else `default`.
    fn level_in(&self, lowest: i32, default: i32, highest: i32) -> i32 {
        self.level.unwrap_or(default).clamp(lowest, highest)
    }
}

/// Bytes collected before the compressor is called, so that small writes stay cheap. A stream that
/// ends within them is compressed with tables as small as it is: those of high levels take longer to
/// clear than a small package takes for all the rest.
const BATCH: usize = 128 * 1024;
/// The same for zstd once it has begun, which collects whole jobs itself.
const ZSTD_BATCH: usize = 16 * 1024;

/// A `Write` that compresses into another one. Call [`Encoder::finish`] at the end.
pub struct Encoder<W: Write> {
    compression: Compression,
    held: Vec<u8>,
    stage: Stage<W>,
}

enum Stage<W: Write> {
    /// Nothing has gone to a compressor yet.
    Held(W),
    Begun(Box<Inner<W>>),
    /// The compressor could not be set up.
    Failed,
}

enum Inner<W: Write> {
    None(W),
    Gzip(GzEncoder<W>),
    Bzip2(bzip2::write::BzEncoder<W>),
    Xz(XzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Encoder<W> {
    /// Starts a compressed stream into `out`.
    pub fn new(compression: &Compression, out: W) -> Self {
        Self {
            compression: *compression,
            held: Vec::with_capacity(BATCH),
            stage: Stage::Held(out),
        }
    }

    /// The compressor, set up if need be; `size` is that of the whole stream if it is known.
    fn begin(&mut self, size: Option<u64>) -> io::Result<&mut Inner<W>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Failed) {
            Stage::Held(out) => Stage::Begun(Box::new(Inner::new(&self.compression, out, size)?)),
            other => other,
        };
        match &mut self.stage {
            Stage::Begun(inner) => Ok(inner),
            _ => Err(io::Error::other("the compressor could not be set up")),
        }
    }

    /// Bytes that may be held back.
    fn room(&self) -> usize {
        match (&self.stage, self.compression.method) {
            (Stage::Begun(_), Method::Zstd) => ZSTD_BATCH,
            _ => BATCH,
        }
    }

    /// Hands what is held back to the compressor.
    fn pass_on(&mut self, size: Option<u64>) -> io::Result<&mut Inner<W>> {
        let mut held = std::mem::take(&mut self.held);
        self.begin(size)?.write_all(&held)?;
        held.clear();
        self.held = held;
        self.begin(size)
    }

    /// Writes what is still held back and the stream's end; gives the output back.
    ///
    /// Fails, as writing does, if the compressor cannot be set up, for instance for want of memory.
    pub fn finish(mut self) -> io::Result<W> {
        let size = self.held.len() as u64;
        self.pass_on(Some(size))?;
        match self.stage {
            Stage::Begun(inner) => inner.finish(),
            Stage::Held(_) | Stage::Failed => Err(io::ErrorKind::Other.into()),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room();
        if self.held.len() + bytes.len() > room {
            let inner = self.pass_on(None)?;
            if bytes.len() >= room {
                inner.write_all(bytes)?;
                return Ok(bytes.len());
            }
        }
        self.held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: the compressor keeps its own state, so that flushing does not change the bytes.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Inner<W> {
    fn new(compression: &Compression, out: W, size: Option<u64>) -> io::Result<Self> {
        Ok(match compression.method {
            Method::None => Self::None(out),
            Method::Gzip => Self::Gzip(gzip(compression, out)),
            Method::Bzip2 => Self::Bzip2(bzip2_encoder(compression, out)),
            Method::Xz => Self::Xz(XzEncoder::new_stream(out, xz_stream(compression, size)?)),
            Method::Lzma => Self::Xz(XzEncoder::new_stream(out, lzma_stream(compression)?)),
            Method::Zstd => Self::Zstd(zstd_encoder(compression, out, size)?),
        })
    }

    fn finish(self) -> io::Result<W> {
        match self {
            Self::None(out) => Ok(out),
            Self::Gzip(it) => it.finish(),
            Self::Bzip2(it) => it.finish(),
            Self::Xz(it) => it.finish(),
            Self::Zstd(it) => it.finish(),
        }
    }
}

impl<W: Write> Write for Inner<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(it) => it.write(bytes),
            Self::Gzip(it) => it.write(bytes),
            Self::Bzip2(it) => it.write(bytes),
            Self::Xz(it) => it.write(bytes),
            Self::Zstd(it) => it.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn gzip<W: Write>(compression: &Compression, out: W) -> GzEncoder<W> {
    let level = compression.level_in(0, 6, 9);
    flate2::GzBuilder::new()
        .mtime(0)
        .write(out, flate2::Compression::new(level as u32))
}

fn bzip2_encoder<W: Write>(compression: &Compression, out: W) -> bzip2::write::BzEncoder<W> {
    let level = compression.level_in(1, 9, 9);
    bzip2::write::BzEncoder::new(out, bzip2::Compression::new(level as u32))
}

/// Bytes per xz block: three times the preset's dictionary, as liblzma's own default, but written
/// down here so that another liblzma makes the same bytes.
fn xz_block_size(preset: u32) -> u64 {
    const DICTIONARY_MIB: [u64; 10] = [1, 1, 2, 4, 4, 8, 8, 16, 32, 64];
    DICTIONARY_MIB[preset.min(9) as usize] * 3 * 1024 * 1024
}

fn xz_stream(compression: &Compression, size: Option<u64>) -> io::Result<Stream> {
    let preset = compression.xz_preset();
    let stream = MtStreamBuilder::new()
        .threads(size.map_or_else(|| compression.workers(), |_| 1))
        .preset(preset)
        .block_size(xz_block_size(preset))
        .check(Check::Crc64)
        .encoder()?;
    Ok(stream)
}

fn lzma_stream(compression: &Compression) -> io::Result<Stream> {
    let preset = compression.xz_preset();
    Ok(Stream::new_lzma_encoder(&LzmaOptions::new_preset(preset)?)?)
}

/// Bytes per zstd job. Smaller than the library's default (four windows) up to level 9, so that
/// eight workers stay within some 60 MB.
fn zstd_job_size(level: i32) -> u32 {
    let mebibytes = match level {
        ..=4 => 2,
        5..=9 => 4,
        10..=15 => 8,
        _ => 32,
    };
    mebibytes * 1024 * 1024
}

fn zstd_encoder<W: Write>(
    compression: &Compression,
    out: W,
    size: Option<u64>,
) -> io::Result<zstd::Encoder<'static, W>> {
    let level = compression.zstd_level();
    let mut encoder = zstd::Encoder::new(out, level)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(size)?;
    encoder.multithread(compression.workers())?;
    match compression.window {
        Some(window) => {
            encoder.long_distance_matching(true)?;
            encoder.window_log(window.clamp(10, 31))?;
        }
        None => encoder.set_parameter(CParameter::JobSize(zstd_job_size(level)))?,
    }
    Ok(encoder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Decoder;
    use std::io::Read;

    const METHODS: [Method; 6] = [
        Method::None,
        Method::Gzip,
        Method::Bzip2,
        Method::Xz,
        Method::Lzma,
        Method::Zstd,
    ];

    fn sample(length: usize) -> Vec<u8> {
        let mut state = 1u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"abcdefgh"[(state >> 29) as usize]
        };
        (0..length).map(step).collect()
    }

    fn pack(compression: &Compression, content: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new(compression, Vec::new());
        for piece in content.chunks(1000) {
            encoder.write_all(piece).unwrap();
        }
        encoder.finish().unwrap()
    }

    fn unpack(packed: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        Decoder::new(packed)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        content
    }

    #[test]
    fn every_method_round_trips() {
        let content = sample(300_000);
        for method in METHODS {
            let packed = pack(&Compression::new(method), &content);
            assert_eq!(unpack(&packed), content, "{method:?}");
            assert!(
                method == Method::None || packed.len() < content.len() / 2,
                "{method:?}"
            );
        }
    }

    #[test]
    fn streams_around_a_batch_round_trip() {
        for method in [Method::Gzip, Method::Xz, Method::Zstd] {
            for length in [BATCH - 1, BATCH, BATCH + 1, BATCH + 1000] {
                let content = sample(length);
                let packed = pack(&Compression::new(method), &content);
                assert!(unpack(&packed) == content, "{method:?}, {length} bytes");
            }
        }
    }

    #[test]
    fn an_empty_stream_round_trips() {
        for method in METHODS {
            let packed = pack(&Compression::new(method), b"");
            assert_eq!(unpack(&packed), b"", "{method:?}");
        }
    }

    #[test]
    fn bytes_do_not_depend_on_the_number_of_threads() {
        let content = sample(7 << 20);
        for (method, level) in [(Method::Zstd, 1), (Method::Zstd, 3), (Method::Xz, 0)] {
            let with = |threads| Compression {
                threads: NonZeroU32::new(threads),
                ..Compression::new(method).with_level(level)
            };
            let one = pack(&with(1), &content);
            assert!(
                one == pack(&with(2), &content),
                "{method:?} with two threads"
            );
            assert!(
                one == pack(&with(5), &content),
                "{method:?} with five threads"
            );
        }
    }

    #[test]
    fn a_level_out_of_range_is_the_nearest_one() {
        let content = sample(20_000);
        let at = |level| pack(&Compression::new(Method::Gzip).with_level(level), &content);
        assert_eq!(at(15), at(9));
        assert_ne!(at(1), at(9));
    }

    #[test]
    fn a_long_window_finds_what_lies_far_back() {
        let mut content = sample(12 << 20);
        content.extend_from_within(..);
        let plain = Compression::new(Method::Zstd).with_level(1);
        let long = pack(
            &Compression {
                window: Some(27),
                ..plain
            },
            &content,
        );
        assert!(long.len() < pack(&plain, &content).len() * 6 / 10);
        assert!(unpack(&long) == content);
    }
}
