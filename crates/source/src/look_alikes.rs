//! Characters that can't be seen, or look like others, and break what a program reads.

/// A character that can't be seen or looks like another, in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// Offset in the text, in bytes.
    pub at: usize,
    /// Length in bytes.
    pub len: usize,
    /// Its name and number, as Unicode has them.
    pub name: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// It can't be seen, or looks like a blank.
    pub is_invisible: bool,
}

const BLANK: &str = "write a blank";
const NOTHING: &str = "remove it";
const HYPHEN: &str = "write `-`";

/// The characters: what they are, what belongs in their place, whether they can't be seen.
const CHARACTERS: [(char, &str, &str, bool); 24] = [
    ('\r', "carriage return (U+000D)", NOTHING, true),
    ('\u{a0}', "no-break space (U+00A0)", BLANK, true),
    ('\u{ad}', "soft hyphen (U+00AD)", NOTHING, true),
    ('\u{2007}', "figure space (U+2007)", BLANK, true),
    ('\u{2009}', "thin space (U+2009)", BLANK, true),
    ('\u{200b}', "zero width space (U+200B)", NOTHING, true),
    ('\u{200c}', "zero width non-joiner (U+200C)", NOTHING, true),
    ('\u{200d}', "zero width joiner (U+200D)", NOTHING, true),
    ('\u{200e}', "left-to-right mark (U+200E)", NOTHING, true),
    ('\u{200f}', "right-to-left mark (U+200F)", NOTHING, true),
    ('\u{2010}', "hyphen (U+2010)", HYPHEN, false),
    ('\u{2011}', "non-breaking hyphen (U+2011)", HYPHEN, false),
    ('\u{2013}', "en dash (U+2013)", "write `-` or `--`", false),
    ('\u{2014}', "em dash (U+2014)", "write `--`", false),
    (
        '\u{2018}',
        "left single quotation mark (U+2018)",
        "write `'`",
        false,
    ),
    (
        '\u{2019}',
        "right single quotation mark (U+2019)",
        "write `'`",
        false,
    ),
    (
        '\u{201c}',
        "left double quotation mark (U+201C)",
        "write `\"`",
        false,
    ),
    (
        '\u{201d}',
        "right double quotation mark (U+201D)",
        "write `\"`",
        false,
    ),
    ('\u{202f}', "narrow no-break space (U+202F)", BLANK, true),
    ('\u{2060}', "word joiner (U+2060)", NOTHING, true),
    ('\u{2212}', "minus sign (U+2212)", HYPHEN, false),
    ('\u{3000}', "ideographic space (U+3000)", BLANK, true),
    ('\u{feff}', "byte order mark (U+FEFF)", NOTHING, true),
    ('\u{ff1a}', "fullwidth colon (U+FF1A)", "write `:`", false),
];

/// The first such character of a text.
pub fn look_alike(text: &str) -> Option<LookAlike> {
    look_alikes(text).next()
}

/// All such characters of a text, in order.
pub fn look_alikes(text: &str) -> impl Iterator<Item = LookAlike> {
    let suspects = text
        .char_indices()
        .filter(|(_, it)| !it.is_ascii() || *it == '\r');
    suspects.filter_map(|(at, found)| {
        let known = CHARACTERS.iter().find(|(it, ..)| *it == found)?;
        let (_, name, instead, is_invisible) = *known;
        Some(LookAlike {
            at,
            len: found.len_utf8(),
            name,
            instead,
            is_invisible,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_found() {
        let found = look_alike("Name:\u{a0}x").unwrap();
        assert_eq!((found.at, found.len, found.is_invisible), (5, 2, true));
        assert!(found.name.contains("no-break"));
        let names: Vec<_> = look_alikes("“a”\r").map(|it| it.at).collect();
        assert_eq!(names, [0, 4, 7]);
        assert_eq!(look_alike("Zoë: ¡hola!"), None);
    }
}
