//! Dates of changelog entries: `Mon Jan 02 2006` or `Mon Jan 02 15:04:05 UTC 2006`.

use package::calendar::{self, Date, MONTHS, WEEKDAYS};

/// The most days a month may have.
const LENGTHS: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Hours east of Greenwich, winter time, of the zone names short enough to stand in a date. Source:
/// the tz database; the POSIX form `EST5` is read too, any other name means UTC.
const ZONES: [(&str, i64); 11] = [
    ("EST", -5),
    ("MST", -7),
    ("HST", -10),
    ("EST5EDT", -5),
    ("CST6CDT", -6),
    ("MST7MDT", -7),
    ("PST8PDT", -8),
    ("CET", 1),
    ("MET", 1),
    ("EET", 2),
    ("WET", 0),
];

/// A date and, if given, a time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParsedDate {
    /// Seconds since 1970 UTC; noon if the date has no time.
    pub(super) time: i64,
    /// Length of the date in bytes.
    pub(super) len: usize,
    /// The weekday is wrong, or there was no such day.
    pub(super) is_bogus: bool,
    /// The right weekday where only that is wrong.
    pub(super) weekday: Option<&'static str>,
}

/// Reads the date at the front of a text.
pub(super) fn parse(text: &str) -> Option<ParsedDate> {
    let mut words = text.split_ascii_whitespace();
    let weekday = index_of(&WEEKDAYS, words.next()?)?;
    let month = index_of(&MONTHS, words.next()?)?;
    let day: i64 = words.next()?.parse().ok()?;
    if day < 0 || day > LENGTHS[month] {
        return None;
    }
    let mut last = words.next()?;
    let (mut seconds, mut zone) = (12 * 3600, 0);
    if is_time(last) {
        seconds = parse_time(last)?;
        zone = zone_offset(words.next()?)?;
        last = words.next()?;
    }
    let year: i64 = last
        .parse()
        .ok()
        .filter(|year| (1990..3000).contains(year))?;
    let days = Date { year, month, day }.days_since_1970();
    let right = calendar::weekday(days);
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let exists = day > 0 && !(month == 1 && day == 29 && !is_leap);
    Some(ParsedDate {
        time: days * calendar::DAY + seconds - zone * 3600,
        len: last.as_ptr() as usize + last.len() - text.as_ptr() as usize,
        is_bogus: right != weekday || !exists,
        weekday: exists.then_some(WEEKDAYS[right]),
    })
}

fn index_of(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.get(1) == Some(&b':') || bytes.get(2) == Some(&b':')
}

fn parse_time(word: &str) -> Option<i64> {
    let mut parts = word.split(':');
    let mut part = |limit: i64| -> Option<i64> {
        parts
            .next()?
            .parse()
            .ok()
            .filter(|value| (0..limit).contains(value))
    };
    Some(part(24)? * 3600 + part(60)? * 60 + part(60)?)
}

fn zone_offset(name: &str) -> Option<i64> {
    if name.len() > 8 {
        return None;
    }
    if let Some((_, hours)) = ZONES.iter().find(|(known, _)| *known == name) {
        return Some(*hours);
    }
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    let west: i64 = name[letters.len()..].parse().unwrap_or(0);
    Some(if letters.len() >= 3 { -west } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let date = parse("Wed Jan 01 1997 Name").unwrap();
        assert_eq!(
            (date.time, date.len, date.is_bogus),
            (852_120_000, 15, false)
        );
        let date = parse("Thu Oct  6 06:48:39 CEST 2016 x").unwrap();
        assert_eq!((date.time, date.is_bogus), (1_475_736_519, false));
        assert_eq!(
            parse("Thu Oct  6 06:48:39 CET 2016").unwrap().time,
            1_475_732_919
        );
    }

    #[test]
    fn wrong_days_are_told() {
        let date = parse("Mon Jan 01 1997").unwrap();
        assert_eq!((date.is_bogus, date.weekday), (true, Some("Wed")));
        let date = parse("Wed Feb 29 2023").unwrap();
        assert_eq!((date.is_bogus, date.weekday), (true, None));
        assert_eq!(parse("Wed Feb 30 2024"), None);
        assert_eq!(parse("Wed Foo 1 2024"), None);
    }
}
