//! From a package in rpm's words to one in Debian's. Pure: nothing is read or written.
//!
//! Each module below turns one matter; this one puts the results together.
//!
//! Source: Debian Policy, chapters 5 to 12; deb-control(5).

mod accounts;
mod arguments;
mod bash;
mod called;
mod changelog;
mod conffiles;
mod contact;
mod control;
mod copyright;
mod debug_symbols;
mod description;
mod documents;
mod fields;
mod fifos;
mod files;
mod inner_scripts;
mod libraries;
mod license_names;
mod lua;
mod made_accounts;
mod maintainer;
mod names;
mod neighbours;
mod options;
mod owners;
mod php;
mod places;
mod programs;
mod python;
mod relation;
mod relations;
mod resolve;
mod rich;
mod script_text;
mod scriptlets;
mod section;
mod shell;
mod shell_function;
mod symbols;
mod tags;
mod tmpfiles;
mod triggers;
mod version;

use std::collections::BTreeMap;
use std::io::Write as _;

use archive::{Compression, Encoder, Method};
use package::Package;
use source::octets::readable;
use source::{Diagnostic, Sink};

use crate::codes;
use crate::context::Context;
use crate::deb::{DebPackage, Entry, Script};
use fields::Relations;
use files::{Names, Tree};
use libraries::Library;
use script_text::Scripts;

pub use shell_function::shell_of;
pub use version::{deb_version, file_version, upstream_form};

pub(crate) use crate::dates::mail_date;
pub(crate) use changelog::{Heading, changelog};
pub(crate) use contact::Contact;
pub(crate) use copyright::source_copyright;
pub(crate) use description::description;
pub(crate) use documents::upstream_changelog;
pub(crate) use fields::Field;
pub(crate) use maintainer::maintainer;
pub(crate) use names::check_name;
pub(crate) use relation::{Sign, parse_clauses};
pub(crate) use relations::lower_relations;
pub(crate) use section::section_of;
pub(crate) use tags::{homepage, repository};
pub(crate) use version::upstream_version;

pub(crate) use accounts::is_sysusers_file;
pub(crate) use copyright::{is_license_text, is_notice};
pub(crate) use libraries::split_soname;
pub(crate) use php::is_module_file;
pub(crate) use places::is_tmpfiles_file;

/// The name that a package of the spec has in Debian.
///
/// It may still be no legal name; [`lower`] reports that.
pub fn package_name(package: &Package, context: &Context<'_>) -> String {
    names::package_name(package, context)
}

/// The name that the source package of a spec has in Debian.
pub fn source_name(name: &str) -> String {
    names::plain_name(name)
}

/// The file name of a package: `name_version_arch.deb`, without the epoch.
pub fn file_name(package: &Package, context: &Context<'_>) -> String {
    let version = file_version(&package.evr).unwrap_or_else(|_| package.evr.version.clone());
    let arch = arch(package, context).unwrap_or(&package.arch);
    format!("{}_{version}_{arch}.deb", package_name(package, context))
}

/// Brings a binary package into Debian's form.
///
/// What a `.deb` cannot say is reported at the place where the spec says it: as a warning if the
/// package is still of use without it, else as an error. The result is only worth writing if no
/// error was reported.
pub fn lower(package: &Package, context: &Context<'_>, sink: &mut Sink) -> DebPackage {
    let name = package_name(package, context);
    names::check_name(&name, package.origin, sink);
    let version = checked_version(package, sink);
    let is_shipped = |of: &Package, path: &str| {
        let ghost = of.files.get(path).is_some_and(|entry| entry.flags.ghost);
        !ghost && is_kept(of, path, context)
    };
    neighbours::check_neighbours(package, context, &is_shipped, sink);
    places::check_places(package, context, sink);
    made_accounts::check_owners(package, context, sink);
    let parts = Parts::lower(package, context, &name, &version, sink);
    let control = control::control(package, context, &name, &version, &parts, sink);
    let mut members = parts.members;
    let mut scripts = parts.scripts.write(&name);
    take_scripts(&mut members, &mut scripts, package, sink);
    DebPackage {
        file_name: file_name(package, context),
        control,
        scripts,
        members,
        entries: parts.entries,
        time: package.build.time,
    }
}

