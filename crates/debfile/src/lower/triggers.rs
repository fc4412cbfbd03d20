//! Triggers and file triggers as dpkg's file triggers.
//!
//! dpkg activates a trigger when a package touches a path, and then runs the postinst of those who
//! are interested in it. A package is recognised by its documentation directory, which every
//! package has.
//!
//! Source: rpm-scriptlets(7), "TRIGGERS" and "FILE TRIGGERS"; deb-triggers(5); Debian Policy 12.5
//! for the directory.

use package::{Dependency, Package, Relation, Requirement, Trigger, TriggerKind};
use source::{Diagnostic, Sink};

use super::resolve::{Resolved, own_bound, resolve};
use super::script_text::{Case, Scripts};
use super::scriptlets::RUN;
use super::shell_function::{function, is_bash};
use crate::codes;
use crate::context::Context;
use crate::deb::Script;

/// Runs a file trigger with the paths below those of its prefixes that are in `$paths`.
const FILE_TRIGGER: &str = r#"# file_trigger FUNCTION PREFIX...
file_trigger() {
	function=$1 hit=
	shift
	for prefix; do
		case " $paths " in *" $prefix "*) hit="$hit $prefix" ;; esac
	done
	if [ -n "$hit" ]; then
		find $hit 2>/dev/null | run warn "$function" 1 1
	fi
}"#;

/// Runs a trigger if a package that is in `$paths` by its directory is (or is no longer) installed.
const PACKAGE_TRIGGER: &str = r#"# package_trigger in|out FUNCTION PACKAGE [SIGN VERSION]
package_trigger() {
	case " $paths " in *" /usr/share/doc/$3 "*) ;; *) return 0 ;; esac
	version=$(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$3" 2>/dev/null |
		sed -n 's/^\(installed\|triggers-[a-z]*\) //p' | head -n 1)
	if [ "$1" = out ]; then
		if [ -z "$version" ]; then run warn "$2" 1 0 </dev/null; fi
	elif [ -n "$version" ]; then
		if [ -z "${4:-}" ] || dpkg --compare-versions "$version" "$4" "$5"; then
			run warn "$2" 1 1 </dev/null
		fi
	fi
}"#;

/// Adds the triggers of a package to its postinst; returns the paths it is interested in.
pub(crate) fn lower_triggers(
    package: &Package,
    context: &Context<'_>,
    scripts: &mut Scripts,
    sink: &mut Sink,
) -> Vec<String> {
    let mut triggers: Vec<&Trigger> = package.triggers.iter().collect();
    triggers.sort_by_key(|trigger| std::cmp::Reverse(trigger.priority));
    let mut lowering = Lowering {
        package,
        context,
        sink,
        calls: Vec::new(),
        at_start: Vec::new(),
        paths: Vec::new(),
    };
    let mut done: Vec<&Trigger> = Vec::new();
    for trigger in triggers {
        if done.iter().any(|earlier| same_work(earlier, trigger)) {
            continue;
        }
        done.push(trigger);
        lowering.trigger(trigger, done.len(), scripts);
    }
    lowering.write(scripts)
}

/// Whether two file triggers do the same; rpm tells installation and removal apart, dpkg doesn't.
fn same_work(a: &Trigger, b: &Trigger) -> bool {
    let names = |it: &Trigger| {
        it.conditions
            .iter()
            .map(Dependency::to_string)
            .collect::<Vec<_>>()
    };
    a.kind.is_file()
        && b.kind.is_file()
        && a.scriptlet.body == b.scriptlet.body
        && a.scriptlet.interpreter == b.scriptlet.interpreter
        && names(a) == names(b)
}

struct Lowering<'a, 'c> {
    package: &'a Package,
    context: &'a Context<'c>,
    sink: &'a mut Sink,
    calls: Vec<String>,
    /// Those that also run when the package itself is configured.
    at_start: Vec<String>,
    paths: Vec<String>,
}

impl Lowering<'_, '_> {
    fn trigger(&mut self, trigger: &Trigger, number: usize, scripts: &mut Scripts) {
        let name = format!("trigger_{number}");
        if trigger.scriptlet.interpreter == package::Interpreter::Lua {
            self.refuse(trigger, "dpkg cannot run its Lua");
            return;
        }
        let Some(function) = function(&name, &trigger.scriptlet) else {
            return;
        };
        let calls = if trigger.kind.is_file() {
            self.file_trigger(trigger, &name)
        } else {
            self.package_trigger(trigger, &name)
        };
        if calls.is_empty() {
            return;
        }
        let postinst = scripts.of(Script::Postinst);
        postinst.define(RUN);
        postinst.define(if trigger.kind.is_file() {
            FILE_TRIGGER
        } else {
            PACKAGE_TRIGGER
        });
        postinst.define(function);
        if is_bash(&trigger.scriptlet) {
            postinst.need_bash();
        }
        if is_of_installation(trigger.kind) {
            self.at_start.extend(calls.iter().cloned());
        }
        self.calls.extend(calls);
    }

