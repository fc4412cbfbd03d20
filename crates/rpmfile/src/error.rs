//! Packing faults in the words of [`package::WriteError`].

use archive::Error;
use package::WriteError;

/// Says a fault of `archive` as every package writer says it.
pub(crate) fn lift(error: Error) -> WriteError {
    match error {
        Error::Read { path, source } => WriteError::Read { path, source },
        Error::SizeChanged {
            path,
            expected,
            found,
        } => WriteError::Changed {
            path,
            expected,
            found,
        },
        Error::Write(source) => WriteError::Write(source),
        Error::TooLarge { .. } | Error::BadName { .. } => {
            WriteError::Unsupported(error.to_string())
        }
        other => WriteError::Write(std::io::Error::other(other)),
    }
}
