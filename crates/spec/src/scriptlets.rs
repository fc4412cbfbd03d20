//! Scriptlets, triggers and file triggers: `%post`, `%triggerin`, `%filetriggerun` and the others.
//!
//! Source: rpm-scriptlets(7); rpm-spec(5), "Runtime scriptlets", "Triggers", "File triggers".

mod triggers;

use package::{
    Dependency, Interpreter, Phase, Phases, RelationKind, Scriptlet, ScriptletFlags, Slot,
};
use source::{Diagnostic, Reported, Text};

use crate::ast::ScriptletSection;
use crate::codes;
use crate::context::{Context, line_fault};
use crate::header::{header_options, header_package};
use crate::line::{Line, Strip};
use crate::near_headers;
use crate::section::{Next, section_names};
use crate::unexpanded::{self, Place};
use crate::words::{BAD_QUOTE, Options, parse_integer, split_words};

pub(crate) use triggers::read_trigger;

/// When a scriptlet's interpreter is needed.
fn phase(slot: Slot) -> Phase {
    match slot {
        Slot::Pre => Phase::Pre,
        Slot::Post => Phase::Post,
        Slot::PreUn => Phase::PreUn,
        Slot::PostUn => Phase::PostUn,
        Slot::PreTrans => Phase::PreTrans,
        Slot::PostTrans => Phase::PostTrans,
        Slot::PreUnTrans => Phase::PreUnTrans,
        Slot::PostUnTrans => Phase::PostUnTrans,
        Slot::Verify => Phase::Verify,
    }
}

/// The package and the options of a header.
struct Head {
    index: usize,
    interpreter: Interpreter,
    flags: ScriptletFlags,
    file: Option<Text>,
    options: Options,
}

impl Head {
    /// The program as it is written, or the one that is there without.
    fn program(&self) -> &str {
        self.options.argument('p').map_or("/bin/sh", Text::as_str)
    }
}

/// Reads a scriptlet.
pub(crate) fn read_scriptlet(
    context: &mut Context<'_>,
    slot: Slot,
    header: &Line,
) -> Result<Next, Reported> {
    let head = parse_head(context, header);
    let head = head.and_then(|head| check_first(context, slot, header, head));
    let (body, next) = context.body(Strip::NOTHING)?;
    let head = head.and_then(|head| check_supported(context, head));
    let Ok(head) = head else {
        return Ok(next);
    };
    if matches!(head.interpreter, Interpreter::Program(_)) {
        near_headers::check_script(context.sink(), &body, &section_names());
        unexpanded::check(context, &body, Place::Script);
    }
    check_lua(context, &head, slot.name(), &body);
    need_interpreter(context, &head, header, Phases::NONE.with(phase(slot)));
    let scriptlet = scriptlet(&head, header, &body);
    let section = ScriptletSection {
        scriptlet,
        file: head.file,
    };
    let first = context.package(head.index).scriptlets.get_mut(&slot);
    if let Some(first) = first {
        // As a lenient reader does; any other has stopped at it.
        let bodies = [&first.scriptlet.body, &section.scriptlet.body];
        let bodies: Vec<&str> = bodies.into_iter().flatten().map(String::as_str).collect();
        first.scriptlet.body = Some(bodies.join("\n")).filter(|body| !body.is_empty());
        return Ok(next);
    }
    context.package(head.index).scriptlets.insert(slot, section);
    Ok(next)
}

/// Refuses a second scriptlet of a kind, and priorities.
fn check_first(
    context: &mut Context<'_>,
    slot: Slot,
    header: &Line,
    head: Head,
) -> Result<Head, Reported> {
    if head.options.has('P') {
        let what = "Priorities are allowed only for file triggers ";
        let message = format!("line {}: {what}: {}", header.number, head.program());
        let given = head.options.argument('P');
        let diagnostic = Diagnostic::error(codes::BAD_TRIGGER, message)
            .at(given.and_then(Text::whole).or(header.origin()))
            .help("leave `-P` out");
        return Err(context.sink().report(diagnostic));
    }
    let first = context.package(head.index).scriptlets.get(&slot);
    let Some(first) = first.map(|first| first.scriptlet.origin) else {
        return Ok(head);
    };
    let message = format!("line {}: Second %{}", header.number, slot.name());
    let diagnostic = Diagnostic::error(codes::SECOND_SECTION, message)
        .at(header.origin())
        .label(first, "the first one is here")
        .help("put what both do into one of them");
    let reported = context.refuse(diagnostic);
    match context.request.is_lenient {
        true => Ok(head),
        false => Err(reported),
    }
}

/// Refuses internal scripts other than `<lua>`; rpm does so when it has read the script.
fn check_supported(context: &mut Context<'_>, head: Head) -> Result<Head, Reported> {
    let unknown = match &head.interpreter {
        Interpreter::Program(words) => words.first().filter(|first| first.starts_with('<')),
        _ => None,
    };
    let Some(unknown) = unknown else {
        return Ok(head);
    };
    let number = context.reader.line_number();
    let message = format!("line {number}: unsupported internal script: {unknown}");
    let place = head.options.argument('p').and_then(Text::whole);
    let diagnostic = Diagnostic::error(codes::BAD_INTERPRETER, message)
        .at(place)
        .help("name a program by its whole path, or `<lua>`");
    Err(context.sink().report(diagnostic))
}

