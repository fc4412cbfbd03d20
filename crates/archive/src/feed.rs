//! Reads many files ahead of the writer, on several threads, and hands them over in order with
//! their digests.
//!
//! Each file is read once. Workers take the files in the order given: neighbours that are small
//! together, a large one by itself, in chunks that are digested before they are handed on; the consumer
//! sees file after file. Memory is bounded by the window, not by the number or the size of the files.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::digest::{Algorithm, DigestSet, Digests, digest_all};
use crate::error::Error;

/// Bytes read at once.
const CHUNK: usize = 128 * 1024;
/// Chunks of one large file that may wait for the consumer.
const CHUNKS_AHEAD: usize = 3;
/// Files of up to so many bytes are read whole, several in one go.
const SMALL: u64 = 512 * 1024;
/// Small files are put together up to so many bytes and files.
const TOGETHER: (u64, usize) = (2 * 1024 * 1024, 256);
/// Tasks that may wait for the consumer. With the numbers above: 6 MiB at most, and 2 MiB more for
/// each worker.
const TASKS_AHEAD: usize = 2;

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

impl Source {
    fn size(&self) -> u64 {
        match self {
            Self::Path { size, .. } => *size,
            Self::Inline(bytes) => bytes.len() as u64,
        }
    }
}

/// The reading end: files in the order given, each read ahead.
pub struct Feed {
    queue: Option<Receiver<Pending>>,
    /// Small files that have been received.
    ready: Batch,
    spare: Spare,
    workers: Vec<JoinHandle<()>>,
}

/// A task under way.
struct Pending {
    messages: Receiver<Message>,
}

/// Small files that were read in one go, one behind the other.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    files: VecDeque<Whole>,
}

/// Where a small file's bytes are in its batch, or why it can't be had.
type Whole = Result<(Range<usize>, Digests), Error>;

enum Message {
    /// All files of a task.
    Files(Batch),
    /// The next bytes of a large file.
    Chunk(Vec<u8>),
    /// The end of a large file.
    End(Digests),
    Failed(Error),
}

/// Buffers that have been written, to be filled again.
#[derive(Clone, Default)]
struct Spare {
    /// Of parts of large files.
    chunks: Pile,
    /// Of small files.
    batches: Pile,
}

