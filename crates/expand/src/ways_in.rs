//! What callers have expanded: texts of specs, texts of our own, numbers, and single macros.
//!
//! Not here: the expansion loop, see `expansion`; conditions of `%if`, see `expr`.

use source::Text;

use crate::args::{Outcome, detached};
use crate::buffer::{Buffer, Invocation, Site};
use crate::engine::Engine;

impl Engine {
    /// Expands a text.
    pub fn expand(&mut self, text: &Text) -> Outcome<Text> {
        if !text.contains('%') {
            return Ok(text.clone());
        }
        let mut out = Buffer::default();
        self.without_args(|engine| engine.expand_into(text, None, &mut out))?;
        Ok(out.text)
    }

    /// Expands a text that nobody needs any longer as it was.
    pub fn expand_owned(&mut self, text: Text) -> Outcome<Text> {
        if text.contains('%') {
            self.expand(&text)
        } else {
            Ok(text)
        }
    }

    /// Expands a text of our own, such as `%{?_topdir}`.
    pub fn expand_str(&mut self, text: &str) -> Outcome<String> {
        if !text.contains('%') {
            return Ok(text.to_owned());
        }
        let text = detached(text);
        self.expand(&text).map(Text::into_string)
    }

    /// Expands a text from the command line.
    pub fn expand_given(&mut self, text: &str) -> Outcome<String> {
        self.expand_named_text("<command line>", text)
    }

    /// Expands a whole text under the name that messages show.
    pub fn expand_named_text(&mut self, name: &str, text: &str) -> Outcome<String> {
        let text = self.own_text(name, text);
        self.expand(&text).map(Text::into_string)
    }

    /// Expands a text of our own and reads a number, by rpm's rules for its switches: what does not
    /// expand to a number is 0, `Y…` is 1, and `0x` and `0` mark other bases.
    pub fn expand_number(&mut self, text: &str) -> i64 {
        self.expand_str(text).map_or(0, |value| read_number(&value))
    }

    /// Expands a macro with arguments that are taken as they are; `None` if it is not defined.
    pub fn call(&mut self, name: &str, args: &[String]) -> Outcome<Option<String>> {
        let Some(definition) = self.lookup(name) else {
            return Ok(None);
        };
        let args: Vec<Text> = args.iter().map(detached).collect();
        let mut out = Buffer::default();
        let given = (definition.is_parametric() || definition.is_builtin()).then_some(&args[..]);
        let site = Site::default();
        self.without_args(|engine| {
            engine.enter(site.origin)?;
            let call = Invocation {
                args: given,
                taken: None,
                at: site,
            };
            let result = engine.expand_macro(&definition, call, &mut out);
            engine.depth -= 1;
            result
        })?;
        Ok(Some(out.text.into_string()))
    }
}

/// Reads a number as strtol(3) with base 0 does.
fn read_number(text: &str) -> i64 {
    match text.as_bytes().first() {
        None | Some(b'%' | b'n' | b'N') => 0,
        Some(b'y' | b'Y') => 1,
        Some(_) => {
            let trimmed = text.trim_start();
            let (sign, digits) = match trimmed.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
            };
            let (base, digits) = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
                Some(hex) => (16, hex),
                None if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
                None => (10, digits),
            };
            i64::from_str_radix(digits, base).map_or(0, |number| sign * number)
        }
    }
}
