//! Names and addresses of people, in the many forms that specs write them.
//!
//! Source: Debian Policy 5.6.2 for what a `Maintainer` field holds; Fedora's and older changelogs for
//! the forms, such as `ann AT example DOT org`, `ann[at]example.org` and `ann@example.org` alone.

use std::borrow::Cow;

/// Who a `Packager:` tag or the head of a changelog entry names, and what follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    /// The name; empty if there is none.
    pub(crate) name: String,
    /// The address; `None` if there is none that mail can be sent to.
    pub(crate) address: Option<String>,
    /// The text behind name and address.
    pub(crate) rest: String,
}

impl Contact {
    /// Reads `Name <address> rest`, `address rest` or `Name rest`; only a dash with blanks around it
    /// or a version separates the last two.
    pub(crate) fn parse(text: &str) -> Self {
        if let Some((name, rest)) = text.split_once('<') {
            let end = rest.find('>').or_else(|| rest.find(" - "));
            let (inner, after) = rest.split_at(end.unwrap_or(rest.len()));
            return Self {
                name: plain_name(name),
                address: address(inner),
                rest: after.trim_start_matches('>').to_owned(),
            };
        }
        let text = with_signs(text);
        match text.split_whitespace().find(|word| is_address(bare(word))) {
            Some(word) => {
                let at = word.as_ptr() as usize - text.as_ptr() as usize;
                Self {
                    name: plain_name(&text[..at]),
                    address: Some(bare(word).to_owned()),
                    rest: text[at + word.len()..].to_owned(),
                }
            }
            None => Self::without_address(&text),
        }
    }

    fn without_address(text: &str) -> Self {
        let dash = text
            .rfind(" - ")
            .or_else(|| text.rfind(" -").filter(|at| is_version(&text[at + 2..])));
        let at = dash.or_else(|| {
            let last = text.trim_end().rfind(char::is_whitespace).unwrap_or(0);
            is_version(&text[last..]).then_some(last)
        });
        let (name, rest) = text.split_at(at.unwrap_or(text.len()));
        Self {
            name: plain_name(name),
            address: None,
            rest: rest.to_owned(),
        }
    }

    /// `Name <address>`; `None` if there is no address.
    pub(crate) fn mailbox(&self) -> Option<String> {
        let address = self.address.as_deref()?;
        Some(format!("{} <{address}>", self.name_or_address()))
    }

    /// The same with the address of another mailbox where there is none that mail reaches.
    pub(crate) fn mailbox_or(&self, other: &str) -> String {
        let own = self.mailbox().filter(|_| self.is_public());
        own.unwrap_or_else(|| match (self.name.as_str(), other.find('<')) {
            ("", _) | (_, None) => other.to_owned(),
            (name, Some(at)) => format!("{name} {}", &other[at..]),
        })
    }

    /// Who it is: the name, or the part of the address that says it.
    pub(crate) fn name_or_address(&self) -> &str {
        let address = self.address.as_deref().unwrap_or("");
        match self.name.as_str() {
            "" => address.split('@').next().unwrap_or(address),
            name => name,
        }
    }

    /// Whether mail reaches the address from other machines: its host has a domain, and not one that
    /// every machine has for itself.
    pub(crate) fn is_public(&self) -> bool {
        const OWN: [&str; 8] = [
            "localdomain",
            "localhost",
            "local",
            "localnet",
            "lan",
            "internal",
            "invalid",
            "home",
        ];
        let host = self.address.as_deref().and_then(|it| it.split('@').nth(1));
        let domain = host.and_then(|host| host.rsplit_once('.'));
        domain.is_some_and(|(_, last)| !OWN.contains(&last.to_ascii_lowercase().as_str()))
    }
}

/// Whether the first word looks like a version.
fn is_version(text: &str) -> bool {
    let word = bare(text.split_whitespace().next().unwrap_or(""));
    word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(['.', '-'])
}

