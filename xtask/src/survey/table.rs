//! What a survey prints.

use std::collections::BTreeMap;

use super::Seen;
use super::known::Known;
use super::reading::Ending;

/// Prints how reading ended, why not, and what is left.
pub(crate) fn print(seen: &[Seen], known: &Known, show: usize) {
    endings(seen);
    let refused = seen.iter().filter(|it| !it.is_read());
    let refused = refused.map(|it| (it.message.clone(), it.spec.as_str()));
    rows("first message", refused, show);
    let left = seen.iter().flat_map(|it| {
        let names = it.left.iter();
        names.map(|name| {
            (
                format!("`{name}` of {}", known.owner(name)),
                it.spec.as_str(),
            )
        })
    });
    rows("macro that is left", left, show);
    let broken = seen.iter().flat_map(|it| {
        let headings = it.broken_scripts.iter();
        headings.map(|heading| (first_word(heading), it.spec.as_str()))
    });
    rows("script that bash cannot parse", broken, show);
}

fn endings(seen: &[Seen]) {
    println!("\n| outcome | specs | share |\n|---|---:|---:|");
    let count = |ending| seen.iter().filter(|it| it.ending == ending).count();
    let counts = [
        ("read", count(Ending::Read)),
        ("clean", seen.iter().filter(|it| it.is_clean()).count()),
        ("refused", count(Ending::Refused)),
        ("timed out", count(Ending::TimedOut)),
        ("crashed", count(Ending::Crashed)),
    ];
    for (name, count) in counts {
        let share = 100.0 * count as f64 / seen.len().max(1) as f64;
        println!("| {name} | {count} | {share:.2} % |");
    }
}

/// A table of causes, the most frequent first, each with a spec that shows it.
fn rows<'s>(cause: &str, of_specs: impl Iterator<Item = (String, &'s str)>, show: usize) {
    let mut causes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (cause, spec) in of_specs {
        causes.entry(cause).or_default().push(spec);
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, specs)| std::cmp::Reverse(specs.len()));
    if causes.is_empty() {
        return;
    }
    println!("\n| specs | {cause} | for instance |\n|---:|---|---|");
    for (cause, specs) in causes.iter().take(show) {
        let cause = cause.replace('|', "\\|");
        println!("| {} | {cause} | {} |", specs.len(), specs[0]);
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}
