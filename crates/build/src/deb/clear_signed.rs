//! Texts of uploads, signed in the clear where packages are signed as they are built.
//!
//! Source: dsc(5), deb-changes(5), deb-buildinfo(5); rpmbuild-config(5), `%_openpgp_autosign_id`.

use crate::BuildError;
use crate::run::Run;
use crate::writing::signing::{KeyChoice, signer};

/// The text, with a signature around it if `%_openpgp_autosign_id` says whose.
pub(crate) fn signed(run: &mut Run<'_>, text: String) -> Result<String, BuildError> {
    let engine = &mut run.project.engine;
    match KeyChoice::automatic(engine)? {
        Some(choice) => Ok(sign::clear_sign(&text, &signer(engine, &choice)?)?),
        None => Ok(text),
    }
}
