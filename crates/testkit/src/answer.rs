//! The result of a case: text, an error, or both.

/// The result of a case.
///
/// `text` is compared with the ` ```text ` block and `error` with the ` ```error ` block of a page;
/// an empty one needs no block.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The result proper.
    pub text: String,
    /// The rendered messages.
    pub error: String,
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Result<String, String>> for Answer {
    fn from(result: Result<String, String>) -> Self {
        match result {
            Ok(text) => text.into(),
            Err(error) => Self {
                error,
                ..Self::default()
            },
        }
    }
}

impl From<(String, String)> for Answer {
    fn from((text, error): (String, String)) -> Self {
        Self { text, error }
    }
}
