//! The tables of `bench`, in Markdown, and their place in docs/benchmarks.md.

use super::Contender;
use super::measure::Sample;

/// Start-up: milliseconds, how many macros there are, and the share of rpm's time with as many.
pub(super) fn startup(contenders: &[Contender], counts: &[usize], call: &str) -> String {
    let reference = contenders.last().map_or(1.0, |it| median(it).wall);
    let mut text = format!(
        "| `--eval '{call}'`, {} | macros | time | ratio to rpm | memory |\n\
         |---|---:|---:|---:|---:|\n",
        runs(contenders)
    );
    for (contender, count) in contenders.iter().zip(counts) {
        let sample = median(contender);
        text += &format!(
            "| {} | {count} | {:.1} ms | {:.2} | {} |\n",
            contender.name,
            sample.wall * 1e3,
            sample.wall / reference,
            megabytes(sample.memory)
        );
    }
    text
}

/// Expanding specs: seconds, specs per second, and how many times rpm's throughput that is, which is that
/// of the next contender.
pub(super) fn expansion(contenders: &[Contender], what: &str, specs: usize) -> String {
    let mut text = format!(
        "| {what}, {} | time | specs per second | throughput to rpm's | CPU time | memory |\n\
         |---|---:|---:|---:|---:|---:|\n",
        runs(contenders)
    );
    for (index, contender) in contenders.iter().enumerate() {
        let sample = median(contender);
        let reference = contenders.get(index | 1).map_or(1.0, |it| median(it).wall);
        text += &format!(
            "| {} | {:.2} s | {:.0} | {:.1} | {:.2} s | {} |\n",
            contender.name,
            sample.wall,
            specs as f64 / sample.wall,
            reference / sample.wall,
            sample.cpu,
            megabytes(sample.memory)
        );
    }
    text
}

/// A small build: milliseconds, and their ratio to those of each of the peers that were there.
pub(super) fn building(contenders: &[Contender], peers: &[&str]) -> String {
    let peers = contenders.iter().filter(|it| peers.contains(&it.name));
    let peers: Vec<(&str, f64)> = peers.map(|it| (it.name, median(it).wall)).collect();
    let heads: String = peers
        .iter()
        .map(|(name, _)| format!(" ratio to {} |", name.trim_matches('`')))
        .collect();
    let mut text = format!(
        "| `-bb`, noarch, one file, no sources, {} | time |{heads} CPU time | memory |\n\
         |---|---:|{}---:|---:|\n",
        runs(contenders),
        "---:|".repeat(peers.len())
    );
    for contender in contenders {
        let sample = median(contender);
        let ratios: String = peers
            .iter()
            .map(|(_, reference)| format!(" {:.2} |", sample.wall / reference))
            .collect();
        text += &format!(
            "| {} | {:.0} ms |{ratios} {:.0} ms | {} |\n",
            contender.name,
            sample.wall * 1e3,
            sample.cpu * 1e3,
            megabytes(sample.memory)
        );
    }
    text
}

/// Packaging: seconds, their ratio to those of one contender (of the next one if there is no such
/// name), CPU time, memory, and the size of what was made.
pub(super) fn packaging(title: &str, contenders: &[Contender], reference: &str) -> String {
    let mut text = format!(
        "| {title}, {} | time | ratio | CPU time | peak memory | package |\n\
         |---|---:|---:|---:|---:|---:|\n",
        runs(contenders)
    );
    let known = contenders.iter().find(|it| it.name == reference);
    for (index, contender) in contenders.iter().enumerate() {
        let sample = median(contender);
        let reference = known.or_else(|| contenders.get(index | 1));
        let size = contender.result_size.map_or(String::new(), megabytes);
        text += &format!(
            "| {} | {:.1} s | {:.2} | {:.1} s | {} | {size} |\n",
            contender.name,
            sample.wall,
            sample.wall / reference.map_or(1.0, |it| median(it).wall),
            sample.cpu,
            megabytes(sample.memory),
        );
    }
    text
}

/// Of how many runs the figures are.
fn runs(contenders: &[Contender]) -> String {
    match contenders.first().map_or(0, |it| it.samples.len()) {
        1 => "a single run".to_owned(),
        count => format!("median of {count} runs"),
    }
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

#[cfg(test)]
mod tests {
    use super::{Contender, Sample, expansion};

    fn contender(name: &'static str, seconds: &[f64]) -> Contender {
        let mut contender = Contender::new(name, &[], None);
        let sample = |wall: &f64| Sample {
            wall: *wall,
            cpu: *wall,
            memory: 1_000_000,
        };
        contender.samples = seconds.iter().map(sample).collect();
        contender
    }

    #[test]
    fn each_way_is_held_beside_the_same_way_of_the_other() {
        let contenders = [
            contender("ours, all", &[1.0, 1.0, 9.0]),
            contender("theirs, all", &[2.0; 3]),
            contender("ours, each", &[4.0; 3]),
            contender("theirs, each", &[12.0; 3]),
        ];
        let text = expansion(&contenders, "expand 12 specs", 12);
        let throughput = |line: &str| line.split(" | ").nth(3).unwrap_or_default().to_owned();
        let found: Vec<String> = text.lines().skip(2).map(throughput).collect();
        assert_eq!(found, ["2.0", "1.0", "3.0", "1.0"]);
        assert!(
            text.starts_with("| expand 12 specs, median of 3 runs | time |"),
            "{text}"
        );
        let single = expansion(&contenders.map(|it| contender(it.name, &[1.0])), "x", 1);
        assert!(single.starts_with("| x, a single run | "), "{single}");
    }
}
