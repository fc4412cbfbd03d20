//! Takes a line apart: first directives with brackets, wherever they stand, then words.

use package::{FileFlags, VerifyFlags};
use source::{Diagnostic, Reported, Sink, Text, closest, in_stage};

use super::directives::{Argument, Arguments};
use super::patterns::{Word, split, unescape, unquote};
use super::rule::{Attributes, DefaultAttributes, Device, FileRule, Firmness, RuleKind};
use super::{advice, attributes, caps};
use crate::codes;

/// A line while it is taken apart. What has been read is blanked out in `rest`.
pub(super) struct LineReader<'a> {
    line: &'a Text,
    rest: Vec<u8>,
    sink: &'a mut Sink,
    fault: Option<Reported>,
    /// A word looked like a directive and is not one: the words after it may be its arguments.
    has_unknown_directive: bool,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(line: &'a Text, sink: &'a mut Sink) -> Self {
        Self {
            line,
            rest: line.as_bytes().to_vec(),
            sink,
            fault: None,
            has_unknown_directive: false,
        }
    }

    pub(super) fn read(
        &mut self,
        defaults: &mut DefaultAttributes,
    ) -> Result<Option<FileRule>, Reported> {
        let verify = self.read_verify("%verify");
        // Files beside `%defverify` still have the old default.
        let (old_verify, old_given) = (defaults.verify, defaults.verify_given);
        if let Some(flags) = self.read_verify("%defverify") {
            (defaults.verify, defaults.verify_given) = (flags, Firmness::Default);
        }
        let attr = self.read_attr("%attr");
        let attr_given = firmness(attr.is_some(), defaults.attributes_given);
        if let Some(attributes) = self.read_attr("%defattr") {
            (defaults.attributes, defaults.attributes_given) = (attributes, Firmness::Default);
        }
        let mut rule = FileRule {
            kind: RuleKind::Files,
            patterns: Vec::new(),
            attr: attr.unwrap_or_default(),
            default_attr: defaults.attributes.clone(),
            attr_given,
            flags: FileFlags::default(),
            is_dir: false,
            is_exclude: false,
            verify: verify.unwrap_or(old_verify),
            verify_given: firmness(verify.is_some(), old_given),
            langs: Vec::new(),
            caps: None,
            device: None,
            further: Vec::new(),
            origin: self.line.trim().whole(),
        };
        rule.device = self.read_device();
        self.read_config(&mut rule.flags);
        self.read_langs(&mut rule.langs);
        rule.caps = self.read_caps();
        self.read_words(&mut rule);
        self.judge(&mut rule);
        match self.fault {
            Some(reported) => Err(reported),
            None => Ok((!rule.patterns.is_empty()).then_some(rule)),
        }
    }

    pub(super) fn report(&mut self, start: usize, end: usize, message: String) {
        self.report_with(start, end, message, |diagnostic| diagnostic);
    }

    pub(super) fn report_with(
        &mut self,
        start: usize,
        end: usize,
        message: String,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let diagnostic =
            Diagnostic::error(codes::BAD_FILE_LINE, message).at(self.line.origin(start, end));
        self.fault = Some(self.sink.report(more(diagnostic)));
        // rpm leaves a line at its first fault.
        self.sink.begin_step();
    }

    /// Takes a directive and what stands in its brackets; `None` if the line lacks it, an empty
    /// `Some` without brackets if these are optional.
    fn take(&mut self, directive: &'static str) -> Option<Option<Arguments<'a>>> {
        let start = self.find(directive)?;
        let end = start + directive.len();
        self.rest[start..end].fill(b' ');
        let blanks = self.rest[end..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let open = end + blanks;
        if self.rest.get(open) != Some(&b'(') {
            return Some(None);
        }
        let Some(length) = self.rest[open..].iter().position(|b| *b == b')') else {
            let rest = self.line.len();
            // rpm has blanked out what it has read, and shows all that from `%lang` on.
            let shown = if directive == "%lang" {
                start
            } else {
                open + 1
            };
            let written = format!("{:1$}", "", open + 1 - shown) + &self.line[open + 1..];
            self.report_with(
                start,
                rest,
                format!("Missing ')' in {directive}({written}\n"),
                |it| it.help(format!("close the bracket of `{directive}(`")),
            );
            self.rest[open..].fill(b' ');
            return None;
        };
        self.rest[open..=open + length].fill(b' ');
        Some(Some(Arguments {
            directive,
            text: &self.line.as_str()[open + 1..open + length],
            start: open + 1,
        }))
    }

    /// As [`Self::take`], but the brackets must be there.
    fn take_bracketed(&mut self, directive: &'static str) -> Option<Arguments<'a>> {
        let start = self.find(directive)?;
        let taken = self.take(directive)?;
        if taken.is_none() {
            let end = start + directive.len();
            let after = self.line[end..].trim_start();
            let message = format!("Missing '(' in {directive} {after}\n");
            self.report(start, end, message);
        }
        taken
    }

    fn find(&self, directive: &str) -> Option<usize> {
        let name = directive.as_bytes();
        self.rest
            .windows(name.len())
            .enumerate()
            .find_map(|(at, window)| {
                let after = self.rest.get(at + name.len());
                let ends = !after.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
                (window == name && ends).then_some(at)
            })
    }

    fn read_verify(&mut self, directive: &'static str) -> Option<VerifyFlags> {
        let arguments = self.take_bracketed(directive)?;
        attributes::parse_verify(&arguments, self)
    }

    fn read_attr(&mut self, directive: &'static str) -> Option<Attributes> {
        let arguments = self.take_bracketed(directive)?;
        let is_default = directive == "%defattr";
        let start = arguments.start + arguments.text.len() + 1;
        let after = String::from_utf8_lossy(&self.rest[start..]);
        let after = after.trim().to_owned();
        if is_default && !after.is_empty() {
            let message = format!("Non-white space follows {directive}(): {after}\n");
            self.report(start, self.line.len(), message);
        }
        attributes::parse_attributes(&arguments, is_default, self)
    }

    fn read_device(&mut self) -> Option<Device> {
        let arguments = self.take_bracketed("%dev")?;
        attributes::parse_device(&arguments, self)
    }

    fn read_config(&mut self, flags: &mut FileFlags) {
        let Some(arguments) = self.take("%config") else {
            return;
        };
        flags.config = true;
        let Some(arguments) = arguments else {
            return;
        };
        for word in arguments.words() {
            match word.text {
                "missingok" => flags.missingok = true,
                "noreplace" => flags.noreplace = true,
                _ => self.report_unknown_word("%config", word, &["missingok", "noreplace"]),
            }
        }
    }

    pub(super) fn report_unknown_word(
        &mut self,
        directive: &str,
        word: Argument<'_>,
        known: &[&'static str],
    ) {
        let near = closest(word.text, known.iter().copied());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{directive}` takes {}", known.join(", ")),
        };
        let message = format!("Invalid {directive} token: {}", word.text);
        self.report_with(word.start, word.end(), message, |it| it.help(help));
    }

    fn read_langs(&mut self, langs: &mut Vec<String>) {
        while let Some(arguments) = self.take_bracketed("%lang") {
            let words = arguments.words();
            let end = arguments.start + arguments.text.len();
            let after = words.last().map_or(arguments.start, Argument::end);
            let is_empty = words.is_empty();
            for word in words {
                self.add_lang(langs, &arguments, word);
            }
            // rpm skips one comma after a word, and takes what is left for one more.
            if is_empty || !matches!(&self.line[after..end], "" | ",") {
                let message = format!("Unusual locale length: \"\" in {}", shown(&arguments));
                self.report(end, end, message);
            }
        }
        langs.sort();
    }

    fn add_lang(&mut self, langs: &mut Vec<String>, arguments: &Arguments<'_>, word: Argument<'_>) {
        let lang = word.text;
        if lang.len() == 1 && lang != "C" {
            let message = format!("Unusual locale length: \"{lang}\" in {}", shown(arguments));
            self.report(word.start, word.end(), message);
        } else if langs.iter().any(|known| known == lang) {
            let message = format!("Duplicate locale {lang} in {}", shown(arguments));
            let place = self.line.origin(word.start, word.end());
            self.sink
                .push(Diagnostic::warning(codes::DUPLICATE_LOCALE, message).at(place));
        } else {
            langs.push(lang.to_owned());
        }
    }

    fn read_caps(&mut self) -> Option<String> {
        let arguments = self.take("%caps")??;
        let text = caps::normalize(arguments.text);
        if text.is_none() {
            let end = arguments.start + arguments.text.len();
            let message = format!("Invalid capability: {}", arguments.text);
            self.report(arguments.start, end, message);
        }
        text
    }

    fn read_words(&mut self, rule: &mut FileRule) {
        let rest = String::from_utf8_lossy(&self.rest).into_owned();
        for word in split(&rest) {
            // rpm reports each of the words that is at fault.
            in_stage(
                self,
                |reader| reader.sink,
                |reader| reader.read_word(word, &rest, rule),
            );
        }
        self.sink.begin_step();
    }

    fn read_word(&mut self, word: Word, rest: &str, rule: &mut FileRule) {
        match word {
            Word::Bare { start, end } => self.read_bare(&rest[start..end], start, rule),
            Word::Quoted { start, end } => {
                let pattern = unquote(self.line, start, end);
                self.add_pattern(pattern, start, end, rule);
            }
            Word::Unclosed { start } => {
                let message = format!("Missing quote: {}\n", &rest[start + 1..]);
                self.report(start, rest.len(), message);
            }
        }
    }

    fn read_bare(&mut self, word: &str, start: usize, rule: &mut FileRule) {
        let flags = &mut rule.flags;
        match word {
            "%dir" => rule.is_dir = true,
            "%docdir" => rule.kind = RuleKind::DocDir,
            "%doc" => flags.doc = true,
            "%ghost" => flags.ghost = true,
            "%exclude" => rule.is_exclude = true,
            "%readme" => flags.readme = true,
            "%license" => flags.license = true,
            "%pubkey" => flags.pubkey = true,
            "%missingok" => flags.missingok = true,
            "%artifact" => flags.artifact = true,
            _ if word.ends_with('\\') && !word.ends_with("\\\\") => {
                self.report(
                    start,
                    start + word.len(),
                    format!("Trailing backslash: {word}\n"),
                );
            }
            _ => {
                let pattern = unescape(self.line, start, start + word.len());
                self.add_pattern(pattern, start, start + word.len(), rule);
            }
        }
    }

    fn add_pattern(&mut self, pattern: Text, start: usize, end: usize, rule: &mut FileRule) {
        let may_be_relative = rule.flags.doc || rule.flags.license || rule.flags.pubkey;
        if !pattern.starts_with('/') && !may_be_relative {
            let help = advice::on_path(&pattern);
            let message = format!("File must begin with \"/\": {pattern}");
            let follows = self.has_unknown_directive;
            self.report_with(start, end, message, |mut it| {
                it.rpm.is_repeat = follows;
                it.help_if(help)
            });
            self.has_unknown_directive |= pattern.starts_with('%') && !pattern.starts_with("%{");
            return;
        }
        rule.patterns.push(pattern);
    }

    /// Decides what kind of line it is, and whether its parts go together.
    fn judge(&mut self, rule: &mut FileRule) {
        let documents = rule.flags.doc || rule.flags.license;
        let is_relative = |pattern: &Text| !pattern.starts_with('/');
        if documents && rule.patterns.iter().any(is_relative) {
            self.judge_special(rule);
            return;
        }
        if rule.patterns.len() > 1 {
            for further in rule.patterns.drain(1..) {
                let message = format!("More than one file on a line: {further}");
                rule.further.push(
                    Diagnostic::error(codes::BAD_FILE_LINE, message)
                        .at(further.whole())
                        .help("put each file on a line of its own, or quote a name with blanks"),
                );
            }
        }
        if rule.flags.pubkey && rule.kind == RuleKind::Files {
            rule.kind = RuleKind::PubKey;
        }
    }

    fn judge_special(&mut self, rule: &mut FileRule) {
        let FileFlags { doc, license, .. } = rule.flags;
        let alone = FileFlags {
            doc,
            license,
            ..FileFlags::default()
        };
        let is_pure = rule.flags == alone && doc != license && rule.kind == RuleKind::Files;
        let is_plain = is_pure && !rule.is_dir && !rule.is_exclude;
        rule.kind = if doc {
            RuleKind::SpecialDoc
        } else {
            RuleKind::SpecialLicense
        };
        let goes_in = |it: &Text| is_plain && !it.starts_with('/');
        let (good, offenders) = rule.patterns.drain(..).partition(goes_in);
        rule.patterns = good;
        self.report_mixed(offenders, if doc { "%doc" } else { "%license" });
    }

    fn report_mixed(&mut self, offenders: Vec<Text>, name: &str) {
        for offender in offenders {
            let message = format!("Can't mix special {name} with other forms: {offender}");
            self.sink.push(
                Diagnostic::error(codes::BAD_FILE_LINE, message)
                    .at(offender.whole())
                    .help(
                        "a relative path is copied from the source directory, an absolute one is \
                         packaged from the build root: write them on lines of their own",
                    ),
            );
        }
    }
}

fn firmness(is_explicit: bool, default: Firmness) -> Firmness {
    if is_explicit {
        Firmness::Explicit
    } else {
        default
    }
}

/// The languages as rpm shows them, without blanks and commas at their start.
fn shown(arguments: &Arguments<'_>) -> String {
    let text = arguments
        .text
        .trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
    format!("{}({text})", arguments.directive)
}
