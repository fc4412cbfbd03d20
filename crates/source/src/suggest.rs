//! "Did you mean …?"

/// Longer words are nobody's slip of the keyboard. In bytes.
const LONGEST: usize = 100;

/// The candidate nearest to `word`, if it is near enough to be a slip of the keyboard.
///
/// Compared without regard to case; at most a third of the letters may differ. Candidates that can't
/// be near, by their lengths or their first letters, cost next to nothing.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let limit = (word.len() / 3).max(1);
    let (mut rows, mut nearest) = (Rows::default(), None);
    for candidate in candidates {
        let most = nearest.map_or(limit, |(distance, _): (usize, _)| distance - 1);
        if let Some(distance) = rows.distance(&word, candidate, most) {
            nearest = Some((distance, candidate));
            if distance == 0 {
                break;
            }
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

/// The table of a distance: three rows of it at a time.
#[derive(Default)]
struct Rows {
    candidate: Vec<char>,
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Edit distance with neighbouring letters swapped counted as one edit, if it is at most `most`.
    fn distance(&mut self, word: &[char], candidate: &str, most: usize) -> Option<usize> {
        // A character has one to four bytes.
        if candidate.len() > 4 * (word.len() + most) {
            return None;
        }
        self.candidate.clear();
        let lower = candidate.chars().flat_map(char::to_lowercase);
        self.candidate.extend(lower);
        let b = &self.candidate;
        if word.len().abs_diff(b.len()) > most {
            return None;
        }
        self.last.clear();
        self.last.extend(0..=b.len());
        self.before.clear();
        for (i, &left) in word.iter().enumerate() {
            self.row.clear();
            self.row.push(i + 1);
            for (j, &right) in b.iter().enumerate() {
                let mut best = (self.last[j] + usize::from(left != right))
                    .min(self.last[j + 1] + 1)
                    .min(self.row[j] + 1);
                if i > 0 && j > 0 && left == b[j - 1] && word[i - 1] == right {
                    best = best.min(self.before[j - 1] + 1);
                }
                self.row.push(best);
            }
            // A swap looks two rows back, and what is too far in both stays so.
            let is_far = |row: &[usize]| row.iter().all(|it| *it > most);
            if is_far(&self.row) && is_far(&self.last) {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        self.last.last().copied().filter(|it| *it <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let tags = ["Requires", "Recommends", "Release", "Summary"];
        assert_eq!(closest("Reqires", tags), Some("Requires"));
        assert_eq!(closest("sumamry", tags), Some("Summary"));
        assert_eq!(closest("Banana", tags), None);
        assert_eq!(closest("release", tags), Some("Release"));
        assert_eq!(closest("", tags), None);
        // The first of several that are as near.
        assert_eq!(closest("xa", ["xb", "xc"]), Some("xb"));
        assert_eq!(closest("xa", ["xbc", "xb", "xa"]), Some("xa"));
    }

    #[test]
    fn words_that_no_keyboard_slips_into_are_not_looked_at() {
        let word = "a".repeat(LONGEST + 1);
        let never = std::iter::from_fn(|| -> Option<&str> { unreachable!("a candidate is read") });
        assert_eq!(closest(&word, never), None);
        let long = "a".repeat(50_000_000);
        assert_eq!(closest("aa", [long.as_str(), "ab"]), Some("ab"));
    }
}
