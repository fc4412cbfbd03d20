//! Chunks run by a macro engine without a world.

use std::rc::Rc;

use expand::{Engine, Level, MemoryHost, Script, ScriptEngine, ScriptItem, Value};

use crate::{Config, Limits, LuaEngine};

/// An engine that runs Lua, and what it prints.
struct Bench {
    engine: Engine,
    lua: Rc<LuaEngine>,
    printed: Rc<std::cell::RefCell<String>>,
}

impl Bench {
    fn new(config: Config) -> Self {
        let host = MemoryHost::default();
        host.printed.borrow_mut().clear();
        let printed = Rc::clone(&host.printed);
        let mut engine = Engine::new(Box::new(host));
        let lua = LuaEngine::new(config);
        engine.set_script_engine(lua.clone());
        Self {
            engine,
            lua,
            printed,
        }
    }

    /// The expansion, or the messages of the faults.
    fn expand(&mut self, text: &str) -> String {
        match self.engine.expand_str(text) {
            Ok(text) => text,
            Err(_) => {
                let found = self.engine.sink.take();
                found
                    .iter()
                    .map(|it| it.message.as_str())
                    .collect::<Vec<_>>()
                    .join("\n")
            }
        }
    }

    fn define(&mut self, definition: &str) {
        self.engine.define_line(definition, Level::GLOBAL).unwrap();
    }
}

fn expand(text: &str) -> String {
    Bench::new(Config::default()).expand(text)
}

#[test]
fn what_a_chunk_prints_and_returns_is_its_expansion() {
    assert_eq!(expand("<%{lua:print(5*5, 'x') print('y')}>"), "<25\txy>");
    assert_eq!(expand("%{lua:return 1, 2, 3}"), "1\t2\t3");
    assert_eq!(expand("%{lua:print('a') return 'b', 'c'}"), "ab\tc");
    assert_eq!(expand("%{lua:return nil}"), "nil");
    assert_eq!(expand("%{lua:local x = 1}"), "");
}

#[test]
fn globals_stay_between_chunks() {
    let mut bench = Bench::new(Config::default());
    assert_eq!(
        bench.expand("%{lua:count = 1}%{lua:count = count + 1 return count}"),
        "2"
    );
}

#[test]
fn chunks_nest_through_macros() {
    let mut bench = Bench::new(Config::default());
    bench.define("size(u:) %{lua:return arg[1] .. opt.u}");
    bench.define("disk() %{lua:return 'disk of ' .. rpm.expand('%{size -u ' .. arg[2] .. ' ' .. arg[1] .. '}')}");
    assert_eq!(bench.expand("%disk 80 GiB"), "disk of 80GiB");
}

#[test]
fn deep_nesting_ends_in_an_error_and_not_in_a_crash() {
    let mut bench = Bench::new(Config::default());
    bench.define("deep() %{lua:return macros.deep({#arg})}");
    let faults = bench.expand("%deep");
    assert!(faults.contains("Too many levels of recursion"), "{faults}");
    bench.define("down() %{lua:if tonumber(arg[1]) > 0 then return 1 + macros.down({arg[1] - 1}) end return 0}");
    assert_eq!(bench.expand("%{down 16}"), "16");
}

#[test]
fn the_macros_table_reads_defines_undefines_and_calls() {
    let mut bench = Bench::new(Config::default());
    bench.define("joined() %{lua:return #arg .. '=' .. table.concat(arg, '+')}");
    for (text, expected) in [
        ("%{lua:return type(macros.color)}", "nil"),
        (
            "%{lua:macros.color = 'red' macros['shade'] = 'dark'}%shade-%color",
            "dark-red",
        ),
        ("%{lua:return macros.color:upper()}", "RED"),
        (
            "%{lua:return macros.joined('very %{shade} %color')}",
            "3=very+dark+red",
        ),
        (
            "%{lua:return macros.joined({'very %{shade}', '', 1.5})}",
            "3=very %{shade}++1.5",
        ),
        ("%{lua:macros.shade = nil}%{?shade}%{!?shade:none}", "none"),
    ] {
        assert_eq!(bench.expand(text), expected, "{text}");
    }
}

