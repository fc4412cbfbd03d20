//! Expressions: numbers, strings, versions, and terms that are none of them.

use super::Writer;

const TERMS: [&str; 26] = [
    "0",
    "1",
    "2",
    "42",
    "007",
    "999",
    "\"\"",
    "\"a\"",
    "\"b c\"",
    "\"10\"",
    "v\"1.0\"",
    "v\"1:1.0-1\"",
    "v\"1.0~rc1\"",
    "v\"2\"",
    "v\"\"",
    "v\"1-2-3\"",
    "-1",
    "!0",
    "%{aa}",
    "\"%{bb}\"",
    "v\"%{cc}\"",
    "%1",
    "%#",
    "\"%{?dd:x}\"",
    "%{nosuch}",
    "%%",
];

const ODD_TERMS: [&str; 19] = [
    "bare",
    "\"open",
    "3x",
    "=",
    "&",
    "|",
    "(",
    ")",
    "1 2",
    "",
    "$",
    "lua:tostring(1, 2)",
    "lua:string.rep(\"x\", 2)",
    "lua:nosuch(1)",
    "f(1)",
    "_f(1)",
    "lua:type(v\"1\")",
    "lua:error(1",
    "lua:type(1,)",
];

const OPERATORS: [&str; 12] = [
    "+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "&&", "||",
];

impl Writer {
    /// An expression; `depth` bounds how far it nests.
    pub(super) fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.term();
        }
        let blank = self
            .dice
            .weighted(&[(6, " "), (3, ""), (1, "  "), (1, "\n")]);
        match self.dice.below(12) {
            0..=1 => self.term(),
            2 => format!("({})", self.expression(depth - 1)),
            3 => format!("!{}", self.expression(depth - 1)),
            4 => format!("-{}", self.expression(depth - 1)),
            5..=6 => {
                let (condition, yes) = (self.expression(depth - 1), self.expression(depth - 1));
                format!(
                    "{condition}{blank}?{blank}{yes}{blank}:{blank}{}",
                    self.expression(depth - 1)
                )
            }
            _ => {
                let (left, operator) = (self.expression(depth - 1), self.dice.pick(&OPERATORS));
                format!(
                    "{left}{blank}{operator}{blank}{}",
                    self.expression(depth - 1)
                )
            }
        }
    }

    /// `%[ ]`. Before 4.19, its terms were expanded out of the scope they stand in.
    pub(super) fn square(&mut self, depth: usize) -> String {
        let expression = self.expression(depth);
        if self.peer < (4, 19) && expression.contains('%') {
            return format!("%{{expr:{expression}}}");
        }
        format!("%[{expression}]")
    }

    fn term(&mut self) -> String {
        match self.dice.below(30) {
            0 => self.dice.pick(&ODD_TERMS).to_owned(),
            1 => format!("\"{}\"", self.text(1)),
            2 => format!("%{{{}}}", self.name()),
            3 => self.square(1),
            4..=11 => self.dice.pick(&["0", "1", "2", "3", "10"]).to_owned(),
            12..=15 => self
                .dice
                .pick(&["\"a\"", "\"b\"", "\"\"", "\"%{aa}\""])
                .to_owned(),
            _ => self.dice.pick(&TERMS).to_owned(),
        }
    }
}
