//! `{a,b}`: one pattern becomes several.

/// More alternatives than any file list has; beyond it braces stand for themselves.
const MOST: usize = 4096;

/// The alternatives of a pattern, in the order written.
///
/// Braces nest. `{}`, a brace without its partner and one behind a backslash mean themselves. Unlike
/// in the shell, braces without a comma are dropped: `{a}` is `a`. Source: glob(3), `GLOB_BRACE`.
pub(super) fn expand(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut waiting = vec![pattern.to_owned()];
    while let Some(next) = waiting.pop() {
        match first_braces(&next) {
            Some((start, end)) if done.len() + waiting.len() < MOST => {
                let choices = split(&next[start + 1..end]);
                let whole =
                    |choice: &&str| format!("{}{choice}{}", &next[..start], &next[end + 1..]);
                waiting.extend(choices.iter().rev().map(whole));
            }
            _ => done.push(next),
        }
    }
    done
}

/// Offsets of the first opening brace that has a partner, and of that.
fn first_braces(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' if bytes.get(at + 1) == Some(&b'}') => at += 1,
            b'{' => {
                if let Some(end) = partner(bytes, at) {
                    return Some((at, end));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn partner(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Splits at the commas that stand in no inner braces.
fn split(inner: &str) -> Vec<&str> {
    let bytes = inner.as_bytes();
    let (mut parts, mut depth, mut start, mut at) = (Vec::new(), 0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&inner[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn braces_become_alternatives() {
        assert_eq!(expand("x{,.a,.{b,c}}y"), ["xy", "x.ay", "x.by", "x.cy"]);
        assert_eq!(expand("{a}{1,2}"), ["a1", "a2"]);
    }

    #[test]
    fn braces_may_mean_themselves() {
        assert_eq!(expand("a{}b"), ["a{}b"]);
        assert_eq!(expand("a{b,c"), ["a{b,c"]);
        assert_eq!(expand("a\\{b,c}"), ["a\\{b,c}"]);
    }

    #[test]
    fn endless_braces_end() {
        assert!(expand(&"{a,b}".repeat(40)).len() <= 2 * super::MOST);
    }
}