/// Makes maintainer scripts of the members that are some, where nothing else makes them.
fn take_scripts(
    members: &mut BTreeMap<String, Vec<u8>>,
    scripts: &mut BTreeMap<Script, String>,
    package: &Package,
    sink: &mut Sink,
) {
    for script in Script::ALL {
        let Some(bytes) = members.remove(script.name()) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(made) = scripts.insert(script, text) {
            scripts.insert(script, made);
            let name = script.name();
            let message = format!("package `{}` has two scripts `{name}`", package.name);
            sink.push(
                Diagnostic::error(codes::BAD_FILE, message)
                    .at(package.origin)
                    .note("one is in the build root, the other is made of what the spec says"),
            );
        }
    }
}

/// Everything but the control fields.
struct Parts {
    scripts: Scripts,
    members: BTreeMap<String, Vec<u8>>,
    entries: Vec<Entry>,
    libraries: Vec<Library>,
    relations: Relations,
}

impl Parts {
    fn lower(
        package: &Package,
        context: &Context<'_>,
        name: &str,
        version: &str,
        sink: &mut Sink,
    ) -> Self {
        let names = Names {
            rpm: &package.name,
            deb: name,
            is_usr_merged: context.is_usr_merged,
            numbers_modules: php::is_left_to_spec(package),
            places: &context.distribution.places,
            compressed: &context.compressed,
            moved: BTreeMap::new(),
        };
        let names = documents::renamed(package, names);
        let mut scripts = Scripts::default();
        let owner = debug_symbols_of(package, context);
        let mut relations = match &owner {
            Some(owner) => debug_symbols::relations(owner, version),
            None => relations::lower_relations(package, context, sink),
        };
        if owner.is_none() {
            neighbours::replace_older(package, context, &mut relations);
        }
        if accounts::lower_accounts(package, context, &mut scripts) {
            relations.add_text(Field::Depends, "passwd");
        }
        let mut tree = tree(package, context, &names, version, &mut scripts, sink);
        tmpfiles::lower_tmpfiles(package, context, &mut tree, &mut scripts);
        if package
            .files
            .entries()
            .iter()
            .any(|entry| entry.caps.is_some())
        {
            relations.add_text(Field::Depends, "libcap2-bin");
        }
        for relation in python::lower_python(package, name, &mut scripts) {
            relations.add_text(Field::Depends, &relation);
        }
        for relation in php::lower_php(package, context, &mut tree, &mut scripts) {
            relations.add_text(Field::Depends, &relation);
        }
        let wants = scriptlets::lower_scriptlets(package, context, &mut scripts, sink);
        let interests = triggers::lower_triggers(package, context, &mut scripts, sink);
        let lua = wants.lua.or(interests.lua.then_some(Field::Depends));
        lua.into_iter()
            .for_each(|field| relations.add_text(field, lua::LUA));
        if wants.count || interests.count {
            scriptlets::count_instances(&mut scripts);
        }
        let triplet = context.distribution.multiarch.as_deref();
        let libraries = libraries::public_libraries(package, triplet);
        let mut members = context
            .control_files
            .get(&package.name)
            .cloned()
            .unwrap_or_default();
        if let Some(symbols) = members.get_mut("symbols") {
            *symbols = symbols::lower_symbols(symbols, version, package, context);
        }
        let activates = wants.ldconfig || !libraries.is_empty();
        add(
            &mut members,
            "triggers",
            &trigger_lines(&interests.paths, activates),
        );
        add(
            &mut members,
            "conffiles",
            &conffiles::lower_conffiles(package, &names, &tree, sink),
        );
        if !members.contains_key("shlibs") {
            add(
                &mut members,
                "shlibs",
                &libraries::shlibs(&libraries, name, version),
            );
        }
        Self {
            scripts,
            members,
            entries: tree.finish(),
            libraries,
            relations,
        }
    }
}

