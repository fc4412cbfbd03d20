//! A repository of git as a history of one spec: its commits, and what they have of two files.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A commit.
#[derive(Clone, Debug, Default)]
pub(super) struct Commit {
    /// Its parents that are in the history, by their places in it.
    pub(super) parents: Vec<usize>,
    /// What all of its files are together.
    pub(super) tree: String,
    /// `Name <address>`.
    pub(super) author: String,
    /// When it was made, in seconds since 1970 UTC.
    pub(super) time: i64,
    pub(super) message: String,
    /// The object that is the spec.
    pub(super) spec: Option<String>,
    /// The object that is the file `changelog`.
    pub(super) changelog: Option<String>,
}

/// The repository that begins in the directory of a spec.
pub(super) struct Repository {
    dir: PathBuf,
}

/// One commit of `git log`: hash, parents, tree, author, time, message. With `-z` each field ends in a zero byte,
/// which none of them can have.
const FORMAT: &str = "--format=%H%x00%P%x00%T%x00%an <%ae>%x00%ct%x00%B";
const FIELDS: usize = 6;

impl Repository {
    pub(super) fn at(dir: &Path) -> Option<Self> {
        let dir = dir.to_owned();
        dir.join(".git").exists().then_some(Self { dir })
    }

    /// The commits, the newest first and each before its parents.
    pub(super) fn commits(&self, spec: &str) -> Result<Vec<Commit>, String> {
        let log = self.output(&["log", "-z", "--topo-order", FORMAT, "HEAD"])?;
        let log = String::from_utf8_lossy(&log.stdout).into_owned();
        let fields: Vec<&str> = log.split('\0').collect();
        let rows: Vec<&[&str]> = fields.chunks_exact(FIELDS).collect();
        let hashes = rows.iter().enumerate();
        let places: HashMap<&str, usize> = hashes.map(|(at, row)| (row[0], at)).collect();
        let hashes: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        let specs = self.objects(&hashes, spec)?;
        let changelogs = self.objects(&hashes, "changelog")?;
        let files = specs.into_iter().zip(changelogs);
        let commits = rows.iter().zip(files).map(|(row, (spec, changelog))| {
            let parents = row[1].split_whitespace();
            Commit {
                parents: parents.filter_map(|it| places.get(it).copied()).collect(),
                tree: row[2].to_owned(),
                author: row[3].to_owned(),
                time: row[4].parse().unwrap_or_default(),
                message: row[5].to_owned(),
                spec,
                changelog,
            }
        });
        Ok(commits.collect())
    }

    /// The object that a file is in each commit.
    fn objects(&self, commits: &[&str], file: &str) -> Result<Vec<Option<String>>, String> {
        let questions: String = commits.iter().map(|it| format!("{it}:{file}\n")).collect();
        let output = self.fed(&["cat-file", "--batch-check=%(objectname)"], questions)?;
        let answers = String::from_utf8_lossy(&output.stdout);
        let answers = answers.lines().map(|line| {
            let is_there = !line.ends_with(" missing");
            is_there.then(|| line.to_owned())
        });
        let mut answers: Vec<Option<String>> = answers.collect();
        answers.resize(commits.len(), None);
        Ok(answers)
    }

    /// The text of an object.
    pub(super) fn text(&self, object: &str) -> Result<String, String> {
        let output = self.output(&["cat-file", "blob", object])?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether files that belong to the repository have changed since the last commit. Their bytes are compared,
    /// as `git diff` may call programs that the repository names to convert them.
    pub(super) fn has_changes(&self) -> Result<bool, String> {
        let tree = self.output(&["ls-tree", "-r", "-z", "HEAD"])?;
        let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
        let entries = tree.split('\0').filter_map(|it| it.split_once('\t'));
        let files = entries.filter(|(entry, _)| entry.starts_with("100"));
        let (objects, paths): (Vec<&str>, Vec<&str>) = files
            .map(|(entry, path)| (entry.rsplit(' ').next().unwrap_or_default(), path))
            .unzip();
        let paths = paths.join("\n") + "\n";
        let output = self.fed(&["hash-object", "--no-filters", "--stdin-paths"], paths)?;
        let hashes = String::from_utf8_lossy(&output.stdout);
        // It stops at a file that is gone.
        Ok(!output.status.success() || !hashes.lines().eq(objects))
    }

    /// `Name <address>` of who would commit.
    pub(super) fn committer(&self) -> Option<String> {
        let field = |name| {
            let output = self.output(&["config", "--get", name]).ok()?;
            let value = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            Some(value).filter(|it| !it.is_empty())
        };
        Some(format!(
            "{} <{}>",
            field("user.name")?,
            field("user.email")?
        ))
    }

    /// What a call says that reads a text.
    fn fed(&self, arguments: &[&str], text: String) -> Result<Output, String> {
        let mut git = self.command(arguments);
        let mut git = git
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let input = git.stdin.take();
        let fed = std::thread::spawn(move || {
            input.is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok())
        });
        let output = git.wait_with_output().map_err(|error| error.to_string())?;
        fed.join().ok();
        Ok(output)
    }

    fn output(&self, arguments: &[&str]) -> Result<Output, String> {
        let output = self.command(arguments).output();
        let output = output.map_err(|error| format!("git cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(output),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }

    /// A call that changes nothing and asks nobody.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "log.showSignature=false",
            "-c",
            "core.fsmonitor=false",
        ]);
        git.arg("--git-dir").arg(self.dir.join(".git"));
        git.arg("--work-tree").arg(&self.dir);
        git.args(arguments).current_dir(&self.dir);
        // Hooks of git have the repository that they belong to in variables.
        let of_git = std::env::vars_os().map(|(name, _)| name);
        let of_git = of_git.filter(|name| name.to_string_lossy().starts_with("GIT_"));
        for name in of_git {
            git.env_remove(name);
        }
        git.env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1");
        git.env("LC_ALL", "C");
        git.stdin(Stdio::null());
        git
    }
}
