//! The preamble of a package: one tag after the other.

mod characters;
mod dependencies;
mod paths;
pub(crate) mod sources;
mod tags;
mod values;

use package::Tag;
use source::{Diagnostic, Origin, Reported, Text, closest};

use crate::ast::{SourceKind, SubPackage};
use crate::codes;
use crate::context::{Context, Stage, line_fault};
use crate::dpkg;
use crate::line::{Line, Strip};
use crate::look_alikes;
use crate::near_headers;
use crate::section::{Next, help_for_section, section_names};
use crate::unexpanded::{self, Place};
use crate::words::part_of;

pub use tags::tag_names;
pub(crate) use values::{TranslatableText, set_translatable};

use tags::{NoTag, TAGS, parse_field};

/// Reads the preamble of the main package, from the start of a text.
pub(crate) fn read_main(context: &mut Context<'_>) -> Result<Next, Reported> {
    let start = context.reader.file_start();
    if context.spec.packages.is_empty() {
        context
            .spec
            .packages
            .insert(String::new(), SubPackage::new("", None));
    }
    let next = read_tags(context, 0)?;
    if let Next::Reparse(_) = next {
        return Ok(next);
    }
    adopt_name(context);
    if context.stage == Stage::Spec {
        check_required(context, start);
        context.sink().begin_step();
        paths::settle(context)?;
    }
    check_limits(context);
    Ok(next)
}

/// Files the main package under its name, which was not known at first.
fn adopt_name(context: &mut Context<'_>) {
    let packages = &mut context.spec.packages;
    if packages
        .get_index(0)
        .is_some_and(|(key, main)| key.is_empty() && !main.name.is_empty())
        && let Some(main) = packages.shift_remove("")
    {
        packages.shift_insert(0, main.name.clone(), main);
    }
}

/// Reads `%package` and the preamble that follows.
pub(crate) fn read_package(context: &mut Context<'_>, header: &Line) -> Result<Next, Reported> {
    let package = new_package(context, header);
    let index = match package {
        Ok(package) => {
            context
                .spec
                .packages
                .insert_full(package.name.clone(), package)
                .0
        }
        Err(_) => match second_package(context, header) {
            Some(index) => index,
            None => {
                let (_, next) = context.lines(Strip::ALL)?;
                return Ok(next);
            }
        },
    };
    context.given.insert((index, "Name"), header.origin());
    let next = read_tags(context, index)?;
    check_limits(context);
    Ok(next)
}

/// The package that is declared a second time, where that adds to the first.
fn second_package(context: &Context<'_>, header: &Line) -> Option<usize> {
    let words: Vec<&str> = header.text.split_whitespace().skip(1).collect();
    let (written, is_full) = match words.as_slice() {
        ["-n", name] => (*name, true),
        [name] => (*name, false),
        _ => return None,
    };
    let name = context.full_name(written, is_full);
    let known = context.spec.packages.get_index_of(&name);
    known.filter(|_| context.request.is_lenient)
}

fn new_package(context: &mut Context<'_>, header: &Line) -> Result<SubPackage, Reported> {
    let words: Vec<&str> = header.text.split_whitespace().skip(1).collect();
    let (written, is_full) = match words.as_slice() {
        ["-n", name] => (*name, true),
        [name] if *name != "-n" => (*name, false),
        _ => {
            let message = format!("Bad package specification: {}", header.shown());
            let diagnostic = Diagnostic::error(codes::BAD_HEADER, message)
                .at(header.origin())
                .help("write `%package SUFFIX` or `%package -n NAME`");
            return Err(context.sink().report(diagnostic));
        }
    };
    let name = context.full_name(written, is_full);
    let text = part_of(&header.text, written);
    let allowed = if is_full {
        characters::NAME
    } else {
        characters::SUFFIX
    };
    let checked = characters::check(context, header, &text, allowed);
    let checked = checked.and_then(|()| check_is_new(context, header, &text, &name));
    if let Err(reported) = checked {
        if !context.spec.packages.contains_key(&name) {
            context.broken.insert(name, reported);
        }
        return Err(reported);
    }
    Ok(SubPackage::new(name, header.origin()))
}

