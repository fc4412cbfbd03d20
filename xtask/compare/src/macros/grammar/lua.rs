//! Chunks of Lua that print, return, define and fail.

use super::Writer;
use crate::rpm::Version;

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

/// Statements about the world and about faults of arguments; the first version that has them, or has
/// them as they are now.
const GATED: [(&str, Version); 44] = [
    ("print(#rpm.glob('*.macros'))", (4, 19)),
    ("print(rpm.glob('nosuch', 'c')[1])", (4, 19)),
    ("print(rpm.spawn({'true'}))", (4, 20)),
    ("print(rpm.spawn({'false'}))", (4, 20)),
    ("print(rpm.spawn({'/nosuch/program'}))", (4, 20)),
    ("print(rpm.execute('true'))", (4, 20)),
    ("print(rpm.execute('false'))", (4, 20)),
    ("macros.lua = nil", (6, 2)),
    ("rpm.undefine('lua')", (6, 1)),
    ("rpm.undefine('')", (6, 1)),
    ("print(posix.getenv('WORDS'))", (4, 0)),
    ("print(os.getenv('EMPTY'))", (4, 0)),
    ("print(os.getenv('NOSUCH'))", (4, 0)),
    ("print(posix.access('/nosuch'))", (4, 0)),
    ("print(posix.access('base.macros'))", (4, 0)),
    ("print(posix.stat('base.macros', 'type'))", (4, 0)),
    ("print(posix.stat('/nosuch'))", (4, 0)),
    ("print(rpm.ver('1.0-1') < rpm.ver('1.0-2'))", (4, 17)),
    ("print(rpm.ver('1:2-3').e, rpm.ver('2').r)", (4, 17)),
    ("print(rpm.ver('1:2-3'), rpm.ver('-'))", (4, 17)),
    ("print(rpm.ver('1', '2', '3'))", (4, 17)),
    ("print(rpm.ver(''))", (6, 0)),
    ("print(rpm.b64decode('aGVsbG8='))", (4, 0)),
    ("print(rpm.b64decode('!'))", (4, 0)),
    ("print(rpm.b64encode('a long text to break', 8))", (4, 0)),
    ("print(pcall(error, 'told'))", (4, 0)),
    ("print(pcall(rpm.expand, '%{error:told}'))", (4, 0)),
    ("print((pcall(rpm.define, '1 x')))", (4, 0)),
    (
        "rpm.register('h', function(a) print('hook', a) end) rpm.call('h', 'x') rpm.unregister('h')",
        (4, 0),
    ),
    ("macros['1'] = 'x'", (4, 0)),
    ("macros.aa = 5", (4, 0)),
    ("macros.aa = ''", (4, 0)),
    ("macros.define = 'x'", (4, 0)),
    ("rpm.define('aa')", (4, 0)),
    ("rpm.define('%aa x')", (4, 0)),
    ("rpm.define('a-b x')", (4, 0)),
    ("rpm.define('cc(a:) %{-a*}')", (4, 0)),
    ("print(rpm.vercmp('1', ''))", (4, 0)),
    ("print(rpm.vercmp('1'))", (4, 0)),
    ("rpm.expand()", (4, 0)),
    ("print(rpm.load('more.macros'))", (4, 0)),
    ("print(rpm.load('/nosuch'))", (4, 0)),
    ("print(macros.aa('x', 'y'))", (4, 17)),
    ("os.exit()", (4, 0)),
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
        match self.dice.below(19) {
            3..=5 => {
                let known = self.known(&GATED);
                self.dice.pick(&known).to_owned()
            }
            7 => format!("print([[{text}]])"),
            8 => format!("return [[{text}]]"),
            9 => format!("print(rpm.expand([[{text}]]))"),
            10 => format!("rpm.define([[{name} {text}]])"),
            11 => format!("macros.{name} = [[{text}]]"),
            12 => format!("print(macros.{name}([[{text}]]))"),
            13 => format!("print({}([[{text}]]))", self.dice.pick(&FUNCTIONS)),
            14 => format!("if macros.{name} then print('yes') else print('no') end"),
            15 if self.peer >= (4, 20) => format!("print(#rpm.expand([[%{{{name}}}]]))"),
            _ => self.dice.pick(&STATEMENTS).to_owned(),
        }
    }
}
