//! Puts maintainer scripts together from functions and from what happens in which case.
//!
//! Source: Debian Policy 6.5 for how dpkg calls them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::deb::Script;

/// A word that dpkg gives as the first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    /// `preinst install`.
    Install,
    /// `postinst configure`.
    Configure,
    /// `postinst` where something was to happen to the package that did not: it is as it was.
    Abort,
    /// `postinst triggered`.
    Triggered,
    /// `preinst upgrade`, `prerm upgrade`, `postrm upgrade`.
    Upgrade,
    /// `prerm remove`, `postrm remove`.
    Remove,
    /// `postrm purge`.
    Purge,
}

impl Case {
    fn word(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Configure => "configure",
            Self::Abort => "abort-upgrade|abort-remove|abort-deconfigure",
            Self::Triggered => "triggered",
            Self::Upgrade => "upgrade",
            Self::Remove => "remove",
            Self::Purge => "purge",
        }
    }
}

/// One maintainer script being put together.
#[derive(Debug, Default)]
pub(crate) struct ScriptText {
    needs_bash: bool,
    functions: Vec<String>,
    always: Vec<String>,
    cases: BTreeMap<Case, Vec<String>>,
}

impl ScriptText {
    /// Asks for bash instead of the plain shell.
    pub(crate) fn need_bash(&mut self) {
        self.needs_bash = true;
    }

    /// Adds a function definition, once.
    pub(crate) fn define(&mut self, function: impl Into<String>) {
        let function = function.into();
        if !self.functions.contains(&function) {
            self.functions.push(function);
        }
    }

    /// Adds a command that runs however the script is called.
    pub(crate) fn always(&mut self, command: impl Into<String>) {
        self.always.push(command.into());
    }

    /// Adds a command, of one or more lines, to a case.
    pub(crate) fn add(&mut self, case: Case, command: impl Into<String>) {
        self.cases.entry(case).or_default().push(command.into());
    }

    /// Adds a command to a case, before those that are there.
    pub(crate) fn add_first(&mut self, case: Case, command: impl Into<String>) {
        self.cases
            .entry(case)
            .or_default()
            .insert(0, command.into());
    }

    fn is_empty(&self) -> bool {
        self.always.is_empty() && self.cases.is_empty()
    }

    fn write(&self, script: Script, package: &str) -> String {
        let shell = if self.needs_bash {
            "/bin/bash"
        } else {
            "/bin/sh"
        };
        let name = script.name();
        let mut text = format!("#!{shell}\n# {name} of {package}, made from its spec.\nset -e\n");
        for function in &self.functions {
            let _ = write!(text, "\n{}\n", function.trim_end());
        }
        text.push('\n');
        for command in &self.always {
            let _ = writeln!(text, "{}", command.trim_end());
        }
        self.write_cases(&mut text);
        text.push_str("exit 0\n");
        text
    }

    fn write_cases(&self, text: &mut String) {
        if self.cases.is_empty() {
            return;
        }
        text.push_str("case \"$1\" in\n");
        for (case, commands) in &self.cases {
            let _ = writeln!(text, "{})", case.word());
            for line in commands.iter().flat_map(|command| command.lines()) {
                let _ = writeln!(text, "\t{line}");
            }
            text.push_str("\t;;\n");
        }
        text.push_str("esac\n");
    }
}

/// The four maintainer scripts being put together.
#[derive(Debug, Default)]
pub(crate) struct Scripts(BTreeMap<Script, ScriptText>);

impl Scripts {
    /// A script, to be added to.
    pub(crate) fn of(&mut self, script: Script) -> &mut ScriptText {
        self.0.entry(script).or_default()
    }

    /// Whether no script does anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.values().all(ScriptText::is_empty)
    }

    /// The texts of the scripts that do anything.
    pub(crate) fn write(&self, package: &str) -> BTreeMap<Script, String> {
        let used = self.0.iter().filter(|(_, text)| !text.is_empty());
        used.map(|(script, text)| (*script, text.write(*script, package)))
            .collect()
    }
}

/// Quotes a word for the shell.
pub(crate) fn quote(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-+:=@%,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    source::shell_quoted(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(quote("/usr/bin/x"), "/usr/bin/x");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn a_script_without_commands_is_not_made() {
        let mut scripts = Scripts::default();
        scripts.of(Script::Prerm).define("f() { :; }");
        assert!(scripts.write("x").is_empty());
    }
}
