//! The engine: a table of macros, its limits, and what callers ask of it.
//!
//! Not here: the expansion loop itself, see `expansion`.

use std::path::Path;
use std::rc::Rc;

use source::{Diagnostic, FrameId, Origin, Sink, SourceMap, Span, Text};

use crate::args::{Outcome, detached};
use crate::buffer::{Buffer, Site};
use crate::define::free_body;
use crate::host::Host;
use crate::place::Loading;
use crate::scope::ExpandedMacro;
use crate::script::ScriptEngine;
use crate::steps::Recorder;
use crate::table::{Body, Level, Macro, MacroTable};
use crate::trace::Trace;
use crate::{Value, codes, expr};

/// How far one expansion may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls within calls; rpm's limit is 64.
    pub depth: usize,
    /// Calls in one expansion.
    pub calls: usize,
    /// Bytes of text made in one expansion.
    pub bytes: usize,
}

/// How many times the limits of one expansion all expansions together may use.
const EXPANSIONS: usize = 8;

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            calls: 1 << 20,
            bytes: 128 << 20,
        }
    }
}

/// Findings that nobody has taken yet. Warnings end before there are so many: whatever goes on making
/// errors goes on without end.
const MOST_FINDINGS: usize = 2 * source::MOST_FINDINGS;

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
    pub(crate) scopes: Vec<ExpandedMacro>,
    /// Scopes below this number are out of sight for `args`.
    barrier: usize,
    pub(crate) depth: usize,
    pub(crate) spent: Spent,
    /// What earlier expansions have used: macros keep what they made.
    before: Spent,
    /// Open brackets, signs and conditions of the expressions being evaluated.
    pub(crate) open_terms: usize,
    pub(crate) trace: Trace,
    pub(crate) recorder: Option<Recorder>,
    /// The macro file that is being read.
    pub(crate) loading: Option<Loading>,
}

