//! Values of tags, where there is anything to hold.

use crate::Value;

/// A text, unless it is empty: rpm's headers lack tags that hold nothing.
pub fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::Text(text.to_owned()))
}

/// A list of texts, unless it is empty.
pub fn texts(texts: Vec<String>) -> Option<Value> {
    (!texts.is_empty()).then_some(Value::Texts(texts))
}

/// A list of numbers, unless it is empty.
pub fn numbers(numbers: Vec<u64>) -> Option<Value> {
    (!numbers.is_empty()).then_some(Value::Numbers(numbers))
}
