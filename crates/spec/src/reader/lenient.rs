//! Conditions as specs for debbuild write them: `%if %{_vendor} == "debbuild"`.
//!
//! debbuild puts macros that stand alone into quotes and hands the rest to Perl. Here a condition is
//! rewritten into an expression of rpm's: words, versions and what is empty become texts, Perl's names
//! of comparisons become signs, and a number beside a text becomes a text.
//!
//! Source: debbuild 24.12, what it takes for true in conditions of its own specs.

use std::ops::Range;

use expand::{Engine, find_macro_end};
use source::{Reported, Text};

/// How conditions are read where debbuild's specs are.
#[derive(Clone, Debug)]
pub(crate) struct Leniency {
    /// Debian's name of the architecture, which debbuild has in `%_arch`.
    pub(crate) other_arch: Option<String>,
}

/// Perl's comparisons of texts.
const WORDS: [(&str, &str); 6] = [
    ("eq", "=="),
    ("ne", "!="),
    ("lt", "<"),
    ("le", "<="),
    ("gt", ">"),
    ("ge", ">="),
];
const COMPARISONS: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];
const SIGNS: [&str; 12] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "?",
];

/// Expands a line with a condition. What macros that stand alone expand to is put into quotes, unless
/// it is a number or more than one word.
pub(super) fn expand(engine: &mut Engine, line: &Text) -> Result<Text, Reported> {
    let mut made = Text::new();
    let mut rest = 0;
    for (start, end) in lone_macros(line) {
        made.push_text(&engine.expand(&line.slice(rest, start))?);
        let value = engine.expand(&line.slice(start, end))?;
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let quote = if is_number || !value.bytes().all(is_of_word) {
            ""
        } else {
            "\""
        };
        made.push_detached(quote);
        made.push_text(&value);
        made.push_detached(quote);
        rest = end;
    }
    made.push_text(&engine.expand(&line.slice(rest, line.len()))?);
    Ok(made)
}

/// Where macro calls stand between blanks, or at the end.
fn lone_macros(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let is_start = line[..at].ends_with([' ', '\t']);
        match calls_at(rest).filter(|_| is_start) {
            Some(len) => {
                found.push((at, at + len));
                at += len;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// The bytes of macro calls at the front of a text, if nothing but a blank follows.
fn calls_at(text: &str) -> Option<usize> {
    let mut len = 0;
    while let Some(rest) = text[len..].strip_prefix('%') {
        len += 1 + find_macro_end(rest)?;
    }
    let next = text[len..].chars().next();
    (len > 0 && next.is_none_or(char::is_whitespace)).then_some(len)
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.:~+^-".contains(&byte)
}

/// A piece of a condition, and the bytes it stands in.
struct Piece {
    kind: PieceKind,
    place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PieceKind {
    Number,
    /// A text, without its quotes.
    Words,
    Sign(&'static str),
    Other,
}

/// Rewrites an expanded condition into an expression of rpm's.
pub(super) fn expression(condition: &Text) -> Text {
    let mut pieces = pieces(condition);
    settle_types(condition, &mut pieces);
    let mut made = Text::new();
    for Piece { kind, place } in pieces {
        made.push_detached(" ");
        let quote = if kind == PieceKind::Words { "\"" } else { "" };
        made.push_detached(quote);
        match kind {
            PieceKind::Sign(sign) => made.push_detached(sign),
            _ => made.push_slice(condition, place.start, place.end),
        }
        made.push_detached(quote);
    }
    made
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(u8) -> bool| rest.bytes().take_while(|byte| belongs(*byte)).count();
        let (kind, start, end, next) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            let end = at + sign.len();
            (PieceKind::Sign(sign), at, end, end)
        } else if let Some(len) = quoted(rest) {
            (PieceKind::Words, at + 1, at + len - 1, at + len)
        } else if first == '%' {
            let end = at + 1 + find_macro_end(&rest[1..]).unwrap_or(rest.len() - 1);
            (PieceKind::Words, at, end, end)
        } else if first.is_ascii_alphanumeric() || first == '_' {
            // Bare words with signs of arithmetic in them are sums.
            let end = at + run(|byte| is_of_word(byte) && !b"+-".contains(&byte));
            (word_kind(&text[at..end]), at, end, end)
        } else {
            let end = at + first.len_utf8();
            (PieceKind::Other, at, end, end)
        };
        pieces.push(Piece {
            kind,
            place: start..end,
        });
        at = next;
    }
    pieces
}

/// The length of a text in quotes of either kind.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| "\"'".contains(*c))?;
    let end = text[1..].find(quote)?;
    (!text[1..=end].contains('"')).then_some(end + 2)
}

fn word_kind(word: &str) -> PieceKind {
    let sign = WORDS.iter().find(|(name, _)| *name == word);
    match sign {
        Some((_, sign)) => PieceKind::Sign(sign),
        None if word.bytes().all(|byte| byte.is_ascii_digit()) => PieceKind::Number,
        None => PieceKind::Words,
    }
}

/// Both sides of a comparison get one type; a text that is nothing but a number may be either. A text
/// that is compared with nothing counts as true unless it is empty or 0.
fn settle_types(text: &str, pieces: &mut [Piece]) {
    let is_digits = |piece: &Piece| {
        let digits = &text[piece.place.clone()];
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_comparison = |piece: Option<&Piece>| match piece.map(|it| it.kind) {
        Some(PieceKind::Sign(sign)) => COMPARISONS.contains(&sign),
        _ => false,
    };
    for at in 1..pieces.len().saturating_sub(1) {
        if !is_comparison(pieces.get(at)) {
            continue;
        }
        let sides = [at - 1, at + 1];
        let is_term =
            |side: &usize| matches!(pieces[*side].kind, PieceKind::Number | PieceKind::Words);
        let has_number = sides
            .iter()
            .any(|side| pieces[*side].kind == PieceKind::Number);
        if !has_number || !sides.iter().all(is_term) {
            continue;
        }
        let are_numbers = sides.iter().all(|side| is_digits(&pieces[*side]));
        for side in sides {
            pieces[side].kind = if are_numbers {
                PieceKind::Number
            } else {
                PieceKind::Words
            };
        }
    }
    for at in 0..pieces.len() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let is_compared = is_comparison(before) || is_comparison(pieces.get(at + 1));
        if pieces[at].kind == PieceKind::Words && !is_compared {
            let word = &text[pieces[at].place.clone()];
            pieces[at].kind = PieceKind::Sign(if matches!(word, "" | "0") { "0" } else { "1" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_expressions() {
        let cases = [
            ("debbuild == \"debbuild\"", "\"debbuild\" == \"debbuild\""),
            ("'a' ne 'b'", "\"a\" != \"b\""),
            ("\"\" >= 1504", "\"\" >= \"1504\""),
            ("\"12\" >= 9", "12 >= 9"),
            ("1 == 1.0.2", "\"1\" == \"1.0.2\""),
            ("%{ubuntu} >= 3", "\"%{ubuntu}\" >= \"3\""),
            ("a == \"b\" && 012 >= 8", "\"a\" == \"b\" && 012 >= 8"),
            ("! debbuild || \"\"", "! 1 || 0"),
            ("(1 + 2) > 2", "( 1 + 2 ) > 2"),
        ];
        for (given, expected) in cases {
            let made = expression(&Text::detached(given)).into_string();
            assert_eq!(made.trim_start(), expected, "{given}");
        }
    }

    #[test]
    fn macros_stand_alone_between_blanks() {
        let found = lone_macros("%if %{a}%b == \"x%{c}\" && %d\n");
        assert_eq!(found, [(4, 10), (25, 27)]);
    }
}