/// The file tree with what every package has below `/usr/share/doc`.
fn tree(
    package: &Package,
    context: &Context<'_>,
    names: &Names<'_>,
    version: &str,
    scripts: &mut Scripts,
    sink: &mut Sink,
) -> Tree {
    let left = neighbours::left_to_others(package, context);
    let volatile = places::volatile_directories(package, context);
    let kept = |path: &str| {
        let is_elsewhere = left.contains(path) || volatile.contains_key(path);
        !is_elsewhere && is_kept(package, path, context)
    };
    let mut tree = files::lower_files(package, names, &kept, scripts, sink);
    let directory = names.doc_dir();
    let debugged = debug_symbols_of(package, context).filter(|_| !tree.has(&directory));
    if let Some(of) = debugged {
        tree.add_link(directory, of);
        return tree;
    }
    let path = format!("{directory}/copyright");
    if !tree.has(&path) {
        tree.add_text(
            path,
            readable(&copyright::copyright(package, context, sink)).into_bytes(),
        );
    }
    let heading = changelog::Heading {
        version,
        codename: &context.distribution.codename,
        maintainer: &maintainer::maintainer(package, context),
    };
    let path = format!("{directory}/{}", changelog::file_name(version));
    if !tree.has(&path) {
        tree.add_text(
            path,
            gzip(readable(&changelog::changelog(package, &heading)).as_bytes()),
        );
    }
    tree
}

/// Whether a path belongs into the archive: byte code is made after installation, and licences go
/// into the `copyright` file.
fn is_kept(package: &Package, path: &str, context: &Context<'_>) -> bool {
    let embedded = |entry| copyright::is_embedded(entry, context);
    !python::is_bytecode(path) && !package.files.get(path).is_some_and(embedded)
}

/// For a package of debugging symbols, the Debian name of the package they belong to.
fn debug_symbols_of(package: &Package, context: &Context<'_>) -> Option<String> {
    debug_symbols::owner(package, context).map(|of| package_name(of, context))
}

/// dpkg reads epochs into a signed number of 32 bits. Source: deb-version(7).
const EPOCH_LIMIT: u32 = i32::MAX as u32;

fn checked_version(package: &Package, sink: &mut Sink) -> String {
    if let Some(epoch) = package.evr.epoch.filter(|it| *it > EPOCH_LIMIT) {
        let message = format!("the epoch {epoch} is larger than dpkg takes, {EPOCH_LIMIT}");
        sink.push(Diagnostic::error(codes::OUT_OF_RANGE, message).at(package.origin));
    }
    deb_version(&package.evr).unwrap_or_else(|bad| {
        let evr = &package.evr;
        let message = format!("the version `{evr}` of a .deb package cannot have `{bad}` in it");
        sink.push(Diagnostic::error(codes::BAD_VERSION, message).at(package.origin));
        evr.to_string()
    })
}

fn arch<'c>(package: &Package, context: &'c Context<'_>) -> Option<&'c str> {
    context
        .distribution
        .archs
        .get(&package.arch)
        .map(String::as_str)
}

/// The `triggers` member. Source: deb-triggers(5).
fn trigger_lines(interests: &[String], ldconfig: bool) -> String {
    let mut lines: String = interests
        .iter()
        .map(|path| format!("interest-noawait {path}\n"))
        .collect();
    if ldconfig {
        lines.push_str("activate-noawait ldconfig\n");
    }
    lines
}

/// Appends lines to a member unless they are empty.
fn add(members: &mut BTreeMap<String, Vec<u8>>, name: &str, lines: &str) {
    if lines.is_empty() {
        return;
    }
    let member = members.entry(name.to_owned()).or_default();
    if !member.is_empty() && !member.ends_with(b"\n") {
        member.push(b'\n');
    }
    member.extend_from_slice(lines.as_bytes());
}

/// As `gzip -9n` does it.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let compression = Compression::new(Method::Gzip).with_level(9);
    let mut encoder = Encoder::new(&compression, Vec::new());
    encoder.write_all(bytes).expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}
