//! Dates as changelogs and mail write them.

use package::calendar::{self, DAY, Date, MONTHS, WEEKDAYS};

/// `Mon, 02 Jan 2006 15:04:05 +0000` for seconds since 1970 UTC.
///
/// Source: RFC 5322, section 3.3; deb-changelog(5).
pub(crate) fn mail_date(time: i64) -> String {
    let (days, seconds) = (time.div_euclid(DAY), time.rem_euclid(DAY));
    let Date { year, month, day } = Date::of_day(days);
    let weekday = WEEKDAYS[calendar::weekday(days)];
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let month = MONTHS[month];
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
}

/// Seconds since 1970 UTC of such a date, with any offset from UTC; `None` if it is not one.
pub(crate) fn parse_mail_date(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [_, day, month, year, clock, zone] = *words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|it| *it == month)?;
    let year: i64 = year
        .parse()
        .ok()
        .filter(|year| (0..10_000).contains(year))?;
    let day: i64 = day.parse().ok().filter(|day| (1..32).contains(day))?;
    let mut seconds = 0;
    for part in clock.split(':') {
        let part: u8 = part.parse().ok()?;
        seconds = seconds * 60 + i64::from(part);
    }
    let days = Date { year, month, day }.days_since_1970();
    Some(days * DAY + seconds - offset_of(zone)?)
}

/// Seconds of `+0130`.
fn offset_of(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(sign * (number / 100 * 3600 + number % 100 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(mail_date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(mail_date(951_827_696), "Tue, 29 Feb 2000 12:34:56 +0000");
        assert_eq!(mail_date(1_735_646_400), "Tue, 31 Dec 2024 12:00:00 +0000");
        assert_eq!(mail_date(-1), "Wed, 31 Dec 1969 23:59:59 +0000");
    }

    #[test]
    fn dates_that_are_read_are_those_that_were_written() {
        for time in [0, -1, 951_827_696, 1_735_646_400, 4_102_444_799] {
            assert_eq!(parse_mail_date(&mail_date(time)), Some(time));
        }
        let east = "Thu, 01 Jan 1970 02:30:00 +0230";
        assert_eq!(parse_mail_date(east), Some(0));
        assert_eq!(parse_mail_date("Wed, 31 Dec 1969 23:00:00 -0100"), Some(0));
        for text in [
            "",
            "today",
            "Thu, 01 Foo 1970 00:00:00 +0000",
            "x 1 Jan 1 1 é123",
        ] {
            assert_eq!(parse_mail_date(text), None, "{text}");
        }
    }
}
