//! `%setup`: shell that unpacks sources and enters their directory.

use expand::{Engine, Level};
use source::{Reported, Text};

use super::call::{CallArgs, Facts};
use crate::ast::SourceKind;
use crate::words::parse_number;

/// What `%setup` is asked to do.
struct Plan<'a> {
    /// `-q`: unpack without listing the files.
    is_quiet: bool,
    /// `-C`: the archive's own top directory does not matter.
    strips_top: bool,
    facts: &'a Facts,
    call: CallArgs<'a>,
}

/// The shell text of a call.
pub(super) fn expand(engine: &mut Engine, facts: &Facts, args: &[Text]) -> Result<Text, Reported> {
    let call = CallArgs::parse(engine, "setup", args, "a:b:cCDn:Tq")?;
    let plan = Plan {
        is_quiet: call.options.has('q'),
        strips_top: call.options.has('C'),
        facts,
        call,
    };
    let before = plan.unpack_listed(engine, 'b')?;
    let after = plan.unpack_listed(engine, 'a')?;
    let subdir = match plan.call.options.argument('n') {
        Some(given) => given.clone(),
        None => Text::detached(facts.subdir.as_str()),
    };
    engine.define_literal("buildsubdir", subdir, Level::SPEC);
    plan.write(engine, &before, &after).map(Text::detached)
}

impl Plan<'_> {
    fn write(&self, engine: &mut Engine, before: &str, after: &str) -> Result<String, Reported> {
        let options = &self.call.options;
        let mut script = engine.expand_str("cd '%{_builddir}'\n")?;
        if !options.has('D') {
            script += &engine.expand_str("rm -rf '%{buildsubdir}'\n")?;
        }
        script += before;
        let enter = engine.expand_str("cd '%{buildsubdir}'\n")?;
        if options.has('c') {
            script += &engine.expand_str("%{__mkdir_p} '%{buildsubdir}'\n")?;
            script += &enter;
        }
        if !options.has('T') {
            script += &self.unpack(engine, 0, self.strips_top)?;
        }
        if !options.has('c') {
            script += &enter;
        }
        script += after;
        let fix = engine.expand_str("%{?_fixperms:%{_fixperms} .\n}")?;
        Ok(script + &fix)
    }

    /// Unpacks what `-a` or `-b` name.
    fn unpack_listed(&self, engine: &mut Engine, letter: char) -> Result<String, Reported> {
        let mut script = String::new();
        for argument in self.call.options.arguments(letter) {
            let Some(number) = parse_number(argument) else {
                let message = format!("Bad arg to %setup: {argument}");
                return Err(self.call.report(engine, argument.whole(), &message));
            };
            script += &self.unpack(engine, number, false)?;
        }
        Ok(script)
    }

    /// Unpacks one source, and ends the script if that fails.
    fn unpack(
        &self,
        engine: &mut Engine,
        number: u32,
        strips_top: bool,
    ) -> Result<String, Reported> {
        let Some(source) = self.facts.sources.get(&(SourceKind::Source, number)) else {
            let message = format!("No source number {number}");
            return Err(self.call.report(engine, None, &message));
        };
        let verbose = if self.is_quiet { "" } else { "-v " };
        let into = if strips_top { "-C %{buildsubdir} " } else { "" };
        let path = &source.path;
        engine.expand_str(&format!(
            "%{{__rpmuncompress}} -x {verbose}{into}%{{shescape:{path}}}\n\
             STATUS=$?\n\
             if [ $STATUS -ne 0 ]; then\n  exit $STATUS\nfi\n"
        ))
    }
}
