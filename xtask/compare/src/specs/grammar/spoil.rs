//! Spoils a text: lines lost, doubled, moved, letters changed. What comes out is mostly wrong.

use super::Writer;

/// What is put in somewhere.
const PIECES: [&str; 24] = [
    "%", "%%", "{", "}", "(", ")", "\\", "\"", " ", "\t", "\n", ":", "-", ",", "#", "%if 1\n",
    "%endif\n", "%else\n", "%{", "\r", "%(", "=", "\\\n", "é",
];

impl Writer {
    pub(super) fn spoiled(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.dice.below(3) {
            text = if self.dice.percent(50) {
                self.with_lines_spoiled(&text)
            } else {
                self.with_letters_spoiled(&text)
            };
        }
        text
    }

    fn with_lines_spoiled(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (one, other) = (self.dice.below(lines.len()), self.dice.below(lines.len()));
        match self.dice.below(4) {
            _ if lines.is_empty() => {}
            0 => {
                lines.remove(one);
            }
            1 => lines.insert(other, lines[one]),
            2 => lines.swap(one, other),
            _ => lines.truncate(one),
        }
        lines.concat()
    }

    fn with_letters_spoiled(&mut self, text: &str) -> String {
        let mut letters: Vec<String> = text.chars().map(String::from).collect();
        if letters.is_empty() {
            return String::new();
        }
        let at = self.dice.below(letters.len());
        match self.dice.below(3) {
            0 => {
                letters.remove(at);
            }
            1 => letters[at] = self.dice.pick(&PIECES).to_owned(),
            _ => letters.insert(at, self.dice.pick(&PIECES).to_owned()),
        }
        letters.concat()
    }
}
