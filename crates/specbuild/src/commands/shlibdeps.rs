//! `shlibdeps`: the packages of this system that the libraries of ELF files come from, as
//! dpkg-shlibdeps tells it.
//!
//! Not here: libraries of the same spec, which only a build knows.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use debfile::shlibs::{Found, ShlibsError, System, find_for_files, least_versions};
use target::Arch;

use crate::cli;
use crate::terminal;

/// Arguments of `shlibdeps`.
#[derive(Parser, Clone, Debug)]
#[command(name = "shlibdeps", bin_name = "shlibdeps", version)]
#[command(about = "Tells the packages that the libraries of ELF files come from")]
struct Cli {
    /// Programs and libraries; all of them are taken for one package
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The folder that is the root of the package; else files are where they will be
    #[arg(long, value_name = "DIR")]
    buildroot: Option<PathBuf>,
    /// The root of the system that has the libraries
    #[arg(long, value_name = "DIR", default_value = "/")]
    root: PathBuf,
    /// What the files were built with, as a `Build-Depends` field says it: what is newer there than
    /// the symbols used makes their library newer too
    #[arg(long, value_name = "RELATIONS", default_value = "")]
    build_depends: String,
}

/// Runs `shlibdeps` with the arguments after its name.
pub(crate) fn run(args: &[OsString]) -> u8 {
    let name = OsString::from("shlibdeps");
    let args = std::iter::once(name).chain(args.iter().cloned()).collect();
    let options = match cli::parse::<Cli>(Cli::command(), args) {
        Ok((options, _)) => options,
        Err(status) => return status,
    };
    match find(&options) {
        Ok(found) => {
            for what in &found.untraced {
                terminal::print_error(&format!("warning: {what}"));
            }
            terminal::print_line(&format!("shlibs:Depends={}", found.relations.join(", ")));
            0
        }
        Err(error) => {
            terminal::print_error(&format!("error: {}", terminal::chain(&error)));
            1
        }
    }
}

fn find(options: &Cli) -> Result<Found, ShlibsError> {
    let system = System {
        root: options.root.clone(),
        admin: options.root.join("var/lib/dpkg"),
        generated: false,
        build_depends: least_versions(&options.build_depends),
    };
    let multiarch = Arch::named(std::env::consts::ARCH).and_then(|it| it.multiarch);
    let files: Vec<_> = options
        .files
        .iter()
        .map(|file| (installed(file, options.buildroot.as_deref()), file.clone()))
        .collect();
    find_for_files(&files, &system, multiarch)
}

/// The path that a file will have: below the package's root, or as it is.
fn installed(file: &Path, buildroot: Option<&Path>) -> String {
    let inside = buildroot.and_then(|root| file.strip_prefix(root).ok());
    match inside {
        Some(inside) => format!("/{}", inside.display()),
        None => std::path::absolute(file)
            .unwrap_or_else(|_| file.to_owned())
            .display()
            .to_string(),
    }
}
