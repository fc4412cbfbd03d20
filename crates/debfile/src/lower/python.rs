//! Python's byte code: not shipped, made by the interpreter package's own tools.
//!
//! Source: Debian Python Policy, "Byte-compilation": packages don't ship byte code, their postinst
//! calls py3compile and their prerm py3clean.

use std::collections::BTreeSet;

use package::Package;

use super::draft::Deb;
use super::fields::Field;
use super::script_text::{Case, Scripts, quote};
use crate::deb::Script;

/// Where modules lie that every interpreter finds: these need no directory in the calls.
const PUBLIC: &str = "/usr/lib/python3/dist-packages/";

/// Whether a path is byte code, or the directory for it.
pub(crate) fn is_bytecode(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or("");
    name.ends_with(".pyc")
        || name.ends_with(".pyo")
        || name == "__pycache__"
        || path.contains("/__pycache__/")
}

/// Has postinst make byte code for the modules of the package, and prerm remove it. Modules that every
/// interpreter finds need one.
pub(crate) fn lower_python(deb: &mut Deb<'_>, package: &Package) {
    let compiled = package
        .files
        .entries()
        .iter()
        .filter(|it| is_bytecode(&it.path));
    let private: BTreeSet<&str> = compiled
        .filter_map(|it| private_directory(&it.path))
        .collect();
    let modules = package.files.entries().iter();
    let has_public = modules
        .into_iter()
        .any(|it| it.path.starts_with(PUBLIC) && it.path.ends_with(".py"));
    if has_public {
        call(&deb.name, None, &mut deb.scripts);
    }
    private
        .into_iter()
        .for_each(|directory| call(&deb.name, Some(directory), &mut deb.scripts));
    for bound in bounds(package) {
        deb.relations.add_text(Field::Depends, &bound);
    }
    if has_public {
        deb.relations.add_text(Field::Depends, "python3:any");
    }
}

/// Compiled modules are for the interpreters whose versions they have in their names, as in
/// `x.cpython-311-x86_64-linux-gnu.so`. Source: Debian Python Policy 3.12, dh_python3(1).
fn bounds(package: &Package) -> Vec<String> {
    let paths = package.files.entries().iter().map(|it| it.path.as_str());
    let public = paths.filter(|path| path.starts_with(PUBLIC) && path.ends_with(".so"));
    let versions: BTreeSet<u32> = public.filter_map(version_of).collect();
    let (Some(first), Some(last)) = (versions.first(), versions.last()) else {
        return Vec::new();
    };
    vec![
        format!("python3 (>= 3.{first}~)"),
        format!("python3 (<< 3.{})", last.saturating_add(1)),
    ]
}

/// 11 for Python 3.11.
fn version_of(module: &str) -> Option<u32> {
    let (_, rest) = module.rsplit_once(".cpython-3")?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}

/// The directory whose modules were compiled, unless it is a public one.
fn private_directory(path: &str) -> Option<&str> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let directory = directory.strip_suffix("/__pycache__").unwrap_or(directory);
    let is_cache = path.ends_with("__pycache__");
    (!is_cache && !directory.starts_with(PUBLIC.trim_end_matches('/'))).then_some(directory)
}

fn call(name: &str, directory: Option<&str>, scripts: &mut Scripts) {
    let place = directory.map_or_else(String::new, |it| format!(" {}", quote(it)));
    let compile =
        format!("if command -v py3compile >/dev/null; then py3compile -p {name}{place}; fi");
    let clean = format!("if command -v py3clean >/dev/null; then py3clean -p {name}{place}; fi");
    scripts.of(Script::Postinst).add(Case::Configure, compile);
    for case in [Case::Remove, Case::Upgrade] {
        scripts.of(Script::Prerm).add(case, clean.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_code_is_known_by_its_name() {
        for path in [
            "/a/__pycache__",
            "/a/__pycache__/x.cpython-311.pyc",
            "/a/x.pyo",
        ] {
            assert!(is_bytecode(path), "{path}");
        }
        assert!(!is_bytecode("/a/x.py") && !is_bytecode("/a/__pycache__x"));
        let module = "/a/x.cpython-311-x86_64-linux-gnu.so";
        assert_eq!(version_of(module), Some(11));
        assert_eq!(version_of("/a/x.abi3.so"), None);
        assert_eq!(
            private_directory("/usr/share/a/__pycache__/x.pyc"),
            Some("/usr/share/a")
        );
        assert_eq!(
            private_directory("/usr/lib/python3/dist-packages/a/__pycache__/x.pyc"),
            None
        );
    }
}
