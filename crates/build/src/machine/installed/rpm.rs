//! What rpm's database of installed packages holds, as the installed `rpm` tells it.
//!
//! One run of `rpm` tells what all packages provide; which versions fit is found here, since
//! `rpm --whatprovides` knows names only. Source: rpm(8); rpm-dependencies(7).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use package::{Comparison, Relation, Requirement, RichDependency, RichOperator};

use crate::BuildError;
use crate::machine::configuration::has_feature;

/// Where installed packages are looked up; this machine's own, where nothing is given.
#[derive(Clone, Debug, Default)]
pub struct DatabasePlace {
    /// `--root`: the directory that is `/` to the packages.
    pub root: Option<PathBuf>,
    /// `--dbpath`: where rpm's database is.
    pub dir: Option<PathBuf>,
}

/// rpm's database.
pub(crate) struct RpmDatabase {
    program: &'static str,
    place: DatabasePlace,
    /// Names of packages, by number.
    packages: Vec<String>,
    /// By name what is provided, and the number of the package that does.
    provided: HashMap<String, Vec<(usize, Relation)>>,
    /// Why a question after the first was not answered.
    fault: RefCell<Option<BuildError>>,
}

/// Numbers of packages.
type Packages = BTreeSet<usize>;

impl RpmDatabase {
    /// Asks `rpm`.
    pub(crate) fn load(place: &DatabasePlace) -> Result<Self, BuildError> {
        let mut database = Self::empty("rpm", place);
        // No capability has a blank in its name, and so none begins with one.
        let format = " %{NEVRA}\n[%{PROVIDENEVRS}\n]";
        let text = database.ask(&["-qa", "--qf", format])?;
        text.lines().for_each(|line| database.take(line));
        Ok(database)
    }

    fn empty(program: &'static str, place: &DatabasePlace) -> Self {
        Self {
            program,
            place: place.clone(),
            packages: Vec::new(),
            provided: HashMap::new(),
            fault: RefCell::default(),
        }
    }

    /// What kept an answer from being one: what was asked for may be there after all.
    pub(crate) fn check(&self) -> Result<(), BuildError> {
        self.fault.take().map_or(Ok(()), Err)
    }

    fn ask(&self, words: &[&str]) -> Result<String, BuildError> {
        let mut command = Command::new(self.program);
        let places = [("--root", &self.place.root), ("--dbpath", &self.place.dir)];
        for (option, dir) in places {
            command.args(
                dir.iter()
                    .flat_map(|dir| [option.as_ref(), dir.as_os_str()]),
            );
        }
        // What is wrong with the database, rpm says itself.
        command.stdin(Stdio::null()).stderr(Stdio::inherit());
        let asked = command.args(words).output();
        let asked = asked.and_then(|asked| match asked.status.code() {
            Some(_) => Ok(asked),
            None => Err(std::io::Error::other(asked.status.to_string())),
        });
        let asked = asked.map_err(|source| BuildError::Run {
            program: self.program.to_owned(),
            source,
        })?;
        Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
    }

    fn take(&mut self, line: &str) {
        if let Some(package) = line.strip_prefix(' ') {
            self.packages.push(package.to_owned());
            return;
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(number)) = (words.next(), self.packages.len().checked_sub(1)) else {
            return;
        };
        let comparison = words.next().and_then(Comparison::parse);
        let relation = Relation {
            name: name.to_owned(),
            version: comparison.zip(words.next().map(str::to_owned)),
        };
        let list = self.provided.entry(name.to_owned()).or_default();
        list.push((number, relation));
    }

    /// Whether a requirement without operators is met.
    pub(crate) fn has(&self, relation: &Relation) -> bool {
        let feature = relation.name.strip_prefix("rpmlib(");
        match feature.and_then(|rest| rest.strip_suffix(')')) {
            Some(feature) => has_feature(feature),
            None => !self.having(relation).is_empty(),
        }
    }

    /// Whether one package alone meets the first term, and the second as well (`with`) or not
    /// (`without`).
    pub(crate) fn has_one(&self, rich: &RichDependency) -> bool {
        !self.having_rich(rich).is_empty()
    }

    fn having_term(&self, what: &Requirement) -> Packages {
        match what {
            Requirement::Simple(relation) => self.having(relation),
            Requirement::Rich(rich) => self.having_rich(rich),
        }
    }

    fn having_rich(&self, rich: &RichDependency) -> Packages {
        let terms = rich.terms.iter().map(|term| self.having_term(term));
        let join: fn(Packages, Packages) -> Packages = match rich.operator {
            Some(RichOperator::With) => |a, b| &a & &b,
            Some(RichOperator::Without) => |a, b| &a - &b,
            _ => |a, b| &a | &b,
        };
        terms.reduce(join).unwrap_or_default()
    }

    fn having(&self, relation: &Relation) -> Packages {
        let provided = self.provided.get(&relation.name);
        let fitting = provided.into_iter().flatten();
        let fitting = fitting.filter(|(_, provided)| provided.overlaps(relation));
        let packages: Packages = fitting.map(|(number, _)| *number).collect();
        if packages.is_empty() && relation.name.starts_with('/') {
            return self.owning(&relation.name);
        }
        packages
    }

    /// The packages that have a file.
    fn owning(&self, path: &str) -> Packages {
        let told = self.ask(&["-q", "--whatprovides", "--qf", " %{NEVRA}\n", path]);
        let told = told.unwrap_or_else(|fault| {
            self.fault.borrow_mut().get_or_insert(fault);
            String::new()
        });
        let owners: Vec<&str> = told.lines().filter_map(|it| it.strip_prefix(' ')).collect();
        let numbered = self.packages.iter().enumerate();
        numbered
            .filter(|(_, package)| owners.contains(&package.as_str()))
            .map(|(number, _)| number)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_is_no_absence() {
        let mut database = RpmDatabase::empty("/no/such/rpm", &DatabasePlace::default());
        [" tool-1-1.noarch", "tool = 1-1", "/bin/tool"]
            .iter()
            .for_each(|line| database.take(line));
        let any = |name: &str| Relation {
            name: name.to_owned(),
            version: None,
        };
        assert!(database.has(&any("/bin/tool")) && !database.has(&any("other")));
        assert!(database.check().is_ok(), "the first answer says it");
        assert!(!database.has(&any("/bin/other")));
        let fault = database.check().unwrap_err().to_string();
        assert_eq!(fault, "cannot run /no/such/rpm");
    }
}
