//! Scriptlets as maintainer scripts.
//!
//! Each body becomes a function that runs in a process of its own, so that `exit` and `set` stay
//! inside. A shim calls the functions with the argument rpm would give.
//!
//! Source: rpm-scriptlets(7) for when and with what scriptlets run, and which failures stop an
//! operation; Debian Policy 6.5 and 6.6 for when and with what dpkg calls scripts.

use package::{Interpreter, Package, Scriptlet, Slot};
use source::Diagnostic;

use super::arguments::{arguments_of, report_arguments};
use super::draft::Deb;
use super::fields::Field;
use super::lua::{Fault, LUA, Lowered, lower_lua, run_lua};
use super::programs::with_programs;
use super::script_text::{Case, quote};
use super::shell_function::{function, is_bash, is_ldconfig};
use crate::codes;
use crate::context::{Context, ScriptletArguments};
use crate::deb::Script;

/// Runs a function with the shell's error exit off, as rpm runs scriptlets, and acts on its status.
pub(crate) const RUN: &str = r#"# run stop|warn FUNCTION ARGUMENT...
run() {
	fatal=$1 scriptlet=$2
	shift 2
	set +e
	"$scriptlet" "$@"
	status=$?
	set -e
	if [ "$status" -ne 0 ]; then
		echo "$DPKG_MAINTSCRIPT_PACKAGE: $scriptlet failed with exit status $status" >&2
		if [ "$fatal" = stop ]; then exit "$status"; fi
	fi
}"#;

/// dpkg's helper refuses to replace a directory with anything in it that is not the package's; rpm's
/// packagers have all of it moved away.
const SET_ASIDE: &str = r#"# set_aside DIRECTORY: moves what is not the package's out of a directory that becomes a link
set_aside() {
	dir=${DPKG_ROOT:-}$1
	if [ ! -d "$dir" ] || [ -L "$dir" ]; then return 0; fi
	own=$(dpkg-query -L "$DPKG_MAINTSCRIPT_PACKAGE" 2>/dev/null || true)
	find "$dir" -depth | while IFS= read -r found; do
		if printf '%s\n' "$own" | grep -Fqx -e "${found#"${DPKG_ROOT:-}"}"; then continue; fi
		moved=$dir.rpmmoved${found#"$dir"}
		if [ -d "$found" ] && [ ! -L "$found" ]; then
			mkdir -p "$moved"
			rmdir --ignore-fail-on-non-empty "$found"
		else
			mkdir -p "${moved%/*}"
			mv -T "$found" "$moved"
		fi
	done
}"#;

/// When a scriptlet runs and what a failure does.
struct Call {
    slot: Slot,
    script: Script,
    /// Case and rpm's argument; `$count` is set by the script.
    cases: &'static [(Case, &'static str)],
    failure: &'static str,
}

/// In the order in which they run within a case.
const CALLS: [Call; 8] = [
    Call {
        slot: Slot::PreTrans,
        script: Script::Preinst,
        cases: &[(Case::Install, "1"), (Case::Upgrade, "2")],
        failure: "stop",
    },
    Call {
        slot: Slot::Pre,
        script: Script::Preinst,
        cases: &[(Case::Install, "1"), (Case::Upgrade, "2")],
        failure: "stop",
    },
    Call {
        slot: Slot::Post,
        script: Script::Postinst,
        cases: &[(Case::Configure, "\"$count\"")],
        failure: "warn",
    },
    Call {
        slot: Slot::PostTrans,
        script: Script::Postinst,
        cases: &[(Case::Configure, "\"$count\"")],
        failure: "warn",
    },
    Call {
        slot: Slot::PreUnTrans,
        script: Script::Prerm,
        cases: &[(Case::Upgrade, "1"), (Case::Remove, "0")],
        failure: "warn",
    },
    Call {
        slot: Slot::PreUn,
        script: Script::Prerm,
        cases: &[(Case::Upgrade, "1"), (Case::Remove, "0")],
        failure: "stop",
    },
    Call {
        slot: Slot::PostUn,
        script: Script::Postrm,
        cases: &[(Case::Upgrade, "1"), (Case::Remove, "0")],
        failure: "warn",
    },
    Call {
        slot: Slot::PostUnTrans,
        script: Script::Postrm,
        cases: &[(Case::Upgrade, "1"), (Case::Remove, "0")],
        failure: "warn",
    },
];