#[test]
fn faults_are_told_in_rpms_words() {
    let cases = [
        ("error('no')", "lua script failed: [string \"<lua>\"]:1: no"),
        (
            "rpm.expand()",
            "lua script failed: [string \"<lua>\"]:1: bad argument #1 to 'expand' (string expected, got no value)",
        ),
        (
            "return rpm.vercmp('', '1')",
            "lua script failed: [string \"<lua>\"]:1: bad argument #1 to 'vercmp' (invalid version )",
        ),
        (
            "x x",
            "invalid syntax in lua script: [string \"<lua>\"]:1: syntax error near 'x'",
        ),
        (
            "os.exit()",
            "lua script failed: [string \"<lua>\"]:1: exit not permitted in this context",
        ),
        (
            "posix.fork()",
            "lua script failed: [string \"<lua>\"]:1: posix.fork() is no longer available, use rpm.spawn() or rpm.execute() instead",
        ),
        (
            "macros.expr({1, 2, {}})",
            "lua script failed: [string \"<lua>\"]:1: bad argument #3 to 'expr' (cannot convert to string)",
        ),
        (
            "macros.define = nil",
            "lua script failed: [string \"<lua>\"]:1: error undefining macro define",
        ),
        (
            "rpm.expand('%{error:fail}')",
            "lua script failed: [string \"<lua>\"]:1: error expanding macro",
        ),
    ];
    for (code, message) in cases {
        let found = expand(&format!("%{{lua:{code}}}"));
        assert_eq!(found.lines().last(), Some(message), "{code}: {found}");
    }
}

#[test]
fn caught_errors_are_strings_with_their_place() {
    let code = "local ok, why = pcall(function() rpm.expand() end) return type(why), why";
    let expected = "string\t[string \"<lua>\"]:1: bad argument #1 to 'expand' \
                    (string expected, got no value)";
    assert_eq!(expand(&format!("%{{lua:{code}}}")), expected);
}

#[test]
fn options_are_split_from_arguments() {
    let mut bench = Bench::new(Config::default());
    let code = "return ('%s|%s|%s|%d'):format(opt.q, opt.t, arg[1], #arg)";
    bench.define(&format!("fetch(qt:) %{{lua:{code}}}"));
    for (call, expected) in [
        ("%fetch -q -t5 one two", "|5|one|2"),
        ("%fetch -t 5 -q one", "|5|one|1"),
        ("%fetch one", "nil|nil|one|1"),
        ("%fetch -q -- -t", "|nil|-t|1"),
    ] {
        assert_eq!(bench.expand(call), expected, "{call}");
    }
}

#[test]
fn functions_are_called_by_dotted_names() {
    let mut bench = Bench::new(Config::default());
    let text = |it: &str| Value::String(it.to_owned());
    let mut call = |name: &str, args: &[Value]| bench.lua.call(&mut bench.engine, name, args);
    assert_eq!(
        call("string.gsub", &[text("hello"), text("l+"), text("L")]).unwrap(),
        "heLo"
    );
    assert_eq!(
        call("string.find", &[text("hello"), text("z")]).unwrap(),
        ""
    );
    assert_eq!(
        call("function(n) return n > 1 end", &[Value::Integer(2)]).unwrap(),
        "1"
    );
    assert_eq!(
        call("nothing", &[]).unwrap_err().message,
        "nothing: [string \"nothing\"]:1: attempt to call a nil value (global 'nothing')"
    );
}

#[test]
fn lists_are_there_for_chunks() {
    let mut bench = Bench::new(Config::default());
    let add = |bench: &Bench, item| bench.lua.add_to_list("sources", item);
    bench.lua.clear_list("sources");
    add(&bench, ScriptItem::Text("a.tar".into()));
    add(&bench, ScriptItem::Text("b".into()));
    let count = "%{lua:print(#sources, sources[1])}";
    assert_eq!(bench.expand(count), "2\ta.tar");
    // A list keeps what a chunk has done to it, as in rpm.
    bench.expand("%{lua:sources[1] = 'own'}");
    add(&bench, ScriptItem::Text("c".into()));
    assert_eq!(bench.expand(count), "3\town");
    bench.lua.clear_list("sources");
    add(&bench, ScriptItem::Number(7));
    assert_eq!(bench.expand(count), "1\t7");
    bench.expand("%{lua:sources = nil}");
    add(&bench, ScriptItem::Number(8));
    assert_eq!(bench.expand("%{lua:print(sources)}"), "nil");
}

