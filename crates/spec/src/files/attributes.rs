//! What stands in the brackets of `%attr`, `%defattr`, `%verify`, `%defverify` and `%dev`.

use package::VerifyFlags;

use super::directives::{Argument, Arguments};
use super::line::LineReader;
use super::rule::{Attributes, Device};

/// `(mode,user,group)`, and for `%defattr` perhaps `,dirmode`.
pub(super) fn parse_attributes(
    arguments: &Arguments<'_>,
    is_default: bool,
    reader: &mut LineReader<'_>,
) -> Option<Attributes> {
    let words = arguments.words();
    let most = if is_default { 4 } else { 3 };
    if words.len() < 3 || words.len() > most {
        let end = arguments.start + arguments.text.len();
        let form = if is_default {
            "%defattr(MODE,USER,GROUP[,DIRMODE])"
        } else {
            "%attr(MODE,USER,GROUP)"
        };
        let message = format!("Bad syntax: {}", arguments.written());
        reader.report_with(arguments.start, end, message, |it| {
            it.help(format!(
                "write `{form}`, with `-` for what is to stay as it is"
            ))
        });
        return None;
    }
    let name = |word: &str| (word != "-").then(|| word.to_owned());
    Some(Attributes {
        mode: parse_mode(arguments, "mode", words[0], reader),
        user: name(words[1].text),
        group: name(words[2].text),
        dir_mode: words
            .get(3)
            .and_then(|word| parse_mode(arguments, "dirmode", *word, reader)),
    })
}

fn parse_mode(
    arguments: &Arguments<'_>,
    what: &str,
    word: Argument<'_>,
    reader: &mut LineReader<'_>,
) -> Option<u32> {
    if word.text == "-" {
        return None;
    }
    let mode = permissions(word.text);
    if mode.is_none() {
        let message = format!("Bad {what} spec: {}", arguments.written());
        reader.report_with(word.start, word.end(), message, |it| {
            it.help("a mode is an octal number up to 7777, such as 644 or 4755")
        });
    }
    mode
}

/// The permission bits of an octal number at the start of a word, as sscanf(3) reads it for rpm. The
/// type of a file or directory may stand before them, as stat(1) shows it.
fn permissions(word: &str) -> Option<u32> {
    let digits = word.strip_prefix('+').unwrap_or(word);
    let end = digits.find(|c| !('0'..='7').contains(&c));
    let number = u32::from_str_radix(&digits[..end.unwrap_or(digits.len())], 8).ok()?;
    matches!(number & !0o7777, 0 | 0o040_000 | 0o100_000).then_some(number & 0o7777)
}

const VERIFY_WORDS: [&str; 12] = [
    "not",
    "md5",
    "filedigest",
    "size",
    "link",
    "user",
    "owner",
    "group",
    "mtime",
    "mode",
    "rdev",
    "caps",
];

/// `(size mode …)` or `(not size mode …)`.
pub(super) fn parse_verify(
    arguments: &Arguments<'_>,
    reader: &mut LineReader<'_>,
) -> Option<VerifyFlags> {
    let words = arguments.words();
    let is_negated = words.iter().filter(|it| it.text == "not").count() % 2 == 1;
    let mut flags = if is_negated {
        VerifyFlags::ALL
    } else {
        VerifyFlags::NONE
    };
    let mut is_good = true;
    for word in words {
        let flag = match word.text {
            "not" => continue,
            "md5" | "filedigest" => &mut flags.digest,
            "size" => &mut flags.size,
            "link" => &mut flags.link,
            "user" | "owner" => &mut flags.user,
            "group" => &mut flags.group,
            "mtime" => &mut flags.mtime,
            "mode" => &mut flags.mode,
            "rdev" => &mut flags.rdev,
            "caps" => &mut flags.caps,
            _ => {
                reader.report_unknown_word(arguments.directive, word, &VERIFY_WORDS);
                is_good = false;
                continue;
            }
        };
        *flag = !is_negated;
    }
    is_good.then_some(flags)
}

/// `(b|c,major,minor)`.
pub(super) fn parse_device(
    arguments: &Arguments<'_>,
    reader: &mut LineReader<'_>,
) -> Option<Device> {
    let words = arguments.words();
    let number = |index: usize| {
        let number: Option<u32> = words.get(index).and_then(|it| it.text.parse().ok());
        number.filter(|number| *number < 256)
    };
    let kind = words.first().and_then(|it| it.text.chars().next());
    let missing = match (kind, number(1), number(2)) {
        (Some(kind @ ('b' | 'c')), Some(major), Some(minor)) => {
            return Some(Device {
                is_block: kind == 'b',
                major,
                minor,
            });
        }
        (Some('b' | 'c'), None, _) => "devmajor",
        (Some('b' | 'c'), _, None) => "devminor",
        _ => "devtype",
    };
    let end = arguments.start + arguments.text.len();
    let message = format!("Missing {missing} in {}", arguments.written());
    reader.report_with(arguments.start, end, message, |it| {
        it.help("write `%dev(TYPE,MAJOR,MINOR)`: TYPE is b or c, the numbers are below 256")
    });
    None
}
