//! What goes to the terminal: packages and steps to standard output, findings to standard error.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use build::{BuildError, Event, Listener, Output, Stream};
use sign::SignError;
use source::{Diagnostic, Severity, Style, octets};

use crate::crowd::Crowd;
use crate::interruption::Interruption;
use crate::personality;

/// Prints events as they come.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    /// `--quiet`: steps are not shown.
    pub(crate) is_quiet: bool,
    /// `--verbose`: findings are shown, however many there are.
    pub(crate) is_verbose: bool,
    /// The errors so far.
    pub(crate) errors: Vec<String>,
    /// The warnings so far.
    pub(crate) warnings: Vec<String>,
    /// Names of warnings that have been told.
    pub(crate) named: BTreeSet<&'static str>,
    /// How many findings have been told of late.
    pub(crate) crowd: Crowd,
    /// Whether the build has begun: the spec has been read.
    pub(crate) has_begun: bool,
    /// `Wrote: …` is shown even so, as `specbuild` does.
    pub(crate) always_names_packages: bool,
    /// Whether somebody wants an end of it.
    pub(crate) interruption: Interruption,
    /// Where all of it goes.
    pub(crate) output: Output,
}

impl Listener for Terminal {
    fn signal(&self) -> Option<i32> {
        self.interruption.signal()
    }

    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Finding {
                diagnostic,
                sources,
                form,
            } => {
                let style = style(form);
                if !source::is_shown(diagnostic, style) {
                    return;
                }
                let shows_all = style == Style::Bare || self.is_verbose;
                if !shows_all && self.crowd.is_too_much(diagnostic.severity) {
                    return;
                }
                let named = self.with_name(diagnostic, style);
                let shown = named.as_ref().unwrap_or(diagnostic);
                let draw = match personality::shows_codes(std::io::stderr().is_terminal()) {
                    true => source::render_with_code,
                    false => source::render,
                };
                self.print_error(&draw(shown, sources, style));
                match diagnostic.rpm_severity() {
                    Severity::Error => self.errors.push(diagnostic.rpm_message()),
                    Severity::Warning => self.warnings.push(diagnostic.rpm_message()),
                }
            }
            Event::FindingsTold => {
                let rest = std::mem::take(&mut self.crowd).rest();
                rest.iter().for_each(|line| self.print_error(line));
            }
            Event::Expanded { steps, sources } => {
                self.print_text(&crate::steps::draw(steps, sources));
            }
            Event::SpecRead => self.has_begun = true,
            Event::Step(line) => {
                crate::stats::take(line);
                if !self.is_quiet {
                    self.print_line(line);
                }
            }
            Event::Note(_) if self.is_quiet => {}
            Event::Note(line) => self.print_error(line),
            Event::Fetching { .. } if self.is_quiet || !std::io::stderr().is_terminal() => {}
            Event::Fetching {
                name,
                bytes,
                is_complete,
            } => {
                let end = if *is_complete { "\n" } else { "" };
                let size = size_in_words(*bytes);
                write!(std::io::stderr().lock(), "\r{name}: {size:<12}{end}").ok();
            }
            Event::Wrote(_) if self.is_quiet && !self.always_names_packages => {}
            Event::Wrote(path) => self.print_line(&format!("Wrote: {}", path.display())),
        }
    }
}

/// How findings are drawn: in colours on a terminal; in rpm's words alone where a program reads what
/// is called by one of rpm's names; in full elsewhere. `wanted` is what the configuration says, and
/// `SPECBUILD_DIAGNOSTICS` wins over it: `full`, or `bare` for rpm's words alone.
fn style(wanted: &str) -> Style {
    let set = std::env::var("SPECBUILD_DIAGNOSTICS").unwrap_or_default();
    let is_terminal = std::io::stderr().is_terminal();
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let coloured = match COLOURS.get().map(String::as_str) {
        Some("never") => false,
        Some("always") => return Style::Coloured,
        _ => !forbidden,
    };
    match if set.is_empty() { wanted } else { &set } {
        "bare" => Style::Bare,
        "full" if is_terminal && coloured => Style::Coloured,
        "full" => Style::Plain,
        _ if !is_terminal && personality::is_rpms_own() => Style::Bare,
        _ if is_terminal && coloured => Style::Coloured,
        _ => Style::Plain,
    }
}

