//! File capabilities: reads the text of cap_from_text(3), writes that of cap_to_text(3).

/// The capabilities of Linux, in the order of their numbers. Source: capabilities(7).
const NAMES: [&str; 41] = [
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
];

const EFFECTIVE: u8 = 1;
const INHERITABLE: u8 = 2;
const PERMITTED: u8 = 4;

/// The canonical form of a capability text, `None` if it is not one.
///
/// The text is a list of clauses such as `cap_net_raw,cap_chown=ep` or `=ep cap_chown-e`.
pub(super) fn normalize(text: &str) -> Option<String> {
    let mut sets = [0u8; NAMES.len()];
    let mut clauses = text.split_whitespace().peekable();
    clauses.peek()?;
    for clause in clauses {
        apply(clause, &mut sets)?;
    }
    Some(write(&sets))
}

fn apply(clause: &str, sets: &mut [u8; NAMES.len()]) -> Option<()> {
    let operators = clause.find(['=', '+', '-'])?;
    let (names, mut actions) = clause.split_at(operators);
    let who = select(names, actions.starts_with('='))?;
    while let Some(operator) = actions.chars().next() {
        let flags_end = actions[1..]
            .find(['=', '+', '-'])
            .map_or(actions.len(), |at| at + 1);
        let flags = parse_flags(&actions[1..flags_end])?;
        for &index in &who {
            let set = &mut sets[index];
            *set = match operator {
                '=' => flags,
                '+' => *set | flags,
                _ => *set & !flags,
            };
        }
        actions = &actions[flags_end..];
    }
    Some(())
}

fn select(names: &str, may_be_empty: bool) -> Option<Vec<usize>> {
    if names.is_empty() && !may_be_empty {
        return None;
    }
    if names.is_empty() || names.eq_ignore_ascii_case("all") {
        return Some((0..NAMES.len()).collect());
    }
    let index = |name: &str| {
        NAMES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
    };
    names.split(',').map(index).collect()
}

fn parse_flags(letters: &str) -> Option<u8> {
    letters.chars().try_fold(0, |flags, letter| {
        Some(
            flags
                | match letter {
                    'e' => EFFECTIVE,
                    'i' => INHERITABLE,
                    'p' => PERMITTED,
                    _ => return None,
                },
        )
    })
}

/// The commonest set of flags stands first for all capabilities; then those that differ from it.
fn write(sets: &[u8; NAMES.len()]) -> String {
    let count = |flags: u8| sets.iter().filter(|set| **set == flags).count();
    let base = (0..8u8).fold(0, |best, flags| {
        if count(flags) > count(best) {
            flags
        } else {
            best
        }
    });
    let mut clauses = Vec::new();
    if base != 0 {
        clauses.push(format!("={}", letters(base)));
    }
    for flags in (0..8u8).rev().filter(|flags| *flags != base) {
        let names: Vec<_> = NAMES
            .iter()
            .zip(sets)
            .filter(|(_, set)| **set == flags)
            .map(|(name, _)| *name)
            .collect();
        if !names.is_empty() {
            clauses.push(clause(&names.join(","), base, flags));
        }
    }
    if clauses.is_empty() {
        "=".to_owned()
    } else {
        clauses.join(" ")
    }
}

fn clause(names: &str, base: u8, flags: u8) -> String {
    if base == 0 {
        return format!("{names}={}", letters(flags));
    }
    let (more, less) = (flags & !base, base & !flags);
    let mut text = names.to_owned();
    if more != 0 {
        text += &format!("+{}", letters(more));
    }
    if less != 0 {
        text += &format!("-{}", letters(less));
    }
    text
}

fn letters(flags: u8) -> String {
    [(EFFECTIVE, 'e'), (INHERITABLE, 'i'), (PERMITTED, 'p')]
        .iter()
        .filter(|(flag, _)| flags & flag != 0)
        .map(|(_, letter)| letter)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn texts_are_normalized_as_libcap_does() {
        assert_eq!(
            normalize("cap_net_raw+ep").as_deref(),
            Some("cap_net_raw=ep")
        );
        assert_eq!(
            normalize("cap_net_raw=pe,cap_chown").as_deref(),
            None,
            "flags end a clause"
        );
        assert_eq!(
            normalize("cap_net_raw,cap_net_admin=pe").as_deref(),
            Some("cap_net_admin,cap_net_raw=ep")
        );
        assert_eq!(
            normalize("=ep cap_chown-e").as_deref(),
            Some("=ep cap_chown-e")
        );
        assert_eq!(normalize("cap_nonsense=ep"), None);
        assert_eq!(normalize(""), None);
    }
}
