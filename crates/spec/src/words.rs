//! Words, numbers and options of a line, by the rules of popt(3), which rpm reads section headers with.

use source::Text;

pub(crate) use source::split_words;

/// Why a line can't be split.
pub(crate) const BAD_QUOTE: &str = "error in parameter quoting";

/// The place of a part within the string it was cut from.
pub(crate) fn place_of(whole: &str, part: &str) -> (usize, usize) {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    let start = start.min(whole.len());
    (start, (start + part.len()).min(whole.len()))
}

/// A part of a text, by a string that was cut from it.
pub(crate) fn part_of(whole: &Text, part: &str) -> Text {
    let (start, end) = place_of(whole.as_str(), part);
    whole.slice(start, end)
}

/// Digits only, at most 32 bits.
pub(crate) fn parse_number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A number as C writes it: decimal, octal after `0`, hexadecimal after `0x`.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let number = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16),
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
        None => digits.parse(),
    };
    number.ok().map(|number| sign * number)
}

/// Options and words of a section's header.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Options with their letters and arguments, in the order given.
    given: Vec<(char, Option<Text>)>,
    /// The words that are not options.
    pub(crate) words: Vec<Text>,
}

/// What is wrong with an option.
#[derive(Debug)]
pub(crate) struct BadOption {
    /// The word.
    pub(crate) word: Text,
    /// popt's words for it.
    pub(crate) message: &'static str,
}

impl BadOption {
    /// What to write instead: the same letter in its other case, or one of all that `known` has.
    pub(crate) fn help(&self, who: &str, known: &str) -> String {
        let other_case = |c: char| match c.is_ascii_lowercase() {
            true => c.to_ascii_uppercase(),
            false => c.to_ascii_lowercase(),
        };
        let letter = self.word.strip_prefix('-').and_then(|it| it.chars().next());
        let near = letter.map(other_case).filter(|it| known.contains(*it));
        if let Some(near) = near.filter(char::is_ascii_alphabetic) {
            return format!("did you mean `-{near}`?");
        }
        let letters: Vec<_> = known
            .chars()
            .filter(|c| *c != ':')
            .map(|c| format!("-{c}"))
            .collect();
        format!("{who} takes {}", letters.join(", "))
    }
}

impl Options {
    /// The argument of an option's last use.
    pub(crate) fn argument(&self, letter: char) -> Option<&Text> {
        self.arguments(letter).last()
    }

    /// The arguments of all uses of an option.
    pub(crate) fn arguments(&self, letter: char) -> impl Iterator<Item = &Text> {
        let of_letter = self.given.iter().filter(move |(given, _)| *given == letter);
        of_letter.filter_map(|(_, argument)| argument.as_ref())
    }

    /// Whether an option was given.
    pub(crate) fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(given, _)| *given == letter)
    }

    /// The options with arguments, in the order given.
    pub(crate) fn given(&self) -> impl Iterator<Item = (char, Option<&Text>)> {
        self.given
            .iter()
            .map(|(letter, argument)| (*letter, argument.as_ref()))
    }
}

/// Reads options; `known` lists letters, each followed by `:` if it takes an argument.
pub(crate) fn parse_options(words: &[Text], known: &str) -> Result<Options, BadOption> {
    let mut options = Options::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word.as_str() == "--" {
            options.words.extend(words.cloned());
            break;
        }
        if !word.starts_with('-') || word.len() == 1 {
            options.words.push(word.clone());
            continue;
        }
        parse_cluster(word, &mut words, known, &mut options)?;
    }
    Ok(options)
}

fn parse_cluster<'t>(
    word: &Text,
    rest: &mut impl Iterator<Item = &'t Text>,
    known: &str,
    options: &mut Options,
) -> Result<(), BadOption> {
    let bad = |message| BadOption {
        word: word.clone(),
        message,
    };
    for (at, letter) in word.char_indices().skip(1) {
        let Some(index) = known.find(letter).filter(|_| letter != ':') else {
            return Err(bad("unknown option"));
        };
        if !known[index + 1..].starts_with(':') {
            options.given.push((letter, None));
            continue;
        }
        let after = at + letter.len_utf8();
        let glued = word.slice(after, word.len());
        let argument = if glued.is_empty() {
            rest.next()
                .cloned()
                .ok_or_else(|| bad("missing argument"))?
        } else {
            let sign = usize::from(glued.starts_with('='));
            glued.slice(sign, glued.len())
        };
        options.given.push((letter, Some(argument)));
        break;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stand_anywhere() {
        let words = split_words(&Text::detached("x -n y -eq -f=z")).unwrap();
        let options = parse_options(&words, "n:f:eq").unwrap();
        assert_eq!(options.argument('n').unwrap().as_str(), "y");
        assert_eq!(options.argument('f').unwrap().as_str(), "z");
        assert!(options.has('e') && options.has('q') && options.words[0].as_str() == "x");
        let bad = parse_options(&words, "n:f:e").unwrap_err();
        assert_eq!((bad.word.as_str(), bad.message), ("-eq", "unknown option"));
    }
}
