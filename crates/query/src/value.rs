//! What a tag holds, and where tags come from.

/// What a tag holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Numbers; a tag that holds one number is a list of one.
    Numbers(Vec<u64>),
    /// One text.
    Text(String),
    /// A list of texts, perhaps of one.
    Texts(Vec<String>),
    /// Bytes that are neither.
    Bytes(Vec<u8>),
}

impl Value {
    /// One number.
    pub fn number(number: impl Into<u64>) -> Self {
        Self::Numbers(vec![number.into()])
    }

    /// How many elements there are; bytes count as one.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Text(_) | Self::Bytes(_) => 1,
        }
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number of the list.
    pub fn number_at(&self, index: usize) -> Option<u64> {
        match self {
            Self::Numbers(numbers) => numbers.get(index).copied(),
            _ => None,
        }
    }

    /// A text of the list.
    pub fn text_at(&self, index: usize) -> Option<&str> {
        match self {
            Self::Text(text) if index == 0 => Some(text),
            Self::Texts(texts) => texts.get(index).map(String::as_str),
            _ => None,
        }
    }

    /// All texts.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::Texts(texts) => texts,
            _ => &[],
        }
    }

    /// All numbers.
    pub fn numbers(&self) -> &[u64] {
        match self {
            Self::Numbers(numbers) => numbers,
            _ => &[],
        }
    }
}

/// Translated texts become a list of all of them.
impl From<header::Value> for Value {
    fn from(stored: header::Value) -> Self {
        use header::Value as Stored;
        match stored {
            Stored::Text(text) => Self::Text(text),
            Stored::Texts(texts) | Stored::Translated(texts) => Self::Texts(texts),
            Stored::Int8(it) => Self::Numbers(it.into_iter().map(u64::from).collect()),
            Stored::Int16(it) => Self::Numbers(it.into_iter().map(u64::from).collect()),
            Stored::Int32(it) => Self::Numbers(it.into_iter().map(u64::from).collect()),
            Stored::Int64(it) => Self::Numbers(it),
            Stored::Binary(bytes) => Self::Bytes(bytes),
        }
    }
}

/// Something that has tags.
pub trait Tags {
    /// What a tag holds; `None` if it is not there. `tag` is a name of [`crate::tag_names`], in
    /// capitals and without any prefix. A list is never empty.
    fn get(&self, tag: &str) -> Option<Value>;

    /// What a tag holds as such, for those who want all tags: every translation of a text, and
    /// nothing of what frames the others.
    fn get_raw(&self, tag: &str) -> Option<Value> {
        self.get(tag)
    }
}