/// A name without quotes and what separates it from the address.
fn plain_name(name: &str) -> String {
    let name = name
        .trim()
        .trim_end_matches(['-', '–', ',', '(', '['])
        .trim();
    let name = name.trim_matches('"').replace(['<', '>', '"', '\n'], " ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address between `<` and `>`.
fn address(inner: &str) -> Option<String> {
    let inner = inner.trim();
    let inner = inner.strip_prefix("mailto:").unwrap_or(inner);
    let signed = with_signs(inner);
    let mut words: Vec<&str> = signed.split_whitespace().collect();
    for (word, sign) in [("at", "@"), ("dot", ".")] {
        let spelled = words.iter_mut().filter(|it| it.eq_ignore_ascii_case(word));
        spelled.for_each(|it| *it = sign);
    }
    let is_sign = |word: &str| matches!(word, "@" | ".");
    let is_apart = |pair: &[&str]| !is_sign(pair[0]) && !is_sign(pair[1]);
    if words.windows(2).any(is_apart) {
        return None;
    }
    let joined = words.concat();
    let joined = bare(&joined);
    let joined = joined.strip_suffix('.').unwrap_or(joined);
    is_address(joined).then(|| joined.to_owned())
}

/// Puts `@` and `.` where their words stand in brackets: `[AT]`, `(at)`, `{ dot }`, `_at_`.
fn with_signs(text: &str) -> Cow<'_, str> {
    const WORDS: [(&str, &str); 2] = [("at", "@"), ("dot", ".")];
    const BRACKETS: [(&str, &str); 5] =
        [("[", "]"), ("(", ")"), ("{", "}"), ("_", "_"), ("<", ">")];
    let mut text = Cow::Borrowed(text);
    for (word, sign) in WORDS {
        for (open, close) in BRACKETS {
            while let Some((start, end)) = find_bracketed(&text, open, word, close) {
                let before = text[..start].trim_end().to_owned();
                text = Cow::Owned(format!("{before}{sign}{}", text[end..].trim_start()));
            }
        }
    }
    text
}

/// Where `open word close` is, with blanks around the word or none; something must be on both sides.
fn find_bracketed(text: &str, open: &str, word: &str, close: &str) -> Option<(usize, usize)> {
    text.match_indices(open).find_map(|(start, _)| {
        let rest = text[start + open.len()..].trim_start();
        let found = rest.get(..word.len())?;
        let after = rest[word.len()..].trim_start().strip_prefix(close)?;
        let is_inside = !text[..start].trim().is_empty() && !after.trim().is_empty();
        (found.eq_ignore_ascii_case(word) && is_inside).then(|| (start, text.len() - after.len()))
    })
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['(', ')', '[', ']', '{', '}', ',', ';', ':', '<', '>'])
}

/// Whether a text is `local@host`, each of names with single dots between them.
fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let is_dotted = |part: &str, fits: fn(char) -> bool| {
        let mut names = part.split('.');
        names.all(|name| !name.is_empty() && name.chars().all(fits))
    };
    let in_local = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    is_dotted(local, in_local) && is_dotted(host, |c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, String) {
        let contact = Contact::parse(text);
        (
            contact.name,
            contact.address.unwrap_or_default(),
            contact.rest.trim().to_owned(),
        )
    }

    #[test]
    fn all_forms_of_addresses_are_read() {
        let forms = [
            "Ann Example <ann@example.org>",
            "\"Ann Example\" <ann@example.org.>",
            "Ann Example <ann AT example DOT org>",
            "Ann Example <ann[AT]example.org>",
            "Ann Example <ann(at)example(dot)org>",
            "Ann Example <ann { at } example.org>",
            "Ann Example <ann_at_example.org>",
            "Ann Example <mailto:ann@example.org>",
            "Ann Example - <ann@example.org>",
            "Ann Example ann@example.org",
            "Ann Example (ann@example.org)",
            "Ann Example ann [at] example.org",
        ];
        let expected = ("Ann Example", "ann@example.org", "");
        for form in forms {
            let (name, address, rest) = read(form);
            assert_eq!((&*name, &*address, &*rest), expected, "{form}");
        }
    }

    #[test]
    fn what_mail_cannot_be_sent_to_is_no_address() {
        for text in [
            "Example <https://example.org/x>",
            "Example <https://user@example.org/x>",
            "https://www.example.org",
            "Example <ann@>",
            "Example <ann>",
            "Example <ann..b@example.org>",
            "Example <ann@example org>",
            "Example <>",
        ] {
            assert_eq!(Contact::parse(text).address, None, "{text}");
        }
        assert!(!Contact::parse("root <root@localhost>").is_public());
        assert!(Contact::parse("root <root@host.example.org>").is_public());
    }

    #[test]
    fn what_follows_is_kept() {
        for (text, name, rest) in [
            ("Ann Example - 1.9-1", "Ann Example", "- 1.9-1"),
            ("Ann Example -1.9-1", "Ann Example", "-1.9-1"),
            ("Ann Example 1.9-1", "Ann Example", "1.9-1"),
            ("Ann Example-Smith", "Ann Example-Smith", ""),
            ("Team 42", "Team 42", ""),
            ("1.9-1", "", "1.9-1"),
            ("[1.9-1]", "", "[1.9-1]"),
            ("Ann [1.9-1]", "Ann", "[1.9-1]"),
            ("ann@example.org - 1.8-1", "", "- 1.8-1"),
            ("Ann <ann@example.org> [1.3-1]", "Ann", "[1.3-1]"),
            ("Ann <ann@example.org - 1.3-1", "Ann", "- 1.3-1"),
        ] {
            let (found, _, after) = read(text);
            assert_eq!((&*found, &*after), (name, rest), "{text}");
        }
    }

    #[test]
    fn a_mailbox_has_a_name_and_an_address() {
        let maintainer = "Example Packagers <p@example.org>";
        let of = |text: &str| Contact::parse(text).mailbox_or(maintainer);
        assert_eq!(of("Ann - 1-1"), "Ann <p@example.org>");
        assert_eq!(of("ann@example.org"), "ann <ann@example.org>");
        assert_eq!(of(" - 1-1"), maintainer);
        for host in ["localhost", "example", "localhost.localdomain", "box.local"] {
            assert_eq!(of(&format!("Ann <ann@{host}>")), "Ann <p@example.org>");
        }
    }
}
