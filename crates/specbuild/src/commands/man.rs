//! `specbuild man`: the manual page.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Command;

use super::own::OwnCommand;
use crate::cli::{self, build_command};
use crate::personality::Name;
use crate::terminal;

pub(super) fn command() -> Command {
    Command::new("man")
        .about("Prints the manual page in roff")
        .after_help("Example:\n  specbuild man > ~/.local/share/man/man1/specbuild.1")
}

/// Prints the manual page in roff.
pub(super) fn run(args: &[OsString], commands: &[OwnCommand]) -> u8 {
    if let Err(status) = cli::parse_own(command(), args) {
        return status;
    }
    let mut page = Vec::new();
    if let Err(error) = write_page(&mut page, commands) {
        terminal::print_error(&format!("error: cannot render the manual page: {error}"));
        return 1;
    }
    terminal::print_text(&String::from_utf8_lossy(&page));
    0
}

fn write_page(page: &mut Vec<u8>, commands: &[OwnCommand]) -> io::Result<()> {
    let whole = build_command(Name::Specbuild).after_help("");
    let man = clap_mangen::Man::new(whole).source("specbuild");
    man.render_title(page)?;
    man.render_name_section(page)?;
    write_lines(page, "SYNOPSIS", &SYNOPSIS)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    let summaries: Vec<(String, String)> = commands
        .iter()
        .map(|own| {
            let about = (own.command)().get_about().map(ToString::to_string);
            (format!("specbuild {}", own.name), about.unwrap_or_default())
        })
        .collect();
    let summaries = summaries.iter().map(|(term, text)| (&**term, &**text));
    write_terms(page, "COMMANDS", summaries)?;
    write_lines(page, "EXAMPLES", &EXAMPLES)?;
    write_terms(page, "ENVIRONMENT", ENVIRONMENT)?;
    write_terms(page, "FILES", FILES)?;
    write_terms(page, "EXIT STATUS", STATUSES)?;
    write_lines(
        page,
        "SEE ALSO",
        &["rpmbuild(8), rpm-spec(5), rpm-macros(7), dpkg-buildpackage(1)"],
    )
}

const SYNOPSIS: [&str; 3] = [
    "specbuild [-ba|-bb|-bs|…] [OPTIONS] SPEC…",
    "specbuild --rebuild [OPTIONS] SOURCE-PACKAGE…",
    "specbuild COMMAND [ARGUMENTS]",
];

const EXAMPLES: [&str; 4] = [
    "specbuild -ba hello.spec",
    "specbuild -bb hello.spec --target deb,rpm --output out",
    "specbuild --rebuild hello-1.0-1.src.rpm --target deb",
    "specbuild --eval '%{_libdir}' --target rpm",
];

const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "SOURCE_DATE_EPOCH",
        "The time that packages carry, in seconds since 1970.",
    ),
    (
        "SPECBUILD_TARGET",
        "The target where `--target` names none.",
    ),
    (
        "SPECBUILD_DIAGNOSTICS",
        "`full` draws findings in logs too, `bare` prints rpm's words alone.",
    ),
    (
        "SPECBUILD_MACROS",
        "A directory of macro files to read in place of those that the binary carries.",
    ),
    (
        "NO_COLOR",
        "If it is set and not empty, findings have no colours.",
    ),
    (
        "RPM_CONFIGDIR",
        "Where rpm's macro files are; /usr/lib/rpm by default.",
    ),
];

const FILES: [(&str, &str); 4] = [
    (
        "~/.rpmmacros, ~/.debmacros, ~/.config/rpm/macros, ~/.config/specbuild/macros",
        "Macros of the user; `%_user_macro_files` names those that are read.",
    ),
    (
        "/etc/rpm/macros.*, /etc/rpm/macros",
        "Macros of the machine.",
    ),
    (
        "~/rpmbuild, ~/debbuild",
        "`%_topdir`: where packages are built and put.",
    ),
    ("sources", "Beside a spec: checksums of its sources."),
];

const STATUSES: [(&str, &str); 4] = [
    ("0", "All was built, or answered."),
    (
        "1",
        "The spec is at fault, a script failed, or the arguments are wrong.",
    ),
    (
        "11",
        "Build requirements are missing; a build root installs them and tries again.",
    ),
    (
        "128 and a number",
        "A signal of that number ended the build.",
    ),
];

fn write_lines(page: &mut Vec<u8>, title: &str, lines: &[&str]) -> io::Result<()> {
    writeln!(page, ".SH {title}\n.nf")?;
    for line in lines {
        writeln!(page, "{}", escaped(line))?;
    }
    writeln!(page, ".fi")
}

fn write_terms<'t>(
    page: &mut Vec<u8>,
    title: &str,
    terms: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"")?;
    for (term, text) in terms {
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(term), escaped(text))?;
    }
    Ok(())
}

/// Text as roff takes it for itself.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}
