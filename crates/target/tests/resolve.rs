//! Resolves target words on made-up hosts, against the profiles as they are.

use specbuild_target::{
    HostFacts, LayerContent, Personality, Rpmrc, Target, TargetRequest, known_targets,
};

fn host(id: &str, version: &str) -> HostFacts {
    HostFacts::new(
        "x86_64",
        "Linux",
        Some(&format!("ID={id}\nVERSION_ID={version}\n")),
    )
}

fn load(word: Option<&str>, personality: Personality, facts: &HostFacts) -> Target {
    let request = TargetRequest {
        word,
        personality,
        ..TargetRequest::default()
    };
    Target::load(&request, facts).expect("the word is known")
}

fn body(target: &Target, name: &str) -> Option<String> {
    let defines = target.platform_macros();
    defines
        .into_iter()
        .rev()
        .find(|(it, _)| it == name)
        .map(|(_, body)| body)
}

#[test]
fn a_machine_word_sets_architecture_and_system() {
    let facts = host("alpine", "3");
    for (word, cpu, lib) in [
        ("x86_64", "x86_64", "lib64"),
        ("noarch-redhat-linux", "noarch", "lib"),
        ("aarch64-linux", "aarch64", "lib64"),
        ("i686-vendor-linux-gnu", "i686", "lib"),
    ] {
        let target = load(Some(word), Personality::Specbuild, &facts);
        assert_eq!(
            (target.arch.name, target.os.as_str()),
            (cpu, "linux"),
            "{word}"
        );
        assert_eq!(body(&target, "_lib").as_deref(), Some(lib), "{word}");
        assert_eq!(
            body(&target, "_target"),
            Some(format!("{cpu}-linux")),
            "{word}"
        );
    }
}

#[test]
fn upstream_values_of_the_platform() {
    let target = load(Some("upstream"), Personality::Rpm, &host("alpine", "3"));
    assert_eq!(body(&target, "optflags").as_deref(), Some("-O2 -g"));
    assert_eq!(body(&target, "_vendor").as_deref(), Some("vendor"));
    assert_eq!(body(&target, "__isa_bits").as_deref(), Some("64"));
    assert_eq!(body(&target, "_transaction_color").as_deref(), Some("3"));
}

#[test]
fn noarch_takes_the_flags_of_the_host_and_has_no_isa() {
    let target = load(Some("x86_64"), Personality::Rpm, &host("alpine", "3"));
    let noarch = target.with_arch("noarch").unwrap();
    assert_eq!(body(&noarch, "optflags").as_deref(), Some("-O2 -g"));
    assert_eq!(body(&noarch, "__isa"), None);
    assert_eq!(
        body(&noarch, "_enable_debug_packages").as_deref(),
        Some("0")
    );
}

#[test]
fn every_known_target_loads_and_says_so_in_its_settings() {
    for known in known_targets() {
        let facts = HostFacts {
            installed: Some(Rpmrc::default()),
            ..host("alpine", "3")
        };
        let target = load(Some(known.id), Personality::Specbuild, &facts);
        assert_eq!(target.format, known.family, "{}", known.id);
        assert!(!target.settings().unwrap().is_empty());
        target.translation().unwrap();
        let texts = target.macro_layers.iter();
        assert!(
            texts
                .filter(|it| matches!(it.content, LayerContent::Embedded(_)))
                .count()
                > 5
        );
    }
}

#[test]
fn an_installed_rpm_is_what_its_names_build_for() {
    let facts = HostFacts {
        installed: Some(Rpmrc::default()),
        ..host("fedora", "42")
    };
    for (word, default, personality, expected) in [
        (None, None, Personality::Rpm, "system"),
        (Some("aarch64"), None, Personality::Rpm, "system"),
        (Some("upstream"), None, Personality::Rpm, "upstream"),
        (None, Some("upstream"), Personality::Rpm, "upstream"),
        (Some("i686"), Some("upstream"), Personality::Rpm, "upstream"),
        (None, None, Personality::Specbuild, "fedora-42"),
        (None, Some("upstream"), Personality::Specbuild, "fedora-42"),
        (None, None, Personality::Debbuild, "debian-13"),
        (Some("system"), None, Personality::Specbuild, "system"),
    ] {
        let request = TargetRequest {
            word,
            default,
            personality,
            macros_folder: None,
        };
        let target = Target::load(&request, &facts).unwrap();
        assert_eq!(target.id, expected, "{word:?} {default:?} {personality:?}");
        let is_system = target.id == "system";
        assert_eq!(target.installed_macros.is_some(), is_system, "{word:?}");
    }
}

#[test]
fn without_an_installed_rpm_there_is_no_target_for_it() {
    let request = |word, default| TargetRequest {
        word,
        default,
        personality: Personality::Rpm,
        macros_folder: None,
    };
    let facts = host("fedora", "42");
    let load = |word, default| Target::load(&request(word, default), &facts);
    assert_eq!(load(None, None).unwrap().id, "fedora-42");
    let fault = load(Some("system"), None).unwrap_err().to_string();
    assert!(fault.contains("none is installed"), "{fault}");
    let fault = load(None, Some("x86_64")).unwrap_err().to_string();
    assert!(fault.contains("unknown target `x86_64`"), "{fault}");
}

