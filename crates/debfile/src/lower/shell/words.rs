//! Words: quotes and expansions.

use super::Word;
use super::reader::{Reader, is_blank, is_name};

/// How far the end of an arithmetic expansion is sought.
const LONGEST_ARITHMETIC: usize = 1024;

/// Parameters whose names are one sign.
const SPECIAL: &[u8] = b"@*#?-$!";

/// What a word goes up to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A blank or an operator.
    Operator,
    /// A blank, as inside double brackets.
    Blank,
    /// The brace that ends a parameter expansion, in which single quotes may mean themselves. What it
    /// has may be a pattern.
    Brace { quotes: bool, is_pattern: bool },
}

impl Until {
    /// Whether single quotes quote.
    fn has_quotes(self) -> bool {
        !matches!(self, Self::Brace { quotes: false, .. })
    }

    fn is_end(self, byte: u8) -> bool {
        match self {
            Self::Operator => is_blank(byte) || b";&|<>()".contains(&byte),
            Self::Blank => is_blank(byte),
            Self::Brace { .. } => byte == b'}',
        }
    }
}

impl Reader<'_> {
    /// A word of a command.
    pub(super) fn word(&mut self) -> Word {
        self.word_until(Until::Operator)
    }

    /// A word inside `[[ … ]]`.
    pub(super) fn operand(&mut self) -> Word {
        self.word_until(Until::Blank)
    }

    fn word_until(&mut self, until: Until) -> Word {
        let start = self.at;
        let mut word = Word {
            is_literal: true,
            ..Word::default()
        };
        // What is not quoted, with a sign for each thing that is.
        let mut bare = String::new();
        while let Some(byte) = self.peek() {
            if until.is_end(byte) {
                if until == Until::Operator && self.group(start, &mut word) {
                    continue;
                }
                break;
            }
            let from = self.at;
            match byte {
                b'\'' if until.has_quotes() => self.single_quotes(&mut word),
                b'"' => self.double_quotes(&mut word),
                b'\\' => self.escape(&mut word),
                b'$' => self.dollar(&mut word, !until.has_quotes()),
                b'`' => self.backquotes(&mut word),
                _ => {
                    self.plain(until);
                    let plain = &self.text[from..self.at];
                    bare.push_str(plain);
                    word.value.push_str(plain);
                    continue;
                }
            }
            bare.push('\'');
        }
        self.note_bare(&bare, until);
        word.span = start..self.at;
        word
    }

    /// Passes over what means nothing to the shell.
    fn plain(&mut self, until: Until) {
        while let Some(byte) = self.peek() {
            self.at += 1;
            let next = self.peek().unwrap_or(b' ');
            let is_boundary = self.text.is_char_boundary(self.at);
            let is_sign = b"'\"\\$`".contains(&next) || until.is_end(next);
            if is_boundary && (is_sign || byte == b'\n') {
                return;
            }
        }
    }

    /// Extensions that begin inside a word: `x=(…)`, `!(a|b)`, `<(…)`.
    fn group(&mut self, start: usize, word: &mut Word) -> bool {
        let from = self.at;
        if self.accept("<(") || self.accept(">(") {
            self.note("<(…)");
        } else if self.peek() == Some(b'(') && self.at > start {
            match self.text.as_bytes()[self.at - 1] {
                b'=' => self.note("x=(…)"),
                b'?' | b'*' | b'+' | b'@' | b'!' => self.note("!(a|b)"),
                _ => return false,
            }
            self.at += 1;
        } else {
            return false;
        }
        self.nested(|it| it.commands(true));
        self.take_expansion(word, from);
        true
    }

    fn take_expansion(&mut self, word: &mut Word, from: usize) {
        word.is_literal = false;
        word.value.push_str(&self.text[from..self.at]);
    }

    fn single_quotes(&mut self, word: &mut Word) {
        let from = self.at + 1;
        let rest = &self.text[from..self.end];
        let inner = rest.split('\'').next().unwrap_or("");
        self.at = (from + inner.len() + 1).min(self.end);
        word.is_quoted = true;
        word.has_backslash |= inner.contains('\\');
        word.value.push_str(inner);
    }

    fn double_quotes(&mut self, word: &mut Word) {
        self.at += 1;
        word.is_quoted = true;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.ahead(1).is_some_and(|it| b"$`\"\\\n".contains(&it)) => {
                    self.escape(word);
                }
                b'$' => self.dollar(word, true),
                b'`' => self.backquotes(word),
                _ => {
                    word.has_backslash |= byte == b'\\';
                    let from = self.at;
                    self.quoted_run();
                    word.value.push_str(&self.text[from..self.at]);
                }
            }
        }
    }

    fn quoted_run(&mut self) {
        loop {
            self.at += 1;
            match self.peek() {
                None | Some(b'"' | b'\\' | b'$' | b'`') => return,
                _ => {}
            }
        }
    }

    fn escape(&mut self, word: &mut Word) {
        self.at += 1;
        let Some(escaped) = self.text[self.at..self.end].chars().next() else {
            return;
        };
        self.at += escaped.len_utf8();
        if escaped != '\n' {
            word.is_quoted = true;
            word.has_backslash |= escaped == '\\';
            word.value.push(escaped);
        }
    }

    fn backquotes(&mut self, word: &mut Word) {
        let from = self.at;
        self.at += 1;
        let bytes = &self.text.as_bytes()[..self.end];
        let mut close = self.at;
        while close < bytes.len() && bytes[close] != b'`' {
            close += if bytes[close] == b'\\' { 2 } else { 1 };
        }
        let close = close.min(self.end);
        let end = std::mem::replace(&mut self.end, close);
        self.nested(|it| it.commands(false));
        self.end = end;
        self.at = (close + 1).min(end);
        self.take_expansion(word, from);
    }

    /// What begins with `$`.
    fn dollar(&mut self, word: &mut Word, is_quoted: bool) {
        let from = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'\'') if !is_quoted => {
                self.note("$'…'");
                self.c_string();
            }
            Some(b'"') if !is_quoted => {
                self.note("$\"…\"");
                return self.double_quotes(word);
            }
            Some(b'{') => {
                self.at += 1;
                self.nested(|it| it.braces(is_quoted));
            }
            Some(b'(') => self.substitution(),
            Some(b'[') => self.note("$[…]"),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => self.name(),
            Some(byte) if byte.is_ascii_digit() || SPECIAL.contains(&byte) => {
                self.at += 1;
                self.parameter(from + 1);
            }
            _ => {
                word.value.push('$');
                return;
            }
        }
        self.take_expansion(word, from);
    }

    fn c_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'\'' {
                break;
            }
        }
        self.at = self.at.min(self.end);
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn name(&mut self) {
        let from = self.at;
        while self
            .peek()
            .is_some_and(|it| it.is_ascii_alphanumeric() || it == b'_')
        {
            self.at += 1;
        }
        self.parameter(from);
    }

    fn parameter(&mut self, from: usize) {
        self.shell
            .parameters
            .push(self.text[from..self.at].to_owned());
    }

    /// `$(…)` or `$((…))`.
    fn substitution(&mut self) {
        let start = self.at;
        if self.accept("((") && self.arithmetic() {
            return;
        }
        self.at = start + 1;
        let before = self.shell.commands.len();
        self.nested(|it| it.commands(true));
        if let [only] = &self.shell.commands[before.min(self.shell.commands.len())..]
            && only.words.is_empty()
            && only.assignments.is_empty()
        {
            self.note("$(<file)");
        }
    }

    /// Behind `${`.
    fn braces(&mut self, is_quoted: bool) {
        if self.peek() == Some(b'!') && self.ahead(1).is_some_and(|it| it != b'}') {
            self.note("${!x}");
            self.at += 1;
        }
        if self.peek() == Some(b'#') && self.ahead(1).is_some_and(|it| it != b'}') {
            self.at += 1;
            // dash counts bytes.
            let is_number = self.peek().is_some_and(|it| it.is_ascii_digit());
            if matches!(self.peek(), Some(b'*' | b'@')) {
                self.note("${#*}");
            } else if !is_number {
                self.note("${#x}");
            }
        }
        match self.peek() {
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => self.name(),
            Some(byte) if SPECIAL.contains(&byte) => self.at += 1,
            _ => {}
        }
        let operator = self.peek();
        match operator {
            Some(b'[') => self.note("${x[0]}"),
            Some(b'/') => self.note("${x/a/b}"),
            Some(b'^' | b',' | b'~') => self.note("${x^}"),
            Some(b'@') => self.note("${x@Q}"),
            Some(b':') if !self.ahead(1).is_some_and(|it| b"-=?+".contains(&it)) => {
                self.note("${x:1}");
            }
            _ => {}
        }
        let is_pattern = matches!(operator, Some(b'#' | b'%'));
        let quotes = is_pattern || !is_quoted;
        self.word_until(Until::Brace { quotes, is_pattern });
        self.accept("}");
    }

    /// Behind `((`: reads an expression with its `))`; where it has no such end, nothing.
    pub(super) fn arithmetic(&mut self) -> bool {
        let Some(close) = self.close_of_arithmetic() else {
            return false;
        };
        let expression = &self.text[self.at..close];
        self.note_arithmetic(expression);
        let end = std::mem::replace(&mut self.end, close);
        self.nested(Self::expanded_text);
        self.end = end;
        self.at = close + 2;
        true
    }

    fn close_of_arithmetic(&self) -> Option<usize> {
        let last = self.end.min(self.at + LONGEST_ARITHMETIC);
        let bytes = &self.text.as_bytes()[..last];
        let mut open = 0;
        for at in self.at..last {
            match bytes[at] {
                b'(' => open += 1,
                b')' if open > 0 => open -= 1,
                b')' => return (bytes.get(at + 1) == Some(&b')')).then_some(at),
                _ => {}
            }
        }
        None
    }

    fn note_arithmetic(&mut self, expression: &str) {
        let has_base = || {
            let mut marks = expression.match_indices('#');
            marks.any(|(at, _)| expression[..at].ends_with(|it: char| it.is_ascii_digit()))
        };
        let more = ["++", "--", "**", ",", "["]
            .iter()
            .any(|it| expression.contains(it));
        if more || has_base() {
            self.note("$((x++))");
        }
        let is_sign = |it: char| !(it.is_ascii_alphanumeric() || it == '_');
        let names = expression.split(is_sign).filter(|it| is_name(it));
        self.shell.parameters.extend(names.map(str::to_owned));
        self.shell.expressions.push(expression.to_owned());
    }

    /// Text in which only expansions count, up to the end.
    pub(super) fn expanded_text(&mut self) {
        let mut word = Word::default();
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.escape(&mut word),
                b'$' => self.dollar(&mut word, true),
                b'`' => self.backquotes(&mut word),
                _ => self.at += 1,
            }
        }
    }

    /// Extensions that quotes would switch off.
    fn note_bare(&mut self, bare: &str, until: Until) {
        if bare.split("[^").skip(1).any(|rest| rest.contains(']')) {
            self.note("[^a]");
        }
        let takes_characters = match until {
            Until::Brace { is_pattern, .. } => is_pattern,
            Until::Operator | Until::Blank => true,
        };
        if takes_characters && (bare.contains('?') || has_lone_complement(bare)) {
            self.note("?");
        }
        if until != Until::Operator {
            return;
        }
        if bare.starts_with("~+") || bare.starts_with("~-") {
            self.note("~+");
        }
        let mut braces = bare.split('{').skip(1);
        if braces.any(|rest| has_list(rest.split('}').next().unwrap_or(rest), rest)) {
            self.note("{a,b}");
        }
    }
}

/// Whether a set of what a character must not be stands where it takes one: beside a `*`, it makes no
/// difference that dash takes a byte.
fn has_lone_complement(bare: &str) -> bool {
    bare.match_indices("[!").any(|(at, _)| {
        let rest = &bare[at..];
        let end = rest.find(']');
        let is_before = end.is_some_and(|end| rest[end + 1..].starts_with('*'));
        end.is_some() && !is_before && !bare[..at].ends_with('*')
    })
}

/// Whether a brace has a list or a range in it: what stands before the brace that closes it, and all
/// that stands behind it.
fn has_list(inner: &str, rest: &str) -> bool {
    inner.len() < rest.len() && (inner.contains(',') || inner.contains(".."))
}
