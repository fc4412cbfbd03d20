//! A Lua chunk as a script for the shell.
//!
//! Variables whose values are known are put in where they are used, and loops over known lists are
//! written out: what is left are the commands. A variable that is changed on some ways through the
//! chunk and not on others is one of the shell, `lua_NAME`; an empty one is nil.
//!
//! What a shell script cannot do alike is a fault, not a guess.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{KIND, REMOVE, command, text, write};
use super::fault::Fault;
use super::meaning::{Condition, Meaning, Text};
use super::tree::{Block, Kind, Statement, Value};

/// Longer scripts are not written.
pub(super) const LARGEST: usize = 1 << 16;
/// More statements are not written out: loops over known lists can be nested.
const MOST: usize = 10_000;

/// A chunk in the shell's terms.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shell {
    /// Directories that the chunk moves out of the way, which dpkg has a helper for.
    pub(crate) directories: Vec<String>,
    /// The rest, as a script; empty if there is none.
    pub(crate) script: String,
}

/// Writes a chunk as a script. `moves_directories` says that the caller takes those apart.
pub(super) fn write_shell(block: &Block, moves_directories: bool) -> Result<Shell, Fault> {
    let mut writer = Writer {
        variables: BTreeMap::new(),
        changing: Vec::new(),
        lines: Vec::new(),
        size: 0,
        steps: 0,
        depth: 0,
        line: 0,
        directories: moves_directories.then(Vec::new),
    };
    writer.block(block)?;
    drop_unread(&mut writer.lines);
    if writer.lines.last().is_some_and(|it| it != "exit 0") {
        // What the last call came to is no matter to rpm.
        writer.put("exit 0")?;
    }
    let body: String = writer.lines.iter().map(|it| format!("{it}\n")).collect();
    let mut script = String::new();
    for (call, function) in [("lua_kind ", KIND), ("lua_remove ", REMOVE)] {
        if body.contains(call) {
            script.push_str(function);
            script.push('\n');
        }
    }
    script.push_str(&body);
    Ok(Shell {
        directories: writer.directories.unwrap_or_default(),
        script,
    })
}

/// Removes what only gives a variable a value that nobody reads, outside of all blocks: a block must
/// not become empty.
fn drop_unread(lines: &mut Vec<String>) {
    loop {
        let read: BTreeSet<String> = lines.iter().flat_map(|line| reads(line)).collect();
        let before = lines.len();
        lines.retain(|line| assigned(line).is_none_or(|name| read.contains(name)));
        if lines.len() == before {
            return;
        }
    }
}

/// The variable in `lua_x=value`; values have no effects.
fn assigned(line: &str) -> Option<&str> {
    let (variable, _) = line.split_once('=')?;
    let is_name = variable
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (is_name && variable.starts_with("lua_")).then_some(variable)
}

/// The variables whose values a line takes.
fn reads(line: &str) -> impl Iterator<Item = String> {
    let after = line.split('$').skip(1).map(|it| it.trim_start_matches('{'));
    let name = |it: &str| -> String {
        let name = it
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_');
        name.collect()
    };
    after.map(name).collect::<Vec<_>>().into_iter()
}

pub(super) struct Writer {
    pub(super) variables: BTreeMap<String, Meaning>,
    /// The names that are changed in the branches and loops around.
    pub(super) changing: Vec<BTreeSet<String>>,
    pub(super) lines: Vec<String>,
    pub(super) size: usize,
    pub(super) steps: usize,
    pub(super) depth: usize,
    /// The line of the chunk that is being written.
    pub(super) line: usize,
    pub(super) directories: Option<Vec<String>>,
}

impl Writer {
    pub(super) fn fault(&self, why: impl Into<String>) -> Fault {
        Fault::new(self.line, why)
    }

    pub(super) fn put(&mut self, command: &str) -> Result<(), Fault> {
        self.size += command.len() + self.depth + 1;
        if self.size > LARGEST {
            return Err(self.fault("the script would become too long"));
        }
        self.lines
            .push(format!("{}{command}", "\t".repeat(self.depth)));
        Ok(())
    }

    pub(super) fn block(&mut self, block: &Block) -> Result<(), Fault> {
        block.iter().try_for_each(|it| self.statement(it))
    }

