//! Sizes and permissions.

/// A size with one decimal where that says something, and `K`, `M`, … after it.
pub(super) fn human(size: u64, kilo: f32) -> String {
    const UNITS: [&str; 9] = ["", "K", "M", "G", "T", "P", "E", "Z", "Y"];
    let mut number = size as f32;
    let mut unit = 0;
    while number >= kilo && unit + 1 < UNITS.len() {
        number /= kilo;
        unit += 1;
    }
    let decimals = usize::from(number > 0.05 && number < 9.95);
    format!("{number:.decimals$}{}", UNITS[unit])
}

/// `-rwxr-xr-x`, as ls(1) writes modes.
pub(crate) fn permissions(mode: u64) -> String {
    let kind = match mode >> 12 & 0o17 {
        0o10 => '-',
        0o4 => 'd',
        0o12 => 'l',
        0o1 => 'p',
        0o14 => 's',
        0o2 => 'c',
        0o6 => 'b',
        _ => '?',
    };
    let mut text = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (false, true) => 'x',
            (false, false) => '-',
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{human, permissions};

    #[test]
    fn sizes_are_short() {
        let texts: Vec<_> = [0, 5, 999, 1536, 20_480]
            .iter()
            .map(|it| human(*it, 1024.0))
            .collect();
        assert_eq!(texts, ["0", "5.0", "999", "1.5K", "20K"]);
        assert_eq!(human(u64::MAX, 1000.0), "18E");
    }

    #[test]
    fn modes_read_as_in_ls() {
        assert_eq!(permissions(0o100_755), "-rwxr-xr-x");
        assert_eq!(permissions(0o041_777), "drwxrwxrwt");
        assert_eq!(permissions(0o106_640), "-rwSr-S---");
    }
}
