//! Builtins that show macros and their expansion.

use source::Diagnostic;

use super::{Builtin, BuiltinCall};
use crate::args::Outcome;
use crate::{Engine, codes};

/// `%dump`.
pub(super) fn dump(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let dump = engine.dump();
    engine.count(dump.len(), call.at.origin)?;
    engine.host.log(&dump);
    Ok(())
}

/// `%trace`.
pub(super) fn trace(engine: &mut Engine, _: &'static Builtin, _: &mut BuiltinCall<'_>) -> Outcome {
    engine.trace.start(engine.depth);
    Ok(())
}

/// `%{macrobody:…}`.
pub(super) fn body(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    if call.arg().is_empty() {
        return Ok(());
    }
    if let Some(body) = engine.body(call.arg()) {
        call.out.text.push_text(&body);
        return Ok(());
    }
    let message = format!("no such macro: '{}'", call.arg());
    let near = engine.closest_macro(call.arg());
    let help = near.map(|name| format!("did you mean `{name}`?"));
    let diagnostic = Diagnostic::error(codes::BAD_CALL, message).at(call.at.origin);
    Err(engine.report_in_file(diagnostic.help_if(help)))
}