/// What an expansion has used of its limits.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) calls: usize,
    pub(crate) bytes: usize,
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
            before: Spent::default(),
            open_terms: 0,
            trace: Trace::default(),
            recorder: None,
            loading: None,
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

    /// The macros, all of them: to look one up, [`Engine::definition`] is cheaper.
    pub fn table(&mut self) -> &MacroTable {
        self.table.complete();
        &self.table
    }

    /// The definition of a macro that is in force.
    pub fn definition(&mut self, name: &str) -> Option<&Macro> {
        self.table.get(name).map(|definition| &**definition)
    }

    /// The macro whose name is nearest to `name`, if it is near enough to be a slip of the keyboard.
    pub fn closest_macro(&mut self, name: &str) -> Option<String> {
        let all = self.table().sorted();
        let names = all.iter().map(|definition| &*definition.name);
        source::closest(name, names).map(str::to_owned)
    }

    /// Whether a macro is defined.
    pub fn is_defined(&self, name: &str) -> bool {
        self.table.has(name) || self.automatic(name).is_some()
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

    /// Expands a text that nobody needs any longer as it was.
    pub fn expand_owned(&mut self, text: Text) -> Outcome<Text> {
        if text.contains('%') {
            self.expand(&text)
        } else {
            Ok(text)
        }
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
        self.expand_named_text("<command line>", text)
    }

    /// Expands a whole text under the name that messages show.
    pub fn expand_named_text(&mut self, name: &str, text: &str) -> Outcome<String> {
        let text = self.own_text(name, text);
        self.expand(&text).map(Text::into_string)
    }

    /// Expands a text of our own and reads a number, by rpm's rules for its switches: what does not
    /// expand to a number is 0, `Y…` is 1, and `0x` and `0` mark other bases.
    pub fn expand_number(&mut self, text: &str) -> i64 {
        self.expand_str(text).map_or(0, |value| read_number(&value))
    }

    /// Decides what stands after `%if` or `%elif`, its macros expanded already: a number other than 0, or text, is true.
    pub fn evaluate(&mut self, expression: &Text) -> Outcome<bool> {
        let value = self.apart(|engine| expr::evaluate(engine, expression, None, false))?;
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
    pub(crate) fn apart<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let barrier = std::mem::replace(&mut self.barrier, self.scopes.len());
        if self.depth == 0 {
            let spent = std::mem::take(&mut self.spent);
            self.before.calls = self.before.calls.saturating_add(spent.calls);
            self.before.bytes = self.before.bytes.saturating_add(spent.bytes);
        }
        let result = work(self);
        self.barrier = barrier;
        result
    }

    /// How many calls within calls are being expanded.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The definition in force, its body read.
    pub(crate) fn lookup(&mut self, name: &str) -> Option<Rc<Macro>> {
        if let Some(text) = self.automatic(name) {
            let simple = Macro::simple(name, text.clone(), self.level());
            return Some(Rc::new(Macro {
                is_literal: true,
                is_quoted: name == "**",
                ..simple
            }));
        }
        let definition = self.table.get(name)?;
        definition.is_used.set(true);
        if let Body::Unread(span) = definition.body {
            let body = read_body(&self.sources, span);
            Rc::make_mut(definition).body = Body::Text(Rc::new(body));
        }
        Some(definition.clone())
    }

    /// The text of a macro's body. To look at it is not to use the macro.
    pub fn body(&mut self, name: &str) -> Option<Text> {
        let was_used = self.table.get(name).is_some_and(|it| it.is_used.get());
        let found = self.lookup(name)?;
        if let Some(definition) = self.table.get(name) {
            definition.is_used.set(was_used);
        }
        match &found.body {
            Body::Text(text) => Some((**text).clone()),
            _ => Some(detached("<builtin>")),
        }
    }

    /// Counts one more call within calls, and the limits.
    pub(crate) fn enter(&mut self, origin: Option<Origin>) -> Outcome {
        if self.depth >= self.limits.depth {
            let message = "Too many levels of recursion in macro expansion. It is likely caused by \
                           recursive macro declaration.";
            let diagnostic = Diagnostic::error(codes::RECURSION, message).at(origin);
            let help = "`%global` expands a body once, so that it can build on an older definition";
            return Err(self.report_in_file(diagnostic.help(help)));
        }
        self.spent.calls += 1;
        self.count(0, origin)?;
        self.depth += 1;
        Ok(())
    }

    /// Counts bytes of text that are kept.
    pub(crate) fn count(&mut self, bytes: usize, origin: Option<Origin>) -> Outcome {
        self.spent.bytes = self.spent.bytes.saturating_add(bytes);
        if self.sink.found().len() > MOST_FINDINGS {
            // It has been told.
            return self.sink.check();
        }
        let limits = self.limits;
        let message = if self.is_spent() {
            format!(
                "macro expansion grows too large: more than {} calls or {} MiB of text",
                limits.calls,
                limits.bytes >> 20
            )
        } else if self.sink.found().len() >= MOST_FINDINGS {
            format!("macro expansion finds too much wrong: more than {MOST_FINDINGS} findings")
        } else {
            return Ok(());
        };
        let diagnostic = Diagnostic::error(codes::BUDGET, message).at(origin);
        Err(self.sink.report(diagnostic))
    }

    /// Whether an expansion, or all together, have made too much.
    pub(crate) fn is_spent(&self) -> bool {
        let (now, before, limits) = (self.spent, self.before, self.limits);
        let is_over = |now: usize, before: usize, limit: usize| {
            now > limit || now.saturating_add(before) > limit.saturating_mul(EXPANSIONS)
        };
        is_over(now.calls, before.calls, limits.calls)
            || is_over(now.bytes, before.bytes, limits.bytes)
    }

    /// Loads a macro file for `%{load:…}`.
    pub(crate) fn load_for_macro(&mut self, path: &str, at: Site) -> Outcome {
        let note = match self.load_file(Path::new(path)) {
            Ok(0) => return Ok(()),
            Ok(bad) => format!("it has {bad} bad definitions"),
            Err(error) => error.to_string(),
        };
        let message = format!("failed to load macro file {path}");
        let diagnostic = Diagnostic::error(codes::LOAD, message).note(note);
        Err(self.report_in_file(diagnostic.at(at.origin)))
    }

    /// The value of an expression whose macros have been expanded.
    pub(crate) fn value_of(&mut self, expression: &Text, frame: Option<FrameId>) -> Outcome<Value> {
        expr::evaluate(self, expression, frame, false)
    }
}

/// The text of a body in a macro file.
pub(crate) fn read_body(sources: &SourceMap, span: Span) -> Text {
    let text = Text::from_origin(sources.slice(span), span.into());
    free_body(&text, 0).unwrap_or_default().0
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
