//! Modules of pkg-config.
//!
//! Source: pc(5); pkg-config(1), `--print-provides` and `--print-requires`.

use std::collections::HashMap;

use limits::{Exceeded, Growth};
use package::{Comparison, Dependency};

use crate::subject::{Found, Subject, lines};

/// The program that reads the files; a package with such files needs it.
const PROGRAM: &str = "/usr/bin/pkg-config";

/// `pkgconfig(x) = version`.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let Some(module) = subject.base_name().strip_suffix(".pc") else {
        return Ok(Vec::new());
    };
    let file = Module::read(subject)?;
    if !file.is_valid() {
        return Ok(Vec::new());
    }
    let version = file.field("Version").unwrap_or_default().to_owned();
    let mut found = vec![capability(module, Some((Comparison::Equal, version)))];
    found.extend(file.modules("Provides"));
    Ok(found)
}

/// `pkgconfig(y)` for each module in `Requires` and `Requires.private`, and pkg-config itself.
pub(crate) fn requires(subject: &Subject<'_>) -> Found {
    if !subject.path.ends_with(".pc") {
        return Ok(Vec::new());
    }
    let file = Module::read(subject)?;
    let mut found = vec![Dependency::on(PROGRAM)];
    if !file.is_valid() {
        return Ok(found);
    }
    found.extend(file.modules("Requires"));
    found.extend(file.modules("Requires.private"));
    Ok(found)
}

fn capability(module: &str, version: Option<(Comparison, String)>) -> Dependency {
    let name = format!("pkgconfig({module})");
    match version {
        Some((comparison, version)) if !version.is_empty() => {
            Dependency::versioned(name, comparison, version)
        }
        _ => Dependency::on(name),
    }
}

/// What the values of all variables and fields of a file may hold, in bytes: variables that are made of
/// others can double with each line.
const VALUES: usize = 1 << 20;

/// Variables and fields of a module's file.
struct Module {
    variables: HashMap<String, String>,
    fields: HashMap<String, String>,
    growth: Growth,
}

impl Module {
    fn read(subject: &Subject<'_>) -> std::io::Result<Self> {
        let mut module = Self {
            variables: HashMap::new(),
            fields: HashMap::new(),
            growth: Growth::bytes(VALUES),
        };
        let mut gathered = String::new();
        for line in lines(subject.disk)? {
            match line.strip_suffix('\\') {
                Some(start) => gathered.push_str(start),
                None => {
                    gathered.push_str(&line);
                    module.read_line(&gathered).map_err(|_| too_long())?;
                    gathered.clear();
                }
            }
        }
        Ok(module)
    }

    /// `name = value` is a variable, `Name: value` a field; whichever sign comes first decides.
    fn read_line(&mut self, line: &str) -> Result<(), Exceeded> {
        let line = line.split('#').next().unwrap_or("").trim();
        let Some(sign) = line.find([':', '=']) else {
            return Ok(());
        };
        let (name, value) = (
            line[..sign].trim().to_owned(),
            self.filled(line[sign + 1..].trim())?,
        );
        if line.as_bytes()[sign] == b'=' {
            self.variables.insert(name, value);
        } else {
            self.fields.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// Puts in the values of variables, `${name}`.
    fn filled(&mut self, mut text: &str) -> Result<String, Exceeded> {
        let mut filled = String::new();
        for _ in 0..32 {
            let Some((before, rest)) = text.split_once("${") else {
                break;
            };
            let Some((name, after)) = rest.split_once('}') else {
                break;
            };
            let value = self.variables.get(name).map_or("", String::as_str);
            self.growth.push(&mut filled, before)?;
            self.growth.push(&mut filled, value)?;
            text = after;
        }
        self.growth.push(&mut filled, text)?;
        Ok(filled)
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// Whether pkg-config takes the file for a module: it skips those without one of these fields.
    fn is_valid(&self) -> bool {
        let has = |name| self.field(name).is_some_and(|it| !it.is_empty());
        ["Name", "Description", "Version"].into_iter().all(has)
    }

    /// The modules a field lists, each with the version asked for.
    fn modules(&self, field: &str) -> Vec<Dependency> {
        let list = self.fields.get(field).map_or("", String::as_str);
        let spaced = spaced(list);
        let mut words = spaced.split_whitespace().peekable();
        let mut found = Vec::new();
        while let Some(module) = words.next() {
            let sign = words.peek().copied().filter(|word| is_sign(word));
            let version = sign.and_then(|sign| {
                words.next();
                Some((sign, words.next()?.to_owned()))
            });
            // rpm has no word for `!=`.
            let version =
                version.and_then(|(sign, version)| Some((Comparison::parse(sign)?, version)));
            found.push(capability(module, version));
        }
        found
    }
}

fn too_long() -> std::io::Error {
    std::io::Error::other("the values of its variables are too long")
}

fn is_sign(word: &str) -> bool {
    matches!(word, "=" | "<" | ">" | "<=" | ">=" | "!=")
}

/// The list with blanks around its signs and none of its commas: `a>=1,b` becomes `a >= 1 b`.
fn spaced(list: &str) -> String {
    let mut spaced = String::with_capacity(list.len() + 8);
    let mut in_sign = false;
    for c in list.chars() {
        let is_sign = matches!(c, '<' | '>' | '=' | '!');
        if is_sign != in_sign {
            spaced.push(' ');
        }
        in_sign = is_sign;
        spaced.push(if c == ',' { ' ' } else { c });
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(generate: fn(&Subject<'_>) -> Found, content: &str) -> Vec<String> {
        let disk = testkit::Tree::new().file("x.pc", content);
        let path = disk.join("x.pc");
        let path_in = "/usr/lib/pkgconfig/x.pc";
        let subject = Subject {
            path: path_in,
            disk: &path,
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        generate(&subject)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_module_offers_its_name_and_version() {
        assert_eq!(
            found(
                provides,
                "ver=1.2\nName: X\nDescription: x\nVersion: ${ver}.3\n"
            ),
            ["pkgconfig(x) = 1.2.3"]
        );
    }

    #[test]
    fn a_file_that_lacks_a_field_is_no_module() {
        let content = "Name: X\nVersion: 1\nRequires: a\n";
        assert!(found(provides, content).is_empty());
        assert_eq!(found(requires, content), [PROGRAM]);
    }

    #[test]
    fn variables_that_double_with_each_line_end_at_a_limit() {
        let doubled = |count: usize| -> String {
            let line = |it| format!("a{}=${{a{it}}}${{a{it}}}\n", it + 1);
            let lines: String = (0..count).map(line).collect();
            format!("a0=x\n{lines}Name: X\nDescription: x\nVersion: 1\n")
        };
        assert_eq!(found(provides, &doubled(8)), ["pkgconfig(x) = 1"]);
        let disk = testkit::Tree::new().file("x.pc", doubled(40));
        let subject = Subject {
            path: "/usr/lib/pkgconfig/x.pc",
            disk: &disk.join("x.pc"),
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        assert!(provides(&subject).is_err());
    }

    #[test]
    fn a_module_needs_other_modules() {
        let content = "Name: X\nDescription: x\nVersion: 1\nRequires: a >= 1, b\nRequires.private: c=2 d>3,e # no\n";
        let expected = [
            PROGRAM,
            "pkgconfig(a) >= 1",
            "pkgconfig(b)",
            "pkgconfig(c) = 2",
            "pkgconfig(d) > 3",
            "pkgconfig(e)",
        ];
        assert_eq!(found(requires, content), expected);
    }
}
