//! `SOURCE_DATE_EPOCH`: the time that packages record instead of the clock's.
//!
//! A value that nobody can read would make packages that are never the same again, without a word.
//! Source: reproducible-builds.org, "SOURCE_DATE_EPOCH"; the wording is rpm's.

use expand::Host;
use source::{Code, Diagnostic, Sink, SourceMap};

use target::Personality;

use crate::event::{Event, Listener};
use crate::request::Request;
use crate::{BuildError, SystemHost};

/// The variable.
pub(crate) const NAME: &str = "SOURCE_DATE_EPOCH";

/// The variable holds no time that packages can record.
const BAD: Code = crate::codes::BAD_TIME;

/// The latest time that the headers of packages and archives have room for, in 2106.
pub(crate) const LATEST: i64 = u32::MAX as i64;

/// Seconds since 1970 that fit into the headers of packages.
pub(crate) fn parse(text: &str) -> Result<i64, Box<Diagnostic>> {
    let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let time = text.parse().ok();
    match time.filter(|it| is_number && *it <= LATEST) {
        Some(time) => Ok(time),
        None => Err(Box::new(fault(text))),
    }
}

fn fault(text: &str) -> Diagnostic {
    let message = format!("unable to parse {NAME}={text}");
    let note = format!("it must be a number of seconds since 1970, from 0 to {LATEST}");
    Diagnostic::error(BAD, message)
        .note(note)
        .help_if(advice(text))
}

/// What was meant, where that can be seen.
fn advice(text: &str) -> Option<String> {
    let milliseconds = text.parse::<i64>().ok().map(|it| it / 1000);
    let is_time = |it: &i64| (1_000_000_000..=LATEST).contains(it);
    match milliseconds.filter(is_time) {
        Some(seconds) => Some(format!("milliseconds are too fine: {NAME}={seconds}")),
        None if text.contains(['-', ':', 'T'])
            && text.starts_with(|it: char| it.is_ascii_digit()) =>
        {
            Some(format!("`date --date '{text}' +%s` prints the seconds"))
        }
        None => None,
    }
}

/// What the variable says, if it is set. An empty one is not: so scripts write that there is none.
pub(crate) fn given(host: &dyn Host) -> Option<Result<i64, Box<Diagnostic>>> {
    let text = host.env(NAME).filter(|text| !text.is_empty())?;
    Some(parse(&text))
}

/// Checks the environment of this process, before anything is read or run. Under rpm's names it counts
/// only where macros ask for it.
pub(crate) fn check(request: &Request, listener: &mut dyn Listener) -> Result<(), BuildError> {
    if request.personality == Personality::Rpm {
        return Ok(());
    }
    let Some(Err(fault)) = given(&SystemHost::default()) else {
        return Ok(());
    };
    let mut sink = Sink::new();
    let reported = sink.report(*fault);
    for diagnostic in &sink.take() {
        listener.take(&Event::Finding {
            diagnostic,
            sources: &SourceMap::new(),
            form: "",
        });
    }
    listener.take(&Event::FindingsTold);
    Err(reported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_seconds_since_1970_are_taken() {
        for (text, time) in [
            ("0", 0),
            ("1700000000", 1_700_000_000),
            ("4294967295", LATEST),
        ] {
            assert_eq!(parse(text).unwrap(), time);
        }
        for text in [
            "",
            " ",
            "garbage",
            "1.5",
            "1e9",
            " 1",
            "1 ",
            "+1",
            "-1",
            "0x10",
            "1,000",
            "\u{661}",
            "4294967296",
            "1700000000000",
            "99999999999999999999",
            "2024-05-01",
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(
                fault.message,
                format!("unable to parse SOURCE_DATE_EPOCH={text}")
            );
        }
        let help = |text: &str| parse(text).unwrap_err().help.unwrap_or_default();
        assert!(help("1700000000123").contains("=1700000000"));
        assert!(help("2024-05-01T10:00").contains("date --date"));
        assert_eq!(help("garbage"), "");
    }
}
