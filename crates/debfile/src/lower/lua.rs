//! The few things that scriptlets in the package manager's Lua are written for.
//!
//! dpkg has no Lua. Nearly all such scriptlets replace a directory by a link, or a link by a
//! directory, before the package is unpacked; these are recognised. Anything else is reported by the
//! caller.
//!
//! Source: Fedora Packaging Guidelines, "Directory Replacement".

/// What a scriptlet does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Idiom {
    /// Moves the directory at this path out of the way.
    DirectoryAway(String),
    /// Removes the link at this path.
    LinkAway(String),
    /// Nothing at all.
    Nothing,
}

/// Recognises a script.
pub(crate) fn recognise(body: &str) -> Option<Idiom> {
    let lines: Vec<&str> = body
        .lines()
        .map(code)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Some(Idiom::Nothing);
    }
    let path = lines.iter().find_map(|line| assigned_path(line))?;
    let has = |part: &str| lines.iter().any(|line| squeezed(line).contains(part));
    if !has("=posix.stat(path") || !lines.iter().all(|line| is_of_idiom(line)) {
        return None;
    }
    if has("type==\"directory\"") && has("os.rename(path,") {
        return Some(Idiom::DirectoryAway(path));
    }
    (has("type==\"link\"") && has("os.remove(path)")).then_some(Idiom::LinkAway(path))
}

/// A line without comment and blanks at its ends.
fn code(line: &str) -> &str {
    line.split("--").next().unwrap_or("").trim()
}

fn squeezed(line: &str) -> String {
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    bare.replace('\'', "\"")
}

/// The path in `path = "/x"` or `local path = "/x"`.
fn assigned_path(line: &str) -> Option<String> {
    let line = squeezed(line.trim_start_matches("local "));
    let path = line.strip_prefix("path=\"")?.split('"').next()?;
    (path.starts_with('/') && !path.contains("..")).then(|| path.to_owned())
}

/// Whether a line may stand in one of the idioms: nothing but the calls they are made of.
fn is_of_idiom(line: &str) -> bool {
    const CALLS: [&str; 4] = ["posix.stat(", "os.rename(", "os.remove(", "string.format("];
    let mut rest = squeezed(line);
    for call in CALLS {
        rest = rest.replace(call, "");
    }
    !rest.contains('(')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECTORY: &str = "\
-- a directory becomes a link
path = \"/usr/share/foo/data\"
st = posix.stat(path)
if st and st.type == \"directory\" then
  status = os.rename(path, path .. \".rpmmoved\")
  if not status then
    suffix = 0
    while not status do
      suffix = suffix + 1
      status = os.rename(path .. \".rpmmoved\", path .. \".rpmmoved.\" .. suffix)
    end
    os.rename(path, path .. \".rpmmoved\")
  end
end
";

    #[test]
    fn the_replacement_idioms_are_recognised() {
        let path = "/usr/share/foo/data".to_owned();
        assert_eq!(recognise(DIRECTORY), Some(Idiom::DirectoryAway(path)));
        let link = "local path = '/etc/x'\nst = posix.stat(path)\n\
                    if st and st.type == 'link' then\n os.remove(path)\nend\n";
        assert_eq!(recognise(link), Some(Idiom::LinkAway("/etc/x".into())));
        assert_eq!(recognise("-- nothing\n"), Some(Idiom::Nothing));
    }

    #[test]
    fn anything_else_is_not() {
        assert_eq!(recognise("posix.mkdir('/x')"), None);
        let more = format!("{DIRECTORY}os.execute('reboot')\n");
        assert_eq!(recognise(&more), None);
    }
}
