//! The expansion loop.
//!
//! Text is read once, front to back: what stands between calls is copied with its origin, and each
//! call is looked up and expanded in its place. Nothing is expanded that the result does not need:
//! the other side of a condition stays as it is.
//!
//! Source: rpm-macros(7), "Expansion", "Parametric macros".

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use source::{Diagnostic, Frame, FrameId, Origin, Sink, SourceMap, Text};

use crate::args::{
    Outcome, QUOTE, detached, join, parse_options, split_quoted, unsplit_quoted, without_quotes,
};
use crate::builtin::{self, BuiltinCall};
use crate::call::{Call, NamedCall, Range, parse_call};
use crate::define::free_body;
use crate::host::Host;
use crate::script::ScriptEngine;
use crate::table::{Body, Level, Macro, MacroTable};
use crate::{Value, codes, expr};

/// How far one expansion may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls within calls; rpm's limit is 64.
    pub depth: usize,
    /// Calls in all.
    pub calls: usize,
    /// Bytes of text made in all.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            calls: 4 << 20,
            bytes: 256 << 20,
        }
    }
}

/// Text being made.
#[derive(Default)]
pub(crate) struct Buffer {
    pub(crate) text: Text,
    /// Quote marks are wanted.
    pub(crate) keep_quoted: bool,
    /// Quote marks were made.
    pub(crate) have_quoted: bool,
}

/// A parametric macro that is being expanded, as its body and scripts see it.
#[derive(Clone, Default)]
pub struct ExpandedMacro {
    /// Its name.
    pub name: String,
    /// Its option string.
    pub options: String,
    /// Its arguments as given, options included.
    pub args: Vec<String>,
    /// `%0`, `%1`, `%*`, `%-f` and the like.
    automatic: Vec<(String, Text)>,
    /// Names of macros defined in this call.
    locals: Vec<Arc<str>>,
}

/// The macro processor: a table of macros and what it takes to expand them.
pub struct Engine {
    /// Every text read so far.
    pub sources: SourceMap,
    /// Every finding so far.
    pub sink: Sink,
    /// The world.
    pub host: Box<dyn Host>,
    /// How far one expansion may go.
    pub limits: Limits,
    pub(crate) table: MacroTable,
    scripts: Option<Rc<dyn ScriptEngine>>,
    /// Parametric macros being expanded; `None` where an expansion was started anew from a script.
    scopes: Vec<ExpandedMacro>,
    /// Scopes below this number are out of sight for `args`.
    barrier: usize,
    depth: usize,
    spent: Spent,
    pub(crate) trace: usize,
}

/// What an expansion has used of its limits.
#[derive(Clone, Copy, Default)]
struct Spent {
    calls: usize,
    bytes: usize,
}

impl Engine {
    /// An engine that knows the builtins only.
    pub fn new(host: Box<dyn Host>) -> Self {
        let mut engine = Self {
            sources: SourceMap::new(),
            sink: Sink::new(),
            host,
            limits: Limits::default(),
            table: MacroTable::default(),
            scripts: None,
            scopes: Vec::new(),
            barrier: 0,
            depth: 0,
            spent: Spent::default(),
            trace: 0,
        };
        for builtin in crate::BUILTINS {
            let simple = Macro::simple(builtin.name, Text::new(), Level::BUILTIN);
            engine.table.push(Macro {
                body: Body::Builtin(builtin),
                ..simple
            });
        }
        engine
    }

    /// Sets what runs `%{lua:…}`.
    pub fn set_script_engine(&mut self, scripts: Rc<dyn ScriptEngine>) {
        self.scripts = Some(scripts);
    }

    /// What runs `%{lua:…}`.
    pub fn scripts(&self) -> Option<Rc<dyn ScriptEngine>> {
        self.scripts.clone()
    }

    /// The macros.
    pub fn table(&self) -> &MacroTable {
        &self.table
    }

    /// Whether a macro is defined.
    pub fn is_defined(&self, name: &str) -> bool {
        self.table.get(name).is_some() || self.automatic(name).is_some()
    }

