//! Builtins that print and report.

use source::Diagnostic;

use super::{Builtin, BuiltinCall};
use crate::args::Outcome;
use crate::{Engine, codes};

/// `%{echo:…}`.
pub(super) fn echo(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    if !engine.sink.has_rpm_stopped() {
        engine.host.print(&format!("{}\n", call.arg()));
    }
    Ok(())
}

/// `%{warn:…}`.
pub(super) fn warn(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let diagnostic = Diagnostic::warning(codes::MESSAGE, call.arg()).at(call.at.origin);
    engine.sink.push(diagnostic);
    Ok(())
}

/// `%{error:…}`.
pub(super) fn error(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let diagnostic = Diagnostic::error(codes::MESSAGE, call.arg()).at(call.at.origin);
    Err(engine.sink.report(diagnostic))
}

/// `%verbose` is 1 or 0; `%{verbose:text}` is the text or nothing.
pub(super) fn verbose(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let is_verbose = engine.host.verbose();
    match call.args.first().filter(|_| call.taken.is_none()) {
        None => call.push(if is_verbose { "1" } else { "0" }),
        Some(text) if is_verbose => engine.expand_into(text, call.at.frame, call.out)?,
        Some(_) => {}
    }
    Ok(())
}
