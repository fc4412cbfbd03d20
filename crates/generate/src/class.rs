//! What libmagic would call a file, by rules of our own.
//!
//! ELF files, scripts, text and the commonest kinds of data come out in libmagic's words; for other
//! data only the kind is named, without its details, and what is not known is `data`. Packages only
//! record classes that tell something about dependencies, see [`recorded`].
//!
//! Source: the output of file(1) 5.44 on files of known content.

mod elf_description;
mod media;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use archive::Decoder;

use elf_description::{color, describe};
use media::media_type;

/// How much of any file is looked at, in bytes.
const HEAD: u64 = 4 << 10;
/// How much of a text is looked at, in bytes, to tell its encoding.
const TEXT: u64 = 64 << 10;

/// Files known by their names, which are not opened. Source: rpm-dependency-generators(7).
const BY_NAME: [(&str, &str); 8] = [
    (".pm", "Perl5 module source text"),
    (".c", "C Code"),
    (".h", "C Header"),
    (".la", "libtool library file"),
    (".pc", "pkgconfig file"),
    (".html", "HTML document"),
    (".png", "PNG image data"),
    (".svg", "SVG Scalable Vector Graphics image"),
];

/// Words of classes that packages record. Source: rpm `build/rpmfc.cc`.
const RECORDED: [&str; 31] = [
    "directory",
    "ELF 32-bit",
    "ELF 64-bit",
    "troff or preprocessor input",
    "GNU Info",
    "perl ",
    "Perl5 module source text",
    "python ",
    "libtool library ",
    "pkgconfig ",
    "Objective caml ",
    "Mono/.Net assembly",
    "current ar archive",
    "Zip archive data",
    "tar archive",
    "cpio archive",
    "RPM v3",
    "RPM v4",
    " image",
    " font",
    " Font",
    " commands",
    " script",
    "empty",
    "HTML",
    "SGML",
    "XML",
    " source",
    "GLS_BINARY_LSB_FIRST",
    " DB ",
    " text",
];

/// The class as a package records it: nothing for what tells nothing about dependencies.
pub(crate) fn recorded(class: &str) -> &str {
    if RECORDED.iter().any(|word| class.contains(word)) {
        class
    } else {
        ""
    }
}

/// A class, and the colour of ELF files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) text: String,
    pub(crate) color: u32,
    /// The media type where the words do not tell it.
    pub(crate) media_type: Option<&'static str>,
}

impl Class {
    /// What libmagic calls it besides.
    pub(crate) fn media_type(&self) -> &'static str {
        self.media_type.unwrap_or_else(|| media_type(&self.text))
    }
}

impl From<&str> for Class {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            color: 0,
            media_type: None,
        }
    }
}

/// Classifies a regular file by its name, mode and first bytes.
pub(crate) fn of_file(path: &Path, mode: u32) -> io::Result<Class> {
    let is_executable = mode & 0o111 != 0;
    let by_name = by_name(path);
    if let (Some(class), false) = (by_name, is_executable) {
        return Ok(Class::from(class));
    }
    let (head, on_disk) = head(path)?;
    let mut class = if head.starts_with(b"\x7fELF") {
        of_elf(path, is_executable)?
    } else {
        Class::from(&*of_bytes(&head))
    };
    if let Some(name) = by_name {
        (class.text, class.media_type) = (name.to_owned(), None);
        return Ok(class);
    }
    let media_type = odd_media_type(&head, &class.text);
    class.media_type = Some(media_type.unwrap_or_else(|| class.media_type()));
    class.text = with_special_bits(on_disk, &class.text);
    Ok(class)
}

/// The class of a file, or of a link, whose name tells it.
pub(crate) fn by_name(path: &Path) -> Option<&'static str> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let found = BY_NAME.iter().find(|(suffix, _)| name.ends_with(suffix));
    found.map(|(_, class)| *class)
}

/// The first bytes of a file, more of them if they are text, and its mode.
fn head(path: &Path) -> io::Result<(Vec<u8>, u32)> {
    let mut file = File::open(path)?;
    let mode = file.metadata()?.mode();
    let mut head = Vec::with_capacity(HEAD as usize);
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.len() as u64 == HEAD && (text::is_text(&head) || packed(&head).is_some()) {
        file.take(TEXT - HEAD).read_to_end(&mut head)?;
    }
    Ok((head, mode))
}

/// Only executable files have a colour: others do not run.
fn of_elf(path: &Path, is_executable: bool) -> io::Result<Class> {
    let Some(elf) = elf::read(path)? else {
        return Ok(Class::from("data"));
    };
    let color = if is_executable { color(&elf) } else { 0 };
    Ok(Class {
        color,
        ..Class::from(&*describe(&elf)?)
    })
}

/// libmagic knows no media type for Python that begins with its documentation, and takes what ends after
/// the first bytes of a program for text.
///
/// Source: the output of `file --mime-type` 5.44.
fn odd_media_type(head: &[u8], class: &str) -> Option<&'static str> {
    let is_documented = class.starts_with("Python script") && head.starts_with(b"\"\"\"");
    let is_stump = head == b"\x7fELF";
    (is_documented || is_stump).then_some("text/plain")
}

