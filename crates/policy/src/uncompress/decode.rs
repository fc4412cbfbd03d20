//! Reading a compressed file as a stream of what it holds.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

use super::external;
use super::format::Format;
use super::plan;
use crate::call::Environment;
use crate::error::{Doing, Error};

/// Bytes handed over at a time.
const BLOCK: usize = 1 << 18;
/// Blocks that may wait to be taken.
const BLOCKS_AHEAD: usize = 4;

/// Opens `path` and uncompresses what is read from it. Archives are read as they are.
pub(crate) fn open(
    path: &Path,
    format: Format,
    environment: &Environment,
) -> Result<Box<dyn Read + Send>, Error> {
    let command = plan::replaced(environment, format)
        .or_else(|| external::decompressor(format).map(str::to_owned));
    if let Some(command) = command {
        return external::read(environment, &command, path);
    }
    let file = BufReader::with_capacity(BLOCK, File::open(path).doing("open", path)?);
    Ok(match format {
        Format::Gzip => Box::new(Gzip {
            member: Some(flate2::bufread::GzDecoder::new(file)),
        }),
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(file)),
        Format::Xz => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(file)),
        Format::Lzma => {
            let stream = liblzma::stream::Stream::new_lzma_decoder(u64::MAX);
            let stream = stream.map_err(io::Error::from).doing("uncompress", path)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(file, stream))
        }
        Format::Zstd => {
            Box::new(zstd::stream::read::Decoder::with_buffer(file).doing("uncompress", path)?)
        }
        _ => Box::new(file),
    })
}

/// Any number of gzip members one after the other. What follows the last one and is no member
/// (tapes and some web servers pad files with zeros) is ignored, as `gzip` does.
struct Gzip<R: BufRead> {
    member: Option<flate2::bufread::GzDecoder<R>>,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let mut rest = match self.member.take() {
                Some(member) => member.into_inner(),
                None => return Ok(0),
            };
            if rest.fill_buf()?.starts_with(b"\x1f\x8b") {
                self.member = Some(flate2::bufread::GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// A stream that another thread reads ahead, so that uncompressing and writing files overlap.
pub(super) struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    current: io::Cursor<Vec<u8>>,
}

/// Starts reading `input` ahead. The thread ends with the input, or when the reader is dropped.
pub(super) fn ahead(mut input: Box<dyn Read + Send>) -> io::Result<Ahead> {
    let (sender, blocks) = sync_channel(BLOCKS_AHEAD);
    let builder = std::thread::Builder::new().name("read-ahead".into());
    builder.spawn(move || {
        loop {
            let mut block = Vec::with_capacity(BLOCK);
            let result = input.by_ref().take(BLOCK as u64).read_to_end(&mut block);
            let last = !matches!(result, Ok(BLOCK));
            if sender.send(result.map(|_| block)).is_err() || last {
                break;
            }
        }
    })?;
    Ok(Ahead {
        blocks,
        current: io::Cursor::default(),
    })
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.current.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.blocks.recv() {
                Ok(block) => self.current = io::Cursor::new(block?),
                Err(_) => return Ok(0),
            }
        }
    }
}
