//! What is asked of a shell about a script, without running it.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether a shell can parse a script: each command in it has its end.
pub(crate) fn can_be_parsed(shell: &str, script: &str) -> bool {
    let mut command = Command::new(shell);
    command.args(["-n", "-s"]).stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    // A shell that has seen enough reads no more.
    let written = child
        .stdin
        .take()
        .map(|mut it| it.write_all(script.as_bytes()));
    drop(written);
    child.wait().is_ok_and(|status| status.success())
}

/// Whether the shell reads a command on in the next line.
pub(crate) fn goes_on(line: &str) -> bool {
    let line = line.trim_end();
    ["\\", "|", "&&"].iter().any(|end| line.ends_with(end))
}
