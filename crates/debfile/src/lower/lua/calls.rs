//! Lua's calls as commands of the shell.
//!
//! Source: rpm-lua(7); Lua 5.4 Reference Manual, 6.8 and 6.9. What a call does to the system is the
//! same; messages of what fails are not shown, as Lua does not show them either.

use super::meaning::{Condition, Meaning, Text};

/// What `posix.stat(path).type` says; nothing where there is no file.
pub(super) const KIND: &str = "\
lua_kind() {
	if [ -L \"$1\" ]; then echo link
	elif [ -d \"$1\" ]; then echo directory
	elif [ -f \"$1\" ]; then echo regular
	elif [ -p \"$1\" ]; then echo fifo
	elif [ -S \"$1\" ]; then echo socket
	elif [ -b \"$1\" ]; then echo 'block device'
	elif [ -c \"$1\" ]; then echo 'character device'
	fi
}";

/// `os.remove`: a file, a link or an empty directory.
pub(super) const REMOVE: &str = "\
lua_remove() {
	if [ -d \"$1\" ] && [ ! -L \"$1\" ]; then rmdir \"$1\"; else unlink \"$1\"; fi 2>/dev/null
}";

/// Functions that chunks look for before they call them, since not every rpm has them.
pub(super) fn is_function(name: &str) -> bool {
    matches!(name, "execute" | "spawn")
}

/// The command for a call that changes something; it succeeds where Lua's call returns true.
pub(super) fn command(name: &str, arguments: &[Meaning]) -> Option<String> {
    if name == "rpm.spawn" {
        return spawn(arguments);
    }
    let texts: Vec<&Text> = arguments.iter().filter_map(text).collect();
    if texts.len() != arguments.len() {
        return None;
    }
    let words: Vec<String> = texts.iter().map(|it| it.word()).collect();
    let command = match (name, words.as_slice()) {
        ("os.remove", [path]) => format!("lua_remove {path}"),
        ("os.rename", [from, to]) => format!("mv -fT {from} {to} 2>/dev/null"),
        ("os.execute", [line]) => format!("sh -c {line}"),
        ("posix.unlink", [path]) => format!("unlink {path} 2>/dev/null"),
        ("posix.rmdir", [path]) => format!("rmdir {path} 2>/dev/null"),
        ("posix.mkdir", [path]) => format!("mkdir {path} 2>/dev/null"),
        ("posix.symlink", [target, path]) => format!("ln -sT {target} {path} 2>/dev/null"),
        ("posix.link", [target, path]) => format!("ln -T {target} {path} 2>/dev/null"),
        ("posix.chmod", [path, mode]) if mode.bytes().all(|b| b.is_ascii_digit()) => {
            format!("chmod {mode} {path} 2>/dev/null")
        }
        ("rpm.execute", [program, ..]) if !program.is_empty() => words.join(" "),
        ("print", _) => format!("printf '%s\\n' {}", joined(&texts).word()),
        ("io.write", _) => format!("printf '%s' {}", concatenated(&texts).word()),
        ("error", [message, ..]) => format!("printf '%s\\n' {message} >&2; exit 1"),
        _ => return None,
    };
    Some(command)
}

/// `rpm.spawn({PROGRAM, ARGUMENT...}, {stdout = FILE})`.
fn spawn(arguments: &[Meaning]) -> Option<String> {
    let (words, files) = match arguments {
        [Meaning::List(words)] => (words, None),
        [Meaning::List(words), Meaning::Table(files)] => (words, Some(files)),
        _ => return None,
    };
    let words = words.iter().map(|it| Some(text(it)?.word()));
    let mut command = words.collect::<Option<Vec<_>>>()?;
    command.first().filter(|program| *program != "''")?;
    for (name, file) in files.into_iter().flatten() {
        let sign = match name.as_str() {
            "stdin" => "<",
            "stdout" => ">",
            "stderr" => "2>",
            _ => return None,
        };
        command.push(format!("{sign}{}", text(file)?.word()));
    }
    Some(command.join(" "))
}

/// The command that appends to a file that is open.
pub(super) fn write(file: &Text, arguments: &[Meaning]) -> Option<String> {
    let texts: Vec<&Text> = arguments.iter().filter_map(text).collect();
    let all = texts.len() == arguments.len();
    all.then(|| {
        format!(
            "printf '%s' {} >>{}",
            concatenated(&texts).word(),
            file.word()
        )
    })
}

/// The condition for `posix.access`.
pub(super) fn access(path: &Text, mode: &str) -> Option<Condition> {
    let path = path.word();
    let tests = mode
        .chars()
        .filter(|sign| *sign != 'f')
        .map(|sign| match sign {
            'r' | 'w' | 'x' => Some(format!("[ -{sign} {path} ]")),
            _ => None,
        });
    let tests = tests.collect::<Option<Vec<_>>>()?;
    Some(Condition::Command(if tests.is_empty() {
        format!("[ -e {path} ]")
    } else {
        tests.join(" && ")
    }))
}

/// Values that are never nil.
pub(super) fn text(meaning: &Meaning) -> Option<&Text> {
    match meaning {
        Meaning::Text(text) | Meaning::Perhaps(text) => Some(text),
        _ => None,
    }
}

fn concatenated(texts: &[&Text]) -> Text {
    let mut whole = Text::default();
    for text in texts {
        whole.append((*text).clone());
    }
    whole
}

fn joined(texts: &[&Text]) -> Text {
    let mut whole = Text::default();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            whole.append(Text::literal("\t"));
        }
        whole.append((*text).clone());
    }
    whole
}
