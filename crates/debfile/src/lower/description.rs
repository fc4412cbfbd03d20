//! The `Description` field.
//!
//! Source: Debian Policy 3.4 and 5.6.13; Developer's Reference 6.2.

/// Lines longer than this are broken at a blank.
const WIDTH: usize = 79;

/// Summary and description as the logical value of the field.
///
/// Lists and indented lines stand as written (behind a further blank), other lines may be broken.
pub(crate) fn description(summary: &str, body: &str) -> String {
    let summary = summary.trim().trim_end_matches('.').trim_end();
    let body = body.trim_matches('\n').trim_end();
    let body = if body.trim().is_empty() {
        summary
    } else {
        body
    };
    let mut lines = vec![summary.to_owned()];
    let mut blank = false;
    for line in body.lines().map(str::trim_end) {
        if !(blank && line.is_empty()) {
            push_line(line, &mut lines);
        }
        blank = line.is_empty();
    }
    lines.join("\n")
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
        assert_eq!(description("A greeter.", body), expected);
    }

    #[test]
    fn long_lines_are_broken_and_an_empty_body_is_filled() {
        let long = "word ".repeat(30);
        let lines = description("x", &long);
        assert!(lines.lines().all(|line| line.len() <= WIDTH), "{lines}");
        assert_eq!(description("A greeter", " \n"), "A greeter\nA greeter");
    }
}
