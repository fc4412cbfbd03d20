//! Relations as dpkg writes them where rpm's should be.
//!
//! Source: deb-control(5), Debian Policy 7.1; deb-substvars(5).

use package::{Comparison, rpm_arch_of_dpkg};

/// dpkg's operators that rpm writes otherwise, and those of other languages.
const OPERATORS: [(&str, &str); 3] = [("<<", "<"), (">>", ">"), ("===", "=")];

/// Variables of `debian/control`, and what to write for them.
const VARIABLES: [(&str, &str); 4] = [
    ("${binary:Version}", "%{version}-%{release}"),
    ("${source:Version}", "%{version}-%{release}"),
    ("${source:Upstream-Version}", "%{version}"),
    ("${Source-Version}", "%{version}-%{release}"),
];

/// One of the alternatives of a relation.
#[derive(Debug, Default)]
struct Alternative {
    /// In rpm's words.
    relation: String,
    /// What stood in `[…]`.
    archs: Vec<String>,
    /// What stood in `<…>`.
    profiles: Vec<String>,
}

/// A relation in rpm's words, if it is one in dpkg's that has no limits to architectures or profiles.
pub(crate) fn translate(value: &str) -> Option<String> {
    let parts = value.trim().trim_end_matches(',').split(',');
    let parts: Option<Vec<String>> = parts
        .map(|part| {
            let alternatives = parse(part)?;
            let is_plain = |it: &Alternative| it.archs.is_empty() && it.profiles.is_empty();
            alternatives
                .iter()
                .all(is_plain)
                .then(|| in_words_of_rpm(&alternatives))
        })
        .collect();
    parts.map(|parts| parts.join(", "))
}

/// What to write where rpm finds a fault at byte `at` of a value.
pub(crate) fn help_for_relation(value: &str, at: usize, takes_rich: bool) -> Option<String> {
    let start = word_before(value, at);
    let end = value[at..]
        .find(',')
        .map_or(value.len(), |length| at + length);
    let written = value[start..end].trim();
    if let Some(help) = help_for_variable(value[at..end].trim()) {
        return Some(help);
    }
    if let Some(alternatives) = parse(written) {
        if alternatives.len() > 1 && !takes_rich {
            return Some("this tag takes no alternatives: name one".to_owned());
        }
        let words: Vec<&str> = written.split_whitespace().collect();
        let help = instead(&alternatives);
        // What rpm refuses is something else then.
        return (help != format!("write `{}`", words.join(" "))).then_some(help);
    }
    let word = value[at..].split_whitespace().next().unwrap_or_default();
    if word.starts_with("!=") {
        return Some("rpm has no `!=`: a line `Conflicts: NAME = VERSION` says so".to_owned());
    }
    let sign = word.trim_start_matches('(');
    let is_operator = sign.starts_with(['<', '>', '=', '!', '~', '^', '|']);
    is_operator.then(|| {
        "versions are compared by `<`, `<=`, `=`, `>=` and `>`, as in `NAME >= VERSION`".to_owned()
    })
}

/// Where the word before byte `at` begins, in the same part of a list.
fn word_before(value: &str, at: usize) -> usize {
    let before = value[..at].trim_end();
    let start = before.rfind([' ', '\t', ',']).map_or(0, |blank| blank + 1);
    match before[start..].is_empty() {
        true => at,
        false => start,
    }
}

fn help_for_variable(text: &str) -> Option<String> {
    let name = text.strip_prefix("${")?.split('}').next()?;
    let variable = format!("${{{name}}}");
    let known = VARIABLES.iter().find(|(known, _)| *known == variable);
    Some(match known {
        Some((_, here)) => format!("write `{here}`"),
        None => format!(
            "leave `{variable}` out: what the files of a package need is found when it is made"
        ),
    })
}

fn instead(alternatives: &[Alternative]) -> String {
    let mut help = format!("write `{}`", in_words_of_rpm(alternatives));
    let archs: Vec<&str> = alternatives
        .iter()
        .flat_map(|it| &it.archs)
        .map(String::as_str)
        .collect();
    if !archs.is_empty() {
        let directive = match archs[0].starts_with('!') {
            true => "%ifnarch",
            false => "%ifarch",
        };
        let archs: Vec<&str> = archs
            .iter()
            .map(|arch| arch.trim_start_matches('!'))
            .map(|arch| rpm_arch_of_dpkg(arch).unwrap_or(arch))
            .collect();
        help += &format!(" between `{directive} {}` and `%endif`", archs.join(" "));
    }
    let profiles = alternatives.iter().flat_map(|it| &it.profiles);
    if let Some(profile) = profiles.into_iter().next() {
        help += &format!("; what `<{profile}>` limits stands between `%if` and `%endif`");
    }
    help
}

