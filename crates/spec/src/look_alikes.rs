//! Invisible characters in a spec: byte order marks, line ends of other systems, blanks outside ASCII.
//! rpm takes them for letters, and reports only what follows from that.

use expand::Engine;
use source::{Diagnostic, LookAlike, Origin, Span, Text, look_alike, look_alikes};

use crate::codes;
use crate::context::Context;

/// Warns of a character in a text in which it can only be a slip.
pub(crate) fn check(context: &mut Context<'_>, text: &Text) {
    // `check_line_ends` reports ends of lines.
    let mut found =
        look_alikes(text).filter(|it| it.is_invisible && !text[it.at..].starts_with('\r'));
    let Some(found) = found.next() else { return };
    let diagnostic = Diagnostic::warning(
        codes::LOOK_ALIKE,
        format!("there is a {} here, which nobody sees", found.name),
    );
    let place = text.origin(found.at, found.at + found.len);
    let diagnostic = diagnostic.at(place).help(found.instead);
    context.sink().push(diagnostic.not_in_rpm());
}

/// Warns of lines that end as those of other systems do; once for a spec, at the first.
pub(crate) fn check_line_ends(engine: &mut Engine, name: &str) {
    let Some(file) = engine.sources.id_of(name) else {
        return;
    };
    let text = engine.sources.text(file);
    let Some(at) = text.find("\r\n") else { return };
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let place = Origin::from(engine.sources.whole(file).slice(start, at - start));
    let message = "lines end in carriage return and newline (CRLF)";
    let diagnostic = Diagnostic::warning(codes::LINE_ENDS, message)
        .label(place, "the first of them")
        .note("shells take the carriage return for a part of the last word")
        .help(remove_returns(name));
    engine.sink.push(diagnostic.not_in_rpm());
}

fn remove_returns(name: &str) -> String {
    format!("remove them: `sed -i 's/\\r$//' {name}`")
}

/// Adds the invisible characters in their lines to the errors after the first `keep` findings.
pub(crate) fn explain(engine: &mut Engine, keep: usize) {
    let sources = &engine.sources;
    engine.sink.amend(keep, |finding| {
        let origin = finding.labels.first().map(|label| label.origin);
        let Some(origin) = origin.filter(|_| finding.is_fatal()) else {
            return;
        };
        let span = sources.written(origin);
        let text: &str = sources.text(span.file);
        let Some((found, start)) = in_line(text, span) else {
            return;
        };
        let name: &str = sources.name(span.file);
        if start + found.at == 0 && text.starts_with('\u{feff}') {
            finding.help = Some(format!(
                "the file begins with a byte order mark (U+FEFF), which nobody sees; remove it: \
                 `sed -i '1s/^\\xEF\\xBB\\xBF//' {name}`"
            ));
            return;
        }
        if text[start + found.at..].starts_with('\r') {
            finding.notes.push(remove_returns(name));
            return;
        }
        let column = text[start..start + found.at].chars().count() + 1;
        finding.notes.push(format!(
            "column {column} of this line is a {}: {}",
            found.name, found.instead
        ));
    });
}

/// The character to report in the line that a span begins in, and where that line begins.
fn in_line(text: &str, span: Span) -> Option<(LookAlike, usize)> {
    let at = text.floor_char_boundary((span.start as usize).min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length);
    look_alike(&text[start..end]).map(|found| (found, start))
}
