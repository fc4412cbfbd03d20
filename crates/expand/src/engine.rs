//! The engine: a table of macros, what looks them up, and the limits of expansion.
//!
//! Not here: what callers have expanded, see `ways_in`; an engine with builtins, see `builtin`.

use std::rc::Rc;

use source::{Diagnostic, Origin, Reported, Sink, SourceMap, Span, Text};

use crate::args::{Outcome, detached};
use crate::codes;
use crate::definition::{Body, Level, Macro, NativeNumber};
use crate::head::free_body;
use crate::host::Host;
use crate::macro_file::Loading;
use crate::scope::ExpandedMacro;
use crate::script::ScriptEngine;
use crate::steps::{Recorder, Step};
use crate::table::MacroTable;
use crate::trace::Trace;

/// A macro that the caller of the engine provides; it gets its arguments as given, name first.
pub type NativeMacro = Rc<dyn Fn(&mut Engine, &[Text]) -> Result<Text, Reported>>;

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

/// The most findings that may wait to be taken. Warnings stop before there are so many; a text that makes
/// more errors would make them without end.
const MOST_FINDINGS: usize = 2 * source::MOST_FINDINGS;

/// The macro processor: a table of macros and what it takes to expand them.
pub struct Engine {
    /// Every text read so far.
    pub sources: SourceMap,
    /// Every finding so far.
    pub sink: Sink,
    /// Files, programs and the environment.
    pub host: Box<dyn Host>,
    /// How far one expansion may go.
    pub limits: Limits,
    pub(crate) table: MacroTable,
    /// The functions of the caller, by the numbers that their definitions have.
    pub(crate) natives: Vec<NativeMacro>,
    scripts: Option<Rc<dyn ScriptEngine>>,
    /// Parametric macros being expanded, innermost last.
    pub(crate) scopes: Vec<ExpandedMacro>,
    /// How many of the scopes `args` does not see.
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
    /// An engine that knows no macro.
    pub(crate) fn without_macros(host: Box<dyn Host>) -> Self {
        Self {
            sources: SourceMap::new(),
            sink: Sink::new(),
            host,
            limits: Limits::default(),
            table: MacroTable::default(),
            natives: Vec::new(),
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
        }
    }

    /// Sets the engine that runs `%{lua:…}`.
    pub fn set_script_engine(&mut self, scripts: Rc<dyn ScriptEngine>) {
        self.scripts = Some(scripts);
    }

    /// The engine that runs `%{lua:…}`.
    pub fn scripts(&self) -> Option<Rc<dyn ScriptEngine>> {
        self.scripts.clone()
    }

    /// All macros; to look up one of them, [`Engine::definition`] is cheaper.
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

    /// Returns whether a macro of this name is defined, `%1` and the like included.
    pub fn is_defined(&self, name: &str) -> bool {
        self.table.has(name) || self.automatic(name).is_some()
    }

    /// The parametric macro being expanded, if there is one.
    pub fn args(&self) -> Option<&ExpandedMacro> {
        self.scopes.get(self.barrier..)?.last()
    }

    /// The level that `%define` defines at.
    pub(crate) fn level(&self) -> Level {
        Level(i32::try_from(self.scopes.len()).unwrap_or(i32::MAX))
    }

    /// `%1`, `%*`, `%{-f}` and the like, as the innermost call sees them.
    pub(crate) fn automatic(&self, name: &str) -> Option<&Text> {
        let is_automatic = |byte: &u8| byte.is_ascii_digit() || b"*#-".contains(byte);
        name.as_bytes().first().filter(|byte| is_automatic(byte))?;
        self.scopes.last()?.automatic(name)
    }

    /// Records every step from here on.
    pub fn start_recording(&mut self) {
        self.recorder = Some(Recorder::default());
    }

    /// The steps recorded so far; recording goes on.
    pub fn take_steps(&mut self) -> Vec<Step> {
        let recorder = self.recorder.as_mut();
        recorder.map(Recorder::take).unwrap_or_default()
    }

    /// A function that the caller has defined.
    pub(crate) fn native(&self, number: NativeNumber) -> NativeMacro {
        self.natives[number.0].clone()
    }

    /// A text of our own under a name that messages can show.
    pub(crate) fn own_text(&mut self, name: &str, text: &str) -> Text {
        let file = self.sources.add(name, text);
        Text::from_origin(text, self.sources.whole(file).into())
    }

    /// Does something that does not see the arguments of the macro that is being expanded.
    pub(crate) fn without_args<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
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

    /// The text of a macro's body. This does not count as a use of the macro.
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
            // It has been reported.
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
}

/// The text of a body in a macro file.
pub(crate) fn read_body(sources: &SourceMap, span: Span) -> Text {
    let text = Text::from_origin(sources.slice(span), span.into());
    free_body(&text, 0).unwrap_or_default().0
}
