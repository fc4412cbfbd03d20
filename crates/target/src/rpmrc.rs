//! rpmrc files: what a site or a user says of architectures.
//!
//! The defaults that rpm keeps in `/usr/lib/rpm/rpmrc` are in `archs.tsv`; what is read here comes on
//! top. Source: rpm-rpmrc(5).

use std::collections::BTreeMap;

/// What rpmrc files say, later ones winning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rpmrc {
    /// `optflags`, by architecture.
    optflags: BTreeMap<String, String>,
    /// The tables `arch_canon`, `arch_compat`, `buildarch_compat`, `buildarchtranslate`, …, by their
    /// names and the name left of the second colon.
    tables: BTreeMap<(Table, String), Vec<String>>,
    faults: Vec<String>,
    warnings: Vec<String>,
}

/// A table of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    ArchCanon,
    ArchCompat,
    BuildArchCompat,
    BuildArchTranslate,
    /// What rpm reads and nothing here depends on: systems other than Linux, colours.
    Unused,
}

/// Keywords that stand before `NAME: …`.
const TABLES: [(&str, Table); 8] = [
    ("arch_canon", Table::ArchCanon),
    ("arch_compat", Table::ArchCompat),
    ("buildarch_compat", Table::BuildArchCompat),
    ("buildarchtranslate", Table::BuildArchTranslate),
    ("os_canon", Table::Unused),
    ("os_compat", Table::Unused),
    ("buildos_compat", Table::Unused),
    ("buildostranslate", Table::Unused),
];

/// Gives the text of a file by its path.
pub type Include<'f> = dyn FnMut(&str) -> std::io::Result<String> + 'f;

/// What a line asks the caller to do.
enum Line<'t> {
    /// `include: FILE`.
    Include(&'t str),
    /// It has been taken, or says nothing.
    Taken,
}

impl Rpmrc {
    /// Reads the text of a file called `name`; `include` gives the text of a file that it names. A line
    /// that makes no sense ends the file and is remembered in [`Rpmrc::faults`].
    pub fn read(&mut self, name: &str, text: &str, include: &mut Include<'_>) {
        if let Err(fault) = self.read_lines(name, text, include) {
            self.faults.push(fault);
        }
    }

    /// What was wrong with the files, in rpm's words, each with its file and line.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// What was passed over, likewise.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn read_lines(
        &mut self,
        name: &str,
        text: &str,
        include: &mut Include<'_>,
    ) -> Result<(), String> {
        for (index, line) in text.lines().enumerate() {
            let place = format!("{name}:{}", index + 1);
            let Line::Include(other) = self.take(line, &place)? else {
                continue;
            };
            let text = include(other)
                .map_err(|error| format!("cannot open {other} at {place}: {}", reason(&error)))?;
            self.read_lines(other, &text, include)?;
        }
        Ok(())
    }

    fn take<'t>(&mut self, line: &'t str, place: &str) -> Result<Line<'t>, String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(Line::Taken);
        }
        let (keyword, value) = split_keyword(line, place)?;
        match keyword {
            "include" | "macrofiles" | "optflags" | "archcolor" if value.is_empty() => {
                return Err(format!("missing argument for {keyword} at {place}"));
            }
            "include" => return Ok(Line::Include(first_word(value))),
            "macrofiles" => self
                .warnings
                .push(format!("Ignoring macrofiles at {place}")),
            "optflags" => {
                let (arch, flags) = arch_and_value(keyword, value, place)?;
                self.optflags.insert(arch.to_owned(), flags.to_owned());
            }
            "archcolor" => drop(arch_and_value(keyword, value, place)?),
            _ => self.take_row(keyword, value, place)?,
        }
        Ok(Line::Taken)
    }

    /// `TABLE: NAME: WORD…`.
    fn take_row(&mut self, keyword: &str, value: &str, place: &str) -> Result<(), String> {
        let table = TABLES.iter().find(|(name, _)| *name == keyword);
        let Some((_, table)) = table else {
            return Err(format!("bad option '{keyword}' at {place}"));
        };
        let Some((name, words)) = value.split_once(':') else {
            return Err(format!("missing second ':' at {place}"));
        };
        if name.trim().is_empty() {
            return Err(format!("missing architecture name at {place}"));
        }
        let words = words.split_whitespace().map(str::to_owned).collect();
        self.tables.insert((*table, name.trim().to_owned()), words);
        Ok(())
    }

    /// The compiler flags given for an architecture.
    #[must_use]
    pub fn optflags(&self, arch: &str) -> Option<&str> {
        self.optflags.get(arch).map(String::as_str)
    }

    /// What a table says of a name.
    pub(crate) fn row(&self, table: Table, name: &str) -> Option<&[String]> {
        self.tables
            .get(&(table, name.to_owned()))
            .map(Vec::as_slice)
    }

    /// The first word that a table has for a name, or the name itself.
    pub(crate) fn translate<'n>(&'n self, table: Table, name: &'n str) -> &'n str {
        let row = self.row(table, name);
        row.and_then(<[String]>::first).map_or(name, String::as_str)
    }
}

