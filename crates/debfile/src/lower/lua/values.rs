//! What Lua's expressions are in a shell script.

use super::calls::{access, is_function, text};
use super::fault::Fault;
use super::meaning::{Condition, Meaning, Text};
use super::shell::{LARGEST, Writer};
use super::tree::Value;

impl Writer {
    pub(super) fn values(&self, values: &[Value]) -> Result<Vec<Meaning>, Fault> {
        values.iter().map(|it| self.value(it)).collect()
    }

    pub(super) fn value(&self, value: &Value) -> Result<Meaning, Fault> {
        Ok(match value {
            Value::Nil => Meaning::Nil,
            Value::Bool(value) => Meaning::Bool(*value),
            Value::Number(digits) => Meaning::Text(Text::literal(digits.as_str())),
            Value::Text(text) => Meaning::Text(Text::literal(text.as_str())),
            Value::Name(name) => self.variables.get(name).cloned().unwrap_or(Meaning::Nil),
            Value::List(items) => self.list(items)?,
            Value::Table(named) => self.table(named)?,
            Value::Index(of, index) => self.index(of, index)?,
            Value::Call(name, arguments) => self.result(name, arguments)?,
            Value::Not(_) => Meaning::Condition(self.condition(value)?),
            Value::Binary(operator, left, right) => match *operator {
                ".." => {
                    let mut whole = self.text(left)?;
                    whole.append(self.text(right)?);
                    if whole.known().is_some_and(|it| it.len() > LARGEST) {
                        return Err(self.fault("a text that is too long"));
                    }
                    Meaning::Text(whole)
                }
                "+" | "-" | "*" => Meaning::Text(self.sum(operator, left, right)?),
                "and" | "or" => {
                    return Err(self.fault(format!("`{operator}` as a value")));
                }
                _ => Meaning::Condition(self.condition(value)?),
            },
            Value::Method(_, name, _) => return Err(self.unknown(name)),
        })
    }

    /// Tables in tables are left out, which could be larger than any chunk.
    fn list(&self, items: &[Value]) -> Result<Meaning, Fault> {
        let items = self.values(items)?;
        if items.iter().any(|it| matches!(it, Meaning::List(_))) {
            return Err(self.fault("a table in a table"));
        }
        Ok(Meaning::List(items))
    }

    fn table(&self, named: &[(String, Value)]) -> Result<Meaning, Fault> {
        let values = named.iter().map(|(name, value)| match self.value(value)? {
            Meaning::List(_) | Meaning::Table(_) => Err(self.fault("a table in a table")),
            meaning => Ok((name.clone(), meaning)),
        });
        Ok(Meaning::Table(values.collect::<Result<_, _>>()?))
    }

    /// `arg[2]` is what a shell finds in `$1`; of a file's facts only the kind is told.
    pub(super) fn index(&self, of: &Value, index: &Value) -> Result<Meaning, Fault> {
        if let (Value::Name(name), Value::Number(digits)) = (of, index)
            && name == "arg"
            && let Some(number) = digits.parse::<u8>().ok().filter(|it| (2..=9).contains(it))
        {
            return Ok(Meaning::Text(Text::expansion(format!("${}", number - 1))));
        }
        let name = match index {
            Value::Text(name) => name.as_str(),
            _ => "",
        };
        if matches!(of, Value::Name(library) if library == "rpm" && is_function(name)) {
            return Ok(Meaning::Library);
        }
        match (self.value(of)?, name) {
            (Meaning::Kind(kind, _), "type") => Ok(Meaning::Perhaps(kind)),
            (Meaning::Library, _) => Ok(Meaning::Library),
            _ => Err(self.fault(format!("a field `{name}` that is not known here"))),
        }
    }

