//! Compressed input: the method is recognised by the stream's first bytes.

use std::io::{self, BufRead, BufReader, Read};

use crate::compress::Method;

/// The first bytes of a stream and the method they stand for.
const MAGIC: [(&[u8], Method); 5] = [
    (&[0x1f, 0x8b], Method::Gzip),
    (b"BZh", Method::Bzip2),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], Method::Xz),
    (&[0x5d, 0, 0], Method::Lzma),
    (&[0x28, 0xb5, 0x2f, 0xfd], Method::Zstd),
];

/// Largest zstd window accepted, as a power of two: what `--long` and rpm write at most by default.
const ZSTD_WINDOW_LIMIT: u32 = 27;

/// Memory a reader may ask of liblzma, in bytes: enough for `xz -9`.
const XZ_MEMORY_LIMIT: u64 = 256 * 1024 * 1024;

/// A `Read` over the uncompressed bytes of any stream this crate can write.
///
/// Streams without a known magic are passed through as they are.
pub struct Decoder<'r> {
    inner: Box<dyn Read + 'r>,
    method: Method,
}

impl<'r> Decoder<'r> {
    /// Looks at the first bytes of `input` and starts the fitting decompressor.
    pub fn new(input: impl Read + 'r) -> io::Result<Self> {
        let mut input = BufReader::new(input);
        let method = recognise(input.fill_buf()?);
        let inner: Box<dyn Read + 'r> = match method {
            Method::None => Box::new(input),
            Method::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
            Method::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
            Method::Xz | Method::Lzma => Box::new(xz(input)?),
            Method::Zstd => Box::new(zstd(input)?),
        };
        Ok(Self { inner, method })
    }

    /// The method recognised.
    pub fn method(&self) -> Method {
        self.method
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

fn recognise(start: &[u8]) -> Method {
    MAGIC
        .iter()
        .find(|(magic, _)| start.starts_with(magic))
        .map_or(Method::None, |it| it.1)
}

fn xz<'r>(input: impl BufRead + 'r) -> io::Result<impl Read + 'r> {
    let stream =
        liblzma::stream::Stream::new_auto_decoder(XZ_MEMORY_LIMIT, liblzma::stream::CONCATENATED)?;
    Ok(liblzma::bufread::XzDecoder::new_stream(input, stream))
}

fn zstd<'r>(input: impl BufRead + 'r) -> io::Result<impl Read + 'r> {
    let mut decoder = zstd::Decoder::with_buffer(input)?;
    decoder.window_log_max(ZSTD_WINDOW_LIMIT)?;
    Ok(decoder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_streams_are_errors() {
        for start in [
            &b"\x1f\x8b\x08\x00\x00"[..],
            b"BZh9xxxxxxxxxx",
            b"\x28\xb5\x2f\xfd\x00",
        ] {
            let mut sink = Vec::new();
            let outcome = Decoder::new(start).and_then(|mut it| it.read_to_end(&mut sink));
            assert!(outcome.is_err(), "{start:?}");
        }
    }

    #[test]
    fn unknown_bytes_pass_through() {
        let mut content = Vec::new();
        let mut decoder = Decoder::new(&b"plain"[..]).unwrap();
        decoder.read_to_end(&mut content).unwrap();
        assert_eq!(
            (decoder.method(), &content[..]),
            (Method::None, &b"plain"[..])
        );
    }
}
