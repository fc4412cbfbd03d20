//! Branches and loops: what is known before they run, and which variables the shell has to keep.

use std::collections::BTreeSet;

use super::fault::Fault;
use super::idiom;
use super::meaning::{Condition, Meaning, Text};
use super::shell::{Writer, expansion, variable};
use super::tree::{Block, Kind, Value};

impl Writer {
    pub(super) fn branches(&mut self, branches: &[(Value, Block)]) -> Result<(), Fault> {
        if let [(condition, block)] = branches
            && self.moves_directory(condition, block)?
        {
            return Ok(());
        }
        let mut word = "if";
        for (index, (condition, block)) in branches.iter().enumerate() {
            match self.condition(condition)? {
                Condition::Known(false) => {}
                Condition::Known(true) if word == "if" => return self.block(block),
                Condition::Known(true) => {
                    self.put("else")?;
                    self.inner(block)?;
                    break;
                }
                Condition::Command(command) => {
                    if word == "if" {
                        let rest = branches[index..].iter().map(|(_, block)| block);
                        self.enter(rest)?;
                    }
                    self.put(&format!("{word} {command}; then"))?;
                    self.inner(block)?;
                    word = "elif";
                }
            }
        }
        if word == "elif" {
            self.put("fi")?;
            self.changing.pop();
        }
        Ok(())
    }

    /// Takes apart what dpkg has a helper for.
    pub(super) fn moves_directory(
        &mut self,
        condition: &Value,
        block: &Block,
    ) -> Result<bool, Fault> {
        if self.directories.is_none() || !self.changing.is_empty() {
            return Ok(false);
        }
        let Some(path) = idiom::tested_directory(condition, &|it| self.clone_value(it)) else {
            return Ok(false);
        };
        if !idiom::moves_away(block, &path, &|it| self.clone_value(it)) {
            return Ok(false);
        }
        self.directories
            .iter_mut()
            .for_each(|all| all.push(path.clone()));
        Ok(true)
    }

    /// The meaning of a value without writing anything, if it has one.
    pub(super) fn clone_value(&self, value: &Value) -> Option<Meaning> {
        self.value(value).ok()
    }

