//! What native functions share: the macro engine they run for, the printed text, the environment.
//!
//! This is one of the two files with `unsafe` code: Lua calls back without any argument of ours, so
//! the engine that a chunk runs for is remembered as a pointer for as long as the chunk runs.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::rc::Rc;
use std::time::{Duration, Instant};

use expand::Engine;
use mlua::Lua;
use source::octets;

use crate::fault::Fault;
use crate::limits::Limits;

/// Bytes of all variables that chunks may set; a program can't be given more on Linux.
const MOST_VARIABLES: usize = 2 << 20;

/// State shared by all native functions of one Lua state.
pub(crate) struct Context {
    pub(crate) limits: Limits,
    /// See [`crate::Config::is_confined`].
    pub(crate) is_confined: bool,
    /// Engines of the chunks that run now, innermost last; `None` while a function uses it.
    engines: RefCell<Vec<Option<NonNull<Engine>>>>,
    /// What the running chunks have printed, innermost last.
    printed: RefCell<Vec<Vec<u8>>>,
    /// Variables set by chunks; `None` stands for a variable taken away.
    variables: RefCell<BTreeMap<String, Option<String>>>,
    /// The error number that `posix.errno` returns.
    pub(crate) errno: Cell<i32>,
    spent: Cell<u64>,
    /// When the outermost chunk began, and the [`processor_time`] then.
    began: Cell<(Instant, Duration)>,
    is_exhausted: Cell<bool>,
    is_initialised: Cell<bool>,
}

impl Context {
    pub(crate) fn new(limits: Limits, is_confined: bool) -> Self {
        Self {
            limits,
            is_confined,
            engines: RefCell::default(),
            printed: RefCell::default(),
            variables: RefCell::default(),
            errno: Cell::new(0),
            spent: Cell::new(0),
            began: Cell::new((Instant::now(), Duration::ZERO)),
            is_exhausted: Cell::new(false),
            is_initialised: Cell::new(false),
        }
    }

    /// The context of a state made by this crate.
    pub(crate) fn of(lua: &Lua) -> Rc<Self> {
        let context = lua.app_data_ref::<Rc<Self>>();
        Rc::clone(&context.expect("every state is made with a context"))
    }

    /// Whether the first chunk is about to run; true for the first call only.
    pub(crate) fn is_first(&self) -> bool {
        !self.is_initialised.replace(true)
    }

