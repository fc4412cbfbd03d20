//! Reading the arguments of a function, with the messages of Lua's own library.

use mlua::{Lua, MultiValue, Table, Value};

use crate::fault::Fault;

/// The arguments of a call, counted from 1.
pub(crate) struct Args {
    values: MultiValue,
    lua: Lua,
}

impl Args {
    pub(crate) fn new(lua: &Lua, values: MultiValue) -> Self {
        Self {
            values,
            lua: lua.clone(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// An argument; nil if it is not there.
    pub(crate) fn value(&self, number: usize) -> Value {
        self.values.get(number - 1).cloned().unwrap_or(Value::Nil)
    }

    /// Whether an argument was not given at all.
    pub(crate) fn is_none(&self, number: usize) -> bool {
        number > self.values.len()
    }

    /// Whether an argument was not given, or is nil.
    pub(crate) fn is_nothing(&self, number: usize) -> bool {
        self.value(number).is_nil()
    }

    /// Whether an argument is a string, or a number, which passes for one.
    pub(crate) fn is_string(&self, number: usize) -> bool {
        matches!(
            self.value(number),
            Value::String(_) | Value::Integer(_) | Value::Number(_)
        )
    }

    /// The bytes of a string or number.
    pub(crate) fn bytes(&self, number: usize) -> Result<Vec<u8>, Fault> {
        if !self.is_string(number) {
            return Err(self.wrong_type(number, "string"));
        }
        let text = self.lua.coerce_string(self.value(number))?;
        Ok(text.map(|it| it.as_bytes().to_vec()).unwrap_or_default())
    }

    /// A string or number as text; bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn string(&self, number: usize) -> Result<String, Fault> {
        Ok(lossy(self.bytes(number)?))
    }

    /// The same, or a default if it is not there.
    pub(crate) fn string_or(&self, number: usize, default: &str) -> Result<String, Fault> {
        if self.is_nothing(number) {
            Ok(default.to_owned())
        } else {
            self.string(number)
        }
    }

    /// A path.
    pub(crate) fn path(&self, number: usize) -> Result<std::path::PathBuf, Fault> {
        Ok(crate::context::path_of(&self.bytes(number)?))
    }

    /// A whole number, also one written as text.
    pub(crate) fn integer(&self, number: usize) -> Result<i64, Fault> {
        let value = self.value(number);
        if let Some(integer) = self.lua.coerce_integer(value.clone()).ok().flatten() {
            return Ok(integer);
        }
        match self.lua.coerce_number(value) {
            Ok(Some(_)) => Err(Fault::Argument(
                number,
                "number has no integer representation".to_owned(),
            )),
            _ => Err(self.wrong_type(number, "number")),
        }
    }

    /// The same, or a default if it is not there.
    pub(crate) fn integer_or(&self, number: usize, default: i64) -> Result<i64, Fault> {
        if self.is_nothing(number) {
            Ok(default)
        } else {
            self.integer(number)
        }
    }

    /// A table.
    pub(crate) fn table(&self, number: usize) -> Result<Table, Fault> {
        match self.value(number) {
            Value::Table(table) => Ok(table),
            _ => Err(self.wrong_type(number, "table")),
        }
    }

    /// One of some words, by index.
    pub(crate) fn choice(&self, number: usize, words: &[&str]) -> Result<usize, Fault> {
        let word = self.string(number)?;
        let found = words.iter().position(|known| *known == word);
        found.ok_or_else(|| Fault::Argument(number, format!("invalid option '{word}'")))
    }

    /// `string expected, got no value`.
    pub(crate) fn wrong_type(&self, number: usize, expected: &str) -> Fault {
        let found = if self.is_none(number) {
            "no value"
        } else {
            type_name(&self.value(number))
        };
        Fault::Argument(number, format!("{expected} expected, got {found}"))
    }
}

/// What Lua calls the type of a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "number",
        Value::LightUserData(_) => "light userdata",
        other => other.type_name(),
    }
}

/// Text of bytes.
pub(crate) fn lossy(bytes: Vec<u8>) -> String {
    source::octets::carry_back(bytes)
}
