//! Finding where macro calls end.
//!
//! Not here: what a call means, see `call`.

/// Where a byte stands first. Texts here are short: to find out what the processor could do to be
/// faster still takes longer than to read them.
pub(crate) fn find_byte(byte: u8, bytes: &[u8]) -> Option<usize> {
    memchr::arch::all::memchr::One::new(byte).find(bytes)
}

/// The offset just past the bracket that closes the one `text` begins with; `\` hides the byte after
/// it. `None` if it is never closed.
pub(crate) fn matching_bracket(text: &[u8], open: u8, close: u8) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte == b'\\' {
            at += 1;
        } else if byte == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at);
            }
        } else if byte == open {
            depth += 1;
        }
    }
    None
}

/// The length of the macro call that `text`, which starts just after a `%`, begins with; `None` if a
/// bracket is not closed.
pub fn find_macro_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'(') => matching_bracket(bytes, b'(', b')'),
        Some(b'{') => matching_bracket(bytes, b'{', b'}'),
        Some(b'[') => matching_bracket(bytes, b'[', b']'),
        _ => Some(bare_name_end(bytes)),
    }
}

/// The end of `%name`, `%?name`, `%-f`, `%*`, `%**`, `%#`.
fn bare_name_end(bytes: &[u8]) -> usize {
    let mut at = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'?' | b'!'))
        .count();
    at += usize::from(bytes.get(at) == Some(&b'-'));
    at += bytes[at..]
        .iter()
        .take_while(|byte| is_name_byte(**byte))
        .count();
    match &bytes[at..] {
        [b'*', b'*', ..] => at + 2,
        [b'*' | b'#', ..] => at + 1,
        _ => at,
    }
}

/// Whether a byte may stand in a macro's name.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Counts the brackets that macro calls have opened, line by line, to find where a logical line
/// ends: a line goes on while a `%{`, `%(` or `%[` is open or it ends in `\`.
///
/// Source: rpm-macrofile(5); rpm-spec(5), "Line continuation".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    braces: usize,
    parentheses: usize,
    squares: usize,
    backslash: bool,
}

impl Nesting {
    /// Takes the next physical line, with or without its newline.
    pub fn feed(&mut self, line: &str) {
        let bytes = line.trim_end_matches(['\n', '\r']).as_bytes();
        self.backslash = bytes.last() == Some(&b'\\');
        if !self.is_unclosed() && find_byte(b'%', bytes).is_none() {
            return;
        }
        let mut at = 0;
        while let Some(offset) = bytes[at..].iter().position(|byte| is_special(*byte)) {
            at += offset;
            at += self.count(bytes[at], bytes.get(at + 1).copied());
        }
    }

    /// Counts one byte; returns how many bytes it took.
    fn count(&mut self, byte: u8, next: Option<u8>) -> usize {
        match (byte, next) {
            (b'\\', Some(_)) | (b'%', Some(b'%')) => return 2,
            (b'%', Some(open @ (b'{' | b'(' | b'['))) => {
                *self.counter(open) += 1;
                return 2;
            }
            (b'{' | b'(' | b'[', _) => {
                let counter = self.counter(byte);
                *counter += usize::from(*counter > 0);
            }
            (b'}' | b')' | b']', _) => {
                let counter = self.counter(byte);
                *counter = counter.saturating_sub(1);
            }
            _ => {}
        }
        1
    }

    fn counter(&mut self, bracket: u8) -> &mut usize {
        match bracket {
            b'{' | b'}' => &mut self.braces,
            b'(' | b')' => &mut self.parentheses,
            _ => &mut self.squares,
        }
    }

    /// Whether a bracket is open.
    pub fn is_unclosed(self) -> bool {
        self.braces + self.parentheses + self.squares > 0
    }

    /// Whether the logical line goes on with the next physical one.
    pub fn is_open(self) -> bool {
        self.backslash || self.is_unclosed()
    }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'{' | b'}' | b'(' | b')' | b'[' | b']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_end_where_rpm_ends_them() {
        for (text, end) in [
            ("{a{b}c}d", 7),
            ("name-x", 4),
            ("?name}", 5),
            ("**x", 2),
            ("*", 1),
            ("#", 1),
            ("-f*", 3),
            ("(a)b", 3),
            ("[1]", 3),
            ("", 0),
            ("{a\\}b}c", 6),
        ] {
            assert_eq!(find_macro_end(text), Some(end), "{text}");
        }
        assert_eq!(find_macro_end("{a"), None);
    }

    #[test]
    fn lines_go_on_while_something_is_open() {
        let open = |line: &str| {
            let mut nesting = Nesting::default();
            nesting.feed(line);
            nesting.is_open()
        };
        assert!(open("%define a %{expand:\n") && open("x \\") && open("%(echo"));
        assert!(!open("a { b") && !open("%%{ a") && !open("%{a} }"));
    }
}