fn in_words_of_rpm(alternatives: &[Alternative]) -> String {
    let words: Vec<&str> = alternatives.iter().map(|it| it.relation.as_str()).collect();
    match words.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("({})", several.join(" or ")),
    }
}

fn parse(part: &str) -> Option<Vec<Alternative>> {
    part.split('|').map(parse_alternative).collect()
}

/// Reads `NAME[:ARCH] [(OP VERSION)] [[ARCH…]] [<PROFILE…>…]`, and what lacks the brackets.
fn parse_alternative(text: &str) -> Option<Alternative> {
    let text = text.trim();
    let end = text
        .find(|c: char| c.is_whitespace() || "([<>=!~|".contains(c))
        .unwrap_or(text.len());
    let (name, mut rest) = (&text[..end], text[end..].trim_start());
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut relation = without_qualifier(name).to_owned();
    let has_brackets = rest.starts_with('(');
    if has_brackets {
        let (inner, after) = rest[1..].split_once(')')?;
        relation += &comparison(inner)?;
        rest = after;
    } else if rest.starts_with(['<', '>', '=']) && !is_profile(rest) {
        let end = version_end(rest);
        relation += &comparison(&rest[..end])?;
        rest = &rest[end..];
    }
    let mut alternative = Alternative {
        relation,
        ..Alternative::default()
    };
    loop {
        rest = rest.trim_start();
        let (list, closing) = match rest.chars().next() {
            None => return Some(alternative),
            Some('[') => (&mut alternative.archs, ']'),
            Some('<') => (&mut alternative.profiles, '>'),
            Some(_) => return None,
        };
        let (inner, after) = rest[1..].split_once(closing)?;
        list.extend(inner.split_whitespace().map(str::to_owned));
        rest = after;
    }
}

/// Whether `<…>` begins the text, and not an operator.
fn is_profile(text: &str) -> bool {
    let inner = text.strip_prefix('<').unwrap_or_default();
    let begins = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!');
    begins && inner.contains('>')
}

/// Where an operator and its version end.
fn version_end(text: &str) -> usize {
    let version = text.trim_start_matches(['<', '>', '=', ' ', '\t']);
    let start = text.len() - version.len();
    let length = version.find([' ', '\t', '[', '<']);
    length.map_or(text.len(), |length| start + length)
}

/// ` OP VERSION` in rpm's words.
fn comparison(text: &str) -> Option<String> {
    let text = text.trim();
    let version = text.trim_start_matches(['<', '>', '=']);
    let sign = &text[..text.len() - version.len()];
    let known = OPERATORS.iter().find(|(theirs, _)| *theirs == sign);
    let sign = match known {
        Some((_, ours)) => ours,
        None => Comparison::parse(sign)?.as_str(),
    };
    let version = version.trim();
    let variable = VARIABLES.iter().find(|(known, _)| *known == version);
    let version = variable.map_or(version, |(_, here)| *here);
    let is_word = !version.is_empty() && !version.contains(char::is_whitespace);
    is_word.then(|| format!(" {sign} {version}"))
}

/// A name without dpkg's `:any`, `:native` and `:ARCH`.
fn without_qualifier(name: &str) -> &str {
    match name.split_once(':') {
        Some((bare, qualifier)) if is_qualifier(qualifier) => bare,
        _ => name,
    }
}

fn is_qualifier(word: &str) -> bool {
    matches!(word, "any" | "native") || rpm_arch_of_dpkg(word).is_some()
}

/// A name that rpm takes as it is, although its author meant something else.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DoubtfulName {
    /// Where it begins and ends.
    pub(crate) place: (usize, usize),
    /// The dependency in rpm's words.
    pub(crate) instead: String,
    /// The name has an operator in it, not one of dpkg's qualifiers behind it.
    pub(crate) has_operator: bool,
}

/// Names that contain an operator because blanks around it are missing, or one of dpkg's qualifiers.
pub(crate) fn doubtful_names(value: &str) -> Vec<DoubtfulName> {
    let words = words(value);
    let doubtful = words
        .iter()
        .enumerate()
        .filter_map(|(index, &(start, end))| {
            let word = &value[start..end];
            if !word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            if let Some((bare, qualifier)) = word.split_once(':')
                && is_qualifier(qualifier)
            {
                let is_named = !bare.contains('(');
                return is_named.then(|| DoubtfulName {
                    place: (start, end),
                    instead: bare.to_owned(),
                    has_operator: false,
                });
            }
            let sign = operator_in(word)?;
            let after = &word[sign.1..];
            let follows = words
                .get(index + 1)
                .map(|&(start, end)| (&value[start..end], end));
            let (version, end) = match (after, follows) {
                ("", Some((version, end))) => (version, end),
                ("", None) => ("VERSION", end),
                (version, _) => (version, end),
            };
            let operator = Comparison::parse(&word[sign.0..sign.1])?.as_str();
            Some(DoubtfulName {
                place: (start, end),
                instead: format!("{} {operator} {version}", &word[..sign.0]),
                has_operator: true,
            })
        });
    doubtful.collect()
}

