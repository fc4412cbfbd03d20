//! Reading on a thread of its own, for those who need all bytes of a stream once more.

use std::io::{ErrorKind, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::error::Error;

/// Bytes read at once.
const BATCH: usize = 128 * 1024;
/// Buffers between both threads.
const BUFFERS: usize = 3;

/// A buffer, and how many bytes of it were read.
type Filled = Result<(Vec<u8>, usize), Error>;

/// Reads `input` to its end and hands the bytes to `take`, which works on them while the next ones are
/// read, unless they are few.
pub fn pump<R: Read + Send + ?Sized>(
    input: &mut R,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let (first, count) = fill(input, vec![0; BATCH])?;
    take(&first[..count])?;
    if count < BATCH {
        return Ok(());
    }
    thread::scope(|scope| {
        let (sender, filled) = sync_channel(BUFFERS);
        let (give_back, spare) = sync_channel(BUFFERS);
        for buffer in std::iter::once(first).chain((1..BUFFERS).map(|_| vec![0; BATCH])) {
            // There is room for all of them, and the other end is at hand.
            let _ = give_back.send(buffer);
        }
        let builder = thread::Builder::new().name("read-back".into());
        builder
            .spawn_scoped(scope, move || read_all(input, &spare, &sender))
            .map_err(Error::StartThread)?;
        for piece in filled {
            let (buffer, count) = piece?;
            take(&buffer[..count])?;
            // Nobody waits for it after the last one.
            let _ = give_back.send(buffer);
        }
        Ok(())
    })
}

/// Fills buffers up to the end of the input, or until nobody wants them.
fn read_all<R: Read + ?Sized>(
    input: &mut R,
    spare: &Receiver<Vec<u8>>,
    sender: &SyncSender<Filled>,
) {
    for buffer in spare {
        let filled = fill(input, buffer);
        let is_last = !matches!(filled, Ok((_, BATCH)));
        if sender.send(filled).is_err() || is_last {
            return;
        }
    }
}

/// Less than a whole buffer is the end of the input.
fn fill<R: Read + ?Sized>(input: &mut R, mut buffer: Vec<u8>) -> Filled {
    let mut count = 0;
    while count < buffer.len() {
        match input.read(&mut buffer[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::ReadArchive(error)),
        }
    }
    Ok((buffer, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn all_bytes_come_in_order() {
        for length in [0, 1, BATCH - 1, BATCH, BATCH + 1, 9 * BATCH, 9 * BATCH + 5] {
            let content: Vec<u8> = (0..length).map(|it| (it / 1000) as u8).collect();
            let mut found = Vec::new();
            let mut take = |bytes: &[u8]| {
                found.extend_from_slice(bytes);
                Ok(())
            };
            pump(&mut content.as_slice(), &mut take).unwrap();
            assert!(found == content, "{length} bytes");
        }
    }

    #[test]
    fn a_fault_of_either_side_ends_it() {
        let mut failing = io::repeat(1).take(5 * BATCH as u64).chain(Failing);
        let read = pump(&mut failing, &mut |_| Ok(()));
        assert!(matches!(read, Err(Error::ReadArchive(_))));
        let mut count = 0;
        let mut take = |_: &[u8]| {
            count += 1;
            if count < 3 {
                return Ok(());
            }
            Err(Error::Write(io::ErrorKind::StorageFull.into()))
        };
        let written = pump(&mut io::repeat(1), &mut take);
        assert!(matches!(written, Err(Error::Write(_))));
    }

    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}