#[test]
fn versions_compare() {
    for (code, expected) in [
        (
            "local it = rpm.ver('2:7.0-3.fc42') return it.e, it.v, it.r",
            "2\t7.0\t3.fc42",
        ),
        ("return rpm.ver('7.0').e, rpm.ver('7.0').r", "nil\tnil"),
        (
            "return rpm.ver('1:0-1') > rpm.ver('9-9'), rpm.ver('2~1') < rpm.ver('2')",
            "true\ttrue",
        ),
        (
            "return rpm.ver('07-1') == rpm.ver('7-1'), rpm.ver('7-1') >= rpm.ver('7-2')",
            "true\tfalse",
        ),
        (
            "return tostring(rpm.ver('2:7.0-3')), rpm.ver(9, '7b', 2)",
            "2:7.0-3\t9:7b-2",
        ),
        (
            "return rpm.vercmp('7.0~b2', '7.0'), rpm.vercmp('7', '6'), rpm.vercmp('7', '7')",
            "-1\t1\t0",
        ),
    ] {
        assert_eq!(expand(&format!("%{{lua:{code}}}")), expected, "{code}");
    }
}

#[test]
fn hooks_are_called_until_unregistered() {
    let code = "local seen = {} \
                local id = rpm.register('built', function(given) \
                    seen[#seen + 1] = math.type(given[2]) or type(given[2]) \
                    seen[#seen + 1] = given[1] .. given[2] \
                end) \
                for _, size in ipairs({'no', 40, 0.5}) do rpm.call('built', 'size ', size) end \
                rpm.unregister('built', id) \
                rpm.call('built', 'late ', 1) \
                return table.concat(seen, ', ')";
    let expected = "string, size no, integer, size 40, float, size 0.5";
    assert_eq!(expand(&format!("%{{lua:{code}}}")), expected);
}

#[test]
fn written_output_goes_to_the_host() {
    let mut bench = Bench::new(Config::default());
    assert_eq!(
        bench.expand("%{lua:io.write('a', 1) io.stdout:write('b', '\\n')}"),
        ""
    );
    assert_eq!(*bench.printed.borrow(), "a1b\n");
}

#[test]
fn a_program_prints_lines() {
    let mut bench = Bench::new(Config::default());
    let args = ["tool.lua", "-o", "x"].map(str::to_owned);
    let code = "print('options', opt.o) print(#arg, arg[1]) return 'nothing'";
    let mut script = Script {
        code,
        name: "tool.lua",
        options: None,
        args: &args,
    };
    bench.lua.run_program(&mut bench.engine, &script).unwrap();
    script.options = Some("o:");
    bench.lua.run_program(&mut bench.engine, &script).unwrap();
    assert_eq!(
        *bench.printed.borrow(),
        "options\tnil\n3\ttool.lua\noptions\tx\n0\tnil\n"
    );
}

#[test]
fn a_limit_may_be_for_all_chunks() {
    let limits = Limits {
        instructions: 200_000,
        is_for_all: true,
        ..Limits::default()
    };
    let mut bench = Bench::new(Config {
        limits,
        ..Config::default()
    });
    let code = "%{lua: for i = 1, 5e4 do end return 'done'}";
    assert_eq!(bench.expand(code), "done");
    let found: Vec<String> = (0..4).map(|_| bench.expand(code)).collect();
    let over = "more than 200000 instructions, giving up";
    assert!(found[3].contains(over), "{found:?}");
    let found = bench.expand("%{lua: return 1}");
    assert!(found.contains(over), "{found}");
}

