//! Ruby's gems, by the specifications that are installed with them.
//!
//! RubyGems writes these files itself, one setting on each line, so that no Ruby is needed to read
//! them.
//!
//! Source: gemspec(5) in RubyGems' guides, "Specification Reference"; Fedora's packaging guidelines,
//! "Ruby".

use package::{Comparison, Dependency, compare_versions};

use crate::subject::{Found, Subject, lines};

/// `rubygem(name) = version`.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let lines = lines(subject.disk)?;
    let value = |key: &str| lines.iter().find_map(|line| setting(line, key));
    let (Some(name), Some(version)) = (value("name"), value("version")) else {
        return Ok(Vec::new());
    };
    let name = format!("rubygem({name})");
    let version = rpm_version(&version);
    Ok(vec![Dependency::versioned(
        name,
        Comparison::Equal,
        version,
    )])
}

/// The gems that one needs when it runs, RubyGems itself, and the Ruby it asks for.
pub(crate) fn requires(subject: &Subject<'_>) -> Found {
    let mut found = Vec::new();
    for line in lines(subject.disk)? {
        if let Some(list) = value_of(&line, "required_ruby_version") {
            let of_ruby = constraints("ruby", &quoted(list)).into_iter();
            found.extend(of_ruby.filter(|it| it.to_string() != "ruby"));
        } else if let Some(list) = value_of(&line, "required_rubygems_version") {
            found.extend(constraints("ruby(rubygems)", &quoted(list)));
        } else if let Some((name, list)) = dependency(&line) {
            found.extend(constraints(&format!("rubygem({name})"), &quoted(list)));
        }
    }
    if !found.iter().any(|it| it.name() == "ruby(rubygems)") {
        found.push(Dependency::on("ruby(rubygems)"));
    }
    Ok(found)
}

/// What stands right of `s.KEY =`.
fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let rest = line.trim_start().strip_prefix("s.")?.strip_prefix(key)?;
    rest.trim_start().strip_prefix('=')
}

fn setting(line: &str, key: &str) -> Option<String> {
    quoted(value_of(line, key)?).into_iter().next()
}

/// Name and constraints in `s.add_runtime_dependency(%q<name>.freeze, ["~> 1.0".freeze])`.
fn dependency(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_start().strip_prefix("s.add_")?;
    let rest = rest.strip_prefix("runtime_").unwrap_or(rest);
    let rest = rest.strip_prefix("dependency(%q<")?;
    rest.split_once('>')
}

/// The texts in double quotes.
fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('"').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// Dependencies on a name, joined to one that asks for the same package where there are several.
fn constraints(name: &str, written: &[String]) -> Vec<Dependency> {
    let mut found: Vec<(Comparison, String)> = Vec::new();
    for constraint in written {
        let (sign, version) = constraint.split_once(' ').unwrap_or(("=", constraint));
        let version = version.trim();
        match (sign, Comparison::parse(sign)) {
            ("~>", _) => {
                found.push((Comparison::GreaterEqual, rpm_version(version)));
                found.push((Comparison::Less, next(version)));
            }
            ("!=", _) => {}
            (_, Some(Comparison::GreaterEqual)) if is_any(version) => {}
            (_, Some(comparison)) => found.push((comparison, rpm_version(version))),
            _ => {}
        }
    }
    let relation = |(comparison, version): (Comparison, String)| {
        Dependency::versioned(name, comparison, version)
    };
    match found.len() {
        0 => vec![Dependency::on(name)],
        1 => found.into_iter().map(relation).collect(),
        _ => joined(found.into_iter().map(relation).collect()),
    }
}

/// `(a >= 1 with a < 2)`.
fn joined(dependencies: Vec<Dependency>) -> Vec<Dependency> {
    let texts: Vec<String> = dependencies.iter().map(ToString::to_string).collect();
    let text = source::Text::detached(format!("({})", texts.join(" with ")));
    let rules = package::DependencyRules::REQUIRES;
    let parsed = package::parse_dependencies(&text, rules, package::Phases::NONE);
    parsed.map_or(dependencies, |(found, _)| found)
}

/// Whether every version is as high.
fn is_any(version: &str) -> bool {
    compare_versions(version, "0").is_eq()
}

/// The first version that `~>` no longer admits: of `1.2.3` it is `1.3`.
fn next(version: &str) -> String {
    let release = version
        .split('.')
        .take_while(|it| it.parse::<u64>().is_ok());
    let mut parts: Vec<u64> = release.filter_map(|it| it.parse().ok()).collect();
    if parts.len() > 1 {
        parts.pop();
    }
    if let Some(last) = parts.last_mut() {
        *last = last.saturating_add(1);
    }
    let parts: Vec<String> = parts.iter().map(u64::to_string).collect();
    parts.join(".")
}

/// Letters mark what comes before the release: `1.0.rc1` is `1.0~rc1`.
fn rpm_version(version: &str) -> String {
    let mut parts = version.split('.');
    let is_letters = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut is_release = true;
    for part in parts {
        text.push(if is_release && is_letters(part) {
            '~'
        } else {
            '.'
        });
        is_release &= !is_letters(part);
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(generate: fn(&Subject<'_>) -> Found) -> Vec<String> {
        let content = "Gem::Specification.new do |s|\n  s.name = \"greet\".freeze\n  \
                       s.version = \"1.2.0.rc1\"\n\n  \
                       s.required_ruby_version = Gem::Requirement.new(\">= 2.5\".freeze)\n  \
                       s.required_rubygems_version = Gem::Requirement.new(\">= 0\".freeze) if x\n  \
                       s.add_runtime_dependency(%q<rack>.freeze, [\"~> 2.2.4\".freeze])\n  \
                       s.add_dependency(%q<json>.freeze, [\">= 1\".freeze, \"< 3\".freeze])\n  \
                       s.add_development_dependency(%q<rspec>.freeze, [\">= 0\".freeze])\nend\n";
        let disk = testkit::Tree::new().file("greet.gemspec", content);
        let subject = Subject {
            path: "/usr/share/gems/specifications/greet.gemspec",
            disk: &disk.join("greet.gemspec"),
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        let found = generate(&subject).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_gem_offers_its_name_and_needs_others() {
        assert_eq!(found(provides), ["rubygem(greet) = 1.2.0~rc1"]);
        let expected = [
            "ruby >= 2.5",
            "ruby(rubygems)",
            "(rubygem(rack) >= 2.2.4 with rubygem(rack) < 2.3)",
            "(rubygem(json) >= 1 with rubygem(json) < 3)",
        ];
        assert_eq!(found(requires), expected);
    }
}
