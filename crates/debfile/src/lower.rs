//! From a package in rpm's words to one in Debian's. Pure: nothing is read or written.
//!
//! Each module below turns one aspect, by a `lower_…` that adds to a [`Deb`]; this one says in which order.
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
mod draft;
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
mod package_paths;
mod php;
mod places;
mod programs;
mod python;
mod relations;
mod resolve;
mod rich;
mod script_text;
mod scriptlets;
mod section;
mod shell;
mod shell_function;
mod shipped;
mod symbols;
mod tags;
mod tmpfiles;
mod tree;
mod triggers;
mod version;

use std::collections::BTreeMap;

use package::Package;
use source::{Diagnostic, Sink};

use crate::codes;
use crate::context::Context;
use crate::deb::{DebPackage, Script};
use draft::Deb;

pub use shell_function::shell_of;
pub use version::{deb_version, file_version, upstream_form};

pub(crate) use crate::dates::mail_date;
pub(crate) use changelog::{Heading, changelog};
pub(crate) use contact::Contact;
pub(crate) use copyright::source_copyright;
pub(crate) use description::description;
pub(crate) use documents::{gzip, upstream_changelog};
pub(crate) use fields::Field;
pub(crate) use maintainer::maintainer;
pub(crate) use names::check_name;
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
    let arch = control::arch(package, context).unwrap_or(&package.arch);
    format!("{}_{version}_{arch}.deb", package_name(package, context))
}

/// Brings a binary package into Debian's form.
///
/// What a `.deb` cannot say is reported at the place where the spec says it: as a warning if the
/// package is still of use without it, else as an error. The result is only worth writing if no
/// error was reported.
pub fn lower(package: &Package, context: &Context<'_>, sink: &mut Sink) -> DebPackage {
    let mut deb = Deb::new(package, context, sink);
    check(&mut deb, package);
    lower_contents(&mut deb, package);
    lower_multi_arch(&mut deb, package);
    control::lower_control(&mut deb, package);
    let mut scripts = deb.scripts.write(&deb.name);
    take_scripts(&mut deb, &mut scripts, package);
    DebPackage {
        file_name: file_name(package, context),
        control: deb.control,
        scripts,
        members: deb.members,
        entries: deb.tree.into_entries(),
        time: package.build.time,
    }
}

/// Reports what no package can be made of, and what is lost or passed over where it lies.
fn check(deb: &mut Deb<'_>, package: &Package) {
    names::check_name(&deb.name, package.origin, deb.sink);
    version::check_version(package, deb.sink);
    neighbours::check_neighbours(package, deb.context, deb.sink);
    places::check_places(package, deb.context, deb.sink);
    made_accounts::check_owners(package, deb.context, deb.sink);
}

/// All but the control fields, each aspect on its own. Scripts have what they do in this order.
fn lower_contents(deb: &mut Deb<'_>, package: &Package) {
    lower_own_relations(deb, package);
    php::rename_settings(deb, package);
    documents::rename_documents(deb, package);
    accounts::lower_accounts(deb, package);
    files::lower_files(deb, package);
    documents::lower_documentation(deb, package);
    tmpfiles::lower_tmpfiles(deb, package);
    owners::lower_capabilities(deb, package);
    python::lower_python(deb, package);
    php::lower_php(deb, package);
    scriptlets::lower_scriptlets(deb, package);
    triggers::lower_triggers(deb, package);
    scriptlets::count_instances(deb);
    symbols::lower_symbols(deb, package);
    libraries::lower_libraries(deb, package);
    triggers::add_trigger_lines(deb);
    conffiles::lower_conffiles(deb, package);
    deb.tree.add_parents();
}

/// The relations that the spec asks for; debugging symbols only need the package they belong to.
fn lower_own_relations(deb: &mut Deb<'_>, package: &Package) {
    if let Some(owner) = debug_symbols::owner(package, deb.context) {
        let owner = package_name(owner, deb.context);
        deb.relations = debug_symbols::relations(&owner, &deb.version);
        return;
    }
    deb.relations = relations::lower_relations(package, deb.context, deb.sink);
    neighbours::replace_older(package, deb.context, &mut deb.relations);
}

/// Whether the package may be installed for several architectures at a time. Debugging symbols may if
/// the package they belong to may.
fn lower_multi_arch(deb: &mut Deb<'_>, package: &Package) {
    let arch = control::arch(package, deb.context).unwrap_or(&package.arch);
    deb.multi_arch = match debug_symbols::owner(package, deb.context) {
        None => section::multi_arch(deb, arch),
        Some(owner) => {
            // What there is to say of that package is said when its own turn comes.
            let mut unheard = Sink::new();
            let mut whole = Deb::new(owner, deb.context, &mut unheard);
            lower_contents(&mut whole, owner);
            section::multi_arch(&whole, arch).filter(|it| *it == "same")
        }
    };
}

/// Makes maintainer scripts of the members that are some, where nothing else makes them.
fn take_scripts(deb: &mut Deb<'_>, scripts: &mut BTreeMap<Script, String>, package: &Package) {
    for script in Script::ALL {
        let Some(bytes) = deb.members.remove(script.name()) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(made) = scripts.insert(script, text) {
            scripts.insert(script, made);
            let name = script.name();
            let message = format!("package `{}` has two scripts `{name}`", package.name);
            deb.sink.push(
                Diagnostic::error(codes::BAD_FILE, message)
                    .at(package.origin)
                    .note("one is in the build root, the other is made of what the spec says"),
            );
        }
    }
}
