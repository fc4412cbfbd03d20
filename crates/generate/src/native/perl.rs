//! Modules of Perl: those a file defines, and those it loads.
//!
//! Perl is read line by line, as packagers' tools always have: statements are looked for where lines
//! begin, outside of documentation and here-documents.
//!
//! Source: perlfunc(1), "package", "use" and "require"; perlpod(1); Fedora's packaging guidelines,
//! "Perl".

use package::{Comparison, Dependency};

use crate::subject::{Found, Subject, lines};

/// `perl(Foo::Bar) = 1.2` for each package that a module defines.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for line in code(lines(subject.disk)?) {
        if let Some((name, version)) = package(&line) {
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, version));
            }
        } else if let Some((_, unset)) = found.last_mut().filter(|(_, it)| it.is_none()) {
            *unset = assigned_version(&line);
        }
    }
    let capability = |(name, version): (String, Option<String>)| {
        let name = format!("perl({name})");
        match version {
            Some(version) => Dependency::versioned(name, Comparison::Equal, version),
            None => Dependency::on(name),
        }
    };
    let mut found: Vec<_> = found.into_iter().map(capability).collect();
    sort(&mut found);
    Ok(found)
}

/// Sorts dependencies by name, as packagers' tools print them; the version of Perl is the first.
fn sort(found: &mut [Dependency]) {
    found.sort_by_cached_key(|it| it.name().into_owned());
}

/// `perl(Foo::Bar)` for each module that a file loads, and the version of Perl it asks for.
pub(crate) fn requires(subject: &Subject<'_>) -> Found {
    let mut found = Vec::new();
    let mut lines = code(lines(subject.disk)?).into_iter();
    while let Some(mut line) = lines.next() {
        let Some((word, _)) = statement(&line) else {
            continue;
        };
        if word == "use" {
            // A list of names may go on.
            while !line.contains(';') && line.len() < LONGEST {
                let Some(next) = lines.next() else { break };
                line.push(' ');
                line.push_str(&next);
            }
        }
        if let Some((word, rest)) = statement(&line) {
            for it in loaded(word, rest) {
                require(&mut found, it);
            }
        }
    }
    sort(&mut found);
    Ok(found)
}

/// Adds what a file loads: a module that it loads several times in the newest version, versions of Perl
/// itself each.
fn require(found: &mut Vec<Dependency>, new: Dependency) {
    let is_perl = new.name() == PERL;
    let known = found
        .iter_mut()
        .find(|it| it.name() == new.name() && (!is_perl || it.version() == new.version()));
    let version = |it: &Dependency| it.version().map(|(_, version)| version.to_owned());
    match known {
        Some(known) if is_newer(version(&new).as_deref(), version(known).as_deref()) => {
            *known = new;
        }
        Some(_) => {}
        None => found.push(new),
    }
}

/// Whether a version of a module is newer, as `version` of Perl compares: decimal fractions, or several
/// numbers.
fn is_newer(new: Option<&str>, old: Option<&str>) -> bool {
    let decimal = |it: &str| it.parse::<f64>().ok();
    let numbers = |it: &str| {
        let numbers = it.split('.').map(|it| it.parse::<u64>().unwrap_or(0));
        numbers.collect::<Vec<_>>()
    };
    let (Some(new), Some(old)) = (new, old) else {
        return new.is_some();
    };
    match (decimal(new), decimal(old)) {
        (Some(new), Some(old)) => new > old,
        _ => numbers(new) > numbers(old),
    }
}

/// What stands for Perl itself.
const PERL: &str = "perl(:VERSION)";

/// A statement longer than this has no end.
const LONGEST: usize = 64 << 10;

/// The lines of a file that are code: no documentation, no here-documents, nothing after the end.
fn code(lines: Vec<String>) -> Vec<String> {
    let (mut code, mut in_pod, mut until) = (Vec::new(), false, None::<String>);
    for line in lines {
        if let Some(end) = &until {
            if line.trim_start() == end {
                until = None;
            }
        } else if line.starts_with('=') && line[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            in_pod = !line.starts_with("=cut");
        } else if !in_pod {
            if matches!(line.trim_end(), "__END__" | "__DATA__") {
                break;
            }
            until = here_document(&line);
            code.push(line);
        }
    }
    code
}