/// Refuses the name of a package that exists; `written` is the name in the header.
fn check_is_new(
    context: &mut Context<'_>,
    header: &Line,
    written: &Text,
    name: &str,
) -> Result<(), Reported> {
    let Some(known) = context.spec.packages.get(name) else {
        return Ok(());
    };
    let message = format!(
        "line {}: {}: package {name} already exists",
        header.number,
        header.shown()
    );
    let diagnostic = Diagnostic::error(codes::SECOND_PACKAGE, message)
        .at(written.whole())
        .label(known.origin, "it is declared here")
        .help(match context.main_name() == name {
            true => format!("the package `{name}` needs no `%package`; give this one another name"),
            false => {
                "put the tags of both into one section, or give this one another name".to_owned()
            }
        });
    Err(context.refuse(diagnostic))
}

/// Reads tags up to the next section.
fn read_tags(context: &mut Context<'_>, index: usize) -> Result<Next, Reported> {
    while let Some(line) = context.next_line(Strip::ALL)? {
        if let Some(kind) = context.section_of(&line) {
            return Ok(Next::Section(kind, line));
        }
        if line.text.trim().is_empty() {
            continue;
        }
        if let Ok(Some(archs)) = read_tag(context, index, &line)
            && context.check().is_ok()
        {
            return Ok(Next::Reparse(archs));
        }
    }
    Ok(Next::End)
}

/// Reads a tag. Returns the architectures to start anew for, if it requires that.
fn read_tag(
    context: &mut Context<'_>,
    index: usize,
    line: &Line,
) -> Result<Option<Vec<String>>, Reported> {
    let field = parse_field(line).map_err(|fault| {
        if let NoTag::Empty(tag) = fault {
            context.given.insert((index, tag), line.origin());
        }
        report_no_tag(context, line, &fault)
    })?;
    if field.rule.is_debbuild && !context.engine.is_defined("_debbuild") {
        let fault = NoTag::Unknown(field.rule.name.to_owned());
        return Err(report_no_tag(context, line, &fault));
    }
    if field.rule.is_deprecated {
        let name = field.rule.name.to_lowercase();
        let message = format!(
            "line {}: {name} is deprecated: {}",
            line.number,
            line.shown()
        );
        let diagnostic = Diagnostic::warning(codes::DEPRECATED_TAG, message).at(line.origin());
        context.sink().push(diagnostic);
    }
    if context.stage == Stage::Generated && field.rule.is_before_build {
        let diagnostic = line_fault(line, "Tag not allowed after build is done");
        return Err(context.sink().report(diagnostic.at(line.origin())));
    }
    unexpanded::check(context, &line.text, Place::Value);
    if !field.rule.name.eq_ignore_ascii_case("Summary") {
        look_alikes::check(context, &line.text);
    }
    values::set(context, index, &field)
}

/// Reports a line that is not a tag, with what may have been meant.
fn report_no_tag(context: &mut Context<'_>, line: &Line, fault: &NoTag) -> Reported {
    let diagnostic = match fault {
        NoTag::Unknown(word) => {
            let text = line.text.as_str();
            if line.number == 1 && text.starts_with("\u{ed}\u{ab}") {
                Diagnostic::error(
                    codes::UNKNOWN_TAG,
                    "Binary rpm package found. Expected spec file!",
                )
            } else {
                let place = part_of(&line.text, &text.trim_ascii_start()[..word.len()]).whole();
                line_fault(line, "Unknown tag")
                    .at(place)
                    .help(suggest(context, word, &line.text))
            }
        }
        NoTag::NoColon => line_fault(line, "Malformed tag")
            .at(line.origin())
            .help("a colon stands between a tag and its value"),
        NoTag::Empty(_) => line_fault(line, "Empty tag")
            .at(line.origin())
            .help("give the tag a value, or remove it"),
    };
    let code = match fault {
        NoTag::Unknown(_) => codes::UNKNOWN_TAG,
        _ => codes::BAD_TAG,
    };
    let diagnostic = Diagnostic { code, ..diagnostic };
    // debbuild, too, stops at a macro that nothing defines.
    match fault {
        NoTag::Unknown(word) if word.starts_with('%') && !word.starts_with("%{") => {
            context.sink().report(diagnostic)
        }
        _ => context.refuse(diagnostic),
    }
}

