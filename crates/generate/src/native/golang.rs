//! What a Go program was built with, by the list that `go mod vendor` writes.
//!
//! Not here: Go's own packages of source, see `analyze::golang`.
//!
//! Source: Go Modules Reference, "Vendoring"; Fedora's packaging guidelines, "Golang".

use package::{Comparison, Dependency};

use crate::subject::{Found, Subject, lines};

/// `bundled(golang(path)) = version` of each module on the list; of one that is replaced, what
/// replaces it.
pub(crate) fn bundled(subject: &Subject<'_>) -> Found {
    Ok(lines(subject.disk)?
        .iter()
        .filter_map(|it| module(it))
        .collect())
}

/// `# example.org/x v1.2.3`, `# example.org/x v1.2.3 => example.org/y v1.3.0`.
fn module(line: &str) -> Option<Dependency> {
    let line = line.strip_prefix("# ")?;
    let line = line.split(" => ").last()?;
    let (path, version) = line.trim().split_once(' ')?;
    let version = version.trim().strip_prefix('v')?;
    let version = version.strip_suffix("+incompatible").unwrap_or(version);
    let name = format!("bundled(golang({path}))");
    let version = version.replace('-', "~");
    Some(Dependency::versioned(name, Comparison::Equal, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_module_of_the_list_is_bundled() {
        let of = |line| module(line).map(|it| it.to_string()).unwrap_or_default();
        let dated = "# golang.org/x/sys v0.0.0-20220715151400-c0bba94af5f8";
        assert_eq!(
            of(dated),
            "bundled(golang(golang.org/x/sys)) = 0.0.0~20220715151400~c0bba94af5f8"
        );
        assert_eq!(
            of("# a.b/c v2.0.0+incompatible"),
            "bundled(golang(a.b/c)) = 2.0.0"
        );
        assert_eq!(
            of("# a.b/c v1.0.0 => a.b/d v1.1.0"),
            "bundled(golang(a.b/d)) = 1.1.0"
        );
        assert_eq!(of("# a.b/c v1.0.0 => ./here"), "");
        assert_eq!(of("## explicit; go 1.17"), "");
        assert_eq!(of("golang.org/x/sys/unix"), "");
    }
}
