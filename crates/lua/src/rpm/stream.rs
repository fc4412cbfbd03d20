//! `rpm.open`: file streams that compress and decompress on the way.
//!
//! Source: rpm-lua(7), "open", and rpm-payloadflags(7) for what stands after the dot of a mode.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use archive::{Compression, Decoder, Encoder, Method};
use mlua::{Lua, UserData, UserDataFields, UserDataRefMut};
use nix::errno::Errno;

use crate::context::Context;
use crate::fault::Fault;
use crate::native::{self, Answer, Args, Entry, answer};

mod mode;

use mode::Mode;

/// An open file, read or written as its mode says.
struct Stream {
    path: PathBuf,
    flow: Option<Flow>,
}

enum Flow {
    Plain(File),
    /// The file, what comes out of it, and how far that has been read.
    Reading(File, Decoder<'static>, u64),
    /// What goes in, and how much has gone.
    Writing(Box<Encoder<File>>, u64),
}

impl Flow {
    /// Puts a compression over a file whose mode allows for it.
    fn over(file: File, mode: &Mode) -> io::Result<Self> {
        match mode.compression {
            None
            | Some(Compression {
                method: Method::None,
                ..
            }) => Ok(Self::Plain(file)),
            Some(_) if mode.is_reading => {
                let decoder = Decoder::new(file.try_clone()?)?;
                Ok(Self::Reading(file, decoder, 0))
            }
            Some(compression) => Ok(Self::Writing(Box::new(Encoder::new(&compression, file)), 0)),
        }
    }

    fn file(self) -> io::Result<File> {
        match self {
            Self::Plain(file) | Self::Reading(file, ..) => Ok(file),
            Self::Writing(encoder, _) => encoder.finish(),
        }
    }

    /// At most `most` bytes.
    fn read(&mut self, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Self::Plain(file) => file.take(most).read_to_end(&mut bytes)?,
            Self::Reading(_, decoder, at) => {
                let count = decoder.take(most).read_to_end(&mut bytes)?;
                *at += count as u64;
                count
            }
            Self::Writing(..) => return Err(Errno::EBADF.into()),
        };
        Ok(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Reading(..) => Err(Errno::EBADF.into()),
            Self::Writing(encoder, at) => {
                *at += bytes.len() as u64;
                encoder.write_all(bytes)
            }
        }
    }

    /// Moves, and returns the new place. A compressed stream is read anew to go back; its end is not
    /// known, and one that is written cannot move.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Plain(file) => file.seek(to),
            Self::Reading(file, decoder, at) => {
                let target = target(*at, to)?;
                if target < *at {
                    file.rewind()?;
                    *decoder = Decoder::new(file.try_clone()?)?;
                    *at = 0;
                }
                *at += io::copy(&mut decoder.take(target - *at), &mut io::sink())?;
                Ok(*at)
            }
            Self::Writing(_, at) if target(*at, to)? == *at => Ok(*at),
            Self::Writing(..) => Err(Errno::ESPIPE.into()),
        }
    }
}

/// Where a move in a compressed stream leads to.
fn target(at: u64, to: SeekFrom) -> io::Result<u64> {
    let target = match to {
        SeekFrom::Start(offset) => Some(offset),
        SeekFrom::Current(offset) => at.checked_add_signed(offset),
        SeekFrom::End(_) => None,
    };
    target.ok_or_else(|| Errno::EINVAL.into())
}

impl UserData for Stream {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__name", "rpm.fd");
        fields.add_meta_field_with("__tostring", |lua| native::native(lua, describe));
        fields.add_meta_field_with("__index", |lua| {
            let methods = lua.create_table()?;
            native::register(lua, &methods, METHODS)?;
            Ok(methods)
        });
    }
}

const METHODS: &[Entry] = &[
    ("close", close),
    ("flush", flush),
    ("read", read),
    ("reopen", reopen),
    ("seek", seek),
    ("write", write),
];

/// `rpm.open(PATH, MODE)`.
pub(crate) fn open(lua: &Lua, args: &Args) -> Answer {
    let (path, mode) = (args.path(1)?, args.string_or(2, "r")?);
    let failed = |why: &str| Fault::text(format!("{} open failed: {why}", path.display()));
    let mode = Mode::parse(&mode).ok_or_else(|| failed(Errno::EINVAL.desc()))?;
    let flow = mode
        .options()
        .open(&path)
        .and_then(|file| Flow::over(file, &mode));
    let flow = flow.map_err(|error| failed(&reason(&error)))?;
    answer(
        lua,
        lua.create_userdata(Stream {
            path,
            flow: Some(flow),
        })?,
    )
}

