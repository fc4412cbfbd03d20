//! `%changelog`: dates, names and order.

use super::Writer;

/// From new to old, as they should be; each weekday is right.
const DATES: [&str; 8] = [
    "Mon May 11 2026",
    "Thu May 07 2026",
    "Thu May 7 2026",
    "Wed Apr 01 2026",
    "Tue Mar 31 12:30:00 CET 2026",
    "Thu Jan 01 2026",
    "Thu Jan  1 2026",
    "Sat Feb 29 2020",
];
const BAD_DATES: [&str; 28] = [
    "Tue May 11 2026",
    "Mon Mai 11 2026",
    "Mon May 32 2026",
    "Mon May 0 2026",
    "Mon May 11",
    "",
    "Mon",
    "11 May 2026",
    "Mon May 11 1989",
    "Mon May 11 26",
    "Fri Feb 30 2024",
    "Mon May 11 12:00 2026",
    "Mon May 11 25:00:00 UTC 2026",
    "Mon May 11 12:00:00 2026",
    "Mon May 11 12:00:00 UTC 2026 x",
    "Xyz May 11 2026",
    "mon may 11 2026",
    "Monday May 11 2026",
    "Mon May 11 2026x",
    "Mon, May 11 2026",
    "Sun Feb 29 2026",
    "Fri May 15 2026",
    "Mon May 11 99999",
    "Mon May -1 2026",
    "Mon May 1.5 2026",
    "Mon May 11 12:60:00 UTC 2026",
    "Mon May 11 12:00:00 XXX 2026",
    "Mon May 11 12:00:00 UTC+2 2026",
];

const NAMES: [&str; 8] = [
    "Joe Doe <joe@x.org> - 1-1",
    "Joe Doe <joe@x.org> 1.0-1",
    "Joe",
    "%{aa}",
    "é <e@x>",
    "- 1-1",
    "Joe  Doe   ",
    "* x",
];
const LINES: [&str; 10] = [
    "- one",
    "- two %{aa}",
    "  more",
    "",
    "# comment",
    "- %%files",
    "\tx",
    "- %{?nosuch}",
    "text",
    "  ",
];
const BAD_LINES: [&str; 5] = ["%{open", "*", "- %(exit 1)", "* ", "*x"];

impl Writer {
    pub(super) fn changelog(&mut self) -> String {
        let header = self.value(
            &["%changelog", "%changelog "],
            &["%changelog x", "%changelog -x", "%changelog\nbefore"],
        );
        let mut numbers: Vec<usize> = (0..self.dice.below(4))
            .map(|_| self.dice.below(DATES.len()))
            .collect();
        if !self.is_wrong() {
            numbers.sort_unstable();
        }
        let mut text = format!("{header}\n");
        for number in numbers {
            let date = self.value(&[DATES[number]], &BAD_DATES);
            let name = self.value(&NAMES, &["", " "]);
            let star = self.value(&["* "], &["*", " * ", "*  ", "*\t"]);
            text += &format!("{star}{date} {name}\n");
            text += &self.several(3, |writer| {
                format!("{}\n", writer.value(&LINES, &BAD_LINES))
            });
            if !self.dice.percent(10) {
                text += "- change\n\n";
            }
        }
        text
    }
}
