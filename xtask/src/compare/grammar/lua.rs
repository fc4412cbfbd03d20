//! Chunks of Lua that print, return, define and fail.

use super::Writer;

/// Statements as they stand.
const STATEMENTS: [&str; 42] = [
    "print(1, 2.5, nil, true)",
    "print(1/2, 3//2, 2^10, 10/2, 7 % 3)",
    "print(#arg)",
    "print(arg[1])",
    "print(arg[0])",
    "print(opt.a)",
    "print(opt.b)",
    "for i, v in ipairs(arg) do print(i, v) end",
    "local n = 0; for k in pairs(opt) do n = n + 1 end print(n)",
    "print(macros.aa)",
    "print(macros.nosuch)",
    "print(macros['bb'])",
    "print(macros[1])",
    "print(macros.par('x y'))",
    "print(macros.par({'x y', 'z'}))",
    "print(macros.par({}))",
    "print(macros.nosuch('x'))",
    "print(macros.basename('/a/b'))",
    "print(macros.expand({'%aa'}))",
    "macros.dd = nil",
    "macros.define('cc', 'by call')",
    "macros.define({'cc', 'by call'})",
    "print(rpm.isdefined('aa'))",
    "print(rpm.isdefined('par'))",
    "print((rpm.isdefined('nosuch')))",
    "rpm.undefine('aa')",
    "rpm.undefine('nosuch')",
    "rpm.undefine('1')",
    "print(rpm.vercmp('1.0', '1.0~rc'))",
    "print(table.concat(rpm.splitargs('a  b c'), '|'))",
    "print(rpm.unsplitargs({'a b', 'c'}))",
    "print(rpm.b64encode('hello'))",
    "error('told')",
    "error()",
    "error({})",
    "local x; print(x.y)",
    "nosuch()",
    "print({} .. 'x')",
    "print(string.format('%%d %%s', 3, 'x'))",
    "return 'made', 2",
    "return",
    "oops oops",
];

const FUNCTIONS: [&str; 9] = [
    "string.upper",
    "string.len",
    "string.reverse",
    "rpm.expand",
    "tostring",
    "type",
    "tonumber",
    "rpm.b64encode",
    "rpm.load",
];

impl Writer {
    /// A chunk of a few statements, without braces that are left open.
    pub(super) fn chunk(&mut self, depth: usize) -> String {
        let count = self.dice.weighted(&[(6, 1), (3, 2), (1, 3)]);
        let statements: Vec<String> = (0..count).map(|_| self.statement(depth)).collect();
        let separator = self.dice.pick(&[" ", "; ", "\n", "\n  "]);
        statements.join(separator)
    }

    fn statement(&mut self, depth: usize) -> String {
        let text = self.text(depth).replace("]]", "");
        let name = self.dice.pick(&super::NAMES);
        match self.dice.below(16) {
            0..=6 => self.dice.pick(&STATEMENTS).to_owned(),
            7 => format!("print([[{text}]])"),
            8 => format!("return [[{text}]]"),
            9 => format!("print(rpm.expand([[{text}]]))"),
            10 => format!("rpm.define([[{name} {text}]])"),
            11 => format!("macros.{name} = [[{text}]]"),
            12 => format!("print(macros.{name}([[{text}]]))"),
            13 => format!("print({}([[{text}]]))", self.dice.pick(&FUNCTIONS)),
            14 => format!("if macros.{name} then print('yes') else print('no') end"),
            _ => format!("print(#rpm.expand([[%{{{name}}}]]))"),
        }
    }
}
