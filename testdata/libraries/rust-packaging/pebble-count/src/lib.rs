//! Counts words.

/// How many words a text has.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_are_counted() {
        assert_eq!(super::words("one  two\nthree"), 3);
    }
}
