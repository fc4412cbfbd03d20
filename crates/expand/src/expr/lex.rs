//! The terms and operators of an expression.

use source::{Diagnostic, FrameId, Origin, Reported, Text};

use super::value::{Value, Version};
use crate::args::Outcome;
use crate::buffer::Buffer;
use crate::call::Range;
use crate::scan::find_macro_end;
use crate::{Engine, codes};

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    End,
    /// A number, string or version.
    Value(Value),
    /// A function's name; the bracket follows it.
    Function(String),
    /// An operator or bracket.
    Sign(&'static str),
}

/// Signs of two characters come first.
const SIGNS: [&str; 16] = [
    "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "(", ")", "<", ">", "!", "?",
];

/// Operators of other languages, and what they are here.
const FOREIGN_OPERATORS: [(&str, &str); 9] = [
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("eq", "=="),
    ("ne", "!="),
    ("lt", "<"),
    ("le", "<="),
    ("gt", ">"),
    ("ge", ">="),
];

/// A longer expression is not repeated in messages.
const MOST_SHOWN: usize = 1000;

/// Reads tokens, expanding macros in terms that count.
pub(super) struct Lexer<'e> {
    pub(super) engine: &'e mut Engine,
    text: &'e Text,
    frame: Option<FrameId>,
    expands: bool,
    /// The token under consideration.
    pub(super) token: Token,
    /// Its bytes.
    pub(super) range: Range,
    /// Terms are read but don't count, and are not expanded.
    pub(super) discards: bool,
}

impl<'e> Lexer<'e> {
    pub(super) fn new(
        engine: &'e mut Engine,
        text: &'e Text,
        frame: Option<FrameId>,
        expands: bool,
    ) -> Self {
        Self {
            engine,
            text,
            frame,
            expands,
            token: Token::End,
            range: 0..0,
            discards: false,
        }
    }

    /// Moves on to the next token.
    pub(super) fn advance(&mut self) -> Outcome {
        let rest = &self.text[self.range.end..];
        let start = self.text.len() - rest.trim_start().len();
        let rest = &self.text[start..];
        self.range = start..start;
        let Some(first) = rest.chars().next() else {
            self.token = Token::End;
            return Ok(());
        };
        let sign = SIGNS
            .iter()
            .chain(&[":", ","])
            .find(|sign| rest.starts_with(**sign));
        if let Some(sign) = sign {
            self.range.end = start + sign.len();
            self.token = Token::Sign(sign);
            return Ok(());
        }
        self.token = match first {
            '0'..='9' => self.number(start)?,
            '%' if self.expands => self.number(start)?,
            '"' => Token::Value(Value::String(self.string(start + 1)?)),
            'v' if rest[1..].starts_with('"') => self.version(start)?,
            '=' | '&' | '|' => {
                let message = format!("syntax error while parsing {first}{first}");
                let help = match rest.get(..2) {
                    Some("=>") => "write `>=`".to_owned(),
                    Some("=<") => "write `<=`".to_owned(),
                    _ => format!("write `{first}{first}`"),
                };
                let diagnostic = self.fault(start..start + 1, &message, Some(start + 2));
                return Err(self.engine.sink.report(diagnostic.help(help)));
            }
            c if c.is_ascii_alphabetic() => self.word(start)?,
            c => {
                let range = start..start + c.len_utf8();
                let diagnostic = self.fault(range, "parse error in expression", Some(start + 1));
                let help = undefined_call(rest);
                return Err(self.engine.sink.report(diagnostic.help_if(help)));
            }
        };
        Ok(())
    }

