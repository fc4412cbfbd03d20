//! Users and groups that a package brings along in a `sysusers.d` file.
//!
//! postinst has systemd-sysusers make them where it is installed, and otherwise makes them itself.
//!
//! Source: sysusers.d(5); Debian Policy 9.2.2: accounts are made in postinst and stay when the
//! package is removed.

use package::Package;

use super::draft::Deb;
use super::fields::Field;
use super::made_accounts::Account;
use super::script_text::{Case, quote};
use crate::context::Context;
use crate::deb::Script;

/// Where such files lie.
const DIRECTORY: &str = "/usr/lib/sysusers.d/";

const ADD_GROUP: &str = r#"# add_group NAME ID
add_group() {
	if getent group "$1" >/dev/null; then return 0; fi
	if [ "$2" = - ] || getent group "$2" >/dev/null; then
		groupadd --system "$1"
	else
		groupadd --system --gid "$2" "$1"
	fi
}"#;

const ADD_USER: &str = r#"# add_user NAME ID GROUP COMMENT HOME SHELL
add_user() {
	if getent passwd "$1" >/dev/null; then return 0; fi
	if [ "$2" = - ] || getent passwd "$2" >/dev/null; then
		useradd --system --gid "$3" --comment "$4" --home-dir "$5" --no-create-home --shell "$6" "$1"
	else
		useradd --system --uid "$2" --gid "$3" --comment "$4" --home-dir "$5" --no-create-home \
			--shell "$6" "$1"
	fi
}"#;

const ADD_MEMBER: &str = r#"# add_member USER GROUP
add_member() {
	usermod --append --groups "$2" "$1"
}"#;

/// Has postinst make the accounts, and asks for the programs that do.
pub(crate) fn lower_accounts(deb: &mut Deb<'_>, package: &Package) {
    let context = deb.context;
    let files = package
        .files
        .entries()
        .iter()
        .filter(|it| is_sysusers_file(&it.path));
    let texts: Vec<_> = files
        .filter_map(|it| Some((&it.path, context.texts.get(&it.path)?)))
        .collect();
    let lines: Vec<Line> = texts
        .iter()
        .flat_map(|(_, text)| text.lines().filter_map(read_line))
        .collect();
    if lines.is_empty() {
        return;
    }
    let names = texts
        .iter()
        .map(|(path, _)| quote(path.trim_start_matches(DIRECTORY)));
    let names = names.collect::<Vec<_>>().join(" ");
    let mut command = format!(
        "if command -v systemd-sysusers >/dev/null; then\n\
         \tsystemd-sysusers ${{DPKG_ROOT:+--root=\"$DPKG_ROOT\"}} {names}\nelse\n"
    );
    let postinst = deb.scripts.of(Script::Postinst);
    for line in &lines {
        let (function, call) = line.call();
        line.needed_functions()
            .iter()
            .for_each(|function| postinst.define(*function));
        postinst.define(function);
        command.push_str(&format!("\t{}\n", call.replace('\n', "\n\t")));
    }
    command.push_str("fi");
    postinst.add(Case::Configure, command);
    deb.relations.add_text(Field::Depends, "passwd");
}

/// Whether a path is one that holds accounts.
pub(crate) fn is_sysusers_file(path: &str) -> bool {
    path.starts_with(DIRECTORY) && path.ends_with(".conf")
}

/// Whether a `sysusers.d` file of a package makes an account.
pub(super) fn is_in_file(account: Account<'_>, package: &Package, context: &Context<'_>) -> bool {
    let entries = package.files.entries().iter();
    let files = entries.filter(|it| is_sysusers_file(&it.path));
    let texts = files.filter_map(|it| context.texts.get(&it.path));
    let mut lines = texts.flat_map(|text| text.lines().filter_map(read_line));
    lines.any(|line| line.makes(account))
}

/// One line of such a file.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    User {
        name: String,
        id: String,
        group: String,
        comment: String,
        home: String,
        shell: String,
    },
    Group {
        name: String,
        id: String,
    },
    Member {
        user: String,
        group: String,
    },
}

