//! The clock a build goes by, and the host it is built on.

pub(crate) mod source_date;

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::time::{SystemTime, UNIX_EPOCH};

use expand::Engine;
use package::{BuildFacts, ChangelogEntry};
use source::{Code, Diagnostic};
use spec::Spec;
use target::Personality;

use crate::BuildError;
use crate::event::{Event, Listener};
use crate::project::Project;
use crate::request::Request;

/// `%_buildtime` is no number of seconds.
const BAD_TIME: Code = crate::codes::BAD_TIME;

/// Time and host of a build, settled once at its start.
#[derive(Clone, Debug)]
pub(crate) struct BuildTime {
    /// Seconds since 1970 UTC, as packages record it.
    pub(crate) seconds: i64,
    /// `SOURCE_DATE_EPOCH`, from the environment or the changelog.
    pub(crate) source_date: Option<i64>,
    /// Name of this host, as packages record it.
    pub(crate) host: String,
}

impl BuildTime {
    /// A date in the environment is also the build time, so that it makes builds repeatable without
    /// further settings; one from the changelog only with `%use_source_date_epoch_as_buildtime`.
    ///
    /// Under our own name, where neither is, the files that a package is made of have one.
    ///
    /// Source: rpmbuild-config(5), `%source_date_epoch_from_changelog` and what follows it.
    pub(crate) fn settle(
        request: &Request,
        project: &mut Project,
        listener: &mut dyn Listener,
    ) -> Result<Self, BuildError> {
        let engine = &mut project.engine;
        // What Lua in the spec sets counts too.
        let from_environment = match source_date::given(&*engine.host) {
            Some(Ok(time)) => Some(time),
            Some(Err(fault)) if asks_for_date(request, engine) => {
                return Err(engine.sink.report(*fault).into());
            }
            _ => None,
        };
        let from_changelog = engine.expand_number("%{?source_date_epoch_from_changelog}") != 0;
        let newest = project
            .spec
            .changelog
            .first()
            .map(ChangelogEntry::past_time);
        let fits = |it: &i64| (0..=source_date::LATEST).contains(it);
        let newest = newest.filter(fits);
        let newest = newest.filter(|_| from_changelog && from_environment.is_none());
        if let Some(date) = newest {
            let line = format!("setting SOURCE_DATE_EPOCH={date}");
            listener.take(&Event::Step(line));
        }
        let from_files = engine.expand_number("%{?_source_date_epoch_from_files}") != 0;
        let source_date = from_environment.or(newest);
        let source_date = source_date.or_else(|| newest_file(&project.spec).filter(|_| from_files));
        let fixed = fixed_time(request, engine)?;
        let uses_source_date = engine.expand_number("%{?use_source_date_epoch_as_buildtime}") != 0;
        let seconds = fixed
            .or(source_date.filter(|_| uses_source_date))
            .or(from_environment)
            .unwrap_or_else(now);
        let host = match engine.expand_str("%{?_buildhost}")? {
            name if name.is_empty() => rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
            name => name,
        };
        Ok(Self {
            seconds,
            source_date,
            host,
        })
    }

    /// What programs of the build find in their environment.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let build_time = ("RPM_BUILD_TIME".to_owned(), self.seconds.to_string());
        let date = self.source_date.map(|it| it.to_string());
        let date = date.map(|it| (source_date::NAME.to_owned(), it));
        date.into_iter().chain([build_time]).collect()
    }
}

/// Whether the variable's value matters: under rpm's names where a macro says so.
///
/// Source: rpm's `build/build.cc` and `build/files.cc`.
fn asks_for_date(request: &Request, engine: &mut Engine) -> bool {
    let mut is_set = |name: &str| engine.expand_number(&format!("%{{?{name}}}")) != 0;
    request.personality != Personality::Rpm
        || is_set("use_source_date_epoch_as_buildtime")
        || is_set("clamp_mtime_to_source_date_epoch")
        || engine
            .expand_str("%{?build_mtime_policy}")
            .is_ok_and(|policy| policy == "clamp_to_source_date_epoch")
}

/// When the spec, or a source that does not come from elsewhere, was last changed: what a package is made of
/// is not newer, whenever that happens.
fn newest_file(spec: &Spec) -> Option<i64> {
    let local = spec.sources.iter().filter(|it| !it.value.contains("://"));
    let paths = local.map(|it| it.path.as_str()).chain([spec.path.as_str()]);
    let times = paths.filter_map(|path| std::fs::metadata(path).ok().map(|it| it.mtime()));
    times
        .filter(|it| (0..=source_date::LATEST).contains(it))
        .max()
}

/// `%_buildtime`. What is no number is an error; under rpm's names it is 0, as in rpm.
pub(crate) fn fixed_time(
    request: &Request,
    engine: &mut Engine,
) -> Result<Option<i64>, BuildError> {
    let text = engine.expand_str("%{?_buildtime}")?;
    if text.is_empty() {
        return Ok(None);
    }
    let time = source_date::parse(&text).ok();
    if time.is_none() {
        let finding = Diagnostic::error(BAD_TIME, "unable to parse _buildtime macro");
        if request.personality != Personality::Rpm {
            let latest = source_date::LATEST;
            let note = format!("it must be a number of seconds since 1970, from 0 to {latest}");
            return Err(engine.sink.report(finding.note(note)).into());
        }
        engine.sink.push(finding.survived());
    }
    Ok(Some(time.unwrap_or(0)))
}

/// The time of the clock, in seconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// What packages record of the run.
pub(crate) fn build_facts(
    project: &mut Project,
    build_time: &BuildTime,
    cookie: Option<String>,
) -> Result<BuildFacts, BuildError> {
    Ok(BuildFacts {
        time: build_time.seconds,
        host: build_time.host.clone(),
        cookie,
        tool_version: project.engine.expand_str("%{rpmversion}")?,
        ..facts_of_spec(project)?
    })
}

/// What packages record of the run that is known before it, for those who ask a spec.
pub fn facts_of_spec(project: &mut Project) -> Result<BuildFacts, BuildError> {
    let engine = &mut project.engine;
    let spec = &project.spec;
    Ok(BuildFacts {
        optflags: engine.expand_str("%{?optflags}")?,
        platform: engine.expand_str("%{?_target_platform}")?,
        source_name: spec.main().name.clone(),
        source_evr: spec.evr(spec.main()),
        format: spec.format,
        ..BuildFacts::default()
    })
}
