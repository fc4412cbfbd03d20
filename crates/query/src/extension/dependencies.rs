//! Dependencies and triggers, spelled out.

use crate::formats::{from_base64, relation, trigger_kind};
use crate::unless_empty::texts;
use crate::{Tags, Value};
use header::sense;

/// One dependency as a header holds it: parts at the same place of three lists.
struct Part {
    name: String,
    flags: u64,
    version: String,
}

impl Part {
    /// `name >= version`.
    fn spelled(&self) -> String {
        let sign = relation(self.flags);
        if sign.is_empty() || self.version.is_empty() {
            return self.name.clone();
        }
        format!("{} {sign} {}", self.name, self.version)
    }
}

/// The dependencies that tags with a prefix hold.
fn parts(tags: &dyn Tags, prefix: &str) -> Vec<Part> {
    let get = |suffix: &str| tags.get(&format!("{prefix}{suffix}"));
    let (names, flags, versions) = (get("NAME"), get("FLAGS"), get("VERSION"));
    let names = names
        .as_ref()
        .map_or(&[][..], Value::texts)
        .iter()
        .enumerate();
    let part = |(index, name): (usize, &String)| Part {
        name: name.clone(),
        flags: flags
            .as_ref()
            .and_then(|it| it.number_at(index))
            .unwrap_or(0),
        version: versions
            .as_ref()
            .and_then(|it| it.text_at(index))
            .unwrap_or("")
            .to_owned(),
    };
    names.map(part).collect()
}

/// Every dependency of a kind.
pub(super) fn spelled(tags: &dyn Tags, prefix: &str) -> Option<Value> {
    texts(parts(tags, prefix).iter().map(Part::spelled).collect())
}

/// The dependencies found in each file, parted by blanks. `kind` marks them among all others.
pub(super) fn of_files(tags: &dyn Tags, kind: char, prefix: &str) -> Option<Value> {
    if let Some(known) = tags.get(&format!("FILE{prefix}")) {
        return Some(known);
    }
    let files = tags.get("BASENAMES")?.len();
    let numbers = |tag: &str| tags.get(tag).map_or(Vec::new(), |it| it.numbers().to_vec());
    let (first, count) = (numbers("FILEDEPENDSX"), numbers("FILEDEPENDSN"));
    let (dictionary, parts) = (numbers("DEPENDSDICT"), parts(tags, prefix));
    let of_file = |index: usize| {
        let from = usize::try_from(*first.get(index)?).ok()?;
        let size = usize::try_from(*count.get(index)?).ok()?;
        let entries = dictionary.get(from..from.checked_add(size)?)?;
        let of_kind = entries
            .iter()
            .filter(|it| *it >> 24 & 0xff == u64::from(kind as u32));
        let parts = of_kind.filter_map(|it| parts.get((it & 0xff_ffff) as usize));
        Some(parts.map(Part::spelled).collect::<Vec<_>>().join(" "))
    };
    texts(
        (0..files)
            .map(|index| of_file(index).unwrap_or_default())
            .collect(),
    )
}

/// The conditions of each trigger script.
pub(super) fn trigger_conditions(tags: &dyn Tags, prefix: &str) -> Option<Value> {
    let conditions = conditions_by_script(tags, prefix)?;
    let joined = |it: Vec<Part>| it.iter().map(Part::spelled).collect::<Vec<_>>().join(", ");
    texts(conditions.into_iter().map(joined).collect())
}

/// When each trigger script runs.
pub(super) fn trigger_kinds(tags: &dyn Tags, prefix: &str) -> Option<Value> {
    let conditions = conditions_by_script(tags, prefix)?;
    let kind = |it: Vec<Part>| {
        it.first()
            .map_or("", |part| trigger_kind(part.flags))
            .to_owned()
    };
    texts(conditions.into_iter().map(kind).collect())
}

fn conditions_by_script(tags: &dyn Tags, prefix: &str) -> Option<Vec<Vec<Part>>> {
    let scripts = tags.get(&format!("{prefix}SCRIPTS"))?.len();
    let indexes = tags.get(&format!("{prefix}INDEX"))?;
    let mut conditions: Vec<Vec<Part>> = (0..scripts).map(|_| Vec::new()).collect();
    for (part, script) in parts(tags, prefix).into_iter().zip(indexes.numbers()) {
        if let Some(list) = usize::try_from(*script)
            .ok()
            .and_then(|it| conditions.get_mut(it))
        {
            list.push(part);
        }
    }
    Some(conditions)
}

/// The lines of sysusers.d(5) that `user(…)` and its kin provide, in base64, as their version.
pub(super) fn system_users(tags: &dyn Tags) -> Option<Value> {
    let is_user = |part: &Part| {
        ["user(", "group(", "groupmember("]
            .iter()
            .any(|it| part.name.starts_with(it))
            && part.flags & u64::from(sense::EQUAL) != 0
    };
    let provided = parts(tags, "PROVIDE").into_iter().filter(is_user);
    let lines = provided.filter_map(|part| String::from_utf8(from_base64(&part.version)?).ok());
    texts(
        lines
            .map(|line| line.trim_end_matches('\0').to_owned())
            .collect(),
    )
}
