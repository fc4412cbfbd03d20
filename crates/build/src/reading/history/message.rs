//! What messages of commits say to packagers: comments in brackets, and the lines of a changelog.
//!
//! Source: rpmautospec's documentation, "The %autochangelog Macro" and "One-off bumping release numbers".

/// Comments in a message, each `[a, b]` on a line of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wishes {
    /// `[skip changelog]`.
    pub(super) skips_changelog: bool,
    /// `[bump release: N]`: the release has this number at least.
    pub(super) least_release: u64,
}

impl Wishes {
    pub(super) fn of(message: &str) -> Self {
        let lines = message.lines().map(str::trim);
        let comments = lines.filter_map(|it| it.strip_prefix('[')?.strip_suffix(']'));
        let mut wishes = Self::default();
        for wish in comments.flat_map(|it| it.split(',')) {
            let words: Vec<&str> = wish
                .split(|c: char| c.is_whitespace() || c == ':')
                .filter(|it| !it.is_empty())
                .collect();
            match words[..] {
                ["skip", "changelog", ..] => wishes.skips_changelog = true,
                ["bump", "release", number, ..] => {
                    let number = number.parse().unwrap_or(0);
                    wishes.least_release = wishes.least_release.max(number);
                }
                _ => {}
            }
        }
        wishes
    }
}

/// The items of a changelog that a message stands for: its subject, which goes on in the body behind `...`,
/// and the list that follows.
pub(super) fn items(message: &str) -> Vec<String> {
    let mut lines = message.lines().map(str::trim);
    let subject: Vec<&str> = lines
        .by_ref()
        .skip_while(|it| it.is_empty())
        .take_while(|it| !it.is_empty())
        .collect();
    let mut items = vec![subject.join(" ")];
    items[0] = without_dash(&items[0]).to_owned();
    let mut goes_on = false;
    for (at, line) in lines.skip_while(|it| it.is_empty()).enumerate() {
        let is_item = line.starts_with('-');
        match continuation(line).filter(|_| at == 0) {
            Some(rest) => {
                add(&mut items, rest);
                goes_on = true;
            }
            None if is_item => {
                items.push(without_dash(line).to_owned());
                goes_on = false;
            }
            // A blank line ends what the subject goes on with, and the list; a list may follow the former.
            None if line.is_empty() && goes_on => goes_on = false,
            None if line.is_empty() || (items.len() == 1 && !goes_on) => break,
            None => add(&mut items, line),
        }
    }
    items
}

fn add(items: &mut [String], text: &str) {
    if let Some(last) = items.last_mut() {
        last.push(' ');
        last.push_str(text);
    }
}

fn without_dash(line: &str) -> &str {
    line.strip_prefix('-').map_or(line, str::trim_start)
}

/// What follows three dots or an ellipsis.
fn continuation(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(['.', '…']);
    let dots = &line[..line.len() - rest.len()];
    (dots.starts_with('…') || dots.starts_with("...")).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::{Wishes, items};

    #[test]
    fn comments_stand_on_lines_of_their_own() {
        let wishes = Wishes::of("Fix it\n\n[skip changelog, bump release: 5]\n[bump release 3]\n");
        assert!(wishes.skips_changelog);
        assert_eq!(wishes.least_release, 5);
        assert_eq!(Wishes::of("Say [skip changelog] here"), Wishes::default());
    }

    #[test]
    fn the_subject_goes_on_behind_an_ellipsis() {
        let message =
            "Update to 2.3.5\n\n... (bug 1,\nbug 2)\n- Fix\n  two lines\n\n(ignored)\n- too\n";
        assert_eq!(
            items(message),
            ["Update to 2.3.5 (bug 1, bug 2)", "Fix two lines"]
        );
        assert_eq!(
            items("- Subject\nof two\n\nBody.\n- No item\n"),
            ["Subject of two"]
        );
        assert_eq!(items("A\n\n… b\n\n- c\n"), ["A b", "c"]);
    }
}
