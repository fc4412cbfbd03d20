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

#[cfg(test)]
mod tests {
    use super::normalized_path;

    #[test]
    fn nothing_stays_that_names_no_directory() {
        assert_eq!(normalized_path("//bin//./../usr//sh/"), "/usr/sh");
        assert_eq!(normalized_path("/.."), "/");
        assert_eq!(normalized_path("a//b/"), "/a/b");
    }
}