    /// Remembers the engine for functions to use until the result is dropped.
    pub(crate) fn enter<'e>(self: &Rc<Self>, engine: &'e mut Engine) -> Entered<'e> {
        let is_first = self.spent.get() == 0;
        if self.engines.borrow().is_empty() && (is_first || !self.limits.is_for_all) {
            self.spent.set(0);
            self.began.set((Instant::now(), processor_time()));
        }
        self.engines.borrow_mut().push(Some(NonNull::from(engine)));
        Entered {
            context: Rc::clone(self),
            engine: std::marker::PhantomData,
        }
    }

    /// Lets `work` use the engine of the innermost chunk.
    ///
    /// Fails outside of chunks, as in a finaliser run late.
    pub(crate) fn with_engine<R>(&self, work: impl FnOnce(&mut Engine) -> R) -> Result<R, Fault> {
        let taken = self.engines.borrow_mut().last_mut().and_then(Option::take);
        let mut pointer = taken.ok_or_else(|| Fault::text("no macro engine at hand"))?;
        let depth = self.engines.borrow().len();
        let lent = Lent {
            context: self,
            pointer,
            depth,
        };
        // SAFETY: `enter` made the pointer from a `&mut Engine` whose borrow lasts until `Entered` is
        // dropped, which takes the pointer off the stack. Whoever called `enter` does not touch the
        // engine meanwhile, and `take` above makes sure that nobody else uses this pointer before
        // `lent` puts it back: a chunk that `work` runs has entered with a pointer of its own.
        let result = work(unsafe { pointer.as_mut() });
        drop(lent);
        Ok(result)
    }

    /// Takes what a chunk prints. `false`: nobody gathers it, so it has to be shown.
    pub(crate) fn gather(&self, text: &[u8]) -> Result<bool, Fault> {
        let mut printed = self.printed.borrow_mut();
        let Some(buffer) = printed.last_mut() else {
            return Ok(false);
        };
        if buffer.len() + text.len() > self.limits.output {
            return Err(Fault::text(format!(
                "more than {} bytes printed",
                self.limits.output
            )));
        }
        buffer.extend_from_slice(text);
        Ok(true)
    }

    /// A variable of the environment as chunks see it.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<String>, Fault> {
        match self.variables.borrow().get(name) {
            Some(value) => Ok(value.clone()),
            None => self.with_engine(|engine| engine.host.env(name)),
        }
    }

    /// Sets or takes away a variable for chunks, for macros and for the processes they start.
    pub(crate) fn set_variable(&self, name: &str, value: Option<String>) -> Result<(), Fault> {
        self.with_engine(|engine| engine.host.set_env(name, value.as_deref()))?;
        let mut variables = self.variables.borrow_mut();
        variables.insert(name.to_owned(), value);
        let length = |(name, value): (&String, &Option<String>)| {
            name.len() + value.as_ref().map_or(0, String::len)
        };
        if variables.iter().map(length).sum::<usize>() <= MOST_VARIABLES {
            return Ok(());
        }
        variables.remove(name);
        Err(Fault::text("the environment grows too large"))
    }

    /// The variables that chunks changed.
    pub(crate) fn variables(&self) -> BTreeMap<String, Option<String>> {
        self.variables.borrow().clone()
    }

    /// Counts instructions; `false` when there were too many, or they took too long.
    pub(crate) fn spend(&self, instructions: u64) -> bool {
        self.spent
            .set(self.spent.get().saturating_add(instructions));
        let is_over = self.spent.get() > self.limits.instructions || self.is_late();
        self.is_exhausted.set(is_over);
        !is_over
    }

    /// Whether the outermost chunk has used up its time.
    pub(crate) fn is_late(&self) -> bool {
        let ((began, spent), limit) = (self.began.get(), self.limits.time);
        // The first clock is the cheap one, and never behind the other.
        began.elapsed() > limit && processor_time().saturating_sub(spent) > limit
    }

    /// The message for a chunk that used up its instructions or its time.
    pub(crate) fn is_over(&self) -> String {
        let Limits {
            instructions, time, ..
        } = self.limits;
        if self.spent.get() > instructions {
            format!("more than {instructions} instructions, giving up")
        } else {
            format!("more than {} seconds, giving up", time.as_secs())
        }
    }

    /// Whether an outermost chunk starts after one that was stopped.
    pub(crate) fn renew(&self) -> bool {
        self.spent.get() == 0 && self.is_exhausted.replace(false)
    }
}

/// The time during which an engine is at hand.
pub(crate) struct Entered<'e> {
    context: Rc<Context>,
    engine: std::marker::PhantomData<&'e mut Engine>,
}

impl Entered<'_> {
    /// Gathers what is printed from now on.
    pub(crate) fn gather_print(&self) -> Printed<'_> {
        let mut printed = self.context.printed.borrow_mut();
        printed.push(Vec::new());
        Printed {
            context: &self.context,
            depth: printed.len(),
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.context.engines.borrow_mut().pop();
    }
}

/// The time during which print is gathered.
pub(crate) struct Printed<'c> {
    context: &'c Context,
    depth: usize,
}

impl Printed<'_> {
    /// What was printed. Bytes that are not UTF-8 are carried along.
    pub(crate) fn finish(self) -> String {
        let bytes = self.context.printed.borrow_mut().pop().unwrap_or_default();
        octets::carry_back(bytes)
    }
}

impl Drop for Printed<'_> {
    fn drop(&mut self) {
        self.context.printed.borrow_mut().truncate(self.depth - 1);
    }
}

/// Puts a pointer back where it was taken from.
struct Lent<'c> {
    context: &'c Context,
    pointer: NonNull<Engine>,
    depth: usize,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.context.engines.borrow_mut().get_mut(self.depth - 1) {
            *place = Some(self.pointer);
        }
    }
}

/// The time that the processor has spent on this thread.
fn processor_time() -> Duration {
    let clock = nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID;
    clock.now().map(Duration::from).unwrap_or_default()
}

/// The path a chunk named; bytes that are not UTF-8 stay as they are.
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned()
}