/// The word that ends the here-document which begins in a line.
fn here_document(line: &str) -> Option<String> {
    let (before, after) = line.split_once("<<")?;
    if before.contains('#') {
        return None;
    }
    let after = after.strip_prefix('~').unwrap_or(after);
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
    let word = match quote {
        Some(quote) => after[1..].split(quote).next()?,
        None => word(after),
    };
    let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    is_word.then(|| word.to_owned())
}

/// Letters, digits and underscores at the start of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The name of a module at the start of a text.
fn module(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | ':' | '\''));
    text[..end.unwrap_or(text.len())].trim_end_matches(':')
}

/// `package NAME`, `package NAME VERSION`, with `;` or a block.
fn package(line: &str) -> Option<(String, Option<String>)> {
    let rest = line.trim_start().strip_prefix("package")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let name = module(rest);
    let after = rest[name.len()..].trim_start();
    let version = number(after);
    let ends = after[version.map_or(0, str::len)..].trim_start();
    let is_package = ends.starts_with([';', '{']) && is_module(name) && name != "main";
    let version = version.map(str::to_owned);
    is_package.then(|| (name.replace('\'', "::"), version.as_deref().and_then(plain)))
}

fn is_module(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// A number or version at the start of a text.
fn number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('v').unwrap_or(text);
    let end = text
        .char_indices()
        .skip(text.len() - digits.len())
        .find(|(_, c)| !c.is_ascii_digit() && !matches!(c, '.' | '_'))
        .map_or(text.len(), |(at, _)| at);
    digits
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| &text[..end])
}

/// The version without what rpm does not know.
fn plain(version: &str) -> Option<String> {
    let version = version.trim_start_matches('v').replace('_', "");
    let version = version.trim_end_matches('.');
    (!version.is_empty()).then(|| version.to_owned())
}

/// The value of `$VERSION = '1.2'`, of the package or with its name.
fn assigned_version(line: &str) -> Option<String> {
    let (before, after) = line.split_once("VERSION")?;
    let before = before.trim_start().trim_start_matches(['(', '{']);
    let before = ["our", "local", "use vars"]
        .iter()
        .fold(before, |it, word| {
            it.strip_prefix(word).unwrap_or(it).trim_start()
        });
    let is_variable = before.starts_with('$')
        && module(&before[1..]).len() + 1 >= before.trim_end_matches(':').len();
    let value = after.trim_start().strip_prefix('=')?;
    if !is_variable || value.starts_with(['=', '~']) {
        return None;
    }
    if let Some((_, revision)) = value.split_once("$Revision:") {
        return number(revision.trim_start()).and_then(plain);
    }
    let value = value.trim_start();
    let value = [
        "version->declare(",
        "version->new(",
        "qv(",
        "q(",
        "q{",
        "q[",
    ]
    .iter()
    .find_map(|call| value.strip_prefix(call))
    .unwrap_or(value);
    let value = value.trim_start_matches([' ', '\'', '"', '(']);
    number(value).and_then(plain)
}

/// `use` or `require` at the start of a line, and what follows. What is required within a block is
/// needed only when that is run.
fn statement(line: &str) -> Option<(&'static str, &str)> {
    let text = line.trim_start();
    let is_inner = text.len() < line.len();
    let (word, rest) = if let Some(rest) = text.strip_prefix("use") {
        ("use", rest)
    } else {
        (
            "require",
            text.strip_prefix("require").filter(|_| !is_inner)?,
        )
    };
    Some((word, rest.strip_prefix([' ', '\t'])?.trim_start()))
}

/// Modules whose arguments are modules that they load.
const LOADERS: [&str; 3] = ["base", "parent", "aliased"];

fn loaded(word: &str, rest: &str) -> Vec<Dependency> {
    if let Some(version) = number(rest) {
        return vec![of_perl(version)];
    }
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let file = rest[1..].split(quote).next().unwrap_or_default();
        let is_file = word == "require" && file.ends_with(".pl") && !file.contains(['$', ' ']);
        return if is_file {
            vec![capability(file, None)]
        } else {
            Vec::new()
        };
    }
    let name = module(rest);
    let after = rest[name.len()..].trim_start();
    let ends = after.is_empty() || after.starts_with([';', '}', '#']);
    let is_known = is_module(name) && (word == "use" || ends);
    if !is_known || after.starts_with("=>") || after.starts_with("->") {
        return Vec::new();
    }
    let version = number(after);
    let mut found = vec![capability(name, version)];
    if LOADERS.contains(&name) && word == "use" {
        let arguments = &after[version.map_or(0, str::len)..];
        found.extend(names(arguments).map(|it| capability(it, None)));
    }
    found
}