fn scriptlet(head: &Head, header: &Line, body: &Text) -> Scriptlet {
    Scriptlet {
        interpreter: head.interpreter.clone(),
        body: (!body.is_empty()).then(|| body.as_str().to_owned()),
        flags: head.flags,
        origin: header.origin(),
    }
}

/// Reports invalid Lua, which otherwise would fail only when the package is installed.
fn check_lua(context: &mut Context<'_>, head: &Head, name: &str, body: &Text) {
    if head.interpreter != Interpreter::Lua {
        return;
    }
    let Some(scripts) = context.engine.scripts() else {
        return;
    };
    if let Err(fault) = scripts.check(body.trim_end(), &format!("%{name}")) {
        let lines = body.lines();
        let line = fault.line.and_then(|line| lines.get(line.checked_sub(1)?));
        let place = line.and_then(|line| line.trim().whole()).or(body.whole());
        let is_comment = line.is_some_and(|line| line.trim_start().starts_with('#'));
        let help = is_comment.then(|| "comments in Lua begin with `--`".to_owned());
        let diagnostic = Diagnostic::error(codes::BAD_LUA, fault.message)
            .at(place)
            .help_if(help);
        context.sink().report(diagnostic);
    }
}

fn need_interpreter(context: &mut Context<'_>, head: &Head, header: &Line, when: Phases) {
    if let Interpreter::Program(words) = &head.interpreter
        && let Some(program) = words.first()
    {
        let mut dependency = Dependency::on(program.as_str()).at(when.with(Phase::Interp));
        dependency.origin = header.origin();
        context.relate(head.index, RelationKind::Requires, dependency);
    }
}

fn parse_head(context: &mut Context<'_>, header: &Line) -> Result<Head, Reported> {
    let options = header_options(context, header, "p:n:f:eqP:")?;
    if let Some(given) = options.argument('P')
        && parse_priority(given).is_none()
    {
        return Err(report_priority(context, header, given));
    }
    let interpreter = match options.argument('p') {
        Some(program) => parse_interpreter(context, header, program)?,
        None => Interpreter::default(),
    };
    let index = header_package(context, header, &options)?;
    Ok(Head {
        index,
        interpreter,
        flags: ScriptletFlags {
            expand: options.has('e'),
            query_format: options.has('q'),
        },
        file: options.argument('f').cloned(),
        options,
    })
}

/// A priority, as strtol(3) reads an `int`.
fn parse_priority(given: &str) -> Option<i32> {
    let digits = given.strip_prefix('+').filter(|it| !it.starts_with('-'));
    let number = parse_integer(digits.unwrap_or(given));
    number.and_then(|it| i32::try_from(it).ok())
}

fn report_priority(context: &mut Context<'_>, header: &Line, given: &Text) -> Reported {
    let help = match given.starts_with(['/', '<']) {
        true => "`-P` is a file trigger's priority; `-p` names the interpreter",
        false => "a priority is a number",
    };
    let what = format!("Bad option {given}");
    let diagnostic = line_fault(header, &what)
        .at(given.whole().or(header.origin()))
        .help(help);
    context.sink().report(Diagnostic {
        code: codes::BAD_TRIGGER,
        ..diagnostic
    })
}

fn parse_interpreter(
    context: &mut Context<'_>,
    header: &Line,
    program: &Text,
) -> Result<Interpreter, Reported> {
    let words = split_words(program).map_err(|_| BAD_QUOTE.to_owned());
    let words: Vec<String> = words
        .unwrap_or_default()
        .into_iter()
        .map(Text::into_string)
        .collect();
    let first = words.first().map_or("", String::as_str);
    let (fault, shown) = match first {
        _ if program.starts_with('<') && !program.ends_with('>') => {
            ("internal script must end with '>'", program.as_str())
        }
        "<lua>" => return Ok(Interpreter::Lua),
        _ if program.starts_with(['/', '<']) => return Ok(Interpreter::Program(words)),
        _ => ("script program must begin with '/'", program.as_str()),
    };
    let message = format!("line {}: {fault}: {shown}", header.number);
    let diagnostic = Diagnostic::error(codes::BAD_INTERPRETER, message)
        .at(program.whole())
        .help("name a program by its whole path, or `<lua>`");
    Err(context.sink().report(diagnostic))
}

/// A fault of a header in rpm's form.
fn header_fault(context: &mut Context<'_>, header: &Line, what: &str, help: &str) -> Reported {
    let diagnostic = line_fault(header, what).at(header.origin()).help(help);
    context.sink().report(Diagnostic {
        code: codes::BAD_TRIGGER,
        ..diagnostic
    })
}
