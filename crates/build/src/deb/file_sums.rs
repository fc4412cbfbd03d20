//! Files that go into source packages and uploads, with their digests.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use archive::{Algorithm, DigestWriter, Digests};
use debfile::source_package::{FileSums, SummedFile};
use package::WriteError;

/// The digests that `.dsc` and `.changes` files list.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha256];

/// Passes on what is written and takes digests of it.
pub(crate) fn summing<W: Write>(out: W) -> DigestWriter<W> {
    DigestWriter::new(&ALGORITHMS, out)
}

/// The digests as they are listed.
pub(crate) fn sums_of(digests: &Digests) -> FileSums {
    FileSums {
        size: digests.length(),
        md5: digests.hex(Algorithm::Md5),
        sha1: digests.hex(Algorithm::Sha1),
        sha256: digests.hex(Algorithm::Sha256),
    }
}

/// A file that lies on the disk.
pub(crate) fn summed_file(path: &Path) -> Result<SummedFile, WriteError> {
    let sums = copy_summed(path, &mut io::sink())?;
    let name = path.file_name().unwrap_or_default();
    Ok(SummedFile {
        name: name.to_string_lossy().into_owned(),
        sums,
    })
}

/// Copies a file and takes its digests on the way.
pub(crate) fn copy_summed(path: &Path, out: &mut dyn Write) -> Result<FileSums, WriteError> {
    let read = |source| WriteError::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(read)?;
    let mut out = summing(out);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(read)? {
            0 => break,
            count => out.write_all(&buffer[..count]).map_err(WriteError::Write)?,
        }
    }
    Ok(sums_of(&out.finish().1))
}
