//! The `.buildinfo` file: what packages were built with.
//!
//! Source: deb-buildinfo(5).

use super::DebSource;
use super::changes::Upload;
use super::sums::{self, SummedFile};
use crate::deb822::Paragraph;
use crate::lower::mail_date;

/// The machine that built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildEnvironment {
    /// The vendor of the system.
    pub origin: String,
    /// Architecture of the build, in dpkg's words.
    pub arch: String,
    /// When it was, seconds since 1970 UTC.
    pub time: i64,
    /// Installed packages that the build could rely on, with versions: `NAME (= VERSION)`, sorted.
    pub installed: Vec<String>,
    /// Environment variables that shape the result.
    pub variables: Vec<(String, String)>,
}

/// The `.buildinfo` file of an upload; of a source package it lists the `.dsc` alone.
pub fn lower_buildinfo(
    source: &DebSource,
    upload: &Upload,
    environment: &BuildEnvironment,
) -> String {
    let mut archs = upload.archs();
    if !upload.sources.is_empty() {
        archs.push("source");
    }
    let built = upload.sources.iter().take(1).chain(&upload.binaries);
    let mut files: Vec<SummedFile> = built.map(|it| it.file.clone()).collect();
    files[upload.sources.len().min(1)..].sort_by(|a, b| a.name.cmp(&b.name));
    let mut info = Paragraph::new();
    info.set("Format", "1.0");
    info.set("Source", source.name.as_str());
    info.set("Binary", upload.package_names().join(" "));
    info.set("Architecture", archs.join(" "));
    info.set("Version", source.version.as_str());
    sums::set_checksums(&mut info, &files, &[sums::MD5, sums::SHA1, sums::SHA256]);
    info.set("Build-Origin", environment.origin.as_str());
    info.set("Build-Architecture", environment.arch.as_str());
    info.set("Build-Date", mail_date(environment.time));
    let installed = environment.installed.join(",\n");
    info.set("Installed-Build-Depends", format!("\n{installed}"));
    let variables = environment.variables.iter();
    let variables = variables.map(|(name, value)| format!("\n{name}=\"{}\"", quoted(value)));
    info.set("Environment", variables.collect::<String>());
    info.write()
}

/// What stands between the quotes.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    escaped.replace('\n', " ")
}