#[test]
fn an_older_rpm_has_no_finer_names_of_the_processor() {
    let facts = HostFacts {
        level: Some("x86_64_v3".to_owned()),
        ..host("debian", "12")
    };
    let best = |rpmrc: &str| {
        let mut installed = Rpmrc::default();
        installed.read("rpmrc", rpmrc, &mut |_| Ok(String::new()));
        let facts = HostFacts {
            installed: Some(installed),
            ..facts.clone()
        };
        load(None, Personality::Rpm, &facts).install_arch().name
    };
    assert_eq!(best("arch_compat: x86_64: noarch\n"), "x86_64");
    assert_eq!(best("arch_compat: x86_64_v3: x86_64_v2\n"), "x86_64_v3");
    let bare = load(Some("upstream"), Personality::Rpm, &facts);
    assert_eq!(bare.install_arch().name, "x86_64_v3");
}

#[test]
fn a_mistyped_word_is_answered_with_the_closest_one() {
    let request = TargetRequest {
        word: Some("upstraem"),
        ..TargetRequest::default()
    };
    let fault = Target::load(&request, &host("alpine", "3"))
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains("unknown target `upstraem`; did you mean `upstream`?"),
        "{fault}"
    );
}

#[test]
fn a_family_is_the_hosts_own_or_its_newest() {
    for (id, version, word, expected) in [
        ("debian", "12", "deb", "debian-12"),
        ("debian", "", "deb", "debian-13"),
        ("linuxmint", "22", "deb", "debian-13"),
        ("fedora", "42", "deb", "debian-13"),
        ("fedora", "40", "rpm", "fedora-41"),
        ("debian", "12", "rpm", "fedora-42"),
    ] {
        let target = load(Some(word), Personality::Specbuild, &host(id, version));
        assert_eq!(target.id, expected, "{word} on {id} {version}");
    }
}

#[test]
fn without_a_word_the_name_of_the_tool_decides() {
    use Personality::{Debbuild, Rpm, Specbuild};
    for (id, version, personality, expected) in [
        ("debian", "12", Specbuild, "debian-12"),
        ("debian", "12", Rpm, "upstream"),
        ("debian", "12", Debbuild, "debian-12"),
        ("fedora", "42", Specbuild, "fedora-42"),
        ("fedora", "42", Rpm, "fedora-42"),
        ("fedora", "42", Debbuild, "debian-13"),
        ("arch", "", Specbuild, "upstream"),
    ] {
        let facts = host(id, version);
        assert_eq!(
            load(None, personality, &facts).id,
            expected,
            "{personality:?} on {id}"
        );
        let machine = load(Some("i686-linux"), personality, &facts);
        assert_eq!((machine.id.as_str(), machine.arch.name), (expected, "i686"));
    }
}

#[test]
fn names_of_architectures_in_the_other_family() {
    let target = load(
        Some("debian-12"),
        Personality::Specbuild,
        &host("fedora", "42"),
    );
    assert_eq!(target.native_arch("x86_64"), "amd64");
    assert_eq!(target.native_arch("noarch"), "all");
    assert!(target.is_arch("x86_64") && target.is_arch("amd64") && !target.is_arch("i386"));
    assert_eq!(
        body(&target, "_multiarch").as_deref(),
        Some("x86_64-linux-gnu")
    );
}

#[test]
fn debbuild_has_its_own_release_tag() {
    let dist = |personality| {
        let target = load(Some("debian-12"), personality, &host("debian", "12"));
        target
            .defines
            .into_iter()
            .rev()
            .find(|(name, _)| name == "dist")
    };
    assert_eq!(dist(Personality::Specbuild), None);
    let expected = ("dist".to_owned(), "debian12".to_owned());
    assert_eq!(dist(Personality::Debbuild), Some(expected));
}

#[test]
fn a_distribution_builds_for_i686_on_any_such_machine() {
    let facts = HostFacts::new("i586", "Linux", Some("ID=fedora\nVERSION_ID=42\n"));
    assert_eq!(load(None, Personality::Rpm, &facts).arch.name, "i686");
    let upstream = load(Some("upstream"), Personality::Rpm, &facts);
    assert_eq!(upstream.arch.name, "i386");
}

#[test]
fn a_folder_stands_in_for_the_embedded_macros() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("macros");
    let facts = host("alpine", "3");
    for known in known_targets().iter().filter(|it| it.id != "system") {
        let request = TargetRequest {
            word: Some(known.id),
            macros_folder: Some(&folder),
            ..TargetRequest::default()
        };
        let from_folder = Target::load(&request, &facts).expect("the folder is complete");
        let embedded = load(Some(known.id), Personality::Specbuild, &facts);
        let names = |target: &Target| -> Vec<String> {
            let layers = target.macro_layers.iter();
            layers.map(|it| layer_name(&it.origin).to_owned()).collect()
        };
        assert_eq!(names(&from_folder), names(&embedded), "{}", known.id);
    }
}

#[test]
fn a_folder_that_lacks_a_library_is_an_error_that_names_it() {
    let folder = std::env::temp_dir().join(format!("specbuild-macros-{}", std::process::id()));
    for dir in ["rpm/fileattrs", "family/deb"] {
        std::fs::create_dir_all(folder.join(dir)).unwrap();
        std::fs::write(folder.join(dir).join("x.macros"), "").unwrap();
    }
    std::fs::write(folder.join("rpm/x.macros"), "").unwrap();
    let request = TargetRequest {
        word: Some("debian-12"),
        macros_folder: Some(&folder),
        ..TargetRequest::default()
    };
    let fault = Target::load(&request, &host("alpine", "3")).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    let first = "profiles/family-deb.toml names `lib/GConf2`, which does not exist";
    assert_eq!(fault.to_string(), first);
}

fn layer_name(origin: &str) -> &str {
    origin
        .split_once("macros/")
        .map_or(origin, |(_, name)| name)
}