/// Adds the scriptlets of a package to its maintainer scripts.
pub(crate) fn lower_scriptlets(deb: &mut Deb<'_>, package: &Package) {
    let mut lowering = Lowering { deb, package };
    for call in &CALLS {
        if let Some(scriptlet) = package.scriptlets.get(&call.slot) {
            lowering.scriptlet(call, scriptlet);
        }
    }
    if let Some(verify) = package.scriptlets.get(&Slot::Verify) {
        let message = "dpkg has no counterpart of `%verifyscript`: it is left out";
        let finding = Diagnostic::warning(codes::NO_SCRIPTLET, message);
        deb.sink.push(finding.at(verify.origin));
    }
    deb.counts_instances |= counts_instances(package, deb.context);
}

struct Lowering<'l, 'd> {
    deb: &'l mut Deb<'d>,
    package: &'l Package,
}

impl Lowering<'_, '_> {
    /// Adds one scriptlet.
    fn scriptlet(&mut self, call: &Call, scriptlet: &Scriptlet) {
        if scriptlet.interpreter == Interpreter::Lua {
            self.lua(call, scriptlet);
            return;
        }
        self.warn_of_flags(call.slot, scriptlet);
        let name = call.slot.name();
        let scriptlet = &*with_programs(name, scriptlet, self.deb.context, self.deb.sink);
        if is_ldconfig(scriptlet) {
            self.deb.calls_ldconfig = true;
            return;
        }
        if let Some(function) = function(&function_name(call.slot), scriptlet) {
            if is_bash(scriptlet) {
                self.deb.scripts.of(call.script).need_bash();
            }
            self.deb.scripts.of(call.script).define(RUN);
            self.deb.scripts.of(call.script).define(function);
            report_arguments(name, scriptlet, self.deb.context, self.deb.sink);
            self.call(call, arguments_of(scriptlet, self.deb.context));
        }
    }

    fn call(&mut self, call: &Call, arguments: ScriptletArguments) {
        let (failure, function) = (call.failure, function_name(call.slot));
        let script = self.deb.scripts.of(call.script);
        if arguments == ScriptletArguments::Dpkg {
            script.always(format!("run {failure} {function} \"$@\" </dev/null"));
            return;
        }
        for (case, argument) in call.cases {
            script.add(
                *case,
                format!("run {failure} {function} {argument} </dev/null"),
            );
        }
    }

    fn warn_of_flags(&mut self, slot: Slot, scriptlet: &Scriptlet) {
        let flags = [
            (
                scriptlet.flags.expand,
                "-e",
                "macros in it are not expanded when it runs",
            ),
            (
                scriptlet.flags.query_format,
                "-q",
                "tags in it are not filled in when it runs",
            ),
        ];
        for (_, option, outcome) in flags.into_iter().filter(|(set, ..)| *set) {
            let message = format!(
                "dpkg has no counterpart of `%{} {option}`: {outcome}",
                slot.name()
            );
            let finding = Diagnostic::warning(codes::NO_SCRIPTLET, message);
            self.deb.sink.push(finding.at(scriptlet.origin));
        }
    }

    fn lua(&mut self, call: &Call, scriptlet: &Scriptlet) {
        let name = call.slot.name();
        match lowered(call.slot, scriptlet) {
            Ok(lowered) => {
                for path in &lowered.directories {
                    self.directory_away(path);
                }
                if lowered.needs_lua {
                    self.deb.sink.push(reliance(name, scriptlet));
                    self.run_lua(call.script);
                }
                self.scriptlet(call, &lowered.scriptlet);
            }
            Err(fault) => {
                let message = format!("dpkg cannot run the Lua of `%{name}`");
                self.deb.sink.push(refusal(message, &fault, scriptlet));
            }
        }
    }

    fn run_lua(&mut self, script: Script) {
        self.deb.scripts.of(script).define(run_lua());
        let field = if script == Script::Preinst {
            Field::PreDepends
        } else {
            Field::Depends
        };
        self.deb.relations.add_text(field, LUA);
    }

