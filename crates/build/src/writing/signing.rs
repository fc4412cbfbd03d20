//! Who signs, and whose signatures count: what macros and options say, as `sign` wants it.
//!
//! A key file (`%_openpgp_sign_key_file`) signs by itself; otherwise the program does that
//! `%_openpgp_sign` names, by the command that `%__NAME_sign_cmd` makes of `-` and a file. Macro files of
//! rpm before 4.20, on machines and in homes, have that macro without arguments.
//!
//! Source: rpmsign(1), "CONFIGURATION"; rpm-config(5).

use std::path::{Path, PathBuf};

use expand::{Engine, Level};
use sign::{Keyring, Output, Program, SecretKey, SignError, Signer};
use source::Text;

use crate::BuildError;

/// What the command line says of the key; macros say it otherwise.
#[derive(Clone, Debug, Default)]
pub struct KeyChoice {
    /// `--key-id`: what the program knows the key by.
    pub id: Option<String>,
    /// `--key`: the file with the secret key.
    pub file: Option<PathBuf>,
    /// `--passphrase-file`: the file whose first line unlocks it.
    pub passphrase_file: Option<PathBuf>,
    /// What unlocks it, if somebody was asked.
    pub passphrase: Option<String>,
}

impl KeyChoice {
    /// The key that signs packages as they are built; `None` if none does.
    ///
    /// Source: rpmbuild-config(5), `%_openpgp_autosign_id`.
    pub fn automatic(engine: &mut Engine) -> Result<Option<Self>, BuildError> {
        let id = engine.expand_str("%{?_openpgp_autosign_id}")?;
        Ok((!id.is_empty()).then(|| Self {
            id: Some(id),
            ..Self::default()
        }))
    }
}

/// Who signs.
///
/// Fails if nothing says with which key, or if the key file cannot be had.
pub fn signer(engine: &mut Engine, choice: &KeyChoice) -> Result<Signer, BuildError> {
    if let Some(id) = &choice.id {
        define(engine, "_openpgp_sign_id", id);
        define(engine, "_gpg_name", id);
    }
    let file = path(engine, choice.file.as_deref(), "_openpgp_sign_key_file")?;
    if let Some(file) = file {
        let unlocking = choice.passphrase_file.as_deref();
        let unlocking = path(engine, unlocking, "_openpgp_sign_passphrase_file")?;
        let passphrase = match &choice.passphrase {
            Some(given) => Some(given.clone()),
            None => unlocking.map(|it| read_passphrase(&it)).transpose()?,
        };
        let key = SecretKey::load(&file, passphrase.as_deref())?;
        return Ok(Signer::Key(Box::new(key)));
    }
    let id = "%{?_openpgp_sign_id}%{!?_openpgp_sign_id:%{?_gpg_name}}";
    if engine.expand_str(id)?.is_empty() {
        return Err(BuildError::NoSigningKey);
    }
    program(engine).map(Signer::Program)
}

fn path(
    engine: &mut Engine,
    given: Option<&Path>,
    macro_name: &str,
) -> Result<Option<PathBuf>, BuildError> {
    if let Some(path) = given {
        return Ok(Some(path.to_owned()));
    }
    let path = engine.expand_str(&format!("%{{?{macro_name}}}"))?;
    Ok((!path.is_empty()).then(|| PathBuf::from(path)))
}

/// The first line of a file.
fn read_passphrase(path: &Path) -> Result<String, BuildError> {
    let text = limits::read_text(path, limits::METADATA).map_err(|source| BuildError::Read {
        what: "passphrase file",
        path: path.to_owned(),
        source,
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn program(engine: &mut Engine) -> Result<Program, BuildError> {
    let output = Output::new()?;
    let name = engine.expand_str("%{?_openpgp_sign}%{!?_openpgp_sign:gpg}")?;
    let place = output.path().display().to_string();
    Ok(Program {
        detached: command(engine, &format!("__{name}_sign_cmd"), &place)?,
        clear: command(engine, &format!("__{name}_clear_sign_cmd"), &place)?,
        output,
    })
}

/// The words of a command that leaves what it makes in `place`.
fn command(engine: &mut Engine, macro_name: &str, place: &str) -> Result<Vec<String>, BuildError> {
    let Some(definition) = engine.definition(macro_name) else {
        return Ok(vec![format!("%{macro_name}")]);
    };
    let is_old = !definition.is_parametric();
    let text = if is_old {
        define(engine, "__plaintext_filename", "-");
        define(engine, "__signature_filename", place);
        engine.expand_str(&format!("%{{{macro_name}}}"))?
    } else {
        engine.expand_str(&format!("%{{{macro_name} - %{{quote:{place}}}}}"))?
    };
    let words = source::split_words(&Text::detached(&text));
    let words = words.map_err(|_| SignError::BadCommand(text))?;
    let mut words: Vec<String> = words.into_iter().map(Text::into_string).collect();
    if is_old && words.len() > 1 {
        // Up to rpm 4.19, what the program is told to be called came after its path.
        words.remove(1);
    }
    Ok(words)
}

fn define(engine: &mut Engine, name: &str, value: &str) {
    engine.define_literal(name, Text::detached(value), Level::COMMAND_LINE);
}

/// Whose signatures count: the keys of the files and directories given; if none are, those below
/// `%_keyringpath`, where there are any.
pub fn keyring(engine: &mut Engine, given: &[PathBuf]) -> Result<Keyring, BuildError> {
    let mut keyring = Keyring::default();
    for path in given {
        keyring.add(path)?;
    }
    let configured = PathBuf::from(engine.expand_str("%{?_keyringpath}")?);
    if given.is_empty() && configured.is_dir() {
        keyring.add(&configured)?;
    }
    Ok(keyring)
}
