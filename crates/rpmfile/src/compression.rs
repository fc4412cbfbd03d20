//! How the payload is compressed, and what the header says about it.

use archive::{Compression, Method};
use package::{Package, WriteError};

use crate::options::{DEFAULT_PAYLOAD, Options};

/// A payload's compression.
pub(crate) struct Payload {
    /// How to compress.
    pub(crate) compression: Compression,
    /// Name of the method in the header; `None` if the payload is not compressed.
    pub(crate) compressor: Option<&'static str>,
    /// The flags between `w` and the type, as the header records them.
    pub(crate) flags: String,
    /// The feature a reader must have: name and the version of rpm that brought it.
    pub(crate) feature: Option<(&'static str, &'static str)>,
}

/// The compression that the options ask for.
///
/// A value that does not start with `w` stands for rpm's default; any other fault in it is an
/// error. Source: rpm-payloadflags(7).
pub(crate) fn of_payload(package: &Package, options: &Options) -> Result<Payload, WriteError> {
    let asked = match package.is_source() {
        true => options.source_payload.as_str(),
        false => options.binary_payload.as_str(),
    };
    let text = if asked.starts_with('w') {
        asked
    } else {
        DEFAULT_PAYLOAD
    };
    let bad =
        |fault| WriteError::Unsupported(format!("Unknown payload compression: {text}: {fault}"));
    let compression: Compression = text.parse().map_err(bad)?;
    let flags = text.rsplit_once('.').map_or("", |(flags, _)| &flags[1..]);
    let (compressor, feature) = names(compression.method);
    Ok(Payload {
        compression,
        compressor,
        flags: flags.to_owned(),
        feature,
    })
}

type Names = (Option<&'static str>, Option<(&'static str, &'static str)>);

fn names(method: Method) -> Names {
    match method {
        Method::None => (None, None),
        Method::Gzip => (Some("gzip"), None),
        Method::Bzip2 => (Some("bzip2"), Some(("PayloadIsBzip2", "3.0.5-1"))),
        Method::Xz => (Some("xz"), Some(("PayloadIsXz", "5.2-1"))),
        Method::Lzma => (Some("lzma"), Some(("PayloadIsLzma", "4.4.6-1"))),
        Method::Zstd => (Some("zstd"), Some(("PayloadIsZstd", "5.4.18-1"))),
    }
}
