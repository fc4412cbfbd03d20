//! What a macro expands to: its body, or what a builtin or a function of the engine's caller makes.

use std::rc::Rc;

use source::{Frame, FrameId, Text};

use crate::args::{Outcome, QUOTE, detached};
use crate::buffer::{Buffer, Invocation, copy};
use crate::builtin::{self, BuiltinCall};
use crate::definition::{Body, Macro};
use crate::engine::Engine;

impl Engine {
    /// Expands one macro in its place.
    pub(crate) fn expand_macro(
        &mut self,
        definition: &Macro,
        call: Invocation<'_>,
        out: &mut Buffer,
    ) -> Outcome {
        let start = out.text.len();
        match &definition.body {
            Body::Builtin(number) => {
                let mut call = BuiltinCall {
                    args: call.args.unwrap_or(&[]),
                    taken: call.taken,
                    at: call.at,
                    out,
                };
                builtin::run(self, number.builtin(), &mut call)?;
            }
            Body::Native(native) => {
                let mut all = vec![detached(&*definition.name)];
                all.extend_from_slice(call.args.unwrap_or(&[]));
                let made = self.native(*native)(self, &all)?;
                match call.at.origin {
                    // What has no place of its own stems from the call.
                    Some(origin) if made.whole().is_none() => out.text.push_str(&made, origin),
                    _ => out.text.push_text(&made),
                }
            }
            Body::Counter(cell) => out.push(&cell.get().to_string(), call.at.origin),
            Body::Text(body) if definition.is_literal => out.text.push_text(body),
            Body::Text(body) => self.expand_body(definition, body, &call, out)?,
            Body::Unread(_) => {}
        }
        if definition.is_literal || !matches!(definition.body, Body::Text(_)) {
            self.spent.bytes += out.text.len().saturating_sub(start);
        }
        if definition.is_quoted {
            if out.keep_quoted {
                out.have_quoted = true;
            } else {
                out.remove_quotes(start);
            }
        }
        Ok(())
    }

    /// Expands a body of text.
    fn expand_body(
        &mut self,
        definition: &Macro,
        body: &Text,
        call: &Invocation<'_>,
        out: &mut Buffer,
    ) -> Outcome {
        if body.is_empty() {
            // As in rpm, not even options are looked at.
            return Ok(());
        }
        let start = out.text.len();
        let &Invocation { args, at, .. } = call;
        let frame = match at.origin {
            None => at.frame,
            Some(call) => {
                let name = definition.name.clone();
                self.sources.push_frame(Frame {
                    name,
                    call,
                    defined: definition.defined,
                })
            }
        };
        let args = args.filter(|_| definition.options.is_some());
        if let Some(args) = args {
            self.open_scope(definition, args, at.origin)?;
        }
        let result = if definition.is_quoted && out.keep_quoted {
            self.expand_quoted(body, frame, out)
        } else {
            self.expand_into(body, frame, out)
        };
        if args.is_some() {
            self.close_scope();
        }
        result?;
        if definition.is_one_shot {
            let made = out.text.slice(start, out.text.len());
            let body = Body::Text(Rc::new(made));
            let kept = Macro {
                body,
                is_literal: true,
                is_one_shot: false,
                ..definition.clone()
            };
            self.table.push(kept);
        }
        Ok(())
    }

    /// Expands a body with quoted arguments in it: between quote marks, quotes are not wanted. The
    /// marks are kept though something between them fails.
    fn expand_quoted(&mut self, body: &Text, frame: Option<FrameId>, out: &mut Buffer) -> Outcome {
        let (mut start, mut outcome) = (0, Ok(()));
        for (mark, _) in body.match_indices(QUOTE) {
            outcome = outcome.and_then(|()| self.expand_into(&body.slice(start, mark), frame, out));
            copy(body, mark..mark + QUOTE.len_utf8(), frame, &mut out.text);
            out.keep_quoted = !out.keep_quoted;
            start = mark + QUOTE.len_utf8();
        }
        outcome =
            outcome.and_then(|()| self.expand_into(&body.slice(start, body.len()), frame, out));
        out.keep_quoted = true;
        outcome
    }
}
