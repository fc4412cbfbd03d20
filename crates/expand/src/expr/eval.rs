//! Evaluates expressions while reading them, by recursive descent.

use std::cmp::Ordering;

use super::Value;
use super::lex::{Lexer, Token};
use crate::args::Outcome;
use crate::call::Range;
use crate::codes;

/// Brackets, signs and conditions may not nest deeper than this, those of expressions within terms
/// included.
const MAX_DEPTH: usize = 200;

struct Evaluator<'e> {
    lexer: Lexer<'e>,
}

/// Evaluates a whole expression.
pub(super) fn evaluate(lexer: Lexer<'_>) -> Outcome<Value> {
    let mut evaluator = Evaluator { lexer };
    evaluator.lexer.advance()?;
    let value = evaluator.ternary()?;
    if evaluator.lexer.token == Token::End {
        return Ok(value);
    }
    Err(evaluator.syntax_error())
}

impl Evaluator<'_> {
    fn is(&self, sign: &str) -> bool {
        matches!(self.lexer.token, Token::Sign(found) if found == sign)
    }

    /// Takes the sign under consideration, if it is one of these.
    fn accept(&mut self, signs: &[&'static str]) -> Outcome<Option<(&'static str, Range)>> {
        let Some(sign) = signs.iter().find(|sign| self.is(sign)) else {
            return Ok(None);
        };
        let range = self.lexer.range.clone();
        self.lexer.advance()?;
        Ok(Some((sign, range)))
    }

    fn syntax_error(&mut self) -> source::Reported {
        let range = self.lexer.range.clone();
        self.lexer.fail(range, "syntax error in expression", None)
    }

    /// Where a term should stand, there is none.
    fn no_term(&mut self) -> source::Reported {
        if self.lexer.token != Token::End {
            return self.syntax_error();
        }
        let range = self.lexer.range.clone();
        let help = "a number, a text in quotes or a bracket is missing".to_owned();
        let message = "unexpected end of expression";
        self.lexer.fail(range, message, Some(help))
    }

    fn types_must_match(&mut self, range: Range, left: &Value, right: &Value) -> source::Reported {
        let help = format!("{} stands beside {}", left.kind(), right.kind());
        let diagnostic = self.lexer.fault(range, "types must match", None);
        self.lexer.engine.sink.report(diagnostic.help(help))
    }

    /// Does something whose result does not count.
    fn discarding<T>(&mut self, discard: bool, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.lexer.discards;
        self.lexer.discards |= discard;
        let result = work(self);
        self.lexer.discards = before;
        result
    }

    fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.lexer.engine.open_terms >= MAX_DEPTH {
            let range = self.lexer.range.clone();
            return Err(self.lexer.fail(range, "expression nests too deeply", None));
        }
        self.lexer.engine.open_terms += 1;
        let result = work(self);
        self.lexer.engine.open_terms -= 1;
        result
    }

    /// `condition ? yes : no`.
    fn ternary(&mut self) -> Outcome<Value> {
        self.nested(|this| {
            let condition = this.logical()?;
            if !this.is("?") {
                return Ok(condition);
            }
            let holds = condition.is_true();
            let mark = this.lexer.range.clone();
            let yes = this.discarding(!holds, |this| {
                this.lexer.advance()?;
                this.ternary()
            })?;
            if !this.is(":") {
                let range = this.lexer.range.clone();
                let help = "`CONDITION ? YES : NO` needs its `:`".to_owned();
                let message = "syntax error in expression";
                return Err(this.lexer.fail(range, message, Some(help)));
            }
            let no = this.discarding(holds, |this| {
                this.lexer.advance()?;
                this.ternary()
            })?;
            this.check_same_type(mark, &yes, &no)?;
            Ok(if holds { yes } else { no })
        })
    }

    fn check_same_type(&mut self, range: Range, left: &Value, right: &Value) -> Outcome {
        if std::mem::discriminant(left) == std::mem::discriminant(right) {
            return Ok(());
        }
        Err(self.types_must_match(range, left, right))
    }

    /// `a && b || c`: one level, from left to right; sides that can't matter are not expanded.
    fn logical(&mut self) -> Outcome<Value> {
        let mut left = self.relational()?;
        loop {
            let decided = match self.lexer.token {
                Token::Sign("&&") => !left.is_true(),
                Token::Sign("||") => left.is_true(),
                _ => return Ok(left),
            };
            let is_and = self.is("&&");
            let range = self.lexer.range.clone();
            let right = self.discarding(decided, |this| {
                this.lexer.advance()?;
                this.relational()
            })?;
            self.check_same_type(range, &left, &right)?;
            left = match (left.is_true(), is_and) {
                (true, true) | (false, false) => right,
                _ => left,
            };
        }
    }

    fn relational(&mut self) -> Outcome<Value> {
        let mut left = self.sum()?;
        while let Some((sign, range)) = self.accept(&["==", "!=", "<=", ">=", "<", ">"])? {
            let right = self.sum()?;
            let Some(order) = left.compare(&right) else {
                return Err(self.types_must_match(range, &left, &right));
            };
            left = Value::Integer(i32::from(holds(sign, order)));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Outcome<Value> {
        let mut left = self.product()?;
        while let Some((sign, range)) = self.accept(&["+", "-"])? {
            let right = self.product()?;
            left = match (left, right) {
                (Value::Integer(a), Value::Integer(b)) if sign == "+" => {
                    Value::Integer(a.wrapping_add(b))
                }
                (Value::Integer(a), Value::Integer(b)) => Value::Integer(a.wrapping_sub(b)),
                (Value::String(a), Value::String(b)) if sign == "+" => Value::String(a + &b),
                (Value::String(_), Value::String(_)) => {
                    return Err(self.lexer.fail(range, "- not supported for strings", None));
                }
                (left, right) => return Err(self.unsupported("+ and -", range, &left, &right)),
            };
        }
        Ok(left)
    }

    fn product(&mut self) -> Outcome<Value> {
        let mut left = self.primary()?;
        while let Some((sign, range)) = self.accept(&["*", "/"])? {
            let right = self.primary()?;
            let (Value::Integer(a), Value::Integer(b)) = (&left, &right) else {
                return Err(self.unsupported("* and /", range, &left, &right));
            };
            let made = match sign {
                _ if self.lexer.discards => *a,
                "*" => a.wrapping_mul(*b),
                _ if *b == 0 => return Err(self.lexer.fail(range, "division by zero", None)),
                _ => a.wrapping_div(*b),
            };
            left = Value::Integer(made);
        }
        Ok(left)
    }

    /// Why two values can't be joined by arithmetic.
    fn unsupported(
        &mut self,
        signs: &str,
        range: Range,
        left: &Value,
        right: &Value,
    ) -> source::Reported {
        if let Err(reported) = self.check_same_type(range.clone(), left, right) {
            return reported;
        }
        let message = format!("{signs} not supported for {}", left.kinds());
        self.lexer.fail(range, &message, None)
    }

    fn primary(&mut self) -> Outcome<Value> {
        self.nested(|this| match this.lexer.token.clone() {
            Token::Value(value) => {
                this.lexer.advance()?;
                Ok(value)
            }
            Token::Function(name) => this.function(&name),
            Token::Sign("(") => this.bracket(),
            Token::Sign("-") => this.negative(),
            Token::Sign("!") => {
                this.lexer.advance()?;
                let value = this.primary()?;
                Ok(Value::Integer(i32::from(!value.is_true())))
            }
            _ => Err(this.no_term()),
        })
    }

    fn bracket(&mut self) -> Outcome<Value> {
        let open = self.lexer.range.clone();
        self.lexer.advance()?;
        let value = self.ternary();
        if value.is_err() && self.is(")") {
            // A fault of the brackets around this one is reported only if this one is closed.
            self.lexer.advance().ok();
        } else if value.is_err() {
            self.lexer.note_on_last_error("unmatched (", open.end);
        }
        let value = value?;
        if self.accept(&[")"])?.is_none() {
            return Err(self.lexer.fail(open, "unmatched (", None));
        }
        Ok(value)
    }

    fn negative(&mut self) -> Outcome<Value> {
        let sign = self.lexer.range.clone();
        self.lexer.advance()?;
        match self.primary()? {
            Value::Integer(number) => Ok(Value::Integer(number.wrapping_neg())),
            _ => Err(self.lexer.fail(sign, "- only on numbers", None)),
        }
    }

    /// `lua:name(arguments)`.
    fn function(&mut self, name: &str) -> Outcome<Value> {
        let call = self.lexer.range.clone();
        self.lexer.advance()?;
        let mut args = Vec::new();
        while !self.is(")") {
            args.push(self.ternary()?);
            if self.accept(&[","])?.is_some() {
                if self.is(")") {
                    return Err(self.syntax_error());
                }
            } else if !self.is(")") {
                return Err(self.syntax_error());
            }
        }
        self.lexer.advance()?;
        let Some(function) = name.strip_prefix("lua:") else {
            let help = "only `lua:NAME(…)` can be called";
            return Err(self.bad_call(call, "unsupported function", help));
        };
        if self.lexer.discards {
            return Ok(Value::String(String::new()));
        }
        if args.iter().any(|arg| matches!(arg, Value::Version(_))) {
            let help = "arguments are numbers or texts; give a version as text";
            return Err(self.bad_call(call, "unsupported function argument type", help));
        }
        let origin = self.lexer.origin(call);
        let made = self
            .lexer
            .engine
            .call_script(function, &args, origin, codes::EXPRESSION)?;
        Ok(Value::String(made))
    }

    /// Reports a call that can't be made; rpm's caret is where reading has come to.
    fn bad_call(&mut self, call: Range, message: &str, help: &str) -> source::Reported {
        let past = self.lexer.range.end;
        let diagnostic = self.lexer.fault(call, message, Some(past));
        self.lexer.engine.sink.report(diagnostic.help(help))
    }
}

fn holds(sign: &str, order: Ordering) -> bool {
    match sign {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}
