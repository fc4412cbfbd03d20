//! `%autorelease` and `%autochangelog` from the history of the git repository that begins beside the spec,
//! as rpmautospec works them out; where there is none, from the file `changelog` beside it.
//!
//! Under rpm's names the macros are the installed ones, whose values come from whoever prepared the spec.
//!
//! Source: rpmautospec's documentation; that a repository begins in the directory of the spec is its rule too.

mod changelog;
mod git;
mod message;
mod release;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use expand::{Engine, Level};
use source::{Diagnostic, Text};
use spec::SubPackage;
use target::{Personality, Target};

use crate::build_time;
use crate::codes;
use crate::reading::beside::own_directory;
use crate::reading::confined::Unheard;
use crate::reading::reader::{Reader, Reading};
use crate::request::Request;
use crate::request::settings::Setting;

use changelog::{Entry, Step, items_of, step};
use git::{Commit, Repository};
use release::{Numbers, Stated};

/// The names of the macros that hold what was found out.
const NUMBER: &str = "_rpmautospec_release_number";
const CHANGELOG: &str = "_rpmautospec_changelog";

/// What `%autorelease` expands to while specs are read for their versions: its options.
const OPTIONS: &str = "autorelease(b:e:s:pn) %{-p:p}%{!-p:n}_%{-b*}_%{-e:.%{-e*}}%{-s:.%{-s*}}";

/// What a history says of a spec.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    number: Option<u64>,
    /// In the macro language.
    changelog: String,
    /// Why it cannot be read.
    fault: Option<String>,
}

impl History {
    /// Gives an engine the macros, unless somebody else has.
    pub(crate) fn define(&self, engine: &mut Engine) {
        if let Some(fault) = &self.fault {
            let message = format!("the history of the spec cannot be read: {fault}");
            let finding = Diagnostic::warning(codes::UNREADABLE_HISTORY, message)
                .help("`-D '_rpmautospec_release_number N'` says what `%autorelease` is");
            engine.sink.push(finding.not_in_rpm());
        }
        if let Some(number) = self.number.filter(|_| !engine.is_defined(NUMBER)) {
            engine.define(NUMBER, Text::detached(number.to_string()), Level::CONFIG);
        }
        if !self.changelog.is_empty() && !engine.is_defined(CHANGELOG) {
            let text = Text::detached(self.changelog.as_str());
            engine.define(CHANGELOG, text, Level::CONFIG);
        }
    }
}

/// The history of the spec of a request, if it asks for one.
pub(crate) fn of_spec(request: &Request, target: &Arc<Target>, text: &str) -> Option<History> {
    let asks = text.contains("autorelease") || text.contains("autochangelog");
    if !asks || request.personality == Personality::Rpm {
        return None;
    }
    let dir = own_directory(&request.spec);
    let versions = Versions {
        request,
        target,
        known: HashMap::new(),
    };
    let Some(repository) = Repository::at(&dir) else {
        return of_file(&dir, versions, text);
    };
    let name = request.spec.file_name()?.to_string_lossy().into_owned();
    let walk = repository.commits(&name).and_then(|commits| {
        let walk = Walk {
            repository: &repository,
            commits: &commits,
            versions,
        };
        walk.history(text)
    });
    Some(walk.unwrap_or_else(|fault| History {
        fault: Some(fault),
        ..History::default()
    }))
}

/// Without a repository: the changelog that lies beside the spec; its newest entry says the release, if it
/// is one of this version.
fn of_file(dir: &Path, mut versions: Versions<'_>, text: &str) -> Option<History> {
    let changelog = limits::read_text(&dir.join("changelog"), limits::TEXT).ok()?;
    let version = versions.stated(text).map(|it| it.version);
    let newest = changelog.lines().find(|line| line.starts_with('*'));
    let number = newest.zip(version).and_then(|(newest, version)| {
        let (entry, release) = newest.rsplit_once('-')?;
        let is_same = entry.split_whitespace().last() == Some(&version);
        let end = release.find(|c: char| !c.is_ascii_digit());
        release[..end.unwrap_or(release.len())]
            .parse()
            .ok()
            .filter(|_| is_same)
    });
    Some(History {
        number,
        changelog,
        fault: None,
    })
}

/// What specs say, by their texts.
struct Versions<'r> {
    request: &'r Request,
    target: &'r Arc<Target>,
    known: HashMap<String, Option<Stated>>,
}

