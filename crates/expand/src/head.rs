//! The parts of a definition: `NAME`, `(OPTIONS)`, `<MODIFIERS>` and the body.
//!
//! Source: rpm-macros(7), "Defining"; rpm-macrofile(5).

use source::{Diagnostic, Origin, Text};

use crate::codes;
use crate::scan::{is_name_byte, matching_bracket};

/// What stands before the body of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head<'t> {
    pub(crate) name: &'t str,
    /// The option string; an empty one still makes the macro parametric.
    pub(crate) options: Option<&'t str>,
    /// What stands between `<` and `>`.
    pub(crate) modifiers: &'t str,
    /// Where the body begins, blanks before it skipped.
    pub(crate) body: usize,
    /// Whether a blank or a continued line stands before the body.
    pub(crate) is_separated: bool,
}

/// A bad head: the bytes to blame, and rpm's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeadFault {
    pub(crate) start: usize,
    pub(crate) len: usize,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl HeadFault {
    /// The finding, at a place.
    pub(crate) fn into_diagnostic(self, place: Option<Origin>) -> Diagnostic {
        Diagnostic::error(codes::BAD_DEFINITION, self.message)
            .at(place)
            .help(self.help)
    }
}

/// Reads `NAME`, `NAME(OPTIONS)` or `NAME<MODIFIERS>`.
pub(crate) fn parse_head(definition: &str) -> Result<Head<'_>, HeadFault> {
    let start = definition.len() - definition.trim_start_matches([' ', '\t']).len();
    let name_len = definition.as_bytes()[start..]
        .iter()
        .take_while(|b| is_name_byte(**b))
        .count();
    let name = &definition[start..start + name_len];
    let mut at = start + name_len;
    let fault = |what: &str, help: &'static str| HeadFault {
        start,
        len: definition.trim_end().len() - start,
        message: format!("Macro %{name} {what}"),
        help,
    };
    let options = bracketed(definition, &mut at, '(', ')')
        .map_err(|()| fault("has unterminated opts", "a `)` ends the options"))?;
    let modifiers = bracketed(definition, &mut at, '<', '>')
        .map_err(|()| fault("has unterminated modifiers", "a `>` ends the modifiers"))?
        .unwrap_or("");
    let rest = &definition[at..];
    let is_separated = rest.starts_with([' ', '\t']) || rest.starts_with("\\\n");
    let body = definition.len() - rest.trim_start_matches([' ', '\t']).len();
    Ok(Head {
        name,
        options,
        modifiers,
        body,
        is_separated,
    })
}

impl Head<'_> {
    /// Whether `<l>` and `<o>` are given; or what is wrong with the modifiers.
    pub(crate) fn parse_modifiers(&self) -> Result<(bool, bool), HeadFault> {
        let modifiers = self.modifiers;
        let fault = |what: &str, help| HeadFault {
            start: 0,
            len: modifiers.len(),
            message: format!("Macro %{} {what}", self.name),
            help,
        };
        if let Some(bad) = modifiers.chars().find(|c| !matches!(c, 'l' | 'o')) {
            let help = "`l` (kept as written) and `o` (expanded once) are known";
            return Err(fault(&format!("has illegal modifier {bad}"), help));
        }
        let (is_literal, is_one_shot) = (modifiers.contains('l'), modifiers.contains('o'));
        if self.options.is_some() && (is_literal || is_one_shot) {
            let what = "has modifiers incompatible with parametric macros";
            return Err(fault(what, "leave out the options or the modifiers"));
        }
        if is_literal && is_one_shot {
            return Err(fault("has incompatible modifiers", "choose `l` or `o`"));
        }
        Ok((is_literal, is_one_shot))
    }
}

/// What stands between two brackets at `at`, which moves past them.
fn bracketed<'t>(
    text: &'t str,
    at: &mut usize,
    open: char,
    close: char,
) -> Result<Option<&'t str>, ()> {
    let Some(inner) = text[*at..].strip_prefix(open) else {
        return Ok(None);
    };
    let end = inner.find(close).ok_or(())?;
    *at += end + 2;
    Ok(Some(&inner[..end]))
}

/// The body of a definition in running text: up to the end of its logical line, or between braces.
/// Returns it and where the definition ends, newlines after it included; `None` if a bracket is
/// never closed.
pub(crate) fn free_body(text: &Text, start: usize) -> Option<(Text, usize)> {
    let bytes = text.as_bytes();
    let (body, end) = if bytes.get(start) == Some(&b'{') {
        let end = start + matching_bracket(&bytes[start..], b'{', b'}')?;
        (text.slice(start + 1, end - 1), end)
    } else {
        free_field(text, start)?
    };
    let newlines = bytes[end..]
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    Some((body, end + newlines))
}

/// A body up to its first newline outside of brackets; `\` hides the byte after it and vanishes.
fn free_field(text: &Text, start: usize) -> Option<(Text, usize)> {
    let bytes = text.as_bytes();
    let mut body = Text::new();
    let mut open = [0usize; 3];
    let (mut at, mut copied) = (start, start);
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (b'\n' | b'\r', _) if open[0] + open[1] == 0 => break,
            (b'\\', Some(_)) => {
                body.push_slice(text, copied, at);
                copied = at + 1;
                at += text[at + 1..].chars().next().map_or(0, char::len_utf8);
            }
            (b'%', Some(b'%')) => at += 1,
            (b'%', Some(bracket @ (b'{' | b'(' | b'['))) => {
                open[kind(bracket)] += 1;
                at += 1;
            }
            (b'{' | b'(' | b'[', _) => open[kind(byte)] += usize::from(open[kind(byte)] > 0),
            (b'}' | b')' | b']', _) => open[kind(byte)] = open[kind(byte)].saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    body.push_slice(text, copied, at);
    if open != [0; 3] {
        return None;
    }
    let trimmed = body.trim_end_matches([' ', '\t', '\n', '\r']).len();
    Some((
        if trimmed == body.len() {
            body
        } else {
            body.slice(0, trimmed)
        },
        at,
    ))
}

fn kind(bracket: u8) -> usize {
    match bracket {
        b'{' | b'}' => 0,
        b'(' | b')' => 1,
        _ => 2,
    }
}

/// What is wrong with defining a macro of this name, in rpm's words.
pub(crate) fn name_fault(name: &str, is_builtin: bool, action: &str) -> Option<String> {
    if !is_legal_name(name) {
        Some(format!("Macro %{name} has illegal name ({action})"))
    } else if is_builtin {
        Some(format!("Macro %{name} is a built-in ({action})"))
    } else {
        None
    }
}

/// A name begins with a letter, or with `_` and something after it.
pub(crate) fn is_legal_name(name: &str) -> bool {
    let first = name.bytes().next().unwrap_or(b' ');
    first.is_ascii_alphabetic() || (first == b'_' && name.len() > 1)
}