/// The words of a value: brackets within a word belong to it, those around words do not.
fn words(value: &str) -> Vec<(usize, usize)> {
    let (mut words, mut start, mut depth) = (Vec::new(), None, 0usize);
    for (at, c) in value.char_indices().chain([(value.len(), ',')]) {
        let is_outside = c == ',' || c == ')' || c.is_ascii_whitespace();
        match start {
            None if is_outside || c == '(' => {}
            None => start = Some(at),
            Some(from) if at == value.len() || (depth == 0 && is_outside) => {
                words.push((from, at));
                (start, depth) = (None, 0);
            }
            Some(_) if c == '(' => depth += 1,
            Some(_) if c == ')' => depth -= 1,
            Some(_) => {}
        }
    }
    words
}

/// Where the operator in a word begins and ends, outside of brackets.
fn operator_in(word: &str) -> Option<(usize, usize)> {
    let mut depth = 0usize;
    for (at, c) in word.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '<' | '>' | '=' if depth == 0 => {
                let rest = &word[at..];
                let length = rest.len() - rest.trim_start_matches(['<', '>', '=']).len();
                return Some((at, at + length));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(value: &str) -> String {
        let (name, rest) = value.split_once(' ').unwrap();
        assert!(!rest.is_empty());
        help_for_relation(value, name.len() + 1, true).unwrap_or_default()
    }

    #[test]
    fn relations_are_told_in_rpms_words() {
        for (written, meant) in [
            ("foo (>= 1.2)", "write `foo >= 1.2`"),
            ("foo (>=1.2), bar", "write `foo >= 1.2`"),
            ("foo (<< 2~)", "write `foo < 2~`"),
            ("foo >> 2", "write `foo > 2`"),
            ("foo >=4", "write `foo >= 4`"),
            ("foo | bar", "write `(foo or bar)`"),
            ("foo (= 1) | bar:any | b", "write `(foo = 1 or bar or b)`"),
            (
                "foo (= ${binary:Version})",
                "write `foo = %{version}-%{release}`",
            ),
            (
                "foo [amd64 arm64]",
                "write `foo` between `%ifarch x86_64 aarch64` and `%endif`",
            ),
            (
                "foo [!armhf]",
                "write `foo` between `%ifnarch armv7hl` and `%endif`",
            ),
            (
                "foo <!nocheck>",
                "write `foo`; what `<!nocheck>` limits stands between `%if` and `%endif`",
            ),
        ] {
            assert_eq!(help(written), meant, "{written}");
        }
        assert!(help("foo != 4").contains("`Conflicts: NAME = VERSION`"));
        assert!(help("foo ~> 4").contains("as in `NAME >= VERSION`"));
        assert_eq!(
            help_for_relation("a, ${shlibs:Depends}", 3, true).unwrap(),
            "leave `${shlibs:Depends}` out: what the files of a package need is found when it is made"
        );
        assert_eq!(help("foo %{bar}"), "");
    }

    #[test]
    fn names_are_doubtful_that_hold_an_operator_or_a_qualifier() {
        let found = |value: &str| -> Vec<(String, String)> {
            let names = doubtful_names(value).into_iter();
            let shown = names.map(|it| (value[it.place.0..it.place.1].to_owned(), it.instead));
            shown.collect()
        };
        let one = |word: &str, meant: &str| vec![(word.to_owned(), meant.to_owned())];
        assert_eq!(found("a, make>=4 b"), one("make>=4", "make >= 4"));
        assert_eq!(found("make>= 4"), one("make>= 4", "make >= 4"));
        assert_eq!(
            found("bundled(x(y))= 0.4"),
            one("bundled(x(y))= 0.4", "bundled(x(y)) = 0.4")
        );
        assert_eq!(found("foo==1"), one("foo==1", "foo = 1"));
        assert_eq!(found("python3:any"), one("python3:any", "python3"));
        assert_eq!(found("(a or (b>=1 if c))"), one("b>=1", "b >= 1"));
        for value in [
            "make >= 4",
            "font(:lang=en)",
            "(a >= 1 or b(c=d))",
            "/etc/a=b",
            "perl(A::B) = 1:2",
            "qmlimport(a:b)",
            "a:b",
        ] {
            assert_eq!(found(value), [], "{value}");
        }
    }
}
