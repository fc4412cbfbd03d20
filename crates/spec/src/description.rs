//! `%description`, and debbuild's `%copyrightdata`.

use package::Tag;
use source::Reported;

use crate::context::Context;
use crate::header::{header_options, header_package};
use crate::line::{Line, Strip};
use crate::near_headers;
use crate::preamble::{self, TranslatableText};
use crate::section::{Next, section_names};
use crate::unexpanded::{self, Place};

/// Reads a description, perhaps in another language (`-l`).
pub(crate) fn read(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let options = header_options(context, header, "n:l:");
    let index = match &options {
        Ok(options) => header_package(context, header, options),
        Err(reported) => Err(*reported),
    };
    let (body, next) = context.body(Strip::ALL)?;
    unexpanded::check(context, &body, Place::Prose);
    near_headers::check_prose(context.sink(), &body, &section_names());
    if let (Ok(options), Ok(index)) = (options, index) {
        let language = options
            .argument('l')
            .map_or("C", |language| language.as_str());
        // rpm names the line that it read last.
        let end = Line {
            text: header.text.clone(),
            number: context.reader.line_number(),
        };
        let text = TranslatableText {
            tag: Tag::Description,
            language,
            value: &body,
            line: &end,
        };
        preamble::set_translatable(context, index, &text);
    }
    Ok(next)
}

/// Reads the text of a copyright file. Source: debbuild's README, "%copyrightdata".
pub(crate) fn read_copyright(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let options = header_options(context, header, "n:");
    let index = match &options {
        Ok(options) => header_package(context, header, options),
        Err(reported) => Err(*reported),
    };
    let (body, next) = context.body(Strip::NOTHING)?;
    if let Ok(index) = index {
        context
            .package(index)
            .tags
            .set(Tag::CopyrightData, body.as_str());
    }
    Ok(next)
}