/// `--color`: when to use colours.
static COLOURS: OnceLock<String> = OnceLock::new();

/// Takes `--color`, which is `never`, `auto` or `always`.
pub(crate) fn set_colours(when: &str) {
    COLOURS.get_or_init(|| when.to_owned());
}

/// A line to standard output. A reader that has gone away is not our fault.
pub(crate) fn print_line(line: &str) {
    Terminal::default().print_line(line);
}

/// What `--eval` made, on a line of its own; nothing if it is empty.
pub(crate) fn print_result(made: &str) -> Result<(), BuildError> {
    if made.is_empty() {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    out.write_all(&line_of(made))
        .and_then(|()| out.flush())
        .map_err(BuildError::Print)
}

/// Text to standard output, as it is.
pub(crate) fn print_text(text: &str) {
    Terminal::default().print_text(text);
}

/// A line to standard error.
pub(crate) fn print_error(line: &str) {
    Terminal::default().print_error(line);
}

/// A line at once; bytes that are not UTF-8 leave as they came.
fn line_of(text: &str) -> Vec<u8> {
    let mut bytes = octets::restore(text).into_owned();
    bytes.push(b'\n');
    bytes
}

/// Says why something failed, with its causes, and returns the exit status. Faults in a spec have
/// been shown already.
pub(crate) fn fail(error: &BuildError) -> u8 {
    Terminal::default().fail(error)
}

/// The exit status, which says so if not all could be printed.
pub(crate) fn checked(status: u8) -> u8 {
    let Some(fault) = build::output_fault() else {
        return status;
    };
    let reason = build::reason_of(fault);
    match personality::is_rpms_own() {
        true => print_error(&format!("Error writing to log: {reason}")),
        false => print_error(&format!("error: cannot write standard output: {reason}")),
    }
    status.max(1)
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        match inner.downcast_ref() {
            Some(refusal) => text.push_str(&format!(": {}", build::reason_of(refusal))),
            None => text.push_str(&format!(": {inner}")),
        }
        cause = inner.source();
    }
    text
}

impl Terminal {
    /// A line to standard output.
    pub(crate) fn print_line(&self, line: &str) {
        self.output.write(Stream::Output, &line_of(line));
    }

    /// Text to standard output, as it is.
    pub(crate) fn print_text(&self, text: &str) {
        self.output.write(Stream::Output, &octets::restore(text));
    }

    /// A line to standard error.
    pub(crate) fn print_error(&self, line: &str) {
        self.output.write(Stream::Error, &line_of(line));
    }

    /// Says why something failed, as [`fail`] does.
    pub(crate) fn fail(&self, error: &BuildError) -> u8 {
        match error {
            BuildError::Reported(_) | BuildError::MissingBuildRequires => {}
            BuildError::SourcePackage { path, source } if personality::is_rpms_own() => {
                self.fail_to_install(path, source);
            }
            BuildError::MacroFile(path)
            | BuildError::Read {
                what: "macro file",
                path,
                ..
            } if personality::is_rpms_own() => {
                self.print_error(&format!("failed to load macro file {}", path.display()));
            }
            BuildError::NoArchive { path, .. } | BuildError::ShortArchive(path)
                if personality::is_rpms_own() =>
            {
                self.print_error(&format!("error: {}", chain(error)));
                let error = BuildError::NoSpecInside(path.clone());
                self.print_error(&format!("error: {error}"));
            }
            BuildError::RcFile { source, .. } if personality::is_rpms_own() => {
                self.print_error(&format!("error: {error}: {}.", build::reason_of(source)));
            }
            BuildError::NoSigningKey if !personality::is_rpms_own() => self.print_error(
                "error: nothing says with which key: give `--key-id KEYID` for a key of gpg, `--key FILE` for \
                 one in a file, or set `%_openpgp_sign_id`",
            ),
            BuildError::Sign(SignError::Locked { was_given: false, .. })
                if !personality::is_rpms_own() =>
            {
                self.print_error(&format!(
                    "error: {}; `--passphrase-file FILE` names a file that has it in its first line",
                    chain(error)
                ));
            }
            BuildError::NoSpec(path) if !personality::is_rpms_own() => {
                self.print_error(&format!("error: {}{}", chain(error), encoding_of(path)));
            }
            BuildError::Print(cause) => {
                self.print_error(&format!("{error}: {}", build::reason_of(cause)));
            }
            _ => self.print_error(&format!("error: {}", chain(error))),
        }
        if let Some(help) = error.help().filter(|_| !personality::is_rpms_own()) {
            self.print_error(&format!("  = help: {help}"));
        }
        error.exit_status()
    }

