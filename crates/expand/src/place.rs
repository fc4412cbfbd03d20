//! The place that rpm puts before a message about a macro: the file and the line that are being read. A
//! drawing shows the place of the fault itself.

use source::{Diagnostic, Reported};

use crate::definition::Body;
use crate::engine::Engine;
use crate::macro_file::Loading;

impl Engine {
    /// Reports an error of a macro.
    pub fn report_in_file(&mut self, diagnostic: Diagnostic) -> Reported {
        let diagnostic = self.with_place(diagnostic);
        self.sink.report(diagnostic)
    }

    /// Takes a finding about a macro.
    pub fn push_in_file(&mut self, diagnostic: Diagnostic) {
        let diagnostic = self.with_place(diagnostic);
        self.sink.push(diagnostic);
    }

    fn with_place(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.rpm.prefix = self.rpm_place();
        diagnostic
    }

    /// `FILE: line N: `, or nothing where no file is read.
    pub(crate) fn rpm_place(&self) -> String {
        if let Some(Loading { file, end }) = self.loading {
            let read = self.sources.text(file)[..end].trim_end_matches('\n');
            let line = 1 + read.matches('\n').count();
            return format!("{}: line {line}: ", &**self.sources.name(file));
        }
        let [name, line] = ["__file_name", "__file_lineno"].map(|name| self.shown(name));
        let name = name.map(|name| format!("{name}: "));
        let line = line.map(|line| format!("line {line}: "));
        name.unwrap_or_default() + &line.unwrap_or_default()
    }

    /// What a macro has that needs no expansion.
    fn shown(&self, name: &str) -> Option<String> {
        match &self.table.stack(name).last()?.body {
            Body::Text(text) => Some(text.as_str().to_owned()),
            Body::Counter(line) => Some(line.get().to_string()),
            _ => None,
        }
    }
}
