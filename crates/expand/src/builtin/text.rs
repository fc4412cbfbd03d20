//! Builtins that change a text.

use super::{Builtin, BuiltinCall};
use crate::Engine;
use crate::args::{Outcome, unsplit_quoted};
use crate::script::Script;

/// `%dnl`.
pub(super) fn discard(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let rest = call.arg();
    let end = rest
        .find(['\n', '\r'])
        .map_or(rest.len(), |newline| newline + 1);
    if let Some(taken) = call.taken.as_deref_mut() {
        *taken = end;
    }
    Ok(())
}

/// `%{expand:…}`.
pub(super) fn expand(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    engine.expand_into(&call.args[0], call.at.frame, call.out)
}

/// `%{expr:…}`.
pub(super) fn expression(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let value = engine.value_of(&call.args[0], call.at.frame)?;
    call.push(&value.to_string());
    Ok(())
}

/// `%{span:…}`.
pub(super) fn span(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    call.out.text.push_text(&call.args[0]);
    Ok(())
}

/// `%{quote:…}`: where arguments are being gathered, marks the text as one of them.
pub(super) fn quote(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    if call.out.keep_quoted {
        call.out.text.push_text(&unsplit_quoted(call.args));
        call.out.have_quoted = true;
    } else {
        call.out.text.push_text(&crate::args::join(call.args));
    }
    Ok(())
}

/// `%{shrink:…}`.
pub(super) fn shrink(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let words: Vec<&str> = call.arg().split_ascii_whitespace().collect();
    let shrunk = words.join(" ");
    call.push(&shrunk);
    Ok(())
}

/// `%{shescape:…}`: each argument in single quotes.
pub(super) fn shell_quote(
    _: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let words = call.args.iter().map(|arg| source::shell_quoted(arg));
    let quoted: Vec<String> = words.collect();
    call.push(&quoted.join(" "));
    Ok(())
}

/// `len`, `lower`, `upper`, `reverse`, `rep`, `sub` and `gsub` are Lua's string functions.
///
/// The first four are done here; the others need Lua's own rules for numbers and patterns.
pub(super) fn string_function(
    engine: &mut Engine,
    builtin: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let text = call.arg();
    let made = match builtin.name {
        "len" => text.len().to_string(),
        "lower" => text.to_ascii_lowercase(),
        "upper" => text.to_ascii_uppercase(),
        "reverse" if text.is_ascii() => text.chars().rev().collect(),
        name => {
            let args: Vec<String> = call
                .args
                .iter()
                .map(|arg| arg.as_str().to_owned())
                .collect();
            let script = Script {
                code: &format!("return (string.{name}(table.unpack(arg)))"),
                name,
                options: None,
                args: &args,
            };
            engine.run_script(&script, call.at.origin)?
        }
    };
    call.push(&made);
    Ok(())
}
