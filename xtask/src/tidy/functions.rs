//! Figures about functions: how long they are, how many arguments they take, and which of those are
//! tuples, whose parts have no names.

use super::rust::RustFile;

/// Longer functions are counted as long.
const LONG: usize = 60;
/// Functions with more arguments, `self` left out, are counted.
const MANY: usize = 4;

struct Function {
    lines: usize,
    arguments: usize,
    takes_tuple: bool,
}

/// Prints the median length, and how many are long, take many arguments or tuples.
pub(crate) fn report(files: &[RustFile]) {
    let mut functions: Vec<Function> = files.iter().flat_map(functions).collect();
    functions.sort_by_key(|it| it.lines);
    let count = |wanted: fn(&Function) -> bool| functions.iter().filter(|it| wanted(it)).count();
    println!(
        "{} functions, median {} lines, {} over {LONG} lines, {} with more than {MANY} arguments, \
         {} that take tuples",
        functions.len(),
        functions.get(functions.len() / 2).map_or(0, |it| it.lines),
        count(|it| it.lines > LONG),
        count(|it| it.arguments > MANY),
        count(|it| it.takes_tuple),
    );
}

fn functions(file: &RustFile) -> Vec<Function> {
    let code: String = file.lines().map(|(_, line)| format!("{line}\n")).collect();
    let starts = code.match_indices("fn ").filter(|(index, _)| {
        let before = code[..*index].chars().next_back();
        before.is_none_or(|it| !it.is_alphanumeric() && it != '_')
    });
    starts
        .filter_map(|(index, _)| function(&code[index..]))
        .collect()
}

/// The function whose `fn` a text begins with; `None` for one without a body.
fn function(text: &str) -> Option<Function> {
    let open = after_generics(text)?;
    let length = enclosed(&text[open..], '(', ')')?;
    let parameters = parameters(&text[open + 1..open + length - 1]);
    let rest = &text[open + length..];
    let body = rest
        .find(['{', ';'])
        .filter(|at| rest[*at..].starts_with('{'))?;
    let end = open + length + body + enclosed(&rest[body..], '{', '}')?;
    let types = parameters.iter().filter_map(|it| it.split_once(':'));
    Some(Function {
        lines: text[..end].lines().count(),
        arguments: parameters.iter().filter(|it| it.contains(':')).count(),
        takes_tuple: types
            .map(|(_, it)| it.trim().trim_start_matches('&'))
            .any(|it| it.starts_with('(') && it.contains(',')),
    })
}

/// Where the parenthesis of the arguments opens.
fn after_generics(text: &str) -> Option<usize> {
    let at = text.find(['(', '<'])?;
    if text[at..].starts_with('(') {
        return Some(at);
    }
    let text_without_arrows = text[at..].replace("->", "  ");
    let after = at + enclosed(&text_without_arrows, '<', '>')?;
    text[after..].starts_with('(').then_some(after)
}

/// How many bytes there are up to the bracket that closes the first one.
fn enclosed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (index, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return Some(index + letter.len_utf8());
            }
        }
    }
    None
}

/// The parameters of a list, split at the commas outside brackets.
fn parameters(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0i32, 0, Vec::new());
    let mut last = ' ';
    for (index, letter) in list.char_indices() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if last == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                found.push(list[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
        last = letter;
    }
    found.push(list[start..].trim());
    found.retain(|it| !it.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::function;

    #[test]
    fn arguments_and_tuples_are_counted() {
        let text = "fn f<'a, F: Fn(u8) -> u8>(&self, (a, b): (u8, u8), c: &'a [u8], d: F) -> u8 {\n    {}\n}\n";
        let found = function(text).expect("it has a body");
        assert_eq!(
            (found.lines, found.arguments, found.takes_tuple),
            (3, 3, true)
        );
        assert!(function("fn f(a: u8) -> u8;").is_none());
    }
}
