//! Users and groups that a package brings along as files for systemd-sysusers.
//!
//! The whole line goes into the version of the capability, so that the package manager can make the
//! account before the package's files are laid down.
//! Source: sysusers.d(5); rpm's manual, "Users and groups".

use std::io;

use package::{Comparison, Dependency};

use crate::fault::Fault;
use crate::subject::{Found, Subject, lines};

/// `user(x)`, `group(x)`, `groupmember(x/y)`.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let mut found = Vec::new();
    for line in lines(subject.disk)? {
        let fields = fields(&line);
        let name = match fields.as_slice() {
            ["u" | "u!", name, ..] => format!("user({name})"),
            ["g", name, ..] => format!("group({name})"),
            ["m", user, group, ..] => format!("groupmember({user}/{group})"),
            _ => continue,
        };
        let version = encoded(&fields.join(" "));
        found.push(Dependency::versioned(name, Comparison::Equal, version));
        // A group of the same name comes with each user.
        if let ["u" | "u!", name, ..] = fields.as_slice() {
            found.push(Dependency::on(format!("group({name})")));
        }
    }
    Ok(found)
}

/// What a membership needs: the user and the group.
pub(crate) fn members(subject: &Subject<'_>) -> Found {
    let mut found = Vec::new();
    for line in lines(subject.disk)? {
        if let ["m", user, group, ..] = fields(&line).as_slice() {
            found.push(Dependency::on(format!("user({user})")));
            found.push(Dependency::on(format!("group({group})")));
        }
    }
    Ok(found)
}

/// Lines that no capability is made of, in the words of rpm's `%add_sysuser`. Lines of type `r` make no account,
/// and other types do not exist.
pub(crate) fn doubts(subject: &Subject<'_>) -> io::Result<Vec<Fault>> {
    let mut found = Vec::new();
    for (index, line) in lines(subject.disk)?.iter().enumerate() {
        let fault = match fields(line).as_slice() {
            [] | [_] | ["u" | "u!" | "g", ..] | ["m", _, _, ..] => continue,
            ["r", ..] => Fault::warning("ignoring unsupported sysuser type: r"),
            [letter, ..] => Fault::survived(format!("invalid sysuser type: {letter}")),
        };
        let place = format!("at line {} of `{}`", index + 1, subject.path);
        found.push(fault.at(subject.origin).note(place));
    }
    Ok(found)
}

fn fields(line: &str) -> Vec<&str> {
    if line.starts_with('#') {
        Vec::new()
    } else {
        line.split_whitespace().collect()
    }
}

/// Base64 of the line, padded with zero bytes so that no `=`, which versions can't have, is needed.
fn encoded(line: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = line.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(3), 0);
    let mut text = String::with_capacity(bytes.len() / 3 * 4);
    for group in bytes.chunks_exact(3) {
        let number = group
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        for shift in [18, 12, 6, 0] {
            text.push(char::from(DIGITS[number >> shift & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &str =
        "# accounts\nu tickd  - \"Ticker\"\ng clock 12\nm tickd clock\nr - 1-2\n";

    fn with<T>(content: &str, read: impl Fn(&Subject<'_>) -> T) -> T {
        let disk = testkit::Tree::new().file("t.conf", content);
        let path = disk.join("t.conf");
        let subject = Subject {
            path: "/t.conf",
            disk: &path,
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        read(&subject)
    }

    fn found(generate: fn(&Subject<'_>) -> Found) -> Vec<String> {
        let found = with(ACCOUNTS, generate).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    fn complaints(content: &str) -> String {
        let mut sink = source::Sink::new();
        for fault in with(content, doubts).unwrap() {
            fault.report(&mut sink);
        }
        let told = sink.found().iter();
        told.map(|it| {
            format!(
                "{:?}: {}; {}\n",
                it.severity,
                it.message,
                it.notes.join(" ")
            )
        })
        .collect()
    }

    #[test]
    fn lines_become_capabilities() {
        let expected = [
            "user(tickd) = dSB0aWNrZCAtICJUaWNrZXIi",
            "group(tickd)",
            "group(clock) = ZyBjbG9jayAxMgAA",
            "groupmember(tickd/clock) = bSB0aWNrZCBjbG9jawAA",
        ];
        assert_eq!(found(provides), expected);
        assert_eq!(found(members), ["user(tickd)", "group(clock)"]);
    }

    #[test]
    fn lines_without_an_account_are_told_of() {
        let ranges = "Warning: ignoring unsupported sysuser type: r; at line 5 of `/t.conf`\n";
        assert_eq!(complaints(ACCOUNTS), ranges);
        let unknown = "#r - 1\nu! a\n\nr\nm a\nx foo\n";
        let expected = "Error: invalid sysuser type: m; at line 5 of `/t.conf`\n\
                        Error: invalid sysuser type: x; at line 6 of `/t.conf`\n";
        assert_eq!(complaints(unknown), expected);
    }
}
