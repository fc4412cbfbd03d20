//! The tables of `bench`, in Markdown, and their place in the README.

use std::fs;
use std::path::Path;

use super::Contender;
use super::measure::Sample;
use super::tree::Tree;
use crate::shell::{Failure, Outcome, failed};

const START: &str = "<!-- bench -->\n";
const END: &str = "<!-- /bench -->";

/// Expanding one macro: milliseconds, and our share of rpm's.
pub(super) fn expansion(contenders: &[Contender]) -> String {
    let reference = contenders.last().map_or(1.0, |it| median(it).wall);
    let mut text = String::from(
        "| expand `%{_bindir}` | time | ratio to rpm | memory |\n|---|---:|---:|---:|\n",
    );
    for contender in contenders {
        let sample = median(contender);
        text += &format!(
            "| `{}` | {:.1} ms | {:.2} | {} |\n",
            contender.name,
            sample.wall * 1e3,
            sample.wall / reference,
            megabytes(sample.memory)
        );
    }
    text
}

/// Packaging the tree: seconds, ratios to dpkg-deb, memory, and the size of what was made.
pub(super) fn packaging(contenders: &[Contender], tree: &Tree) -> String {
    let reference = contenders.last().map_or(1.0, |it| median(it).wall);
    let mut text = format!(
        "| package {} files, {}, zstd level 3 | time | ratio to dpkg-deb | CPU time | peak memory | package |\n\
         |---|---:|---:|---:|---:|---:|\n",
        tree.files,
        megabytes(tree.bytes)
    );
    for contender in contenders {
        let sample = median(contender);
        let size = contender
            .result
            .as_ref()
            .and_then(|path| fs::metadata(path).ok());
        text += &format!(
            "| {} | {:.1} s | {:.2} | {:.1} s | {} | {} |\n",
            contender.name,
            sample.wall,
            sample.wall / reference,
            sample.cpu,
            megabytes(sample.memory),
            size.map_or("missing".to_owned(), |it| megabytes(it.len()))
        );
    }
    text
}

/// The median of each figure by itself, but the largest memory.
fn median(contender: &Contender) -> Sample {
    let middle = |value: fn(&Sample) -> f64| {
        let mut values: Vec<f64> = contender.samples.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Sample {
        wall: middle(|sample| sample.wall),
        cpu: middle(|sample| sample.cpu),
        memory: contender
            .samples
            .iter()
            .map(|sample| sample.memory)
            .max()
            .unwrap_or_default(),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}

/// Replaces what stands between the markers.
pub(super) fn put_into(readme: &Path, text: &str) -> Outcome {
    let old = fs::read_to_string(readme).map_err(failed("read", readme))?;
    let new = between_markers(&old, text).ok_or_else(|| {
        Failure(format!(
            "{} lacks the markers {START}and {END}",
            readme.display()
        ))
    })?;
    fs::write(readme, new).map_err(failed("write", readme))
}

fn between_markers(old: &str, text: &str) -> Option<String> {
    let start = old.find(START)? + START.len();
    let end = start + old[start..].find(END)?;
    Some(format!("{}{text}{}", &old[..start], &old[end..]))
}

#[cfg(test)]
mod tests {
    use super::between_markers;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let old = "a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n";
        let new = "a\n<!-- bench -->\nnew\n<!-- /bench -->\nb\n";
        assert_eq!(between_markers(old, "new\n").as_deref(), Some(new));
        assert_eq!(between_markers("no markers", "new\n"), None);
    }
}
