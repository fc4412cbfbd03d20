//! The options of a parametric macro, for a chunk's `opt` and `arg`.

/// Options by letter with their arguments (empty if they take none), and the other words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) given: Vec<(char, String)>,
    pub(crate) words: Vec<String>,
}

/// Parses by getopt(3)'s rules, as rpm calls it: words may stand before options unless the option
/// string begins with `+`, `--` ends the options, and `-` as option string means that there are none.
///
/// The error is the letter of an unknown option, or of one whose argument is missing.
pub(crate) fn parse(letters: &str, args: &[String]) -> Result<Options, char> {
    let mut options = Options::default();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let is_option = letters != "-" && arg.starts_with('-') && arg.len() > 1;
        if !is_option {
            options.words.push(arg.clone());
            if letters.starts_with('+') {
                break;
            }
        } else if arg == "--" {
            break;
        } else {
            parse_cluster(letters, &arg[1..], &mut rest, &mut options)?;
        }
    }
    options.words.extend(rest.cloned());
    Ok(options)
}

/// Parses `abVALUE` of `-abVALUE`.
fn parse_cluster<'a>(
    letters: &str,
    cluster: &str,
    rest: &mut impl Iterator<Item = &'a String>,
    options: &mut Options,
) -> Result<(), char> {
    for (at, letter) in cluster.char_indices() {
        let attached = &cluster[at + letter.len_utf8()..];
        let colons = colons_after(letters, letter).ok_or(letter)?;
        if colons == 0 || (colons > 1 && attached.is_empty()) {
            options.given.push((letter, String::new()));
            continue;
        }
        let value = if attached.is_empty() {
            rest.next().ok_or(letter)?
        } else {
            attached
        };
        options.given.push((letter, value.to_owned()));
        break;
    }
    Ok(())
}

/// How many colons follow a letter of the option string: 1 asks for an argument, 2 for one that may
/// be missing.
fn colons_after(letters: &str, letter: char) -> Option<usize> {
    if letter == ':' {
        return None;
    }
    let (_, after) = letters.split_once(letter)?;
    Some(after.bytes().take_while(|it| *it == b':').count())
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn parsed(letters: &str, line: &str) -> Result<(String, String), char> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let options = parse(letters, &args)?;
        let given = options
            .given
            .iter()
            .map(|(letter, value)| format!("{letter}{value}"));
        Ok((given.collect::<Vec<_>>().join(" "), options.words.join(" ")))
    }

    #[test]
    fn options_and_words_part() {
        assert_eq!(
            parsed("ab:", "x -a y -bz w"),
            Ok(("a bz".into(), "x y w".into()))
        );
        assert_eq!(
            parsed("ab:", "-ab z -- -a"),
            Ok(("a bz".into(), "-a".into()))
        );
        assert_eq!(parsed("+a", "-a x -a"), Ok(("a".into(), "x -a".into())));
        assert_eq!(parsed("-", "-a --"), Ok((String::new(), "-a --".into())));
        assert_eq!(parsed("a", "-c"), Err('c'));
        assert_eq!(parsed("b:", "-b"), Err('b'));
    }
}
