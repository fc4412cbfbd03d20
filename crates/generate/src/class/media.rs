//! Media types of files, by the classes that libmagic's words give them.
//!
//! Not here: finding out the class, see `class`.
//!
//! Source: the output of `file --mime-type` 5.44 on files of known content.

/// Media types by what a class begins with, or by a part of it where the first column says so. The
/// first row that fits counts.
const TYPES: [(Where, &str, &str); 82] = [
    (Start, "directory", "inode/directory"),
    (Start, "symbolic link", "inode/symlink"),
    (Start, "character special", "inode/chardevice"),
    (Start, "block special", "inode/blockdevice"),
    (Start, "fifo", "inode/fifo"),
    (Start, "socket", "inode/socket"),
    (Start, "empty", "inode/x-empty"),
    (Start, "Perl5 module", "text/plain"),
    (Start, "libtool library", "text/plain"),
    (Start, "pkgconfig file", "text/plain"),
    (Start, "C Code", "text/x-c"),
    (Start, "C Header", "text/x-c"),
    (Part, "relocatable,", "application/x-object"),
    (Part, "pie executable,", "application/x-pie-executable"),
    (Part, "bit LSB executable,", "application/x-executable"),
    (Part, "bit MSB executable,", "application/x-executable"),
    (Part, "shared object,", "application/x-sharedlib"),
    (Part, "core file,", "application/x-coredump"),
    (Start, "PNG image", "image/png"),
    (Start, "JPEG image", "image/jpeg"),
    (Start, "GIF image", "image/gif"),
    (Start, "TIFF image", "image/tiff"),
    (Start, "SVG ", "image/svg+xml"),
    (Start, "MS Windows icon", "image/vnd.microsoft.icon"),
    (Start, "TrueType font coll", "font/collection"),
    (Start, "TrueType Font", "font/sfnt"),
    (Start, "OpenType font", "application/vnd.ms-opentype"),
    (Start, "Web Open Font Format (V", "font/woff2"),
    (Start, "Web Open Font Format", "font/woff"),
    (Start, "X11 Portable Compiled", "application/x-font-pcf"),
    (Start, "PDF document", "application/pdf"),
    (Start, "SQLite 3", "application/vnd.sqlite3"),
    (Start, "GNU message", "application/x-gettext-translation"),
    (Start, "current ar", "application/x-archive"),
    (Start, "POSIX tar", "application/x-tar"),
    (Start, "ASCII cpio", "application/x-cpio"),
    (Start, "RPM v", "application/x-rpm"),
    (Start, "Zip archive", "application/zip"),
    (Start, "XZ compressed", "application/x-xz"),
    (Start, "bzip2 compressed", "application/x-bzip2"),
    (Start, "Zstandard", "application/zstd"),
    (Start, "gzip compressed", "application/gzip"),
    (Part, "POSIX shell script", "text/x-shellscript"),
    (Part, "Bourne-Again shell", "text/x-shellscript"),
    (Part, "C shell script", "text/x-shellscript"),
    (Part, "Korn shell script", "text/x-shellscript"),
    (Part, "zsh script", "text/x-shellscript"),
    (Part, "fish shell script", "text/x-shellscript"),
    (Part, "ash script", "text/x-shellscript"),
    (Part, "Perl script", "text/x-perl"),
    (Part, "Python script", "text/x-script.python"),
    (Part, "Ruby script", "text/x-ruby"),
    (Part, "Lua script", "text/x-lua"),
    (Part, "GNU awk script", "text/x-gawk"),
    (Part, "new awk script", "text/x-nawk"),
    (Part, "awk script", "text/x-awk"),
    (Part, "Tcl/Tk script", "text/x-tcl"),
    (Part, "PHP script", "text/x-php"),
    (Part, "Node.js script", "application/javascript"),
    (Start, "troff or", "text/troff"),
    (
        Start,
        "Byte-compiled Python",
        "application/x-bytecode.python",
    ),
    (Start, "C source", "text/x-c"),
    (Start, "C++ source", "text/x-c++"),
    (Start, "LaTeX 2e", "text/x-tex"),
    (Start, "JavaScript source", "application/javascript"),
    (Start, "M4 macro", "text/x-m4"),
    (Start, "makefile script", "text/x-makefile"),
    (Start, "automake makefile", "text/x-makefile"),
    (Start, "Java source", "text/x-java"),
    (Start, "Lisp/Scheme", "text/x-lisp"),
    (Start, "assembler source", "text/x-asm"),
    (Start, "LaTeX document", "text/x-tex"),
    (Start, "TeX document", "text/x-tex"),
    (Start, "DOS batch", "text/x-msdos-batch"),
    (Start, "X pixmap", "image/x-xpixmap"),
    (Start, "unified diff", "text/x-diff"),
    (Start, "PostScript", "application/postscript"),
    (Start, "HTML document", "text/html"),
    (Start, "XML 1.0", "text/xml"),
    (Start, "JSON text", "application/json"),
    (Start, "OCaml", "application/octet-stream"),
    (Part, " text", "text/plain"),
];

/// Where in a class words are looked for.
#[derive(Clone, Copy)]
enum Where {
    Start,
    Part,
}

use Where::{Part, Start};

/// Remarks of compressed files, which are what is in them.
const PACKED: [&str; 3] = [
    " (gzip compressed data",
    " (bzip2 compressed data",
    " (XZ compressed data",
];

/// The media type of a file of this class.
pub(crate) fn media_type(class: &str) -> &'static str {
    let fits = |(place, words, _): &&(Where, &str, &str)| match place {
        Start => class.starts_with(words),
        Part => class.contains(words),
    };
    if let Some(at) = PACKED.iter().find_map(|remark| class.find(remark)) {
        return match &class[..at] {
            "empty" => "application/x-empty",
            inner => media_type(inner),
        };
    }
    match TYPES.iter().find(fits) {
        Some((_, _, media_type)) => media_type,
        None if class.is_empty() => "",
        None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_media_types() {
        let cases = [
            ("directory", "inode/directory"),
            ("a /bin/x script, ASCII text executable", "text/plain"),
            (
                "POSIX shell script, ASCII text executable",
                "text/x-shellscript",
            ),
            (
                "setuid ELF 64-bit LSB executable, x86-64",
                "application/x-executable",
            ),
            (
                "ELF 64-bit LSB shared object, x86-64",
                "application/x-sharedlib",
            ),
            ("JavaScript source, ASCII text", "application/javascript"),
            ("M4 macro processor script, ASCII text", "text/x-m4"),
            ("makefile script, ASCII text", "text/x-makefile"),
            (
                "X pixmap image text, 1 x 1 x 1, 1 chars/pixel",
                "image/x-xpixmap",
            ),
            ("data", "application/octet-stream"),
            (
                "troff or preprocessor input, ASCII text (gzip compressed data, from Unix)",
                "text/troff",
            ),
            (
                "empty (XZ compressed data, checksum CRC64)",
                "application/x-empty",
            ),
            ("", ""),
        ];
        for (class, expected) in cases {
            assert_eq!(media_type(class), expected, "{class}");
        }
    }
}
