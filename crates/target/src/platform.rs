//! The macros that follow from the architecture, the system and the host.
//!
//! rpm takes them from `platform/ARCH-OS/macros` and from rpmrc; see rpm-rpmrc(5) and
//! docs/man/rpm-spec-macros.7.scd, "Platform macros".

use crate::arch::Arch;

/// What the values are computed from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Platform<'a> {
    /// What is built for.
    pub(crate) arch: Arch,
    /// The target's system, `linux`.
    pub(crate) os: &'a str,
    /// The distributor, as in `x86_64-VENDOR-linux`.
    pub(crate) vendor: &'a str,
    /// What the host builds for of itself; `noarch` takes its compiler flags from it.
    pub(crate) host_arch: Arch,
    /// uname's machine on the host.
    pub(crate) host_machine: &'a str,
    /// The host's system.
    pub(crate) host_os: &'a str,
}

/// The definitions, in an order in which each refers only to names that exist.
pub(crate) fn defines(platform: Platform<'_>) -> Vec<(String, String)> {
    let mut rows = target_rows(platform);
    rows.extend(match platform.arch.is_known() {
        true => arch_rows(platform),
        false => vec![("optflags", platform.arch.optflags.to_owned())],
    });
    rows.extend(isa_rows(platform.arch));
    rows.extend(host_rows(platform));
    rows.into_iter()
        .map(|(name, body)| (name.to_owned(), body))
        .collect()
}

type Row = (&'static str, String);

/// rpm has no `%{_target_platform}` for a machine that has no directory below `platform`.
fn target_rows(platform: Platform<'_>) -> Vec<Row> {
    let (cpu, os) = (platform.arch.name, platform.os);
    let mut rows = vec![
        ("_target_cpu", cpu.to_owned()),
        ("_target_os", os.to_owned()),
        ("_target_vendor", "%{_host_vendor}".to_owned()),
        ("_target_alias", "%{_host_alias}".to_owned()),
        ("_target", format!("{cpu}-{os}")),
    ];
    if platform.arch.is_known() {
        let triplet = "%{_target_cpu}-%{_vendor}-%{_target_os}";
        rows.push(("_target_platform", triplet.to_owned()));
    }
    rows
}

fn arch_rows(platform: Platform<'_>) -> Vec<Row> {
    let arch = platform.arch;
    let linux = platform.os == "linux";
    let flags = if arch.is_noarch() {
        platform.host_arch
    } else {
        arch
    }
    .optflags;
    let lib = if linux && arch.color == 3 {
        "lib64"
    } else {
        "lib"
    };
    let mut rows = vec![
        ("_arch", arch.canonical.to_owned()),
        ("_build_arch", arch.canonical.to_owned()),
        ("_vendor", platform.vendor.to_owned()),
        ("_os", platform.os.to_owned()),
        ("_gnu", "-gnu".to_owned()),
        ("optflags", flags.to_owned()),
        ("_lib", lib.to_owned()),
        ("_transaction_color", arch.color.to_string()),
        (
            "_enable_debug_packages",
            debug_packages(linux && !arch.is_noarch()),
        ),
    ];
    rows.extend(arch.multiarch.map(|it| ("_multiarch", it.to_owned())));
    rows
}

/// Debug packages are made where they make sense and `find-debuginfo` is installed with the
/// `eu-strip` that it calls; rpm leaves the second out, and its builds fail there.
fn debug_packages(sensible: bool) -> String {
    let body = if sensible {
        "%[%{exists:%{__find_debuginfo}} && %{exists:/usr/bin/eu-strip} ? 1 : 0]"
    } else {
        "0"
    };
    body.to_owned()
}

fn isa_rows(arch: Arch) -> Vec<Row> {
    arch.isa.map_or_else(Vec::new, |isa| {
        vec![
            ("__isa_name", isa.to_owned()),
            ("__isa_bits", arch.bits.to_string()),
            ("__isa", "%{__isa_name}-%{__isa_bits}".to_owned()),
        ]
    })
}

fn host_rows(platform: Platform<'_>) -> Vec<Row> {
    vec![
        ("_host_cpu", platform.host_machine.to_owned()),
        ("_host_vendor", platform.vendor.to_owned()),
        ("_host_os", platform.host_os.to_owned()),
        (
            "_host",
            "%{_host_cpu}-%{_host_vendor}-%{_host_os}".to_owned(),
        ),
        ("_host_alias", "%{nil}".to_owned()),
        ("_build_cpu", "%{_host_cpu}".to_owned()),
        ("_build_vendor", "%{_host_vendor}".to_owned()),
        ("_build_os", "%{_host_os}".to_owned()),
        ("_build", "%{_host}".to_owned()),
        ("_build_alias", "%{_host_alias}".to_owned()),
    ]
}