impl Line {
    /// The function that does it, and the call.
    fn call(&self) -> (&'static str, String) {
        match self {
            Self::Group { name, id } => (
                ADD_GROUP,
                format!("add_group {} {}", quote(name), quote(id)),
            ),
            Self::Member { user, group } => (
                ADD_MEMBER,
                format!("add_member {} {}", quote(user), quote(group)),
            ),
            Self::User {
                name,
                id,
                group,
                comment,
                home,
                shell,
            } => {
                let words = [name, id, group, comment, home, shell].map(|word| quote(word));
                let user = format!("add_user {}", words.join(" "));
                let own_group = format!("add_group {} {}", quote(name), quote(id));
                let call = if group == name {
                    format!("{own_group}\n{user}")
                } else {
                    user
                };
                (ADD_USER, call)
            }
        }
    }

    /// Whether it makes an account; members and their groups are made where they are missing.
    fn makes(&self, account: Account<'_>) -> bool {
        match (self, account) {
            (Self::User { name, .. } | Self::Member { user: name, .. }, Account::User(wanted)) => {
                name == wanted
            }
            (Self::User { name, group, .. }, Account::Group(wanted)) => {
                name == wanted || group == wanted
            }
            (
                Self::Group { name, .. } | Self::Member { group: name, .. },
                Account::Group(wanted),
            ) => name == wanted,
            (Self::Group { .. }, Account::User(_)) => false,
        }
    }

    fn needed_functions(&self) -> &'static [&'static str] {
        match self {
            Self::User { .. } => &[ADD_GROUP],
            Self::Group { .. } | Self::Member { .. } => &[],
        }
    }
}

/// Reads a line; `None` for comments, ranges, and lines with specifiers, which only systemd fills.
fn read_line(line: &str) -> Option<Line> {
    let fields = split_fields(line.trim());
    let field = |index: usize| fields.get(index).filter(|it| *it != "-").cloned();
    let name = field(1).filter(|name| !name.contains('%'))?;
    let id = field(2).unwrap_or_else(|| "-".to_owned());
    match fields.first()?.trim_end_matches(['!', '+', '-']) {
        "g" => Some(Line::Group {
            name,
            id: number(&id),
        }),
        "m" => Some(Line::Member {
            user: name,
            group: field(2)?,
        }),
        "u" => {
            let (id, group) = match id.split_once(':') {
                Some((id, group)) => (number(id), group.to_owned()),
                None => (number(&id), name.clone()),
            };
            Some(Line::User {
                comment: field(3).unwrap_or_default(),
                home: field(4).unwrap_or_else(|| "/".to_owned()),
                shell: field(5).unwrap_or_else(|| "/usr/sbin/nologin".to_owned()),
                name,
                id,
                group,
            })
        }
        _ => None,
    }
}

/// A number, or `-` for whatever is free.
fn number(id: &str) -> String {
    let is_number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        id.to_owned()
    } else {
        "-".to_owned()
    }
}

/// Splits at blanks; double quotes keep a field together.
fn split_fields(line: &str) -> Vec<String> {
    if line.starts_with('#') {
        return Vec::new();
    }
    let mut fields = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        fields.push(field.to_owned());
        rest = after.trim_start();
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let user = read_line("u  tickd - \"Tick daemon\" /var/lib/tickd").unwrap();
        let expected = "add_group tickd -\nadd_user tickd - tickd 'Tick daemon' /var/lib/tickd \
                        /usr/sbin/nologin";
        assert_eq!(user.call().1, expected);
        assert_eq!(
            read_line("u! x 65:lp").unwrap().call().1,
            "add_user x 65 lp '' / /usr/sbin/nologin"
        );
        assert_eq!(
            read_line("g input 42").unwrap().call().1,
            "add_group input 42"
        );
        assert_eq!(
            read_line("m tickd audio").unwrap().call().1,
            "add_member tickd audio"
        );
        assert_eq!(read_line("# u x"), None);
        assert_eq!(read_line("r - 500-900"), None);
    }
}
