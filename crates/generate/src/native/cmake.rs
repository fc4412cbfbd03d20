//! Packages that CMake's `find_package` finds.
//!
//! Source: cmake-packages(7), "Package Configuration File" and "Package Version File"; Fedora's
//! packaging guidelines, "CMake".

use package::{Comparison, Dependency};

use crate::subject::{Found, Subject, lines};

/// `cmake(Name) = version`, and the same in lower case, of `NameConfig.cmake` or `name-config.cmake`.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let Some((name, version_files)) = package(subject.base_name()) else {
        return Ok(Vec::new());
    };
    let mut version = None;
    for file in version_files {
        let found = lines(&subject.disk.with_file_name(file))?;
        version = version.or_else(|| found.iter().find_map(|line| version_in(line)));
    }
    let mut names = vec![name.clone(), name.to_lowercase()];
    names.dedup();
    let capability = |name: String| {
        let name = format!("cmake({name})");
        match &version {
            Some(version) => Dependency::versioned(name, Comparison::Equal, version.as_str()),
            None => Dependency::on(name),
        }
    };
    Ok(names.into_iter().map(capability).collect())
}

/// The package that a configuration file describes, and the files that tell its version.
fn package(file: &str) -> Option<(String, [String; 2])> {
    let (name, versions) = if let Some(name) = file.strip_suffix("Config.cmake") {
        (name, ["ConfigVersion", "Config-version"])
    } else {
        let name = file.strip_suffix("-config.cmake")?;
        (name, ["-config-version", "-configVersion"])
    };
    let version_file = |suffix| format!("{name}{suffix}.cmake");
    (!name.is_empty()).then(|| (name.to_owned(), versions.map(version_file)))
}

/// The value in `set(PACKAGE_VERSION "1.2")`.
fn version_in(line: &str) -> Option<String> {
    let line = line.trim_start();
    let command = line.get(..4).filter(|it| it.eq_ignore_ascii_case("set("))?;
    let rest = line[command.len()..]
        .trim_start()
        .strip_prefix("PACKAGE_VERSION")?;
    let value = rest.strip_prefix([' ', '\t'])?.trim_start();
    let value = value
        .trim_start_matches('"')
        .split(['"', ')', ' '])
        .next()?;
    let is_version = value.starts_with(|c: char| c.is_ascii_digit());
    is_version.then(|| value.replace('-', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_files_offer_their_package() {
        let disk = testkit::Tree::new()
            .file("GreetConfig.cmake", "")
            .file(
                "GreetConfigVersion.cmake",
                "set (X 1)\nset(PACKAGE_VERSION \"1.2.0\")\n",
            )
            .file("plain-config.cmake", "")
            .file("other.cmake", "");
        let found = |name: &str| -> Vec<String> {
            let subject = Subject {
                path: &format!("/usr/lib64/cmake/{name}"),
                disk: &disk.join(name),
                is_executable: false,
                origin: None,
                package: "",
                python: "",
            };
            let found = provides(&subject).unwrap();
            found.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            found("GreetConfig.cmake"),
            ["cmake(Greet) = 1.2.0", "cmake(greet) = 1.2.0"]
        );
        assert_eq!(found("plain-config.cmake"), ["cmake(plain)"]);
        assert!(found("other.cmake").is_empty());
    }
}