    fn file_trigger(&mut self, trigger: &Trigger, name: &str) -> Vec<String> {
        if matches!(trigger.kind, TriggerKind::FileUn | TriggerKind::TransFileUn) {
            self.warn(trigger, "it runs after the files are gone, not before");
        }
        let prefixes: Vec<String> = trigger
            .conditions
            .iter()
            .map(|it| prefix(&it.name()))
            .collect();
        if let Some(bad) = prefixes.iter().find(|path| !is_trigger_name(path)) {
            self.refuse(trigger, &format!("`{bad}` is no name of a trigger"));
            return Vec::new();
        }
        prefixes.iter().for_each(|path| self.interest(path));
        vec![format!("file_trigger {name} {}", prefixes.join(" "))]
    }

    fn package_trigger(&mut self, trigger: &Trigger, name: &str) -> Vec<String> {
        match trigger.kind {
            TriggerKind::PackagePreIn => {
                self.refuse(trigger, "nothing runs before another package is installed");
                return Vec::new();
            }
            TriggerKind::PackageUn => {
                self.warn(
                    trigger,
                    "it runs after the other package is gone, not before",
                );
            }
            _ => {}
        }
        let conditions = trigger.conditions.iter().filter_map(|it| match &it.what {
            Requirement::Simple(relation) => Some(relation),
            Requirement::Rich(_) => None,
        });
        conditions
            .flat_map(|it| self.condition(trigger, it, name))
            .collect()
    }

    /// The calls for one condition.
    fn condition(&mut self, trigger: &Trigger, relation: &Relation, name: &str) -> Vec<String> {
        let direction = if is_of_installation(trigger.kind) {
            "in"
        } else {
            "out"
        };
        if direction == "out" && relation.version.is_some() {
            let what = format!("the version in `{relation}` is not known after removal");
            self.warn(trigger, &format!("{what}: it never runs"));
            return Vec::new();
        }
        let unversioned = Relation {
            name: relation.name.clone(),
            version: None,
        };
        let clauses = match resolve(&unversioned, self.package, self.context) {
            Resolved::Clauses(clauses) => clauses,
            Resolved::Unknown(Some(clauses)) => {
                self.warn(
                    trigger,
                    &format!("{}: its name is kept as it is", unknown(relation)),
                );
                clauses
            }
            Resolved::Nothing | Resolved::Unknown(None) => {
                self.refuse(trigger, &unknown(relation));
                return Vec::new();
            }
        };
        let names = clauses.into_iter().flatten().map(|atom| atom.name);
        names
            .map(|target| self.call(direction, name, &target, relation))
            .collect()
    }

    fn call(&mut self, direction: &str, name: &str, target: &str, relation: &Relation) -> String {
        let target = target.split(':').next().unwrap_or(target);
        self.interest(&format!("/usr/share/doc/{target}"));
        let version = relation.version.as_ref().and_then(|(comparison, version)| {
            let (sign, version) = own_bound(*comparison, &package::Evr::parse(version).ok()?)?;
            Some(format!(" '{}' {version}", sign.as_str()))
        });
        format!(
            "package_trigger {direction} {name} {target}{}",
            version.unwrap_or_default()
        )
    }

    fn interest(&mut self, path: &str) {
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }

    fn refuse(&mut self, trigger: &Trigger, why: &str) {
        let message = format!(
            "`%{}` has no counterpart in dpkg: {why}",
            trigger.kind.name()
        );
        let finding = Diagnostic::error(codes::NO_TRIGGER, message);
        self.sink.push(
            finding
                .at(trigger.scriptlet.origin)
                .help("put it between `%if \"%{_vendor}\" != \"debbuild\"` and `%endif`"),
        );
    }

    fn warn(&mut self, trigger: &Trigger, what: &str) {
        let message = format!("`%{}` is different under dpkg: {what}", trigger.kind.name());
        let finding = Diagnostic::warning(codes::LOSSY_TRIGGER, message);
        self.sink.push(finding.at(trigger.scriptlet.origin));
    }

    fn write(self, scripts: &mut Scripts) -> Vec<String> {
        if self.calls.is_empty() {
            return self.paths;
        }
        let postinst = scripts.of(Script::Postinst);
        postinst.add(Case::Triggered, "paths=$2");
        self.calls
            .into_iter()
            .for_each(|call| postinst.add(Case::Triggered, call));
        if !self.at_start.is_empty() {
            postinst.add(
                Case::Configure,
                format!("paths=\"{}\"", self.paths.join(" ")),
            );
            self.at_start
                .into_iter()
                .for_each(|call| postinst.add(Case::Configure, call));
        }
        self.paths
    }
}

fn unknown(relation: &Relation) -> String {
    format!(
        "no package of the target is known to be `{}`",
        relation.name
    )
}

fn is_of_installation(kind: TriggerKind) -> bool {
    matches!(
        kind,
        TriggerKind::PackageIn | TriggerKind::FileIn | TriggerKind::TransFileIn
    )
}

/// A prefix without slashes at its end.
fn prefix(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

/// Source: deb-triggers(5): printable ASCII without blanks; a path here, and safe in a script.
fn is_trigger_name(path: &str) -> bool {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"/._-+:@%,".contains(&b);
    path.starts_with('/') && path.len() > 1 && path.bytes().all(safe)
}
