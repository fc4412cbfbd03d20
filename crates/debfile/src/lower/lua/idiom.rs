//! The replacement of a directory, as packagers of rpm's family are told to write it.
//!
//! Source: Fedora Packaging Guidelines, "Directory Replacement".

use super::meaning::Meaning;
use super::tree::{Block, Kind, Value};

/// What a value means, if that is known.
type Known<'k> = &'k dyn Fn(&Value) -> Option<Meaning>;

/// The path whose kind is compared with `directory`, if the condition says no more than that.
pub(super) fn tested_directory(condition: &Value, known: Known<'_>) -> Option<String> {
    match condition {
        Value::Binary("and", left, right) => {
            let path = tested_directory(right, known)?;
            matches!(known(left)?, Meaning::Kind(_, Some(of)) if of == path).then_some(path)
        }
        Value::Binary("==", left, right) if **right == Value::Text("directory".to_owned()) => {
            file_of(left, known)
        }
        _ => None,
    }
}

/// The file of `posix.stat(path).type`, however it is written.
fn file_of(value: &Value, known: Known<'_>) -> Option<String> {
    match value {
        Value::Index(of, field) if **field == Value::Text("type".to_owned()) => match known(of)? {
            Meaning::Kind(_, path) => path,
            _ => None,
        },
        Value::Call(name, arguments) => match arguments.as_slice() {
            [path, Value::Text(what)] if name == "posix.stat" && what == "type" => {
                path_of(path, known)
            }
            _ => None,
        },
        _ => None,
    }
}

fn path_of(value: &Value, known: Known<'_>) -> Option<String> {
    match known(value)? {
        Meaning::Text(text) => text.known().map(str::to_owned),
        _ => None,
    }
}

/// Whether a block does nothing but rename the directory, and try other names until one is free.
pub(super) fn moves_away(block: &Block, path: &str, known: Known<'_>) -> bool {
    let mut renames = Vec::new();
    let is_plain = gather(block, &mut renames);
    let moved = format!("{path}.rpmmoved");
    let target = |call: &&[Value], at: usize| call.get(at).and_then(|it| path_of(it, known));
    let is_of_it =
        |call: &&[Value]| matches!(target(call, 0), Some(from) if from == path || from == moved);
    let first = renames.first().and_then(|call| target(call, 1));
    is_plain && renames.iter().all(is_of_it) && first.as_deref() == Some(&moved)
}

/// Collects the arguments of all calls of `os.rename`; says whether there is no other call.
fn gather<'b>(block: &'b Block, renames: &mut Vec<&'b [Value]>) -> bool {
    block.iter().all(|statement| match &statement.kind {
        Kind::Call(call) | Kind::Assign(_, call @ Value::Call(..)) => match call {
            Value::Call(name, arguments) if name == "os.rename" => {
                renames.push(arguments);
                true
            }
            _ => false,
        },
        Kind::Assign(..) => true,
        Kind::If(branches) => branches.iter().all(|(_, block)| gather(block, renames)),
        Kind::While(_, block) | Kind::Do(block) => gather(block, renames),
        Kind::For(..) | Kind::Return | Kind::Break => false,
    })
}
