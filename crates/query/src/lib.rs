//! Rpm's query formats, `%{NAME}-%{VERSION}\n`.
//!
//! A [`Format`] is parsed once and rendered for anything that has [`Tags`]: a package of our own by
//! [`PackageTags`], or a header read from a package file. The language is that of rpm-queryformat(7).
//!
//! Tags that a header does not hold as such (`EVR`, `FILENAMES`, `REQUIRENEVRS`, …) are made here of
//! those that it does, for any source of tags.
//!
//! A [`Listing`] shows the files of a package as `rpm -ql` does.
//!
//! Not here: reading package files, and choosing which packages are asked. Times are shown in UTC,
//! since nothing here looks at the environment.
//!
//! ```
//! # use specbuild_query as query;
//! let format = query::Format::parse("%{name}: %|epoch?{%{epoch}}:{no epoch}|\\n").unwrap();
//! struct One;
//! impl query::Tags for One {
//!     fn get(&self, tag: &str) -> Option<query::Value> {
//!         (tag == "NAME").then(|| query::Value::Text("hello".into()))
//!     }
//! }
//! assert_eq!(format.render(&One).unwrap(), "hello: no epoch\n");
//! ```

mod extension;
mod field;
mod formats;
mod listing;
mod package_tags;
mod parse;
mod render;
mod table;
pub mod unless_empty;
mod value;

pub use listing::{Detail, Listing, file_flags};
pub use package_tags::PackageTags;
pub use parse::{Format, FormatFault};
pub use render::RenderFault;
pub use table::{tag_lines, tag_names, tag_number};
pub use value::{Tags, Value};

#[cfg(test)]
mod tests;
