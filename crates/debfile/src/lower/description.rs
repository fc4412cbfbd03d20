//! The `Description` field.
//!
//! Source: Debian Policy 3.4 and 5.6.13; Developer's Reference 6.2.

/// Lines longer than this are broken at a blank.
const WIDTH: usize = 79;

/// Summary and description as the logical value of the field.
///
/// Lists and indented lines stand as written (behind a further blank), other lines may be broken. A
/// line of a full stop alone separates paragraphs, as an empty one does: it means that in a control
/// file, and in specs that were written after one. Without a summary there is the package's name.
pub(crate) fn description(name: &str, summary: &str, body: &str) -> String {
    let summary = summary.trim().trim_end_matches('.').trim_end();
    let summary = if summary.is_empty() { name } else { summary };
    let mut lines = vec![summary.to_owned()];
    let mut is_gap = false;
    for line in body.lines().map(str::trim_end) {
        if matches!(line.trim(), "" | ".") {
            is_gap = lines.len() > 1;
            continue;
        }
        if std::mem::take(&mut is_gap) {
            lines.push(String::new());
        }
        push_line(line, &mut lines);
    }
    if lines.len() == 1 || is_repeated(summary, &lines[1..]) {
        lines.truncate(1);
        lines.push(format!("No further description is available for {name}."));
    }
    lines.join("\n")
}

/// Whether a description says the summary once more, as `%{summary}.` does. Source: Debian Policy 3.4.2.
fn is_repeated(summary: &str, lines: &[String]) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(summary) == letters(&lines.concat())
}

fn push_line(line: &str, lines: &mut Vec<String>) {
    let line = line.replace('\t', "    ");
    let is_list = ["- ", "* ", "o ", "• "]
        .iter()
        .any(|bullet| line.starts_with(bullet));
    if line.starts_with(' ') || is_list || line.starts_with('.') {
        lines.push(format!(" {line}"));
    } else if line.chars().count() <= WIDTH {
        lines.push(line);
    } else {
        lines.extend(wrap(&line));
    }
}

fn wrap(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if lines[last].chars().count() + 1 + word.chars().count() <= WIDTH {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_folded() {
        let body = "\nGreets.\n\n\n- one\n  two\n.hidden\n";
        let expected = "A greeter\nGreets.\n\n - one\n   two\n .hidden";
        assert_eq!(description("x", "A greeter.", body), expected);
    }

    #[test]
    fn long_lines_are_broken_and_an_empty_body_is_filled() {
        let long = "word ".repeat(30);
        let lines = description("x", "x", &long);
        assert!(lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
        let expected = "A greeter\nNo further description is available for x.";
        for body in [" \n", "a greeter.", "A\ngreeter"] {
            assert_eq!(description("x", "A greeter", body), expected);
        }
    }

    #[test]
    fn a_full_stop_alone_separates_paragraphs() {
        let of = |body: &str| description("tool", "A tool", body);
        assert_eq!(of("One.\n.\nTwo."), "A tool\nOne.\n\nTwo.");
        assert_eq!(of(".\n\n . \nOne.\n\n.\n"), "A tool\nOne.");
        assert_eq!(of("."), of(""));
        assert_eq!(of("..."), "A tool\n ...");
        assert_eq!(description("tool", ".", "x"), "tool\nx");
    }
}
