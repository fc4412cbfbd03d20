//! What is printed, and the page that keeps the results.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::compared::Compared;
use super::{Verdict, without_places};
use common::shell::{Outcome, failed, root};

/// How many letters of a value are shown.
const LETTERS: usize = 300;

/// Shows what came of one subject.
pub(super) fn show(name: &str, verdict: &Verdict, most: usize) {
    println!("{name}: {}", summary(verdict));
    if let Verdict::Compared(compared) = verdict {
        for it in compared.differences.iter().take(most) {
            let (ours, theirs) = (cut(&it.ours), cut(&it.theirs));
            println!(
                "  {}: {}\n    ours:   {ours}\n    theirs: {theirs}",
                it.package, it.place
            );
        }
    }
}

fn summary(verdict: &Verdict) -> String {
    match verdict {
        Verdict::NotBuilt(why) => format!("not built: {why}"),
        Verdict::Excused(why) => format!("not compared: {why}"),
        Verdict::Refused(why) => format!("refused by both: {why}"),
        Verdict::Compared(it) => format!(
            "{} packages ({} the same in every byte), {} tags, {} entries, {} differences",
            it.packages,
            it.identical,
            it.tags,
            it.entries,
            it.differences.len()
        ),
    }
}

/// The beginning of a text, in one line.
fn cut(text: &str) -> String {
    let start: String = text.chars().take(LETTERS).collect();
    start.replace('\n', "\\n")
}

/// Shows what came of all.
pub(super) fn summarise(results: &[(String, Verdict)]) {
    let compared = all_compared(results);
    let sum = |count: fn(&Compared) -> usize| compared.iter().map(|it| count(it)).sum::<usize>();
    let differ = compared.iter().filter(|it| !it.differences.is_empty());
    let differ = differ.count();
    println!(
        "{} subjects compared, {} packages, {} tags, {} entries; {differ} subjects differ",
        compared.len(),
        sum(|it| it.packages),
        sum(|it| it.tags),
        sum(|it| it.entries)
    );
    for (reason, count) in excused(&compared) {
        println!("{count} times: {reason}");
    }
    let not_built = not_built(results);
    if !not_built.is_empty() {
        println!("{} subjects were not built:", not_built.len());
        println!("{}", not_built.join("\n"));
    }
}

/// The subjects that were not built, with what was said.
fn not_built(results: &[(String, Verdict)]) -> Vec<String> {
    let lines = results.iter().filter_map(|(name, verdict)| match verdict {
        Verdict::NotBuilt(why) => Some(format!("- `{name}`: {}", cut(&without_places(why)))),
        _ => None,
    });
    lines.collect()
}

fn all_compared(results: &[(String, Verdict)]) -> Vec<&Compared> {
    let compared = results.iter().filter_map(|(_, verdict)| match verdict {
        Verdict::Compared(compared) => Some(compared),
        _ => None,
    });
    compared.collect()
}

/// By reason, how often it excused a difference.
fn excused(compared: &[&Compared]) -> BTreeMap<&'static str, usize> {
    let mut all = BTreeMap::new();
    for (reason, count) in compared.iter().flat_map(|it| &it.excused) {
        *all.entry(*reason).or_default() += count;
    }
    all
}

/// Keeps the results.
pub(super) fn write(page: &Path, results: &[(String, Verdict)], title: &str) -> Outcome {
    let path = root().join(page);
    fs::write(&path, text(results, title)).map_err(failed("write", &path))
}

/// Who was compared, and how: the peer's version, and macros that were defined.
pub(super) fn title(version: &str, definitions: &[String]) -> String {
    let list: Vec<_> = definitions.iter().map(|it| format!("`%{it}`")).collect();
    match list.is_empty() {
        true => version.to_owned(),
        false => format!("{version} ({})", list.join(", ")),
    }
}

fn text(results: &[(String, Verdict)], title: &str) -> String {
    let mut page = format!(
        "# Packages beside rpm's own\n\nWhat `cargo xtask compare rpm --write` found: the same build \
         roots packaged by {title} and by\nspecbuild, with the same macros. *Same* are packages without \
         any difference in their bytes; *tags* and *entries* of\npayloads are how many were compared, \
         *excused* are differences with a reason, which are counted below.\n\n\
         | subject | packages | same | tags | entries | excused | differences |\n\
         |---|---:|---:|---:|---:|---:|---:|\n"
    );
    for (name, verdict) in results {
        let row = match verdict {
            Verdict::Compared(it) => {
                let excused: usize = it.excused.values().sum();
                let (packages, tags, entries) = (it.packages, it.tags, it.entries);
                let differences = it.differences.len();
                let same = it.identical;
                format!("{packages} | {same} | {tags} | {entries} | {excused} | {differences}")
            }
            Verdict::Refused(_) => "refused by both | | | | |".to_owned(),
            Verdict::NotBuilt(_) | Verdict::Excused(_) => continue,
        };
        // Writing to a text can't fail.
        let _ = writeln!(page, "| `{name}` | {row} |");
    }
    let list = |page: &mut String, title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(page, "\n## {title}\n\n{}\n", lines.join("\n"));
        }
    };
    let compared = all_compared(results);
    let reasons = excused(&compared).into_iter();
    let reasons = reasons.map(|(reason, count)| format!("- {count} times: {reason}"));
    list(&mut page, "What may differ", reasons.collect());
    let left_out = results.iter().filter_map(|(name, verdict)| match verdict {
        Verdict::Excused(why) => Some(format!("- `{name}`: {why}")),
        _ => None,
    });
    list(&mut page, "Not compared", left_out.collect());
    list(&mut page, "Not built", not_built(results));
    page
}
