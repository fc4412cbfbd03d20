//! `%define`, `%global`, `%undefine`, and definitions from the command line.
//!
//! Source: rpm-macros(7), "Defining", "Macro manipulation".

use std::rc::Rc;

use source::{Diagnostic, Origin, Severity, Text};

use crate::args::Outcome;
use crate::buffer::Buffer;
use crate::codes;
use crate::definition::{Body, Level, Macro, NativeNumber};
use crate::engine::{Engine, NativeMacro};
use crate::head::{Head, free_body, is_legal_name, name_fault, parse_head};

/// The way a definition is made.
#[derive(Clone, Copy)]
pub(crate) struct DefineMode {
    pub(crate) level: Level,
    /// `%global`, `-e`.
    pub(crate) expand: bool,
    /// `%define` takes `-e` and `-g`.
    pub(crate) takes_options: bool,
    /// The definition ends where its body ends (`%define` in running text), not with the text.
    pub(crate) is_free: bool,
    /// The macro that defines, as messages call it.
    pub(crate) action: &'static str,
}

impl Engine {
    /// Defines a macro from `NAME[(OPTIONS)] BODY`, as the API does.
    pub fn define_line(&mut self, definition: &str, level: Level) -> Outcome {
        let text = self.own_text("<command line>", definition);
        let mode = DefineMode {
            level,
            expand: false,
            takes_options: false,
            is_free: true,
            action: "%define",
        };
        self.without_args(|engine| {
            engine.count(definition.len(), text.whole())?;
            engine.define_from(&text, mode, None).map(|_| ())
        })
    }

    /// Defines a simple macro whose body is expanded on use.
    pub fn define(&mut self, name: &str, body: Text, level: Level) {
        self.table.push(Macro::simple(name, body, level));
    }

    /// Defines a macro whose body stands as it is.
    pub fn define_literal(&mut self, name: &str, body: Text, level: Level) {
        let definition = Macro::simple(name, body, level);
        self.table.push(Macro {
            is_literal: true,
            ..definition
        });
    }

    /// Defines a macro that is a function of the caller's.
    pub fn define_native(&mut self, name: &str, body: NativeMacro, level: Level) {
        let definition = Macro::simple(name, Text::new(), level);
        let options = Some("-".into());
        let number = NativeNumber(self.natives.len());
        self.natives.push(body);
        self.table.push(Macro {
            options,
            body: Body::Native(number),
            ..definition
        });
    }

    /// Defines a macro that always shows the number in the cell.
    pub fn define_counter(&mut self, name: &str, cell: Rc<std::cell::Cell<usize>>, level: Level) {
        let definition = Macro::simple(name, Text::new(), level);
        self.table.push(Macro {
            body: Body::Counter(cell),
            ..definition
        });
    }

    /// Takes a definition away as `--undefine` does: not that of a builtin.
    pub fn undefine_line(&mut self, name: &str) -> Outcome {
        let origin = self.own_text("<command line>", name).whole();
        self.undefine_checked(name, origin)
    }

    /// Takes a definition away for the API: not that of a builtin.
    pub fn undefine_legal(&mut self, name: &str) -> Outcome {
        self.undefine_checked(name, None)
    }

    /// Takes away the definition of a macro that is in force.
    pub fn undefine(&mut self, name: &str) {
        self.table.pop(name);
    }

    /// `%undefine name`.
    pub(crate) fn undefine_checked(&mut self, name: &str, origin: Option<Origin>) -> Outcome {
        if self.may_define(name, "%undefine", origin) {
            self.table.pop(name);
            return Ok(());
        }
        self.sink.check()
    }