    /// The parametric macro being expanded, if there is one.
    pub fn args(&self) -> Option<&ExpandedMacro> {
        self.scopes.get(self.barrier..)?.last()
    }

    /// A text of our own under a name that messages can show.
    pub(crate) fn own_text(&mut self, name: &str, text: &str) -> Text {
        let file = self.sources.add(name, text);
        Text::from_origin(text, self.sources.whole(file).into())
    }

    /// Expands a text.
    pub fn expand(&mut self, text: &Text) -> Outcome<Text> {
        if !text.contains('%') {
            return Ok(text.clone());
        }
        let mut out = Buffer::default();
        self.apart(|engine| engine.expand_into(text, None, &mut out))?;
        Ok(out.text)
    }

    /// Expands a text of our own, such as `%{?_topdir}`.
    pub fn expand_str(&mut self, text: &str) -> Outcome<String> {
        if !text.contains('%') {
            return Ok(text.to_owned());
        }
        let text = detached(text);
        self.expand(&text).map(Text::into_string)
    }

    /// Expands a text from the command line.
    pub fn expand_given(&mut self, text: &str) -> Outcome<String> {
        let text = self.own_text("<command line>", text);
        self.expand(&text).map(Text::into_string)
    }

    /// Expands a text of our own and reads a number, by rpm's rules for its switches: what does not
    /// expand to a number is 0, `Y…` is 1, and `0x` and `0` mark other bases.
    pub fn expand_number(&mut self, text: &str) -> i64 {
        self.expand_str(text).map_or(0, |value| read_number(&value))
    }

    /// Decides what stands after `%if` or `%elif`: a number other than 0, or text, is true.
    pub fn evaluate(&mut self, expression: &Text) -> Outcome<bool> {
        let value = self.apart(|engine| expr::evaluate(engine, expression, None, true))?;
        Ok(value.is_true())
    }

    /// Expands a macro with arguments that are taken as they are; `None` if it is not defined.
    pub fn call(&mut self, name: &str, args: &[String]) -> Outcome<Option<String>> {
        let Some(definition) = self.lookup(name) else {
            return Ok(None);
        };
        let args: Vec<Text> = args.iter().map(detached).collect();
        let mut out = Buffer::default();
        let given = (definition.is_parametric() || definition.is_builtin()).then_some(&args[..]);
        let call = None;
        let site = Site {
            origin: call,
            frame: None,
        };
        self.apart(|engine| {
            engine.enter(call)?;
            let result = engine.expand_macro(&definition, given, None, site, &mut out);
            engine.depth -= 1;
            result
        })?;
        Ok(Some(out.text.into_string()))
    }