/// The class with the bits that libmagic tells of, as they are on the disk: it knows of no `%attr`.
fn with_special_bits(mode: u32, class: &str) -> String {
    let bits = special_bits(mode);
    let is_mere_text = ENCODINGS.iter().any(|it| class.starts_with(it));
    match bits.as_str() {
        "" => class.to_owned(),
        _ if class == "empty" => format!("{bits}, {class}"),
        _ if is_mere_text => format!("{bits} , {class}"),
        _ => format!("{bits} {class}"),
    }
}

/// What classes of texts begin with that have nothing but an encoding.
const ENCODINGS: [&str; 5] = [
    "ASCII text",
    "Unicode text",
    "ISO-8859 text",
    "Non-ISO extended-ASCII text",
    "EBCDIC text",
];

fn special_bits(mode: u32) -> String {
    let names = [(0o4000, "setuid"), (0o2000, "setgid"), (0o1000, "sticky")];
    let set: Vec<_> = names
        .iter()
        .filter(|(bit, _)| mode & bit != 0)
        .map(|(_, it)| *it)
        .collect();
    set.join(", ")
}

/// Kinds of data by the bytes they start with.
const MAGIC: [(usize, &[u8], &str); 24] = [
    (0, b"!<arch>\n", "current ar archive"),
    (257, b"ustar  \0", "POSIX tar archive (GNU)"),
    (257, b"ustar\0", "POSIX tar archive"),
    (0, b"070701", "ASCII cpio archive (SVR4 with no CRC)"),
    (0, b"070702", "ASCII cpio archive (SVR4 with CRC)"),
    (0, b"070707", "ASCII cpio archive (pre-SVR4 or odc)"),
    (0, b"\xed\xab\xee\xdb", "RPM v3.0"),
    (0, b"PK\x03\x04", "Zip archive data"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard compressed data (v0.8+)"),
    (0, b"\xff\xd8\xff", "JPEG image data"),
    (0, b"GIF8", "GIF image data"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG image data"),
    (0, b"II*\0", "TIFF image data, little-endian"),
    (0, b"MM\0*", "TIFF image data, big-endian"),
    (0, b"\0\0\x01\0", "MS Windows icon resource"),
    (0, b"\0\x01\0\0\0", "TrueType Font data"),
    (0, b"OTTO", "OpenType font data"),
    (0, b"ttcf", "TrueType font collection data"),
    (0, b"wOFF", "Web Open Font Format"),
    (0, b"wOF2", "Web Open Font Format (Version 2)"),
    (0, b"\x01fcp", "X11 Portable Compiled Font data"),
    (0, b"%PDF-", "PDF document"),
    (0, b"SQLite format 3\0", "SQLite 3.x database"),
    (
        0,
        b"\xde\x12\x04\x95",
        "GNU message catalog (little endian)",
    ),
];

/// What compiled OCaml begins with; a letter and three digits follow.
const OCAML: &[u8] = b"Caml1999";

/// Kinds of compiled OCaml by their letters. Source: libmagic's words.
const OCAML_KINDS: [(u8, &str); 8] = [
    (b'A', " library file (.cma)"),
    (b'I', " interface file (.cmi)"),
    (b'M', " abstract syntax tree implementation file"),
    (b'N', " abstract syntax tree interface file"),
    (b'O', " object file (.cmo)"),
    (b'X', " exec file"),
    (b'Y', " native object file (.cmx)"),
    (b'Z', " native library file (.cmxa)"),
];

fn of_ocaml(rest: &[u8]) -> String {
    let letter = rest.first();
    let kind = OCAML_KINDS.iter().find(|(it, _)| Some(it) == letter);
    let kind = kind.map_or("", |(_, words)| words);
    match rest.get(1..4) {
        Some(version) => format!("OCaml{kind} (Version {})", version.escape_ascii()),
        None => format!("OCaml{kind}"),
    }
}

fn of_bytes(head: &[u8]) -> String {
    match packed(head) {
        Some(remark) => of_packed(head, &remark),
        None => of_plain(head),
    }
}

fn of_plain(head: &[u8]) -> String {
    match head {
        [] => return "empty".to_owned(),
        [_] => return "very short file (no magic)".to_owned(),
        _ => {}
    }
    if text::is_python_bytecode(head) {
        return "Byte-compiled Python module".to_owned();
    }
    if let Some(rest) = head.strip_prefix(OCAML) {
        return of_ocaml(rest);
    }
    let fits = |(at, magic, _): &&(usize, &[u8], &str)| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(magic))
    };
    match MAGIC.iter().find(fits) {
        Some((_, _, class)) => (*class).to_owned(),
        None => text::describe(head),
    }
}

