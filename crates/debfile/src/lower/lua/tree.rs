//! Lua's statements and expressions, as far as scriptlets use them.
//!
//! Source: Lua 5.4 Reference Manual, 3.3, 3.4 and 9.

use super::fault::Fault;
use super::words::{Word, words};

/// A statement and its line, from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

pub(super) type Block = Vec<Statement>;

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `name = value`, `local name = value`.
    Assign(String, Value),
    /// A call whose result nobody takes.
    Call(Value),
    /// Conditions with their blocks; the last may be `else`, which is always true.
    If(Vec<(Value, Block)>),
    While(Value, Block),
    /// `for names in value do`.
    For(Vec<String>, Value, Block),
    Do(Block),
    Return,
    Break,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nil,
    Bool(bool),
    Number(String),
    Text(String),
    Name(String),
    /// `value.name`, `value[1]`.
    Index(Box<Value>, Box<Value>),
    /// A call of something that has a name, dots included; the arguments.
    Call(String, Vec<Value>),
    /// `value:name(arguments)`.
    Method(Box<Value>, String, Vec<Value>),
    List(Vec<Value>),
    /// `{name = value}`.
    Table(Vec<(String, Value)>),
    Not(Box<Value>),
    Binary(&'static str, Box<Value>, Box<Value>),
}

/// Deeper nesting is not read, so that no text can exhaust the stack.
const DEPTH: usize = 60;

/// Words that cannot be names.
const KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
    "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// Operators and how strongly they bind; `..` binds to the right.
const BINARY: [(&str, u8); 13] = [
    ("or", 1),
    ("and", 2),
    ("<", 3),
    (">", 3),
    ("<=", 3),
    (">=", 3),
    ("==", 3),
    ("~=", 3),
    ("..", 4),
    ("+", 5),
    ("-", 5),
    ("*", 6),
    ("/", 6),
];

/// Reads a chunk.
pub(super) fn parse_chunk(chunk: &str) -> Result<Block, Fault> {
    let mut parser = Parser {
        words: words(chunk)?,
        at: 0,
        depth: 0,
    };
    let block = parser.block()?;
    if parser.peek() != &Word::End {
        return Err(parser.unexpected());
    }
    Ok(block)
}

struct Parser {
    words: Vec<(Word, usize)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Word {
        &self.words[self.at].0
    }

    fn line(&self) -> usize {
        self.words[self.at].1
    }

    fn next(&mut self) -> Word {
        let word = self.words[self.at].0.clone();
        self.at = (self.at + 1).min(self.words.len() - 1);
        word
    }