impl Versions<'_> {
    /// What a text says, read without running anything of it.
    fn stated(&mut self, text: &str) -> Option<Stated> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let mut request = self.request.clone();
        request
            .settings
            .given
            .push(Setting::Define(OPTIONS.to_owned()));
        request.settings.output = crate::Output::kept();
        let reader = Reader {
            request: &request,
            reading: Reading {
                is_query: true,
                is_partial: true,
                answer: Some(""),
                ..Reading::default()
            },
            text,
            history: None,
        };
        let read = reader.read(Arc::clone(self.target), None, &mut Unheard);
        let stated = read.ok().and_then(|project| {
            let (_, main) = project.spec.packages.first()?;
            stated(main)
        });
        self.known.insert(text.to_owned(), stated.clone());
        stated
    }
}

/// Takes the options of `%autorelease` apart, as [`OPTIONS`] puts them together.
fn stated(main: &SubPackage) -> Option<Stated> {
    let (version, release) = (main.version.as_ref()?, main.release.as_ref()?);
    let version = match main.epoch {
        Some(epoch) => format!("{epoch}:{version}"),
        None => version.clone(),
    };
    let mut parts = release.splitn(3, '_');
    let plain = Stated {
        version,
        ..Stated::default()
    };
    Some(match (parts.next(), parts.next(), parts.next()) {
        (Some(mark @ ("p" | "n")), Some(base), Some(tags)) => Stated {
            is_prerelease: mark == "p",
            base: base.parse().ok(),
            tags: tags.to_owned(),
            ..plain
        },
        _ => plain,
    })
}

/// A walk through the history of a spec.
struct Walk<'w> {
    repository: &'w Repository,
    commits: &'w [Commit],
    versions: Versions<'w>,
}

impl Walk<'_> {
    /// What the history says; `text` is the spec as it lies there.
    fn history(mut self, text: &str) -> Result<History, String> {
        let mut numbers = Numbers::new(self.commits);
        let mut number = self.number(&mut numbers, 0);
        let mut changelog = Vec::new();
        let is_changed = self.repository.has_changes()?;
        if is_changed {
            let now = self.versions.stated(text);
            let is_same = now.is_some() && now == self.stated(0);
            number = if is_same { number.saturating_add(1) } else { 1 };
            changelog.push(self.uncommitted(now, number));
        }
        if text.contains("autochangelog") {
            self.add_entries(&mut numbers, &mut changelog)?;
        }
        Ok(History {
            number: Some(number),
            changelog: changelog.join("\n\n"),
            fault: None,
        })
    }

    /// The entry for what has not been committed.
    fn uncommitted(&self, stated: Option<Stated>, number: u64) -> String {
        let author = self.repository.committer();
        let author = author.unwrap_or_else(|| "Unknown User <unknown@localhost>".to_owned());
        let entry = Entry {
            time: build_time::now(),
            author: &author,
            version: stated.map(|it| format!("{}-{}", it.version, it.release(number))),
            items: vec!["Uncommitted changes".to_owned()],
        };
        entry.text()
    }

    fn add_entries(
        &mut self,
        numbers: &mut Numbers<'_>,
        changelog: &mut Vec<String>,
    ) -> Result<(), String> {
        let mut was_removed = false;
        let mut next = (!self.commits.is_empty()).then_some(0);
        while let Some(at) = next {
            let (step, parent) = step(self.commits, at, &mut was_removed);
            next = parent;
            let items = match step {
                Step::Entry => items_of(&self.commits[at]),
                Step::Unresolvable => vec!["RPMAUTOSPEC: unresolvable merge".to_owned()],
                Step::File(object) => {
                    changelog.push(self.repository.text(&object)?.trim_end().to_owned());
                    continue;
                }
                Step::Pass | Step::End => continue,
            };
            let number = self.number(numbers, at);
            let stated = self.stated(at);
            let entry = Entry {
                time: self.commits[at].time,
                author: &self.commits[at].author,
                version: stated.map(|it| format!("{}-{}", it.version, it.release(number))),
                items,
            };
            changelog.push(entry.text());
        }
        Ok(())
    }

    fn number(&mut self, numbers: &mut Numbers<'_>, at: usize) -> u64 {
        match self.commits.is_empty() {
            true => 0,
            false => numbers.of(at, &mut |at| self.stated(at).map(|it| it.version)),
        }
    }

    /// What the spec says in a commit.
    fn stated(&mut self, at: usize) -> Option<Stated> {
        let object = self.commits.get(at)?.spec.as_deref()?;
        let text = self.repository.text(object).ok()?;
        self.versions.stated(&text)
    }
}
