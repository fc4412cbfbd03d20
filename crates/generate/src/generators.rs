//! Which generators run over a package's files, and running them.
//!
//! Functions and the programs of different attributes run side by side, macros one after the other;
//! what they find is put together in the order of kinds, attributes and files, whichever ends first.
//!
//! Source: rpm-dependency-generators(7).

use std::collections::BTreeMap;
use std::path::Path;

use archive::in_threads;
use expand::Engine;
use package::{FileDependency, Phase, Phases, RelationKind};
use rayon::prelude::*;

use crate::attributes::{self, Attribute, Means, Protocol};
use crate::command::{self, RunError, Surroundings};
use crate::fault::Fault;
use crate::filters::Filter;
use crate::found;
use crate::kinds::KINDS;
use crate::selector::Traits;
use crate::settings::value;
use crate::stand_ins::StandIn;
use crate::subject::Subject;

/// Which kinds of dependencies are sought.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// `AutoProv:`.
    pub provides: bool,
    /// `AutoReq:`, which stands for all other kinds.
    pub requires: bool,
    /// `%_use_weak_usergroup_deps`: dependencies on members of groups are weak.
    pub weak_owners: bool,
}

/// A generator that is switched on.
struct Step {
    attribute: usize,
    kind: RelationKind,
    means: Means,
}

/// What is to be run for one package.
pub(crate) struct Generators {
    package: String,
    attributes: Vec<Attribute>,
    steps: Vec<Step>,
    filters: BTreeMap<RelationKind, Filter>,
    surroundings: Surroundings,
}

/// A file with the attributes it has.
pub(crate) struct Marked<'a> {
    pub(crate) subject: Subject<'a>,
    /// Places in the plan's list of attributes.
    pub(crate) attributes: Vec<usize>,
}

/// One call of a generator.
struct Task<'p> {
    step: &'p Step,
    /// Places in the list of files.
    files: Vec<usize>,
}

/// A dependency with the place of its file in the list of files.
struct Found {
    file: usize,
    dependency: FileDependency,
}

/// What a generator printed on one file, with the file's place in the list of files.
#[derive(Clone, Copy)]
struct Line<'l> {
    file: usize,
    text: &'l str,
}

/// What a call gave.
#[derive(Default)]
struct Outcome {
    found: Vec<Found>,
    faults: Vec<Fault>,
}

impl Generators {
    /// Reads the settings as they stand.
    pub(crate) fn read(engine: &mut Engine, wanted: Wanted, surroundings: Surroundings) -> Self {
        let attributes = attributes::load(engine);
        let (mut steps, mut filters) = (Vec::new(), BTreeMap::new());
        for (kind, word) in KINDS.into_iter().filter(|(kind, _)| wanted.has(*kind)) {
            filters.insert(kind, Filter::read(word, engine));
            for (index, attribute) in attributes.iter().enumerate() {
                let means = attribute.means(kind, word, engine);
                steps.extend(
                    means
                        .filter(|it| wanted.admits(kind, attribute, it))
                        .map(|means| Step {
                            attribute: index,
                            kind,
                            means,
                        }),
                );
            }
        }
        Self {
            package: value(engine, "name"),
            attributes,
            steps,
            filters,
            surroundings,
        }
    }

    /// The name of the package.
    pub(crate) fn package(&self) -> &str {
        &self.package
    }

    /// The attributes of a file, as places in the list of all.
    pub(crate) fn attributes_of(&self, file: &Traits<'_>) -> Vec<usize> {
        let all = self.attributes.iter().enumerate();
        all.filter(|(_, it)| it.selector.fits(file))
            .map(|(index, _)| index)
            .collect()
    }

    /// The names of a file's attributes.
    pub(crate) fn names_of(&self, attributes: &[usize]) -> Vec<String> {
        let names = attributes.iter().map(|it| &self.attributes[*it].name);
        names.cloned().collect()
    }

