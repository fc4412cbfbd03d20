//! A line diff for people: a few lines of context, `-` for what was expected, `+` for what came.

use std::fmt::Write as _;

const CONTEXT: usize = 3;

/// A line of a diff.
struct Line<'t> {
    side: Side,
    text: &'t str,
}

/// The text that a line of a diff is from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Expected,
    Actual,
}

/// The differences between two texts, line by line; empty if there are none.
pub fn lines(expected: &str, actual: &str) -> String {
    if expected == actual {
        return String::new();
    }
    let old: Vec<&str> = expected.split_inclusive('\n').collect();
    let new: Vec<&str> = actual.split_inclusive('\n').collect();
    render(&edits(&old, &new))
}

/// The shortest edit from `old` to `new`, by the longest common subsequence.
fn edits<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Line<'t>> {
    let common = common_lengths(old, new);
    let (mut i, mut j) = (0, 0);
    let line = |side, text| Line { side, text };
    let mut edits = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            edits.push(line(Side::Both, old[i]));
            i += 1;
            j += 1;
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            edits.push(line(Side::Expected, old[i]));
            i += 1;
        } else {
            edits.push(line(Side::Actual, new[j]));
            j += 1;
        }
    }
    edits
}

/// `table[i][j]` is the length of the longest common subsequence of `old[i..]` and `new[j..]`.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] = if old[i] == new[j] {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}

fn render(edits: &[Line<'_>]) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (index, line) in edits.iter().enumerate() {
        let near = &edits[index.saturating_sub(CONTEXT)..edits.len().min(index + CONTEXT + 1)];
        if near.iter().all(|it| it.side == Side::Both) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push_str("  ...\n");
        }
        let sign = match line.side {
            Side::Both => ' ',
            Side::Expected => '-',
            Side::Actual => '+',
        };
        let end = if line.text.ends_with('\n') {
            ""
        } else {
            " (no newline at the end)\n"
        };
        let _ = write!(text, "{sign} {}{end}", line.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(lines("a\nb\n", "a\nb\n"), "");
    }

    #[test]
    fn a_changed_line_is_shown_with_context() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let new = old.replace('6', "six");
        assert_eq!(
            lines(old, &new),
            "  ...\n  3\n  4\n  5\n- 6\n+ six\n  7\n  8\n  9\n"
        );
    }

    #[test]
    fn a_missing_last_newline_is_told() {
        assert_eq!(lines("a\n", "a"), "- a\n+ a (no newline at the end)\n");
    }
}
