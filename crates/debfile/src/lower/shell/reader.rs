//! Commands and what stands between them.

use super::here_documents::HereDocument;
use super::{Command, Input, Shell, Word};

/// Substitutions within substitutions; whoever nests deeper is left to bash.
const DEEPEST: usize = 40;

/// A compound command that is open; `true` for the body of a function.
enum Frame {
    Parenthesis(bool),
    Brace(bool),
    Case(Part, Command),
}

/// Where in a `case` the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Patterns,
    Body,
}

/// Words after which a command begins, or that end a compound one.
const RESERVED: [&str; 11] = [
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "!", "in",
];

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Where reading stops: before the end of the text inside backquotes.
    pub(super) end: usize,
    pub(super) depth: usize,
    pub(super) shell: Shell,
    pub(super) here_documents: Vec<HereDocument>,
    /// The functions that are open, by number.
    functions: Vec<usize>,
    /// The function whose body comes next.
    defined: Option<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn read(text: &'t str) -> Shell {
        let mut reader = Self {
            text,
            at: 0,
            end: text.len(),
            depth: 0,
            shell: Shell::default(),
            here_documents: Vec::new(),
            functions: Vec::new(),
            defined: None,
        };
        reader.commands(false);
        reader.shell
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<u8> {
        let at = self.at + by;
        (at < self.end).then(|| self.text.as_bytes()[at])
    }

    pub(super) fn starts_with(&self, start: &str) -> bool {
        self.text.as_bytes()[self.at..self.end].starts_with(start.as_bytes())
    }

    pub(super) fn accept(&mut self, start: &str) -> bool {
        let is_there = self.starts_with(start);
        if is_there {
            self.at += start.len();
        }
        is_there
    }

    pub(super) fn note(&mut self, extension: &'static str) {
        if !self.shell.extensions.contains(&extension) {
            self.shell.extensions.push(extension);
        }
    }

    /// Goes one level down, unless that is too deep; then nothing more is read.
    pub(super) fn nested(&mut self, inner: impl FnOnce(&mut Self)) {
        if self.depth >= DEEPEST {
            self.note("deep nesting");
            self.at = self.end;
            return;
        }
        self.depth += 1;
        inner(self);
        self.depth -= 1;
    }

    /// Reads commands up to the end, or up to and with the `)` of a substitution.
    pub(super) fn commands(&mut self, is_substitution: bool) {
        let mut frames: Vec<Frame> = Vec::new();
        let mut command = Command::default();
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek() else { break };
            let part = match frames.last() {
                Some(Frame::Case(part, _)) => Some(*part),
                _ => None,
            };
            match byte {
                b'#' => self.skip_line(),
                b'\n' => {
                    self.at += 1;
                    self.finish(&mut command);
                    self.read_here_documents();
                }
                b';' if part == Some(Part::Body) && self.starts_with(";;")
                    || self.starts_with(";&") =>
                {
                    self.case_operator();
                    self.finish(&mut command);
                    set_part(&mut frames, Part::Patterns);
                }
                b')' if part == Some(Part::Patterns) => {
                    self.at += 1;
                    set_part(&mut frames, Part::Body);
                }
                b'(' | b'|' if part == Some(Part::Patterns) => self.at += 1,
                b')' => {
                    self.at += 1;
                    self.finish(&mut command);
                    if frames.is_empty() && is_substitution {
                        return;
                    }
                    if matches!(frames.last(), Some(Frame::Parenthesis(_))) {
                        self.close(&mut frames);
                    }
                }
                b'(' => self.parenthesis(&mut command, &mut frames),
                b'<' | b'>' if self.ahead(1) != Some(b'(') => self.redirection(&mut command),
                b'&' if self.ahead(1) == Some(b'>') => {
                    self.note("&>");
                    self.at += 1;
                    self.redirection(&mut command);
                }
                b';' | b'&' | b'|' => {
                    let is_pipe = self.operator();
                    let is_simple = !command.is_empty();
                    self.finish(&mut command);
                    if is_pipe {
                        let before = self.shell.commands.len().checked_sub(1);
                        command.input = Some(Input::Pipe(before.filter(|_| is_simple)));
                    }
                }
                _ if part == Some(Part::Subject) || part == Some(Part::Patterns) => {
                    self.case_word(part, &mut frames);
                }
                _ => self.command_word(&mut command, &mut frames),
            }
        }
        self.finish(&mut command);
    }

    fn finish(&mut self, command: &mut Command) {
        if command.is_empty() {
            return; // a pipe's reader may stand on the next line
        }
        let mut command = std::mem::take(command);
        command.function = self.functions.last().copied();
        self.shell.commands.push(command);
    }

    /// Whether what opens now is the body of a function.
    fn opens_function(&mut self) -> bool {
        let function = self.defined.take();
        self.functions.extend(function);
        function.is_some()
    }

    fn close(&mut self, frames: &mut Vec<Frame>) {
        match frames.pop() {
            Some(Frame::Parenthesis(true) | Frame::Brace(true)) => drop(self.functions.pop()),
            Some(Frame::Case(_, mut words)) => self.finish(&mut words),
            _ => {}
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.ahead(1) == Some(b'\n') => self.at += 2,
                _ => return,
            }
        }
    }

    pub(super) fn skip_line(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
    }

    fn case_operator(&mut self) {
        if self.accept(";;&") || self.accept(";&") {
            self.note(";&");
        } else {
            self.accept(";;");
        }
    }

    /// Passes over an operator; whether it is a pipe.
    fn operator(&mut self) -> bool {
        if self.accept("|&") {
            self.note("|&");
            return true;
        }
        if self.accept("&&") || self.accept("||") || self.accept(";;") {
            return false;
        }
        let is_pipe = self.peek() == Some(b'|');
        self.at += 1;
        is_pipe
    }

    /// `((…))`, `name()`, or a sub-shell.
    fn parenthesis(&mut self, command: &mut Command, frames: &mut Vec<Frame>) {
        let is_for = matches!(&command.words[..], [word] if word.value == "for");
        if self.starts_with("((") && (command.words.is_empty() || is_for) {
            self.note("((…))");
            self.at += 2;
            if self.arithmetic() {
                return;
            }
            self.at -= 1;
        } else {
            self.at += 1;
        }
        self.skip_blanks();
        match &command.words[..] {
            [] => frames.push(Frame::Parenthesis(self.opens_function())),
            [name] if self.peek() == Some(b')') => {
                let name = name.value.clone();
                self.at += 1;
                self.define(name);
                *command = Command::default();
            }
            _ => {
                self.note("a parenthesis in a command");
                frames.push(Frame::Parenthesis(false));
            }
        }
    }

    fn define(&mut self, name: String) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !name.bytes().all(is_plain) {
            self.note("my-function()");
        }
        self.defined = Some(self.shell.functions.len());
        self.shell.functions.push(name);
    }

    fn case_word(&mut self, part: Option<Part>, frames: &mut Vec<Frame>) {
        let start = self.at;
        let word = self.word();
        if self.at == start {
            self.at += 1; // nothing a word could be made of
        }
        let is_bare = !word.is_quoted;
        match part {
            Some(Part::Subject) if is_bare && word.value == "in" => {
                set_part(frames, Part::Patterns);
            }
            Some(Part::Patterns) if is_bare && word.value == "esac" => self.close(frames),
            _ => {
                if let Some(Frame::Case(_, command)) = frames.last_mut() {
                    command.words.push(word);
                }
            }
        }
    }

    fn command_word(&mut self, command: &mut Command, frames: &mut Vec<Frame>) {
        let is_first = command.words.is_empty();
        if is_first && self.starts_with("[[") && self.ahead(2).is_none_or(is_blank) {
            self.note("[[ … ]]");
            self.double_brackets(command);
            return;
        }
        let start = self.at;
        let word = self.word();
        if self.at == start {
            self.at += 1; // nothing a word could be made of
            return;
        }
        if matches!(self.peek(), Some(b'<' | b'>')) && self.names_descriptor(&word) {
            return;
        }
        let is_bare = !word.is_quoted && word.is_literal;
        if is_first && is_bare && self.reserved(&word.value, command, frames) {
            return;
        }
        if is_first && self.is_assignment(&word) {
            command.assignments.push(word);
        } else {
            command.words.push(word);
        }
    }

    /// Whether a word before a redirection is the descriptor that is redirected.
    fn names_descriptor(&mut self, word: &Word) -> bool {
        let value = &word.value;
        let is_number = !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit());
        let is_variable = value.starts_with('{') && value.ends_with('}');
        if is_variable {
            self.note("{descriptor}>");
        } else if is_number && value.len() > 1 {
            self.note("10>");
        }
        !word.is_quoted && (is_number || is_variable)
    }

    /// Does what a reserved word asks for; the result says whether it was one.
    fn reserved(&mut self, word: &str, command: &mut Command, frames: &mut Vec<Frame>) -> bool {
        if !command.assignments.is_empty() {
            return false;
        }
        match word {
            "case" => frames.push(Frame::Case(Part::Subject, Command::named(word))),
            "esac" if matches!(frames.last(), Some(Frame::Case(..))) => self.close(frames),
            "{" => frames.push(Frame::Brace(self.opens_function())),
            "}" if matches!(frames.last(), Some(Frame::Brace(_))) => self.close(frames),
            "select" => self.note("select"),
            "time" => self.note("time"),
            "coproc" => self.note("coproc"),
            "function" => {
                self.note("function");
                self.skip_blanks();
                let name = self.word().value;
                self.define(name);
                self.skip_blanks();
                if self.accept("(") {
                    self.skip_blanks();
                    self.accept(")");
                }
            }
            _ => return RESERVED.contains(&word),
        }
        true
    }

    fn is_assignment(&mut self, word: &Word) -> bool {
        let Some((name, _)) = word.value.split_once('=') else {
            return false;
        };
        let (name, appends) = match name.strip_suffix('+') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let element = name.split_once('[').filter(|(_, rest)| rest.ends_with(']'));
        let plain = element.map_or(name, |(plain, _)| plain);
        if !is_name(plain) {
            return false;
        }
        if appends {
            self.note("x+=");
        }
        if element.is_some() {
            self.note("x[0]=");
        }
        true
    }

    fn double_brackets(&mut self, command: &mut Command) {
        loop {
            self.skip_blanks();
            match self.peek() {
                None => return,
                Some(b'\n') => self.at += 1,
                _ if self.accept("&&") || self.accept("||") => self.finish(command),
                _ => {
                    let start = self.at;
                    let word = self.operand();
                    if self.at == start {
                        self.at += 1;
                    }
                    let is_end = word.value == "]]" && !word.is_quoted;
                    command.words.push(word);
                    if is_end {
                        return;
                    }
                }
            }
        }
    }

    fn redirection(&mut self, command: &mut Command) {
        const OPERATORS: [&str; 10] = ["<<<", "<<-", "<<", "<>", "<&", ">>", ">|", ">&", "<", ">"];
        let operator = OPERATORS
            .into_iter()
            .find(|it| self.accept(it))
            .unwrap_or("");
        self.skip_blanks();
        let word = self.word();
        match operator {
            "<<<" => self.note("<<<"),
            "<<" | "<<-" => {
                let number = self.shell.documents.len() + self.here_documents.len();
                command.input = Some(Input::Document(number));
                self.here_documents.push(HereDocument {
                    end: word.value,
                    is_quoted: word.is_quoted,
                    strips_tabs: operator == "<<-",
                });
            }
            ">&" | "<&" if is_descriptor(&word) => {}
            ">&" | "<&" => self.note(">& file"),
            _ => {
                if ["/dev/tcp/", "/dev/udp/"]
                    .iter()
                    .any(|it| word.value.starts_with(it))
                {
                    self.note("/dev/tcp");
                }
                if operator == "<" {
                    command.input = Some(Input::File);
                }
                command.targets.push(word);
            }
        }
    }
}

fn set_part(frames: &mut [Frame], part: Part) {
    if let Some(Frame::Case(current, _)) = frames.last_mut() {
        *current = part;
    }
}

/// `2`, `-`, or what an expansion makes of it.
fn is_descriptor(word: &Word) -> bool {
    let value = &word.value;
    let is_number = !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit());
    value == "-" || is_number || (!word.is_literal && value.starts_with('$'))
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a word can name a variable.
pub(super) fn is_name(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    word.bytes().all(is_plain) && word.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
}