    /// dpkg keeps a directory where a package has a link; its own helper knows how to replace it.
    fn directory_away(&mut self, path: &str) {
        let target = self
            .package
            .files
            .get(path)
            .and_then(|entry| match &entry.kind {
                package::FileKind::Symlink { target } => Some(target),
                _ => None,
            });
        let path = quote(path);
        if let Some(target) = target {
            let command = format!(
                "dpkg-maintscript-helper dir_to_symlink {path} {} -- \"$@\"",
                quote(target)
            );
            let preinst = self.deb.scripts.of(Script::Preinst);
            preinst.define(SET_ASIDE);
            preinst.always(format!(
                "case $1 in install | upgrade) set_aside {path} ;; esac"
            ));
            for script in [Script::Preinst, Script::Postinst, Script::Postrm] {
                self.deb.scripts.of(script).always(command.as_str());
            }
            return;
        }
        let moved =
            format!("if [ -d {path} ] && [ ! -L {path} ]; then mv -T {path} {path}.rpmmoved; fi");
        self.deb
            .scripts
            .of(Script::Preinst)
            .add(Case::Upgrade, moved);
    }
}

/// A scriptlet in Lua for dpkg. Before unpacking, dpkg can move directories itself.
fn lowered(slot: Slot, scriptlet: &Scriptlet) -> Result<Lowered, Fault> {
    lower_lua(scriptlet, matches!(slot, Slot::PreTrans | Slot::Pre))
}

/// That a scriptlet, or a trigger, is run by Lua.
pub(crate) fn reliance(name: &str, scriptlet: &Scriptlet) -> Diagnostic {
    let message = format!("the Lua of `%{name}` is none that a shell could do: `{LUA}` runs it");
    Diagnostic::warning(codes::LUA_SCRIPTLET, message)
        .at(scriptlet.origin)
        .note("the package depends on it")
}

/// Why the Lua of a scriptlet is not for dpkg, with the line of its text.
pub(crate) fn refusal(message: String, fault: &Fault, scriptlet: &Scriptlet) -> Diagnostic {
    let body = scriptlet.body.as_deref().unwrap_or("");
    let line = body.lines().nth(fault.line - 1).unwrap_or("").trim();
    let Fault { line: number, why } = fault;
    Diagnostic::error(codes::LUA_SCRIPTLET, message)
        .at(scriptlet.origin)
        .note(format!("in line {number} of it, `{line}`: {why}"))
        .help("write it for the shell, or for a program that can be depended on")
}

fn function_name(slot: Slot) -> String {
    format!("scriptlet_{}", slot.name())
}

/// Whether a scriptlet becomes a function that is called as rpm would call it.
fn is_called_by_count(slot: Slot, scriptlet: &Scriptlet, context: &Context<'_>) -> bool {
    if scriptlet.interpreter == Interpreter::Lua {
        return lowered(slot, scriptlet)
            .is_ok_and(|lowered| is_called_by_count(slot, &lowered.scriptlet, context));
    }
    let is_called = function(slot.name(), scriptlet).is_some();
    is_called && arguments_of(scriptlet, context) == ScriptletArguments::Rpm
}

/// Whether scriptlets of postinst get the number of instances.
fn counts_instances(package: &Package, context: &Context<'_>) -> bool {
    let mut slots = [Slot::Post, Slot::PostTrans]
        .iter()
        .filter_map(|slot| package.scriptlets.get(slot).map(|it| (slot, it)));
    slots.any(|(slot, it)| !is_ldconfig(it) && is_called_by_count(*slot, it, context))
}

/// Lets postinst know how many instances there are, as `$count`, where something asks for it.
///
/// dpkg gives postinst the version configured last even if the package was removed in between, but
/// rpm counts such an installation as a first one; preinst can tell, and leaves a mark.
pub(crate) fn count_instances(deb: &mut Deb<'_>) {
    if !deb.counts_instances {
        return;
    }
    let mark = "mark=${DPKG_ROOT:-}/run/$DPKG_MAINTSCRIPT_PACKAGE.specbuild-first";
    let leave =
        format!("{mark}\nif [ -n \"${{2:-}}\" ] && [ -d \"${{mark%/*}}\" ]; then : >\"$mark\"; fi");
    let count = format!(
        "{mark}\nif [ -z \"${{2:-}}\" ] || [ -e \"$mark\" ]; then count=1; else count=2; fi\n\
         rm -f \"$mark\""
    );
    deb.scripts.of(Script::Preinst).add(Case::Install, leave);
    deb.scripts
        .of(Script::Postinst)
        .add_first(Case::Configure, count);
}
