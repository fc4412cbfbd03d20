//! What to do about a finding, and an example of it: the sections of `explanations.md`.

/// The page, of which each section is about one finding.
const PAGE: &str = include_str!("../explanations.md");

/// A section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Advice {
    /// Whether the finding can be a warning.
    pub(super) can_be_warning: bool,
    /// Lines of a spec, or a command; indented.
    pub(super) example: &'static str,
    /// What to do, in lines.
    pub(super) text: &'static str,
}

/// The section about a finding, by its whole code.
pub(super) fn about(code: &str) -> Option<Advice> {
    let mut sections = PAGE.split("\n## ").skip(1);
    let rest = sections.find_map(|section| section.strip_prefix(code)?.strip_prefix(": "))?;
    let (kind, rest) = rest.split_once("\n\n")?;
    let (example, text) = rest.split_once("\n\n")?;
    Some(Advice {
        can_be_warning: kind != "error",
        example,
        text: text.trim_end(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::explain::all;

    #[test]
    fn each_finding_has_a_name_of_its_own_and_a_section() {
        let mut names: Vec<&str> = all().map(|(code, _)| code.name()).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "two findings have this name");
        for (code, _) in all() {
            let advice = about(code.0).unwrap_or_else(|| panic!("no section about {}", code.0));
            assert!(advice.example.starts_with("    "), "{}", code.0);
            assert!(!advice.text.is_empty(), "{}", code.0);
        }
        let sections = PAGE.split("\n## ").skip(1);
        for section in sections {
            let code = section.split(": ").next().unwrap_or_default();
            assert!(all().any(|(known, _)| known.0 == code), "{code} is unknown");
        }
    }
}
