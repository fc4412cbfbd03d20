//! dpkg's names of architectures.
//!
//! Source: dpkg-architecture(1), Debian Policy 11.1, and rpm's `rpmrc.in`.

/// dpkg's name and rpm's, where they differ.
const NAMES: [(&str, &str); 9] = [
    ("all", "noarch"),
    ("amd64", "x86_64"),
    ("arm64", "aarch64"),
    ("armel", "armv5tel"),
    ("armhf", "armv7hl"),
    ("i386", "i686"),
    ("loong64", "loongarch64"),
    ("powerpc", "ppc"),
    ("ppc64el", "ppc64le"),
];

/// Returns rpm's name of the architecture that dpkg calls `name`, if it is another one.
pub fn rpm_arch_of_dpkg(name: &str) -> Option<&'static str> {
    let known = NAMES.iter().find(|(dpkg, _)| *dpkg == name);
    known.map(|(_, rpm)| *rpm)
}
