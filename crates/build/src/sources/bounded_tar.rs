//! Archives of source packages, which anybody may have made, read within limits.

use std::fs::File;
use std::io;

use archive::Decoder;
use limits::{Allowance, TarReader};

/// A tar archive that may unpack to as much as its size lets expect.
pub(crate) fn open_tar(file: File) -> io::Result<TarReader<Decoder<'static>>> {
    let allowance = Allowance::for_archive(file.metadata()?.len());
    Ok(TarReader::new(Decoder::new(file)?, allowance))
}
