//! What chunks do to files and processes, in a folder of the test's own.

use std::io;
use std::path::{Path, PathBuf};

use expand::{Engine, Host};
use specbuild_lua::{Config, LuaEngine, Modules};

/// The real file system, and nothing else.
struct Files;

impl Host for Files {
    fn shell(&mut self, _: &str) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn read_file(&mut self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn exists(&mut self, path: &Path) -> bool {
        path.exists()
    }

    fn glob(&mut self, _: &str) -> Vec<PathBuf> {
        Vec::new()
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn set_env(&mut self, _: &str, _: Option<&str>) {}

    fn cpus(&self) -> u32 {
        1
    }

    fn memory(&self) -> u64 {
        1
    }

    fn print(&mut self, _: &str) {}

    fn log(&mut self, _: &str) {}

    fn verbose(&self) -> bool {
        false
    }
}

/// Runs chunks in a folder, which they know as `dir`.
struct Bench {
    engine: Engine,
    dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::with_files(&[])
    }

    /// A folder with files, `init.lua` among them or not, and itself as library.
    fn with_files(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a folder for the test can be made");
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).expect("the new folder can be written to");
        }
        let config = Config {
            init_file: Some(dir.path().join("init.lua")),
            library_dirs: vec![dir.path().to_owned()],
            ..Config::default()
        };
        let mut engine = Engine::new(Box::new(Files));
        engine.set_script_engine(LuaEngine::new(config));
        let mut bench = Self { engine, dir };
        let path = bench.dir.path().display().to_string();
        bench.run(&format!("dir = '{path}'"));
        bench
    }

    /// What a chunk prints and returns, or the last message.
    fn run(&mut self, code: &str) -> String {
        self.engine
            .expand_str(&format!("%{{lua:{code}}}"))
            .unwrap_or_else(|_| {
                let found = self.engine.sink.take();
                let message = found.last().map_or("", |it| it.message.as_str());
                message.replace(&self.dir.path().display().to_string(), "DIR")
            })
    }
}

#[test]
fn modules_of_macro_libraries_are_carried_or_files() {
    fn carried(name: &str) -> Option<&'static str> {
        (name == "words").then_some("return { last = function() return 'carried' end }")
    }
    let mut bench = Bench::with_files(&[(
        "words.lua",
        "return { last = function() return 'file' end }",
    )]);
    let folder = bench.dir.path().to_owned();
    let question = "local ok, words = pcall(require, 'specbuild.words') \
                    return ok and tostring(words.last()) or words:match('no module[^\\n]*$')";
    let mut answer = |modules, is_confined| {
        bench.engine.set_script_engine(LuaEngine::new(Config {
            modules,
            is_confined,
            ..Config::default()
        }));
        bench.run(question)
    };
    assert_eq!(answer(Modules::Carried(carried), true), "carried");
    assert_eq!(answer(Modules::In(vec![folder]), true), "file");
    assert_eq!(
        answer(Modules::In(vec!["/nowhere".into()]), false),
        "no module of a macro library"
    );
}

#[test]
fn streams_are_read_written_and_moved_in() {
    let mut bench = Bench::new();
    let code = "local f = rpm.open(dir..'/a', 'w+') \
                print(f:write('hello'), f:write('abc', 2), f:flush(), f:seek('cur'), f:seek('set', 1)) \
                print('|', f:read(3), f:read(), f:read(), f:close(), f:close(), tostring(f))";
    assert_eq!(bench.run(code), "5\t2\t0\t7\t1|\tell\toab\t\t0\t-1\t[none]");
    assert_eq!(
        bench.run("return rpm.open(dir..'/missing')"),
        "lua script failed: [string \"<lua>\"]:1: DIR/missing open failed: No such file or directory"
    );
    assert_eq!(
        bench.run("return rpm.open(dir..'/a', 'wx')"),
        "lua script failed: [string \"<lua>\"]:1: DIR/a open failed: File exists"
    );
    assert_eq!(
        bench.run("return rpm.open(dir..'/a'):seek('far')"),
        "lua script failed: [string \"<lua>\"]:1: bad argument #1 to 'seek' (invalid option 'far')"
    );
}

#[test]
fn streams_are_compressed_on_the_way() {
    let mut bench = Bench::new();
    for kind in ["gzdio", "bzdio", "xzdio", "zstdio"] {
        let code = format!(
            "local f = rpm.open(dir..'/z', 'w3.{kind}') f:write(('abc'):rep(1000)) f:close() \
             f = rpm.open(dir..'/z', 'r.{kind}') \
             print(f:read(4), f:seek('cur', 5), f:read(2), f:seek('set', 1), f:read(2), #f:read())"
        );
        assert_eq!(bench.run(&code), "abca\t9\tab\t1\tbc\t2997", "{kind}");
        assert_eq!(
            bench.run("return posix.stat(dir..'/z', 'size') < 200"),
            "true"
        );
    }
    let code = "local f = rpm.open(dir..'/z') return f:reopen('r.zstdio'):read(3)";
    assert_eq!(bench.run(code), "abc");
}

