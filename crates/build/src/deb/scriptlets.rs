//! Scriptlets that a shell cannot read must not take a maintainer script with them.
//!
//! To rpm a `%post` with a fault of syntax is one that fails, and the package is installed. As a part of
//! a maintainer script it would leave the package in a state that dpkg gets it out of no more. So the
//! shells look at scriptlets before they become such parts.
//!
//! Source: Debian Policy 6.1 and 10.4; rpm-scriptlets(7).

use std::borrow::Cow;
use std::io::Write as _;
use std::process::{Command, Stdio};

use debfile::shell_of;
use package::{Interpreter, Package, Scriptlet};
use source::{Code, Diagnostic, Sink};

/// A scriptlet that no shell can read.
const SYNTAX: Code = crate::codes::SCRIPTLET_SYNTAX;

const BASH: &str = "/bin/bash";

/// The packages with scriptlets that can be read: those for bash say so, and those for no shell at all
/// are files of their own, which fail by themselves.
pub(crate) fn readable<'p>(packages: &'p [Package], sink: &mut Sink) -> Cow<'p, [Package]> {
    let mut readable = Cow::Borrowed(packages);
    for (index, package) in packages.iter().enumerate() {
        for (slot, scriptlet) in &package.scriptlets {
            if let Some(other) = other_interpreter(scriptlet, slot.name(), sink) {
                let own = readable.to_mut()[index].scriptlets.get_mut(slot);
                own.into_iter()
                    .for_each(|it| it.interpreter = other.clone());
            }
        }
        for (number, trigger) in package.triggers.iter().enumerate() {
            let name = trigger.kind.name();
            if let Some(other) = other_interpreter(&trigger.scriptlet, name, sink) {
                readable.to_mut()[index].triggers[number]
                    .scriptlet
                    .interpreter = other;
            }
        }
    }
    readable
}

/// What has to run a scriptlet in place of what its section says.
fn other_interpreter(scriptlet: &Scriptlet, name: &str, sink: &mut Sink) -> Option<Interpreter> {
    let shell = shell_of(scriptlet)?;
    let body = scriptlet.body.as_deref()?;
    // Within a function, as it will be: an open here-document would swallow the end of that.
    let text = format!("scriptlet() ( :; {body}\n)\n");
    if shell != BASH && fault("dash", &text).is_none() {
        return None;
    }
    let Some(said) = fault("bash", &text) else {
        let words = vec![BASH.to_owned()];
        return (shell != BASH).then_some(Interpreter::Program(words));
    };
    let message = format!("no shell can read `%{name}`: it fails whenever it runs");
    let finding = Diagnostic::warning(SYNTAX, message).at(scriptlet.origin);
    sink.push(finding.note(said));
    let words = [shell, "--"].map(str::to_owned).to_vec();
    Some(Interpreter::Program(words))
}

/// What a shell has against a script; nothing, too, where there is no such shell.
fn fault(shell: &str, text: &str) -> Option<String> {
    let mut command = Command::new(shell);
    command.arg("-n").env("LC_ALL", "C").stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    if let Some(mut script) = child.stdin.take() {
        // A shell that has seen enough reads no further.
        let _ = script.write_all(text.as_bytes());
    }
    let ended = child.wait_with_output().ok()?;
    if ended.status.success() {
        return None;
    }
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    Some(said.lines().next().unwrap_or("no reason given").to_owned())
}
