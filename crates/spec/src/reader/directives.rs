//! What conditionals and `%include` do to the reader.

use std::path::Path;

use expand::Engine;
use source::{Diagnostic, LINE_END, Reported, Text};

use super::{MAX_FILES, Reader, lenient, operands};
use crate::codes;
use crate::conditions::Misplaced;
use crate::dpkg;
use crate::line::Directive;
use crate::words::part_of;

impl Reader {
    /// Acts on a directive; true if it leaves no line behind.
    pub(super) fn follow(
        &mut self,
        engine: &mut Engine,
        directive: Directive,
        line: &Text,
    ) -> Result<bool, Reported> {
        self.check_place(engine, directive, line)?;
        let origin = line.trim().whole();
        match directive {
            Directive::Include => return self.include(engine, line),
            Directive::Else => self.conditions.turn_else(),
            Directive::Endif => self.conditions.close(),
            _ => {
                let holds = self.evaluate(engine, directive, line)?;
                if directive.opens() {
                    self.conditions
                        .open(directive, holds, origin, self.last_line);
                } else {
                    self.conditions.turn(holds);
                }
            }
        }
        Ok(false)
    }

    fn check_place(
        &self,
        engine: &mut Engine,
        directive: Directive,
        line: &Text,
    ) -> Result<(), Reported> {
        let Err(misplaced) = self.conditions.check(directive) else {
            return Ok(());
        };
        let (file, number, word) = (self.file_name(), self.last_line, directive.word());
        let before = self.conditions.innermost().and_then(|(_, origin)| origin);
        let diagnostic = match misplaced {
            Misplaced::NoIf => {
                let message = format!("{file}: line {number}: {word} with no %if");
                Diagnostic::error(codes::STRAY_DIRECTIVE, message).at(line.trim().whole())
            }
            Misplaced::AfterElse => {
                let message = format!("{file}: line {number}: {word} after %else");
                Diagnostic::error(codes::STRAY_DIRECTIVE, message)
                    .at(line.trim().whole())
                    .label(before, "the conditional begins here")
            }
        };
        Err(engine.sink.report(diagnostic))
    }

    fn evaluate(
        &self,
        engine: &mut Engine,
        directive: Directive,
        line: &Text,
    ) -> Result<bool, Reported> {
        match directive {
            Directive::IfArch { negated } => {
                Ok(self.names(engine, line, "%{_target_cpu}")? != negated)
            }
            Directive::ElifArch => self.names(engine, line, "%{_target_cpu}"),
            Directive::IfOs { negated } => {
                Ok(self.names(engine, line, "%{_target_os}")? != negated)
            }
            Directive::ElifOs => self.names(engine, line, "%{_target_os}"),
            _ if self.conditions.decides(directive) => self.holds(engine, directive, line),
            _ => Ok(false),
        }
    }

    /// Whether one of the words after a directive is what `macro_call` expands to.
    fn names(&self, engine: &mut Engine, line: &Text, macro_call: &str) -> Result<bool, Reported> {
        let wanted = engine.expand_str(macro_call)?;
        let text = line.trim_start();
        let leniency = self.leniency.as_ref();
        let other = leniency.filter(|_| macro_call == "%{_target_cpu}");
        let other = other.and_then(|it| it.other_arch.as_deref());
        let words = text
            .trim_start_matches(|c| c != ' ' && c != '\t')
            .trim_start_matches([' ', '\t']);
        if words.is_empty() {
            let (file, number) = (self.file_name(), self.last_line);
            let text = text.replace('\n', LINE_END.encode_utf8(&mut [0; 4]));
            let message = format!("{file}:{number}: Argument expected for {text}");
            let diagnostic = Diagnostic::error(codes::BAD_CONDITION, message)
                .at(line.trim().whole())
                .help("name at least one architecture or system");
            return Err(engine.sink.report(diagnostic));
        }
        if self.leniency.is_none() && self.conditions.is_reading() {
            let words: Vec<Text> = words
                .split_whitespace()
                .map(|word| part_of(line, word))
                .collect();
            let found = match macro_call {
                "%{_target_cpu}" => dpkg::check_archs(&words),
                _ => dpkg::check_systems(&words),
            };
            found.into_iter().for_each(|it| engine.sink.push(it));
        }
        Ok(words
            .split_whitespace()
            .any(|word| word.eq_ignore_ascii_case(&wanted) || Some(word) == other))
    }