fn capability(name: &str, version: Option<&str>) -> Dependency {
    let name = format!("perl({})", name.replace('\'', "::"));
    match version.and_then(plain) {
        Some(version) => Dependency::versioned(name, Comparison::GreaterEqual, version),
        None => Dependency::on(name),
    }
}

/// The names in `qw(A B)` or `'A', 'B'`, up to the end of the statement.
fn names(arguments: &str) -> impl Iterator<Item = &str> {
    let list = arguments.split(';').next().unwrap_or_default();
    let list = list.split("-norequire").next().unwrap_or_default();
    let words = list.split(|c: char| c.is_ascii_whitespace() || "'\",()[]{}|/".contains(c));
    words.filter(|it| !it.is_empty() && *it != "qw" && module(it) == *it && is_module(it))
}

/// The version of Perl itself: `5.010_001` and `v5.10.1` are `5.10.1`.
fn of_perl(version: &str) -> Dependency {
    let plain = version.replace('_', "");
    let parts: Vec<&str> = plain.trim_start_matches('v').split('.').collect();
    let is_decimal = parts.len() == 2 && !plain.starts_with('v');
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let (minor, patch) = if is_decimal {
        let digits = format!("{:0<6}", parts[1]);
        (number(&digits[..3]), number(&digits[3..6]))
    } else {
        let part = |at: usize| parts.get(at).map_or(0, |it| number(it));
        (part(1), part(2))
    };
    let version = format!("{}.{minor}.{patch}", number(parts[0]));
    Dependency::versioned(PERL, Comparison::GreaterEqual, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(generate: fn(&Subject<'_>) -> Found, content: &str) -> Vec<String> {
        let disk = testkit::Tree::new().file("X.pm", content);
        let subject = Subject {
            path: "/usr/share/perl5/X.pm",
            disk: &disk.join("X.pm"),
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        let found = generate(&subject).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn packages_are_offered_with_their_versions() {
        let content = "package X;\nour $VERSION = '1.02_01';\npackage X::Y 2.5 {\n}\n\
                       =pod\n\npackage Not;\n\n=cut\npackage\n  Hidden;\n__END__\npackage Late;\n";
        assert_eq!(
            found(provides, content),
            ["perl(X) = 1.0201", "perl(X::Y) = 2.5"]
        );
        assert_eq!(
            found(
                provides,
                "package Z;\n$Z::VERSION = sprintf(\"%d\", q$Revision: 1.7 $);\n"
            ),
            ["perl(Z) = 1.7"]
        );
    }

    #[test]
    fn modules_are_needed_once() {
        let content = "use A;\nuse A 1.10;\nuse A 1.9;\nuse B v1.2.3;\nuse B v1.10.0;\nuse B;\n\
                       use 5.006;\nuse 5.006;\nuse 5.010;\n";
        let expected = [
            "perl(:VERSION) >= 5.6.0",
            "perl(:VERSION) >= 5.10.0",
            "perl(A) >= 1.9",
            "perl(B) >= 1.10.0",
        ];
        assert_eq!(found(requires, content), expected);
    }

    #[test]
    fn loaded_modules_are_needed() {
        let content = "use strict;\nuse 5.010_001;\nuse A::B 1.5 qw(x);\nuse parent -norequire, 'P';\n\
                       use base qw(C\n  D);\nrequire E;\n  require Inner;\nrequire \"f.pl\";\n\
                       print <<EOT;\nuse Not;\nEOT\n";
        let expected = [
            "perl(:VERSION) >= 5.10.1",
            "perl(A::B) >= 1.5",
            "perl(C)",
            "perl(D)",
            "perl(E)",
            "perl(base)",
            "perl(f.pl)",
            "perl(parent)",
            "perl(strict)",
        ];
        assert_eq!(found(requires, content), expected);
    }
}
