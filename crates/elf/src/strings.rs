//! String tables.

/// A table of strings that end in zero bytes, found by their offset.
#[derive(Debug, Default)]
pub struct Strings(Vec<u8>);

impl Strings {
    /// The bytes of a section of strings.
    #[must_use]
    pub fn new(table: Vec<u8>) -> Self {
        Self(table)
    }

    /// The string at an offset; `None` if it is outside or not UTF-8.
    #[must_use]
    pub fn get(&self, offset: u64) -> Option<&str> {
        std::str::from_utf8(self.find(offset)?).ok()
    }

    /// The bytes of the string at an offset; none outside.
    #[must_use]
    pub fn bytes(&self, offset: u64) -> &[u8] {
        self.find(offset).unwrap_or_default()
    }

    fn find(&self, offset: u64) -> Option<&[u8]> {
        let rest = self.0.get(usize::try_from(offset).ok()?..)?;
        rest.split(|byte| *byte == 0).next()
    }
}
