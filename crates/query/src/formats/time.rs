//! Dates in UTC, in the words of the C locale.

use package::calendar::{self, Date, MONTHS, WEEKDAYS};

const SECONDS_PER_DAY: u64 = calendar::DAY as u64;

/// `Thu Jan  1 00:00:00 1970`, strftime(3)'s `%c`.
pub(super) fn date(seconds: u64) -> String {
    let Date { year, month, day } = Date::of_day(day_of(seconds));
    let time = seconds % SECONDS_PER_DAY;
    let (hours, minutes, seconds_left) = (time / 3600, time / 60 % 60, time % 60);
    let weekday = weekday(seconds);
    let month = MONTHS[month];
    format!("{weekday} {month} {day:2} {hours:02}:{minutes:02}:{seconds_left:02} {year}")
}

/// `Thu Jan 01 1970`.
pub(super) fn day(seconds: u64) -> String {
    let Date { year, month, day } = Date::of_day(day_of(seconds));
    format!("{} {} {day:02} {year}", weekday(seconds), MONTHS[month])
}

/// `Jan  1 00:00`, or `Jan  1  1970`, as ls(1) shows times.
pub(crate) fn month_day(seconds: u64, with_time: bool) -> String {
    let Date { year, month, day } = Date::of_day(day_of(seconds));
    let time = seconds % SECONDS_PER_DAY;
    let month = MONTHS[month];
    if with_time {
        format!("{month} {day:2} {:02}:{:02}", time / 3600, time / 60 % 60)
    } else {
        format!("{month} {day:2}  {year}")
    }
}

fn day_of(seconds: u64) -> i64 {
    (seconds / SECONDS_PER_DAY) as i64
}

fn weekday(seconds: u64) -> &'static str {
    WEEKDAYS[calendar::weekday(day_of(seconds))]
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn dates_are_those_of_date_1() {
        assert_eq!(date(0), "Thu Jan  1 00:00:00 1970");
        assert_eq!(date(951_782_400), "Tue Feb 29 00:00:00 2000");
        assert_eq!(date(1_735_689_599), "Tue Dec 31 23:59:59 2024");
        assert_eq!(day(4_102_444_800), "Fri Jan 01 2100");
    }
}
