//! Permissions as `posix.chmod` and `posix.umask` read and write them.
//!
//! Three notations: `0755`, `rwxr-xr-x`, and `u+x,go-w` in the manner of chmod(1), with `r`, `w`,
//! `x` and `s` as permissions; who is left out means everybody.

/// Permissions in the order of `rwxrwxrwx`.
const BITS: [(char, u32); 9] = [
    ('r', 0o400),
    ('w', 0o200),
    ('x', 0o100),
    ('r', 0o040),
    ('w', 0o020),
    ('x', 0o010),
    ('r', 0o004),
    ('w', 0o002),
    ('x', 0o001),
];

const SET_USER: u32 = 0o4000;
const SET_GROUP: u32 = 0o2000;

/// `rwxr-xr-x`; `s` or `S` in place of `x` for set-user-ID and set-group-ID.
pub(super) fn spell(mode: u32) -> String {
    let mut letters = BITS.map(|(letter, bit)| if mode & bit == 0 { '-' } else { letter });
    for (place, special) in [(2, SET_USER), (5, SET_GROUP)] {
        if mode & special != 0 {
            letters[place] = if letters[place] == 'x' { 's' } else { 'S' };
        }
    }
    letters.iter().collect()
}

/// The mode that a text makes of another; `None` if it is none of the notations.
pub(super) fn parse(text: &str, mode: u32) -> Option<u32> {
    match text.chars().next()? {
        'r' | '-' => parse_letters(text, mode),
        '0'..='7' => u32::from_str_radix(text, 8).ok(),
        _ => text.split(',').try_fold(mode, parse_change),
    }
}

/// `rwxr-xr-x`. Places beyond the end of the text, and unknown letters, stay as they are.
fn parse_letters(text: &str, mode: u32) -> Option<u32> {
    let mut mode = mode & !(SET_USER | SET_GROUP);
    for (place, ((letter, bit), given)) in BITS.iter().zip(text.chars()).enumerate() {
        match (given, place) {
            (given, _) if given == *letter => mode |= bit,
            ('-', _) => mode &= !bit,
            ('s', 2) => mode |= SET_USER | bit,
            ('s', 5) => mode |= SET_GROUP | bit,
            ('s', _) => return None,
            _ => {}
        }
    }
    Some(mode)
}

/// `u+x`.
fn parse_change(mode: u32, change: &str) -> Option<u32> {
    let at = change.find(['+', '-', '='])?;
    let who = gather(&change[..at], |letter| match letter {
        'u' => Some(0o4700),
        'g' => Some(0o2070),
        'o' => Some(0o1007),
        'a' => Some(0o7777),
        _ => None,
    })?;
    let what = gather(&change[at + 1..], |letter| match letter {
        'r' => Some(0o444),
        'w' => Some(0o222),
        'x' => Some(0o111),
        's' => Some(0o6000),
        _ => None,
    })?;
    let bits = what & if who == 0 { 0o7777 } else { who };
    Some(match &change[at..=at] {
        _ if what == 0 => mode,
        "+" => mode | bits,
        "-" => mode & !bits,
        _ => bits,
    })
}

/// The bits of letters together; blanks count for nothing.
fn gather(letters: &str, bits: impl Fn(char) -> Option<u32>) -> Option<u32> {
    let mut letters = letters.chars().filter(|it| *it != ' ');
    letters.try_fold(0, |sum, letter| Some(sum | bits(letter)?))
}

#[cfg(test)]
mod tests {
    use super::{parse, spell};

    #[test]
    fn every_notation_is_read() {
        assert_eq!(parse("600", 0o755), Some(0o600));
        assert_eq!(parse("rw-", 0o755), Some(0o655));
        assert_eq!(parse("rwsr-xr-x", 0), Some(0o4755));
        assert_eq!(parse("u+x", 0o644), Some(0o744));
        assert_eq!(parse("go-rx, u=rw", 0o755), Some(0o600));
        assert_eq!(parse("+x", 0o644), Some(0o755));
        assert_eq!(parse("u+s", 0o755), Some(0o4755));
        for wrong in ["", "u", "z+x", "u+q", "9", "08", "rs"] {
            assert_eq!(parse(wrong, 0o755), None, "{wrong}");
        }
    }

    #[test]
    fn modes_are_spelled_as_ls_does() {
        assert_eq!(spell(0o100755), "rwxr-xr-x");
        assert_eq!(spell(0o6711), "rws--s--x");
        assert_eq!(spell(0o4600), "rwS------");
    }
}
