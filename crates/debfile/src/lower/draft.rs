//! A package on its way into Debian's form, to which each aspect of it adds.

use std::collections::BTreeMap;

use package::Package;
use source::Sink;

use super::fields::Relations;
use super::names::package_name;
use super::package_paths::PackagePaths;
use super::script_text::Scripts;
use super::tree::Tree;
use super::version::deb_version;
use crate::context::Context;
use crate::deb822::Paragraph;

/// A Debian package while it is put together.
pub(crate) struct Deb<'a> {
    pub(crate) context: &'a Context<'a>,
    /// Debian's name.
    pub(crate) name: String,
    /// Debian's version, with epoch and revision.
    pub(crate) version: String,
    /// The paths that files of the package get in the archive.
    pub(crate) paths: PackagePaths<'a>,
    /// The `control` member.
    pub(crate) control: Paragraph,
    /// Its relation fields.
    pub(crate) relations: Relations,
    /// Its `Multi-Arch` field.
    pub(crate) multi_arch: Option<&'static str>,
    /// Maintainer scripts.
    pub(crate) scripts: Scripts,
    /// Further control members by name, those included that the spec itself made.
    pub(crate) members: BTreeMap<String, Vec<u8>>,
    /// The file tree.
    pub(crate) tree: Tree,
    /// Whether programs can be linked with a library of it.
    pub(crate) has_library: bool,
    /// Whether the linker's cache is renewed by a scriptlet.
    pub(crate) calls_ldconfig: bool,
    /// Whether postinst has to know how many instances there are.
    pub(crate) counts_instances: bool,
    /// Paths that dpkg is to tell the package of.
    pub(crate) watched_paths: Vec<String>,
    /// What a `.deb` cannot say.
    pub(crate) sink: &'a mut Sink,
}

impl<'a> Deb<'a> {
    /// A package that has a name, a version and what the spec itself made for Debian.
    pub(crate) fn new(package: &Package, context: &'a Context<'a>, sink: &'a mut Sink) -> Self {
        let name = package_name(package, context);
        let made = context.control_files.get(&package.name);
        Self {
            context,
            paths: PackagePaths::new(&package.name, &name, context),
            name,
            version: deb_version(&package.evr).unwrap_or_else(|_| package.evr.to_string()),
            control: Paragraph::new(),
            relations: Relations::default(),
            multi_arch: None,
            scripts: Scripts::default(),
            members: made.cloned().unwrap_or_default(),
            tree: Tree::new(package.build.time),
            has_library: false,
            calls_ldconfig: false,
            counts_instances: false,
            watched_paths: Vec::new(),
            sink,
        }
    }

    /// Appends lines to a member unless they are empty.
    pub(crate) fn add_to_member(&mut self, name: &str, lines: &str) {
        if lines.is_empty() {
            return;
        }
        let member = self.members.entry(name.to_owned()).or_default();
        if !member.is_empty() && !member.ends_with(b"\n") {
            member.push(b'\n');
        }
        member.extend_from_slice(lines.as_bytes());
    }
}
