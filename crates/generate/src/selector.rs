//! Which files a generator looks at: the file attributes of rpm.
//!
//! An attribute that this program knows has its rules built in. A macro `__NAME_path`,
//! `__NAME_magic`, `__NAME_mime`, `__NAME_flags` or one of their `exclude_` kin replaces the
//! built-in rule.
//! Source: rpm-dependency-generators(7), "File attributes".

use expand::Engine;
use regex::Regex;
use source::Diagnostic;

use crate::codes;
use crate::settings::value;

/// The built-in rules of an attribute; macros in them are expanded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Expression for paths as installed; empty: none.
    pub(crate) path: &'static str,
    /// Expression for classes; empty: none.
    pub(crate) magic: &'static str,
    /// `exeonly`, `magic_and_path`.
    pub(crate) flags: &'static str,
    /// Expression for paths that are left out.
    pub(crate) exclude_path: &'static str,
}

/// One side of an attribute, made ready.
#[derive(Clone, Debug, Default)]
struct Side {
    path: Option<Regex>,
    /// What the class, or the media type, is matched by.
    magic: Option<Regex>,
    by_media_type: bool,
    executables_only: bool,
    both: bool,
}

/// What a file is matched by.
pub(crate) struct Traits<'a> {
    pub(crate) path: &'a str,
    pub(crate) class: &'a str,
    pub(crate) media_type: &'a str,
    pub(crate) is_executable: bool,
}

impl Side {
    fn fits(&self, file: &Traits<'_>) -> bool {
        if self.executables_only && !file.is_executable {
            return false;
        }
        let path = self.path.as_ref().is_some_and(|it| it.is_match(file.path));
        let kind = if self.by_media_type {
            file.media_type
        } else {
            file.class
        };
        let magic = self.magic.as_ref().is_some_and(|it| it.is_match(kind));
        if self.both && self.path.is_some() && self.magic.is_some() {
            path && magic
        } else {
            path || magic
        }
    }
}

/// An attribute's rules, made ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    include: Side,
    exclude: Side,
}

impl Selector {
    /// The rules in force for the attribute `name`.
    pub(crate) fn read(name: &str, rules: &Rules, engine: &mut Engine) -> Self {
        let mut side = |infix: &str, path: &str, magic: &str, flags: &str| {
            let key = |part: &str| format!("__{name}_{infix}{part}");
            let flags = setting(engine, &key("flags"), flags);
            let media_type = expression(engine, &key("mime"), "");
            let magic = expression(engine, &key("magic"), magic);
            if magic.is_some() && media_type.is_some() {
                warn_of_both(engine, name);
            }
            Side {
                path: expression(engine, &key("path"), path),
                by_media_type: media_type.is_some(),
                magic: media_type.or(magic),
                executables_only: flags.split(',').any(|it| it.trim() == "exeonly"),
                both: flags.split(',').any(|it| it.trim() == "magic_and_path"),
            }
        };
        Self {
            include: side("", rules.path, rules.magic, rules.flags),
            exclude: side("exclude_", rules.exclude_path, "", ""),
        }
    }

    /// Whether the attribute is the file's.
    pub(crate) fn fits(&self, file: &Traits<'_>) -> bool {
        self.include.fits(file) && !self.exclude.fits(file)
    }
}

fn warn_of_both(engine: &mut Engine, name: &str) {
    let message = format!("{name}: mime and magic supplied, only mime will be used");
    let finding = Diagnostic::warning(codes::BAD_SETTING, message);
    engine.sink.push(finding);
}

fn setting(engine: &mut Engine, name: &str, built_in: &str) -> String {
    if engine.is_defined(name) {
        return value(engine, name);
    }
    if built_in.is_empty() {
        return String::new();
    }
    engine.expand_str(built_in).unwrap_or_default()
}

fn expression(engine: &mut Engine, name: &str, built_in: &str) -> Option<Regex> {
    let text = setting(engine, name, built_in);
    compile(engine, name, &text)
}

/// The expression that a macro holds; none if it is undefined or empty.
pub(crate) fn from_macro(engine: &mut Engine, name: &str) -> Option<Regex> {
    let text = value(engine, name);
    compile(engine, name, &text)
}

fn compile(engine: &mut Engine, name: &str, text: &str) -> Option<Regex> {
    if text.is_empty() {
        return None;
    }
    match Regex::new(text) {
        Ok(regex) => Some(regex),
        Err(error) => {
            let message = format!("Ignoring invalid regex {text}");
            engine.sink.push(
                Diagnostic::warning(codes::BAD_SETTING, message)
                    .note(format!("it is the value of `%{name}`"))
                    .note(error.to_string()),
            );
            None
        }
    }
}
