//! What rpmbuild says of a package's dependencies while it builds.
//!
//! Source: rpm `build/rpmfc.cc`, the table of messages: which are told, under which heading.

use package::{Package, RelationKind};

use super::{compression, features};
use crate::options::Options;
use header::{Capabilities, Capability, capabilities, sense};

/// A line: its heading, the kind of dependency, and the flags of which one must be set (0: none).
type Line = (&'static str, RelationKind, u32);

const FOUND: u32 = sense::FOUND_REQUIREMENT
    | sense::TRIGGER_IN
    | sense::TRIGGER_UN
    | sense::TRIGGER_POST_UN
    | sense::TRIGGER_PRE_IN;

const LINES: [Line; 20] = {
    use RelationKind::{
        Conflicts, Enhances, Obsoletes, OrderWithRequires, Provides, Recommends, Requires,
        Suggests, Supplements,
    };
    [
        ("Provides", Provides, 0),
        ("Requires(interp)", Requires, sense::INTERPRETER),
        ("Requires(rpmlib)", Requires, sense::RPMLIB),
        ("Requires(verify)", Requires, sense::VERIFY),
        ("Requires(pre)", Requires, sense::PRE),
        ("Requires(post)", Requires, sense::POST),
        ("Requires(preun)", Requires, sense::PRE_UN),
        ("Requires(postun)", Requires, sense::POST_UN),
        ("Requires(pretrans)", Requires, sense::PRE_TRANS),
        ("Requires(posttrans)", Requires, sense::POST_TRANS),
        ("Requires(preuntrans)", Requires, sense::PRE_UN_TRANS),
        ("Requires(postuntrans)", Requires, sense::POST_UN_TRANS),
        ("Requires", Requires, FOUND),
        ("Conflicts", Conflicts, 0),
        ("Obsoletes", Obsoletes, 0),
        ("Recommends", Recommends, 0),
        ("Suggests", Suggests, 0),
        ("Supplements", Supplements, 0),
        ("Enhances", Enhances, 0),
        ("OrderWithRequires", OrderWithRequires, 0),
    ]
};

/// The lines that rpmbuild prints of a package's dependencies, `Provides: hello = 1-1`. Requirements
/// that the spec itself states are not among them, nor what the payload's compression needs.
///
/// Fails if the options ask for an unknown compression.
pub fn dependency_lines(
    package: &Package,
    options: &Options,
) -> Result<Vec<String>, package::WriteError> {
    let payload = compression::Payload {
        feature: None,
        ..compression::of_payload(package, options)?
    };
    let mut needed = features::needed(package, options, &payload);
    // rpm looks for these when it writes the package.
    needed.retain(|it| !LATE.iter().any(|late| it.name.contains(late)));
    let all = capabilities(package, &needed);
    Ok(LINES.iter().filter_map(|line| told(&all, line)).collect())
}

/// Features that versions and rich dependencies need.
const LATE: [&str; 3] = ["TildeInVersions", "CaretInVersions", "RichDependencies"];

fn told(all: &Capabilities, (heading, kind, flags): &Line) -> Option<String> {
    let listed = all.get(kind)?.iter();
    let wanted = listed.filter(|it| *flags == 0 || it.flags & flags != 0);
    let words: Vec<String> = wanted.map(written).collect();
    (!words.is_empty()).then(|| format!("{heading}: {}", words.join(" ")))
}

/// `name >= version`, as rpm writes dependencies.
fn written(capability: &Capability) -> String {
    let signs = [
        (sense::LESS, "<"),
        (sense::GREATER, ">"),
        (sense::EQUAL, "="),
    ];
    let set = signs
        .iter()
        .filter(|(bit, _)| capability.flags & bit != 0 && !capability.version.is_empty());
    let sign: String = set.map(|(_, sign)| *sign).collect();
    match sign.as_str() {
        "" => capability.name.clone(),
        sign => format!("{} {sign} {}", capability.name, capability.version),
    }
}