    /// Whether a macro of this name may be defined; if not, that has been reported.
    pub(crate) fn may_define(&mut self, name: &str, action: &str, origin: Option<Origin>) -> bool {
        let is_builtin = self.table.get(name).is_some_and(|it| it.is_builtin());
        let Some(fault) = name_fault(name, is_builtin, action) else {
            return true;
        };
        let help = if is_legal_name(name) {
            "choose another name"
        } else {
            "a name begins with a letter, or with `_` and something after it"
        };
        let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, fault).at(origin);
        self.push_in_file(diagnostic.help(help));
        false
    }

    /// Makes a definition from text; returns how many bytes it took.
    pub(crate) fn define_from(
        &mut self,
        definition: &Text,
        mut mode: DefineMode,
        call: Option<Origin>,
    ) -> Outcome<usize> {
        let start = if mode.takes_options {
            self.define_options(definition, &mut mode)?
        } else {
            0
        };
        if mode.expand {
            mode.action = "%global";
        }
        let rest = definition.slice(start, definition.len());
        let head = parse_head(&rest).map_err(|fault| {
            let origin = rest.origin(fault.start, fault.start + fault.len).or(call);
            self.report_in_file(fault.into_diagnostic(origin))
        })?;
        let name_start = head.name.as_ptr() as usize - rest.as_str().as_ptr() as usize;
        let name_end = (name_start + head.name.len()).max(name_start + 1);
        let name_origin = rest.origin(name_start, name_end).or(call);
        let fail = |engine: &mut Self, what: &str| {
            let diagnostic = body_fault(head.name, what).at(name_origin);
            Err(engine.report_in_file(diagnostic))
        };
        let (body, end) = if mode.is_free {
            match free_body(&rest, head.body) {
                Some(found) => found,
                None => return fail(self, "has unterminated body"),
            }
        } else {
            (rest.slice(head.body, rest.len()), rest.len())
        };
        if !self.may_define(head.name, mode.action, name_origin) {
            self.sink.check()?;
        }
        if body.is_empty() {
            return fail(self, "has empty body");
        }
        self.check_separated(&head, name_origin);
        let (is_literal, is_one_shot) = match head.parse_modifiers() {
            Ok(modifiers) => modifiers,
            Err(fault) => {
                let start = head.modifiers.as_ptr() as usize - rest.as_str().as_ptr() as usize;
                let origin = rest.origin(start, start + head.modifiers.len());
                return Err(self.report_in_file(fault.into_diagnostic(origin.or(call))));
            }
        };
        let mut made = Macro::simple(head.name, body, mode.level);
        made.options = head.options.map(Into::into);
        (made.is_literal, made.is_one_shot) = (is_literal, is_one_shot);
        if mode.expand && !is_literal {
            self.expand_body_now(&mut made, name_origin)?;
        }
        self.push_local(made);
        Ok(start + end)
    }

    /// Warns where a body touches its name.
    pub(crate) fn check_separated(&mut self, head: &Head<'_>, origin: Option<Origin>) {
        if !head.is_separated {
            self.push_in_file(unspaced(head.name).at(origin));
        }
    }

    /// `-e` and `-g` of `%define`; returns where the name begins.
    fn define_options(&mut self, text: &Text, mode: &mut DefineMode) -> Outcome<usize> {
        let mut at = 0;
        loop {
            at = text.len() - text[at..].trim_start_matches([' ', '\t']).len();
            let Some(letters) = text[at..].strip_prefix('-') else {
                return Ok(at);
            };
            let letters = letters.split([' ', '\t']).next().unwrap_or("");
            let fault = match letters.chars().find(|c| !matches!(c, 'e' | 'g')) {
                Some(bad) => format!("%define: invalid option -- '{bad}'"),
                None if letters.is_empty() => "%define: no option after -".to_owned(),
                None => {
                    mode.expand |= letters.contains('e');
                    mode.level = if letters.contains('g') {
                        Level::GLOBAL
                    } else {
                        mode.level
                    };
                    at += 1 + letters.len();
                    continue;
                }
            };
            let origin = text.origin(at, at + 1 + letters.len());
            let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, fault).at(origin);
            let help = "`-e` (expand the body now) and `-g` (define for good) are known";
            return Err(self.report_in_file(diagnostic.help(help)));
        }
    }

    /// Expands a body at the time of its definition.
    fn expand_body_now(&mut self, made: &mut Macro, origin: Option<Origin>) -> Outcome {
        let Body::Text(body) = &made.body else {
            return Ok(());
        };
        let mut out = Buffer {
            keep_quoted: true,
            ..Buffer::default()
        };
        let expanded = self.expand_into(&body.clone(), None, &mut out);
        if expanded.is_err() {
            self.note_on_last_error(&format!("Macro %{} failed to expand", made.name), origin);
        }
        expanded?;
        made.is_quoted = out.have_quoted;
        made.body = Body::Text(Rc::new(out.text));
        Ok(())
    }

    /// Adds to the last error the definition or call that it made fail.
    pub(crate) fn note_on_last_error(&mut self, note: &str, origin: Option<Origin>) {
        let last = self.sink.found().last().map(|it| it.severity);
        if last != Some(Severity::Error) {
            // Something was reported after the error.
            let diagnostic = Diagnostic::error(codes::BAD_DEFINITION, note).at(origin);
            self.push_in_file(diagnostic);
        } else if let Some(diagnostic) = self.sink.pop() {
            let line = self.rpm_place() + note;
            let mut diagnostic = diagnostic.note(note).rpm_line(line);
            if diagnostic.labels.is_empty() {
                diagnostic = diagnostic.at(origin);
            }
            self.sink.push(diagnostic);
        }
    }
}

/// The error about a body, in rpm's words.
pub(crate) fn body_fault(name: &str, what: &str) -> Diagnostic {
    let help = if what.contains("empty") {
        "write `%{nil}` for a macro that expands to nothing"
    } else {
        "each `%{`, `%(` and `%[` needs its closing bracket, and a `{` in front its `}`"
    };
    Diagnostic::error(codes::BAD_DEFINITION, format!("Macro %{name} {what}")).help(help)
}

/// The warning of a body that begins where its name, options or modifiers end.
fn unspaced(name: &str) -> Diagnostic {
    let message = format!("Macro %{name} needs whitespace before body");
    Diagnostic::warning(codes::BAD_DEFINITION, message).help("put a blank before the body")
}
