//! Directories and files that a package has made at boot: they have to be there at once.
//!
//! Where specs come from, a file trigger of systemd does this; dpkg's systemd has none. A machine may have
//! no systemd at all, as containers do: there postinst makes the directories itself.
//!
//! Source: tmpfiles.d(5); Debian Policy 9.3.

use std::collections::BTreeMap;

use package::{FileEntry, Package};

use super::draft::Deb;
use super::places::{TMPFILES, current, is_tmpfiles_file, tmpfiles_lines, volatile_directories};
use super::script_text::{Case, Scripts, quote};
use super::tree::Tree;
use crate::context::Context;
use crate::deb::Script;

/// Adds a file for the directories of the package that are gone after a reboot, and has postinst make
/// what this and the package's own `tmpfiles.d` files ask for.
pub(crate) fn lower_tmpfiles(deb: &mut Deb<'_>, package: &Package) {
    let context = deb.context;
    let entries = package
        .files
        .entries()
        .iter()
        .filter(|entry| entry.has_content());
    let names = entries.filter_map(|entry| entry.path.strip_prefix(TMPFILES));
    let mut names: Vec<String> = names
        .filter(|it| it.ends_with(".conf"))
        .map(quote)
        .collect();
    let mut made = own_directories(package, context);
    let directories = volatile_directories(package, context);
    let lines = tmpfiles_lines(package, &directories, context);
    if !lines.is_empty() {
        let name = free_name(&deb.name, &deb.tree);
        made.extend(lines.lines().filter_map(MadeDirectory::of_line));
        deb.tree
            .add_text(format!("{TMPFILES}{name}"), lines.into_bytes());
        names.push(quote(&name));
        remove_with_package(&directories, &mut deb.scripts);
    }
    if names.is_empty() {
        return;
    }
    let otherwise: Vec<String> = made.iter().map(MadeDirectory::command).collect();
    let otherwise = match otherwise.is_empty() {
        true => String::new(),
        false => format!("else\n{}", otherwise.concat()),
    };
    let command = format!(
        "if command -v systemd-tmpfiles >/dev/null; then\n\
         \tsystemd-tmpfiles ${{DPKG_ROOT:+--root=\"$DPKG_ROOT\"}} --create {} || true\n{otherwise}fi",
        names.join(" ")
    );
    deb.scripts
        .of(Script::Postinst)
        .add(Case::Configure, command);
}

/// A name that no file of the package has.
fn free_name(package: &str, tree: &Tree) -> String {
    let name = format!("{package}.conf");
    if tree.has(&format!("{TMPFILES}{name}")) {
        return format!("{package}-directories.conf");
    }
    name
}

/// dpkg removes only what the archive has.
fn remove_with_package(directories: &BTreeMap<&str, &FileEntry>, scripts: &mut Scripts) {
    let postrm = scripts.of(Script::Postrm);
    for path in directories.keys().rev() {
        let path = quote(&current(path));
        postrm.add(Case::Remove, format!("rmdir {path} 2>/dev/null || true"));
    }
}

/// A directory that a line of a `tmpfiles.d` file makes.
#[derive(Debug, PartialEq, Eq)]
struct MadeDirectory {
    path: String,
    mode: String,
    user: String,
    group: String,
}

impl MadeDirectory {
    /// The directory of a line such as `d /run/x 0755 user group -`, unless it is made at boot only or its
    /// path depends on the machine.
    fn of_line(line: &str) -> Option<Self> {
        let (kind, rest) = line.trim().split_once(char::is_whitespace)?;
        let (path, rest) = match rest.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest
                .trim_start()
                .split_once(char::is_whitespace)
                .unwrap_or((rest.trim(), "")),
        };
        let is_directory = kind.starts_with(['d', 'D', 'v', 'q', 'Q']) && !kind.contains('!');
        let depends = path.replace("%%", "").contains('%');
        if !is_directory || depends || !path.starts_with('/') {
            return None;
        }
        let mut fields = rest.split_whitespace();
        let mut field = |default: &str| {
            let given = fields.next().filter(|it| *it != "-");
            let given = given.map(|it| it.trim_start_matches(['~', ':']));
            given.unwrap_or(default).to_owned()
        };
        Some(Self {
            path: current(path.replace("%%", "%").trim_end_matches('/')),
            mode: field("0755"),
            user: field("root"),
            group: field("root"),
        })
    }

    /// The command that makes it.
    fn command(&self) -> String {
        let [path, mode, user, group] =
            [&self.path, &self.mode, &self.user, &self.group].map(|it| quote(it));
        format!("\tinstall -d -m {mode} -o {user} -g {group} \"${{DPKG_ROOT:-}}\"{path} || true\n")
    }
}

/// The directories that the package's own `tmpfiles.d` files make.
fn own_directories(package: &Package, context: &Context<'_>) -> Vec<MadeDirectory> {
    let entries = package.files.entries().iter();
    let own = entries.filter(|it| is_tmpfiles_file(&it.path));
    let texts = own.filter_map(|it| context.texts.get(&it.path));
    texts
        .flat_map(|text| text.lines())
        .filter_map(MadeDirectory::of_line)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_directories_are_done_without_systemd() {
        for (line, expected) in [
            (
                "d /run/x 2750 a b -",
                "install -d -m 2750 -o a -g b \"${DPKG_ROOT:-}\"/run/x",
            ),
            (
                "D /var/run/x/",
                "install -d -m 0755 -o root -g root \"${DPKG_ROOT:-}\"/run/x",
            ),
            (
                "d \"/run/a b%%\" ~0700 - - 1d",
                "install -d -m 0700 -o root -g root \"${DPKG_ROOT:-}\"'/run/a b%'",
            ),
        ] {
            let command = MadeDirectory::of_line(line).unwrap().command();
            assert_eq!(command.trim(), format!("{expected} || true"), "{line}");
        }
        for line in [
            "# d /run/x",
            "f /run/x",
            "d! /run/x",
            "d /run/%i",
            "L /run/x - - - - /y",
            "",
        ] {
            assert_eq!(MadeDirectory::of_line(line), None, "{line}");
        }
    }
}
