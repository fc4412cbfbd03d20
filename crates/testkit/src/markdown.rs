//! Runs the cases of Markdown pages, one test per case. See [`crate::page`] for their form.

use std::fmt::Debug;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};

use crate::page::{self, Case, Expected};
use crate::{Answer, diff, golden};

/// Runs all cases of the pages (`*.md`) in a folder and ends the process.
///
/// `answer` says what the code under test makes of a case: text, or a `Result` of text and
/// error, or an [`Answer`]. Panics if there is no page.
pub fn run<A: Into<Answer>>(
    dir: impl AsRef<Path>,
    answer: impl Fn(&Case) -> A + Send + Sync + 'static,
) -> ! {
    crate::run(trials(dir, answer))
}

/// One trial per case of the pages in a folder. `README.md` is not a page of cases.
///
/// With `UPDATE=1` the pages are rewritten first.
pub fn trials<A: Into<Answer>>(
    dir: impl AsRef<Path>,
    answer: impl Fn(&Case) -> A + Send + Sync + 'static,
) -> Vec<Trial> {
    let answer: Arc<dyn Fn(&Case) -> Answer + Send + Sync> =
        Arc::new(move |case| answer(case).into());
    let mut trials = Vec::new();
    for path in golden::entries(dir.as_ref()) {
        if path.extension().is_none_or(|it| it != "md") || path.ends_with("README.md") {
            continue;
        }
        let title = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut text = golden::read(&path).unwrap_or_default();
        if crate::is_update() {
            let updated = update(&title, &text, &*answer);
            if updated != text {
                golden::write(&path, &updated).unwrap_or_else(|message| panic!("{message}"));
                text = updated;
            }
        }
        let place = fs::canonicalize(&path).unwrap_or(path.clone());
        for case in page::parse(&title, &text) {
            let (answer, place) = (Arc::clone(&answer), place.clone());
            trials.push(Trial::test(case.name.clone(), move || {
                check(&case, &place, &answer(&case))
            }));
        }
    }
    assert!(!trials.is_empty(), "no cases in {}", dir.as_ref().display());
    trials
}

/// All cases of the pages in a folder, for what is to hold of them together.
pub fn cases(dir: impl AsRef<Path>) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in golden::entries(dir.as_ref()) {
        if path.extension().is_some_and(|it| it == "md") && !path.ends_with("README.md") {
            let title = path.file_stem().unwrap_or_default().to_string_lossy();
            cases.extend(page::parse(
                &title,
                &golden::read(&path).unwrap_or_default(),
            ));
        }
    }
    cases
}

/// A trial that each of the codes is found by some case of the pages in a folder; `found` says what
/// a case finds.
pub fn every_code<C: PartialEq + Debug + Send + 'static>(
    dir: impl AsRef<Path>,
    codes: Vec<C>,
    found: impl Fn(&Case) -> Vec<C> + Send + 'static,
) -> Trial {
    let dir = dir.as_ref().to_owned();
    Trial::test("every code is shown", move || {
        let shown: Vec<C> = cases(&dir).iter().flat_map(found).collect();
        let missing: Vec<_> = codes.iter().filter(|code| !shown.contains(code)).collect();
        match missing.as_slice() {
            [] => Ok(()),
            missing => Err(format!("no page shows {missing:?}").into()),
        }
    })
}

fn check(case: &Case, page: &Path, answer: &Answer) -> Result<(), Failed> {
    let text = diff::lines(&case.text.text, &with_newline(&answer.text));
    let error = diff::lines(&case.error.text, &with_newline(&answer.error));
    if text.is_empty() && error.is_empty() {
        return Ok(());
    }
    let mut message = format!(
        "{}:{}: - expected, + actual; UPDATE=1 rewrites it\n",
        page.display(),
        case.line
    );
    for (kind, diff) in [("text", text), ("error", error)] {
        if !diff.is_empty() {
            message += &format!("{kind}:\n{diff}");
        }
    }
    Err(message.into())
}

/// The page with the answers put in.
fn update(title: &str, page: &str, answer: &dyn Fn(&Case) -> Answer) -> String {
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    // From the last to the first, so that the places of earlier blocks stay right.
    for case in page::parse(title, page).iter().rev() {
        let answer = answer(case);
        let mut changes = [
            ("error", &case.error, answer.error),
            ("text", &case.text, answer.text),
        ];
        changes.sort_by_key(|(_, old, _)| std::cmp::Reverse(old.lines.start));
        for (kind, old, new) in changes {
            replace_block(&mut lines, kind, old, &with_newline(&new));
        }
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn replace_block(lines: &mut Vec<String>, kind: &str, old: &Expected, new: &str) {
    if old.text == new {
        return;
    }
    let block = if new.is_empty() {
        Vec::new()
    } else {
        fenced(kind, new)
    };
    let range: Range<usize> = old.lines.clone();
    lines.splice(range, block);
}

fn fenced(kind: &str, text: &str) -> Vec<String> {
    let longest = text
        .lines()
        .map(|line| line.len() - line.trim_start_matches('`').len())
        .max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let mut lines = vec![format!("{fence}{kind}")];
    lines.extend(text.lines().map(str::to_owned));
    lines.push(fence);
    lines
}

/// A block always ends in a newline, so whether the answer does is not compared.
fn with_newline(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{end}")
}

#[cfg(test)]
mod tests {
    use super::{check, update};
    use crate::{Answer, page};
    use std::path::Path;

    const PAGE: &str = "# Title\n\nProse.\n\n## First\n\n```spec target=x\nin\n```\n```text\nold\n```\n\n\
                        ## Second\n\n```file a.inc\nbody\n```\n```spec\nbad\n```\n\nEnd.\n";

    #[test]
    fn cases_are_found_with_files_and_options() {
        let cases = page::parse("p", PAGE);
        assert_eq!(cases.len(), 2);
        assert_eq!((cases[0].name.as_str(), cases[0].line), ("p/First", 7));
        assert_eq!(cases[0].option("target"), Some("x"));
        assert_eq!(cases[1].files, [("a.inc".to_owned(), "body\n".to_owned())]);
    }

    #[test]
    fn a_wrong_answer_fails_with_a_diff() {
        let cases = page::parse("p", PAGE);
        let failure = check(&cases[0], Path::new("p.md"), &Answer::from("new"));
        assert!(
            failure
                .unwrap_err()
                .message()
                .is_some_and(|it| it.contains("- old\n+ new\n"))
        );
        assert!(check(&cases[0], Path::new("p.md"), &Answer::from("old")).is_ok());
    }

    #[test]
    fn update_rewrites_and_adds_blocks_and_is_then_content() {
        let answer = |case: &page::Case| match case.input.as_str() {
            "in\n" => Answer::from("new"),
            _ => Answer::from(Err("it is ```bad".to_owned())),
        };
        let updated = update("p", PAGE, &answer);
        assert!(updated.contains("```text\nnew\n```\n"), "{updated}");
        assert!(
            updated.contains("```spec\nbad\n```\n```error\nit is ```bad\n```\n\nEnd."),
            "{updated}"
        );
        assert_eq!(update("p", &updated, &answer), updated);
    }
}