    /// Evaluates what stands after `%if` or `%elif`.
    fn holds(
        &self,
        engine: &mut Engine,
        directive: Directive,
        line: &Text,
    ) -> Result<bool, Reported> {
        let text = line.trim_start();
        let expression = part_of(line, &text[directive.word().len()..]);
        let found = engine.sink.found().len();
        let result = match self.leniency {
            Some(_) => engine.evaluate(&lenient::expression(&expression)),
            None => engine.evaluate(&expression),
        };
        if result.is_err() {
            let (file, number, word) = (self.file_name(), self.last_line, directive.word());
            let what = format!("{file}:{number}: bad {word} condition: ");
            let note = format!("{what}{}", expression.trim_end());
            amend_last(engine, found, |finding| {
                // One about text without a place is drawn at the line.
                let is_placed = !finding.labels.is_empty();
                let place = line.trim().whole().filter(|_| !is_placed);
                // rpm shows the line with its end, if that was kept.
                let rpm_line = format!("{what}{expression}");
                finding.at(place).rpm_line(rpm_line).note(note)
            });
            self.explain(engine, found, directive, &expression);
        }
        if result.is_err()
            && self.leniency.is_some()
            && let Some(last) = engine.sink.pop()
        {
            engine.sink.pass_over(last.note("it is taken for false"));
            return Ok(false);
        }
        result
    }

    /// Adds to the last of the findings after the first `before` ones what to write in the condition.
    fn explain(&self, engine: &mut Engine, before: usize, directive: Directive, expression: &str) {
        let written = self.condition.trim();
        let is_whole = written.starts_with(directive.word()) && !written.contains('\n');
        if !is_whole || engine.sink.found().len() <= before {
            return;
        }
        let start = directive.word().len();
        let written = written.slice(start, written.len());
        if let Some(last) = engine.sink.pop() {
            let last = operands::explain(last, &written, expression);
            engine.sink.push(last);
        }
    }

    /// Reads another file next.
    fn include(&mut self, engine: &mut Engine, line: &Text) -> Result<bool, Reported> {
        if !self.conditions.is_reading() {
            return Ok(false);
        }
        let path = part_of(line, line.as_str().trim()["%include".len()..].trim());
        let (file, number) = (self.file_name().to_owned(), self.last_line);
        let fault = if path.is_empty() {
            Some(format!("{file}:{number}: malformed %include statement"))
        } else if self.files.len() >= MAX_FILES {
            Some(format!("{file}:{number}: %include nests too deeply"))
        } else {
            None
        };
        if let Some(message) = fault {
            let place = line.trim().whole();
            return Err(engine
                .sink
                .report(Diagnostic::error(codes::BAD_INCLUDE, message).at(place)));
        }
        match engine.host.read_file(Path::new(path.as_str())) {
            Ok(text) => {
                self.push(engine, path.as_str().into(), text.into());
                Ok(true)
            }
            Err(error) => {
                let reason = error.to_string();
                // Without Rust's number for it.
                let reason = reason.split(" (os error ").next().unwrap_or_default();
                let message = format!("Unable to open {path}: {reason}");
                // What the path is made of may have no place of its own.
                let place = path.whole().or_else(|| line.trim().whole());
                let diagnostic = Diagnostic::error(codes::BAD_INCLUDE, message).at(place);
                Err(engine.sink.report(diagnostic))
            }
        }
    }

    /// Refuses words after `%else` and `%endif`.
    pub(super) fn check_extra_tokens(
        &self,
        engine: &mut Engine,
        directive: Directive,
        line: &Text,
    ) -> Result<(), Reported> {
        if directive.takes_argument() {
            return Ok(());
        }
        let word = directive.word();
        let extra = line.as_str().trim()[word.len()..].trim_start();
        if extra.is_empty() || extra.starts_with('#') {
            return Ok(());
        }
        let (number, shown) = (self.last_line, line.trim_start());
        let shown = shown.replace('\n', LINE_END.encode_utf8(&mut [0; 4]));
        let message =
            format!("extra tokens at the end of {word} directive in line {number}:  {shown}");
        let place = part_of(line, extra).whole();
        let diagnostic = Diagnostic::error(codes::STRAY_DIRECTIVE, message)
            .at(place)
            .help(format!("nothing but a comment may follow `{word}`"));
        match self.leniency {
            Some(_) => {
                engine.sink.pass_over(diagnostic);
                Ok(())
            }
            None => Err(engine.sink.report(diagnostic)),
        }
    }
}

/// Lets `change` add to the last of the findings after the first `before` ones.
fn amend_last(engine: &mut Engine, before: usize, change: impl FnOnce(Diagnostic) -> Diagnostic) {
    let found = engine.sink.found();
    if found.len() <= before {
        return;
    }
    if let Some(last) = found.last().cloned() {
        engine.sink.truncate(found.len() - 1);
        engine.sink.push(change(last));
    }
}
