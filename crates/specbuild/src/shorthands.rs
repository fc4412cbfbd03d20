//! Options that stand for definitions.
//!
//! Source: rpm's `rpmpopt` file, where they are aliases.

use build::Setting;
use clap::Args;

/// These options.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Shorthands")]
pub(crate) struct Shorthands {
    /// Build in the working directory, as it is
    #[arg(long)]
    build_in_place: bool,
    /// Make no debug packages
    #[arg(long)]
    nodebuginfo: bool,
    /// Apply patches by a version control system: `git`, `git_am`, `quilt`, `hg`, `gendiff`, `patch`
    #[arg(short = 'S', long, value_name = "SYSTEM")]
    scm: Option<String>,
    /// Run one policy of the build root after `%install` instead of all
    #[arg(long, value_name = "POLICY")]
    buildpolicy: Option<String>,
    /// Fetch missing sources from their URLs
    #[arg(long)]
    fetch: bool,
    /// Define `_httpport`
    #[arg(long, value_name = "PORT")]
    httpport: Option<String>,
    /// Define `_httpproxy`
    #[arg(long, value_name = "HOST")]
    httpproxy: Option<String>,
}

impl Shorthands {
    /// The definitions that they stand for, by the options that ask for them.
    pub(crate) fn definitions(&self) -> Vec<(&'static str, Setting)> {
        let named = |name: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!("{name} {value}"))
        };
        let policy = self.buildpolicy.as_ref();
        let definitions = [
            (
                "build_in_place",
                self.build_in_place.then(|| "_build_in_place 1".to_owned()),
            ),
            (
                "nodebuginfo",
                self.nodebuginfo.then(|| "debug_package %{nil}".to_owned()),
            ),
            (
                "fetch",
                self.fetch.then(|| "_disable_source_fetch 0".to_owned()),
            ),
            ("scm", named("__scm", &self.scm)),
            (
                "buildpolicy",
                policy.map(|policy| format!("__os_install_post %{{_rpmconfigdir}}/brp-{policy}")),
            ),
            ("httpport", named("_httpport", &self.httpport)),
            ("httpproxy", named("_httpproxy", &self.httpproxy)),
        ];
        let given = definitions.into_iter();
        given
            .filter_map(|(id, definition)| Some((id, Setting::Define(definition?))))
            .collect()
    }
}
