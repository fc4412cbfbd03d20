//! Triggers and file triggers as dpkg's file triggers.
//!
//! dpkg activates a trigger when a package touches a path, and then runs the postinst of those who
//! are interested in it. A package is recognised by its documentation directory, which every
//! package has. What came and what went, the scripts find out by themselves.
//!
//! Source: rpm-scriptlets(7), "TRIGGERS" and "FILE TRIGGERS"; deb-triggers(5).

mod functions;
mod plan;

use std::borrow::Cow;

use package::{
    Dependency, Interpreter, Package, Relation, Requirement, Scriptlet, Trigger, TriggerKind,
};
use source::Diagnostic;

use super::draft::Deb;
use super::fields::Field;
use super::lua::{LUA, lower_lua, run_lua};
use super::programs::with_programs;
use super::resolve::{Resolved, own_bound, resolve};
use super::script_text::quote;
use super::scriptlets::{RUN, refusal, reliance};
use super::shell_function::{function, is_bash};
use super::version::deb_version;
use crate::codes;
use crate::deb::Script;
use plan::{Plan, Side};

/// Adds the triggers of a package to its maintainer scripts.
pub(crate) fn lower_triggers(deb: &mut Deb<'_>, package: &Package) {
    let mut triggers: Vec<&Trigger> = package.triggers.iter().collect();
    triggers.sort_by_key(|it| (rank(it.kind), std::cmp::Reverse(it.priority)));
    let mut lowering = Lowering {
        package,
        deb,
        plan: Plan::default(),
    };
    let mut done: Vec<&Trigger> = Vec::new();
    for (number, trigger) in triggers.iter().enumerate() {
        if done.iter().any(|earlier| same_work(earlier, trigger)) {
            continue;
        }
        done.push(trigger);
        let twins: Vec<TriggerKind> = triggers[number..]
            .iter()
            .filter(|it| same_work(trigger, it))
            .map(|it| it.kind)
            .collect();
        let kinds = if twins.is_empty() {
            vec![trigger.kind]
        } else {
            twins
        };
        lowering.trigger(trigger, &kinds, &format!("trigger_{}", done.len()));
    }
    let plan = lowering.plan;
    plan.write(&mut deb.scripts);
    deb.watched_paths = plan.interests();
    deb.counts_instances |= !plan.configure.is_empty() || !plan.own.is_empty();
}

/// Adds the `triggers` member. Source: deb-triggers(5).
pub(crate) fn add_trigger_lines(deb: &mut Deb<'_>) {
    let paths = deb.watched_paths.iter();
    let mut lines: String = paths
        .map(|path| format!("interest-noawait {path}\n"))
        .collect();
    if deb.calls_ldconfig || deb.has_library {
        lines.push_str("activate-noawait ldconfig\n");
    }
    deb.add_to_member("triggers", &lines);
}

/// The place of a kind in rpm's order. Source: rpm-scriptlets(7), "EXECUTION ORDER".
fn rank(kind: TriggerKind) -> u8 {
    match kind {
        TriggerKind::TransFileUn => 0,
        TriggerKind::PackagePreIn => 1,
        TriggerKind::FileIn => 2,
        TriggerKind::PackageIn => 3,
        TriggerKind::PackageUn => 4,
        TriggerKind::FileUn => 5,
        TriggerKind::FilePostUn => 6,
        TriggerKind::PackagePostUn => 7,
        TriggerKind::TransFilePostUn => 8,
        TriggerKind::TransFileIn => 9,
    }
}

/// Whether two file triggers do the same, so that one call does for both.
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

struct Lowering<'l, 'd> {
    package: &'l Package,
    deb: &'l mut Deb<'d>,
    plan: Plan,
}

impl Lowering<'_, '_> {
    /// Adds a trigger, under the name of its function; `kinds` has those of its twins too.
    fn trigger(&mut self, trigger: &Trigger, kinds: &[TriggerKind], name: &str) {
        let Some((scriptlet, needs_lua)) = self.runnable(trigger) else {
            return;
        };
        let kind = trigger.kind.name();
        let scriptlet = with_programs(kind, &scriptlet, self.deb.context, self.deb.sink);
        let Some(function) = function(name, &scriptlet) else {
            return;
        };
        let is_used = if trigger.kind.is_file() {
            self.file_trigger(trigger, kinds, name)
        } else {
            self.package_trigger(trigger, name)
        };
        let used = is_used.then_some(Script::Postinst);
        let is_early = kinds.iter().any(|it| Side::of(*it) == Side::Un);
        let early = (is_used && is_early && self.plan.prerm.iter().any(|it| it.contains(name)))
            .then_some(Script::Prerm);
        for script in used.into_iter().chain(early) {
            let text = self.deb.scripts.of(script);
            text.define(RUN);
            if needs_lua {
                text.define(run_lua());
                self.deb.relations.add_text(Field::Depends, LUA);
            }
            text.define(function.as_str());
            if is_bash(&scriptlet) {
                text.need_bash();
            }
        }
    }

