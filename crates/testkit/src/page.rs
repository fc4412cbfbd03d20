//! A Markdown page of cases: where the blocks are and what they hold.
//!
//! Under a heading, each ` ```spec ` block starts a case, and so does a ` ```console ` block of commands;
//! ` ```file NAME ` blocks before it are files at its hand; ` ```text ` and ` ```error ` after it are
//! what is expected. Words after `spec` or `console` are options (`key=value`). Everything else is
//! prose. A fence is three or more backticks.

/// One case of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Page, heading and, from the second case under a heading on, its number.
    pub name: String,
    /// The ` ```spec ` or ` ```console ` block, with a newline at the end of each line.
    pub input: String,
    /// `key=value` words after `spec` or `console`, in their order; a bare word has an empty value.
    pub options: Vec<(String, String)>,
    /// Names and texts of the ` ```file NAME ` blocks.
    pub files: Vec<(String, String)>,
    /// The line of the page where the case starts, from 1.
    pub line: usize,
    pub(crate) text: Expected,
    pub(crate) error: Expected,
}

impl Case {
    /// The value of the first option of this name.
    pub fn option(&self, key: &str) -> Option<&str> {
        let found = self.options.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of the options of this name.
    pub fn all<'c>(&'c self, key: &'c str) -> impl Iterator<Item = &'c str> {
        let found = self.options.iter().filter(move |(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }
}

/// An expected block and its place on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) text: String,
    /// Lines of the page that hold the block, fences included; empty and at the place
    /// where the block would go if there is none.
    pub(crate) lines: std::ops::Range<usize>,
}

struct Block<'p> {
    info: &'p str,
    text: String,
    lines: std::ops::Range<usize>,
}

/// Finds the cases of a page called `title`.
pub fn parse(title: &str, page: &str) -> Vec<Case> {
    let lines: Vec<&str> = page.lines().collect();
    let (mut heading, mut number) = ("", 0);
    let (mut cases, mut files): (Vec<Case>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let Some(block) = block_at(&lines, at) else {
            if lines[at].starts_with('#') {
                (heading, number) = (lines[at].trim_start_matches('#').trim(), 0);
                files.clear();
            }
            at += 1;
            continue;
        };
        at = block.lines.end;
        let (word, rest) = block.info.split_once(' ').unwrap_or((block.info, ""));
        match word {
            "file" => files.push((rest.trim().to_owned(), block.text)),
            "spec" | "console" => {
                number += 1;
                let name = case_name(title, heading, number);
                cases.push(start_case(name, rest, block, std::mem::take(&mut files)));
            }
            "text" | "error" if number > 0 => {
                let case = cases.last_mut().expect("number counts the cases");
                expect_block(case, word, block);
            }
            _ => {}
        }
    }
    cases
}

fn case_name(title: &str, heading: &str, number: usize) -> String {
    match (heading, number) {
        ("", n) => format!("{title}/{n}"),
        (_, 1) => format!("{title}/{heading}"),
        (_, n) => format!("{title}/{heading} ({n})"),
    }
}

fn start_case(name: String, options: &str, block: Block<'_>, files: Vec<(String, String)>) -> Case {
    let options = options.split_whitespace().map(|word| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        (key.to_owned(), value.to_owned())
    });
    let nowhere = Expected {
        text: String::new(),
        lines: block.lines.end..block.lines.end,
    };
    Case {
        name,
        input: block.text,
        options: options.collect(),
        files,
        line: block.lines.start + 1,
        text: nowhere.clone(),
        error: nowhere,
    }
}

fn expect_block(case: &mut Case, word: &str, block: Block<'_>) {
    let after = block.lines.end..block.lines.end;
    let expected = Expected {
        text: block.text,
        lines: block.lines,
    };
    if word == "text" {
        if case.error.lines.is_empty() {
            case.error.lines = after;
        }
        case.text = expected;
    } else {
        case.error = expected;
    }
}

/// The fenced block that starts on line `start`, if one does. An unclosed one ends with the page.
fn block_at<'p>(lines: &[&'p str], start: usize) -> Option<Block<'p>> {
    let info = lines[start].trim_start_matches('`');
    let ticks = lines[start].len() - info.len();
    if ticks < 3 {
        return None;
    }
    let is_end = |line: &&str| line.len() >= ticks && line.bytes().all(|byte| byte == b'`');
    let body = &lines[start + 1..];
    let length = body.iter().position(is_end).unwrap_or(body.len());
    Some(Block {
        info: info.trim(),
        text: body[..length]
            .iter()
            .flat_map(|line| [line, "\n"])
            .collect(),
        lines: start..lines.len().min(start + length + 2),
    })
}