/// The stream that a method was called on.
fn this(args: &Args) -> Result<UserDataRefMut<Stream>, Fault> {
    let value = args.value(1);
    let found = value
        .as_userdata()
        .and_then(|it| it.borrow_mut::<Stream>().ok());
    found.ok_or_else(|| args.wrong_type(1, "rpm.fd"))
}

impl Stream {
    fn flow(&mut self) -> io::Result<&mut Flow> {
        self.flow.as_mut().ok_or_else(|| Errno::EBADF.into())
    }

    fn fault(&self, action: &str, error: &io::Error) -> Fault {
        Fault::text(format!(
            "error {action} {}: {}",
            self.path.display(),
            reason(error)
        ))
    }
}

fn describe(lua: &Lua, args: &Args) -> Answer {
    let stream = this(args)?;
    match stream.flow {
        Some(_) => answer(lua, stream.path.to_string_lossy()),
        None => answer(lua, "[none]"),
    }
}

/// `fd:close()`: 0, or -1 if it was closed or cannot be written to its end.
fn close(lua: &Lua, args: &Args) -> Answer {
    let flow = this(args)?.flow.take();
    let is_done = flow.is_some_and(|flow| flow.file().is_ok());
    answer(lua, if is_done { 0 } else { -1 })
}

/// `fd:flush()`. Compressors keep what they hold, so that flushing does not change the bytes.
fn flush(lua: &Lua, args: &Args) -> Answer {
    answer(lua, if this(args)?.flow.is_some() { 0 } else { -1 })
}

/// `fd:read(LENGTH)`: all that is left if there is no length.
fn read(lua: &Lua, args: &Args) -> Answer {
    let mut stream = this(args)?;
    // One byte past what Lua may hold is enough to run into its memory limit.
    let most = Context::of(lua).limits.memory as u64;
    let length = u64::try_from(args.integer_or(2, -1)?)
        .unwrap_or(most)
        .min(most);
    let bytes = stream.flow().and_then(|flow| flow.read(length));
    let bytes = bytes.map_err(|error| stream.fault("reading", &error))?;
    answer(lua, lua.create_string(bytes)?)
}

/// `fd:write(BYTES, LENGTH)`: how many were written.
fn write(lua: &Lua, args: &Args) -> Answer {
    let (mut stream, bytes) = (this(args)?, args.bytes(2)?);
    let length = args.integer_or(3, bytes.len() as i64)?;
    let given = usize::try_from(length)
        .ok()
        .and_then(|length| bytes.get(..length));
    let given = given.ok_or_else(|| Fault::Argument(3, "more than the text has".to_owned()))?;
    let written = stream.flow().and_then(|flow| flow.write(given));
    written.map_err(|error| stream.fault("writing", &error))?;
    answer(lua, given.len())
}

/// `fd:seek(WHENCE, OFFSET)`: the new place.
fn seek(lua: &Lua, args: &Args) -> Answer {
    let mut stream = this(args)?;
    let whence = if args.is_nothing(2) {
        1
    } else {
        args.choice(2, &["set", "cur", "end"])?
    };
    let offset = args.integer_or(3, 0)?;
    let to = match whence {
        0 => SeekFrom::Start(offset.max(0).unsigned_abs()),
        1 => SeekFrom::Current(offset),
        _ => SeekFrom::End(offset),
    };
    let place = stream.flow().and_then(|flow| flow.seek(to));
    let place = place.map_err(|error| {
        Fault::text(format!(
            "{}: seek failed: {}",
            stream.path.display(),
            reason(&error)
        ))
    })?;
    answer(lua, place)
}

/// `fd:reopen(MODE)`: the same stream, with another compression.
fn reopen(lua: &Lua, args: &Args) -> Answer {
    let mut stream = this(args)?;
    let mode = Mode::parse(&args.string(2)?);
    let file = stream.flow.take().map(Flow::file);
    let flow = match (file, mode) {
        (Some(Ok(file)), Some(mode)) => Flow::over(file, &mode).ok(),
        _ => None,
    };
    if flow.is_none() {
        let path = stream.path.display();
        return Err(Fault::text(format!(
            "{path} stream reopen failed (invalid mode?)"
        )));
    }
    stream.flow = flow;
    drop(stream);
    answer(lua, args.value(1))
}

/// The system's word for an error, without its number.
fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(code) => Errno::from_raw(code).desc().to_owned(),
        None => error.to_string(),
    }
}