#[test]
fn limits_stop_what_would_never_end() {
    let limits = Limits {
        instructions: 200_000,
        memory: 8 << 20,
        output: 1 << 20,
        ..Limits::default()
    };
    let mut bench = Bench::new(Config {
        limits,
        ..Config::default()
    });
    let cases = [
        (
            "while true do end",
            "more than 200000 instructions, giving up",
        ),
        (
            "while true do pcall(function() while true do end end) end",
            "more than 200000 instructions, giving up",
        ),
        (
            "local w = coroutine.wrap(function() while true do end end) w()",
            "more than 200000 instructions, giving up",
        ),
        (
            "local t = {} for i = 1, 1e5 do t[i] = ('x'):rep(1e4) end",
            "not enough memory",
        ),
        ("return ('x'):rep(1e9)", "resulting string too large"),
        ("return (''):rep(math.maxinteger)", ""),
        (
            "local s = ('x'):rep(1e4) for i = 1, 1e5 do print(s) end",
            "more than 1048576 bytes printed",
        ),
        (
            "setmetatable({}, {__gc = function() while true do end end})",
            "bad argument #2 to 'setmetatable' (`__gc` is not supported)",
        ),
        (
            "local t = setmetatable({}, {__len = function() return 1 << 53 end}) table.insert(t, 1, 1)",
            "bad argument #1 to 'insert' (too many elements to move)",
        ),
        (
            "for i = 1, 1000 do posix.setenv('a' .. i, ('x'):rep(1e5)) end",
            "the environment grows too large",
        ),
        (
            "table.move({}, 1, math.maxinteger - 1, 2, {})",
            "too many elements to move",
        ),
    ];
    for (code, message) in cases {
        let found = bench.expand(&format!("%{{lua:{code}}}"));
        assert!(found.contains(message), "{code}: {found}");
        assert_eq!(bench.expand("%{lua:return 1}"), "1", "after {code}");
    }
}

#[test]
fn a_confined_state_refuses_patterns_that_take_years() {
    let mut bench = Bench::new(Config {
        is_confined: true,
        ..Config::default()
    });
    let refused = [
        "(('a'):rep(1000)):find('a*a*a*a*b')",
        "(('a'):rep(1000)):gsub('a-a-a-b', '')",
        "(('a'):rep(100)):match(('a?'):rep(40) .. 'b')",
        "(('('):rep(1e5)):find('%b()')",
        "(('a'):rep(1e5)):find('(a+)%1b')",
    ];
    for search in refused {
        let found = bench.expand(&format!("%{{lua:return {search}}}"));
        assert!(
            found.contains("pattern takes too many steps"),
            "{search}: {found}"
        );
    }
    let taken = [
        (
            "('/usr/lib/' .. ('x'):rep(80) .. '.py'):match('^(.*/)([^/]+)%.py$')",
            "/usr/lib/\t",
        ),
        ("('1.2.3~rc1'):gsub('[-_.~]+', '_')", "1_2_3_rc1\t3"),
        ("(('word '):rep(500)):gsub('%S+', '')", "\t500"),
        ("('a-b=c'):match('(%S+)=(%S+)')", "a-b\tc"),
        (
            "(('a-b '):rep(25)):match('^([a-z]+)-([^]a-]) [%w-]+')",
            "a\tb",
        ),
    ];
    for (search, result) in taken {
        let found = bench.expand(&format!("%{{lua:return {search}}}"));
        assert!(found.contains(result), "{search}: {found}");
    }
}

#[test]
fn a_confined_state_reaches_nothing() {
    let mut bench = Bench::new(Config {
        is_confined: true,
        ..Config::default()
    });
    let gone = "return io.open, io.popen, os.execute, os.remove, posix.mkdir, rpm.open, rpm.execute, \
                rpm.spawn, loadfile, dofile, package.loaded.io.open, posix.kill, package.searchpath";
    let found = bench.expand(&format!("%{{lua:{gone}}}"));
    assert!(found.split('\t').all(|it| it == "nil"), "{found}");
    assert!(
        bench
            .expand("%{lua:require 'anything'}")
            .contains("not found")
    );
    assert_eq!(bench.expand("%{lua:return ('x'):rep(3)}"), "xxx");
}

#[test]
fn variables_that_chunks_set_are_seen_by_chunks() {
    let code = "posix.setenv('A', '1') posix.putenv('B=2') posix.setenv('A', '3', false) \
                posix.unsetenv('B') return posix.getenv('A'), os.getenv('A'), posix.getenv('B')";
    assert_eq!(expand(&format!("%{{lua:{code}}}")), "1\t1\tnil");
}

#[test]
fn precompiled_chunks_are_refused() {
    let found = expand("%{lua:return load(string.dump(function() end))}");
    assert!(found.contains("attempt to load a binary chunk"), "{found}");
}
