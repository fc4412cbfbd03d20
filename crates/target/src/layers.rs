//! The macro layers of a target, in the order in which they are loaded; the last wins.
//!
//! Which embedded files those are has been found out when this crate was built. A folder that stands in
//! for the embedded files is looked through when a target is resolved.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::embedded;
use crate::error::Error;
use crate::layout::{PLATFORM, Source, Variants, stem};
use crate::step::Step;

/// One step of loading macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroLayer {
    /// Where the definitions come from, for messages: `macros/rpm/paths.macros`.
    pub origin: Cow<'static, str>,
    /// The definitions.
    pub content: LayerContent,
}

/// The definitions of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerContent {
    /// An embedded macro file: its number in [`crate::library`].
    Embedded(usize),
    /// A macro file that the caller has to read.
    File(PathBuf),
    /// Names and bodies, in order. Bodies are in the macro language.
    Defines(Vec<(String, String)>),
}

/// The layers of a profile from the embedded files. `platform` goes where the profile says `@platform`.
pub(crate) fn of_embedded(
    steps: &'static [Step],
    platform: Vec<(String, String)>,
) -> Vec<MacroLayer> {
    let mut platform = Some(platform);
    let layers = steps.iter().filter_map(|step| match step {
        Step::File(number) => Some(MacroLayer {
            origin: embedded::library().files[*number].0.into(),
            content: LayerContent::Embedded(*number),
        }),
        Step::Platform(profile) => Some(platform_layer((*profile).into(), platform.take()?)),
    });
    layers.collect()
}

/// The layers from a folder that stands in for the embedded files: what the profiles, each named with
/// its sources, load.
pub(crate) fn in_folder(
    sources: &[(Source<'static>, String)],
    variants: Variants<'_>,
    platform: Vec<(String, String)>,
    folder: &Path,
) -> Result<Vec<MacroLayer>, Error> {
    let mut files = macro_files_below(folder)?;
    // By the text of their paths, as the embedded ones: `rpm.macros` comes before `rpm/x.attr`.
    files.sort_by_cached_key(|file| below(folder, file));
    let paths: Vec<String> = files.iter().map(|file| below(folder, file)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut layers = Vec::new();
    let mut platform = Some(platform);
    for (source, profile) in sources {
        if *source == Source::Layer(PLATFORM) {
            let defines = platform.take();
            layers.extend(defines.map(|it| platform_layer(profile.clone().into(), it)));
            continue;
        }
        let found = source.files(&paths, variants);
        if found.is_empty() {
            return Err(Error::MissingFile {
                file: profile.clone(),
                name: source.path(),
            });
        }
        layers.extend(found.into_iter().map(|number| file_layer(&files[number])));
    }
    Ok(layers)
}

fn platform_layer(origin: Cow<'static, str>, defines: Vec<(String, String)>) -> MacroLayer {
    MacroLayer {
        origin,
        content: LayerContent::Defines(defines),
    }
}

fn file_layer(path: &Path) -> MacroLayer {
    MacroLayer {
        origin: path.display().to_string().into(),
        content: LayerContent::File(path.to_owned()),
    }
}

fn below(folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file);
    path.to_string_lossy().into_owned()
}

/// All macro files below `folder`.
fn macro_files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let fault = |source| Error::MacroFolder {
        path: folder.to_owned(),
        source,
    };
    let entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|it| it.map(|it| it.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(fault)?;
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(macro_files_below(&path)?);
        } else if stem(&path.to_string_lossy()).is_some() {
            files.push(path);
        }
    }
    Ok(files)
}
