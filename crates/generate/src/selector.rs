//! Which files a generator looks at: the file attributes of rpm.
//!
//! Macros say it: `__NAME_path`, `__NAME_magic`, `__NAME_mime`, `__NAME_flags` and their `exclude_` kin.
//! Source: rpm-dependency-generators(7), "File attributes".

use expand::Engine;
use regex::Regex;
use source::Diagnostic;

use crate::codes;
use crate::settings::value;

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
    /// Reads the macros `__NAME_INFIX…`.
    fn read(name: &str, infix: &str, engine: &mut Engine) -> Self {
        let key = |part: &str| format!("__{name}_{infix}{part}");
        let flags = value(engine, &key("flags"));
        let has_flag = |flag: &str| flags.split(',').any(|it| it.trim() == flag);
        let media_type = from_macro(engine, &key("mime"));
        let magic = from_macro(engine, &key("magic"));
        if magic.is_some() && media_type.is_some() {
            warn_of_both(engine, name);
        }
        Self {
            path: from_macro(engine, &key("path")),
            by_media_type: media_type.is_some(),
            magic: media_type.or(magic),
            executables_only: has_flag("exeonly"),
            both: has_flag("magic_and_path"),
        }
    }

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
    pub(crate) fn read(name: &str, engine: &mut Engine) -> Self {
        Self {
            include: Side::read(name, "", engine),
            exclude: Side::read(name, "exclude_", engine),
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

/// The expression that a macro holds; none if it is undefined or empty.
pub(crate) fn from_macro(engine: &mut Engine, name: &str) -> Option<Regex> {
    let text = value(engine, name);
    if text.is_empty() {
        return None;
    }
    match Regex::new(&text) {
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
