//! Modules of Node.js, by their `package.json`.
//!
//! What lies in a module's own `node_modules` comes with it: such modules are offered as bundled, and
//! not needed from elsewhere.
//!
//! Source: npm's documentation, "package.json"; Fedora's packaging guidelines, "Node.js".

use std::fs;
use std::io;
use std::path::Path;

use package::{Comparison, Dependency};
use serde_json::{Map, Value};

use super::npm_range;
use crate::subject::{Found, Subject};

/// Folders of modules below a module.
const FOLDERS: [&str; 2] = ["node_modules", "node_modules_prod"];

/// `npm(name) = version`, and `bundled(nodejs-name) = version` of every module inside.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let Some(manifest) = read(subject.disk)? else {
        return Ok(Vec::new());
    };
    let mut found: Vec<_> = offer(&manifest, "npm(", ")").into_iter().collect();
    if let Some(dir) = subject.disk.parent() {
        add_bundled(dir, &mut found)?;
    }
    Ok(found)
}

/// The interpreter, and the modules that lie elsewhere.
pub(crate) fn requires(subject: &Subject<'_>) -> Found {
    let Some(manifest) = read(subject.disk)? else {
        return Ok(Vec::new());
    };
    let engine = text(&manifest, "engines", "node").unwrap_or("*");
    let mut found = npm_range::dependencies("nodejs(engine)", engine);
    let dir = subject.disk.parent().unwrap_or(Path::new(""));
    let optional = manifest.get("optionalDependencies");
    let is_optional = |name: &str| optional.is_some_and(|it| it.get(name).is_some());
    let needed = manifest.get("dependencies").and_then(Value::as_object);
    for (name, range) in needed.into_iter().flatten() {
        if !is_optional(name) && !is_bundled(dir, name) {
            let range = range.as_str().unwrap_or("*");
            found.extend(npm_range::dependencies(&format!("npm({name})"), range));
        }
    }
    Ok(found)
}

type Manifest = Map<String, Value>;

/// A manifest; `None` if there is none behind a dangling link, or it is no JSON object.
fn read(path: &Path) -> io::Result<Option<Manifest>> {
    match limits::read(path, limits::METADATA) {
        Ok(content) => Ok(serde_json::from_slice(&content).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn text<'m>(manifest: &'m Manifest, key: &str, inner: &str) -> Option<&'m str> {
    manifest.get(key)?.get(inner)?.as_str()
}

fn offer(manifest: &Manifest, before: &str, after: &str) -> Option<Dependency> {
    let name = manifest.get("name")?.as_str()?;
    let version = manifest.get("version")?.as_str()?;
    let capability = format!("{before}{name}{after}");
    let version = npm_range::rpm_version(version);
    Some(Dependency::versioned(
        capability,
        Comparison::Equal,
        version,
    ))
}

fn is_bundled(dir: &Path, name: &str) -> bool {
    let mut folders = FOLDERS.iter();
    folders.any(|folder| dir.join(folder).join(name).is_dir())
}

fn add_bundled(dir: &Path, found: &mut Vec<Dependency>) -> io::Result<()> {
    for folder in FOLDERS {
        for module in modules(&dir.join(folder))? {
            let manifest = read(&module.join("package.json"))?;
            found.extend(manifest.and_then(|it| offer(&it, "bundled(nodejs-", ")")));
            add_bundled(&module, found)?;
        }
    }
    Ok(())
}

/// The folders of modules, those in an `@scope` too, sorted.
fn modules(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for dir in folders(folder)? {
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        match name.starts_with('@') {
            true => found.extend(folders(&dir)?),
            false if name.starts_with('.') => {}
            false => found.push(dir),
        }
    }
    Ok(found)
}

/// Folders that are no links; none if this one does not exist.
fn folders(dir: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"{"name": "@demo/greet", "version": "2.0.0-rc.1", "engines": {"node": ">=18"},
        "dependencies": {"left": "^1.2.3", "inner": "~1.0", "maybe": "*", "right": "1 || 3.x"},
        "optionalDependencies": {"maybe": "*"}}"#;

    fn found(generate: fn(&Subject<'_>) -> Found) -> Vec<String> {
        let disk = testkit::Tree::new()
            .file("m/package.json", MODULE)
            .file(
                "m/node_modules/inner/package.json",
                r#"{"name":"inner","version":"1.0.4"}"#,
            )
            .file(
                "m/node_modules/inner/node_modules/@s/deep/package.json",
                r#"{"name":"@s/deep","version":"3.0.0"}"#,
            )
            .file("m/node_modules/.bin/x", "");
        let subject = Subject {
            path: "/usr/lib/node_modules/@demo/greet/package.json",
            disk: &disk.join("m/package.json"),
            is_executable: false,
            origin: None,
            package: "",
            python: "",
        };
        let found = generate(&subject).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_module_offers_itself_and_what_it_bundles() {
        let expected = [
            "npm(@demo/greet) = 2.0.0~rc.1",
            "bundled(nodejs-inner) = 1.0.4",
            "bundled(nodejs-@s/deep) = 3.0.0",
        ];
        assert_eq!(found(provides), expected);
    }

    #[test]
    fn a_module_needs_what_lies_elsewhere() {
        let expected = [
            "nodejs(engine) >= 18",
            "(npm(left) >= 1.2.3 with npm(left) < 2)",
            "((npm(right) >= 1 with npm(right) < 2) or (npm(right) >= 3 with npm(right) < 4))",
        ];
        assert_eq!(found(requires), expected);
    }

    #[test]
    fn what_is_no_manifest_says_nothing() {
        let disk = testkit::Tree::new().file("package.json", "[1");
        assert!(read(&disk.join("package.json")).unwrap().is_none());
        assert!(read(&disk.join("none")).unwrap().is_none());
    }
}
