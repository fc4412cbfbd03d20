//! The names and numbers of tags. Source: rpm's `rpmtag.h`, in tags.tsv.

/// `NAME<tab>NUMBER<tab>TYPE` by number, then `ALIAS<tab>=NAME<tab>TYPE`; what `--querytags` leaves out
/// has no type.
const TABLE: &str = include_str!("tags.tsv");

/// A row of the table: a name, and a number or `=NAME`.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    columns().map(|(name, number, _)| (name, number))
}

/// A row with the type, which may be empty.
fn columns() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter_map(|line| {
        let (name, rest) = line.split_once('\t')?;
        let (number, kind) = rest.split_once('\t').unwrap_or((rest, ""));
        Some((name, number, kind))
    })
}

/// The lines of `--querytags`, by name; in full with the number and the type of each tag.
pub fn tag_lines(in_full: bool) -> Vec<String> {
    let listed = columns().filter(|(_, _, kind)| !kind.is_empty());
    let line = |(name, number, kind): (&str, &'static str, &str)| {
        let number = number
            .strip_prefix('=')
            .map_or_else(|| number.parse().ok(), tag_number);
        match in_full {
            true => format!("{name:<20} {:>6} {kind}", number.unwrap_or_default()),
            false => name.to_owned(),
        }
    };
    let mut lines: Vec<String> = listed.map(line).collect();
    lines.sort();
    lines
}

/// The tags that can be asked for, by number; aliases are left out.
pub fn tag_names() -> impl Iterator<Item = &'static str> {
    rows()
        .filter(|(_, number)| !number.starts_with('='))
        .map(|(name, _)| name)
}

/// The number of a tag of [`tag_names`].
pub fn tag_number(name: &str) -> Option<u32> {
    rows().find(|(known, _)| *known == name)?.1.parse().ok()
}

/// The tag that somebody means: in any case, by an alias, or with a prefix as in rpm's C interface.
pub(crate) fn find(written: &str) -> Option<&'static str> {
    let bare = written
        .strip_prefix("RPMTAG")
        .and_then(|rest| rest.strip_prefix('_'));
    let name = bare.unwrap_or(written);
    let (known, number) = rows().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(number.strip_prefix('=').unwrap_or(known))
}

/// A tag's name as `:tagname`, `:xml` and `:json` write it.
pub(crate) fn printed_name(tag: &str) -> String {
    let (first, rest) = tag.split_at(tag.len().min(1));
    first.to_owned() + &rest.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{find, tag_lines, tag_names, tag_number};

    #[test]
    fn names_are_found_however_written() {
        assert_eq!(find("name"), Some("NAME"));
        assert_eq!(find("RPMTAG_Epoch"), Some("EPOCH"));
        assert_eq!(find("Requires"), Some("REQUIRENAME"));
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn every_alias_leads_to_a_tag() {
        assert!(super::rows().all(|(name, _)| tag_number(find(name).unwrap()).is_some()));
        assert!(tag_names().count() > 240);
        assert_eq!(tag_lines(false)[0], "ARCH");
        assert!(tag_lines(true).contains(&format!("{:<20} {:>6} argv", "REQUIRES", 1049)));
    }
}
