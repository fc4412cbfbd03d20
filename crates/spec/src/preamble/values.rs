//! What each tag does with its value.

mod limits;

use expand::Level;
use package::Tag;
use source::{Diagnostic, Origin, Reported, Text};

use super::tags::{Field, TagKind};
use super::{characters, dependencies, header_name, sources};
use crate::ast::BuildSection;
use crate::context::{Context, line_fault};
use crate::line::Line;
use crate::words::{BAD_QUOTE, parse_number, split_words};
use crate::{buildsystem, codes};

pub(super) use limits::excluded;

/// Takes a tag's value. Returns the architectures to start anew for, if `BuildArch:` requires that.
pub(super) fn set(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Result<Option<Vec<String>>, Reported> {
    let first = note_given(context, index, field);
    if field.rule.kind == TagKind::BuildArch {
        return limits::read_build_arch(context, index, field);
    }
    if let (Some(first), 0, true) = (first, index, context.request.is_lenient) {
        // debbuild takes the first.
        note_duplicate(context, index, field, first);
        return Ok(None);
    }
    if let Err(reported) = apply(context, index, field) {
        // That its macro is not defined follows from it.
        if field.rule.is_macro {
            let name = field.rule.name;
            context.reported_macros.insert(name.to_lowercase());
            context.reported_macros.insert(name.to_uppercase());
        }
        return Err(reported);
    }
    if let Some(first) = first {
        note_duplicate(context, index, field, first);
    }
    if field.rule.is_macro {
        define_macros(context, index, field);
    }
    Ok(None)
}

/// Notes that a tag was given; where it was given before, if it may stand only once.
fn note_given(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Option<Option<Origin>> {
    use TagKind::{Epoch, Name, Release, Text, Version, Word};
    let origin = field.line.origin();
    let before = context.given.insert((index, field.rule.name), origin);
    before.filter(|_| {
        matches!(
            field.rule.kind,
            Name | Version | Release | Epoch | Word(_) | Text(_)
        )
    })
}

/// Tags of which rpm also warns where they stand a second time.
const WARNED_OF: [Tag; 5] = [
    Tag::Distribution,
    Tag::Vendor,
    Tag::License,
    Tag::Packager,
    Tag::SourceLicense,
];

/// Keeps the finding about a second tag of a kind that may occur only once; rpm reports it at the end.
fn note_duplicate(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
    first: Option<Origin>,
) {
    if let TagKind::Word(tag) | TagKind::Text(tag) = field.rule.kind
        && WARNED_OF.contains(&tag)
    {
        let message = format!("line {}: second {}", field.line.number, header_name(tag));
        let diagnostic = Diagnostic::warning(codes::SECOND_TEXT, message);
        context.sink().push(diagnostic.at(field.line.origin()));
    }
    let name = match field.rule.kind {
        TagKind::Word(tag) | TagKind::Text(tag) => header_name(tag),
        _ => field.rule.name,
    };
    let package = context.package(index).name.clone();
    let message = format!("Duplicate {name} entries in package: {package}");
    let diagnostic = Diagnostic::error(codes::DUPLICATE_TAG, message)
        .at(field.line.origin())
        .label(first, "the first one is here");
    context.duplicates.push((index, diagnostic));
}

/// `%name` and, from the main package, `%NAME`.
fn define_macros(context: &mut Context<'_>, index: usize, field: &Field<'_>) {
    let name = field.rule.name;
    context
        .engine
        .define(&name.to_lowercase(), field.value.clone(), Level::SPEC);
    if index == 0 {
        context
            .engine
            .define(&name.to_uppercase(), field.value.clone(), Level::SPEC);
    }
}

/// Refuses blanks within a value.
fn single(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let Some(blank) = field.value.find(|c: char| c.is_ascii_whitespace()) else {
        return Ok(());
    };
    let rest = field.value.slice(blank, field.value.len()).trim();
    let help = field.value.starts_with('%').then(|| {
        let name = field.value[1..blank].trim_matches(['{', '?']);
        format!("no macro `%{name}` is defined")
    });
    let diagnostic = line_fault(field.line, "Tag takes single token only")
        .label(rest.whole(), "this is too much")
        .help_if(help);
    Err(context.sink().report(diagnostic))
}

fn fault(context: &mut Context<'_>, field: &Field<'_>, what: &str) -> Reported {
    let diagnostic = line_fault(field.line, what).at(field.value.whole());
    context.sink().report(diagnostic)
}

fn apply(context: &mut Context<'_>, index: usize, field: &Field<'_>) -> Result<(), Reported> {
    let value = &field.value;
    match field.rule.kind {
        TagKind::Name => set_name(context, index, field)?,
        TagKind::Version => {
            single(context, field)?;
            characters::check(context, field.line, value, characters::VERSION)?;
            context
                .package(index)
                .version
                .get_or_insert_with(|| value.as_str().to_owned());
        }
        TagKind::Release => {
            single(context, field)?;
            characters::check(context, field.line, value, characters::VERSION)?;
            context
                .package(index)
                .release
                .get_or_insert_with(|| value.as_str().to_owned());
        }
        TagKind::Epoch => set_epoch(context, index, field)?,
        TagKind::Word(tag) => {
            single(context, field)?;
            set_text(context, index, tag, value);
        }
        TagKind::Text(tag) => set_text(context, index, tag, value),
        TagKind::Translatable(tag) => {
            let text = TranslatableText {
                tag,
                language: &field.qualifier,
                value,
                line: field.line,
            };
            set_translatable(context, index, &text);
        }
        TagKind::SourceLicense => context.spec.source_license = Some(value.as_str().to_owned()),
        TagKind::Source | TagKind::Patch => sources::read(context, field)?,
        TagKind::NoSource | TagKind::NoPatch => sources::read_left_out(context, field)?,
        TagKind::Icon => {
            single(context, field)?;
            sources::read_icon(context, index, field)?;
        }
        TagKind::Relation(_) | TagKind::PreReq => dependencies::read(context, index, field)?,
        TagKind::BuildRequires | TagKind::BuildConflicts => {
            dependencies::read_build(context, field)?;
        }
        TagKind::ExcludeArch
        | TagKind::ExclusiveArch
        | TagKind::ExcludeOs
        | TagKind::ExclusiveOs => limits::read(context, field)?,
        TagKind::Prefixes => set_prefixes(context, index, field)?,
        TagKind::AutoReqProv => {
            let wanted = is_yes(value);
            let package = context.package(index);
            (package.auto_req, package.auto_prov) = (wanted, wanted);
        }
        TagKind::AutoReq => context.package(index).auto_req = is_yes(value),
        TagKind::AutoProv => context.package(index).auto_prov = is_yes(value),
        TagKind::DocDir => set_doc_dir(context, field)?,
        TagKind::RemovePathPostfixes => {
            let postfixes = value.split(':').filter(|postfix| !postfix.is_empty());
            context.package(index).removed_postfixes = postfixes.map(str::to_owned).collect();
        }
        TagKind::BuildSystem => {
            single(context, field)?;
            characters::check(context, field.line, value, characters::NAME)?;
            buildsystem::check(context, field.line, value)?;
        }
        TagKind::BuildOption => add_build_option(context, field)?,
        TagKind::BuildRoot | TagKind::BuildArch => {}
    }
    Ok(())
}

fn set_name(context: &mut Context<'_>, index: usize, field: &Field<'_>) -> Result<(), Reported> {
    single(context, field)?;
    characters::check(context, field.line, &field.value, characters::NAME)?;
    let package = context.package(index);
    if package.name.is_empty() {
        package.name = field.value.as_str().to_owned();
        package.origin = field.value.whole();
    }
    Ok(())
}

fn set_epoch(context: &mut Context<'_>, index: usize, field: &Field<'_>) -> Result<(), Reported> {
    single(context, field)?;
    let Some(epoch) = parse_number(&field.value) else {
        return Err(fault(
            context,
            field,
            "Epoch field must be an unsigned number",
        ));
    };
    context.package(index).epoch.get_or_insert(epoch);
    Ok(())
}

fn set_text(context: &mut Context<'_>, index: usize, tag: Tag, value: &Text) {
    let tags = &mut context.package(index).tags;
    tags.set(tag, value.as_str());
    tags.locate(tag, value.whole());
}

/// A summary or description in one language.
pub(crate) struct TranslatableText<'a> {
    pub(crate) tag: Tag,
    /// `C`, or empty, for the text that is not a translation.
    pub(crate) language: &'a str,
    pub(crate) value: &'a Text,
    /// The line that messages name.
    pub(crate) line: &'a Line,
}

/// Sets a text or its translation; a second one takes the place of the first, with a warning.
pub(crate) fn set_translatable(
    context: &mut Context<'_>,
    index: usize,
    text: &TranslatableText<'_>,
) {
    let &TranslatableText {
        tag,
        language,
        value,
        line,
    } = text;
    let is_plain = language == "C" || language.is_empty();
    let no_translations = context.request.no_translations;
    let tags = &mut context.package(index).tags;
    let first = tags.origin(tag).filter(|_| is_plain);
    let known = tags.localized(tag);
    let is_second = known.is_some_and(|known| match is_plain {
        true => !known.plain.is_empty(),
        false => known.translations.contains_key(language),
    });
    if is_plain {
        tags.set(tag, value.as_str());
        tags.locate(tag, value.whole());
    } else if !no_translations {
        tags.translate(tag, language, value.as_str());
        tags.locate_translation(tag, value.whole().or(line.origin()));
    }
    if is_second {
        let message = format!("line {}: second {}", line.number, header_name(tag));
        let first = first.map(|first| first_line(context, first));
        let diagnostic = Diagnostic::warning(codes::SECOND_TEXT, message)
            .at(line.origin())
            .label(first, "the first one is here");
        context
            .sink()
            .push(diagnostic.note("it takes the place of the first"));
    }
}

/// The first line of a place.
fn first_line(context: &Context<'_>, place: Origin) -> Origin {
    let text = context.engine.sources.slice(place.span);
    let end = text.find('\n').unwrap_or(text.len());
    Origin {
        span: place.span.slice(0, end),
        ..place
    }
}

/// `no`, `0`, `false` and `off` mean no. Source: rpm's `parseYesNo`.
fn is_yes(value: &str) -> bool {
    let is_no = value.starts_with(['n', 'N', '0'])
        || value.eq_ignore_ascii_case("false")
        || value.eq_ignore_ascii_case("off");
    !is_no
}

/// The words of a value that is a list.
fn list(context: &mut Context<'_>, field: &Field<'_>) -> Result<Vec<Text>, Reported> {
    split_words(&field.value).map_err(|at| {
        let message = format!("Error parsing tag field: {BAD_QUOTE}");
        let place = field.value.origin(at, at + 1);
        context
            .sink()
            .report(Diagnostic::error(codes::BAD_TAG, message).at(place))
    })
}

fn set_prefixes(
    context: &mut Context<'_>,
    index: usize,
    field: &Field<'_>,
) -> Result<(), Reported> {
    for prefix in list(context, field)? {
        if prefix.len() > 1 && prefix.ends_with('/') {
            return Err(fault(context, field, "Prefixes must not end with \"/\""));
        }
        context.package(index).prefixes.push(prefix.into_string());
    }
    Ok(())
}

fn set_doc_dir(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    single(context, field)?;
    if !field.value.starts_with('/') {
        return Err(fault(context, field, "Docdir must begin with '/'"));
    }
    context.engine.undefine("_docdir");
    context
        .engine
        .define("_docdir", field.value.clone(), Level::SPEC);
    Ok(())
}

/// Options for the build system's macro of one section, `conf` if none is named.
fn add_build_option(context: &mut Context<'_>, field: &Field<'_>) -> Result<(), Reported> {
    let name = match field.qualifier.as_str() {
        "" => "conf",
        name => name,
    };
    let Some(section) = BuildSection::from_name(name) else {
        let names: Vec<_> = BuildSection::ALL.iter().map(|(_, name)| *name).collect();
        let diagnostic = line_fault(field.line, "Unknown section of BuildOption")
            .at(field.qualifier.whole())
            .help(format!("the sections are {}", names.join(", ")));
        return Err(context.sink().report(diagnostic));
    };
    context
        .build_options
        .entry(section)
        .or_default()
        .push(field.value.clone());
    Ok(())
}
