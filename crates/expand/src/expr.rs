//! Expressions: `%[ ]`, `%{expr:}`, `%if`.
//!
//! Source: rpm-macros(7), "Expression expansion". Numbers are 32 bits wide and wrap, as in rpm.

mod eval;
mod lex;
mod value;

use source::{FrameId, Text};

use crate::Engine;
use crate::args::Outcome;

pub use value::Value;

/// Evaluates an expression that is part of the body of `frame`. With `expands`, macros are expanded
/// term by term, and only in terms that count.
pub(crate) fn evaluate(
    engine: &mut Engine,
    expression: &Text,
    frame: Option<FrameId>,
    expands: bool,
) -> Outcome<Value> {
    eval::evaluate(lex::Lexer::new(engine, expression, frame, expands))
}
