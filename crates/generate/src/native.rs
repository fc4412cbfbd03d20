//! The table of generators that are functions of this program.
//!
//! Not here: which files they look at, which file attributes say, and which of them run, see
//! `attributes`.
//!
//! Source: rpm-dependency-generators(7).

mod cmake;
mod crate_version;
pub(crate) mod crates;
mod desktop;
pub(crate) mod elf_dependencies;
pub(crate) mod go_tree;
mod golang;
mod kernel;
mod npm;
mod npm_range;
mod perl;
mod pkgconfig;
mod python;
mod python_marker;
mod python_names;
mod python_requirement;
mod rubygems;
mod simple;
mod sysusers;

use std::io;

use package::RelationKind;
use package::RelationKind::{Provides, Recommends, Requires};

use crate::fault::Fault;
use crate::subject::{Found, Subject};

/// Finds the dependencies of one kind in a file.
type Generate = fn(&Subject<'_>) -> Found;

/// Says what is doubtful about a file.
type Doubts = fn(&Subject<'_>) -> io::Result<Vec<Fault>>;

/// A generator that is a function of this program.
#[derive(Debug)]
pub(crate) struct Native {
    /// The file attribute whose generator it is.
    attribute: &'static str,
    kind: RelationKind,
    pub(crate) generate: Generate,
    pub(crate) doubts: Option<Doubts>,
}

const fn row(attribute: &'static str, kind: RelationKind, generate: Generate) -> Native {
    Native {
        attribute,
        kind,
        generate,
        doubts: None,
    }
}

/// The generators, by attribute and kind.
static NATIVES: [Native; 27] = [
    row("cmake", Provides, cmake::provides),
    row("debuginfo", Provides, simple::debuginfo),
    row("desktop", Provides, desktop::provides),
    row("elf", Provides, simple::elf_provides),
    row("elf", Requires, simple::elf_requires),
    row("go_mod_vendor", Provides, golang::bundled),
    row("kmod", Provides, kernel::provides),
    row("metainfo", Provides, desktop::metainfo),
    row("nodejs", Provides, npm::provides),
    row("nodejs", Requires, npm::requires),
    row("perl", Requires, perl::requires),
    row("perllib", Provides, perl::provides),
    row("perllib", Requires, perl::requires),
    row("pkgconfig", Provides, pkgconfig::provides),
    row("pkgconfig", Requires, pkgconfig::requires),
    row("python", Provides, python::abi_provides),
    row("python", Requires, python::abi_requires),
    row("pythondist", Provides, python::provides),
    row("pythondist", Requires, python::requires),
    row("rpm_lua", Provides, simple::rpm_lua),
    row("rubygems", Provides, rubygems::provides),
    row("rubygems", Requires, rubygems::requires),
    row("script", Requires, simple::interpreter),
    Native {
        doubts: Some(sysusers::doubts),
        ..row("sysusers", Provides, sysusers::provides)
    },
    row("sysusers", Requires, sysusers::members),
    row("sysusers", Recommends, sysusers::members),
    row("usergroup", Provides, simple::accounts),
];

/// The generator of an attribute for one kind of dependency.
pub(crate) fn find(attribute: &str, kind: RelationKind) -> Option<&'static Native> {
    let mut rows = NATIVES.iter();
    rows.find(|it| it.attribute == attribute && it.kind == kind)
}