/// A compressed file is what is in it, with a remark.
fn of_packed(head: &[u8], remark: &str) -> String {
    let mut inner = Vec::new();
    // The head may end amid the compressed data; what came out until then is enough.
    let _ = Decoder::new(head).and_then(|it| it.take(TEXT).read_to_end(&mut inner));
    // A second layer is not looked into.
    let inner = packed(&inner).unwrap_or_else(|| of_plain(&inner));
    format!("{inner} ({remark})")
}

/// What kind of compressed data it is, if it is of one that is looked into.
fn packed(head: &[u8]) -> Option<String> {
    if head.starts_with(GZIP) {
        return Some(gzip(head));
    }
    if let [b'B', b'Z', b'h', size @ b'1'..=b'9', ..] = head {
        let size = size - b'0';
        return Some(format!("bzip2 compressed data, block size = {size}00k"));
    }
    let check = head.strip_prefix(b"\xfd7zXZ\0")?.get(1)?;
    let check = XZ_CHECKS.iter().find(|(number, _)| number == check);
    let check = check.map_or(String::new(), |(_, name)| format!(", checksum {name}"));
    Some(format!("XZ compressed data{check}"))
}

/// What compressed files of gzip start with.
const GZIP: &[u8] = b"\x1f\x8b";

/// Checksums of xz by their numbers. Source: the .xz file format, section 2.1.1.2.
const XZ_CHECKS: [(u8, &str); 4] = [(0, "NONE"), (1, "CRC32"), (4, "CRC64"), (10, "SHA-256")];

fn gzip(head: &[u8]) -> String {
    let effort = match head.get(8) {
        Some(2) => ", max compression",
        Some(4) => ", max speed",
        _ => "",
    };
    let system = match head.get(9) {
        Some(0) => ", from FAT filesystem (MS-DOS, OS/2, NT)",
        Some(3) => ", from Unix",
        Some(11) => ", from NTFS filesystem (NT)",
        _ => "",
    };
    format!("gzip compressed data{effort}{system}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn data_is_known_by_its_first_bytes() {
        assert_eq!(of_bytes(b""), "empty");
        assert_eq!(
            of_bytes(b"Caml1999Z031\x84\x95"),
            "OCaml native library file (.cmxa) (Version 031)"
        );
        assert_eq!(of_bytes(b"Caml1999I"), "OCaml interface file (.cmi)");
        assert_eq!(of_bytes(b"!<arch>\nx"), "current ar archive");
        let mut tar = vec![0; 512];
        tar[257..265].copy_from_slice(b"ustar  \0");
        assert_eq!(of_bytes(&tar), "POSIX tar archive (GNU)");
        assert_eq!(of_bytes(b"\0\x01\x02\xff"), "data");
    }

    #[test]
    fn documentation_hides_that_a_file_is_python() {
        let media_type = |text: &str| {
            let tree = testkit::Tree::new().file("x", text);
            of_file(&tree.join("x"), 0o644).unwrap().media_type()
        };
        let code = "def f(a, b):\n    pass\n";
        assert_eq!(media_type(code), "text/x-script.python");
        assert_eq!(
            media_type(&format!("\"\"\"Doc\"\"\"\n{code}")),
            "text/plain"
        );
        assert_eq!(
            media_type(&format!("'''Doc'''\n{code}")),
            "text/x-script.python"
        );
    }

    #[test]
    fn a_compressed_file_is_what_is_in_it() {
        let mut encoder = flate2::GzBuilder::new()
            .operating_system(3)
            .write(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, b".TH X 1\n.SH NAME\n").unwrap();
        assert_eq!(
            of_bytes(&encoder.finish().unwrap()),
            "troff or preprocessor input, ASCII text (gzip compressed data, max compression, from Unix)"
        );
    }

    #[test]
    fn what_is_no_text_has_a_word_too() {
        let bytecode = b"\xa7\x0d\r\n\x03\0\0\0";
        assert_eq!(of_bytes(bytecode), "Byte-compiled Python module");
        let xz = b"\xfd7zXZ\0\0\x04";
        assert_eq!(of_bytes(xz), "empty (XZ compressed data, checksum CRC64)");
        let twice = b"BZh9";
        let expected = "empty (bzip2 compressed data, block size = 900k)";
        assert_eq!(of_bytes(twice), expected);
    }

    #[test]
    fn only_telling_classes_are_recorded() {
        assert_eq!(recorded("ASCII text"), "ASCII text");
        assert_eq!(recorded("PNG image data"), "PNG image data");
        assert_eq!(recorded("data"), "");
        assert_eq!(recorded("C Code"), "");
    }

    #[test]
    fn names_and_modes_count() {
        let disk = testkit::Tree::new()
            .file("x.c", "int x;")
            .program("s", "#!/bin/sh\n");
        assert_eq!(of_file(&disk.join("x.c"), 0o644).unwrap().text, "C Code");
        let path = disk.join("s");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o4755)).unwrap();
        let script = of_file(&path, 0o755).unwrap();
        assert_eq!(
            script.text,
            "setuid POSIX shell script, ASCII text executable"
        );
    }
}
