//! Draws the steps of an expansion as a tree.
//!
//! Each call is a line: what stands in the text, and what came of it. Below it are the calls that
//! were expanded on the way; beside it, where the macro's body is.

use expand::Step;
use source::SourceMap;

/// Draws steps, each outermost one under the place it was written at.
pub(crate) fn draw(steps: &[Step], sources: &SourceMap) -> String {
    let mut drawing = Drawing {
        sources,
        text: String::new(),
        last_place: String::new(),
    };
    for step in steps {
        drawing.outermost(step);
    }
    drawing.text
}

struct Drawing<'s> {
    sources: &'s SourceMap,
    text: String,
    last_place: String,
}

impl Drawing<'_> {
    fn outermost(&mut self, step: &Step) {
        if !step.is_known && spec::is_keyword(&step.call) {
            return;
        }
        let place = step.origin.map(|origin| {
            let place = self.sources.locate(self.sources.written(origin));
            format!("{}:{}", place.file, place.line)
        });
        let place = place.unwrap_or_else(|| "by the program".to_owned());
        if place != self.last_place {
            self.text.push_str(&format!("{place}\n"));
            self.last_place = place;
        }
        self.step(step, "", "  ", "  ");
    }

    /// `lead` is what precedes the line of this step, `below` the lines under it.
    fn step(&mut self, step: &Step, lead: &str, first: &str, below: &str) {
        let made = match &step.made {
            None => "(failed)".to_owned(),
            Some(_) if !step.is_known => "(not defined, stays as it is)".to_owned(),
            Some(made) if made.is_empty() => "→ (nothing)".to_owned(),
            Some(made) => format!("→ {}", one_line(made)),
        };
        let defined = step.defined.map(|span| self.sources.locate(span));
        let defined = defined.map(|at| format!("  ({}:{})", at.file, at.line));
        self.text.push_str(&format!(
            "{lead}{first}{} {made}{}\n",
            one_line(&step.call),
            defined.unwrap_or_default()
        ));
        let lead = format!("{lead}{below}");
        let count = step.steps.len();
        for (index, inner) in step.steps.iter().enumerate() {
            let is_last = index + 1 == count;
            let (first, below) = if is_last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            self.step(inner, &lead, first, below);
        }
    }
}

/// The first line of a text, and how many more there are.
fn one_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    match lines.count() {
        0 => first.to_owned(),
        1 => format!("{first} … (1 more line)"),
        more => format!("{first} … ({more} more lines)"),
    }
}
