//! The pages of testdata/hosts: each block is the os-release file of a host, and what comes out is what
//! that host builds for under each name of the tool, where no rpm is installed.

use specbuild_target::{HostFacts, Personality, Target, TargetRequest};
use testkit::Case;

fn main() {
    testkit::markdown::run(testkit::testdata("hosts"), answer)
}

fn answer(case: &Case) -> String {
    use Personality::{Debbuild, Rpm, Specbuild};
    let facts = HostFacts::new("x86_64", "Linux", Some(&case.input));
    let rows = [
        ("specbuild", Specbuild, None),
        ("specbuild --target rpm", Specbuild, Some("rpm")),
        ("specbuild --target deb", Specbuild, Some("deb")),
        ("rpmbuild", Rpm, None),
        ("debbuild", Debbuild, None),
    ];
    let lines = rows.into_iter().map(|(call, personality, word)| {
        let request = TargetRequest {
            word,
            personality,
            ..TargetRequest::default()
        };
        let chosen = Target::load(&request, &facts);
        let shown = chosen.map_or_else(|fault| fault.to_string(), |target| target.id);
        // The list at the end grows with each target.
        let shown = shown.split(": upstream").next().unwrap_or_default();
        format!("{call}: {shown}\n")
    });
    lines.collect()
}