fn suggest(context: &Context<'_>, word: &str, line: &str) -> String {
    if let Some(help) = near_headers::help_for_line(line, &section_names()) {
        return help;
    }
    if let Some(name) = word.strip_prefix('%') {
        let bare = name.trim_matches(['{', '}', '?']);
        return match help_for_section(bare) {
            Some(help) => help,
            None if context.engine.is_defined(bare) => {
                format!("`%{bare}` expands to nothing that a preamble knows")
            }
            None => format!("there is no section and no macro `%{bare}`"),
        };
    }
    let field = dpkg::help_for_field(word, line);
    let is_word = |rule: &tags::TagRule| rule.name.eq_ignore_ascii_case(word);
    if TAGS.iter().any(|rule| rule.is_debbuild && is_word(rule)) {
        let field = field.map(|help| format!("{help}; ")).unwrap_or_default();
        return format!(
            "{field}`{word}` is debbuild's: put it between `%if 0%{{?_debbuild}}` and `%endif`"
        );
    }
    let has_more = context.engine.is_defined("_debbuild");
    let known = TAGS.iter().filter(|rule| has_more || !rule.is_debbuild);
    let near = || closest(word, known.map(|rule| rule.name));
    match (field, near()) {
        (Some(help), _) => help,
        (None, Some(near)) if near.eq_ignore_ascii_case(word) => {
            format!("the tag is written `{near}:`, with nothing but a qualifier before the colon")
        }
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => dpkg::help_for_near_field(word, line)
            .unwrap_or_else(|| "a preamble has lines of the form `Tag: value`".to_owned()),
    }
}

/// Reads `%sourcelist` or `%patchlist`: one file per line.
pub(crate) fn read_list(context: &mut Context<'_>, is_patches: bool) -> Result<Next, Reported> {
    let kind = if is_patches {
        SourceKind::Patch
    } else {
        SourceKind::Source
    };
    let (lines, next) = context.lines(Strip::ALL)?;
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        // A fault has been reported; the lines that follow are read all the same.
        let declared = sources::Declared {
            kind,
            number: None,
            value: &line.text,
            origin: line.origin(),
        };
        sources::add(context, &declared).ok();
    }
    Ok(next)
}

/// Name, version and release have to be there before anything else can follow. After other faults,
/// what seems to be missing may only have been misspelt.
fn check_required(context: &mut Context<'_>, start: Option<Origin>) {
    if context.check().is_err() {
        return;
    }
    let main = &context.spec.packages[0];
    let (name, origin) = (main.name.clone(), main.origin);
    // rpm prints a pointer to nothing.
    let (shown, in_rpm) = match name.as_str() {
        "" => ("(main package)", "(null)"),
        name => (name, name),
    };
    for tag in ["Name", "Version", "Release"] {
        if context.given.contains_key(&(0, tag)) {
            continue;
        }
        let message =
            |name: &str| format!("{tag} field must be present before build in package: {name}");
        let mut diagnostic = Diagnostic::error(codes::MISSING_TAG, message(shown))
            .label(origin.or(start), format!("this package has no `{tag}:`"))
            .help(format!("add a line `{tag}: …` to the preamble"));
        diagnostic.rpm.message = Some(message(in_rpm));
        context.sink().report(diagnostic);
    }
}

/// Refuses to go on if the spec excludes the target.
fn check_limits(context: &mut Context<'_>) {
    if context.request.any_arch || context.stage != Stage::Spec {
        return;
    }
    if let Some(diagnostic) = values::excluded(context) {
        let is_new = context
            .engine
            .sink
            .found()
            .iter()
            .all(|it| it.message != diagnostic.message);
        if is_new {
            context.refuse(diagnostic);
        }
    }
}

/// Whether a text tag is one that may be given in several languages.
pub(crate) fn header_name(tag: Tag) -> &'static str {
    match tag {
        Tag::Summary => "Summary",
        Tag::Description => "Description",
        Tag::Group => "Group",
        Tag::License => "License",
        Tag::SourceLicense => "License",
        Tag::Url => "Url",
        Tag::Vcs => "Vcs",
        Tag::BugUrl => "Bugurl",
        Tag::Distribution => "Distribution",
        Tag::DistUrl => "Disturl",
        Tag::DistTag => "Disttag",
        Tag::Vendor => "Vendor",
        Tag::Packager => "Packager",
        Tag::ModularityLabel => "Modularitylabel",
        Tag::TranslationUrl => "Translationurl",
        Tag::UpstreamReleases => "Upstreamreleases",
        Tag::CopyrightData => "Copyrightdata",
    }
}