#[test]
fn files_are_made_changed_and_removed() {
    let mut bench = Bench::new();
    let code = "print(posix.mkdir(dir..'/d'), posix.symlink('d', dir..'/l'), posix.readlink(dir..'/l')) \
                print(' ', posix.stat(dir..'/l', 'type'), posix.stat(dir..'/d', 'type')) \
                print(' ', posix.unlink(dir..'/l'), posix.rmdir(dir..'/d'), posix.access(dir..'/d') == nil)";
    assert_eq!(
        bench.run(code),
        "0.0\t0.0\td \tlink\tdirectory \t0.0\t0.0\ttrue"
    );
    let code = "io.open(dir..'/f', 'w'):close() posix.chmod(dir..'/f', 640) posix.utime(dir..'/f', 5, 6) \
                local s = posix.stat(dir..'/f') return s.mode, s.mtime, s.atime, s.size, s.nlink";
    assert_eq!(bench.run(code), "rw-r-----\t5.0\t6.0\t0.0\t1.0");
    let code = "posix.link(dir..'/f', dir..'/g') posix.mkfifo(dir..'/p') local names = {} \
                for name in posix.files(dir) do names[#names + 1] = name end \
                return table.concat(names, ' '), #posix.dir(dir), posix.stat(dir..'/p', 'type')";
    assert_eq!(bench.run(code), ". .. f g p\t5\tfifo");
    let code = "local f, path = posix.mkstemp(dir..'/tXXXXXX') f:write('x') f:close() \
                return io.type(f), posix.stat(path, 'size'), posix.unlink(path)";
    assert_eq!(bench.run(code), "closed file\t1.0\t0.0");
}

#[test]
fn failing_calls_tell_message_and_number() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.run("return posix.stat('/nonexistent')"),
        "nil\t/nonexistent: No such file or directory\t2.0"
    );
    assert_eq!(
        bench.run("return posix.errno()"),
        "No such file or directory\t2.0"
    );
    assert_eq!(
        bench.run("posix.chmod(dir, 'zz')"),
        "lua script failed: [string \"<lua>\"]:1: bad argument #2 to 'chmod' (bad mode)"
    );
    assert_eq!(
        bench.run("posix.access('/', 'q')"),
        "lua script failed: [string \"<lua>\"]:1: bad argument #2 to 'access' (unknown mode option `q')"
    );
}

#[test]
fn accounts_and_limits_are_known() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.run(
            "return posix.getpasswd(0, 'name'), posix.getgroup(0).gid, posix.getpasswd('no-such')"
        ),
        "root\t0.0\tnil"
    );
    assert_eq!(
        bench.run("return posix.sysconf('clk_tck'), posix.pathconf('/', 'no_trunc')"),
        "100.0\t1.0"
    );
    assert_eq!(
        bench.run("return posix.getprocessid('pid') == posix.getprocessid().pid"),
        "true"
    );
    assert_eq!(bench.run("return posix.uname('%s%%')"), "Linux%");
}

#[test]
fn programs_are_run() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.run("print(rpm.execute('true')) print(' ', rpm.execute('false')) return rpm.execute('/no/such')"),
        "0.0 \tnil\texit code\t1.0nil\tNo such file or directory\t2.0"
    );
    let code = "posix.setenv('WORD', 'set') \
                rpm.spawn({'sh', '-c', 'echo $WORD $0; cat', 'name'}, {stdin=dir..'/in', stdout=dir..'/out'}) \
                return rpm.open(dir..'/out'):read()";
    std::fs::write(bench.dir.path().join("in"), "given\n").unwrap();
    assert_eq!(bench.run(code), "set name\ngiven\n");
    assert_eq!(
        bench.run("rpm.spawn({'true'}, {garbage='x'})"),
        "lua script failed: [string \"<lua>\"]:1: invalid spawn directive: garbage"
    );
    assert_eq!(
        bench.run("rpm.spawn('echo')"),
        "lua script failed: [string \"<lua>\"]:1: bad argument #1 to 'spawn' (table expected, got string)"
    );
}

#[test]
fn libraries_and_the_first_file_are_found() {
    let mut bench = Bench::with_files(&[
        (
            "tools.lua",
            "local m = {} function m.double(n) return 2 * n end return m",
        ),
        ("init.lua", "early = 'set'"),
    ]);
    assert_eq!(
        bench.run("return early, require('tools').double(21)"),
        "set\t42"
    );
}

#[test]
fn a_bad_first_file_is_reported_once_and_chunks_run() {
    let mut bench = Bench::with_files(&[("init.lua", "error('early')")]);
    let found = bench.engine.sink.take();
    let name = bench.dir.path().join("init.lua").display().to_string();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        format!("lua script failed: {name}:1: early")
    );
    assert_eq!(bench.run("return 1"), "1");
}
