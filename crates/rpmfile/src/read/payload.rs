//! The payload as a stream of files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Read};
use std::rc::Rc;

use archive::{Algorithm, Decoder, DigestSet, cpio};

use super::files::GHOST;
use super::{Headers, ReadError, StoredFile, digests};

/// Longest uncompressed remainder that is read to take digests after the archive's end, in bytes:
/// archives are padded to whole blocks, not more.
const REMAINDER: u64 = 1 << 20;

/// A file whose content comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Place in [`Payload::files`], from 0.
    pub index: usize,
    /// Length of the content in bytes; 0 for all but the last name of a file with several.
    pub size: u64,
}

/// A `Read` that digests what passes, for somebody else to look at.
struct Tap<R> {
    input: R,
    sets: Vec<Rc<RefCell<DigestSet>>>,
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        for set in &self.sets {
            set.borrow_mut().update(&buffer[..count]);
        }
        Ok(count)
    }
}

type Shared = Rc<RefCell<DigestSet>>;

fn shared(algorithms: &[Algorithm]) -> Shared {
    Rc::new(RefCell::new(DigestSet::new(algorithms)))
}

/// The payload of a package: [`Payload::next_member`], then the content through [`Read`].
pub struct Payload<'r> {
    headers: Headers,
    files: Vec<StoredFile>,
    places: HashMap<String, usize>,
    /// How many names each file has, by inode, and the last of them: it carries the content.
    names: HashMap<u64, (usize, usize)>,
    archive: cpio::Reader<Tap<Box<dyn Read + 'r>>>,
    packed: Shared,
    whole: Shared,
    plain: Shared,
}

impl<'r> Payload<'r> {
    pub(super) fn start(headers: Headers, input: impl Read + 'r) -> Result<Self, ReadError> {
        let packed = shared(&digests::of_payload(&headers));
        let whole = shared(&[Algorithm::Md5]);
        whole.borrow_mut().update(headers.header().bytes());
        let input = Tap {
            input,
            sets: vec![Rc::clone(&packed), Rc::clone(&whole)],
        };
        let decoder = Decoder::new(input).map_err(ReadError::Read)?;
        Self::new(headers, Box::new(decoder), packed, whole)
    }

    /// Reads a payload that is uncompressed already; its digests can't be compared any more.
    pub(crate) fn from_plain(headers: Headers, input: impl Read + 'r) -> Result<Self, ReadError> {
        Self::new(headers, Box::new(input), shared(&[]), shared(&[]))
    }

    fn new(
        headers: Headers,
        input: Box<dyn Read + 'r>,
        packed: Shared,
        whole: Shared,
    ) -> Result<Self, ReadError> {
        let files = headers.files()?;
        let plain = shared(&digests::of_payload(&headers));
        let name = |(index, file): (usize, &StoredFile)| (bare(&file.path).to_owned(), index);
        Ok(Self {
            places: files.iter().enumerate().map(name).collect(),
            names: names(&files),
            files,
            archive: cpio::Reader::new(Tap {
                input,
                sets: vec![Rc::clone(&plain)],
            }),
            headers,
            packed,
            whole,
            plain,
        })
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The files of the package, those without a member in the payload included.
    pub fn files(&self) -> &[StoredFile] {
        &self.files
    }

    /// Goes on to the next file in the payload; content that was not read is skipped.
    pub fn next_member(&mut self) -> Result<Option<Member>, ReadError> {
        let Some(member) = self.archive.next_member().map_err(ReadError::Payload)? else {
            return Ok(None);
        };
        Ok(Some(match member {
            cpio::Member::Named { name, stat } => Member {
                index: self.place_of(&name)?,
                size: stat.size.into(),
            },
            cpio::Member::Stripped { index } => self.start_stripped(index as usize)?,
        }))
    }

    fn place_of(&self, name: &[u8]) -> Result<usize, ReadError> {
        let name = String::from_utf8_lossy(name);
        let place = self.places.get(bare(&name)).copied();
        place.ok_or_else(|| ReadError::Contents(format!("the package does not list `{name}`")))
    }

    fn start_stripped(&mut self, index: usize) -> Result<Member, ReadError> {
        let file = self.files.get(index).ok_or_else(|| {
            ReadError::Contents(format!("the payload has a file {index} that is not listed"))
        })?;
        let size = match () {
            () if file.is_symlink() => file.target.len() as u64,
            () if file.is_regular() && self.is_last_name(index) => file.size,
            () => 0,
        };
        self.archive.set_length(size);
        Ok(Member { index, size })
    }

    /// How many names of the package's a file has.
    pub fn names_of(&self, index: usize) -> usize {
        let file = &self.files[index];
        let names = self.names.get(&file.inode);
        names.filter(|_| has_content(file)).map_or(1, |it| it.0)
    }

    /// Whether the content of the file comes with another of its names.
    pub fn comes_later(&self, index: usize) -> bool {
        self.names_of(index) > 1 && !self.is_last_name(index)
    }

    fn is_last_name(&self, index: usize) -> bool {
        let file = &self.files[index];
        let names = self.names.get(&file.inode);
        file.inode == 0 || names.is_some_and(|(_, last)| *last == index)
    }

    /// Reads on to the end and compares all digests, those of the header included.
    pub fn finish(mut self) -> Result<(), ReadError> {
        while self.next_member()?.is_some() {}
        self.headers.check_digests()?;
        let mut rest = self.archive.into_inner();
        let drained = io::copy(&mut rest.by_ref().take(REMAINDER), &mut io::sink());
        drained.map_err(ReadError::Read)?;
        let ended = |set: &Shared| set.borrow().clone().finish();
        digests::check_payload(
            &self.headers,
            &ended(&self.packed),
            &ended(&self.whole),
            &ended(&self.plain),
        )
    }
}

impl Read for Payload<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.archive.read(buffer)
    }
}

/// How many names each inode has, and the last of them.
fn names(files: &[StoredFile]) -> HashMap<u64, (usize, usize)> {
    let mut names = HashMap::new();
    for (index, file) in files.iter().enumerate().filter(|(_, it)| has_content(it)) {
        let (count, last) = names.entry(file.inode).or_insert((0, index));
        (*count, *last) = (*count + 1, index);
    }
    names
}

fn has_content(file: &StoredFile) -> bool {
    file.is_regular() && file.flags & GHOST == 0
}

/// A path without the `./` or `/` that archives put before it.
fn bare(name: &str) -> &str {
    let name = name
        .strip_prefix('.')
        .filter(|it| it.starts_with('/'))
        .unwrap_or(name);
    name.trim_start_matches('/')
}