    /// Runs what applies to the files; the findings are those of each file in turn.
    pub(crate) fn run(
        &self,
        files: &[Marked<'_>],
        engine: &mut Engine,
    ) -> (Vec<Vec<FileDependency>>, Vec<Fault>) {
        let tasks: Vec<Task<'_>> = self
            .steps
            .iter()
            .flat_map(|step| self.tasks(step, files))
            .collect();
        prepare_programs(&tasks, engine);
        let outcomes = self.work_on_all(&tasks, files);
        let (mut findings, mut faults) = (vec![Vec::new(); files.len()], Vec::new());
        for (task, outcome) in tasks.iter().zip(outcomes) {
            let outcome = outcome.unwrap_or_else(|| self.expand(task, files, engine));
            for found in outcome.found {
                findings[found.file].push(found.dependency);
            }
            faults.extend(outcome.faults);
        }
        (findings, faults)
    }

    /// Does the tasks that need no macro engine. Programs of one attribute run one after the other, in
    /// the order of kinds and files, since some keep state between calls; everything else runs side by
    /// side.
    fn work_on_all(&self, tasks: &[Task<'_>], files: &[Marked<'_>]) -> Vec<Option<Outcome>> {
        let mut queues: Vec<Vec<usize>> = Vec::new();
        let mut queue_of_attribute = BTreeMap::new();
        for (index, task) in tasks.iter().enumerate() {
            if !matches!(task.step.means, Means::Program(_)) {
                queues.push(vec![index]);
                continue;
            }
            let queue = *queue_of_attribute
                .entry(task.step.attribute)
                .or_insert(queues.len());
            match queues.get_mut(queue) {
                Some(queue) => queue.push(index),
                None => queues.push(vec![index]),
            }
        }
        let work = |index: &usize| (*index, self.work(&tasks[*index], files));
        let mut done: Vec<(usize, Option<Outcome>)> = in_threads(|| {
            let done = queues.par_iter();
            done.flat_map_iter(|queue| queue.iter().map(work)).collect()
        });
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// The calls of a generator, one for each file or one for all, as its protocol has it.
    fn tasks<'p>(&'p self, step: &'p Step, files: &[Marked<'_>]) -> Vec<Task<'p>> {
        let filter = &self.filters[&step.kind];
        let of_step: Vec<usize> = (0..files.len())
            .filter(|index| files[*index].attributes.contains(&step.attribute))
            .filter(|index| filter.admits_path(files[*index].subject.path))
            .collect();
        let by_itself = matches!(step.means, Means::StandIn(_));
        let size = match self.attributes[step.attribute].protocol {
            Protocol::SingleFile => 1,
            _ if by_itself => 1,
            _ => of_step.len().max(1),
        };
        let calls = of_step.chunks(size);
        calls
            .map(|files| Task {
                step,
                files: files.to_vec(),
            })
            .collect()
    }

    /// Calls a function or a program; `None` for what needs the macro engine.
    fn work(&self, task: &Task<'_>, files: &[Marked<'_>]) -> Option<Outcome> {
        let found = match &task.step.means {
            Means::StandIn(it) => it.run(&files[*task.files.first()?].subject),
            Means::Program(words) => return Some(self.start(words, task, files)),
            Means::Macro(..) => return None,
        };
        let (file, mut outcome) = (task.files[0], Outcome::default());
        if let Means::StandIn(StandIn::Native(native)) = &task.step.means {
            // A file that can't be read is reported below.
            let doubts = native.doubts;
            let found = doubts.and_then(|doubts| doubts(&files[file].subject).ok());
            outcome.faults.extend(found.unwrap_or_default());
        }
        match found {
            Ok(dependencies) => {
                for dependency in dependencies {
                    let text = dependency.to_string();
                    let line = Line { file, text: &text };
                    self.take(&mut outcome, task.step, line, files);
                }
            }
            Err(error) => {
                let name = &self.attributes[task.step.attribute].name;
                let fault = Fault::unreadable(&files[file].subject, name, &error);
                outcome.faults.push(fault);
            }
        }
        Some(outcome)
    }

    fn start(&self, words: &[String], task: &Task<'_>, files: &[Marked<'_>]) -> Outcome {
        let paths: Vec<&Path> = task
            .files
            .iter()
            .map(|it| files[*it].subject.disk)
            .collect();
        match command::run(words, &paths, &self.surroundings, false) {
            Ok(output) => self.sort_out(task, &output, files),
            Err(RunError::Start(error)) => Outcome {
                faults: vec![Fault::no_program(&words[0], &error)],
                ..Outcome::default()
            },
            Err(RunError::Failed) => Outcome::default(),
        }
    }

    /// Calls a parametric macro with the paths as its arguments.
    fn expand(&self, task: &Task<'_>, files: &[Marked<'_>], engine: &mut Engine) -> Outcome {
        let Means::Macro(name, options) = &task.step.means else {
            return Outcome::default();
        };
        let paths = task.files.iter().map(|it| files[*it].subject.disk);
        let paths = paths.map(|it| it.to_string_lossy().into_owned());
        let args: Vec<String> = options.iter().cloned().chain(paths).collect();
        // A macro that fails has put its fault into the sink.
        let output = engine.call(name, &args).ok().flatten().unwrap_or_default();
        self.sort_out(task, &output, files)
    }

    /// Takes what a generator printed, by the attribute's protocol.
    fn sort_out(&self, task: &Task<'_>, output: &str, files: &[Marked<'_>]) -> Outcome {
        let mut outcome = Outcome::default();
        let paths: Vec<&Path> = task
            .files
            .iter()
            .map(|it| files[*it].subject.disk)
            .collect();
        let lines = match &self.attributes[task.step.attribute].protocol {
            Protocol::SingleFile => Ok(command::lines(output).map(|line| (0, line)).collect()),
            Protocol::MultiFile => command::by_file(output, &paths).map_err(Fault::out_of_order),
            Protocol::Unknown(name) => Err(Fault::unknown_protocol(name)),
        };
        match lines {
            Ok(lines) => {
                for (index, text) in lines {
                    let file = task.files[index];
                    self.take(&mut outcome, task.step, Line { file, text }, files);
                }
            }
            Err(fault) => outcome.faults.push(fault),
        }
        outcome
    }

    /// Reads one line of dependencies for a file, and keeps those that the filters admit.
    fn take(&self, outcome: &mut Outcome, step: &Step, line: Line<'_>, files: &[Marked<'_>]) {
        let namespace = &self.attributes[step.attribute].namespace;
        let (dependencies, faults) = found::parse(line.text, step.kind, namespace);
        let origin = files[line.file].subject.origin;
        outcome
            .faults
            .extend(faults.into_iter().map(|it| it.at(origin)));
        let filter = &self.filters[&step.kind];
        let generated = Phases::NONE.with(Phase::Generated);
        let wanted = dependencies.into_iter().filter(|it| filter.admits(it));
        outcome.found.extend(wanted.map(|it| Found {
            file: line.file,
            dependency: FileDependency {
                kind: step.kind,
                dependency: it.at(generated),
            },
        }));
    }
}

impl Wanted {
    pub(crate) fn has(self, kind: RelationKind) -> bool {
        if kind == RelationKind::Provides {
            self.provides
        } else {
            self.requires
        }
    }

    /// Needs of members of groups are one kind or the other.
    fn admits(self, kind: RelationKind, attribute: &Attribute, means: &Means) -> bool {
        let is_own =
            matches!(means, Means::StandIn(StandIn::Native(_))) && attribute.name == "sysusers";
        match kind {
            RelationKind::Requires if is_own => !self.weak_owners,
            RelationKind::Recommends if is_own => self.weak_owners,
            _ => true,
        }
    }
}

/// Has the host put programs in place that are about to run. If it can't, starting them fails.
fn prepare_programs(tasks: &[Task<'_>], engine: &mut Engine) {
    for task in tasks {
        if let Means::Program(words) = &task.step.means {
            engine.host.prepare_for(&words.join(" ")).ok();
        }
    }
}
