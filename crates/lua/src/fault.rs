//! What goes wrong in Lua, and the words for it.

use mlua::debug::Debug;

/// Why a function fails.
#[derive(Debug)]
pub(crate) enum Fault {
    /// In words; the place of the call is put before them.
    Text(String),
    /// Argument number, from 1, and what is wrong with it.
    Argument(usize, String),
    /// Lua failed while it ran for the function.
    Lua(mlua::Error),
}

impl Fault {
    pub(crate) fn text(message: impl Into<String>) -> Self {
        Self::Text(message.into())
    }

    /// What went wrong, without a place.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Argument(number, text) => format!("bad argument #{number} ({text})"),
            Self::Lua(error) => message(error),
        }
    }
}

impl From<mlua::Error> for Fault {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// `[string "<lua>"]:3: `, as Lua puts it before messages; empty if the place is not known.
pub(crate) fn place(frame: &Debug<'_>) -> String {
    match (frame.source().short_src, frame.current_line()) {
        (Some(chunk), Some(line)) => format!("{chunk}:{line}: "),
        _ => String::new(),
    }
}

/// Lua's message.
pub(crate) fn message(error: &mlua::Error) -> String {
    let text = match error {
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => {
            return message(cause);
        }
        mlua::Error::RuntimeError(text) | mlua::Error::MemoryError(text) => text.clone(),
        mlua::Error::SyntaxError { message, .. } => message.clone(),
        other => other.to_string(),
    };
    let text = match text.split_once("\nstack traceback:\n") {
        Some((text, _)) => text.to_owned(),
        None => text,
    };
    match raised_type(&text) {
        Some(kind) => format!("(error object is a {kind} value)"),
        None => text,
    }
}

/// The type of a value that `error` was given instead of a message, where the text stands for the
/// value and not for words. The address of a table would differ from run to run.
fn raised_type(text: &str) -> Option<&str> {
    match text {
        "nil" => Some(text),
        "true" | "false" => Some("boolean"),
        _ => {
            let (kind, _) = text.split_once(": 0x")?;
            ["table", "function", "thread", "userdata"]
                .contains(&kind)
                .then_some(kind)
        }
    }
}
