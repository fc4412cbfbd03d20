//! Whole files and streams, up to a limit.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Reads a file of at most so many bytes; a longer one is an error. Devices and FIFOs are read as far.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > most {
        return Err(too_large(most));
    }
    // As `fs::read` does, one byte more to notice the end. A device has no length.
    let expected = metadata.len().min(most) + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
    read_into(&mut bytes, file, most)?;
    Ok(bytes)
}

/// Reads a file that has to be UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let text = String::from_utf8(read(path, most)?);
    text.map_err(|_| io::Error::new(ErrorKind::InvalidData, "stream did not contain valid UTF-8"))
}

/// Reads a stream to its end, up to a limit.
pub fn read_from(stream: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_into(&mut bytes, stream, most)?;
    Ok(bytes)
}

fn read_into(bytes: &mut Vec<u8>, stream: impl Read, most: u64) -> io::Result<()> {
    stream.take(most.saturating_add(1)).read_to_end(bytes)?;
    match bytes.len() as u64 > most {
        true => Err(too_large(most)),
        false => Ok(()),
    }
}

fn too_large(most: u64) -> io::Error {
    let message = match most >> 20 {
        0 => format!("it is larger than {most} bytes"),
        mebibytes => format!("it is larger than {mebibytes} MiB"),
    };
    io::Error::new(ErrorKind::FileTooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_its_limit_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello").unwrap();
        assert_eq!(read(file.path(), 5).unwrap(), b"hello");
        let error = read(file.path(), 4).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 4 bytes");
        let device = read(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(device.to_string(), "it is larger than 1 MiB");
        assert_eq!(read_from(&b"hello"[..], 5).unwrap(), b"hello");
        assert!(read_from(io::repeat(0), 1000).is_err());
        assert_eq!(read_text(file.path(), 5).unwrap(), "hello");
        std::fs::write(file.path(), [0xff]).unwrap();
        assert_eq!(
            read_text(file.path(), 5).unwrap_err().kind(),
            ErrorKind::InvalidData
        );
    }
}