    /// What the trigger runs, and whether that needs Lua; reports what cannot be run.
    fn runnable<'t>(&mut self, trigger: &'t Trigger) -> Option<(Cow<'t, Scriptlet>, bool)> {
        let scriptlet = &trigger.scriptlet;
        if scriptlet.interpreter != Interpreter::Lua {
            return Some((Cow::Borrowed(scriptlet), false));
        }
        match lower_lua(scriptlet, false) {
            Ok(lowered) => {
                if lowered.needs_lua {
                    self.deb.sink.push(reliance(trigger.kind.name(), scriptlet));
                }
                Some((Cow::Owned(lowered.scriptlet), lowered.needs_lua))
            }
            Err(fault) => {
                let message = format!("dpkg cannot run the Lua of `%{}`", trigger.kind.name());
                self.deb.sink.push(refusal(message, &fault, scriptlet));
                None
            }
        }
    }

    /// Says whether the trigger is called.
    fn file_trigger(&mut self, trigger: &Trigger, kinds: &[TriggerKind], name: &str) -> bool {
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
            return false;
        }
        prefixes.iter().for_each(|path| self.plan.watch(path));
        let mut sides: Vec<Side> = kinds.iter().map(|it| Side::of(*it)).collect();
        let mut lists: Vec<&str> = sides.iter().map(|it| it.list()).collect();
        lists.sort_unstable();
        lists.dedup();
        sides.dedup();
        let rest = format!("{name} {}", prefixes.join(" "));
        // Whose files they were is not known; what has gone belongs to nobody.
        let instances = i32::from(sides.contains(&Side::In));
        let lists = quote(&lists.join(" "));
        self.plan
            .triggered
            .push(format!("file_trigger {lists} {instances} {rest}"));
        if sides.contains(&Side::In) {
            self.plan
                .configure
                .push(format!("file_trigger come 1 {rest}"));
        }
        if sides.contains(&Side::Un) {
            self.plan.prerm.push(format!("file_trigger gone 1 {rest}"));
        }
        true
    }

    /// Says whether the trigger is called.
    fn package_trigger(&mut self, trigger: &Trigger, name: &str) -> bool {
        match trigger.kind {
            TriggerKind::PackagePreIn => {
                self.refuse(trigger, "nothing runs before another package is installed");
                return false;
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
        let mut is_used = false;
        for condition in conditions {
            is_used |= if condition.name == self.package.name {
                self.own(trigger, condition, name)
            } else {
                self.others(trigger, condition, name)
            };
        }
        is_used
    }

    /// A trigger on the package itself: on the version just installed, or on the one it replaced.
    fn own(&mut self, trigger: &Trigger, relation: &Relation, name: &str) -> bool {
        let bound = bound(relation);
        let call = if Side::of(trigger.kind) == Side::In {
            let version = deb_version(&self.package.evr).unwrap_or_default();
            format!("own_trigger {name} \"$count\" {version}{bound}")
        } else {
            format!("if [ \"$count\" = 2 ]; then own_trigger {name} 1 \"$2\"{bound}; fi")
        };
        self.plan.own.push(call);
        true
    }

    /// The calls for a condition on another package.
    fn others(&mut self, trigger: &Trigger, relation: &Relation, name: &str) -> bool {
        let unversioned = Relation {
            name: relation.name.clone(),
            version: None,
        };
        let clauses = match resolve(&unversioned, self.package, self.deb.context) {
            Resolved::Clauses(clauses) | Resolved::Essential(clauses) => clauses,
            Resolved::Unknown(Some(clauses)) => {
                self.warn(
                    trigger,
                    &format!("{}: its name is kept as it is", unknown(relation)),
                );
                clauses
            }
            Resolved::Nothing | Resolved::Unknown(None) => {
                self.refuse(trigger, &unknown(relation));
                return false;
            }
        };
        for atom in clauses.into_iter().flatten() {
            let target = atom.name.split(':').next().unwrap_or(&atom.name);
            self.call(trigger, name, target, relation);
        }
        true
    }

    fn call(&mut self, trigger: &Trigger, name: &str, target: &str, relation: &Relation) {
        self.plan.watch_package(target);
        let side = Side::of(trigger.kind);
        let call = format!(
            "package_trigger {} {name} {target}{}",
            side.direction(),
            bound(relation)
        );
        match side {
            Side::In => self.plan.configure.push(call.clone()),
            Side::Un => self.plan.prerm.push(call.clone()),
            Side::PostUn => {}
        }
        self.plan.triggered.push(call);
    }

    fn refuse(&mut self, trigger: &Trigger, why: &str) {
        let message = format!(
            "`%{}` has no counterpart in dpkg: {why}",
            trigger.kind.name()
        );
        let finding = Diagnostic::error(codes::NO_TRIGGER, message);
        self.deb.sink.push(
            finding
                .at(trigger.scriptlet.origin)
                .help("put it between `%if \"%{_vendor}\" != \"debbuild\"` and `%endif`"),
        );
    }

    fn warn(&mut self, trigger: &Trigger, what: &str) {
        let message = format!("`%{}` is different under dpkg: {what}", trigger.kind.name());
        let finding = Diagnostic::warning(codes::LOSSY_TRIGGER, message);
        self.deb.sink.push(finding.at(trigger.scriptlet.origin));
    }
}

/// Sign and version of a condition, as further arguments.
fn bound(relation: &Relation) -> String {
    let version = relation.version.as_ref().and_then(|(comparison, version)| {
        let (sign, version) = own_bound(*comparison, &package::Evr::parse(version).ok()?)?;
        Some(format!(" '{}' {version}", sign.as_str()))
    });
    version.unwrap_or_default()
}

fn unknown(relation: &Relation) -> String {
    format!(
        "no package of the target is known to be `{}`",
        relation.name
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
