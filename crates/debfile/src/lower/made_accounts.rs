//! Whether the accounts that files belong to are made by anybody.
//!
//! rpm has each owner as a requirement, `user(x)` and `group(x)`. No package of a `.deb` distribution is
//! named so; an account is there because it is on every system, or because a `sysusers.d` file or a
//! scriptlet of the spec makes it.
//!
//! Source: rpm's manual, "Users and groups"; Debian Policy 9.2.

use std::collections::BTreeMap;

use package::{Package, Slot};
use source::{Diagnostic, Origin, Sink};

use super::accounts;
use super::owners::{is_fixed_group, is_fixed_user};
use crate::codes;
use crate::context::Context;

/// Programs that make accounts.
const MAKERS: [&str; 6] = [
    "useradd",
    "groupadd",
    "adduser",
    "addgroup",
    "newusers",
    "systemd-sysusers",
];

/// A user or a group, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account<'a> {
    /// `user(x)`.
    User(&'a str),
    /// `group(x)`.
    Group(&'a str),
}

impl<'a> Account<'a> {
    /// The account that a capability is.
    pub(crate) fn parse(capability: &'a str) -> Option<Self> {
        let (kind, rest) = capability.split_once('(')?;
        let name = rest.strip_suffix(')')?;
        match kind {
            "user" => Some(Self::User(name)),
            "group" => Some(Self::Group(name)),
            _ => None,
        }
    }

    fn name(self) -> &'a str {
        match self {
            Self::User(name) | Self::Group(name) => name,
        }
    }

    /// Whether every system has it, or a package of the spec makes it.
    pub(crate) fn is_made(self, context: &Context<'_>) -> bool {
        let is_fixed = match self {
            Self::User(name) => is_fixed_user(name),
            Self::Group(name) => is_fixed_group(name),
        };
        let makes = |package: &Package| {
            accounts::is_in_file(self, package, context) || is_in_scriptlet(self.name(), package)
        };
        is_fixed || context.packages.iter().any(makes)
    }
}

/// Whether a scriptlet that runs when a package is installed calls a program that makes accounts, for
/// this one or for one that it has in a variable.
fn is_in_scriptlet(name: &str, package: &Package) -> bool {
    let slots = [Slot::PreTrans, Slot::Pre, Slot::Post, Slot::PostTrans];
    let scriptlets = slots.iter().filter_map(|slot| package.scriptlets.get(slot));
    let mut bodies = scriptlets.filter_map(|it| it.body.as_deref());
    bodies.any(|body| is_made_by(name, body))
}

fn is_made_by(name: &str, body: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let has = |text: &str, word: &str| text.split(|c| !is_word(c)).any(|it| it == word);
    let mut calls = body
        .lines()
        .filter(|line| MAKERS.iter().any(|maker| has(line, maker)))
        .peekable();
    calls.peek().is_some() && (has(body, name) || calls.any(|line| line.contains('$')))
}

/// Reports accounts that files of a package belong to and nobody makes; each is reported for the first
/// package of the spec that has it.
pub(crate) fn check_owners(package: &Package, context: &Context<'_>, sink: &mut Sink) {
    let mut unmade: BTreeMap<&str, Unmade> = BTreeMap::new();
    for entry in package.files.entries() {
        for account in [Account::User(&entry.user), Account::Group(&entry.group)] {
            if is_new(account, package, context) && !account.is_made(context) {
                let found = unmade.entry(account.name()).or_default();
                found.origin = found.origin.or(entry.origin);
                match account {
                    Account::User(_) => found.is_user = true,
                    Account::Group(_) => found.is_group = true,
                }
            }
        }
    }
    for (name, found) in unmade {
        sink.push(found.finding(name));
    }
}

/// Whether no earlier package of the spec has files of an account.
fn is_new(account: Account<'_>, package: &Package, context: &Context<'_>) -> bool {
    let packages = context.packages.iter();
    let mut earlier = packages.take_while(|it| it.name != package.name);
    let is_owner = |other: &Package| {
        let mut entries = other.files.entries().iter();
        entries.any(|entry| match account {
            Account::User(name) => entry.user == name,
            Account::Group(name) => entry.group == name,
        })
    };
    !earlier.any(is_owner)
}

/// An account that nobody makes, and the first file of it.
#[derive(Default)]
struct Unmade {
    is_user: bool,
    is_group: bool,
    origin: Option<Origin>,
}

impl Unmade {
    fn finding(&self, name: &str) -> Diagnostic {
        let what = match (self.is_user, self.is_group) {
            (true, true) => "user and the group",
            (true, false) => "user",
            (false, _) => "group",
        };
        let message = format!("no package of the spec makes the {what} `{name}`");
        Diagnostic::warning(codes::UNMADE_OWNER, message)
            .at(self.origin)
            .note("where it is missing, its files stay with root when the package is installed")
            .help("make it with a `sysusers.d` file or in `%pre`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scriptlets_make_accounts_in_many_ways() {
        for body in [
            "getent passwd agent >/dev/null || useradd -r -g agent agent",
            "NAME=agent\nif ! id $NAME; then /usr/sbin/useradd -r \"$NAME\"; fi",
            "adduser --system --group agent",
            "systemd-sysusers --replace=/usr/lib/sysusers.d/agent.conf - <<EOF\nu agent -\nEOF",
            ". /etc/default/x\nuseradd -r $ACCOUNT",
        ] {
            assert!(is_made_by("agent", body), "{body}");
        }
        for body in [
            "chown agent /var/lib/agent",
            "useradd -r agent-2",
            "useradd other",
        ] {
            assert!(!is_made_by("agent", body), "{body}");
        }
    }

    #[test]
    fn accounts_are_capabilities() {
        assert_eq!(Account::parse("user(x)"), Some(Account::User("x")));
        assert_eq!(Account::parse("group(x)"), Some(Account::Group("x")));
        assert_eq!(Account::parse("pkgconfig(x)"), None);
    }
}
