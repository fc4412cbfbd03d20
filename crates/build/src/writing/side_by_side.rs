//! Binary packages onto the disk, several at a time.
//!
//! Packages are begun in the order given. Each takes as many processors as it can keep busy, so that
//! a large one has all of them and small ones are written side by side. They get their names in that
//! order too, and only as long as none before them has failed.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use archive::AtomicFile;
use package::{Output, Package, PackageWriter, Stop};
use source::Sink;

use crate::BuildError;
use crate::event::Listener;
use crate::machine::parallel::in_parallel;
use crate::project::Project;
use crate::writing::package_file::{create, finish, package_fault};
use crate::writing::pkgcheck;

/// How long a signal may go unnoticed.
const HEARTBEAT: Duration = Duration::from_millis(50);

/// Most packages that wait for one before them; each is an open file.
const WAITING: usize = 64;

/// A package that has no name yet, and what was found of it.
type Written = (AtomicFile, Sink);

/// What becomes of the package at a place in the list.
type Message = (usize, Result<Written, BuildError>);

/// Lowers all packages without writing any; fails with what is found if there is an error.
pub(crate) fn check_each(
    project: &mut Project,
    packages: &[Package],
    writer: &dyn PackageWriter,
) -> Result<(), BuildError> {
    let sinks = in_parallel(packages, |package| {
        let mut sink = Sink::new();
        writer.check(package, &mut sink);
        sink
    });
    // What is no error is found again when the packages are written.
    match sinks.iter().any(|sink| sink.errors() > 0) {
        true => sinks
            .into_iter()
            .try_for_each(|sink| take_all(project, sink)),
        false => Ok(()),
    }?;
    project.engine.sink.check().map_err(BuildError::from)
}

fn take_all(project: &mut Project, mut sink: Sink) -> Result<(), BuildError> {
    for finding in sink.take() {
        project.engine.sink.push(finding);
    }
    Ok(())
}

/// A package and the path it goes to.
pub(crate) struct PackageFile<'p> {
    pub(crate) path: PathBuf,
    pub(crate) package: &'p Package,
}

/// Writes packages to their paths; the result has the paths.
pub(crate) fn write_each(
    project: &mut Project,
    packages: &[PackageFile<'_>],
    writer: &dyn PackageWriter,
    listener: &mut dyn Listener,
) -> Result<Vec<PathBuf>, BuildError> {
    let desk = Desk::new(packages, writer);
    let outcome = thread::scope(|scope| {
        let results = desk.open(scope);
        let outcome = desk.take_in(&results, project, listener);
        desk.close();
        outcome
    });
    outcome.map(|()| packages.iter().map(|it| it.path.clone()).collect())
}

/// Where threads take the packages to write from.
struct Desk<'d> {
    packages: &'d [PackageFile<'d>],
    writer: &'d dyn PackageWriter,
    processors: u32,
    state: Mutex<State>,
    changed: Condvar,
    stop: AtomicBool,
}

struct State {
    /// Processors that no package has taken.
    free: u32,
    /// The package to be begun next.
    next: usize,
    /// How many packages have their names.
    named: usize,
}

impl<'d> Desk<'d> {
    fn new(packages: &'d [PackageFile<'d>], writer: &'d dyn PackageWriter) -> Self {
        let processors = thread::available_parallelism().map_or(1, |it| it.get().min(64) as u32);
        Self {
            packages,
            writer,
            processors,
            state: Mutex::new(State {
                free: processors,
                next: 0,
                named: 0,
            }),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
        }
    }

    /// Starts the threads; where the system gives none, this one does their work.
    fn open<'s>(&'s self, scope: &'s Scope<'s, '_>) -> Receiver<Message> {
        let (sender, results) = channel();
        let wanted = self.packages.len().min(self.processors as usize);
        let mut started = 0;
        for _ in 0..wanted {
            let sender = sender.clone();
            let builder = thread::Builder::new().name("write-package".into());
            let thread = builder.spawn_scoped(scope, move || self.work(&sender));
            started += usize::from(thread.is_ok());
        }
        if started == 0 {
            // Nobody gives names meanwhile, so nothing may wait for that.
            self.lock().named = self.packages.len();
            self.work(&sender);
        }
        results
    }

    /// Lets the threads end.
    fn close(&self) {
        let _state = self.lock();
        self.stop.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, results: &Sender<Message>) {
        while let Some((index, threads)) = self.begin() {
            let result = self.write(index, threads);
            self.lock().free += threads.get();
            self.changed.notify_all();
            if results.send((index, result)).is_err() {
                return;
            }
        }
    }

    /// Waits for the next package's turn; the result has the processors it takes.
    fn begin(&self) -> Option<(usize, NonZeroU32)> {
        let mut state = self.lock();
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let index = state.next;
            let package = self.packages.get(index)?.package;
            let useful = self.writer.useful_threads(package).get();
            let threads = NonZeroU32::new(useful.min(self.processors))?;
            if threads.get() <= state.free && index.saturating_sub(state.named) < WAITING {
                state.free -= threads.get();
                state.next += 1;
                return Some((index, threads));
            }
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write(&self, index: usize, threads: NonZeroU32) -> Result<Written, BuildError> {
        let PackageFile { path, package } = &self.packages[index];
        let mut file = create(path)?;
        let mut sink = Sink::new();
        let mut out = Output {
            threads: Some(threads),
            stop: Stop::when(&self.stop),
            ..Output::new(&mut file)
        };
        let result = self.writer.write(package, &mut out, &mut sink);
        match result {
            // What is wrong is in the sink, and that has to be told.
            Ok(_) | Err(package::WriteError::Reported(_)) => Ok((file, sink)),
            Err(fault) => Err(package_fault(path, fault)),
        }
    }

    /// Gives the packages their names, in order, as far as all goes well.
    fn take_in(
        &self,
        results: &Receiver<Message>,
        project: &mut Project,
        listener: &mut dyn Listener,
    ) -> Result<(), BuildError> {
        let mut early = BTreeMap::new();
        for (index, PackageFile { path, .. }) in self.packages.iter().enumerate() {
            while !early.contains_key(&index) {
                listener.check_interruption()?;
                match results.recv_timeout(HEARTBEAT) {
                    Ok((place, result)) => drop(early.insert(place, result)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return Err(broken_down(path)),
                }
            }
            let result = early
                .remove(&index)
                .unwrap_or_else(|| Err(broken_down(path)));
            let (file, sink) = result?;
            take_findings(project, sink)?;
            finish(file, project, listener)?;
            let paths = std::slice::from_ref(path);
            pkgcheck::check(project, pkgcheck::EACH, paths, listener)?;
            self.lock().named += 1;
            self.changed.notify_all();
        }
        Ok(())
    }
}

/// Puts the findings of a package among the others; fails if one is an error.
fn take_findings(project: &mut Project, mut sink: Sink) -> Result<(), BuildError> {
    let before = project.engine.sink.errors();
    for finding in sink.take() {
        project.engine.sink.push(finding);
    }
    if project.engine.sink.errors() > before {
        project.engine.sink.check()?;
    }
    Ok(())
}

/// Threads end early only by a fault of this program.
fn broken_down(path: &Path) -> BuildError {
    let fault = std::io::Error::other("the thread that wrote it has ended");
    package_fault(path, package::WriteError::Write(fault))
}
