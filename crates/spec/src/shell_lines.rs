//! Whether a place in a shell script begins a command that runs in any case, and ends the script if it
//! fails.
//!
//! That is less than a shell knows: quotes, here-documents, comments and compound commands are
//! followed, and what is not understood counts as a place of the other kind. Source: sh(1), "Shell
//! grammar".

/// Words that open a compound command, and those that close one.
const OPENING: [&str; 7] = ["if", "for", "while", "until", "select", "case", "{"];
const CLOSING: [&str; 4] = ["fi", "done", "esac", "}"];
/// Words after which a further command begins.
const BETWEEN: [&str; 6] = ["then", "else", "elif", "do", "!", "time"];

/// Whether the command at `place` stands on the script's outermost level, alone in its list, and
/// `set -e` is in force.
pub(crate) fn is_bound_to_run(script: &str, place: usize) -> bool {
    let mut scan = Scan::new(script);
    while scan.at < place {
        if scan.step().is_none() || scan.is_lost {
            return false;
        }
    }
    let is_reached = scan.at == place && scan.depth == 0 && scan.begins_command;
    is_reached && !scan.is_joined && scan.ends_alone()
}

/// A walk through a script, one word or sign at a time.
struct Scan<'s> {
    script: &'s str,
    at: usize,
    /// How many compound commands are open.
    depth: usize,
    /// `case` commands among them, by depth: a `)` after a pattern closes nothing.
    cases: Vec<usize>,
    /// Whether a command may begin here.
    begins_command: bool,
    /// Whether what begins here depends on what came before: `&&`, `||`, `|`, `!`.
    is_joined: bool,
    /// Ends of here-documents that the next line begins; whether tabs before them count.
    documents: Vec<(String, bool)>,
    /// Whether commands may no longer run, or their failure no longer matters.
    is_lost: bool,
}

impl<'s> Scan<'s> {
    fn new(script: &'s str) -> Self {
        Self {
            script,
            at: 0,
            depth: 0,
            cases: Vec::new(),
            begins_command: true,
            is_joined: false,
            documents: Vec::new(),
            is_lost: false,
        }
    }