    /// From here on the names that blocks change are variables of the shell.
    pub(super) fn enter<'b>(
        &mut self,
        blocks: impl Iterator<Item = &'b Block>,
    ) -> Result<(), Fault> {
        let mut names = BTreeSet::new();
        blocks.for_each(|block| changed(block, &mut names));
        for name in &names {
            if let Some(known) = self.variables.get(name).cloned() {
                let meaning = self.shell_variable(name, &known)?;
                self.bind(name, meaning);
            } else {
                self.put(&format!("{}=", variable(name)))?;
                self.bind(name, Meaning::Perhaps(expansion(&variable(name))));
            }
        }
        self.changing.push(names);
        self.settle();
        Ok(())
    }

    /// What is known of a changing variable at the end of a block need not hold behind it.
    pub(super) fn settle(&mut self) {
        for name in self.changing.iter().flatten() {
            if let Some(meaning) = self.variables.get_mut(name)
                && let Meaning::Text(text) = meaning
            {
                *meaning = Meaning::Perhaps(text.clone());
            }
        }
    }

    /// Puts a known value into a variable of the shell.
    pub(super) fn shell_variable(&mut self, name: &str, known: &Meaning) -> Result<Meaning, Fault> {
        let variable = variable(name);
        let (value, meaning) = match known {
            Meaning::Nil | Meaning::Bool(false) | Meaning::Condition(Condition::Known(false)) => {
                (String::new(), Meaning::Perhaps(expansion(&variable)))
            }
            Meaning::Bool(true) | Meaning::Condition(Condition::Known(true)) => {
                ("1".to_owned(), Meaning::Perhaps(expansion(&variable)))
            }
            Meaning::Text(text) if text.known() == Some("") => {
                return Err(self.fault("an empty string, which is nil in a shell script"));
            }
            Meaning::Text(text) if *text != expansion(&variable) => {
                (text.word(), Meaning::Text(expansion(&variable)))
            }
            Meaning::Kind(text, _) => return Ok(Meaning::Kind(text.clone(), None)),
            Meaning::List(_) | Meaning::Table(_) => {
                return Err(self.fault(format!("`{name}` is a table that changes")));
            }
            other => return Ok(other.clone()),
        };
        self.put(&format!("{variable}={value}"))?;
        Ok(meaning)
    }

    pub(super) fn repeat(&mut self, condition: &Value, body: &Block) -> Result<(), Fault> {
        self.enter(std::iter::once(body))?;
        match self.condition(condition)? {
            Condition::Known(false) => {}
            Condition::Known(true) => {
                self.put("while :; do")?;
                self.inner(body)?;
                self.put("done")?;
            }
            Condition::Command(command) => {
                self.put(&format!("while {command}; do"))?;
                self.inner(body)?;
                self.put("done")?;
            }
        }
        self.changing.pop();
        Ok(())
    }

    /// `for _, name in ipairs(list)`, which is written out, or `for name in posix.files(path)`.
    pub(super) fn for_each(
        &mut self,
        names: &[String],
        over: &Value,
        body: &Block,
    ) -> Result<(), Fault> {
        let Value::Call(iterator, arguments) = over else {
            return Err(self.fault("a loop over something else than pairs, ipairs or posix.files"));
        };
        match (iterator.as_str(), names, arguments.as_slice()) {
            ("ipairs" | "pairs", [_, name], [Value::Call(call, of)]) if call == "posix.dir" => {
                self.entries(name, of, body)
            }
            ("ipairs" | "pairs", [index, name], [list]) => {
                let Meaning::List(items) = self.value(list)? else {
                    return Err(self.fault("a loop over a table that is not known"));
                };
                for (number, item) in items.into_iter().enumerate() {
                    let number = Text::literal((number + 1).to_string());
                    self.bind(index, Meaning::Text(number));
                    self.bind(name, item);
                    self.block(body)?;
                }
                Ok(())
            }
            ("posix.files", [name], of) => self.entries(name, of, body),
            _ => Err(self.fault(format!("a loop over `{iterator}`"))),
        }
    }

    /// All entries of a directory, `.` and `..` too.
    pub(super) fn entries(&mut self, name: &str, of: &[Value], body: &Block) -> Result<(), Fault> {
        let of = self.values(of)?;
        let [Meaning::Text(directory) | Meaning::Perhaps(directory)] = of.as_slice() else {
            return Err(self.fault("a directory that is not known by its path"));
        };
        let (variable, directory) = (variable(name), directory.word());
        self.enter(std::iter::once(body))?;
        self.put(&format!(
            "for {variable} in {directory}/.* {directory}/*; do"
        ))?;
        self.depth += 1;
        self.put(&format!(
            "[ -e \"${variable}\" ] || [ -L \"${variable}\" ] || continue"
        ))?;
        self.put(&format!("{variable}=${{{variable}##*/}}"))?;
        self.depth -= 1;
        self.bind(name, Meaning::Text(expansion(&variable)));
        self.inner(body)?;
        self.put("done")?;
        self.changing.pop();
        Ok(())
    }
}

/// The names that a block gives values to.
fn changed(block: &Block, names: &mut BTreeSet<String>) {
    for statement in block {
        match &statement.kind {
            Kind::Assign(name, _) => {
                names.insert(name.clone());
            }
            Kind::If(branches) => branches.iter().for_each(|(_, block)| changed(block, names)),
            Kind::While(_, block) | Kind::Do(block) => changed(block, names),
            Kind::For(_, _, block) => changed(block, names),
            Kind::Call(_) | Kind::Return | Kind::Break => {}
        }
    }
}
