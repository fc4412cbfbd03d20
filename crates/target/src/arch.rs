//! Facts about machine architectures, from the table `archs.tsv`.
//!
//! The names are rpm's; what a family of distributions calls them is in the profiles.

use crate::rpmrc::{Rpmrc, Table};

const TABLE: &str = include_str!("../archs.tsv");

/// One architecture as rpm knows it. Copies are cheap: all parts point into the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arch {
    /// `%{_target_cpu}`, such as `armv7hl`.
    pub name: &'static str,
    /// `%{_arch}`, which joins close relatives: `arm`. Empty if nothing is known of it.
    pub canonical: &'static str,
    /// The first half of `%{_isa}`: `x86`. `None` for `noarch`, and where nothing is known.
    pub isa: Option<&'static str>,
    /// Word length in bits; 0 for `noarch`, and where nothing is known.
    pub bits: u8,
    /// Bit mask of the word lengths whose packages can live side by side: 1 is 32 bit,
    /// 2 is 64 bit. 3 means that 64-bit libraries are kept in `lib64`.
    pub color: u8,
    /// What is built on such a machine when nothing is asked for.
    pub build_as: &'static str,
    /// The triplet of multiarch folders, `x86_64-linux-gnu`, where there is one.
    pub multiarch: Option<&'static str>,
    /// `%{optflags}` without a distribution; empty for `noarch`.
    pub optflags: &'static str,
    runs: &'static str,
    builds: &'static str,
}

impl Arch {
    /// Looks up an architecture by rpm's name for it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let row = rows().find(|row| row.split('\t').next() == Some(name))?;
        Self::from_row(row)
    }

    /// One that is in no table, of which rpm knows the name and nothing else: not even `%{_arch}`.
    /// The name stays in memory.
    pub(crate) fn unheard_of(name: &str) -> Self {
        let name: &'static str = Box::leak(name.into());
        Self {
            name,
            canonical: "",
            isa: None,
            bits: 0,
            color: 0,
            build_as: name,
            multiarch: None,
            optflags: "-O2 -g",
            runs: "",
            builds: "",
        }
    }

    /// Whether packages of it fit every machine.
    #[must_use]
    pub fn is_noarch(&self) -> bool {
        self.name == "noarch"
    }

    /// Whether there is a table that has it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.canonical.is_empty()
    }

    /// Architectures whose packages such a machine can install: itself first, `noarch` among them.
    /// What `rpmrc` says of one replaces what is known of it.
    #[must_use]
    pub fn installs(&self, rpmrc: &Rpmrc) -> Vec<String> {
        closure(self.name, (Table::ArchCompat, rpmrc), |arch| arch.runs)
    }

    /// Architectures that can be built for on such a machine, likewise.
    #[must_use]
    pub fn builds_for(&self, rpmrc: &Rpmrc) -> Vec<String> {
        closure(self.name, (Table::BuildArchCompat, rpmrc), |arch| {
            arch.builds
        })
    }

    fn from_row(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        let mut next = || columns.next();
        Some(Self {
            name: next()?,
            canonical: next()?,
            isa: some(next()?),
            bits: next()?.parse().ok()?,
            color: next()?.parse().ok()?,
            build_as: next()?,
            multiarch: some(next()?),
            runs: some(next()?).unwrap_or_default(),
            builds: some(next()?).unwrap_or_default(),
            optflags: some(next()?).unwrap_or_default(),
        })
    }
}

/// All architectures of the table, in order of their names.
pub fn archs() -> impl Iterator<Item = Arch> {
    rows().filter_map(Arch::from_row)
}

fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

fn some(column: &'static str) -> Option<&'static str> {
    Some(column).filter(|it| *it != "-")
}

/// `start` and all that can be reached from it, nearest first.
fn closure(
    start: &str,
    (table, rpmrc): (Table, &Rpmrc),
    known: impl Fn(&Arch) -> &'static str,
) -> Vec<String> {
    let next = |name: &str| -> Vec<String> {
        if let Some(row) = rpmrc.row(table, name) {
            return row.to_vec();
        }
        let row = Arch::named(name).map_or("", |arch| known(&arch));
        let names = row.split(',').filter(|it| !it.is_empty());
        names.map(str::to_owned).collect()
    };
    let mut found = vec![start.to_owned()];
    let mut at = 0;
    while at < found.len() {
        for name in next(&found[at]) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_complete() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(archs().count(), rows);
        assert!(rows > 60);
    }

    #[test]
    fn compatible_archs_as_rpm_showrc_lists_them() {
        let x86_64 = Arch::named("x86_64").unwrap();
        let listed = "x86_64 amd64 em64t athlon noarch i686 i586 i486 i386 fat";
        let mut rpmrc = Rpmrc::default();
        assert_eq!(x86_64.installs(&rpmrc).join(" "), listed);
        assert_eq!(x86_64.builds_for(&rpmrc), ["x86_64", "noarch"]);
        let text = "arch_compat: x86_64: noarch\nbuildarch_compat: x86_64: x32\n";
        let mut include = |_: &str| Ok(String::new());
        rpmrc.read("rpmrc", text, &mut include);
        assert_eq!(x86_64.installs(&rpmrc), ["x86_64", "noarch"]);
        assert_eq!(x86_64.builds_for(&rpmrc), ["x86_64", "x32"]);
    }

    #[test]
    fn noarch_has_no_word_length() {
        let noarch = Arch::named("noarch").unwrap();
        assert!(noarch.is_noarch());
        assert_eq!(
            (noarch.bits, noarch.optflags, noarch.multiarch),
            (0, "", None)
        );
    }
}
