//! What the command line says of macros, and the engine that comes of it.
//!
//! Order counts: `--define`, `--undefine`, `--load` and `--eval` take effect as they are given.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use expand::{Engine, Level};
use lua::LuaEngine;
use source::{Code, Diagnostic, Severity, Text, WarningPolicy};
use target::{LayerContent, Target};

use crate::{BuildError, Helpers, Output, SharedMacros, SystemHost};

/// A line of an rpmrc file makes no sense.
const RPMRC: Code = crate::codes::RPMRC;

/// One thing the command line says of macros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `--define 'NAME BODY'`.
    Define(String),
    /// `--undefine NAME`.
    Undefine(String),
    /// `--with NAME`.
    With(String),
    /// `--without NAME`.
    Without(String),
    /// `--load FILE`.
    Load(PathBuf),
    /// `--trace`: each step of expansion is printed from here on.
    Trace,
}

impl Setting {
    /// Carries it out.
    pub fn apply(&self, engine: &mut Engine, helpers: &Helpers) -> Result<(), BuildError> {
        match self {
            Self::Define(definition) => {
                let definition = with_legal_name(definition);
                engine.define_line(&definition, Level::COMMAND_LINE)?;
                if definition.split_whitespace().next() == Some("_rpmluadir") {
                    add_lua(engine, helpers)?;
                }
            }
            // No macro has such a name. `--undefine --help` is how build roots ask whether the option is
            // known, and rpm 4 says yes by its exit status.
            Self::Undefine(name) if name.starts_with('-') => {}
            Self::Undefine(name) => {
                engine.undefine_line(name.strip_prefix('%').unwrap_or(name))?;
            }
            Self::With(name) => define_choice(engine, "with", name),
            Self::Without(name) => define_choice(engine, "without", name),
            Self::Trace => drop(engine.expand_given("%trace")?),
            Self::Load(path) => match load(engine, path)? {
                0 => {}
                _ => return Err(BuildError::MacroFile(path.clone())),
            },
        }
        Ok(())
    }
}

/// A definition without `%` at its front, and with underscores for hyphens in its name; rpm treats
/// `--define` so.
fn with_legal_name(definition: &str) -> String {
    let is_end = |c: char| c.is_ascii_whitespace() || c == '\u{b}' || c == '(';
    let (name, rest) = definition.split_at(definition.find(is_end).unwrap_or(definition.len()));
    let name = name.replace('-', "_");
    name.strip_prefix('%').unwrap_or(&name).to_owned() + rest
}

/// `--with X` is `%_with_X --with-X`. Source: rpm's manual, "Conditional builds".
fn define_choice(engine: &mut Engine, choice: &str, name: &str) {
    let (name, value) = name
        .split_once('=')
        .map_or((name, None), |(n, v)| (n, Some(v)));
    let value = value.map(|value| format!("={value}")).unwrap_or_default();
    let body = format!("--{choice}-{name}{value}");
    engine.define(
        &format!("_{choice}_{name}"),
        Text::detached(body),
        Level::COMMAND_LINE,
    );
}

/// Everything that shapes the macros of a run, besides the target.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What the command line says, in order.
    pub given: Vec<Setting>,
    /// `--macros`: colon-separated patterns of macro files that replace all others.
    pub macro_path: Option<String>,
    /// `--predefine`: definitions that macro files find already made.
    pub predefined: Vec<String>,
    /// `--rcfile`: colon-separated patterns of rpmrc files that replace the site's and the user's.
    pub rc_files: Option<String>,
    /// `-W`: what becomes of warnings.
    pub warnings: WarningPolicy,
    /// `-v`.
    pub is_verbose: bool,
    /// The user's macro file for this program counts, too.
    pub reads_own_file: bool,
    /// Where macros and their commands print.
    pub output: Output,
    /// Macro files that all specs of the run share.
    pub shared: SharedMacros,
    /// Path of this program, for `%__specbuild`.
    pub program: PathBuf,
    /// The helper programs of the macro libraries, for `%_specbuilddir`.
    pub helpers: Helpers,
}

impl Settings {
    /// Whether the command line defines a macro.
    pub(crate) fn defines(&self, name: &str) -> bool {
        let given = self.given.iter().filter_map(|it| match it {
            Setting::Define(definition) => Some(with_legal_name(definition)),
            _ => None,
        });
        let mut all = given.chain(self.predefined.iter().cloned());
        all.any(|it| {
            it.split(|c: char| c.is_ascii_whitespace() || c == '(')
                .next()
                == Some(name)
        })
    }
}