    fn is(&self, text: &str) -> bool {
        match self.peek() {
            Word::Name(name) => name == text,
            Word::Sign(sign) => *sign == text,
            _ => false,
        }
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), Fault> {
        if self.accept(text) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn unexpected(&self) -> Fault {
        let what = match self.peek() {
            Word::Name(name) => format!("`{name}`"),
            Word::Number(digits) => format!("`{digits}`"),
            Word::Text(_) | Word::Odd(_) => "a string".to_owned(),
            Word::Sign(sign) => format!("`{sign}`"),
            Word::End => "the end".to_owned(),
        };
        Fault::new(self.line(), format!("{what} is not understood there"))
    }

    fn name(&mut self) -> Result<String, Fault> {
        match self.peek().clone() {
            Word::Name(name) if !KEYWORDS.contains(&name.as_str()) => {
                self.next();
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::new(self.line(), "it is nested too deeply"));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Counts what is nested without being read that way.
    fn limit(&self, count: &mut usize) -> Result<(), Fault> {
        *count += 1;
        if *count > DEPTH {
            return Err(Fault::new(self.line(), "it is nested too deeply"));
        }
        Ok(())
    }

    fn block(&mut self) -> Result<Block, Fault> {
        self.deeper(|parser| {
            let mut block = Vec::new();
            loop {
                while parser.accept(";") {}
                let ends = ["end", "else", "elseif"].iter().any(|it| parser.is(it));
                if ends || parser.peek() == &Word::End {
                    return Ok(block);
                }
                let line = parser.line();
                let kind = parser.statement()?;
                block.push(Statement { line, kind });
            }
        })
    }

    fn statement(&mut self) -> Result<Kind, Fault> {
        if self.accept("if") {
            return self.branches();
        }
        if self.accept("while") {
            let condition = self.value(0)?;
            self.expect("do")?;
            return Ok(Kind::While(condition, self.block_to_end()?));
        }
        if self.accept("for") {
            return self.for_each();
        }
        if self.accept("do") {
            return Ok(Kind::Do(self.block_to_end()?));
        }
        if self.accept("return") {
            if !self.is("end") && !self.is(";") && self.peek() != &Word::End {
                self.value(0)?;
            }
            return Ok(Kind::Return);
        }
        if self.accept("break") {
            return Ok(Kind::Break);
        }
        let is_local = self.accept("local");
        if is_local && !matches!(self.peek(), Word::Name(_)) || self.is("function") {
            return Err(self.unexpected());
        }
        self.assignment_or_call(is_local)
    }

    fn assignment_or_call(&mut self, is_local: bool) -> Result<Kind, Fault> {
        let target = self.postfixed()?;
        match target {
            Value::Name(name) if self.accept("=") => Ok(Kind::Assign(name, self.value(0)?)),
            Value::Name(name) if is_local => Ok(Kind::Assign(name, Value::Nil)),
            Value::Call(..) | Value::Method(..) if !is_local => Ok(Kind::Call(target)),
            _ => Err(self.unexpected()),
        }
    }

    fn block_to_end(&mut self) -> Result<Block, Fault> {
        let block = self.block()?;
        self.expect("end")?;
        Ok(block)
    }

    fn branches(&mut self) -> Result<Kind, Fault> {
        let mut branches = Vec::new();
        loop {
            let condition = self.value(0)?;
            self.expect("then")?;
            branches.push((condition, self.block()?));
            if self.accept("elseif") {
                continue;
            }
            if self.accept("else") {
                branches.push((Value::Bool(true), self.block()?));
            }
            self.expect("end")?;
            return Ok(Kind::If(branches));
        }
    }

    fn for_each(&mut self) -> Result<Kind, Fault> {
        let mut names = vec![self.name()?];
        while self.accept(",") {
            names.push(self.name()?);
        }
        self.expect("in")?;
        let over = self.value(0)?;
        self.expect("do")?;
        Ok(Kind::For(names, over, self.block_to_end()?))
    }

    /// An expression of operators that bind more strongly than `least`.
    fn value(&mut self, least: u8) -> Result<Value, Fault> {
        self.deeper(|parser| {
            let mut left = parser.operand()?;
            let mut count = 0;
            while let Some((operator, strength)) = parser.operator(least) {
                parser.next();
                parser.limit(&mut count)?;
                let right = parser.value(if operator == ".." {
                    strength - 1
                } else {
                    strength
                })?;
                left = Value::Binary(operator, Box::new(left), Box::new(right));
            }
            Ok(left)
        })
    }

    fn operator(&self, least: u8) -> Option<(&'static str, u8)> {
        let found = BINARY.iter().find(|(operator, _)| self.is(operator));
        found.copied().filter(|(_, strength)| *strength > least)
    }

    fn operand(&mut self) -> Result<Value, Fault> {
        if self.accept("not") {
            return Ok(Value::Not(Box::new(self.value(6)?)));
        }
        match self.peek().clone() {
            Word::Number(digits) => {
                if !digits.bytes().all(|b| b.is_ascii_digit()) {
                    let why = "only whole numbers can be had in a shell";
                    return Err(Fault::new(self.line(), why));
                }
                self.next();
                Ok(Value::Number(digits))
            }
            Word::Odd(why) => Err(Fault::new(self.line(), why)),
            Word::Text(text) => {
                self.next();
                Ok(Value::Text(text))
            }
            Word::Sign("{") => self.list(),
            Word::Name(name) => {
                let constant = match name.as_str() {
                    "nil" => Value::Nil,
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    _ => return self.postfixed(),
                };
                self.next();
                Ok(constant)
            }
            _ => self.postfixed(),
        }
    }

    /// A list, or a table that has names for all that is in it.
    fn list(&mut self) -> Result<Value, Fault> {
        self.expect("{")?;
        let (mut items, mut named) = (Vec::new(), Vec::new());
        while !self.accept("}") {
            let line = self.line();
            match self.value(0)? {
                Value::Name(name) if self.accept("=") => named.push((name, self.value(0)?)),
                item => items.push(item),
            }
            if self.is("=") || !items.is_empty() && !named.is_empty() {
                let why = "tables with such keys are not understood";
                return Err(Fault::new(line, why));
            }
            if !self.accept(",") && !self.accept(";") && !self.is("}") {
                return Err(self.unexpected());
            }
        }
        Ok(if named.is_empty() {
            Value::List(items)
        } else {
            Value::Table(named)
        })
    }

    /// A name or something in brackets, with indexes and calls behind it.
    fn postfixed(&mut self) -> Result<Value, Fault> {
        let mut value = if self.accept("(") {
            let inner = self.value(0)?;
            self.expect(")")?;
            inner
        } else {
            Value::Name(self.name()?)
        };
        let mut count = 0;
        loop {
            self.limit(&mut count)?;
            if self.accept(".") {
                let name = Value::Text(self.name()?);
                value = Value::Index(Box::new(value), Box::new(name));
            } else if self.accept("[") {
                let index = self.value(0)?;
                self.expect("]")?;
                value = Value::Index(Box::new(value), Box::new(index));
            } else if self.accept(":") {
                let name = self.name()?;
                value = Value::Method(Box::new(value), name, self.arguments()?);
            } else if matches!(self.peek(), Word::Sign("(" | "{") | Word::Text(_)) {
                let line = self.line();
                let name = dotted(&value)
                    .ok_or_else(|| Fault::new(line, "a call of something without a name"))?;
                value = Value::Call(name, self.arguments()?);
            } else {
                return Ok(value);
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Value>, Fault> {
        if !self.accept("(") {
            return Ok(vec![self.operand()?]);
        }
        let mut arguments = Vec::new();
        while !self.accept(")") {
            arguments.push(self.value(0)?);
            if !self.accept(",") && !self.is(")") {
                return Err(self.unexpected());
            }
        }
        Ok(arguments)
    }
}

/// `os.remove` of what looks up `remove` in `os`.
fn dotted(value: &Value) -> Option<String> {
    match value {
        Value::Name(name) => Some(name.clone()),
        Value::Index(of, name) => match (dotted(of)?, name.as_ref()) {
            (of, Value::Text(name)) => Some(format!("{of}.{name}")),
            _ => None,
        },
        _ => None,
    }
}
