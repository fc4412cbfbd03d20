//! One part of a pattern, between two slashes, and the names it matches.

/// A piece of a pattern.
#[derive(Debug)]
enum Piece {
    /// This byte.
    Byte(u8),
    /// `?`.
    One,
    /// `*`.
    Many,
    /// `[…]`.
    Set(Set),
}

/// Whether a byte belongs to a class.
type Class = fn(&u8) -> bool;

/// `[…]`: bytes, ranges and classes.
#[derive(Debug, Default)]
struct Set {
    negated: bool,
    ranges: Vec<(u8, u8)>,
    classes: Vec<Class>,
}

impl Set {
    fn has(&self, byte: u8) -> bool {
        let named = self
            .ranges
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&byte))
            || self.classes.iter().any(|class| class(&byte));
        named != self.negated
    }
}

/// A pattern for one name.
#[derive(Debug)]
pub(super) struct NamePattern(Vec<Piece>);

impl NamePattern {
    /// Reads a pattern; what is not closed means itself.
    pub(super) fn parse(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut pieces, mut at) = (Vec::new(), 0);
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            pieces.push(match byte {
                b'*' => Piece::Many,
                b'?' => Piece::One,
                b'\\' if at < bytes.len() => {
                    at += 1;
                    Piece::Byte(bytes[at - 1])
                }
                b'[' => match parse_set(&bytes[at..]) {
                    Some((set, len)) => {
                        at += len;
                        Piece::Set(set)
                    }
                    None => Piece::Byte(byte),
                },
                byte => Piece::Byte(byte),
            });
        }
        Self(pieces)
    }

    /// The one name it matches, if it is no more than that.
    pub(super) fn literal(&self) -> Option<String> {
        let byte = |piece: &Piece| match piece {
            Piece::Byte(byte) => Some(*byte),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = self.0.iter().map(byte).collect();
        String::from_utf8(bytes?).ok()
    }

    /// Whether it matches a name. A leading dot has to be written.
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        let dot_is_written = matches!(self.0.first(), Some(Piece::Byte(b'.')));
        (name.first() != Some(&b'.') || dot_is_written) && self.fits(name)
    }

    /// Matches by trying the last star again with one byte more whenever the rest does not fit.
    fn fits(&self, name: &[u8]) -> bool {
        let (mut piece, mut at) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while at < name.len() {
            match self.0.get(piece) {
                Some(Piece::Many) => {
                    star = Some((piece + 1, at));
                    piece += 1;
                }
                Some(found) if found.takes(name[at]) => {
                    piece += 1;
                    at += 1;
                }
                _ => {
                    let Some((after, from)) = star else {
                        return false;
                    };
                    star = Some((after, from + 1));
                    (piece, at) = (after, from + 1);
                }
            }
        }
        self.0[piece..]
            .iter()
            .all(|rest| matches!(rest, Piece::Many))
    }
}

impl Piece {
    fn takes(&self, byte: u8) -> bool {
        match self {
            Self::Byte(own) => *own == byte,
            Self::One => true,
            Self::Many => false,
            Self::Set(set) => set.has(byte),
        }
    }
}

/// Reads what follows `[`, and how many bytes that was; `None` without a closing bracket.
fn parse_set(bytes: &[u8]) -> Option<(Set, usize)> {
    let mut set = Set {
        negated: matches!(bytes.first(), Some(b'!' | b'^')),
        ..Set::default()
    };
    let start = usize::from(set.negated);
    let mut at = start;
    loop {
        let byte = *bytes.get(at)?;
        if byte == b']' && at > start {
            return Some((set, at + 1));
        }
        if let Some((class, len)) = parse_class(&bytes[at..]) {
            set.classes.push(class);
            at += len;
            continue;
        }
        let (low, len) = parse_member(&bytes[at..])?;
        at += len;
        let is_range =
            bytes.get(at) == Some(&b'-') && bytes.get(at + 1).is_some_and(|b| *b != b']');
        if is_range {
            let (high, len) = parse_member(&bytes[at + 1..])?;
            set.ranges.push((low, high));
            at += 1 + len;
        } else {
            set.ranges.push((low, low));
        }
    }
}

fn parse_member(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [b'\\', byte, ..] => Some((*byte, 2)),
        [byte, ..] => Some((*byte, 1)),
        [] => None,
    }
}

/// Classes of bytes by name. Source: glob(7), "Character classes and internationalization".
const CLASSES: [(&str, Class); 12] = [
    ("alnum", u8::is_ascii_alphanumeric),
    ("alpha", u8::is_ascii_alphabetic),
    ("blank", |byte| matches!(byte, b' ' | b'\t')),
    ("cntrl", u8::is_ascii_control),
    ("digit", u8::is_ascii_digit),
    ("graph", u8::is_ascii_graphic),
    ("lower", u8::is_ascii_lowercase),
    ("print", |byte| (b' '..=b'~').contains(byte)),
    ("punct", u8::is_ascii_punctuation),
    ("space", |byte| matches!(byte, b' ' | 9..=13)),
    ("upper", u8::is_ascii_uppercase),
    ("xdigit", u8::is_ascii_hexdigit),
];

/// Reads `[:name:]`.
fn parse_class(bytes: &[u8]) -> Option<(Class, usize)> {
    let rest = bytes.strip_prefix(b"[:")?;
    CLASSES.iter().find_map(|(name, class)| {
        let is_it = rest.strip_prefix(name.as_bytes())?.starts_with(b":]");
        is_it.then_some((*class, name.len() + 4))
    })
}

#[cfg(test)]
mod tests {
    use super::NamePattern;

    #[test]
    fn patterns_agree_with_fnmatch() {
        let cases = [
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
            ("*", "", true),
            ("?", "ab", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[^a]", "b", true),
            ("[]a]", "]", true),
            ("[a-]", "-", true),
            ("[[:digit:]]*", "7z", true),
            ("[[:digit:]]*", "z7", false),
            ("[", "[", true),
            ("[a", "[a", true),
            ("\\?", "?", true),
            ("\\?", "a", false),
            ("[\\]]", "]", true),
            ("*.so.*", "libx.so.1", true),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false),
        ];
        for (pattern, name, expected) in cases {
            let found = NamePattern::parse(pattern).matches(name.as_bytes());
            assert_eq!(found, expected, "{pattern} and {name}");
        }
    }

    #[test]
    fn a_plain_name_is_literal() {
        assert_eq!(NamePattern::parse("a\\*").literal().as_deref(), Some("a*"));
        assert_eq!(NamePattern::parse("a*").literal(), None);
    }
}
