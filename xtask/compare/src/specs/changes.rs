//! Why what ours makes of a spec may differ from what the peer makes of it.

use super::spec::SpecTrial;
use crate::rpm::Run;
use crate::trial::{Change, NEVER, Trial};

pub(super) const CHANGES: &[Change<SpecTrial>] = &[
    Change {
        name: "empty-command",
        reason: "for `%()` rpm runs whatever follows in the text as a command, bracket first",
        since: NEVER,
        excuses: |spec, _, _| spec.texts().iter().any(|text| text.contains("%()")),
    },
    Change {
        name: "unfinished",
        reason: "rpmspec 6 does not fail where packages lack a description or a summary, or have tags \
                 twice: it tells the error, and shows half of what they have",
        since: NEVER,
        excuses: |_, ours, peer| {
            let lacks = |run| {
                says(run, "Duplicate ")
                    || says(run, "Package has no %description")
                    || says(run, "field must be present in package")
            };
            lacks(ours) && lacks(peer) && ours.status == 1 && peer.status == 0
        },
    },
    Change {
        name: "several-numbers",
        reason: "rpm documents several numbers after `NoSource:` and refuses them",
        since: NEVER,
        excuses: |_, ours, peer| says(peer, "Bad number: ") && !says(ours, "Bad number: "),
    },
    Change {
        name: "build-option-told",
        reason: "rpm fails without a word at `BuildOption` of a section that there is not",
        since: NEVER,
        excuses: |_, ours, _| says(ours, "Unknown section of BuildOption"),
    },
];

fn says(run: &Run, words: &str) -> bool {
    run.messages
        .iter()
        .any(|message| message.words.contains(words))
}
