//! Resolves target words on made-up hosts, against the profiles as they are.

use specbuild_target::{
    HostFacts, LayerContent, Personality, Target, TargetRequest, known_targets,
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
        macros_folder: None,
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
    assert_eq!(
        body(&target, "_enable_debug_packages").as_deref(),
        Some("1")
    );
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
    for known in known_targets().unwrap() {
        let target = load(
            Some(&known.id),
            Personality::Specbuild,
            &host("alpine", "3"),
        );
        assert_eq!(target.format, known.family, "{}", known.id);
        assert!(!target.settings().is_empty());
        target.translation().unwrap();
        let texts = target.macro_layers.iter();
        assert!(
            texts
                .filter(|it| matches!(it.content, LayerContent::Text(_)))
                .count()
                > 5
        );
    }
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