/// An engine with all macros of a target, then the user's, then the command line's.
///
/// Fails with what is wrong with those of the command line.
pub fn open_engine(target: &Target, settings: &Settings) -> Result<Engine, BuildError> {
    let mut engine = Engine::new(Box::new(SystemHost {
        output: settings.output.clone(),
        helpers: settings.helpers.clone(),
        ..SystemHost::default()
    }));
    engine.sink.set_policy(settings.warnings.clone());
    define_own(&mut engine, settings);
    for definition in &settings.predefined {
        let defined = engine.define_line(definition, Level::COMMAND_LINE);
        defined.map_err(|_| bad_setting(&mut engine))?;
    }
    match &settings.macro_path {
        Some(path) => {
            // As in rpm, paths may name the target, and it wins over what the files say of it.
            define_machine(&mut engine, target);
            let path = engine.expand_str(path)?;
            settings.shared.load_path(&mut engine, &path);
            define_machine(&mut engine, target);
        }
        None => match &target.installed_macros {
            Some(path) => load_installed(&mut engine, target, path, &settings.shared)?,
            None => load_layers(&mut engine, target, &settings.shared)?,
        },
    }
    take_rpmrc(&mut engine, target);
    set_scripts(&mut engine, settings)?;
    for setting in &settings.given {
        setting
            .apply(&mut engine, &settings.helpers)
            .map_err(|error| explained(error, &mut engine))?;
    }
    Ok(engine)
}

/// The reason why a setting cannot be had, with what was found of it.
fn explained(error: BuildError, engine: &mut Engine) -> BuildError {
    match error {
        BuildError::Reported(_) => bad_setting(engine),
        BuildError::MacroFile(path) => {
            let found = bad_setting(engine);
            let path = path.display();
            BuildError::Setting(format!("{found}\nfailed to load macro file {path}"))
        }
        other => other,
    }
}

/// What was found of a setting, as the reason to stop: nobody is there yet to be told of findings.
fn bad_setting(engine: &mut Engine) -> BuildError {
    let found = engine.sink.take();
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
    let message = |it: &Diagnostic| format!("{}{}", it.rpm.prefix, it.message);
    let messages = found.iter().filter(is_error).map(message);
    BuildError::Setting(messages.collect::<Vec<_>>().join("\nerror: "))
}

/// The macro files of a target, its definitions, and the files of site and user.
fn load_layers(
    engine: &mut Engine,
    target: &Target,
    shared: &SharedMacros,
) -> Result<(), BuildError> {
    let mut embedded = Vec::new();
    for layer in &target.macro_layers {
        if let LayerContent::Embedded(file) = layer.content {
            embedded.push(file);
            continue;
        }
        engine.load_library(target::library(), embedded.drain(..));
        match &layer.content {
            LayerContent::Embedded(_) => {}
            LayerContent::Defines(defines) => define_all(engine, defines),
            LayerContent::File(path) => drop(load(engine, path)?),
        }
    }
    engine.load_library(target::library(), embedded);
    define_all(engine, &target.defines);
    load_attributes(engine)?;
    let user_files = engine.expand_str("%{?_user_macro_files}")?;
    shared.load_path(engine, &user_files);
    Ok(())
}

/// The macro files of an installed rpm, then those of site and user. Names that none of them defines
/// are defined by the target's own layers, which a macro of an older rpm may lack.
///
/// Source: rpm-macrofile(5); `rpm --showrc`.
fn load_installed(
    engine: &mut Engine,
    target: &Target,
    path: &str,
    shared: &SharedMacros,
) -> Result<(), BuildError> {
    define_machine(engine, target);
    let path = engine.expand_str(path)?;
    shared.load_path(engine, &path);
    let has_platform = engine.is_defined("_arch");
    let (files, defines) = parts(target, !has_platform);
    for (name, body) in defines {
        if !engine.is_defined(name) {
            engine.define(name, Text::detached(body.as_str()), Level::MACRO_FILES);
        }
    }
    engine.load_library_as_fallback(target::library(), files);
    let user_files = engine.expand_str("%{?_user_macro_files}")?;
    shared.load_path(engine, &user_files);
    define_machine(engine, target);
    Ok(())
}

/// The embedded files of a target's layers, and definitions, those first that win. What follows from
/// the architecture comes from one place: its definitions are left out unless `with_platform`.
fn parts(target: &Target, with_platform: bool) -> (Vec<usize>, Vec<&(String, String)>) {
    let (mut files, mut defines) = (Vec::new(), target.defines.iter().rev().collect::<Vec<_>>());
    for layer in target.macro_layers.iter().rev() {
        match &layer.content {
            LayerContent::Embedded(file) => files.insert(0, *file),
            LayerContent::Defines(list) if with_platform => defines.extend(list.iter().rev()),
            LayerContent::Defines(_) | LayerContent::File(_) => {}
        }
    }
    (files, defines)
}

