//! Days of the Gregorian calendar, as changelogs, archives and queries count them.
//!
//! By hand, since crates for dates refuse what rpm takes: the 30th of February, which counts as the day
//! after the 29th would, and years beyond 9999, which any 64-bit time of a header may name.

/// The months as the C locale shortens them.
pub const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The days of the week as the C locale shortens them.
pub const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Days of the years 1 to 400, after which the calendar repeats itself.
const ERA: i64 = 146_097;

/// Days from 0000-03-01, where the count below begins, to 1970-01-01.
const TO_1970: i64 = 719_468;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Its year; 0 is the one before the year 1.
    pub year: i64,
    /// Its month, from 0: a place in [`MONTHS`].
    pub month: usize,
    /// Its day in the month, from 1.
    pub day: i64,
}

impl Date {
    /// The day that is so many days after 1970-01-01.
    ///
    /// Counts years from 1 March, so that the leap day is the last of a year.
    pub fn of_day(days: i64) -> Self {
        let days = days + TO_1970;
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let leap_days = of_era / 1_460 - of_era / 36_524 + of_era / (ERA - 1);
        let year = (of_era - leap_days) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = (from_march + 2) % 12;
        Self {
            year: era * 400 + year + i64::from(month < 2),
            month: month as usize,
            day: of_year - (153 * from_march + 2) / 5 + 1,
        }
    }

    /// How many days after 1970-01-01 it is. A day that its month does not have is counted on into the
    /// next.
    pub fn days_since_1970(self) -> i64 {
        let year = self.year - i64::from(self.month < 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = (self.month as i64 + 10) % 12;
        let of_year = (153 * from_march + 2) / 5 + self.day - 1;
        era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_1970
    }
}

/// The weekday, a place in [`WEEKDAYS`], of the day that is so many days after 1970-01-01.
pub fn weekday(days: i64) -> usize {
    (days + 4).rem_euclid(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_there_and_back() {
        for days in (-800_000..800_000).chain([i64::from(u32::MAX), 200_000_000_000_000]) {
            assert_eq!(Date::of_day(days).days_since_1970(), days);
        }
        let leap = Date {
            year: 2000,
            month: 1,
            day: 29,
        };
        assert_eq!(
            (leap.days_since_1970(), Date::of_day(11_016)),
            (11_016, leap)
        );
        let none = Date {
            year: 2023,
            month: 1,
            day: 30,
        };
        assert_eq!(Date::of_day(none.days_since_1970()).day, 2);
    }

    #[test]
    fn the_first_of_1970_was_a_thursday() {
        assert_eq!(WEEKDAYS[weekday(0)], "Thu");
        assert_eq!(WEEKDAYS[weekday(-1)], "Wed");
    }
}
