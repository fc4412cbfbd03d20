//! rpm's payload flags, the text that says how a payload is compressed.
//!
//! Source: rpm `docs/man/rpm-payloadflags.7.scd`.

use std::num::NonZeroU32;
use std::str::FromStr;

use crate::compress::{Compression, Method};

/// Why a text is no payload flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadFlagsError {
    /// It does not start with `w`.
    #[error("payload flags start with `w`")]
    NotForWriting,
    /// There is no `.TYPE`, or an unknown one.
    #[error(
        "payload flags end with one of `.ufdio`, `.gzdio`, `.bzdio`, `.xzdio`, `.lzdio`, `.zstdio`"
    )]
    UnknownType,
    /// A flag is unknown or a number too long.
    #[error("between `w` and the type stand a level, `T` and `L`, each with a small number")]
    BadFlag,
}

const TYPES: [(&str, Method); 6] = [
    ("ufdio", Method::None),
    ("gzdio", Method::Gzip),
    ("bzdio", Method::Bzip2),
    ("xzdio", Method::Xz),
    ("lzdio", Method::Lzma),
    ("zstdio", Method::Zstd),
];

/// Window of `L` without a number: the largest that decoders accept unasked.
const DEFAULT_WINDOW: u32 = 27;

impl FromStr for Compression {
    type Err = PayloadFlagsError;

    /// Parses `w[LEVEL][T[N]][L[N]].TYPE`. `T` without a number, `T0` and no `T` mean all cores.
    fn from_str(text: &str) -> Result<Self, PayloadFlagsError> {
        let rest = text
            .strip_prefix('w')
            .ok_or(PayloadFlagsError::NotForWriting)?;
        let (flags, kind) = rest
            .rsplit_once('.')
            .ok_or(PayloadFlagsError::UnknownType)?;
        let known = TYPES.iter().find(|(name, _)| *name == kind);
        let method = known.ok_or(PayloadFlagsError::UnknownType)?.1;
        parse_settings(flags, Self::new(method))
    }
}

fn parse_settings(
    mut flags: &str,
    mut compression: Compression,
) -> Result<Compression, PayloadFlagsError> {
    while let Some(letter) = flags.chars().next() {
        let is_level = letter.is_ascii_digit();
        let (number, rest) = split_number(if is_level {
            flags
        } else {
            &flags[letter.len_utf8()..]
        })?;
        match letter {
            'T' => compression.threads = number.and_then(NonZeroU32::new),
            'L' => compression.window = Some(number.unwrap_or(DEFAULT_WINDOW)),
            _ if is_level => compression.level = number.map(|it| it as i32),
            _ => return Err(PayloadFlagsError::BadFlag),
        }
        flags = rest;
    }
    Ok(compression)
}

/// The number of up to three digits that `text` starts with, if any, and what follows it.
fn split_number(text: &str) -> Result<(Option<u32>, &str), PayloadFlagsError> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    match end {
        0 => Ok((None, text)),
        1..=3 => Ok((text[..end].parse().ok(), &text[end..])),
        _ => Err(PayloadFlagsError::BadFlag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_manual_page() {
        let threads = NonZeroU32::new;
        let cases = [
            ("w9.gzdio", Method::Gzip, Some(9), None, None),
            ("w9.bzdio", Method::Bzip2, Some(9), None, None),
            ("w.xzdio", Method::Xz, None, None, None),
            ("w7T16.xzdio", Method::Xz, Some(7), threads(16), None),
            ("w7T0.xzdio", Method::Xz, Some(7), None, None),
            ("w6.lzdio", Method::Lzma, Some(6), None, None),
            ("w19T8.zstdio", Method::Zstd, Some(19), threads(8), None),
            ("w7T.zstdio", Method::Zstd, Some(7), None, None),
            (
                "w19T8L27.zstdio",
                Method::Zstd,
                Some(19),
                threads(8),
                Some(27),
            ),
            ("w3L.zstdio", Method::Zstd, Some(3), None, Some(27)),
            ("w.ufdio", Method::None, None, None, None),
        ];
        for (text, method, level, threads, window) in cases {
            let expected = Compression {
                method,
                level,
                threads,
                window,
            };
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        use PayloadFlagsError::{BadFlag, NotForWriting, UnknownType};
        let cases = [
            ("", NotForWriting),
            ("r9.gzdio", NotForWriting),
            ("w9", UnknownType),
            ("w9.foodio", UnknownType),
            ("w9x.gzdio", BadFlag),
            ("w9999.gzdio", BadFlag),
            ("wé.gzdio", BadFlag),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Compression>(), Err(expected), "{text}");
        }
    }
}