    /// A block between two lines of the shell, which needs at least one command.
    pub(super) fn inner(&mut self, block: &Block) -> Result<(), Fault> {
        let before = self.lines.len();
        self.depth += 1;
        self.block(block)?;
        if self.lines.len() == before {
            self.put(":")?;
        }
        self.depth -= 1;
        self.settle();
        Ok(())
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Result<(), Fault> {
        self.line = statement.line;
        self.steps += 1;
        if self.steps > MOST {
            return Err(self.fault("the script would become too long"));
        }
        match &statement.kind {
            Kind::Assign(name, value) => self.assign(name, value),
            Kind::Call(call) => self.call(call),
            Kind::If(branches) => self.branches(branches),
            Kind::While(condition, body) => self.repeat(condition, body),
            Kind::For(names, over, body) => self.for_each(names, over, body),
            Kind::Do(block) => self.block(block),
            Kind::Return => self.put("exit 0"),
            Kind::Break if self.changing.is_empty() => {
                Err(self.fault("`break` out of a loop that is written out"))
            }
            Kind::Break => self.put("break"),
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: &Value) -> Result<(), Fault> {
        let variable = variable(name);
        if matches!(value, Value::Call(call, _) if call == "rpm.next_file") {
            self.put(&format!("IFS= read -r {variable} || {variable}="))?;
            self.bind(name, Meaning::Perhaps(expansion(&variable)));
            return Ok(());
        }
        if let Value::Call(call, arguments) = value
            && call == "io.open"
        {
            return self.open(name, arguments);
        }
        let meaning = self.value(value)?;
        let is_changing = self.changing.iter().any(|names| names.contains(name));
        let meaning = match meaning {
            Meaning::Condition(Condition::Command(command)) => {
                self.put(&format!(
                    "if {command}; then {variable}=1; else {variable}=; fi"
                ))?;
                Meaning::Perhaps(expansion(&variable))
            }
            Meaning::Kind(kind, file) => {
                self.put(&format!("{variable}={}", kind.word()))?;
                Meaning::Kind(expansion(&variable), file.filter(|_| !is_changing))
            }
            Meaning::Perhaps(text) => {
                self.put(&format!("{variable}={}", text.word()))?;
                Meaning::Perhaps(expansion(&variable))
            }
            Meaning::Text(text) if is_changing && text.known() == Some("") => {
                return Err(self.fault("an empty string, which is nil in a shell script"));
            }
            Meaning::Text(text) if is_changing || text.known().is_none() => {
                self.put(&format!("{variable}={}", text.word()))?;
                Meaning::Text(expansion(&variable))
            }
            known if is_changing => self.shell_variable(name, &known)?,
            known => known,
        };
        self.bind(name, meaning);
        Ok(())
    }

    pub(super) fn bind(&mut self, name: &str, meaning: Meaning) {
        self.variables.insert(name.to_owned(), meaning);
    }

    /// `name = io.open(path, mode)`, for writing.
    pub(super) fn open(&mut self, name: &str, arguments: &[Value]) -> Result<(), Fault> {
        let arguments = self.values(arguments)?;
        let mode = arguments.get(1).and_then(text).and_then(Text::known);
        let (Some(path), Some(redirection)) = (
            arguments.first().and_then(text),
            match mode {
                Some("a") => Some(">>"),
                Some("w") => Some(">"),
                _ => None,
            },
        ) else {
            return Err(self.fault("files can only be opened for writing, with \"a\" or \"w\""));
        };
        let (variable, path) = (variable(name), path.word());
        self.put(&format!(
            "if {{ true {redirection}{path}; }} 2>/dev/null; then {variable}={path}; else {variable}=; fi"
        ))?;
        self.bind(name, Meaning::File(expansion(&variable)));
        Ok(())
    }

    pub(super) fn call(&mut self, call: &Value) -> Result<(), Fault> {
        match call {
            Value::Call(name, _) if name == "require" => Ok(()),
            Value::Call(name, arguments) => {
                let arguments = self.values(arguments)?;
                let command = self.command(name, &arguments)?;
                self.put(&command)
            }
            Value::Method(file, name, arguments) => {
                let file = self.value(file)?;
                let arguments = self.values(arguments)?;
                match (&file, name.as_str()) {
                    (Meaning::File(_), "close") => Ok(()),
                    (Meaning::File(file), "write") => {
                        let command = write(file, &arguments).ok_or_else(|| self.odd("write"))?;
                        self.put(&command)
                    }
                    _ => Err(self.unknown(name)),
                }
            }
            _ => Err(self.fault("a statement that is no call")),
        }
    }

    pub(super) fn command(&self, name: &str, arguments: &[Meaning]) -> Result<String, Fault> {
        command(name, arguments).ok_or_else(|| self.unknown(name))
    }

    pub(super) fn unknown(&self, name: &str) -> Fault {
        self.fault(format!(
            "`{name}` with these arguments has no counterpart in a shell script"
        ))
    }

    pub(super) fn odd(&self, name: &str) -> Fault {
        self.fault(format!("`{name}` gets what may be nil"))
    }
}

/// The name of a variable in the shell.
pub(super) fn variable(name: &str) -> String {
    format!("lua_{name}")
}

pub(super) fn expansion(variable: &str) -> Text {
    Text::expansion(format!("${{{variable}}}"))
}
