//! `%sepolicy`: modules of SELinux policy.

use source::{Diagnostic, Reported, Text};

use crate::ast::PolicyModule;
use crate::codes;
use crate::context::Context;
use crate::header::{header_options, header_package};
use crate::line::{Line, Strip};
use crate::section::Next;
use crate::words::{BAD_QUOTE, parse_options, split_words};

/// Reads lines of the form `%semodule [-n NAME] [-t TYPES] [-b] PATH`.
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let options = header_options(context, header, "n:");
    let index = match &options {
        Ok(options) => header_package(context, header, options),
        Err(reported) => Err(*reported),
    };
    let (lines, next) = context.lines(Strip::ALL)?;
    let Ok(index) = index else {
        return Ok(next);
    };
    for line in lines.iter().filter(|line| !line.text.trim().is_empty()) {
        match parse_module(&line.text) {
            Ok(module) => context.package(index).policies.push(module),
            // rpm reads them when it packages.
            Err(_) if context.request.any_arch => {}
            Err(message) => {
                let diagnostic = Diagnostic::error(codes::BAD_POLICY, message).at(line.origin());
                context.sink().report(diagnostic);
            }
        }
    }
    Ok(next)
}

fn parse_module(line: &Text) -> Result<PolicyModule, String> {
    let words = split_words(line).map_err(|_| format!("Error parsing {line}: {BAD_QUOTE}"))?;
    if words
        .first()
        .is_none_or(|word| word.as_str() != "%semodule")
    {
        return Err(format!("Expecting %semodule tag: {line}"));
    }
    let options = parse_options(&words[1..], "n:t:b")
        .map_err(|bad| format!("Bad option {}: {line}", bad.word))?;
    let path = match options.words.as_slice() {
        [path] => path.clone(),
        [] => return Err(format!("Missing module path in line: {line}")),
        _ => return Err(format!("Too many arguments in line: {line}")),
    };
    let base = path.rsplit('/').next().unwrap_or_default();
    let stem = base.split('.').next().unwrap_or_default().to_owned();
    Ok(PolicyModule {
        name: options
            .argument('n')
            .map_or(stem, |name| name.as_str().to_owned()),
        types: parse_types(options.argument('t').map(Text::as_str)),
        is_base: options.has('b'),
        path,
    })
}

/// `default` takes in all other types.
fn parse_types(types: Option<&str>) -> Vec<String> {
    let given = types
        .unwrap_or("default")
        .split(',')
        .filter(|name| !name.is_empty());
    let mut types: Vec<_> = given.map(str::to_owned).collect();
    types.sort();
    if types.iter().any(|name| name == "default") {
        types = vec!["default".to_owned()];
    }
    types
}
