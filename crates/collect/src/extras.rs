//! What packages carry in their headers beside files: icons, OpenPGP keys, SELinux policies.
//!
//! Source: rpm-spec(5), "Icon", "%pubkey" and "%sepolicy"; the wordings are those of rpm's
//! `build/parsePreamble.cc`, `build/files.cc` and `build/policies.cc`.

use std::path::Path;

use package::Policy;
use sign::ArmorFault;
use source::{Diagnostic, Origin, Sink};
use spec::{PolicyModule, SourceKind, Spec, SubPackage};

use crate::codes;

/// How pictures of the two kinds begin.
const PICTURES: [&[u8]; 2] = [b"GIF", b"/* XPM"];

/// The content of a package's icon.
pub(crate) fn icon(spec: &Spec, package: &SubPackage, sink: &mut Sink) -> Option<Vec<u8>> {
    let name = package.icon.as_ref()?;
    let mut sources = spec.sources.iter();
    let icon = sources.find(|it| it.kind == SourceKind::Icon && it.file_name == *name)?;
    let fault = match limits::read(Path::new(&icon.path), limits::METADATA) {
        Ok(content) if PICTURES.iter().any(|it| content.starts_with(it)) => return Some(content),
        Ok(content) if content.is_empty() => return None,
        Ok(_) => format!("Unknown icon type: {name}"),
        Err(error) => format!("Unable to read icon {}: {}", icon.path, reason(&error)),
    };
    let finding = Diagnostic::error(codes::BAD_ICON, fault).at(icon.origin);
    sink.push(finding.note("icons are GIF or XPM pictures"));
    None
}

/// The key in a file, as an armored block.
pub(crate) fn public_key(path: &Path, origin: Option<Origin>, sink: &mut Sink) -> Option<String> {
    let content = limits::read(path, limits::METADATA).unwrap_or_default();
    let fault = match sign::public_key_block(&content) {
        Ok(block) => return Some(block),
        Err(ArmorFault::Unreadable) => "public key read failed.",
        Err(ArmorFault::OtherKind) => "not an armored public key.",
    };
    let message = format!("{}: {fault}", path.display());
    sink.push(Diagnostic::error(codes::BAD_KEY, message).at(origin));
    None
}

/// The policies of a package; rpm leaves them at the first fault.
pub(crate) fn policies(modules: &[PolicyModule], build_dir: &Path, sink: &mut Sink) -> Vec<Policy> {
    let mut policies: Vec<Policy> = Vec::new();
    for module in modules {
        match policy(module, build_dir, &policies) {
            Ok(policy) => policies.push(policy),
            Err(message) => {
                let finding = Diagnostic::error(codes::BAD_POLICY, message);
                sink.push(finding.at(module.path.whole()));
                break;
            }
        }
    }
    policies
}

fn policy(module: &PolicyModule, build_dir: &Path, others: &[Policy]) -> Result<Policy, String> {
    // rpm seeks what looks absolute below the directory, too.
    let path = build_dir.join(module.path.trim_start_matches('/'));
    let content = limits::read(&path, limits::TEXT)
        .map_err(|_| format!("Failed to read  policy file: {}", path.display()))?;
    let policy = Policy {
        name: module.name.clone(),
        types: module.types.clone(),
        is_base: module.is_base,
        content,
    };
    match others.iter().find_map(|other| clash(&policy, other)) {
        Some(fault) => Err(fault),
        None => Ok(policy),
    }
}

/// Why two policies can't be in one package.
fn clash(policy: &Policy, other: &Policy) -> Option<String> {
    let is_default = |it: &Policy| it.types.iter().any(|name| name == "default");
    let overlap = is_default(policy)
        || is_default(other)
        || policy.types.iter().any(|name| other.types.contains(name));
    let (name, known) = (&policy.name, &other.name);
    if overlap && name == known {
        return Some(format!(
            "Policy module '{name}' duplicated with overlapping types"
        ));
    }
    let are_bases = policy.is_base && other.is_base;
    (overlap && are_bases)
        .then(|| format!("Base modules '{name}' and '{known}' have overlapping types"))
}

fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or(&text).to_owned()
}
