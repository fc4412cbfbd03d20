//! Two files of one package, held side by side.

use std::path::Path;

use super::header::Headers;
use super::listing::Listing;
use super::payload::Member;
use super::tools::DATE;
use super::{Compared, allowed, file_name, header, payload};
use crate::shell::Outcome;

/// Where two packages differ, and what each has there.
pub(crate) struct Difference {
    pub(crate) package: String,
    pub(crate) place: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

/// Two packages being compared.
struct Pair<'c> {
    package: String,
    compared: &'c mut Compared,
    /// When the build root was made; what is younger was made while packaging.
    kept: u64,
}

/// Compares a package of that name in `ours` and `peer`.
pub(super) fn compare(dir: &Path, name: &Path, kept: u64, compared: &mut Compared) -> Outcome {
    let files = [dir.join("ours").join(name), dir.join("peer").join(name)];
    compared.packages += 1;
    let mut pair = Pair {
        package: file_name(name),
        compared,
        kept,
    };
    let [ours, theirs] = [payload::read(&files[0])?, payload::read(&files[1])?];
    let has_late = pair.compare_payloads(&ours, &theirs);
    let [ours, theirs] = [&files[0], &files[1]].map(|file| Listing::read("rpm".as_ref(), file));
    pair.compare_tags(ours?, &theirs?, has_late);
    let [ours, theirs] = [header::read(&files[0])?, header::read(&files[1])?];
    pair.compare_headers(ours, &theirs);
    Ok(())
}

impl Pair<'_> {
    /// `has_late` tells that times in the payload differ as they may.
    fn compare_tags(&mut self, mut ours: Listing, theirs: &Listing, has_late: bool) {
        for reason in allowed::remove_dependencies(&mut ours, theirs) {
            self.compared.excuse(reason);
        }
        let classes_are_equal = self.compare_classes(&ours, theirs);
        let mut names: Vec<&str> = theirs.names().chain(ours.names()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.compared.tags += 1;
            if name == "Fileclass" || name == "Classdict" && !classes_are_equal {
                continue;
            }
            let perl = allowed::perl(name, &ours, theirs);
            let (ours, theirs) = (ours.values(name), theirs.values(name));
            if ours == theirs {
                continue;
            }
            let is_late = name == "Filemtimes" && self.are_late(ours, theirs)
                || name == "Payloaddigestalt" && has_late;
            let reason = allowed::tag(name, ours, theirs).or(perl);
            match reason.or(is_late.then_some(allowed::LATE)) {
                Some(reason) => self.compared.excuse(reason),
                None => {
                    let (ours, theirs) = first_difference(ours, theirs);
                    self.differs(name, ours, theirs);
                }
            }
        }
    }

    /// Whether all files have the same class.
    fn compare_classes(&mut self, ours: &Listing, theirs: &Listing) -> bool {
        let (ours_of, theirs_of) = (ours.values("Fileclass"), theirs.values("Fileclass"));
        let files = theirs.values("Basenames").iter();
        for ((file, ours), theirs) in files.zip(ours_of).zip(theirs_of) {
            if ours == theirs {
                continue;
            }
            match allowed::class(&self.package, file, theirs) {
                Some(reason) => self.compared.excuse(reason),
                None => self.differs(&format!("class of {file}"), ours.clone(), theirs.clone()),
            }
        }
        ours_of == theirs_of
    }

    fn are_late(&self, ours: &[String], theirs: &[String]) -> bool {
        let is_late = |time: &String| time.parse().is_ok_and(|it| self.is_late(it));
        let mut pairs = ours.iter().zip(theirs);
        ours.len() == theirs.len() && pairs.all(|(a, b)| a == b || is_late(a) && is_late(b))
    }

    fn compare_headers(&mut self, mut ours: Headers, theirs: &Headers) {
        if ours.lead != theirs.lead {
            for at in allowed::LEAD {
                ours.lead[at] = theirs.lead[at];
            }
            if ours.lead == theirs.lead {
                self.compared.excuse(allowed::LEAD_REASON);
            } else {
                let told = |lead: &[u8]| format!("{lead:x?}");
                self.differs("lead", told(&ours.lead), told(&theirs.lead));
            }
        }
        let pairs = [
            ("signature header", &ours.signature, &theirs.signature),
            ("header", &ours.main, &theirs.main),
        ];
        for (which, ours, theirs) in pairs {
            for (what, ours, theirs) in header::differences(ours, theirs) {
                self.differs(&format!("{which}, {what}"), ours, theirs);
            }
        }
    }

    /// Whether times differed as they may.
    fn compare_payloads(&mut self, ours: &[Member], theirs: &[Member]) -> bool {
        self.compared.entries += theirs.len();
        let mut has_late = false;
        for index in 0..ours.len().max(theirs.len()) {
            let pair = (ours.get(index), theirs.get(index));
            if pair.0 == pair.1 {
                continue;
            }
            if matches!(pair, (Some(ours), Some(theirs)) if self.are_alike(ours, theirs)) {
                has_late = true;
                self.compared.excuse(allowed::LATE);
            } else {
                let told = |it: Option<&Member>| it.map_or("nothing".to_owned(), Member::to_string);
                self.differs("payload", told(pair.0), told(pair.1));
            }
        }
        has_late
    }

    /// Whether nothing differs but times, as they may.
    fn are_alike(&self, ours: &Member, theirs: &Member) -> bool {
        let are_late = [ours, theirs].map(|it| self.is_late(it.mtime.into()));
        are_late == [true; 2] && ours.at(theirs.mtime) == *theirs
    }

    /// Whether a time is that of packaging, or the date that stands for it.
    fn is_late(&self, time: u64) -> bool {
        time >= self.kept || time == DATE
    }

    fn differs(&mut self, place: &str, ours: String, theirs: String) {
        self.compared.differs(&self.package, place, ours, theirs);
    }
}

/// The first value that differs on each side, with its number.
fn first_difference(ours: &[String], theirs: &[String]) -> (String, String) {
    let mut numbers = 0..ours.len().max(theirs.len());
    let first = numbers
        .find(|it| ours.get(*it) != theirs.get(*it))
        .unwrap_or(0);
    let told = |values: &[String]| match values.get(first) {
        Some(value) => format!("[{first} of {}] {value}", values.len()),
        None => format!("[{} in all]", values.len()),
    };
    (told(ours), told(theirs))
}