    /// rpm says what is wrong with a source package on a line of its own, and nothing where it is none.
    fn fail_to_install(&self, path: &Path, cause: &rpmfile::ReadError) {
        if !matches!(cause, rpmfile::ReadError::NotPackage) {
            self.print_error(&format!("error: {}", chain(cause)));
        }
        self.print_error(&format!("error: {} cannot be installed", path.display()));
    }

    /// The first warning of each kind, drawn for people, says how to be rid of it.
    fn with_name(&mut self, diagnostic: &Diagnostic, style: Style) -> Option<Diagnostic> {
        let name = diagnostic.code.name();
        let is_warning = diagnostic.severity == Severity::Warning;
        if style == Style::Bare || !is_warning || !self.named.insert(name) {
            return None;
        }
        let how = format!("`-W no-{name}` silences this warning");
        Some(diagnostic.clone().note(how))
    }

    /// rpm's summary at the end of a build: the warnings, and the errors if it failed.
    pub(crate) fn summarize_findings(&self, has_failed: bool) {
        if self.has_begun && !self.is_quiet {
            summarize_messages("\nRPM build warnings:", &self.warnings);
            if has_failed {
                summarize_messages("\nRPM build errors:", &self.errors);
            }
        }
    }
}

/// What may be the reason that a file is not taken for a spec.
fn encoding_of(path: &Path) -> String {
    let start = |file| limits::read_from(std::io::Read::take(file, 2), 2);
    let bytes = std::fs::File::open(path)
        .and_then(start)
        .unwrap_or_default();
    let marks: [&[u8]; 7] = [
        b"\xff\xfe",
        b"\xfe\xff",
        b"N\0",
        b"#\0",
        b"%\0",
        b"\0N",
        b"\0#",
    ];
    match marks.iter().any(|mark| bytes.starts_with(mark)) {
        true => format!(
            "\nhelp: it is written in UTF-16; convert it: `iconv -f UTF-16 -t UTF-8 {0} > new.spec`",
            path.display()
        ),
        false => String::new(),
    }
}

fn summarize_messages(title: &str, messages: &[String]) {
    if messages.is_empty() {
        return;
    }
    print_line(title);
    for message in messages {
        print_error(&format!("    {message}"));
    }
}

/// The packages of a run, what comes with them, and where it all is, for people.
pub(crate) fn summarize(target: &str, written: &[PathBuf]) {
    if written.is_empty() {
        return;
    }
    let is_package = |path: &&PathBuf| {
        path.extension()
            .is_some_and(|it| it == "deb" || it == "rpm")
    };
    let count = written.iter().filter(is_package).count();
    print_line(&match count {
        0 => format!("\nMade for {target}:"),
        1 => format!("\nBuilt 1 package for {target}:"),
        _ => format!("\nBuilt {count} packages for {target}:"),
    });
    for path in written {
        print_line(&format!("  {}  {}", path.display(), size_of(path)));
    }
}

fn size_of(path: &Path) -> String {
    size_in_words(std::fs::metadata(path).map_or(0, |meta| meta.len()))
}

fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
