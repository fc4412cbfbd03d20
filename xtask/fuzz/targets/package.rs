//! Fuzz target: package files. Nothing may panic, run away, or reserve more memory than the input
//! accounts for; whatever can be read can be shown in every format.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use rpmfile::{PackageFile, Payload};

/// More of a payload is not read: small inputs can stand for very long files.
const CONTENT_LIMIT: u64 = 1 << 20;

const FORMATS: [&str; 4] = [
    "[%{*:xml}\n]",
    "[%{*:json}]",
    "%{nevra} [%{filenames} %{fileclass} %{filerequire} %{filenlinks}\n]",
    "[%{requirenevrs}\n][%{triggerconds} %{triggertype}\n]%{summary} %{sigpgp:pgpsig}",
];

fuzz_target!(|input: &[u8]| {
    let Ok(package) = PackageFile::read(input) else {
        return;
    };
    let headers = package.headers().clone();
    for format in FORMATS {
        if let Ok(format) = query::Format::parse(format) {
            let _ = format.render(&headers);
        }
    }
    let _ = headers.check_digests();
    if let Ok(payload) = package.into_payload() {
        read_all(payload);
    }
});

fn read_all(mut payload: Payload<'_>) {
    let mut left = CONTENT_LIMIT;
    while let Ok(Some(member)) = payload.next_member() {
        assert!(member.index < payload.files().len());
        let copied = std::io::copy(&mut payload.by_ref().take(left), &mut std::io::sink());
        left = left.saturating_sub(copied.unwrap_or(left));
        if left == 0 {
            return;
        }
    }
    let _ = payload.finish();
}
