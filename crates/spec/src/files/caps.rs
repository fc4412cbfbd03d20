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

/// The bits of libcap, which writes sets in the order of their numbers.
const EFFECTIVE: u8 = 1;
const PERMITTED: u8 = 2;
const INHERITABLE: u8 = 4;

/// The canonical form of a capability text, `None` if it is not one.
///
/// The text is a list of clauses such as `cap_net_raw,cap_chown=ep` or `=ep cap_chown-e`.
pub(super) fn normalize(text: &str) -> Option<String> {
    let mut sets = [0u8; NAMES.len()];
    for clause in text.split_ascii_whitespace() {
        apply(clause, &mut sets)?;
    }
    Some(write(&sets))
}

fn apply(clause: &str, sets: &mut [u8; NAMES.len()]) -> Option<()> {
    let operators = clause.find(OPERATORS)?;
    let (names, mut actions) = clause.split_at(operators);
    if names.is_empty() && (!actions.starts_with('=') || actions[1..].contains(OPERATORS)) {
        return None;
    }
    let who = select(names)?;
    while let Some(operator) = actions.chars().next() {
        let end = actions[1..].find(['+', '-']);
        let end = end.map_or(actions.len(), |at| at + 1);
        let flags = parse_flags(&actions[1..end])?;
        if operator != '=' && end == 1 {
            return None;
        }
        for &index in &who {
            let set = &mut sets[index];
            *set = match operator {
                '=' => flags,
                '+' => *set | flags,
                _ => *set & !flags,
            };
        }
        actions = &actions[end..];
    }
    Some(())
}

const OPERATORS: [char; 3] = ['=', '+', '-'];

/// The numbers of the capabilities in a list of names; without one, of all.
fn select(names: &str) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for name in names.split(',') {
        if names.is_empty() || name.eq_ignore_ascii_case("all") {
            found.extend(0..NAMES.len());
        } else {
            found.push(number_of(name)?);
        }
    }
    Some(found)
}

/// A capability may be given by its number, too.
fn number_of(name: &str) -> Option<usize> {
    let mut names = NAMES.iter();
    names
        .position(|known| known.eq_ignore_ascii_case(name))
        .or_else(|| name.parse().ok().filter(|it| *it < NAMES.len()))
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
/// Where most have none, the first of the others takes the place of that.
fn write(sets: &[u8; NAMES.len()]) -> String {
    let count = |flags: u8| sets.iter().filter(|set| **set == flags).count();
    let base = (0..8u8).fold(0, |best, flags| {
        if count(flags) > count(best) {
            flags
        } else {
            best
        }
    });
    let mut text = format!("={}", letters(base));
    for flags in (0..8u8).rev().filter(|flags| *flags != base) {
        let with = NAMES.iter().zip(sets).filter(|(_, set)| **set == flags);
        let names: Vec<_> = with.map(|(name, _)| *name).collect();
        if names.is_empty() {
            continue;
        }
        let names = names.join(",");
        if text == "=" {
            text = format!("{names}={}", letters(flags));
        } else {
            text += &format!(" {names}{}", changes(base, flags));
        }
    }
    text
}

/// What leads from one set of flags to another.
fn changes(base: u8, flags: u8) -> String {
    let marked = [('+', flags & !base), ('-', base & !flags)];
    let marked = marked.iter().filter(|(_, flags)| *flags != 0);
    marked
        .map(|(sign, flags)| format!("{sign}{}", letters(*flags)))
        .collect()
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
    }

    #[test]
    fn sets_beside_others_are_told_as_libcap_tells_them() {
        let cases = [
            ("", "="),
            ("= ", "="),
            ("5=p", "cap_kill=p"),
            ("all,cap_chown=p", "=p"),
            ("cap_net_raw=ep cap_chown+i", "cap_chown=i cap_net_raw+ep"),
            (
                "cap_setuid,cap_setgid+p cap_setuid+e",
                "cap_setuid=ep cap_setgid+p",
            ),
            ("all=e cap_chown=p", "=e cap_chown+p-e"),
            ("cap_net_raw=e+p-e", "cap_net_raw=p"),
            (
                "cap_chown=ep cap_kill=ei cap_fowner=ei",
                "cap_fowner,cap_kill=ei cap_chown+ep",
            ),
        ];
        for (text, normal) in cases {
            assert_eq!(normalize(text).as_deref(), Some(normal), "{text}");
        }
    }

    #[test]
    fn what_libcap_refuses_is_refused() {
        let texts = [
            "cap_nonsense=ep",
            "cap_net_raw==p",
            "cap_net_raw+e=p",
            "=e+p",
            "-e",
            "all",
            "cap_chown+",
            "cap_chown,=p",
            "cap_chown=E",
        ];
        for text in texts {
            assert_eq!(normalize(text), None, "{text}");
        }
    }
}
