//! Two files of one package, held side by side.

use std::fs;
use std::path::{Path, PathBuf};

use super::compared::{Compared, file_name};
use super::header::Headers;
use super::listing::Listing;
use super::payload::Member;
use super::peer::Peer;
use super::subjects::Subject;
use super::tools::{DATE, Setting};
use super::{allowed, header, payload, places};
use common::shell::{Outcome, failed};

/// Digests of payloads that are not compressed.
const PLAIN_DIGESTS: [&str; 4] = [
    "Payloaddigestalt",
    "Payloadsha256alt",
    "Payloadsha512alt",
    "Payloadsha3_256alt",
];

/// Two packages being compared.
struct Pair<'c> {
    setting: &'c Setting,
    subject: &'c Subject,
    package: String,
    compared: &'c mut Compared,
    /// When the build root was made; what is younger was made while packaging.
    kept: u64,
}

/// Compares a package of that name in `ours` and `peer`.
pub(super) fn compare(
    setting: &Setting,
    subject: &Subject,
    name: &Path,
    compared: &mut Compared,
) -> Outcome {
    let peer = &setting.peer;
    let place = setting.place(subject);
    let files = [&setting.ours, &setting.theirs].map(|it| place.join(it.results).join(name));
    compared.packages += 1;
    compared.identical += usize::from(are_identical(&files)?);
    let mut pair = Pair {
        setting,
        subject,
        package: file_name(name),
        compared,
        kept: setting.kept_at(subject)?,
    };
    let [ours, theirs] = [&files[0], &files[1]].map(|it| payload::read(&peer.rpm2cpio, it));
    let (ours, theirs) = (ours?, theirs?);
    let has_late = pair.compare_payloads(&ours, &theirs);
    let [ours, theirs] = [&files[0], &files[1]].map(|file| Listing::read(&peer.rpm, file));
    pair.compare_tags(ours?, &theirs?, has_late);
    let [ours, theirs] = [header::read(&files[0])?, header::read(&files[1])?];
    pair.compare_headers(ours, &theirs);
    Ok(())
}

fn are_identical(files: &[PathBuf; 2]) -> Outcome<bool> {
    let [ours, theirs] = [&files[0], &files[1]].map(|it| fs::read(it).map_err(failed("read", it)));
    Ok(ours? == theirs?)
}

impl Pair<'_> {
    fn peer(&self) -> &Peer {
        &self.setting.peer
    }

    /// `has_late` tells that times in the payload differ as they may.
    fn compare_tags(&mut self, mut ours: Listing, theirs: &Listing, has_late: bool) {
        if self.peer().is_old() {
            for reason in allowed::remove_dependencies(&mut ours, theirs) {
                self.compared.excuse(reason);
            }
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
            let of_files = allowed::perl(name, &ours, theirs);
            let of_files = of_files.or(allowed::dictionary(name, &ours, theirs));
            let of_files = of_files.or(allowed::media_types(&self.package, name, &ours, theirs));
            let (ours, theirs) = (ours.values(name), theirs.values(name));
            if ours == theirs {
                continue;
            }
            let is_late = name == "Filemtimes" && self.are_late(ours, theirs)
                || has_late && PLAIN_DIGESTS.contains(&name);
            let reason = match name {
                "Spec" => self.spec(ours, theirs),
                _ => allowed::tag(self.peer(), name, ours, theirs).or(of_files),
            };
            match reason.or(is_late.then_some(allowed::LATE)) {
                Some(reason) => self.compared.excuse(reason),
                None => {
                    let (ours, theirs) = first_difference(ours, theirs);
                    self.differs(name, ours, theirs);
                }
            }
        }
    }

    /// Why the texts of the spec may differ.
    fn spec(&self, ours: &[String], theirs: &[String]) -> Option<&'static str> {
        let with_macros = |text: &String| places::with_macros(self.setting, self.subject, text);
        let is_equal = || {
            ours.iter()
                .eq(&theirs.iter().map(with_macros).collect::<Vec<_>>())
        };
        if self.peer().is_old() {
            Some(allowed::OLD_SPEC)
        } else {
            is_equal().then_some(allowed::SPEC)
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
            match allowed::class(self.peer(), &self.package, file, [ours, theirs]) {
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
        if ours.lead != theirs.lead && self.peer().is_old() {
            for at in allowed::LEAD {
                ours.lead[at] = theirs.lead[at];
            }
            self.compared.excuse(allowed::LEAD_REASON);
        }
        if ours.lead != theirs.lead {
            let told = |lead: &[u8]| format!("{lead:x?}");
            self.differs("lead", told(&ours.lead), told(&theirs.lead));
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
    let line = |values: &[String], other: &[String]| {
        let empty = String::new();
        let other = other.get(first).unwrap_or(&empty);
        first_line(values.get(first)?, other)
    };
    let told = |values: &[String], other: &[String]| match line(values, other) {
        Some(value) => format!("[{first} of {}] {value}", values.len()),
        None => format!("[{} in all]", values.len()),
    };
    (told(ours, theirs), told(theirs, ours))
}

/// The first line of a text that another one does not have there, the text itself if it has one only.
fn first_line(text: &str, other: &str) -> Option<String> {
    if !text.contains('\n') {
        return Some(text.to_owned());
    }
    let mut others = other.lines();
    let mut lines = text.lines().enumerate();
    let (number, line) = lines.find(|(_, line)| others.next() != Some(line))?;
    Some(format!("line {}: {line}", number + 1))
}
