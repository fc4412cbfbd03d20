//! The bits of a dependency's flags. Source: rpm's `rpmds.h`.

pub(crate) const LESS: u32 = 1;
pub(crate) const GREATER: u32 = 2;
pub(crate) const EQUAL: u32 = 3;
pub(crate) const POSTTRANS: u32 = 5;
pub(crate) const PREREQ: u32 = 6;
pub(crate) const PRETRANS: u32 = 7;
pub(crate) const INTERP: u32 = 8;
pub(crate) const PRE: u32 = 9;
pub(crate) const POST: u32 = 10;
pub(crate) const PREUN: u32 = 11;
pub(crate) const POSTUN: u32 = 12;
pub(crate) const VERIFY: u32 = 13;
pub(crate) const FIND_REQUIRES: u32 = 14;
pub(crate) const FIND_PROVIDES: u32 = 15;
pub(crate) const TRIGGERIN: u32 = 16;
pub(crate) const TRIGGERUN: u32 = 17;
pub(crate) const TRIGGERPOSTUN: u32 = 18;
pub(crate) const MISSINGOK: u32 = 19;
pub(crate) const PREUNTRANS: u32 = 20;
pub(crate) const POSTUNTRANS: u32 = 21;
pub(crate) const RPMLIB: u32 = 24;
pub(crate) const TRIGGERPREIN: u32 = 25;
pub(crate) const CONFIG: u32 = 28;
pub(crate) const META: u32 = 29;
