//! The patterns of a line of `%files`: blanks separate them, quotation marks join words, backslashes
//! protect characters.

use source::Text;

/// A word of a line; places are offsets in the line.
#[derive(Clone, Copy)]
pub(super) enum Word {
    /// Without quotation marks.
    Bare { start: usize, end: usize },
    /// What stands between quotation marks.
    Quoted { start: usize, end: usize },
    /// From an opening quotation mark that has no partner.
    Unclosed { start: usize },
}

/// The words of a line; a backslash protects the character after it, quotes everything inside.
pub(super) fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(blanks) = line[at..].find(|c: char| !c.is_ascii_whitespace()) {
        let start = at + blanks;
        let quoted = line[start..].starts_with('"');
        let is_end = |c: char| {
            if quoted {
                c == '"'
            } else {
                c.is_ascii_whitespace()
            }
        };
        let from = start + usize::from(quoted);
        let end = from + end_of_word(&line[from..], is_end);
        words.push(match (quoted, end < line.len()) {
            (false, _) => Word::Bare { start, end },
            (true, true) => Word::Quoted { start: from, end },
            (true, false) => Word::Unclosed { start },
        });
        at = end + usize::from(quoted && end < line.len());
    }
    words
}

fn end_of_word(rest: &str, is_end: impl Fn(char) -> bool) -> usize {
    let mut is_escaped = false;
    let ends = |c: char| {
        let protected = is_escaped;
        is_escaped = c == '\\' && !protected;
        !protected && is_end(c)
    };
    rest.find(ends).unwrap_or(rest.len())
}

/// Takes backslashes before blanks away.
pub(super) fn unescape(line: &Text, start: usize, end: usize) -> Text {
    without_backslashes(line, start, end, |c| c.is_ascii_whitespace())
}

/// Takes backslashes before quotation marks away, and puts some before what globs know.
pub(super) fn unquote(line: &Text, start: usize, end: usize) -> Text {
    let inner = without_backslashes(line, start, end, |c| c == '"');
    let mut pattern = Text::new();
    for (at, c) in inner.char_indices() {
        if "?*[]{}".contains(c) {
            match inner.origin(at, at + 1) {
                Some(origin) => pattern.push_str("\\", origin),
                None => pattern.push_detached("\\"),
            }
        }
        pattern.push_slice(&inner, at, at + c.len_utf8());
    }
    pattern
}

fn without_backslashes(
    line: &Text,
    start: usize,
    end: usize,
    before: impl Fn(char) -> bool,
) -> Text {
    let mut kept = Text::new();
    let mut from = start;
    for (at, _) in line[start..end].match_indices('\\') {
        let at = start + at;
        if line[at + 1..end].chars().next().is_some_and(&before) {
            kept.push_slice(line, from, at);
            from = at + 1;
        }
    }
    kept.push_slice(line, from, end);
    kept
}

#[cfg(test)]
mod tests {
    use package::VerifyFlags;
    use source::{Sink, Text};

    use crate::{DefaultAttributes, FileRule, RuleKind, parse_file_line};

    fn read(lines: &[&str]) -> Result<FileRule, String> {
        let (mut defaults, mut sink) = (DefaultAttributes::default(), Sink::new());
        let mut last = None;
        for line in lines {
            last = parse_file_line(&Text::detached(*line), &mut defaults, &mut sink)
                .map_err(|_| sink.found()[0].message.clone())?;
        }
        let further = last.iter_mut().flat_map(|it| it.further.drain(..));
        let first = sink.take().into_iter().chain(further).next();
        match first {
            Some(finding) => Err(finding.message),
            None => last.ok_or_else(|| "no rule".to_owned()),
        }
    }

    #[test]
    fn directives_go_in_any_order_and_need_no_blanks() {
        let rule = read(&["%attr(0640,-,adm)%config(noreplace) %lang(de,C) /etc/x"]).unwrap();
        assert_eq!(
            (rule.mode(false, false), rule.user(), rule.group()),
            (Some(0o640), "root", "adm")
        );
        assert!(rule.flags.config && rule.flags.noreplace && !rule.flags.missingok);
        assert_eq!(rule.langs, ["C", "de"]);
        assert_eq!(rule.patterns[0].as_str(), "/etc/x");
    }