    fn rest(&self) -> &'s str {
        &self.script[self.at..]
    }

    /// Takes a word, a sign or blanks; `None` at the end, or in an open quotation.
    fn step(&mut self) -> Option<()> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        match first {
            '\n' => self.end_line(),
            ' ' | '\t' | '\r' => self.at += 1,
            '\\' if rest.starts_with("\\\n") => self.at += 2,
            '#' => self.at += rest.find('\n').unwrap_or(rest.len()),
            ';' | '&' | '|' => self.take_operator(rest),
            // A function's body follows.
            '(' if rest.starts_with("()") => {
                self.at += 2;
                self.begins_command = true;
            }
            '(' => {
                self.open(rest.starts_with("(("));
                self.at += 1;
            }
            ')' => {
                self.close_parenthesis();
                self.at += 1;
            }
            '<' if rest.starts_with("<<") && !rest.starts_with("<<<") => self.take_document()?,
            '<' | '>' => self.at += 1 + usize::from(rest[1..].starts_with(['&', '>', '<', '|'])),
            _ => self.take_word()?,
        }
        Some(())
    }

    fn open(&mut self, is_arithmetic: bool) {
        self.depth += 1;
        self.begins_command = !is_arithmetic;
        self.is_joined = false;
    }

    fn close(&mut self) {
        if self.cases.last() == Some(&self.depth) {
            self.cases.pop();
        }
        self.is_lost |= self.depth == 0;
        self.depth = self.depth.saturating_sub(1);
        self.begins_command = false;
    }

    fn close_parenthesis(&mut self) {
        if self.cases.last() == Some(&self.depth) {
            self.begins_command = true;
        } else {
            self.close();
        }
    }

    fn end_line(&mut self) {
        self.at += 1;
        // A line that ends in `&&` goes on in the next.
        let before = self.script[..self.at].trim_end();
        let goes_on = ["&&", "||", "|"].iter().any(|it| before.ends_with(it));
        self.begins_command = true;
        self.is_joined &= goes_on;
        for (end, ignores_tabs) in std::mem::take(&mut self.documents) {
            self.skip_document(&end, ignores_tabs);
        }
    }

    fn skip_document(&mut self, end: &str, ignores_tabs: bool) {
        for line in self.rest().split_inclusive('\n') {
            self.at += line.len();
            let line = line.trim_end_matches('\n');
            let line = match ignores_tabs {
                true => line.trim_start_matches('\t'),
                false => line,
            };
            if line == end {
                return;
            }
        }
    }

    fn take_operator(&mut self, rest: &str) {
        let is_joining = rest.starts_with("&&") || rest.starts_with('|');
        // `&>` sends output to a file.
        if rest.starts_with("&>") {
            self.at += 2;
            return;
        }
        let sign = &rest[..1];
        self.at += rest.len() - rest.trim_start_matches(sign).len();
        self.begins_command = true;
        self.is_joined = is_joining;
    }

    fn take_document(&mut self) -> Option<()> {
        self.at += 2;
        let ignores_tabs = self.rest().starts_with('-');
        self.at += usize::from(ignores_tabs);
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let start = self.at;
        self.skip_word()?;
        let end = self.script[start..self.at].replace(['\'', '"', '\\'], "");
        self.documents.push((end, ignores_tabs));
        Some(())
    }

    fn take_word(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_word()?;
        let word = &self.script[start..self.at];
        if !self.begins_command {
            // `case x in` has patterns behind it.
            self.begins_command = false;
            return Some(());
        }
        if OPENING.contains(&word) {
            self.open(false);
            self.begins_command = word != "for" && word != "select" && word != "case";
            if word == "case" {
                self.cases.push(self.depth);
            }
        } else if CLOSING.contains(&word) {
            self.close();
        } else if BETWEEN.contains(&word) {
            self.is_joined |= word == "!";
        } else {
            self.begins_command = false;
            self.is_lost |= self.depth == 0 && self.ends_the_rest(word);
        }
        Some(())
    }

    /// Whether what follows this command need not run, or may fail.
    fn ends_the_rest(&self, word: &str) -> bool {
        let line = self.rest().split(['\n', ';', '&', '|']).next();
        let sets = |letter: char| {
            let words = line.unwrap_or_default().split_whitespace();
            let mut off = words.filter(|it| it.starts_with('+'));
            off.any(|it| it.contains(letter) || it == "+o")
        };
        matches!(word, "exit" | "exec" | "return" | "trap") || (word == "set" && sets('e'))
    }

    /// Skips to the end of a word; `None` if a quotation has no end.
    fn skip_word(&mut self) -> Option<()> {
        while let Some(next) = self.rest().chars().next() {
            match next {
                ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => return Some(()),
                '\'' => self.skip_to('\'', 1)?,
                '"' => self.skip_quoted()?,
                '`' => self.skip_to('`', 1)?,
                '\\' => self.at += 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8),
                '$' if self.rest().starts_with("$(") => self.skip_nested(2, '(', ')')?,
                '$' if self.rest().starts_with("${") => self.skip_nested(2, '{', '}')?,
                other => self.at += other.len_utf8(),
            }
        }
        Some(())
    }

    fn skip_to(&mut self, end: char, from: usize) -> Option<()> {
        let length = self.rest()[from..].find(end)?;
        self.at += from + length + 1;
        Some(())
    }

    fn skip_quoted(&mut self) -> Option<()> {
        self.at += 1;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '"' => {
                    self.at += 1;
                    return Some(());
                }
                '\\' => self.at += 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8),
                '`' => self.skip_to('`', 1)?,
                '$' if self.rest().starts_with("$(") => self.skip_nested(2, '(', ')')?,
                '$' if self.rest().starts_with("${") => self.skip_nested(2, '{', '}')?,
                other => self.at += other.len_utf8(),
            }
        }
        None
    }

    fn skip_nested(&mut self, from: usize, opening: char, closing: char) -> Option<()> {
        self.at += from;
        let mut depth = 1;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '\'' if opening == '(' => self.skip_to('\'', 1)?,
                '"' => self.skip_quoted()?,
                '\\' => self.at += 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8),
                other => {
                    self.at += other.len_utf8();
                    depth += usize::from(other == opening);
                    depth -= usize::from(other == closing);
                    if depth == 0 {
                        return Some(());
                    }
                }
            }
        }
        None
    }

    /// Whether the command ends with its line, or a `;`, and nothing hangs on its status.
    fn ends_alone(mut self) -> bool {
        while let Some(next) = self.rest().chars().next() {
            let is_ampersand = next == '&' && !self.rest().starts_with("&>");
            match next {
                '\n' | ';' => return true,
                '|' => return false,
                _ if is_ampersand => return false,
                _ => {
                    if self.step().is_none() {
                        return false;
                    }
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the `%x` of a script is bound to run.
    fn is_bound(script: &str) -> bool {
        is_bound_to_run(script, script.find("%x").unwrap())
    }

    #[test]
    fn commands_of_the_outermost_level_are_bound_to_run() {
        for script in [
            "%x\n",
            "  %x -j4 'a b' > log 2>&1\n",
            "echo one # it's\n%x \\\n  more\n",
            "if true; then\n  a\nfi\n%x\n",
            "for i in a b; do echo \"$i ${i%'}\"; done; %x; b\n",
            "case $a in\n a|b) c ;;\n (d) e ;;\nesac\n%x\n",
            "cat > f <<'E' ; true\n%y\nE\n%x\n",
            "cat <<-E | b\n\t'\n\tE\n%x\n",
            "( cd a && b )\n{ c; }\nd=$(e 'f)' | g)\n%x\n",
            "f() {\n  a\n}\n%x\n",
            "a || b && c\n%x\n",
            "[[ a = b ]] || c\n%x\n",
            "echo done if `b`\n((a++)) || :\n%x\n",
            "set -x +f\n%x\n",
        ] {
            assert!(is_bound(script), "{script}");
        }
    }

    #[test]
    fn others_are_not() {
        for script in [
            "cat <<E\n%x\nE\n",
            "cat <<'E' <<F\nE\n%x\nF\n",
            "echo '\n%x\n'\n",
            "sed \"\n%x\n\" f\n",
            "if a; then\n  %x\nfi\n",
            "f() {\n%x\n}\n",
            "a && \\\n%x\n",
            "a ||\n%x\n",
            "a \\\n%x\n",
            "! \\\n%x\n",
            "%x || :\n",
            "%x 'a' | tee log\n",
            "%x &\n",
            "%x && a\n",
            "exit 0\n%x\n",
            "set +e\n%x\n",
            "case $a in\n%x) b;;\nesac\n",
            "(\n%x\n)\n",
            "echo 'open\n%x\n",
        ] {
            assert!(!is_bound(script), "{script}");
        }
    }
}
