//! Reads many files ahead of the writer, on several threads, and hands them over in order with
//! their digests.
//!
//! Each file is read once. Workers take the files in the order given, read them in chunks and
//! digest each chunk before they hand it on; the consumer sees file after file. Memory is bounded
//! by the window, not by the number or the size of the files.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::digest::{Algorithm, DigestSet, Digests};
use crate::error::Error;

/// Bytes read at once.
const CHUNK: usize = 128 * 1024;
/// Chunks of one file that may wait for the consumer.
const CHUNKS_AHEAD: usize = 3;
/// Files that may wait for the consumer. With the chunks above: 48 × 4 × 128 KiB = 24 MiB at most.
const FILES_AHEAD: usize = 48;

/// Where the bytes of one file come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file on disk.
    Path {
        /// Where it lies.
        path: PathBuf,
        /// The length it must still have, in bytes.
        size: u64,
    },
    /// Bytes at hand.
    Inline(Vec<u8>),
}

/// The reading end: files in the order given, each read ahead.
pub struct Feed {
    queue: Option<Receiver<Pending>>,
    workers: Vec<JoinHandle<()>>,
}

/// One file being read: chunks, then the digests or an error.
struct Pending {
    messages: Receiver<Message>,
}

enum Message {
    Chunk(Vec<u8>),
    End(Digests),
    Failed(Error),
}

/// What the workers have in common. Whoever holds the lock takes the next file and queues it, so
/// that the queue is in order and the file at its head always has a worker.
struct Shared {
    sources: std::vec::IntoIter<Source>,
    queue: SyncSender<Pending>,
}

impl Feed {
    /// Starts reading `sources` on `threads` threads (all cores, up to four, if `None`), digesting
    /// each file by `algorithms`.
    ///
    /// Fails only if the system gives no thread at all.
    pub fn start(
        sources: Vec<Source>,
        algorithms: &[Algorithm],
        threads: Option<usize>,
    ) -> Result<Self, Error> {
        let (sender, receiver) = sync_channel(FILES_AHEAD);
        let wanted = threads
            .unwrap_or_else(default_threads)
            .clamp(1, sources.len().max(1));
        let shared = Shared {
            sources: sources.into_iter(),
            queue: sender,
        };
        let workers = start_workers(wanted, &Arc::new(Mutex::new(shared)), algorithms)?;
        Ok(Self {
            queue: Some(receiver),
            workers,
        })
    }

    /// Writes the next file's bytes to `out` and returns its length and digests.
    ///
    /// Fails if the file cannot be read, has not the length announced, or if no source is left.
    pub fn copy_next(&mut self, out: &mut dyn Write) -> Result<Digests, Error> {
        let pending = self
            .queue
            .as_ref()
            .and_then(|it| it.recv().ok())
            .ok_or(Error::FeedEnded)?;
        loop {
            match pending.messages.recv().map_err(|_| Error::FeedEnded)? {
                Message::Chunk(bytes) => out.write_all(&bytes).map_err(Error::Write)?,
                Message::End(digests) => return Ok(digests),
                Message::Failed(error) => return Err(error),
            }
        }
    }
}

impl Drop for Feed {
    /// Closing the queue makes the workers stop at their next step.
    fn drop(&mut self) {
        self.queue = None;
        for worker in self.workers.drain(..) {
            // Only a panic makes this fail, and the consumer has met that as `FeedEnded`.
            let _ = worker.join();
        }
    }
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |it| it.get().min(4))
}

/// Starts up to `wanted` workers; fewer if the system gives no more, but at least one.
fn start_workers(
    wanted: usize,
    shared: &Arc<Mutex<Shared>>,
    algorithms: &[Algorithm],
) -> Result<Vec<JoinHandle<()>>, Error> {
    let mut workers = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        let (shared, algorithms) = (Arc::clone(shared), algorithms.to_vec());
        let builder = std::thread::Builder::new().name("read-ahead".into());
        match builder.spawn(move || work(&shared, &algorithms)) {
            Ok(worker) => workers.push(worker),
            Err(error) if workers.is_empty() => return Err(Error::StartThread(error)),
            Err(_) => break,
        }
    }
    Ok(workers)
}

fn work(shared: &Mutex<Shared>, algorithms: &[Algorithm]) {
    while let Some((source, messages)) = take_next(shared) {
        let last = match read_source(source, algorithms, &messages) {
            Ok(Some(digests)) => Message::End(digests),
            Ok(None) => return,
            Err(error) => Message::Failed(error),
        };
        // If the consumer has gone, `take_next` finds the queue closed.
        let _ = messages.send(last);
    }
}

/// Takes the next source and queues the end its chunks will come out of; `None` if there is none
/// or nobody waits for it.
fn take_next(shared: &Mutex<Shared>) -> Option<(Source, SyncSender<Message>)> {
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let source = shared.sources.next()?;
    let (sender, messages) = sync_channel(CHUNKS_AHEAD);
    shared.queue.send(Pending { messages }).ok()?;
    Some((source, sender))
}

