//! The modes of `rpm.open`: `r`, `w`, `a` with `+` and `x`, then a compression after a dot.

use std::fs::OpenOptions;

use archive::Compression;

/// Short names for what follows the dot, beside those of rpm-payloadflags(7).
const NAMES: [(&str, &str); 5] = [
    ("gzip", "gzdio"),
    ("bzip2", "bzdio"),
    ("xz", "xzdio"),
    ("lzma", "lzdio"),
    ("zstd", "zstdio"),
];

/// How a stream is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    access: char,
    is_both: bool,
    is_exclusive: bool,
    /// Whether a compressed stream is read.
    pub(super) is_reading: bool,
    /// The compression, `None` for the bytes as they are.
    pub(super) compression: Option<Compression>,
}

impl Mode {
    /// Parses `ACCESS[+][x][LEVEL].TYPE`; `None` if it is no such mode. As in rpm, an unknown type
    /// means no compression.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (flags, kind) = text.split_once('.').unwrap_or((text, ""));
        let access = flags.chars().next().filter(|it| "rwa".contains(*it))?;
        let rest = &flags[1..];
        let levels: String = rest.chars().filter(|it| !"+xb".contains(*it)).collect();
        let compression = match kind {
            "" | "fdio" => None,
            _ => compression(&levels, kind),
        };
        let (is_both, is_exclusive) = (rest.contains('+'), rest.contains('x'));
        Some(Self {
            access,
            is_both,
            is_exclusive,
            is_reading: access == 'r',
            compression,
        })
    }

    /// What the system is asked for.
    pub(super) fn options(&self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.read(self.access == 'r' || self.is_both);
        match self.access {
            'a' => options.append(true),
            access => options.write(access == 'w' || self.is_both),
        };
        options.truncate(self.access == 'w');
        if self.access != 'r' {
            options.create(true).create_new(self.is_exclusive);
        }
        options
    }
}

fn compression(levels: &str, kind: &str) -> Option<Compression> {
    let kind = NAMES
        .iter()
        .find(|(short, _)| *short == kind)
        .map_or(kind, |it| it.1);
    format!("w{levels}.{kind}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Mode;
    use archive::Method;

    #[test]
    fn modes_say_access_and_compression() {
        let mode = Mode::parse("w+x").unwrap();
        assert_eq!(
            (mode.access, mode.is_both, mode.is_exclusive),
            ('w', true, true)
        );
        assert_eq!(mode.compression, None);
        let mode = Mode::parse("r.gzip").unwrap();
        assert_eq!(
            (mode.is_reading, mode.compression.unwrap().method),
            (true, Method::Gzip)
        );
        assert_eq!(
            Mode::parse("w9.xzdio").unwrap().compression.unwrap().level,
            Some(9)
        );
        assert_eq!(Mode::parse("r.foo").unwrap().compression, None);
        assert_eq!([Mode::parse(""), Mode::parse("q")], [None; 2]);
    }
}
