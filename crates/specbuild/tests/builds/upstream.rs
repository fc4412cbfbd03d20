//! Sources of others: GNU hello through apt, and cJSON from the shelf beside the checkout.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::Tree;

use crate::bench::workspace;

/// A directory with a spec and its sources, or why it can't be had.
pub(crate) type Had = Result<PathBuf, String>;

/// GNU hello's release as Debian ships it, with our spec beside it.
///
/// It is fetched once by `apt-get source` and kept in the target directory.
pub(crate) fn hello() -> Had {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hello");
    let tarball = find_tarball(&kept).map_or_else(|| fetch_hello(&kept), Ok)?;
    let version = tarball
        .split(['_', '.'])
        .skip(1)
        .take(2)
        .collect::<Vec<_>>()
        .join(".");
    let spec = fs::read_to_string(workspace("testdata/build/hello/hello.spec"));
    let spec = spec.map_err(|error| error.to_string())?;
    let spec = spec.replacen("2.10", &version, 1);
    write_if_changed(&kept.join("hello.spec"), &spec)?;
    Ok(kept.join("hello.spec"))
}

fn find_tarball(dir: &Path) -> Option<String> {
    let entries = fs::read_dir(dir).ok()?.flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.find(|name| name.ends_with(".orig.tar.gz"))
}

/// Fetches with a configuration of its own, made of this machine's sources with their `deb` turned
/// into `deb-src`; nothing of the machine's own state is touched.
fn fetch_hello(kept: &Path) -> Result<String, String> {
    let tree = Tree::new()
        .dir("lists/partial")
        .dir("cache/archives/partial")
        .dir("parts")
        .dir("fetched");
    if copy_sources(&tree.join("parts"))? == 0 {
        return Err("apt has no sources on this machine".to_owned());
    }
    apt(&tree, &["update"])?;
    apt(&tree, &["source", "--download-only", "hello"])?;
    let name = find_tarball(&tree.join("fetched"));
    let name = name.ok_or("apt-get fetched no .orig.tar.gz of hello")?;
    let keep = || -> std::io::Result<()> {
        fs::create_dir_all(kept)?;
        let partial = kept.join("partial");
        copy_readable(&tree.join("fetched").join(&name), &partial)?;
        fs::rename(&partial, kept.join(&name))
    };
    keep().map_err(|error| format!("cannot keep {name}: {error}"))?;
    Ok(name)
}

fn apt(tree: &Tree, args: &[&str]) -> Result<(), String> {
    let option = |name: &str, value: String| ["-o".to_owned(), format!("{name}={value}")];
    let inside = |path: &str| tree.join(path).display().to_string();
    let options = [
        option("Dir::Etc::sourcelist", "/dev/null".to_owned()),
        option("Dir::Etc::sourceparts", inside("parts")),
        option("Dir::State::lists", inside("lists")),
        option("Dir::Cache", inside("cache")),
        option("APT::Sandbox::User", String::new()),
        option("Acquire::Retries", "1".to_owned()),
        option("Acquire::http::Timeout", "20".to_owned()),
        option("APT::Update::Error-Mode", "any".to_owned()),
    ];
    let output = Command::new("apt-get")
        .arg("--quiet")
        .args(options.iter().flatten())
        .args(args)
        .current_dir(tree.join("fetched"))
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| format!("cannot run apt-get: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| line.starts_with("E:"));
    Err(format!(
        "apt-get {} failed: {}",
        args.join(" "),
        last.unwrap_or("no reason given")
    ))
}

/// Copies the lists of sources as lists of source packages; returns how many there were.
fn copy_sources(to: &Path) -> Result<usize, String> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    let parts = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten();
    files.extend(parts.map(|entry| entry.path()));
    let mut count = 0;
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let name = file.file_name().unwrap_or_default();
        let text = match file.extension().and_then(|it| it.to_str()) {
            Some("sources") => with_sources_stanzas(&text),
            Some("list") => with_sources_lines(&text),
            _ => continue,
        };
        fs::write(to.join(name), text).map_err(|error| error.to_string())?;
        count += 1;
    }
    Ok(count)
}

/// Source: sources.list(5), "DEB822-STYLE FORMAT".
fn with_sources_stanzas(text: &str) -> String {
    let lines = text.lines().map(|line| match line.starts_with("Types:") {
        true => "Types: deb-src",
        false => line,
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Source: sources.list(5), "ONE-LINE-STYLE FORMAT".
fn with_sources_lines(text: &str) -> String {
    let lines = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("deb "));
    lines.map(|rest| format!("deb-src {rest}\n")).collect()
}

fn write_if_changed(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Copies a file with mode 644, which source packages record.
fn copy_readable(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::copy(from, to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o644))
}

/// cJSON's release with our spec beside it, if the shelf is there.
pub(crate) fn cjson() -> Had {
    let shelf = workspace("../shared/data/backports/sources/cjson");
    let entries =
        fs::read_dir(&shelf).map_err(|_| "../shared has no sources of cJSON".to_owned())?;
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cjson");
    let fault = |error: std::io::Error| format!("cannot copy the sources of cJSON: {error}");
    fs::create_dir_all(&kept).map_err(fault)?;
    for entry in entries.flatten() {
        let to = kept.join(entry.file_name());
        if !to.exists() {
            copy_readable(&entry.path(), &to).map_err(fault)?;
        }
    }
    let spec = fs::read_to_string(workspace("testdata/build/cjson/cjson.spec")).map_err(fault)?;
    write_if_changed(&kept.join("cjson.spec"), &spec)?;
    Ok(kept.join("cjson.spec"))
}
