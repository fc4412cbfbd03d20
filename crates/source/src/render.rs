//! Draws findings in the manner of rustc and cargo, through their own renderer.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Diagnostic, Label, Origin, Severity, SourceMap};

/// The form in which findings are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For files, pipes and tests.
    Plain,
    /// With terminal colours.
    Coloured,
    /// Only what rpm itself prints, line by line, for programs that read rpm's messages.
    Bare,
}

/// Macro calls shown in full before the rest is only counted.
const MAX_CALLS: usize = 6;

/// Returns whether a finding is shown: rpm does not print all that we find, and prints some twice.
pub fn is_shown(diagnostic: &Diagnostic, style: Style) -> bool {
    match style {
        Style::Bare => !diagnostic.rpm.is_silent,
        Style::Plain | Style::Coloured => !diagnostic.rpm.is_repeat,
    }
}

/// Draws one finding, without a newline at the end.
///
/// The first line keeps the form `error: …` or `warning: …` that tools look for; then come each
/// place with its line and a caret, the chain of macro calls that led there, notes and help.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    draw(diagnostic, sources, style, None)
}

/// Draws one finding as [`render`] does, with its code in the first line: `error[area::name]: …`.
/// What rpm itself prints has none.
pub fn render_with_code(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    draw(diagnostic, sources, style, Some(diagnostic.code.0))
}

fn draw(
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    style: Style,
    code: Option<&'static str>,
) -> String {
    let renderer = match style {
        Style::Bare => {
            let form = &diagnostic.rpm;
            return form.draw(diagnostic.severity, &diagnostic.message);
        }
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let (title, more) = diagnostic
        .message
        .split_once('\n')
        .unwrap_or((&diagnostic.message, ""));
    let mut title = level.primary_title(title);
    if let Some(code) = code {
        title = title.id(code);
    }
    let mut group = Group::with_title(title);
    let places = places(diagnostic, sources);
    for (index, place) in places.iter().enumerate() {
        group = group.element(snippet(place, index == 0, sources));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    with_more_lines(renderer.render(&[group]), more)
}

/// Puts the further lines of a message below its first, as they are: tools look for them.
fn with_more_lines(drawn: String, more: &str) -> String {
    if more.is_empty() {
        return drawn;
    }
    match drawn.split_once('\n') {
        Some((title, places)) => format!("{title}\n{more}\n{places}"),
        None => format!("{drawn}\n{more}"),
    }
}

/// A finding's labels, each followed by the calls that led to it.
fn places(diagnostic: &Diagnostic, sources: &SourceMap) -> Vec<Label> {
    diagnostic
        .labels
        .iter()
        .flat_map(|label| with_calls(label, sources))
        .collect()
}

fn with_calls(label: &Label, sources: &SourceMap) -> Vec<Label> {
    let calls: Vec<_> = sources.chain(label.origin).collect();
    let mut places = vec![label.clone()];
    for (depth, frame) in calls.iter().enumerate() {
        let outermost = depth + 1 == calls.len();
        if depth >= MAX_CALLS && !outermost {
            continue;
        }
        let skipped = calls.len().saturating_sub(MAX_CALLS + 1);
        let more = if outermost && skipped > 0 {
            format!(" ({skipped} more in between)")
        } else {
            String::new()
        };
        let message = format!("in this expansion of `%{}`{more}", frame.name);
        let origin = Origin {
            span: frame.call.span,
            frame: None,
        };
        places.push(Label { origin, message });
    }
    places
}

fn snippet<'a>(
    place: &'a Label,
    primary: bool,
    sources: &'a SourceMap,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let span = place.origin.span;
    let text: &str = sources.text(span.file);
    let kind = if primary {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    };
    let range = on_characters(text, span.start as usize, span.end as usize);
    let mut annotation = kind.span(range);
    if !place.message.is_empty() {
        annotation = annotation.label(place.message.as_str());
    }
    Snippet::source(text)
        .path(&**sources.name(span.file))
        .fold(true)
        .annotation(annotation)
}

/// The range within `text`, widened to character boundaries, cut to its first line.
fn on_characters(text: &str, start: usize, end: usize) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(start.min(text.len()));
    let end = text.ceil_char_boundary(end.clamp(start, text.len()));
    let first_line = text[start..end]
        .find('\n')
        .map_or(end, |newline| start + newline);
    start..first_line.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Frame, Span};

    #[test]
    fn the_chain_of_expansions_is_drawn() {
        let mut map = SourceMap::new();
        let macros = map.add("macros", "%common \\\nReqires: glibc\n");
        let spec = map.add("hello.spec", "Name: hello\n%common\n");
        let call = Span {
            file: spec,
            start: 12,
            end: 19,
        };
        let frame = map.push_frame(Frame {
            name: "common".into(),
            call: call.into(),
            defined: None,
        });
        let origin = Origin {
            span: Span {
                file: macros,
                start: 10,
                end: 17,
            },
            frame,
        };
        let diagnostic = Diagnostic::error(Code("spec::unknown-tag"), "unknown tag `Reqires`")
            .label(origin, "not a tag")
            .help("did you mean `Requires`?");
        assert_eq!(
            render(&diagnostic, &map, Style::Bare),
            "error: unknown tag `Reqires`"
        );
        let coded = render_with_code(&diagnostic, &map, Style::Plain);
        assert!(coded.starts_with("error[spec::unknown-tag]: unknown tag `Reqires`\n"));
        let drawn = render(&diagnostic, &map, Style::Plain);
        let expected = "\
error: unknown tag `Reqires`
 --> macros:2:1
  |
2 | Reqires: glibc
  | ^^^^^^^ not a tag
  |
 ::: hello.spec:2:1
  |
2 | %common
  | ------- in this expansion of `%common`
  |
  = help: did you mean `Requires`?";
        assert_eq!(
            drawn
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n"),
            expected
        );
    }
}
