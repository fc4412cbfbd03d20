//! The directories a build works in, and the clock it goes by.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use expand::Engine;
use package::{BuildFacts, ChangelogEntry};
use source::{Code, Diagnostic};

use crate::event::{Event, Listener};
use crate::read::Project;
use crate::{BuildError, source_date};

/// `%_buildtime` is no number of seconds.
const BAD_TIME: Code = crate::codes::BAD_TIME;

/// Time and host of a build, settled once at its start.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// Seconds since 1970 UTC, as packages record it.
    pub(crate) build_time: i64,
    /// `SOURCE_DATE_EPOCH`, from the environment or the changelog.
    pub(crate) source_date: Option<i64>,
    /// Name of this host, as packages record it.
    pub(crate) host: String,
}

impl Moment {
    /// A date in the environment is also the build time, so that it makes builds repeatable without
    /// further settings; one from the changelog only with `%use_source_date_epoch_as_buildtime`.
    ///
    /// Source: rpmbuild-config(5), `%source_date_epoch_from_changelog` and what follows it.
    pub(crate) fn settle(
        project: &mut Project,
        listener: &mut dyn Listener,
    ) -> Result<Self, BuildError> {
        let engine = &mut project.engine;
        // What Lua in the spec sets counts too.
        let from_environment = match engine
            .host
            .env(source_date::NAME)
            .map(|it| source_date::parse(&it))
        {
            Some(Ok(time)) => Some(time),
            Some(Err(fault)) => return Err(engine.sink.report(*fault).into()),
            None => None,
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
        let source_date = from_environment.or(newest);
        let fixed = fixed_time(engine)?;
        let uses_source_date = engine.expand_number("%{?use_source_date_epoch_as_buildtime}") != 0;
        let build_time = fixed
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
            build_time,
            source_date,
            host,
        })
    }

    /// What programs of the build find in their environment.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let build_time = ("RPM_BUILD_TIME".to_owned(), self.build_time.to_string());
        let date = self.source_date.map(|it| it.to_string());
        let date = date.map(|it| (source_date::NAME.to_owned(), it));
        date.into_iter().chain([build_time]).collect()
    }
}

/// `%_buildtime`; as in rpm, 0 where it is no number.
fn fixed_time(engine: &mut Engine) -> Result<Option<i64>, BuildError> {
    let text = engine.expand_str("%{?_buildtime}")?;
    if text.is_empty() {
        return Ok(None);
    }
    let fits = |it: &i64| (0..=source_date::LATEST).contains(it);
    let time = text.parse().ok().filter(fits);
    if time.is_none() {
        let finding = Diagnostic::error(BAD_TIME, "unable to parse _buildtime macro");
        engine.sink.push(finding.survived());
    }
    Ok(Some(time.unwrap_or(0)))
}

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// What packages record of the run.
pub(crate) fn build_facts(
    project: &mut Project,
    moment: &Moment,
    cookie: Option<String>,
) -> Result<BuildFacts, BuildError> {
    let engine = &mut project.engine;
    let spec = &project.spec;
    Ok(BuildFacts {
        time: moment.build_time,
        host: moment.host.clone(),
        optflags: engine.expand_str("%{?optflags}")?,
        platform: engine.expand_str("%{?_target_platform}")?,
        cookie,
        tool_version: engine.expand_str("%{rpmversion}")?,
        source_name: spec.main().name.clone(),
        source_evr: spec.evr(spec.main()),
        format: spec.format,
    })
}

/// Makes a directory and all above it.
pub(crate) fn make_dir(path: &Path) -> Result<(), BuildError> {
    std::fs::create_dir_all(path).map_err(|source| BuildError::Write {
        path: path.to_owned(),
        source,
    })
}

/// The directory a macro names.
pub(crate) fn dir_of(engine: &mut Engine, name: &str) -> Result<PathBuf, BuildError> {
    Ok(PathBuf::from(engine.expand_str(&format!("%{{{name}}}"))?))
}
