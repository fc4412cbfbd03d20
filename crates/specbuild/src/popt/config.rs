//! Files of aliases. Source: popt(3), "OPTION ALIASING".

use std::path::{Path, PathBuf};

/// What becomes of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words take its place.
    Alias,
    /// Another program is run.
    Exec,
}

/// One line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// With its hyphens.
    pub(super) option: String,
    pub(super) words: Vec<String>,
    /// `--POPTdesc`: what `--help` says of it.
    pub(super) help: Option<String>,
    /// `--POPTargs`: what `--help` calls its value.
    pub(super) value: Option<String>,
}

/// What site and user define for a program; of two for an option, the last counts.
pub(super) fn of_user(program: &str) -> Vec<Item> {
    let mut files = vec![PathBuf::from("/etc/popt")];
    files.extend(files_in(Path::new("/etc/popt.d"), ""));
    files.extend(std::env::var_os("HOME").map(|home| Path::new(&home).join(".popt")));
    of_files(&files, program)
}

/// What an installed rpm defines.
pub(super) fn of_installed(program: &str) -> Vec<Item> {
    of_files(&files_in(Path::new("/usr/lib/rpm"), "rpmpopt"), program)
}

fn of_files(files: &[PathBuf], program: &str) -> Vec<Item> {
    let texts = files
        .iter()
        .filter_map(|path| limits::read_text(path, limits::METADATA).ok());
    texts.flat_map(|text| parse(&text, program)).collect()
}

/// The files in a directory whose names begin so, in order.
fn files_in(dir: &Path, start: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
    let mut files: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// The lines for a program. Those that make no sense are passed over, as popt does.
pub(super) fn parse(text: &str, program: &str) -> Vec<Item> {
    // A backslash at the end of a line joins it with the next.
    let text = text.replace("\\\n", "");
    text.lines()
        .filter_map(|line| parse_line(line, program))
        .collect()
}

fn parse_line(line: &str, program: &str) -> Option<Item> {
    let (name, rest) = line.trim_start().split_once(char::is_whitespace)?;
    if name != program {
        return None;
    }
    let (kind, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let kind = match kind {
        "alias" => Kind::Alias,
        "exec" => Kind::Exec,
        _ => return None,
    };
    let (option, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let mut words = split(rest)?;
    let help = take(&mut words, "--POPTdesc=");
    let value = take(&mut words, "--POPTargs=");
    let is_option =
        option.starts_with("--") || (option.starts_with('-') && option.chars().count() == 2);
    (is_option && !words.is_empty()).then(|| Item {
        kind,
        option: option.to_owned(),
        words,
        help,
        value,
    })
}

/// Takes out the words that are for help; a `$` before the text says that it can be translated.
fn take(words: &mut Vec<String>, start: &str) -> Option<String> {
    let text = words.iter().find_map(|word| word.strip_prefix(start));
    let text = text.map(|text| text.strip_prefix('$').unwrap_or(text).to_owned());
    words.retain(|word| !word.starts_with(start));
    text
}

/// Words as a shell would split them; `None` if a backslash ends them. Within quotes, a backslash stays
/// unless it is before a quote of the same kind.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let word = words.last_mut()?;
        match (quote, letter) {
            (Some(mark), letter) if mark == letter => quote = None,
            (Some(mark), '\\') => {
                let next = letters.next()?;
                if next != mark {
                    word.push('\\');
                }
                word.push(next);
            }
            (None, '"' | '\'') => quote = Some(letter),
            (None, '\\') => word.push(letters.next()?),
            (None, letter) if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(String::new());
                }
            }
            (_, letter) => word.push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_as_by_a_shell() {
        let text = "# rpm alias --no x\nrpm\talias --a --qf \\\n  '[%{X}\\n]' \"it's \\\"y\\\"\" a\\ b \\\n\
                    \t--POPTdesc=$\"about it\"\nrpm exec -K rpmkeys --checksig\nrpm alias --bare\nrpmx alias --b c\n";
        let items = parse(text, "rpm");
        let words: Vec<&str> = items[0].words.iter().map(String::as_str).collect();
        assert_eq!(words, ["--qf", "[%{X}\\n]", "it's \"y\"", "a b"]);
        assert_eq!(items[0].help.as_deref(), Some("about it"));
        let exec = (Kind::Exec, "-K", 2);
        let second = &items[1];
        assert_eq!((second.kind, &*second.option, second.words.len()), exec);
        assert_eq!(items.len(), 2);
    }
}
