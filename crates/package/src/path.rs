//! Paths in packages.

/// A path as packages have it: absolute, without doubled slashes, `.`, `..` or a slash at its end.
/// It is taken as text, whatever links there may be.
pub fn normalized_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A path's directory with its slash, empty if there is none, and the name in it.
pub fn split_path(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

#[cfg(test)]
mod tests {
    use super::{normalized_path, split_path};

    #[test]
    fn nothing_stays_that_names_no_directory() {
        assert_eq!(normalized_path("//bin//./../usr//sh/"), "/usr/sh");
        assert_eq!(normalized_path("/.."), "/");
        assert_eq!(normalized_path("a//b/"), "/a/b");
    }

    #[test]
    fn paths_are_split_at_the_last_slash() {
        assert_eq!(split_path("/usr/bin/x"), ("/usr/bin/", "x"));
        assert_eq!(split_path("/x"), ("/", "x"));
        assert_eq!(split_path("/"), ("/", ""));
        assert_eq!(split_path("x.spec"), ("", "x.spec"));
    }
}