/// What stands before the first colon, and what follows it.
fn split_keyword<'t>(line: &'t str, place: &str) -> Result<(&'t str, &'t str), String> {
    let end = line
        .find(|c: char| c.is_whitespace() || c == ':')
        .unwrap_or(line.len());
    let rest = line[end..].trim_start();
    match rest.strip_prefix(':') {
        Some(value) => Ok((&line[..end], value.trim_start())),
        None => {
            let found = rest.bytes().next().unwrap_or(0);
            Err(format!("missing ':' (found 0x{found:02x}) at {place}"))
        }
    }
}

fn first_word(value: &str) -> &str {
    value.split_whitespace().next().unwrap_or_default()
}

/// `ARCH VALUE`.
fn arch_and_value<'t>(
    keyword: &str,
    value: &'t str,
    place: &str,
) -> Result<(&'t str, &'t str), String> {
    let Some((arch, value)) = value.split_once(char::is_whitespace) else {
        return Err(format!("missing architecture for {keyword} at {place}"));
    };
    Ok((arch, value.trim_start()))
}

/// Why the system refuses, without Rust's number for it.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Rpmrc {
        let mut rpmrc = Rpmrc::default();
        let mut include = |_: &str| Ok("optflags: i386 -Os\n".to_owned());
        rpmrc.read("rpmrc", text, &mut include);
        rpmrc
    }

    #[test]
    fn later_lines_win_and_files_may_include_others() {
        let text = "# flags\ninclude: more\noptflags: x86_64 -O1\noptflags: x86_64 -O3  -g\n\
                    buildarchtranslate: i586: i686\narch_compat: i686: i586 i486\n";
        let rpmrc = read(text);
        assert!(rpmrc.faults().is_empty());
        assert_eq!(rpmrc.optflags("x86_64"), Some("-O3  -g"));
        assert_eq!(rpmrc.optflags("i386"), Some("-Os"));
        assert_eq!(rpmrc.translate(Table::BuildArchTranslate, "i586"), "i686");
        assert_eq!(rpmrc.translate(Table::BuildArchTranslate, "i486"), "i486");
        let compatible = ["i586", "i486"].map(str::to_owned);
        assert_eq!(rpmrc.row(Table::ArchCompat, "i686"), Some(&compatible[..]));
    }

    #[test]
    fn faults_have_rpms_words() {
        for (text, words) in [
            ("optflags x86_64", "missing ':' (found 0x78) at rpmrc:1"),
            ("optflags", "missing ':' (found 0x00) at rpmrc:1"),
            ("\noptflags:", "missing argument for optflags at rpmrc:2"),
            (
                "optflags: x86_64",
                "missing architecture for optflags at rpmrc:1",
            ),
            ("arch_compat: i686 i586", "missing second ':' at rpmrc:1"),
            ("nothing: x: y", "bad option 'nothing' at rpmrc:1"),
        ] {
            assert_eq!(read(text).faults(), [words], "{text}");
        }
    }
}
