//! `rpm.ver` objects and `rpm.vercmp`.

use std::cmp::Ordering;

use mlua::{AnyUserData, Lua, UserData, UserDataFields};
use package::compare_versions;

use crate::fault::Fault;
use crate::native::{self, Answer, Args, answer, lossy};

/// An epoch, a version and a release, as texts that nobody has judged.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    epoch: Option<String>,
    version: String,
    release: Option<String>,
}

impl Version {
    /// Splits `[epoch:]version[-release]`: the epoch is digits up to a colon (and 0 if there are
    /// none), the release stands after the last `-`. Nothing comes of an empty text.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (epoch, rest) = match text[digits..].strip_prefix(':') {
            Some(rest) if digits == 0 => (Some("0"), rest),
            Some(rest) => (Some(&text[..digits]), rest),
            None => (None, text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        (!text.is_empty()).then(|| Self {
            epoch: epoch.map(str::to_owned),
            version: version.to_owned(),
            release: release.map(str::to_owned),
        })
    }

    /// No epoch equals 0; no release comes before any.
    fn compare(&self, other: &Self) -> Ordering {
        let epoch = |it: &Self| it.epoch.clone().unwrap_or_else(|| "0".to_owned());
        let releases = match (&self.release, &other.release) {
            (Some(mine), Some(theirs)) => compare_versions(mine, theirs),
            (mine, theirs) => mine.is_some().cmp(&theirs.is_some()),
        };
        compare_versions(&epoch(self), &epoch(other))
            .then_with(|| compare_versions(&self.version, &other.version))
            .then(releases)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(epoch) = &self.epoch {
            write!(f, "{epoch}:")?;
        }
        f.write_str(&self.version)?;
        self.release
            .iter()
            .try_for_each(|release| write!(f, "-{release}"))
    }
}

impl UserData for Version {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__name", "rpm.ver");
        let functions: [native::Entry; 5] = [
            ("__index", part),
            ("__tostring", |lua, args| {
                answer(lua, this(args, 1)?.to_string())
            }),
            ("__eq", |lua, args| {
                answer(lua, order(args)? == Ordering::Equal)
            }),
            ("__lt", |lua, args| {
                answer(lua, order(args)? == Ordering::Less)
            }),
            ("__le", |lua, args| {
                answer(lua, order(args)? != Ordering::Greater)
            }),
        ];
        for (name, body) in functions {
            fields.add_meta_field_with(name, move |lua| native::native(lua, body));
        }
    }
}

/// The version that an argument is.
fn this(args: &Args, number: usize) -> Result<Version, Fault> {
    let value = args.value(number);
    let found = value
        .as_userdata()
        .and_then(|it: &AnyUserData| it.borrow::<Version>().ok());
    Ok(found
        .ok_or_else(|| args.wrong_type(number, "rpm.ver"))?
        .clone())
}

fn order(args: &Args) -> Result<Ordering, Fault> {
    Ok(this(args, 1)?.compare(&this(args, 2)?))
}

fn part(lua: &Lua, args: &Args) -> Answer {
    let (version, key) = (this(args, 1)?, args.string(2)?);
    match key.as_str() {
        "e" => answer(lua, version.epoch),
        "v" => answer(lua, version.version),
        "r" => answer(lua, version.release),
        _ => Err(Fault::text(format!("invalid attribute: {key}"))),
    }
}

/// `rpm.ver(EVR)` or `rpm.ver(E, V, R)`; nothing if there is no version.
pub(crate) fn create(lua: &Lua, args: &Args) -> Answer {
    let text = |number: usize| -> Result<Option<String>, Fault> {
        let text = lua.coerce_string(args.value(number))?;
        Ok(text.map(|it| lossy(it.as_bytes().to_vec())))
    };
    let version = match args.len() {
        1 => Version::parse(&text(1)?.unwrap_or_default()),
        3 => {
            let (epoch, release) = (text(1)?, text(3)?);
            text(2)?.filter(|it| !it.is_empty()).map(|version| Version {
                epoch,
                version,
                release,
            })
        }
        count => return Err(Fault::text(format!("invalid number of arguments: {count}"))),
    };
    match version {
        Some(version) => answer(lua, lua.create_userdata(version)?),
        None => answer(lua, ()),
    }
}

/// `rpm.vercmp(A, B)`: -1, 0 or 1.
pub(crate) fn compare(lua: &Lua, args: &Args) -> Answer {
    let version = |number: usize, text: &str| {
        let wrong = || Fault::Argument(number, "invalid version ".to_owned());
        Version::parse(text).ok_or_else(wrong)
    };
    let (first, second) = (args.string(1)?, args.string(2)?);
    answer(
        lua,
        version(1, &first)?.compare(&version(2, &second)?) as i64,
    )
}
