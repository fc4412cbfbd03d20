//! The numbers of owners, by the names that packages have, on this machine.
//!
//! Source: passwd(5), group(5).

use std::collections::HashMap;
use std::fs;

/// Users and groups of this machine.
pub(crate) struct Owners {
    users: HashMap<String, u32>,
    groups: HashMap<String, u32>,
}

impl Owners {
    /// Reads who there is; nobody but root where that can't be read.
    pub(crate) fn load() -> Self {
        let load = |path| parse(&fs::read_to_string(path).unwrap_or_default());
        Self {
            users: load("/etc/passwd"),
            groups: load("/etc/group"),
        }
    }

    /// The user's number; `None` if there is no such user.
    pub(crate) fn user(&self, name: &str) -> Option<u32> {
        number(&self.users, name)
    }

    /// The group's number; `None` if there is no such group.
    pub(crate) fn group(&self, name: &str) -> Option<u32> {
        number(&self.groups, name)
    }
}

fn number(known: &HashMap<String, u32>, name: &str) -> Option<u32> {
    match name {
        "root" => Some(0),
        _ => known.get(name).copied(),
    }
}

/// Names and numbers: the first and the third field of each line.
fn parse(text: &str) -> HashMap<String, u32> {
    let line = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        Some((name, fields.nth(1)?.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_found_by_their_names() {
        let owners = Owners {
            users: parse("root:x:7:0::/root:/bin/sh\nbin:x:2:2::/:\nbroken\n:"),
            groups: parse("mail:x:12:a,b\n"),
        };
        assert_eq!(owners.user("root"), Some(0));
        assert_eq!(owners.user("bin"), Some(2));
        assert_eq!(owners.group("mail"), Some(12));
        assert_eq!(owners.user("nobody-here"), None);
    }
}
