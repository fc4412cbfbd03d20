//! Dates in UTC, in the words of the C locale.

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const SECONDS_PER_DAY: u64 = 86_400;

/// `Thu Jan  1 00:00:00 1970`, strftime(3)'s `%c`.
pub(super) fn date(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / SECONDS_PER_DAY);
    let time = seconds % SECONDS_PER_DAY;
    let (hours, minutes, seconds_left) = (time / 3600, time / 60 % 60, time % 60);
    let weekday = weekday(seconds);
    let month = MONTHS[month];
    format!("{weekday} {month} {day:2} {hours:02}:{minutes:02}:{seconds_left:02} {year}")
}

/// `Thu Jan 01 1970`.
pub(super) fn day(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / SECONDS_PER_DAY);
    format!("{} {} {day:02} {year}", weekday(seconds), MONTHS[month])
}

/// `Jan  1 00:00`, or `Jan  1  1970`, as ls(1) shows times.
pub(crate) fn month_day(seconds: u64, with_time: bool) -> String {
    let (year, month, day) = civil(seconds / SECONDS_PER_DAY);
    let time = seconds % SECONDS_PER_DAY;
    let month = MONTHS[month];
    if with_time {
        format!("{month} {day:2} {:02}:{:02}", time / 3600, time / 60 % 60)
    } else {
        format!("{month} {day:2}  {year}")
    }
}

fn weekday(seconds: u64) -> &'static str {
    DAYS[(seconds / SECONDS_PER_DAY % 7) as usize]
}

/// Year, month from 0 and day from 1 of a day counted from 1970-01-01.
fn civil(day: u64) -> (u64, usize, u64) {
    // Count from 0000-03-01, so that the leap day ends its year and every 400 years are alike.
    let day = day + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let is_next_year = month >= 10;
    let month = if is_next_year { month - 10 } else { month + 2 };
    (
        era * 400 + year + u64::from(is_next_year),
        month as usize,
        day,
    )
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