    /// The end of a run in which macro calls count as one; `stays` says which other bytes belong.
    fn run_end(&self, start: usize, stays: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'%' && self.expands {
                at += match bytes.get(at + 1) {
                    Some(b'%') => 2,
                    _ => {
                        1 + find_macro_end(&self.text[at + 1..]).unwrap_or(self.text.len() - at - 1)
                    }
                };
            } else if stays(byte) {
                at += 1;
            } else {
                break;
            }
        }
        at.min(self.text.len())
    }

    /// The text of a term, expanded if it counts.
    fn term(&mut self, range: Range) -> Outcome<String> {
        if self.discards || range.is_empty() {
            return Ok(String::new());
        }
        let term = self.text.slice(range.start, range.end);
        if !self.expands {
            return Ok(term.into_string());
        }
        let mut out = Buffer::default();
        // A chunk of Lua in it does not see the arguments of the macro around, as in rpm.
        self.engine
            .without_args(|engine| engine.expand_into(&term, self.frame, &mut out))?;
        Ok(out.text.into_string())
    }

    fn number(&mut self, start: usize) -> Outcome<Token> {
        let end = self.run_end(start, |byte| byte.is_ascii_digit());
        self.range = start..end;
        let text = self.term(start..end)?;
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if self.expands && !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let (message, help) = if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let help = format!(
                    "write `\"{}\"` to compare it as text",
                    &self.text[start..end]
                );
                (
                    "macro expansion returned a bare word, please use \"...\"",
                    Some(help),
                )
            } else {
                (
                    "macro expansion did not return an integer",
                    undefined_call(&text),
                )
            };
            let expanded = format!("expanded string: {text}");
            let diagnostic = self
                .fault(start..end, message, Some(start + 1))
                .help_if(help);
            let diagnostic = diagnostic.rpm_line(expanded.as_str()).note(expanded);
            return Err(self.engine.sink.report(diagnostic));
        }
        Ok(Token::Value(Value::Integer(atoi(&text))))
    }

    /// A string whose text begins at `start`, after its quote.
    fn string(&mut self, start: usize) -> Outcome<String> {
        let end = self.run_end(start, |byte| byte != b'"');
        if self.text.as_bytes().get(end) != Some(&b'"') {
            let (all, message) = (self.text.len(), "unterminated string in expression");
            let diagnostic = self.fault(start - 1..all, message, Some(all + 1));
            return Err(self.engine.sink.report(diagnostic));
        }
        self.range.end = end + 1;
        self.term(start..end)
    }

    fn version(&mut self, start: usize) -> Outcome<Token> {
        let text = self.string(start + 2)?;
        let text = if self.discards { "0" } else { text.as_str() };
        if text.is_empty() {
            let range = self.range.clone();
            return Err(self.fail(range, "invalid version", None));
        }
        Ok(Token::Value(Value::Version(Version::parse(text))))
    }

    /// A function's name; any other word is an error.
    fn word(&mut self, start: usize) -> Outcome<Token> {
        let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.:".contains(byte);
        let rest = &self.text.as_bytes()[start..];
        let end = start + rest.iter().take_while(|byte| belongs(byte)).count();
        let name = self.text[start..end].to_owned();
        if self.text.as_bytes().get(end) == Some(&b'(') {
            self.range = start..end + 1;
            return Ok(Token::Function(name));
        }
        let message = "bare words are no longer supported, please use \"...\"";
        let diagnostic = self.fault(start..end, message, Some(start + 1));
        let foreign = FOREIGN_OPERATORS.iter().find(|(word, _)| *word == name);
        let help = match foreign {
            Some((_, sign)) => format!("write `{sign}`"),
            None => format!("write `\"{name}\"`"),
        };
        Err(self.engine.sink.report(diagnostic.help(help)))
    }

    /// Reports a fault at some bytes of the expression; rpm's caret is under the last of them.
    pub(super) fn fail(&mut self, range: Range, message: &str, help: Option<String>) -> Reported {
        let past = range.end;
        let diagnostic = self.fault(range, message, Some(past)).help_if(help);
        self.engine.sink.report(diagnostic)
    }

    /// A fault at some bytes of the expression. rpm marks the byte before `past` by a caret on a line
    /// of its own, and none where the expression has several lines.
    pub(super) fn fault(&self, range: Range, message: &str, past: Option<usize>) -> Diagnostic {
        let diagnostic = Diagnostic::error(codes::EXPRESSION, self.in_rpms_words(message))
            .at(self.origin(range));
        match past {
            Some(past) if is_one_line(self.text) => {
                diagnostic.rpm_line(format!("{:>1$}", "^", message.len() + 2 + past))
            }
            _ => diagnostic,
        }
    }

    /// A message in rpm's words, which end in the whole expression, if that is not too long.
    fn in_rpms_words(&self, message: &str) -> String {
        if self.text.len() > MOST_SHOWN {
            return message.to_owned();
        }
        format!("{message}: {}", self.text.as_str())
    }

    /// Adds to the last error what it led to; `past` as in [`Lexer::fault`].
    pub(super) fn note_on_last_error(&mut self, message: &str, past: usize) {
        let led_to = self.fault(0..0, message, Some(past));
        if let Some(mut last) = self.engine.sink.pop() {
            last = last.note(led_to.message.as_str());
            last.rpm.lines.push(led_to.message);
            last.rpm.lines.extend(led_to.rpm.lines);
            self.engine.sink.push(last);
        }
    }

    /// Where some bytes of the expression come from.
    pub(super) fn origin(&self, range: Range) -> Option<Origin> {
        let start = range.start.min(self.text.len().saturating_sub(1));
        let origin = self
            .text
            .origin(start, range.end.max(start + 1).min(self.text.len()))?;
        Some(Origin {
            frame: origin.frame.or(self.frame),
            ..origin
        })
    }
}

/// What to write for a macro that is not defined, whose call therefore stands in an expression still.
fn undefined_call(rest: &str) -> Option<String> {
    let call = rest.strip_prefix('%')?.trim_start_matches(['{', '?']);
    let is_letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let name = &call[..call.find(|it| !is_letter(it)).unwrap_or(call.len())];
    (!name.is_empty()).then(|| {
        format!("no macro `%{name}` is defined here: `0%{{?{name}}}` is 0 then, and its number where it is")
    })
}

/// Whether a text has no newline, or one at its end only.
fn is_one_line(text: &str) -> bool {
    text.find('\n').is_none_or(|at| at + 1 == text.len())
}

/// atoi(3) with 64-bit `long`: digits to the first that is none, cut to 32 bits.
fn atoi(text: &str) -> i32 {
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or((1, text), |digits| (-1, digits));
    let digits = digits.bytes().take_while(u8::is_ascii_digit);
    let value = digits.fold(0i64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
    });
    #[allow(clippy::cast_possible_truncation)]
    let cut = (sign * value) as i32;
    cut
}