/// Sends all bytes of `source`; `None` if the consumer has gone.
fn read_source(
    source: Source,
    algorithms: &[Algorithm],
    messages: &SyncSender<Message>,
) -> Result<Option<Digests>, Error> {
    let mut set = DigestSet::new(algorithms);
    match source {
        Source::Inline(bytes) => {
            set.update(&bytes);
            if messages.send(Message::Chunk(bytes)).is_err() {
                return Ok(None);
            }
        }
        Source::Path { path, size } => {
            if !read_path(&path, size, &mut set, messages)? {
                return Ok(None);
            }
        }
    }
    Ok(Some(set.finish()))
}

/// Sends all bytes of the file at `path`; false if the consumer has gone.
fn read_path(
    path: &Path,
    expected: u64,
    set: &mut DigestSet,
    messages: &SyncSender<Message>,
) -> Result<bool, Error> {
    let failed = |source| Error::Read {
        path: path.into(),
        source,
    };
    let mut file = File::open(path).map_err(failed)?;
    loop {
        let chunk = read_chunk(&mut file, expected.saturating_sub(set.length())).map_err(failed)?;
        let found = set.length() + chunk.len() as u64;
        let at_end = chunk.len() < CHUNK;
        if found > expected || (at_end && found < expected) {
            return Err(Error::SizeChanged {
                path: path.into(),
                expected,
                found,
            });
        }
        set.update(&chunk);
        if !chunk.is_empty() && messages.send(Message::Chunk(chunk)).is_err() {
            return Ok(false);
        }
        if at_end {
            return Ok(true);
        }
    }
}

/// Up to [`CHUNK`] bytes, fewer only at the end of the file. `left` bytes are expected.
fn read_chunk(file: &mut File, left: u64) -> std::io::Result<Vec<u8>> {
    let room = usize::try_from(left)
        .unwrap_or(CHUNK)
        .saturating_add(1)
        .min(CHUNK);
    let mut chunk = Vec::with_capacity(room);
    file.take(CHUNK as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn files(directory: &Path, sizes: &[usize]) -> Vec<Source> {
        let make = |(index, size): (usize, &usize)| {
            let path = directory.join(index.to_string());
            fs::write(&path, vec![index as u8; *size]).unwrap();
            Source::Path {
                path,
                size: *size as u64,
            }
        };
        sizes.iter().enumerate().map(make).collect()
    }

    #[test]
    fn files_come_in_order_whatever_the_number_of_threads() {
        let directory = tempfile::tempdir().unwrap();
        let sizes: Vec<usize> = (0..200)
            .map(|it| [0, 10, 3 * CHUNK, CHUNK, 900_001][it % 5])
            .collect();
        let sources = files(directory.path(), &sizes);
        for threads in [1, 2, 7] {
            let mut feed = Feed::start(sources.clone(), &[Algorithm::Md5], Some(threads)).unwrap();
            for (index, size) in sizes.iter().enumerate() {
                let mut content = Vec::new();
                let digests = feed.copy_next(&mut content).unwrap();
                assert!(content == vec![index as u8; *size], "file {index}");
                assert_eq!(digests, crate::digest_bytes(&[Algorithm::Md5], &content));
            }
            let past_the_end = feed.copy_next(&mut Vec::new());
            assert!(matches!(past_the_end, Err(Error::FeedEnded)));
        }
    }

    #[test]
    fn inline_bytes_are_files_too() {
        let mut feed = Feed::start(vec![Source::Inline(b"abc".to_vec())], &[], None).unwrap();
        let mut content = Vec::new();
        assert_eq!(feed.copy_next(&mut content).unwrap().length(), 3);
        assert_eq!(content, b"abc");
    }

    #[test]
    fn a_file_that_grew_or_shrank_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        for (size, now) in [
            (5, 4),
            (5, 6),
            (CHUNK, CHUNK + 1),
            (CHUNK + 1, CHUNK),
            (0, 1),
        ] {
            let sources = files(directory.path(), &[size]);
            fs::write(directory.path().join("0"), vec![0; now]).unwrap();
            let outcome = Feed::start(sources, &[], None)
                .unwrap()
                .copy_next(&mut Vec::new());
            assert!(
                matches!(outcome, Err(Error::SizeChanged { .. })),
                "{size} to {now}"
            );
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let source = Source::Path {
            path: "/nonexistent/file".into(),
            size: 1,
        };
        let outcome = Feed::start(vec![source], &[], None)
            .unwrap()
            .copy_next(&mut Vec::new());
        assert_eq!(
            outcome.unwrap_err().to_string(),
            "cannot read /nonexistent/file"
        );
    }

    #[test]
    fn a_feed_can_be_dropped_at_any_time() {
        let directory = tempfile::tempdir().unwrap();
        let sources = files(directory.path(), &[5 * CHUNK; 100]);
        let mut feed = Feed::start(sources, &[], Some(3)).unwrap();
        feed.copy_next(&mut Vec::new()).unwrap();
        drop(feed);
    }
}