/// File attributes that packages have put beside rpm's own, where those packages are of the target's
/// distribution. Those that this program carries are its own.
///
/// Source: rpm-dependency-generators(7).
fn load_attributes(engine: &mut Engine) -> Result<(), BuildError> {
    let pattern = engine.expand_str("%{?_package_macro_files:%{_fileattrsdir}/*.attr}")?;
    if !pattern.starts_with('/') {
        return Ok(());
    }
    let mut found = engine.host.glob(&pattern);
    let names = engine.sources.names();
    let carried: HashSet<_> = names.filter_map(|path| path.rsplit('/').next()).collect();
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        !carried.contains(&*name.to_string_lossy())
    });
    for path in found {
        // As other macro files, those that can't be read are passed over.
        engine.load_file(&path).ok();
    }
    Ok(())
}

/// Compiler flags of rpmrc files win over those of macro files, as in rpm.
fn take_rpmrc(engine: &mut Engine, target: &Target) {
    let rpmrc = target.rpmrc();
    for fault in rpmrc.faults() {
        engine.sink.push(Diagnostic::error(RPMRC, fault.as_str()));
    }
    for warning in rpmrc.warnings() {
        let diagnostic = Diagnostic::warning(RPMRC, warning.as_str());
        engine.sink.push(diagnostic);
    }
    if let Some(flags) = rpmrc.optflags(target.arch.name) {
        engine.define("optflags", Text::detached(flags), Level::RPMRC);
    }
}

/// What rpm knows without any macro file: what is built for, and its compiler flags.
fn define_machine(engine: &mut Engine, target: &Target) {
    const KNOWN: [&str; 4] = ["_target", "_target_cpu", "_target_os", "optflags"];
    for (name, body) in target.platform_macros() {
        if KNOWN.contains(&name.as_str()) {
            engine.define(&name, Text::detached(body), Level::RPMRC);
        }
    }
}

fn define_all(engine: &mut Engine, defines: &[(String, String)]) {
    for (name, body) in defines {
        engine.define(name, Text::detached(body.as_str()), Level::MACRO_FILES);
    }
}

/// How many definitions in a macro file are bad.
fn load(engine: &mut Engine, path: &Path) -> Result<usize, BuildError> {
    engine.load_file(path).map_err(|source| BuildError::Read {
        what: "macro file",
        path: path.to_owned(),
        source,
    })
}

/// What only this program can know.
fn define_own(engine: &mut Engine, settings: &Settings) {
    for (name, path) in [
        ("__specbuild", settings.program.as_path()),
        ("_specbuilddir", settings.helpers.dir()),
    ] {
        let path = path.to_string_lossy();
        engine.define_literal(name, Text::detached(path), Level::CONFIG);
    }
    if settings.reads_own_file {
        let file = Text::detached("%{_config_home}/specbuild/macros");
        engine.define("__own_macro_file", file, Level::CONFIG);
    }
}

/// Lua comes to life when the first chunk runs; `%( )` gets the target's shell, if it is here.
fn set_scripts(engine: &mut Engine, settings: &Settings) -> Result<(), BuildError> {
    let shell = PathBuf::from(engine.expand_str("%{?_expansion_shell}")?);
    engine.host = Box::new(SystemHost {
        shell: Some(shell).filter(|shell| shell.exists()),
        is_verbose: settings.is_verbose,
        output: settings.output.clone(),
        helpers: settings.helpers.clone(),
        ..SystemHost::default()
    });
    add_lua(engine, &settings.helpers)?;
    Ok(())
}

/// Gives an engine a Lua of its own, which finds its library where the macros say.
pub fn add_lua(engine: &mut Engine, helpers: &Helpers) -> Result<Rc<LuaEngine>, BuildError> {
    let lua_dir = PathBuf::from(engine.expand_str("%{?_rpmluadir}")?);
    let config = lua::Config {
        init_file: lua_dir.parent().map(|dir| dir.join("init.lua")),
        library_dirs: vec![lua_dir],
        modules: helpers.lua_modules(),
        ..lua::Config::default()
    };
    let lua = LuaEngine::new(config);
    engine.set_script_engine(lua.clone());
    Ok(lua)
}

#[cfg(test)]
mod tests {
    use crate::request::settings::with_legal_name;

    #[test]
    fn names_on_the_command_line_are_mended() {
        assert_eq!(with_legal_name("%my-name(a-b) x-y"), "my_name(a-b) x-y");
        assert_eq!(with_legal_name("plain x"), "plain x");
    }
}
