//! The scripts of an expanded spec, and whether bash can parse them.

use std::io::Write;
use std::process::{Command, Stdio};

use common::shell::{Failure, Outcome};

/// The sections that are scripts, without those that an option may give to another interpreter.
const BUILD_SCRIPTS: [&str; 8] = [
    "prep",
    "conf",
    "generate_buildrequires",
    "build",
    "install",
    "check",
    "clean",
    "verifyscript",
];

/// The scriptlets, and what `-p` may give to an interpreter.
const SCRIPTLETS: [&str; 14] = [
    "pre",
    "post",
    "preun",
    "postun",
    "pretrans",
    "posttrans",
    "preuntrans",
    "postuntrans",
    "triggerin",
    "triggerun",
    "triggerprein",
    "triggerpostun",
    "filetriggerin",
    "transfiletriggerin",
];

/// Sections that are no scripts.
const OTHERS: [&str; 7] = [
    "package",
    "description",
    "files",
    "changelog",
    "sourcelist",
    "patchlist",
    "sepolicy",
];

/// A script with its heading.
struct Script<'t> {
    heading: &'t str,
    text: String,
}

/// The headings of the scripts that bash cannot parse.
pub(crate) fn broken(expanded: &str) -> Outcome<Vec<String>> {
    let scripts = scripts(expanded);
    let all: String = scripts.iter().map(|it| format!("{}\n", it.text)).collect();
    if can_parse(&all)? {
        return Ok(Vec::new());
    }
    let mut broken = Vec::new();
    for script in scripts {
        if !can_parse(&script.text)? {
            broken.push(script.heading.to_owned());
        }
    }
    Ok(broken)
}

fn scripts(expanded: &str) -> Vec<Script<'_>> {
    let mut scripts: Vec<Script<'_>> = Vec::new();
    let mut is_inside = false;
    for line in expanded.lines() {
        match section(line) {
            Some(name) => {
                is_inside = is_script(name, line);
                if is_inside {
                    scripts.push(Script {
                        heading: line,
                        text: String::new(),
                    });
                }
            }
            None if is_inside => {
                let script = scripts.last_mut().expect("a section has begun");
                script.text.push_str(line);
                script.text.push('\n');
            }
            None => {}
        }
    }
    scripts
}

/// The name of the section that a line begins.
fn section(line: &str) -> Option<&str> {
    let name = line.strip_prefix('%')?;
    let name = name.split_whitespace().next()?;
    let stem = name.strip_suffix("%%").unwrap_or(name);
    let lists: [&[&str]; 3] = [&BUILD_SCRIPTS, &SCRIPTLETS, &OTHERS];
    lists.iter().any(|it| it.contains(&stem)).then_some(stem)
}

/// Whether bash runs a section.
fn is_script(name: &str, heading: &str) -> bool {
    let mut words = heading.split_whitespace();
    let interpreter = words.by_ref().find(|it| *it == "-p").and(words.next());
    let is_shell = interpreter.is_none_or(|it| it.ends_with("/sh") || it.ends_with("/bash"));
    !OTHERS.contains(&name) && is_shell
}

/// Whether bash takes a text. A warning, as of a here-document without its end, is a no too.
fn can_parse(text: &str) -> Outcome<bool> {
    let fault = |error| Failure(format!("cannot run bash: {error}"));
    let mut bash = Command::new("bash")
        .args(["-O", "extglob", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(fault)?;
    let mut input = bash.stdin.take().expect("the input is a pipe");
    // It may have stopped reading at a fault, which its status says.
    input.write_all(text.as_bytes()).ok();
    drop(input);
    let output = bash.wait_with_output().map_err(fault)?;
    Ok(output.status.success() && output.stderr.is_empty())
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn scripts_that_bash_cannot_parse_are_named() {
        let spec = "Name: x\n%description\nif\n%prep\nif true; then\n  :\nfi\n%post -p <lua>\nif x then end\n\
                    %post -n y\ncase\n%build\ncat <<EOF\n%files\n/if\n";
        let broken = broken(spec).unwrap_or_default();
        assert_eq!(broken, ["%post -n y", "%build"]);
    }
}
