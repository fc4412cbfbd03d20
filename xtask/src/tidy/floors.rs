//! Rule: a crate depends only on crates of lower floors (see ARCHITECTURE.md), and only tests
//! depend on `testkit`.

use serde::Deserialize;

use super::Finding;
use common::shell::{self, Failure, Outcome};

/// Our crates without the prefix, and their floors.
const FLOORS: [(&str, u8); 23] = [
    ("elf", 0),
    ("limits", 0),
    ("source", 0),
    ("testkit", 0),
    ("package", 1),
    ("archive", 1),
    ("sign", 1),
    ("expand", 2),
    ("header", 2),
    ("policy", 2),
    ("generate", 3),
    ("query", 3),
    ("lua", 3),
    ("spec", 3),
    ("target", 3),
    ("collect", 4),
    ("rpmfile", 4),
    ("debfile", 4),
    ("build", 5),
    ("specbuild", 6),
    ("xtask-common", 7),
    ("xtask-compare", 8),
    ("xtask", 9),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` for a normal dependency, else `dev` or `build`.
    kind: Option<String>,
    /// Only dependencies inside the workspace have one.
    path: Option<String>,
}

pub(crate) fn check() -> Outcome<Vec<Finding>> {
    let json = shell::output(&mut shell::cargo([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Metadata = serde_json::from_str(&json)
        .map_err(|error| Failure(format!("cannot read what cargo metadata says: {error}")))?;
    Ok(metadata.packages.iter().flat_map(check_package).collect())
}

fn check_package(package: &Package) -> Vec<Finding> {
    let name = short(&package.name);
    let Some(floor) = floor(name) else {
        return vec![finding(
            name,
            format!("crate `{name}` has no floor; see xtask/src/tidy/floors.rs"),
        )];
    };
    let ours = package.dependencies.iter().filter(|it| it.path.is_some());
    let normal = ours
        .filter(|it| it.kind.as_deref() != Some("dev"))
        .map(|it| short(&it.name));
    normal
        .filter_map(|dependency| match self::floor(dependency) {
            _ if dependency == "testkit" => {
                Some(format!("`{name}` needs `testkit` outside its tests"))
            }
            Some(other) if other < floor => None,
            Some(other) => Some(format!(
                "`{name}` (floor {floor}) may not depend on `{dependency}` (floor {other})"
            )),
            None => Some(format!(
                "`{name}` depends on `{dependency}`, which has no floor"
            )),
        })
        .map(|message| finding(name, message))
        .collect()
}

fn finding(name: &str, message: String) -> Finding {
    let folder = match name.strip_prefix("xtask") {
        Some(rest) => format!("xtask{}", rest.replace('-', "/")),
        None => format!("crates/{name}"),
    };
    Finding::new(&format!("{folder}/Cargo.toml"), 0, message)
}

fn short(name: &str) -> &str {
    name.strip_prefix("specbuild-").unwrap_or(name)
}

fn floor(name: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, floor)| *floor)
}

#[cfg(test)]
mod tests {
    use super::{Dependency, Package, check_package};

    fn package(name: &str, dependency: &str, kind: Option<&str>) -> Package {
        let dependency = Dependency {
            name: dependency.to_owned(),
            kind: kind.map(str::to_owned),
            path: Some("somewhere".to_owned()),
        };
        Package {
            name: name.to_owned(),
            dependencies: vec![dependency],
        }
    }

    #[test]
    fn up_and_sideways_are_refused_and_down_is_fine() {
        assert_eq!(
            check_package(&package("specbuild-spec", "specbuild-build", None)).len(),
            1
        );
        assert_eq!(
            check_package(&package("specbuild-spec", "specbuild-lua", None)).len(),
            1
        );
        assert!(check_package(&package("specbuild-spec", "specbuild-source", None)).is_empty());
    }

    #[test]
    fn testkit_is_for_tests() {
        assert_eq!(
            check_package(&package("specbuild-spec", "specbuild-testkit", None)).len(),
            1
        );
        assert!(
            check_package(&package("specbuild-spec", "specbuild-testkit", Some("dev"))).is_empty()
        );
    }
}
