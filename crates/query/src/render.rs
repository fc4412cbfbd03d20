//! Filling a format in.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use limits::Growth;

use crate::field::{Field, Quantity};
use crate::parse::Part;
use crate::{Format, Tags, Value, extension, table, tag_names};

/// Why a format cannot be filled in; in rpm's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderFault {
    /// `[…]` holds arrays of several lengths.
    #[error("array iterator used with different sized arrays")]
    DifferentSizes,
    /// The text would be longer than a package has anything to say: `[%{=NAME}%{FILENAMES}]` repeats a name
    /// as often as there are files.
    #[error("it makes more than {} MiB of text of one package", MOST >> 20)]
    TooLong,
}

/// What may be made of one package, in bytes.
const MOST: usize = 512 << 20;

impl Format {
    /// The text for one package.
    pub fn render(&self, tags: &dyn Tags) -> Result<String, RenderFault> {
        self.render_within(tags, MOST)
    }

    /// The same, of at most so many bytes.
    pub(crate) fn render_within(
        &self,
        tags: &dyn Tags,
        most: usize,
    ) -> Result<String, RenderFault> {
        let frame = self.over_all_tags();
        let source = Source {
            tags,
            is_raw: frame.is_some(),
            known: RefCell::default(),
            room: RefCell::new(Growth::bytes(most)),
        };
        match frame {
            Some(frame) => frame.render(&source, &self.parts[0]),
            None => render_parts(&source, &self.parts, 0, None),
        }
    }

    /// `%{*}` or `[%{*}]` at the start goes over all tags, and is all that counts.
    fn over_all_tags(&self) -> Option<Frame> {
        let first = match self.parts.first()? {
            Part::Each(parts) => parts.first()?,
            part => part,
        };
        match first {
            Part::Field(Field {
                tag: None, format, ..
            }) => Some(Frame::of(format.name)),
            _ => None,
        }
    }
}

/// Tags, each asked for once.
struct Source<'t> {
    tags: &'t dyn Tags,
    /// Leaves out what is only made of other tags.
    is_raw: bool,
    known: RefCell<BTreeMap<&'static str, Option<Rc<Value>>>>,
    /// How much may still be made.
    room: RefCell<Growth>,
}

impl Source<'_> {
    fn push(&self, text: &mut String, piece: &str) -> Result<(), RenderFault> {
        let pushed = self.room.borrow_mut().push(text, piece);
        pushed.map_err(|_| RenderFault::TooLong)
    }

    fn get(&self, tag: &'static str) -> Option<Rc<Value>> {
        if let Some(known) = self.known.borrow().get(tag) {
            return known.clone();
        }
        let value = if self.is_raw {
            self.tags.get_raw(tag)
        } else {
            extension::get(self.tags, tag)
        };
        let value = value.filter(|it| !it.is_empty()).map(Rc::new);
        self.known.borrow_mut().insert(tag, value.clone());
        value
    }
}

/// Renders parts for the `index`th turn; `every` is the tag that `*` stands for.
fn render_parts(
    source: &Source<'_>,
    parts: &[Part],
    index: usize,
    every: Option<&'static str>,
) -> Result<String, RenderFault> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(plain) => source.push(&mut text, plain)?,
            Part::Field(field) => {
                source.push(&mut text, &field_text(source, field, index, every))?;
            }
            Part::Choice {
                tag,
                present,
                absent,
            } => {
                let is_there = tag.is_some_and(|tag| source.get(tag).is_some());
                let chosen = if is_there { present } else { absent };
                text.push_str(&render_parts(source, chosen, index, every)?);
            }
            Part::Each(inner) => {
                for turn in 0..turns(source, inner, every)? {
                    text.push_str(&render_parts(source, inner, turn, every)?);
                }
            }
        }
    }
    Ok(text)
}

fn field_text(
    source: &Source<'_>,
    field: &Field,
    index: usize,
    every: Option<&'static str>,
) -> String {
    let Some(tag) = field.tag.or(every) else {
        return field.text("", None, index);
    };
    field.text(tag, source.get(tag).as_deref(), index)
}

/// How often `[…]` is repeated: as often as its arrays have elements, which must be the same for
/// all; not at all if none is there.
fn turns(
    source: &Source<'_>,
    parts: &[Part],
    every: Option<&'static str>,
) -> Result<usize, RenderFault> {
    let mut turns = None;
    for part in parts {
        let Part::Field(field) = part else { continue };
        if field.quantity != Quantity::Each {
            continue;
        }
        let count = field
            .tag
            .or(every)
            .and_then(|tag| Some(source.get(tag)?.len()));
        match (turns, count) {
            (Some(turns), Some(count)) if turns != count => {
                return Err(RenderFault::DifferentSizes);
            }
            (_, Some(count)) => turns = Some(count),
            (_, None) => {}
        }
    }
    Ok(turns.unwrap_or(0))
}

/// What stands around the tags of a whole header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Xml,
    Json,
    None,
}

impl Frame {
    fn of(format: &str) -> Self {
        match format {
            "xml" => Self::Xml,
            "json" => Self::Json,
            _ => Self::None,
        }
    }

    /// Renders a part for each tag that is there as such, by number.
    fn render(self, source: &Source<'_>, part: &Part) -> Result<String, RenderFault> {
        let mut tags = Vec::new();
        for tag in tag_names().filter(|tag| source.tags.get_raw(tag).is_some()) {
            let body = self.render_tag(source, part, tag)?;
            tags.push(self.around_tag(tag, &body));
        }
        Ok(match self {
            Self::Xml => format!("<rpmHeader>\n{}</rpmHeader>\n", tags.concat()),
            Self::Json => format!("{{\n{}\n}}\n", tags.join(",\n")),
            Self::None => tags.concat(),
        })
    }

    fn render_tag(
        self,
        source: &Source<'_>,
        part: &Part,
        tag: &'static str,
    ) -> Result<String, RenderFault> {
        let (Self::Json, Part::Each(inner)) = (self, part) else {
            return render_parts(source, std::slice::from_ref(part), 0, Some(tag));
        };
        let fields: Vec<Part> = inner
            .iter()
            .filter(|it| matches!(it, Part::Field(_)))
            .cloned()
            .collect();
        let elements: Result<Vec<_>, _> = (0..turns(source, &fields, Some(tag))?)
            .map(|turn| {
                Ok(format!(
                    "\t{}",
                    render_parts(source, &fields, turn, Some(tag))?
                ))
            })
            .collect();
        let elements = elements?;
        Ok(match elements.as_slice() {
            [one] => one.clone(),
            many => format!("[\n{}\n    ]", many.join(",\n")),
        })
    }

    fn around_tag(self, tag: &str, body: &str) -> String {
        let name = table::printed_name(tag);
        match self {
            Self::Xml => format!("  <rpmTag name=\"{name}\">\n{body}  </rpmTag>\n"),
            Self::Json => format!("    \"{name}\": {body}"),
            Self::None => body.to_owned(),
        }
    }
}
