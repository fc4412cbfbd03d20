//! Fuzz target: query formats, on a package of each format. Nothing may panic or run away, and a
//! fault lies within the text.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use query::Format;
use rpmfile::{Headers, PackageFile};

/// The headers of some packages of the project.
static PACKAGES: LazyLock<Vec<Headers>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/rpmfile/seeds");
    let read = ["format4.rpm", "format6.rpm"].map(|name| {
        let bytes = fs::read(folder.join(name)).expect("the project has this package");
        let package = PackageFile::read(&*bytes).expect("it is a package");
        package.headers().clone()
    });
    read.into()
});

fuzz_target!(|input: &str| {
    match Format::parse(input) {
        Ok(format) => {
            for headers in PACKAGES.iter() {
                let once = format.render(headers);
                let again = format.render(headers);
                assert_eq!(format!("{once:?}"), format!("{again:?}"), "not the same twice");
            }
        }
        Err(fault) => {
            assert!(!fault.message.is_empty());
            assert!(fault.at <= input.len(), "a fault beyond the end");
        }
    }
});