    /// Does something that does not see the arguments of the macro being expanded.
    fn apart<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let barrier = std::mem::replace(&mut self.barrier, self.scopes.len());
        if self.depth == 0 {
            self.spent = Spent::default();
        }
        let result = work(self);
        self.barrier = barrier;
        result
    }

    /// How many calls within calls are being expanded.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The level that `%define` defines at.
    pub(crate) fn level(&self) -> Level {
        Level(i32::try_from(self.scopes.len()).unwrap_or(i32::MAX))
    }

    /// Adds a definition; one made inside a parametric macro goes when the call ends.
    pub(crate) fn push_local(&mut self, definition: Macro) {
        if definition.level.0 > 0
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.locals.push(definition.name.clone());
        }
        self.table.push(definition);
    }

    fn automatic(&self, name: &str) -> Option<&Text> {
        let is_automatic = |byte: &u8| byte.is_ascii_digit() || b"*#-".contains(byte);
        name.as_bytes().first().filter(|byte| is_automatic(byte))?;
        let scope = self.scopes.last()?;
        scope
            .automatic
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text)
    }

    /// The definition in force, its body read.
    pub(crate) fn lookup(&mut self, name: &str) -> Option<Macro> {
        if let Some(text) = self.automatic(name) {
            let simple = Macro::simple(name, text.clone(), self.level());
            return Some(Macro {
                is_literal: true,
                is_quoted: name == "**",
                ..simple
            });
        }
        let definition = self.table.get_mut(name)?;
        definition.is_used = true;
        if let Body::Unread(span) = definition.body {
            let text = Text::from_origin(self.sources.slice(span), span.into());
            let (body, _) = free_body(&text, 0).unwrap_or_default();
            definition.body = Body::Text(Rc::new(body));
        }
        Some(definition.clone())
    }

    /// The text of a macro's body.
    pub fn body(&mut self, name: &str) -> Option<Text> {
        match self.lookup(name)?.body {
            Body::Text(text) => Some((*text).clone()),
            _ => Some(detached("<builtin>")),
        }
    }

    /// Counts one more call within calls, and the limits.
    fn enter(&mut self, origin: Option<Origin>) -> Outcome {
        if self.depth >= self.limits.depth {
            let message = "Too many levels of recursion in macro expansion. It is likely caused by \
                           recursive macro declaration.";
            let diagnostic = Diagnostic::error(codes::RECURSION, message).at(origin);
            return Err(self.sink.report(diagnostic));
        }
        self.spent.calls += 1;
        if self.spent.calls > self.limits.calls || self.spent.bytes > self.limits.bytes {
            let limits = self.limits;
            let message = format!(
                "macro expansion grows too large: more than {} calls or {} MiB of text",
                limits.calls,
                limits.bytes >> 20
            );
            let diagnostic = Diagnostic::error(codes::BUDGET, message).at(origin);
            return Err(self.sink.report(diagnostic));
        }
        self.depth += 1;
        Ok(())
    }

    /// Expands a text into a buffer. `frame` is the call whose body the text is.
    pub(crate) fn expand_into(
        &mut self,
        text: &Text,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome {
        self.enter(text.whole())?;
        let made = out.text.len();
        let result = self.expand_calls(text, frame, out);
        self.spent.bytes += out.text.len().saturating_sub(made);
        self.depth -= 1;
        result
    }

    fn expand_calls(&mut self, text: &Text, frame: Option<FrameId>, out: &mut Buffer) -> Outcome {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'%', &bytes[at..]) {
            let percent = at + offset;
            copy(text, at..percent, frame, &mut out.text);
            at = match bytes.get(percent + 1) {
                None => {
                    copy(text, percent..percent + 1, frame, &mut out.text);
                    percent + 1
                }
                Some(b'%') => {
                    copy(text, percent + 1..percent + 2, frame, &mut out.text);
                    percent + 2
                }
                Some(_) => self.expand_call(text, percent, frame, out)?,
            };
        }
        copy(text, at..text.len(), frame, &mut out.text);
        Ok(())
    }

    /// Expands the call at `percent`; returns where reading goes on.
    fn expand_call(
        &mut self,
        text: &Text,
        percent: usize,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let literal = |out: &mut Buffer, resume: usize| {
            copy(text, percent..percent + 1, frame, &mut out.text);
            Ok(resume)
        };
        match parse_call(text, percent + 1) {
            Call::Literal { resume } => literal(out, resume),
            Call::Unterminated { bracket } => {
                let rest = &text[bracket..];
                let shown = rest.chars().next().unwrap_or('{');
                let first_line = rest.split('\n').next().unwrap_or(rest);
                let message = format!("Unterminated {shown}: {first_line}");
                let origin = site(text, percent..bracket + 1, frame);
                let diagnostic = Diagnostic::error(codes::UNTERMINATED, message)
                    .label(origin, "this is never closed");
                Err(self.sink.report(diagnostic))
            }
            Call::Shell { command, end } => {
                let site = Site {
                    origin: site(text, percent..end, frame),
                    frame,
                };
                self.expand_shell(&text.slice(command.start, command.end), site, out)?;
                Ok(end)
            }
            Call::Expression { expression, end } => {
                let origin = site(text, percent..end, frame);
                let expression = text.slice(expression.start, expression.end);
                self.enter(origin)?;
                let value = expr::evaluate(self, &expression, frame, true);
                self.depth -= 1;
                out.push(&value?.to_string(), origin);
                Ok(end)
            }
            Call::Named(call) => {
                let name = &text[call.name.clone()];
                let definition = self.lookup(name);
                if name.starts_with('-') || call.is_conditional {
                    self.expand_condition(text, percent, &call, definition, frame, out)?;
                    return Ok(call.end);
                }
                match definition {
                    None => literal(out, call.resume),
                    Some(found) => self.expand_named(text, percent, &call, &found, frame, out),
                }
            }
        }
    }

    /// `%{?name}`, `%{!?name:text}`, `%{-f:text}`.
    fn expand_condition(
        &mut self,
        text: &Text,
        percent: usize,
        call: &NamedCall,
        definition: Option<Macro>,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome {
        if definition.is_some() == call.is_negated {
            return Ok(());
        }
        match (&call.argument, definition) {
            (Some(argument), _) if !argument.is_empty() => {
                self.expand_into(&text.slice(argument.start, argument.end), frame, out)
            }
            (_, Some(definition)) => {
                let origin = site(text, percent..call.end, frame);
                self.expand_macro(&definition, None, None, Site { origin, frame }, out)
            }
            _ => Ok(()),
        }
    }

    /// A call by name of a macro that is defined; returns where reading goes on.
    fn expand_named(
        &mut self,
        text: &Text,
        percent: usize,
        call: &NamedCall,
        definition: &Macro,
        frame: Option<FrameId>,
        out: &mut Buffer,
    ) -> Outcome<usize> {
        let at = Site {
            origin: site(text, percent..call.end, frame),
            frame,
        };
        let takes_args = definition.options.is_some() || definition.is_builtin();
        if !takes_args {
            if call.argument.is_some() || (call.is_braced && call.words.is_some()) {
                let name = &definition.name;
                let message = format!("unexpected argument to non-parametric macro %{name}");
                self.sink
                    .push(Diagnostic::warning(codes::BAD_CALL, message).at(at.origin));
            }
            self.expand_macro(definition, None, None, at, out)?;
            return Ok(call.end);
        }
        if let Body::Builtin(builtin) = definition.body
            && builtin.is_free_field
            && !call.is_braced
        {
            let rest = text.slice(call.end, text.len());
            let mut taken = 0;
            self.expand_macro(definition, Some(&[rest]), Some(&mut taken), at, out)?;
            return Ok(call.end + taken);
        }
        let takes_no_words = matches!(definition.body, Body::Builtin(b) if b.takes_nothing());
        let words = call
            .words
            .clone()
            .filter(|_| call.is_braced || !takes_no_words);
        let (args, end) = self.grab_args(text, call, definition, words, frame, out.keep_quoted)?;
        let at = Site {
            origin: site(text, percent..end, frame),
            frame,
        };
        self.expand_macro(definition, Some(&args), None, at, out)?;
        Ok(end)
    }

    /// The arguments of a call, expanded, and where reading goes on.
    fn grab_args(
        &mut self,
        text: &Text,
        call: &NamedCall,
        definition: &Macro,
        words: Option<Range>,
        frame: Option<FrameId>,
        keep_quoted: bool,
    ) -> Outcome<(Vec<Text>, usize)> {
        let splits = call.argument.is_none();
        let Some(range) = call.argument.clone().or(words) else {
            return Ok((Vec::new(), call.end));
        };
        let given = text.slice(range.start, range.end);
        let end = if call.is_braced {
            call.end
        } else {
            line_end(text, range.end)
        };
        if matches!(definition.body, Body::Builtin(builtin) if builtin.is_free_field) {
            return Ok((vec![given], end));
        }
        let mut expanded = Buffer {
            keep_quoted: keep_quoted || splits,
            ..Buffer::default()
        };
        self.expand_into(&given, frame, &mut expanded)?;
        let args = if splits {
            split_quoted(&expanded.text)
        } else {
            vec![expanded.text]
        };
        Ok((args, end))
    }

    /// Expands one macro in its place.
    fn expand_macro(
        &mut self,
        definition: &Macro,
        args: Option<&[Text]>,
        taken: Option<&mut usize>,
        at: Site,
        out: &mut Buffer,
    ) -> Outcome {
        let start = out.text.len();
        match &definition.body {
            Body::Builtin(builtin) => {
                let args = args.unwrap_or(&[]);
                builtin::run(
                    self,
                    builtin,
                    &mut BuiltinCall {
                        args,
                        taken,
                        at,
                        out,
                    },
                )?;
            }
            Body::Native(native) => {
                let mut all = vec![detached(&*definition.name)];
                all.extend_from_slice(args.unwrap_or(&[]));
                let made = native.clone()(self, &all)?;
                out.text.push_text(&made);
            }
            Body::Counter(cell) => out.push(&cell.get().to_string(), at.origin),
            Body::Text(body) if definition.is_literal => out.text.push_text(body),
            Body::Text(body) => self.expand_body(definition, body, args, at, out)?,
            Body::Unread(_) => {}
        }
        if definition.is_quoted {
            if out.keep_quoted {
                out.have_quoted = true;
            } else {
                out.remove_quotes(start);
            }
        }
        self.trace_result(definition, &out.text[start.min(out.text.len())..]);
        Ok(())
    }

    fn expand_body(
        &mut self,
        definition: &Macro,
        body: &Rc<Text>,
        args: Option<&[Text]>,
        at: Site,
        out: &mut Buffer,
    ) -> Outcome {
        let start = out.text.len();
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

    /// Expands a body with quoted arguments in it: between quote marks, quotes are not wanted.
    fn expand_quoted(&mut self, body: &Text, frame: Option<FrameId>, out: &mut Buffer) -> Outcome {
        let mut start = 0;
        for (mark, _) in body.match_indices(QUOTE) {
            self.expand_into(&body.slice(start, mark), frame, out)?;
            copy(body, mark..mark + QUOTE.len_utf8(), frame, &mut out.text);
            out.keep_quoted = !out.keep_quoted;
            start = mark + QUOTE.len_utf8();
        }
        self.expand_into(&body.slice(start, body.len()), frame, out)?;
        out.keep_quoted = true;
        Ok(())
    }

    /// Sets up `%1`, `%*`, `%{-f}` and the like for a call.
    fn open_scope(&mut self, called: &Macro, args: &[Text], call: Option<Origin>) -> Outcome {
        let options = called.options.as_deref().unwrap_or("");
        let parsed = parse_options(options, args).map_err(|letter| {
            let name = &called.name;
            let message = format!("Unknown option {letter} in {name}({options})");
            let diagnostic = Diagnostic::error(codes::BAD_CALL, message).at(call);
            self.sink.report(diagnostic)
        })?;
        let mut automatic = vec![("0".to_owned(), detached(&*called.name))];
        automatic.push(("**".to_owned(), unsplit_quoted(args)));
        for option in &parsed.options {
            let letter = option.letter;
            let mut shown = detached(format!("-{letter}"));
            if let Some(argument) = &option.argument {
                shown.push_detached(" ");
                shown.push_text(argument);
                automatic.push((format!("-{letter}*"), argument.clone()));
            }
            automatic.push((format!("-{letter}"), shown));
        }
        automatic.push(("#".to_owned(), detached(parsed.words.len().to_string())));
        for (index, word) in parsed.words.iter().enumerate() {
            automatic.push(((index + 1).to_string(), word.clone()));
        }
        automatic.push(("*".to_owned(), join(&parsed.words)));
        self.scopes.push(ExpandedMacro {
            name: called.name.to_string(),
            options: options.to_owned(),
            args: args.iter().map(|arg| arg.as_str().to_owned()).collect(),
            automatic,
            locals: Vec::new(),
        });
        Ok(())
    }

    /// Drops what the innermost call defined, with a word about what it never used.
    fn close_scope(&mut self) {
        let level = self.level();
        let Some(scope) = self.scopes.pop() else {
            return;
        };
        for name in scope.locals {
            let Some(top) = self.table.get(&name).filter(|top| top.level >= level) else {
                continue;
            };
            if !top.is_used {
                let message = format!("Macro %{name} defined but not used within scope");
                let origin = top.defined.map(Origin::from);
                self.sink
                    .push(Diagnostic::warning(codes::UNUSED, message).at(origin));
            }
            while self.table.get(&name).is_some_and(|top| top.level >= level) {
                self.table.pop(&name);
            }
        }
    }

    /// `%(command)`.
    fn expand_shell(&mut self, command: &Text, at: Site, out: &mut Buffer) -> Outcome {
        let mut expanded = Buffer::default();
        self.expand_into(command, at.frame, &mut expanded)?;
        match self.host.shell(&expanded.text) {
            Ok(output) => {
                let output = String::from_utf8_lossy(&output);
                out.push(output.trim_end_matches(['\n', '\r']), at.origin);
                Ok(())
            }
            Err(error) => {
                let command = expanded.text;
                let message =
                    format!("Failed to open shell expansion pipe for command: {command}: {error}");
                let diagnostic = Diagnostic::error(codes::SHELL, message).at(at.origin);
                Err(self.sink.report(diagnostic))
            }
        }
    }

    /// Loads a macro file for `%{load:…}`.
    pub(crate) fn load_for_macro(&mut self, path: &str, at: Site) -> Outcome {
        let Err(error) = self.load_file(Path::new(path)) else {
            return Ok(());
        };
        let message = format!("failed to load macro file {path}");
        let diagnostic = Diagnostic::error(codes::LOAD, message).note(error.to_string());
        Err(self.sink.report(diagnostic.at(at.origin)))
    }

    /// The value of an expression whose macros have been expanded.
    pub(crate) fn value_of(&mut self, expression: &Text, frame: Option<FrameId>) -> Outcome<Value> {
        expr::evaluate(self, expression, frame, false)
    }
}

/// Where a call stands: its bytes, and the call whose body they are in.
#[derive(Clone, Copy)]
pub(crate) struct Site {
    pub(crate) origin: Option<Origin>,
    pub(crate) frame: Option<FrameId>,
}

impl Buffer {
    /// Appends text that a call made.
    pub(crate) fn push(&mut self, made: &str, origin: Option<Origin>) {
        match origin {
            Some(origin) => self.text.push_str(made, origin),
            None => self.text.push_detached(made),
        }
    }

    fn remove_quotes(&mut self, start: usize) {
        if self.text[start..].contains(QUOTE) {
            let plain = without_quotes(&self.text.slice(start, self.text.len()));
            self.text = self.text.slice(0, start);
            self.text.push_text(&plain);
        }
    }
}

/// The origin of a call within a text that is the body of `frame`.
fn site(text: &Text, range: Range, frame: Option<FrameId>) -> Option<Origin> {
    let origin = text.origin(range.start, range.end.min(text.len()))?;
    Some(Origin {
        frame: origin.frame.or(frame),
        ..origin
    })
}

/// Copies plain text out of the body of `frame`.
fn copy(text: &Text, range: Range, frame: Option<FrameId>, out: &mut Text) {
    out.push_slice_in(text, range.start, range.end, frame);
}

/// Where reading goes on after a call that took all words of its line: the newline stays unless a
/// backslash precedes it.
fn line_end(text: &str, end: usize) -> usize {
    let continues = text[..end].ends_with('\\') && text[end..].starts_with('\n');
    end + usize::from(continues)
}

/// Reads a number as strtol(3) with base 0 does.
fn read_number(text: &str) -> i64 {
    match text.as_bytes().first() {
        None | Some(b'%' | b'n' | b'N') => 0,
        Some(b'y' | b'Y') => 1,
        Some(_) => {
            let trimmed = text.trim_start();
            let (sign, digits) = match trimmed.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
            };
            let (base, digits) = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
                Some(hex) => (16, hex),
                None if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
                None => (10, digits),
            };
            i64::from_str_radix(digits, base).map_or(0, |number| sign * number)
        }
    }
}