    #[test]
    fn defaults_hold_for_the_lines_that_follow() {
        let rule = read(&["%defattr(644,a,b,755)", "%defverify(not mtime)", "/x"]).unwrap();
        assert_eq!(
            (rule.mode(false, false), rule.mode(true, false)),
            (Some(0o644), Some(0o755))
        );
        assert_eq!(rule.mode(false, true), None);
        assert_eq!(
            rule.verify,
            VerifyFlags {
                mtime: false,
                ..VerifyFlags::ALL
            }
        );
        let rule = read(&["%defverify(not mtime) /x"]).unwrap();
        assert_eq!(rule.verify, VerifyFlags::ALL);
    }

    #[test]
    fn quoted_names_lose_their_meaning_as_globs() {
        let rule = read(&[r#""/a b/[x]\"y""#]).unwrap();
        assert_eq!(rule.patterns[0].as_str(), r#"/a b/\[x\]"y"#);
        assert_eq!(read(&[r"/a\ b/*"]).unwrap().patterns[0].as_str(), "/a b/*");
        assert_eq!(read(&["\"/a"]).unwrap_err(), "Missing quote: /a\n");
    }

    #[test]
    fn relative_documents_are_special() {
        let rule = read(&["%doc README NEWS"]).unwrap();
        assert_eq!((rule.kind, rule.patterns.len()), (RuleKind::SpecialDoc, 2));
        assert_eq!(
            read(&["%license COPYING"]).unwrap().kind,
            RuleKind::SpecialLicense
        );
        assert_eq!(
            read(&["%doc README /usr/share/doc/x"]).unwrap_err(),
            "Can't mix special %doc with other forms: /usr/share/doc/x"
        );
    }

    #[test]
    fn modes_are_the_octal_digits_that_a_word_begins_with() {
        let mode = |word: &str| {
            let rule = read(&[&format!("%attr({word},-,-) /x")]);
            rule.map(|it| it.attr.mode)
        };
        let read = [
            ("0x1", 0),
            ("648", 0o64),
            ("+644", 0o644),
            ("100755", 0o755),
        ];
        for (word, bits) in read {
            assert_eq!(mode(word), Ok(Some(bits)), "{word}");
        }
        assert!(mode("x").is_err() && mode("77777777").is_err());
    }

    #[test]
    fn rpm_leaves_a_line_at_its_first_fault() {
        let (mut defaults, mut sink) = (DefaultAttributes::default(), Sink::new());
        let line = Text::detached("%attr(9,-,-) %config(x) /a");
        parse_file_line(&line, &mut defaults, &mut sink).unwrap_err();
        let beyond: Vec<bool> = sink.found().iter().map(|it| it.rpm.is_silent).collect();
        assert_eq!(beyond, [false, true]);
        assert!(!sink.has_rpm_stopped());
    }

    #[test]
    fn faults_have_rpms_words() {
        let faults = [
            ("usr/bin/x", "File must begin with \"/\": usr/bin/x"),
            ("/a /b", "More than one file on a line: /b"),
            ("%attr(755,root) /x", "Bad syntax: %attr(755,root)"),
            ("%attr(9,-,-) /x", "Bad mode spec: %attr(9,-,-)"),
            ("%config(norplace) /x", "Invalid %config token: norplace"),
            ("%verify(siez) /x", "Invalid %verify token: siez"),
            ("%lang(x) /x", "Unusual locale length: \"x\" in %lang(x)"),
            ("%dev(x,1,2) /x", "Missing devtype in %dev(x,1,2)"),
            ("%attr 755 /x", "Missing '(' in %attr 755 /x\n"),
            ("%lang(de /x", "Missing ')' in %lang(      de /x\n"),
            ("%lang( , ) /x", "Unusual locale length: \"\" in %lang()"),
            (
                "%lang(de,,) /x",
                "Unusual locale length: \"\" in %lang(de,,)",
            ),
        ];
        for (line, fault) in faults {
            assert_eq!(read(&[line]).unwrap_err(), fault);
        }
    }
}
