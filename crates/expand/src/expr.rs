//! Expressions: `%[ ]`, `%{expr:}`, `%if`.
//!
//! Source: rpm-macros(7), "Expression expansion". Numbers are 32 bits wide and wrap, as in rpm.

mod eval;
mod lex;
mod value;

use source::{FrameId, Text};

use crate::args::Outcome;
use crate::engine::Engine;

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

impl Engine {
    /// Decides what stands after `%if` or `%elif`, its macros expanded already: a number other than 0, or text, is true.
    pub fn evaluate(&mut self, expression: &Text) -> Outcome<bool> {
        let value = self.without_args(|engine| evaluate(engine, expression, None, false))?;
        Ok(value.is_true())
    }

    /// The value of an expression whose macros have been expanded.
    pub(crate) fn value_of(&mut self, expression: &Text, frame: Option<FrameId>) -> Outcome<Value> {
        evaluate(self, expression, frame, false)
    }
}
