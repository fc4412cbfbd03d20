//! Counting and digesting bytes as they pass, several algorithms in one go.

mod md5_lanes;

use std::io::{self, Read, Write};

use sha2::Digest as _;

/// A digest algorithm that package formats use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// MD5, 16 bytes.
    Md5,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-224, 28 bytes.
    Sha224,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
    /// SHA3-256, 32 bytes.
    Sha3_256,
    /// SHA3-512, 64 bytes.
    Sha3_512,
}

#[derive(Clone)]
enum Hasher {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
    Sha3_256(sha3::Sha3_256),
    Sha3_512(sha3::Sha3_512),
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5(md5::Md5::new()),
            Algorithm::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Algorithm::Sha224 => Self::Sha224(sha2::Sha224::new()),
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            Algorithm::Sha3_256 => Self::Sha3_256(sha3::Sha3_256::new()),
            Algorithm::Sha3_512 => Self::Sha3_512(sha3::Sha3_512::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(it) => it.update(bytes),
            Self::Sha1(it) => it.update(bytes),
            Self::Sha224(it) => it.update(bytes),
            Self::Sha256(it) => it.update(bytes),
            Self::Sha384(it) => it.update(bytes),
            Self::Sha512(it) => it.update(bytes),
            Self::Sha3_256(it) => it.update(bytes),
            Self::Sha3_512(it) => it.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Md5(it) => it.finalize().to_vec(),
            Self::Sha1(it) => it.finalize().to_vec(),
            Self::Sha224(it) => it.finalize().to_vec(),
            Self::Sha256(it) => it.finalize().to_vec(),
            Self::Sha384(it) => it.finalize().to_vec(),
            Self::Sha512(it) => it.finalize().to_vec(),
            Self::Sha3_256(it) => it.finalize().to_vec(),
            Self::Sha3_512(it) => it.finalize().to_vec(),
        }
    }
}

/// Running digests of one stream, and its length so far.
#[derive(Clone)]
pub struct DigestSet {
    hashers: Vec<(Algorithm, Hasher)>,
    length: u64,
}

impl DigestSet {
    /// Starts one digest per algorithm; with none, only the length is counted.
    pub fn new(algorithms: &[Algorithm]) -> Self {
        let hashers = algorithms
            .iter()
            .map(|it| (*it, Hasher::new(*it)))
            .collect();
        Self { hashers, length: 0 }
    }

    /// Takes in the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        for (_, hasher) in &mut self.hashers {
            hasher.update(bytes);
        }
    }

    /// Bytes taken in so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Ends all digests.
    pub fn finish(self) -> Digests {
        let values = self
            .hashers
            .into_iter()
            .map(|(it, hasher)| (it, hasher.finish()))
            .collect();
        Digests {
            values,
            length: self.length,
        }
    }
}

/// Length and digests of a stream that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    values: Vec<(Algorithm, Vec<u8>)>,
    length: u64,
}

impl Digests {
    /// Length of the stream in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The digest's bytes; empty if this algorithm was not asked for.
    pub fn bytes(&self, algorithm: Algorithm) -> &[u8] {
        let found = self.values.iter().find(|(it, _)| *it == algorithm);
        found.map_or(&[], |(_, value)| value)
    }

    /// The digest in lower-case hexadecimal; empty if this algorithm was not asked for.
    pub fn hex(&self, algorithm: Algorithm) -> String {
        let bytes = self.bytes(algorithm);
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        text
    }
}

/// Length and digests of bytes that are all at hand.
pub fn digest_bytes(algorithms: &[Algorithm], bytes: &[u8]) -> Digests {
    let mut set = DigestSet::new(algorithms);
    set.update(bytes);
    set.finish()
}

/// Lengths and digests of several messages, in their order; side by side where that is faster.
pub(crate) fn digest_all(algorithms: &[Algorithm], messages: &[&[u8]]) -> Vec<Digests> {
    if algorithms != [Algorithm::Md5] {
        let each = messages.iter().map(|bytes| digest_bytes(algorithms, bytes));
        return each.collect();
    }
    let digests = md5_lanes::md5(messages).into_iter().zip(messages);
    let digests = digests.map(|(digest, bytes)| Digests {
        values: vec![(Algorithm::Md5, digest.to_vec())],
        length: bytes.len() as u64,
    });
    digests.collect()
}

/// A `Write` that digests what passes on to another one.
pub struct DigestWriter<W> {
    out: W,
    set: DigestSet,
}

impl<W: Write> DigestWriter<W> {
    /// Digests what is written to `out` from now on.
    pub fn new(algorithms: &[Algorithm], out: W) -> Self {
        Self {
            out,
            set: DigestSet::new(algorithms),
        }
    }

    /// Bytes written so far.
    pub fn length(&self) -> u64 {
        self.set.length()
    }

    /// Ends the digests and gives the output back.
    pub fn finish(self) -> (W, Digests) {
        (self.out, self.set.finish())
    }
}

impl<W: Write> Write for DigestWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.set.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A `Read` that digests what is read through it.
pub struct DigestReader<R> {
    input: R,
    set: DigestSet,
}

impl<R: Read> DigestReader<R> {
    /// Digests what is read from `input` from now on.
    pub fn new(algorithms: &[Algorithm], input: R) -> Self {
        Self {
            input,
            set: DigestSet::new(algorithms),
        }
    }

    /// Ends the digests; bytes that were not read do not count.
    pub fn finish(self) -> Digests {
        self.set.finish()
    }
}

impl<R: Read> Read for DigestReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.set.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests of "abc", as FIPS 180-4 and 202 and RFC 1321 print them.
    #[test]
    fn digests_of_abc() {
        let all = [
            Algorithm::Md5,
            Algorithm::Sha1,
            Algorithm::Sha224,
            Algorithm::Sha256,
            Algorithm::Sha3_256,
            Algorithm::Sha3_512,
        ];
        let digests = digest_bytes(&all, b"abc");
        assert_eq!(
            digests.hex(Algorithm::Md5),
            "900150983cd24fb0d6963f7d28e17f72"
        );
        assert_eq!(
            digests.hex(Algorithm::Sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(
            digests.hex(Algorithm::Sha224),
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"
        );
        assert_eq!(
            digests.hex(Algorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digests.hex(Algorithm::Sha3_256),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
        );
        assert!(
            digests
                .hex(Algorithm::Sha3_512)
                .starts_with("b751850b1a57168a")
        );
        assert_eq!(digests.hex(Algorithm::Sha512), "", "not asked for");
        assert_eq!(digests.length(), 3);
    }

    #[test]
    fn reader_and_writer_agree() {
        let content = vec![7u8; 100_000];
        let mut writer = DigestWriter::new(&[Algorithm::Sha384], Vec::new());
        writer.write_all(&content).unwrap();
        let (copy, written) = writer.finish();
        let mut reader = DigestReader::new(&[Algorithm::Sha384], &copy[..]);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert_eq!(reader.finish(), written);
        assert_eq!(
            (written.length(), written.bytes(Algorithm::Sha384).len()),
            (100_000, 48)
        );
    }
}
