//! The verdict: what single digests and signatures mean for header and payload together.

use super::items::{HEADER, Item, PAYLOAD, Range, Said};
use super::{Class, Finding, Outcome, Policy, Verdict};

/// What good digests and good signatures cover.
#[derive(Clone, Copy, Debug, Default)]
struct Cover {
    digests: Range,
    signatures: Range,
}

impl Cover {
    fn add(&mut self, class: Class, range: Range) {
        match class {
            Class::Digest => self.digests |= range,
            Class::Signature => self.signatures |= range,
        }
    }
}

/// Puts the verdict together.
///
/// Digests that are in a header with a good signature count as signatures. A package that is signed in
/// part is not signed at all. Of the digests of the compressed and the uncompressed payload one has to
/// hold.
pub(super) fn judge(mut items: Vec<Item>, policy: Policy) -> Verdict {
    items.sort_by_cached_key(Item::order);
    let needs_any = policy.needs_digests || policy.needs_signatures;
    let mut range = if needs_any { HEADER | PAYLOAD } else { 0 };
    let mut cover = Cover::default();
    let mut strengths = Vec::new();
    for item in &items {
        let is_strong = item.kind.is_signed && cover.signatures & HEADER != 0;
        let strength = if is_strong {
            Class::Signature
        } else {
            item.kind.class
        };
        if item.outcome == Outcome::Good {
            cover.add(item.kind.class, item.kind.range);
            cover.add(strength, item.kind.range);
        }
        range |= item.kind.range;
        strengths.push(strength);
    }
    let needs_signatures = policy.needs_signatures || cover.signatures != 0;
    let lacks_digests = policy.needs_digests && cover.digests != range;
    let lacks_signatures = needs_signatures && cover.signatures != range;
    excuse_alternatives(&mut items);
    let is_missed = |item: &Item, strength: Class| {
        let has = |class| item.kind.class == class || strength == class;
        let missing = |covered: Range| range & !covered & item.kind.range != 0;
        (policy.needs_digests && has(Class::Digest) && missing(cover.digests))
            || (needs_signatures && has(Class::Signature) && missing(cover.signatures))
    };
    let told = items.iter().zip(strengths);
    let told =
        told.filter(|(it, strength)| it.outcome != Outcome::Missing || is_missed(it, *strength));
    let findings: Vec<Finding> = told.map(|(item, _)| finding(item)).collect();
    let has_fault = |class| {
        let mut findings = findings.iter().filter(|it| it.class == class);
        findings.any(|it| matches!(it.outcome, Outcome::Bad | Outcome::NoKey))
    };
    Verdict {
        has_good_digests: !lacks_digests && !has_fault(Class::Digest),
        has_good_signatures: !lacks_signatures && !has_fault(Class::Signature),
        findings,
    }
}

/// A digest that does not hold is not missed where its alternative does.
fn excuse_alternatives(items: &mut [Item]) {
    let good: Vec<u32> = items
        .iter()
        .filter(|it| it.kind.class == Class::Digest && it.outcome == Outcome::Good)
        .map(|it| it.kind.flag)
        .collect();
    for item in items {
        let is_digest = matches!(item.said, Said::Digest(_));
        let is_bad = item.outcome == Outcome::Bad && is_digest;
        if is_bad && good.contains(&item.kind.flag) {
            item.outcome = Outcome::Missing;
            item.note = None;
        }
    }
}

fn finding(item: &Item) -> Finding {
    Finding {
        class: item.kind.class,
        what: item.what(),
        outcome: item.outcome,
        note: item.note.clone(),
    }
}