#[derive(Clone, Default)]
struct Pile(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pile {
    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A buffer of so many bytes at least, whatever they are.
    fn take(&self, length: usize) -> Vec<u8> {
        let mut buffer = self.lock().pop().unwrap_or_default();
        buffer.resize(buffer.len().max(length), 0);
        buffer
    }

    fn put(&self, buffer: Vec<u8>) {
        self.lock().push(buffer);
    }
}

/// What the workers have in common. Whoever holds the lock takes the next task and queues it, so
/// that the queue is in order and the task at its head always has a worker.
struct Shared {
    sources: std::iter::Peekable<std::vec::IntoIter<Source>>,
    queue: SyncSender<Pending>,
}

impl Shared {
    /// The next sources: one large file, or small ones up to [`TOGETHER`].
    fn next_task(&mut self) -> Vec<Source> {
        let (mut task, mut bytes) = (Vec::new(), 0);
        let mut room = TOGETHER.1;
        while let Some(source) = self.sources.next_if(|source| {
            let fits = source.size() <= SMALL && bytes + source.size() <= TOGETHER.0;
            bytes == 0 && room == TOGETHER.1 || fits && room > 0
        }) {
            bytes += source.size();
            room = if source.size() > SMALL { 0 } else { room - 1 };
            task.push(source);
        }
        task
    }
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
        let (sender, receiver) = sync_channel(TASKS_AHEAD);
        let wanted = threads
            .unwrap_or_else(default_threads)
            .clamp(1, sources.len().max(1));
        let shared = Shared {
            sources: sources.into_iter().peekable(),
            queue: sender,
        };
        let spare = Spare::default();
        let worker = Worker {
            shared: Arc::new(Mutex::new(shared)),
            algorithms: algorithms.to_vec(),
            spare: spare.clone(),
        };
        Ok(Self {
            queue: Some(receiver),
            ready: Batch::default(),
            spare,
            workers: start_workers(wanted, &worker)?,
        })
    }

    /// Writes the next file's bytes to `out` and returns its length and digests.
    ///
    /// Fails if the file cannot be read, has not the length announced, or if no source is left.
    pub fn copy_next(&mut self, out: &mut dyn Write) -> Result<Digests, Error> {
        if let Some(whole) = self.ready.files.pop_front() {
            let (place, digests) = whole?;
            out.write_all(&self.ready.bytes[place])
                .map_err(Error::Write)?;
            return Ok(digests);
        }
        let pending = self
            .queue
            .as_ref()
            .and_then(|it| it.recv().ok())
            .ok_or(Error::FeedEnded)?;
        loop {
            match pending.messages.recv().map_err(|_| Error::FeedEnded)? {
                Message::Files(batch) => {
                    let done = std::mem::replace(&mut self.ready, batch);
                    self.spare.batches.put(done.bytes);
                    return self.copy_next(out);
                }
                Message::Chunk(bytes) => {
                    out.write_all(&bytes).map_err(Error::Write)?;
                    self.spare.chunks.put(bytes);
                }
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
fn start_workers(wanted: usize, worker: &Worker) -> Result<Vec<JoinHandle<()>>, Error> {
    let mut workers = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        let worker = worker.clone();
        let builder = std::thread::Builder::new().name("read-ahead".into());
        match builder.spawn(move || worker.work()) {
            Ok(worker) => workers.push(worker),
            Err(error) if workers.is_empty() => return Err(Error::StartThread(error)),
            Err(_) => break,
        }
    }
    Ok(workers)
}

/// Who reads.
#[derive(Clone)]
struct Worker {
    shared: Arc<Mutex<Shared>>,
    algorithms: Vec<Algorithm>,
    spare: Spare,
}

impl Worker {
    fn work(&self) {
        while let Some((task, messages)) = self.take_next() {
            let last = match task.as_slice() {
                [Source::Path { path, size }] if *size > SMALL => {
                    match self.read_large(path, *size, &messages) {
                        Ok(Some(digests)) => Message::End(digests),
                        Ok(None) => return,
                        Err(error) => Message::Failed(error),
                    }
                }
                _ => Message::Files(self.read_whole(task)),
            };
            // If the consumer has gone, `take_next` finds the queue closed.
            let _ = messages.send(last);
        }
    }

    /// Takes the next task and queues the end its messages will come out of; `None` if there is none
    /// or nobody waits for it.
    fn take_next(&self) -> Option<(Vec<Source>, SyncSender<Message>)> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let task = shared.next_task();
        if task.is_empty() {
            return None;
        }
        let (sender, messages) = sync_channel(CHUNKS_AHEAD);
        shared.queue.send(Pending { messages }).ok()?;
        Some((task, sender))
    }

    /// Reads small files, and digests them all at once.
    fn read_whole(&self, task: Vec<Source>) -> Batch {
        // One byte more than expected would tell that a file has grown.
        let room: u64 = task.iter().map(|source| source.size() + 1).sum();
        let mut bytes = self.spare.batches.take(room as usize);
        let mut end = 0;
        let mut read = |source| {
            let place = end..end + read_small(&source, &mut bytes[end..])?;
            end = place.end;
            Ok(place)
        };
        let places: Vec<Result<_, Error>> = task.into_iter().map(&mut read).collect();
        let known = places.iter().flatten();
        let messages: Vec<&[u8]> = known.map(|place| &bytes[place.clone()]).collect();
        let mut digests = digest_all(&self.algorithms, &messages).into_iter();
        let with_digests = |place: Result<_, Error>| {
            place.and_then(|place| Ok((place, digests.next().ok_or(Error::FeedEnded)?)))
        };
        let files = places.into_iter().map(with_digests).collect();
        Batch { bytes, files }
    }

    /// Sends all bytes of the file at `path`; `None` if the consumer has gone.
    fn read_large(
        &self,
        path: &Path,
        expected: u64,
        messages: &SyncSender<Message>,
    ) -> Result<Option<Digests>, Error> {
        let failed = |source| Error::Read {
            path: path.into(),
            source,
        };
        let mut set = DigestSet::new(&self.algorithms);
        let mut file = File::open(path).map_err(failed)?;
        loop {
            let mut chunk = self.spare.chunks.take(CHUNK);
            let count = fill(&mut file, &mut chunk, CHUNK).map_err(failed)?;
            chunk.truncate(count);
            let found = set.length() + count as u64;
            let at_end = count < CHUNK;
            if found > expected || (at_end && found < expected) {
                return Err(size_changed(path, expected, found));
            }
            set.update(&chunk);
            if !chunk.is_empty() && messages.send(Message::Chunk(chunk)).is_err() {
                return Ok(None);
            }
            if at_end {
                return Ok(Some(set.finish()));
            }
        }
    }
}

/// Puts the bytes of a small file to the start of `place`, where one more must fit; the result says
/// how many they are.
fn read_small(source: &Source, place: &mut [u8]) -> Result<usize, Error> {
    let (path, size) = match source {
        Source::Inline(bytes) => {
            place[..bytes.len()].copy_from_slice(bytes);
            return Ok(bytes.len());
        }
        Source::Path { path, size } => (path, *size as usize),
    };
    let read = File::open(path).and_then(|mut file| fill(&mut file, &mut place[..=size], size));
    let failed = |source| Error::Read {
        path: path.clone(),
        source,
    };
    match read.map_err(failed)? {
        found if found == size => Ok(size),
        found => Err(size_changed(path, size as u64, found as u64)),
    }
}

/// Reads until the file ends or `enough` bytes were found, which may be more if `place` has room for
/// them; the result says how many were.
fn fill(file: &mut File, place: &mut [u8], enough: usize) -> io::Result<usize> {
    let mut found = 0;
    loop {
        match file.read(&mut place[found..]) {
            Ok(0) => return Ok(found),
            Ok(count) => found += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if found >= enough {
            return Ok(found);
        }
    }
}

fn size_changed(path: &Path, expected: u64, found: u64) -> Error {
    Error::SizeChanged {
        path: path.into(),
        expected,
        found,
    }
}

#[cfg(test)]
mod tests;
