//! Builtins about the system: environment, processors, macro files, directories, Lua.

use source::{Code, Diagnostic, Origin};

use super::{Builtin, BuiltinCall};
use crate::args::Outcome;
use crate::script::Script;
use crate::{Engine, ScriptError, Value, codes};

/// The version of rpm whose language this is.
const RPM_VERSION: &str = "6.1.0";

/// `%{S:n}`, `%{P:n}`.
pub(super) fn source_path(
    engine: &mut Engine,
    builtin: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let prefix = if builtin.name == "S" {
        "SOURCE"
    } else {
        "PATCH"
    };
    let text = source::Text::detached(format!("%{prefix}{}", call.arg()));
    engine.expand_into(&text, call.at.frame, call.out)
}

/// `%{getenv:…}`.
pub(super) fn getenv(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let value = engine.host.env(call.arg()).unwrap_or_default();
    call.push(&value);
    Ok(())
}

/// `%getconfdir`: the value of `RPM_CONFIGDIR`, else rpm's own default.
pub(super) fn config_dir(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let dir = engine
        .host
        .env("RPM_CONFIGDIR")
        .unwrap_or_else(|| "/usr/lib/rpm".to_owned());
    call.push(&dir);
    Ok(())
}

/// `%rpmversion`.
pub(super) fn version(_: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    call.push(RPM_VERSION);
    Ok(())
}

/// `%{getncpus:…}`: all processors, or as many as there is memory for, by `%_smp_tasksize_proc` and
/// `%_smp_tasksize_thread` MiB each (512 unless set).
pub(super) fn cpus(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    let all = u64::from(engine.host.cpus());
    let task_size = match call.args.first().map_or("total", |arg| arg.as_str()) {
        "total" => None,
        "proc" => Some("%{?_smp_tasksize_proc}"),
        "thread" => Some("%{?_smp_tasksize_thread}"),
        other => {
            let message = format!("invalid argument: {other}");
            let diagnostic = Diagnostic::error(codes::BAD_CALL, message).at(call.at.origin);
            let help = "`total`, `proc` and `thread` are known";
            return Err(engine.report_in_file(diagnostic.help(help)));
        }
    };
    let fitting = task_size.map_or(all, |size| {
        // As in rpm, a size below zero is a huge one.
        let size = engine.expand_number(size).cast_unsigned();
        engine.host.memory() / if size == 0 { 512 } else { size }
    });
    call.push(&all.min(fitting).max(1).to_string());
    Ok(())
}

/// `%{load:…}`.
pub(super) fn load(
    engine: &mut Engine,
    _: &'static Builtin,
    call: &mut BuiltinCall<'_>,
) -> Outcome {
    engine.load_for_macro(call.arg(), call.at)
}

/// `%{xdg:…}`.
pub(super) fn xdg(engine: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    const DIRECTORIES: [(&str, &str, &str); 4] = [
        ("cache", "XDG_CACHE_HOME", ".cache"),
        ("config", "XDG_CONFIG_HOME", ".config"),
        ("data", "XDG_DATA_HOME", ".local/share"),
        ("state", "XDG_STATE_HOME", ".local/state"),
    ];
    let wanted = call.arg();
    let Some((_, variable, fallback)) = DIRECTORIES.iter().find(|(name, ..)| *name == wanted)
    else {
        let message = format!("xdg: invalid argument: {wanted}");
        let diagnostic = Diagnostic::error(codes::BAD_CALL, message).at(call.at.origin);
        let help = "`cache`, `config`, `data` and `state` are known";
        return Err(engine.report_in_file(diagnostic.help(help)));
    };
    let set = engine.host.env(variable).filter(|value| !value.is_empty());
    let dir = set
        .unwrap_or_else(|| format!("{}/{fallback}", engine.host.env("HOME").unwrap_or_default()));
    call.push(&dir);
    Ok(())
}

/// `%{lua:…}`.
pub(super) fn lua(engine: &mut Engine, _: &'static Builtin, call: &mut BuiltinCall<'_>) -> Outcome {
    let scope = engine.args().cloned();
    let args = scope.as_ref().map_or(&[][..], |scope| &scope.args);
    let mut all = vec![
        scope
            .as_ref()
            .map_or_else(String::new, |scope| scope.name.clone()),
    ];
    all.extend_from_slice(args);
    let script = Script {
        code: call.arg(),
        name: scope.as_ref().map_or("<lua>", |scope| scope.name.as_str()),
        options: scope.as_ref().map(|scope| scope.options.as_str()),
        args: if scope.is_some() { &all } else { &[] },
    };
    let Some(scripts) = engine.scripts() else {
        return Err(engine.no_scripts(call.at.origin));
    };
    match scripts.run(engine, &script) {
        Ok(printed) => {
            call.push(&printed);
            Ok(())
        }
        Err(error) => {
            call.push(&error.printed);
            let origin = error
                .line
                .and_then(|line| line_origin(call, line))
                .or(call.at.origin);
            Err(engine.script_failed(&error, origin, codes::SCRIPT))
        }
    }
}

/// Where a line of the chunk stands, with the calls that led to it.
fn line_origin(call: &BuiltinCall<'_>, line: usize) -> Option<Origin> {
    let chunk = &call.args[0];
    let start: usize = chunk
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let text = chunk[start..].split('\n').next()?;
    let indent = text.len() - text.trim_start().len();
    let origin = chunk.origin(start + indent, start + text.len())?;
    Some(Origin {
        frame: origin.frame.or(call.at.frame),
        ..origin
    })
}

impl Engine {
    /// Runs a chunk of the scripting language that is no part of any text.
    pub(super) fn run_script(
        &mut self,
        script: &Script<'_>,
        origin: Option<Origin>,
    ) -> Outcome<String> {
        let Some(scripts) = self.scripts() else {
            return Err(self.no_scripts(origin));
        };
        scripts
            .run(self, script)
            .map_err(|error| self.script_failed(&error, origin, codes::SCRIPT))
    }

    /// Calls a function of the scripting language.
    pub(crate) fn call_script(
        &mut self,
        function: &str,
        args: &[Value],
        origin: Option<Origin>,
        code: Code,
    ) -> Outcome<String> {
        let Some(scripts) = self.scripts() else {
            return Err(self.no_scripts(origin));
        };
        scripts
            .call(self, function, args)
            .map_err(|error| self.script_failed(&error, origin, code))
    }

    fn no_scripts(&mut self, origin: Option<Origin>) -> source::Reported {
        let diagnostic = Diagnostic::error(codes::SCRIPT, "there is no Lua here").at(origin);
        self.sink.report(diagnostic)
    }

    fn script_failed(
        &mut self,
        error: &ScriptError,
        origin: Option<Origin>,
        code: Code,
    ) -> source::Reported {
        let diagnostic = Diagnostic::error(code, error.message.as_str()).at(origin);
        self.sink.report(diagnostic)
    }
}
