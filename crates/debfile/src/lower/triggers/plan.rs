//! Which trigger is called with what, in which maintainer script.

use package::TriggerKind;

use super::functions::{
    FILE_TRIGGER, FORGET, LEAVE, LOOK, OWN_TRIGGER, PACKAGE_TRIGGER, STATE, VERSIONS,
};
use crate::deb::Script;
use crate::lower::script_text::{Case, ScriptText, Scripts};

/// What a trigger waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Something is installed.
    In,
    /// Something is about to go.
    Un,
    /// Something has gone.
    PostUn,
}

impl Side {
    pub(super) fn of(kind: TriggerKind) -> Self {
        match kind {
            TriggerKind::PackagePreIn
            | TriggerKind::PackageIn
            | TriggerKind::FileIn
            | TriggerKind::TransFileIn => Self::In,
            TriggerKind::PackageUn | TriggerKind::FileUn | TriggerKind::TransFileUn => Self::Un,
            TriggerKind::PackagePostUn | TriggerKind::FilePostUn | TriggerKind::TransFilePostUn => {
                Self::PostUn
            }
        }
    }

    /// The list of `look` that file triggers of this side get.
    pub(super) fn list(self) -> &'static str {
        if self == Self::In { "come" } else { "gone" }
    }

    /// The word for `package_trigger`.
    pub(super) fn direction(self) -> &'static str {
        if self == Self::In { "in" } else { "out" }
    }
}

/// The calls of a package's triggers.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// When other packages come, change or go.
    pub(super) triggered: Vec<String>,
    /// When the package itself is configured.
    pub(super) configure: Vec<String>,
    /// Before the package itself is removed or upgraded.
    pub(super) prerm: Vec<String>,
    /// When the package itself is configured: those on its own older versions.
    pub(super) own: Vec<String>,
    /// Paths of interest to triggers on files.
    pub(super) prefixes: Vec<String>,
    /// Debian's names of packages of interest.
    pub(super) packages: Vec<String>,
}

impl Plan {
    /// Adds a path of interest, once.
    pub(super) fn watch(&mut self, prefix: &str) {
        add(&mut self.prefixes, prefix);
    }

    /// Adds a package of interest, once.
    pub(super) fn watch_package(&mut self, name: &str) {
        add(&mut self.packages, name);
    }

    /// The paths that dpkg has to know of.
    pub(super) fn interests(&self) -> Vec<String> {
        self.prefixes
            .iter()
            .cloned()
            .chain(self.directories())
            .collect()
    }

    /// The directories that every package has; each stands for its package.
    ///
    /// Source: Debian Policy 12.5.
    fn directories(&self) -> Vec<String> {
        let names = self.packages.iter();
        names.map(|name| format!("/usr/share/doc/{name}")).collect()
    }

    /// Puts the calls into the maintainer scripts, with the functions they need.
    pub(super) fn write(&self, scripts: &mut Scripts) {
        if !self.triggered.is_empty() {
            self.write_postinst(scripts.of(Script::Postinst));
            let postrm = scripts.of(Script::Postrm);
            postrm.add(Case::Remove, STATE);
            postrm.add(Case::Remove, FORGET);
        }
        if !self.prerm.is_empty() {
            self.write_prerm(scripts.of(Script::Prerm));
        }
        self.own.iter().for_each(|call| {
            let postinst = scripts.of(Script::Postinst);
            postinst.define(OWN_TRIGGER);
            postinst.add(Case::Configure, call.as_str());
        });
    }

    fn write_postinst(&self, postinst: &mut ScriptText) {
        self.define(postinst, LOOK);
        let known = self.directories().join(" ");
        let afresh = "rm -f \"$state/files\" \"$state/versions\"";
        postinst.add(Case::Configure, STATE);
        postinst.add(Case::Configure, format!("paths=\"{known}\"\n{afresh}"));
        self.write_calls(postinst, Case::Configure, &self.configure);
        postinst.add(Case::Triggered, STATE);
        postinst.add(Case::Triggered, "paths=$2 count=1");
        self.write_calls(postinst, Case::Triggered, &self.triggered);
    }

    fn write_calls(&self, postinst: &mut ScriptText, case: Case, calls: &[String]) {
        if !self.prefixes.is_empty() {
            postinst.add(case, format!("look {}", self.prefixes.join(" ")));
        }
        calls
            .iter()
            .for_each(|call| postinst.add(case, call.as_str()));
        if !self.packages.is_empty() {
            postinst.add(case, format!("remember {}", self.packages.join(" ")));
        }
    }

    fn write_prerm(&self, prerm: &mut ScriptText) {
        self.define(prerm, LEAVE);
        for (case, count) in [(Case::Upgrade, 1), (Case::Remove, 0)] {
            prerm.add(case, STATE);
            let known = self.directories().join(" ");
            prerm.add(case, format!("paths=\"{known}\" count={count}"));
            if !self.prefixes.is_empty() {
                prerm.add(case, format!("leave {}", self.prefixes.join(" ")));
            }
            self.prerm
                .iter()
                .for_each(|call| prerm.add(case, call.as_str()));
        }
    }

    fn define(&self, script: &mut ScriptText, lister: &'static str) {
        if !self.prefixes.is_empty() {
            script.define(lister);
            script.define(FILE_TRIGGER);
        }
        if !self.packages.is_empty() {
            script.define(VERSIONS);
            script.define(PACKAGE_TRIGGER);
        }
    }
}

fn add(list: &mut Vec<String>, word: &str) {
    if !list.iter().any(|known| known == word) {
        list.push(word.to_owned());
    }
}
