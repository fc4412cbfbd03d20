//! Texts that are signed in the clear.
//!
//! Blanks at the ends of lines are not signed, and lines that begin with a hyphen are escaped.
//! Source: RFC 9580, section 7.

use pgp::composed::{ArmorOptions, CleartextSignedMessage};
use pgp::packet::SignatureType;

use crate::SignError;
use crate::key::SecretKey;

/// Signs a text with a key.
pub(crate) fn sign(text: &str, key: &SecretKey) -> Result<String, SignError> {
    // The line end before the signature belongs to the frame.
    let text = text.strip_suffix('\n').unwrap_or(text);
    let signature = key.sign_as(SignatureType::Text, &mut canonical(text).as_bytes())?;
    CleartextSignedMessage::new_many(text, |_| Ok(vec![signature]))
        .and_then(|message| message.to_armored_string(ArmorOptions::default()))
        .map_err(|error| SignError::Key(error.to_string()))
}

/// What is signed: the lines without blanks at their ends, with network line ends between them.
fn canonical(text: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| line.trim_end_matches([' ', '\t', '\r']));
    lines.collect::<Vec<_>>().join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn blanks_at_line_ends_do_not_count() {
        assert_eq!(canonical("a \t\n\n b\r\n-c"), "a\r\n\r\n b\r\n-c");
    }
}
