//! Lua's own libraries, as far as rpm's differ: where output goes, what is switched off.

use mlua::{Function, Lua, MultiValue, Table, Value};

use crate::context::Context;
use crate::fault::Fault;
use crate::native::{self, Answer, Args, answer, native};
use crate::{Config, loops, modules};

/// What `os` keeps in a confined state; none of it reaches the world but the clock.
const CONFINED_OS: [&str; 6] = ["clock", "date", "difftime", "exit", "getenv", "time"];

/// Puts our functions in place of Lua's.
pub(crate) fn adapt(lua: &Lua, config: &Config) -> mlua::Result<()> {
    let globals = lua.globals();
    let os: Table = globals.get("os")?;
    native::register(lua, &os, &[("exit", exit), ("getenv", getenv)])?;
    globals.set("print", print(lua)?)?;
    globals.set("debug", debug(lua)?)?;
    redirect_stdout(lua, &globals.get("io")?)?;
    loops::guard(lua)?;
    let package: Table = globals.get("package")?;
    package.set("path", search_path(config))?;
    // The third and fourth look for C modules, which cannot be loaded.
    let searchers: Table = package.get("searchers")?;
    searchers.set(4, Value::Nil)?;
    searchers.set(3, Value::Nil)?;
    modules::add_searcher(lua, &searchers, &config.modules)?;
    lua.load(include_str!("text_only.lua"))
        .set_name("=text_only")
        .exec()?;
    if config.is_confined {
        confine(lua, &os)
    } else {
        Ok(())
    }
}

/// Where `require` looks, in Lua's notation.
fn search_path(config: &Config) -> String {
    let patterns = config
        .library_dirs
        .iter()
        .map(|dir| format!("{}/?.lua", dir.display()));
    patterns.collect::<Vec<_>>().join(";")
}

fn confine(lua: &Lua, os: &Table) -> mlua::Result<()> {
    let kept = lua.create_table()?;
    for name in CONFINED_OS {
        kept.set(name, os.get::<Value>(name)?)?;
    }
    let io = lua.create_table()?;
    io.set(
        "write",
        lua.globals().get::<Table>("io")?.get::<Value>("write")?,
    )?;
    let package: Table = lua.globals().get("package")?;
    package.set("path", "")?;
    let loaded: Table = package.get("loaded")?;
    for (name, table) in [("os", kept), ("io", io)] {
        lua.globals().set(name, &table)?;
        loaded.set(name, table)?;
    }
    for name in ["dofile", "loadfile"] {
        lua.globals().set(name, Value::Nil)?;
    }
    package.set("searchpath", Value::Nil)
}

fn exit(_: &Lua, _: &Args) -> Answer {
    Err(Fault::text("exit not permitted in this context"))
}

/// Sees the variables that chunks set.
fn getenv(lua: &Lua, args: &Args) -> Answer {
    answer(lua, Context::of(lua).variable(&args.string(1)?)?)
}

/// `print` adds to the expansion, without a newline; outside of chunks it prints a line.
fn print(lua: &Lua) -> mlua::Result<Function> {
    let to_string: Function = lua.globals().get("tostring")?;
    native(lua, move |lua, args| {
        let context = Context::of(lua);
        let mut line = Vec::new();
        for number in 1..=args.len() {
            if number > 1 {
                line.push(b'\t');
            }
            let text: mlua::LuaString = to_string.call(args.value(number))?;
            line.extend_from_slice(&text.as_bytes());
        }
        if !context.gather(&line)? {
            line.push(b'\n');
            show(&context, &line)?;
        }
        answer(lua, ())
    })
}

/// Prints by the macro engine's host, so that all output stays in order.
pub(crate) fn show(context: &Context, bytes: &[u8]) -> Result<(), Fault> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    context.with_engine(|engine| engine.host.print(&text))
}

/// Sends what is written to `io.stdout` the same way.
fn redirect_stdout(lua: &Lua, io: &Table) -> mlua::Result<()> {
    let stdout: Value = io.get("stdout")?;
    let output: Function = io.get("output")?;
    let metatable_of: Function = lua.globals().get("getmetatable")?;
    let methods: Table = metatable_of.call::<Table>(&stdout)?.get("__index")?;
    let write: Function = methods.get("write")?;
    let (to_file, known) = (write.clone(), stdout.clone());
    methods.set(
        "write",
        native(lua, move |lua, args| {
            let call = Write {
                file: args.value(1),
                first: 2,
                write: &to_file,
            };
            call.run(lua, args, &known)
        })?,
    )?;
    io.set(
        "write",
        native(lua, move |lua, args| {
            let call = Write {
                file: output.call(())?,
                first: 1,
                write: &write,
            };
            call.run(lua, args, &stdout)
        })?,
    )
}

/// A call that writes to a file.
struct Write<'a> {
    file: Value,
    /// The number of the first argument to write.
    first: usize,
    /// Lua's own function for files that are not standard output.
    write: &'a Function,
}

impl Write<'_> {
    /// Writes the arguments, and returns the file.
    fn run(self, lua: &Lua, args: &Args, stdout: &Value) -> Answer {
        let given = self.first..=args.len();
        if self.file != *stdout {
            let values = given.map(|number| args.value(number));
            let values = std::iter::once(self.file).chain(values);
            return Ok(self.write.call(values.collect::<MultiValue>())?);
        }
        for number in given {
            show(&Context::of(lua), &args.bytes(number)?)?;
        }
        answer(lua, self.file)
    }
}

/// `debug`, without what could break the interpreter or lift its limits.
fn debug(lua: &Lua) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    native::register(
        lua,
        &table,
        &[("traceback", traceback), ("getinfo", getinfo)],
    )?;
    Ok(table)
}

fn traceback(lua: &Lua, args: &Args) -> Answer {
    if !args.is_nothing(1) && !args.is_string(1) {
        return answer(lua, args.value(1));
    }
    let message = args.string_or(1, "")?;
    let message = (!args.is_nothing(1)).then_some(message.as_str());
    answer(lua, lua.traceback(message, 2)?)
}

/// `source`, `short_src`, `currentline` and `name` of the function at a level of the stack.
fn getinfo(lua: &Lua, args: &Args) -> Answer {
    let info = lua.create_table()?;
    if let Value::Function(function) = args.value(1) {
        let found = function.info();
        info.set("source", found.source)?;
        info.set("short_src", found.short_src)?;
        info.set("linedefined", found.line_defined)?;
        return answer(lua, info);
    }
    // Level 0 is this function; above it lies the wrapper that called it.
    let level = usize::try_from(args.integer(1)?)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let found = lua.inspect_stack(level, |frame| {
        let source = frame.source();
        info.set("source", source.source.as_deref())?;
        info.set("short_src", source.short_src.as_deref())?;
        info.set("currentline", frame.current_line())?;
        info.set("name", frame.names().name.as_deref())
    });
    match found.transpose()? {
        Some(()) => answer(lua, info),
        None => answer(lua, Value::Nil),
    }
}
