//! Lua's words, as far as scriptlets use them.
//!
//! Source: Lua 5.4 Reference Manual, 3.1.

use super::fault::Fault;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A name or a keyword.
    Name(String),
    /// A number, as it is written.
    Number(String),
    /// A string, its escapes resolved.
    Text(String),
    /// A string with escapes that are not resolved here: why.
    Odd(String),
    /// An operator or a bracket.
    Sign(&'static str),
    /// The end of the chunk.
    End,
}

/// Longer ones first.
const SIGNS: [&str; 33] = [
    "...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>", "+", "-", "*", "/", "%", "#", "<",
    ">", "=", "(", ")", "{", "}", "[", "]", ";", ":", ",", ".", "^", "&", "|", "~",
];

/// The words of a chunk, each with its line, from 1.
pub(super) fn words(chunk: &str) -> Result<Vec<(Word, usize)>, Fault> {
    let mut reader = Reader {
        rest: chunk,
        line: 1,
    };
    let mut words = Vec::new();
    loop {
        reader.skip_blanks()?;
        let line = reader.line;
        let word = reader.word()?;
        let is_end = word == Word::End;
        words.push((word, line));
        if is_end {
            return Ok(words);
        }
    }
}

struct Reader<'c> {
    rest: &'c str,
    line: usize,
}

impl<'c> Reader<'c> {
    fn fault(&self, why: &str) -> Fault {
        Fault::new(self.line, why)
    }

    /// Takes so many bytes, which end at a character.
    fn take(&mut self, bytes: usize) -> &'c str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'c str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn skip_blanks(&mut self) -> Result<(), Fault> {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest.starts_with("--") {
                return Ok(());
            }
            self.take(2);
            if self.long_text()?.is_none() {
                self.take_while(|c| c != '\n');
            }
        }
    }

    fn word(&mut self) -> Result<Word, Fault> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Word::End);
        };
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            return Ok(Word::Name(name.to_owned()));
        }
        if first.is_ascii_digit() {
            let digits = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
            return Ok(Word::Number(digits.to_owned()));
        }
        if matches!(first, '"' | '\'') {
            return self.short_text(first);
        }
        if let Some(text) = self.long_text()? {
            return Ok(Word::Text(text));
        }
        let sign = SIGNS.iter().find(|sign| self.rest.starts_with(**sign));
        let sign = sign.ok_or_else(|| self.fault(&format!("`{first}` is not understood")))?;
        self.take(sign.len());
        Ok(Word::Sign(sign))
    }

    /// A text in long brackets, if one begins here: `[[...]]`, `[==[...]==]`.
    fn long_text(&mut self) -> Result<Option<String>, Fault> {
        let Some(after) = self.rest.strip_prefix('[') else {
            return Ok(None);
        };
        let level = after.len() - after.trim_start_matches('=').len();
        if !after[level..].starts_with('[') {
            return Ok(None);
        }
        self.take(level + 2);
        let close = format!("]{}]", "=".repeat(level));
        let end = self
            .rest
            .find(&close)
            .ok_or_else(|| self.fault("long brackets are not closed"))?;
        let text = self.take(end);
        self.take(close.len());
        Ok(Some(text.strip_prefix('\n').unwrap_or(text).to_owned()))
    }

    fn short_text(&mut self, quote: char) -> Result<Word, Fault> {
        self.take(1);
        let mut text = String::new();
        let mut odd = None;
        loop {
            text.push_str(self.take_while(|c| c != quote && c != '\\' && c != '\n'));
            if self.rest.starts_with(quote) {
                self.take(1);
                return Ok(odd.map_or(Word::Text(text), Word::Odd));
            }
            if !self.rest.starts_with('\\') {
                return Err(self.fault("a string is not closed"));
            }
            self.take(1);
            match self.escape() {
                Ok(meant) => text.push(meant),
                Err(why) => odd = Some(why),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let sign = self.rest.chars().next().unwrap_or(' ');
        self.take(sign.len_utf8().min(self.rest.len()));
        match sign {
            'n' | '\n' => Ok('\n'),
            't' => Ok('\t'),
            '\\' | '"' | '\'' => Ok(sign),
            _ => Err(format!("the escape `\\{sign}` is not understood")),
        }
    }
}