    /// What a call returns.
    pub(super) fn result(&self, name: &str, arguments: &[Value]) -> Result<Meaning, Fault> {
        if name == "require" {
            return Ok(Meaning::Library);
        }
        if let ("rpm.expand", [Value::Text(text)]) = (name, arguments)
            && !text.contains('%')
        {
            return Ok(Meaning::Text(Text::literal(text.as_str())));
        }
        let arguments = self.values(arguments)?;
        let texts: Vec<&Text> = arguments.iter().filter_map(text).collect();
        let mode = texts.get(1).map(|it| it.known());
        Ok(match (name, texts.as_slice()) {
            ("posix.stat", [path]) => Meaning::Kind(kind(path), path.known().map(str::to_owned)),
            ("posix.stat", [path, _]) if mode == Some(Some("type")) => Meaning::Perhaps(kind(path)),
            ("posix.access", [path]) => {
                Meaning::Condition(access(path, "f").ok_or_else(|| self.unknown(name))?)
            }
            ("posix.access", [path, _]) => {
                let tests = mode.flatten().and_then(|mode| access(path, mode));
                Meaning::Condition(tests.ok_or_else(|| self.unknown(name))?)
            }
            ("posix.readlink", [path]) => {
                Meaning::Perhaps(Text::expansion(format!("$(readlink {})", path.word())))
            }
            ("tostring" | "tonumber", [text]) => Meaning::Text((*text).clone()),
            _ => Meaning::Condition(Condition::Command(self.command(name, &arguments)?)),
        })
    }

    pub(super) fn text(&self, value: &Value) -> Result<Text, Fault> {
        let meaning = self.value(value)?;
        let text = text(&meaning).cloned();
        text.ok_or_else(|| self.fault("a text of something that is none"))
    }

    pub(super) fn sum(&self, operator: &str, left: &Value, right: &Value) -> Result<Text, Fault> {
        let (left, right) = (self.number(left)?, self.number(right)?);
        Ok(Text::expansion(format!("$(({left} {operator} {right}))")))
    }

    /// A number as it stands in the shell's arithmetic.
    pub(super) fn number(&self, value: &Value) -> Result<String, Fault> {
        let text = self.text(value)?;
        let digits = text
            .known()
            .filter(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.or_else(|| text.sole_expansion()).map(str::to_owned);
        number.ok_or_else(|| self.fault("a number that is none"))
    }

    pub(super) fn condition(&self, value: &Value) -> Result<Condition, Fault> {
        match value {
            Value::Not(inner) => Ok(self.condition(inner)?.not()),
            Value::Binary("and", left, right) => {
                let left = self.condition(left)?;
                // What is not reached may make no sense: `st and st.type`.
                if left == Condition::Known(false) {
                    return Ok(left);
                }
                Ok(left.and(self.condition(right)?))
            }
            Value::Binary("or", left, right) => {
                let left = self.condition(left)?;
                if left == Condition::Known(true) {
                    return Ok(left);
                }
                Ok(left.or(self.condition(right)?))
            }
            Value::Binary("==", left, right) => self.equal(left, right),
            Value::Binary("~=", left, right) => Ok(self.equal(left, right)?.not()),
            Value::Binary(operator @ ("<" | ">" | "<=" | ">="), left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                let sign = match *operator {
                    "<" => "-lt",
                    ">" => "-gt",
                    "<=" => "-le",
                    _ => "-ge",
                };
                Ok(Condition::Command(format!(
                    "[ \"{left}\" {sign} \"{right}\" ]"
                )))
            }
            _ => Ok(self.value(value)?.condition()),
        }
    }

    pub(super) fn equal(&self, left: &Value, right: &Value) -> Result<Condition, Fault> {
        match (self.value(left)?, self.value(right)?) {
            (value, Meaning::Nil) | (Meaning::Nil, value) => Ok(value.condition().not()),
            (left, right) => {
                let (Some(left), Some(right)) = (text(&left), text(&right)) else {
                    return Err(self.fault("a comparison of something else than texts"));
                };
                Ok(match (left.known(), right.known()) {
                    (Some(left), Some(right)) => Condition::Known(left == right),
                    _ => Condition::Command(format!("[ {} = {} ]", left.word(), right.word())),
                })
            }
        }
    }
}

fn kind(path: &Text) -> Text {
    Text::expansion(format!("$(lua_kind {})", path.word()))
}
