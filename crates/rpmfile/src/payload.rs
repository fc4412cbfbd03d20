//! The payload: which files go into the cpio archive, in which order, and how they are streamed.
//!
//! Ghosts are left out. Links to one file follow each other after all other files, and only the
//! last carries the content. Members are stripped in format 6, and in format 4 where a file has 4 GiB
//! or more.
//!
//! Source: rpm `docs/manual/format_v4.md`, "Payload", and `docs/manual/large_files.md`.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroU32;

use archive::feed::{Feed, Source};
use archive::{Algorithm, cpio};
use package::{Content, FileEntry, FileKind, Package, Stop, WriteError};

use crate::error::lift;
use header::{device, inodes, lower_time, mode, needs_large_sizes, split};

/// The members of the archive in order.
pub(crate) struct Plan<'p> {
    members: Vec<Member<'p>>,
    is_stripped: bool,
    /// How many paths the file list has.
    paths: usize,
}

impl Plan<'_> {
    /// What stands for the digests of the paths' contents until they are known: as many bytes.
    pub(crate) fn unknown_digests(&self, algorithm: Algorithm) -> Vec<String> {
        let unknown = archive::digest_bytes(&[algorithm], b"").hex(algorithm);
        let mut digests = vec![String::new(); self.paths];
        for member in &self.members {
            if let Body::Content { paths, .. } = &member.body {
                paths
                    .iter()
                    .for_each(|path| digests[*path].clone_from(&unknown));
            }
        }
        digests
    }
}

struct Member<'p> {
    /// Place in the file list, from 0.
    index: u32,
    name: String,
    stat: cpio::Stat,
    body: Body<'p>,
}

enum Body<'p> {
    /// Nothing follows.
    Empty,
    /// A link's target.
    Target(&'p str),
    /// A file's content, which is that of all `paths` (places in the file list).
    Content {
        content: &'p Content,
        size: u64,
        paths: Vec<usize>,
    },
}

impl Body<'_> {
    fn length(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Target(target) => target.len() as u64,
            Self::Content { size, .. } => *size,
        }
    }
}

/// Lays out the archive.
pub(crate) fn plan(package: &Package) -> Plan<'_> {
    let entries = package.files.entries();
    let inodes = inodes(entries);
    let mut sets: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for index in (0..entries.len()).filter(|index| entries[*index].has_content()) {
        sets.entry(inodes[index]).or_default().push(index);
    }
    sets.retain(|_, set| set.len() > 1);
    let is_alone = |index: &usize| {
        let entry = &entries[*index];
        let is_linked = entry.has_content() && sets.contains_key(&inodes[*index]);
        !entry.flags.ghost && !is_linked
    };
    let layout = Layout {
        entries,
        inodes: &inodes,
        is_source: package.is_source(),
    };
    let alone = (0..entries.len())
        .filter(is_alone)
        .map(|index| layout.single(index));
    let linked = sets.values().flat_map(|set| layout.linked(set));
    let members = alone.chain(linked).collect();
    Plan {
        members,
        is_stripped: needs_large_sizes(package),
        paths: entries.len(),
    }
}

/// What members are made from.
struct Layout<'p, 'i> {
    entries: &'p [FileEntry],
    inodes: &'i [u32],
    is_source: bool,
}

impl<'p> Layout<'p, '_> {
    /// A file with one name.
    fn single(&self, index: usize) -> Member<'p> {
        let body = match &self.entries[index].kind {
            FileKind::Symlink { target } => Body::Target(target),
            FileKind::Regular { content, size } => Body::Content {
                content,
                size: *size,
                paths: vec![index],
            },
            _ => Body::Empty,
        };
        self.member(index, 1, body)
    }

    /// The names of one file; the content comes with the last.
    fn linked(&self, set: &[usize]) -> Vec<Member<'p>> {
        let links = set.len() as u32;
        let mut members: Vec<_> = set
            .iter()
            .map(|it| self.member(*it, links, Body::Empty))
            .collect();
        let first = &self.entries[set[0]];
        if let (Some(last), FileKind::Regular { content, size }) = (members.last_mut(), &first.kind)
        {
            last.stat.size = *size as u32;
            last.body = Body::Content {
                content,
                size: *size,
                paths: set.to_vec(),
            };
        }
        members
    }

    fn member(&self, index: usize, links: u32, body: Body<'p>) -> Member<'p> {
        let entry = &self.entries[index];
        let stat = cpio::Stat {
            inode: self.inodes[index],
            mode: mode(entry).into(),
            links,
            mtime: lower_time(entry.mtime),
            // Too large for 32 bits only where members are stripped and carry no size.
            size: body.length() as u32,
            special: device(entry),
            ..cpio::Stat::default()
        };
        let (directory, name) = split(&entry.path, self.is_source);
        let prefix = if self.is_source { "" } else { "." };
        Member {
            index: index as u32,
            name: format!("{prefix}{directory}{name}"),
            stat,
            body,
        }
    }
}

/// How an archive is written.
#[derive(Clone, Copy)]
pub(crate) struct Manner<'o> {
    /// What each file is digested by.
    pub(crate) algorithm: Algorithm,
    /// Threads that read ahead.
    pub(crate) threads: Option<NonZeroU32>,
    /// Whether the archive is still wanted.
    pub(crate) stop: Stop<'o>,
}

/// Writes the archive into `out`. Each file is read once, some ahead on threads.
///
/// Returns also the digest of each path's content in hex; empty for what has none.
pub(crate) fn write<W: Write>(
    plan: &Plan<'_>,
    manner: Manner<'_>,
    out: W,
) -> Result<(W, Vec<String>), WriteError> {
    let sources = plan.members.iter().filter_map(source).collect();
    let algorithm = manner.algorithm;
    let threads = manner.threads.map(|it| it.get() as usize);
    let mut feed = Feed::start(sources, &[algorithm], threads).map_err(lift)?;
    let mut archive = cpio::Writer::new(manner.stop.guard(out));
    let mut file_digests = vec![String::new(); plan.paths];
    for member in &plan.members {
        start(&mut archive, member, plan.is_stripped).map_err(lift)?;
        match &member.body {
            Body::Empty => {}
            Body::Target(target) => {
                archive
                    .write_all(target.as_bytes())
                    .map_err(WriteError::Write)?;
            }
            Body::Content { paths, .. } => {
                let digest = feed.copy_next(&mut archive).map_err(lift)?.hex(algorithm);
                paths
                    .iter()
                    .for_each(|path| file_digests[*path].clone_from(&digest));
            }
        }
    }
    let (out, _) = archive.finish().map_err(lift)?;
    Ok((out.into_inner(), file_digests))
}

fn start<W: Write>(
    archive: &mut cpio::Writer<W>,
    member: &Member<'_>,
    is_stripped: bool,
) -> Result<(), archive::Error> {
    if is_stripped {
        archive.start_stripped(member.index, member.body.length())
    } else {
        archive.start(member.name.as_bytes(), &member.stat)
    }
}

fn source(member: &Member<'_>) -> Option<Source> {
    match &member.body {
        Body::Content {
            content: Content::OnDisk(path),
            size,
            ..
        } => Some(Source::Path {
            path: path.clone(),
            size: *size,
        }),
        Body::Content {
            content: Content::Inline(bytes),
            ..
        } => Some(Source::Inline(bytes.clone())),
        Body::Empty | Body::Target(_) => None,
    }
}
