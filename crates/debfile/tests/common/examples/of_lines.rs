//! Packages whose faults and relations are told at the lines of a spec.

use package::{
    Dependency, DependencyRules, FileEntry, FileList, Interpreter, Package, Phase, Phases,
    RelationKind, Scriptlet, Slot, Tag, Trigger, TriggerKind, parse_dependencies,
};
use source::{Origin, SourceMap, Text};

use crate::common::{entry, package, scriptlet, symlink, text};

use super::config;

/// A spec, and the origins of words in it.
pub(super) struct Spec {
    pub(super) sources: SourceMap,
    text: Text,
}

impl Spec {
    pub(super) fn new(text: &str) -> Self {
        let mut sources = SourceMap::new();
        let file = sources.add("example.spec", text);
        let text = Text::from_origin(text, sources.whole(file).into());
        Self { sources, text }
    }

    /// The origin of the first line that begins with these words.
    pub(super) fn at(&self, start: &str) -> Option<Origin> {
        let line = self
            .text
            .lines()
            .into_iter()
            .find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("no line `{start}`")).whole()
    }
}

/// Relations of all kinds, read from the lines of a spec.
pub(crate) fn relations() -> (SourceMap, Vec<Package>) {
    let spec = Spec::new(RELATIONS);
    let kinds = [
        (
            "Requires",
            RelationKind::Requires,
            DependencyRules::REQUIRES,
        ),
        (
            "Recommends",
            RelationKind::Recommends,
            DependencyRules::REQUIRES,
        ),
        (
            "Suggests",
            RelationKind::Suggests,
            DependencyRules::REQUIRES,
        ),
        (
            "Supplements",
            RelationKind::Supplements,
            DependencyRules::CONFLICTS,
        ),
        (
            "Enhances",
            RelationKind::Enhances,
            DependencyRules::CONFLICTS,
        ),
        (
            "Provides",
            RelationKind::Provides,
            DependencyRules::PROVIDES,
        ),
        (
            "Conflicts",
            RelationKind::Conflicts,
            DependencyRules::CONFLICTS,
        ),
        (
            "Obsoletes",
            RelationKind::Obsoletes,
            DependencyRules::OBSOLETES,
        ),
        ("Breaks", RelationKind::Breaks, DependencyRules::PROVIDES),
    ];
    let mut main = package("main", "2:1.0-1");
    for line in spec.text.lines() {
        let Some((tag, _)) = line.as_str().split_once(':') else {
            continue;
        };
        let value = line.slice(tag.len() + 1, line.len());
        let phases = match tag.split_once('(') {
            Some((_, "pre)")) => Phases::NONE.with(Phase::Pre),
            Some((_, "post)")) => Phases::NONE.with(Phase::Post),
            _ => Phases::NONE,
        };
        let tag = tag.split('(').next().unwrap_or(tag);
        let (_, kind, rules) = kinds.iter().find(|(name, ..)| *name == tag).unwrap();
        for mut dependency in parse_dependencies(&value, *rules, phases).unwrap().0 {
            dependency.origin = value.trim().whole();
            main.relate(*kind, dependency);
        }
    }
    main.scriptlets
        .insert(Slot::Pre, scriptlet("openssl version"));
    let mut sibling = package("main-libs", "2:1.0-1");
    sibling.relate(RelationKind::Provides, Dependency::on("main(plugin-api)"));
    sibling.files = FileList::new(vec![text("/usr/libexec/main/tool", "x", 0o755)]);
    (spec.sources, vec![main, sibling])
}

const RELATIONS: &str = "\
Requires: main-libs(x86-64) = 2:1.0-1 main-libs >= 1 main(plugin-api) /usr/libexec/main/tool
Requires: /bin/sh bash rpmlib(PayloadIsZstd) <= 5.4.18-1 pkgconfig(zlib) >= 1:1.2-3
Requires(pre): openssl
Requires(post): postfix
Requires: editor >= 2 vim = 9.0 python3dist(click) > 8 libc.so.6(GLIBC_2.4)(64bit)
Requires: (postfix or exim >= 4)
Requires: (vim >= 9 with vim < 10)
Requires: (openssl if postfix)
Requires: (vim-enhanced if vim else nano)
Requires: Unknown_Thing = 1.2-3 nobody(knows)
Recommends: postfix
Recommends: vim
Suggests: vim openssl-doc
Supplements: (openssl and langpacks-de)
Enhances: exim
Provides: main-api = 1.0^x-2 main(x86-64) = 2:1.0-1 font(:lang=de) webserver
Conflicts: postfix < 3.1
Conflicts: exim
Conflicts: (vim >= 8 with vim < 9)
Conflicts: vim = 8
Obsoletes: old-main < 1.0-3 older main < 0.5 renamed <= 1.0
Breaks: other < 1.2
Requires: util-linux-core (bash or vim) bash >= 5.1
";

/// Scriptlets for other programs, for ldconfig, in Lua, and with options that dpkg doesn't have.
pub(crate) fn scriptlets() -> (SourceMap, Vec<Package>) {
    let spec = Spec::new(
        "%pretrans -p <lua>\n%post -p /usr/bin/python3 -u\n%postun\n%preun -p <lua>\n%verifyscript\n\
         %posttrans -e\n",
    );
    let mut package = package("scripted", "1-1");
    let at = |mut it: Scriptlet, start: &str| {
        it.origin = spec.at(start);
        it
    };
    let lua = |body: &str| Scriptlet {
        interpreter: Interpreter::Lua,
        ..scriptlet(body)
    };
    let idiom = "local data = \"/usr/share/scripted/data\"\n\
                 if posix.stat(data, \"type\") == \"directory\" then\n  \
                 os.rename(data, data .. \".rpmmoved\")\nend\n";
    let words = ["/usr/bin/python3", "-u"].map(str::to_owned).to_vec();
    let python = Scriptlet {
        interpreter: Interpreter::Program(words),
        ..scriptlet("import sys\nprint(sys.argv[1], 'END_OF_SCRIPTLET')\nEND_OF_SCRIPTLET\n")
    };
    let mut expanding = scriptlet("echo %{_bindir}\n");
    expanding.flags.expand = true;
    package.scriptlets = [
        (Slot::PreTrans, at(lua(idiom), "%pretrans")),
        (Slot::Post, at(python, "%post")),
        (Slot::PostUn, at(scriptlet("/sbin/ldconfig\n"), "%postun")),
        (
            Slot::PreUn,
            at(lua("posix.unlink('/x')\nposix.fork()\n"), "%preun"),
        ),
        (Slot::Verify, at(scriptlet("true\n"), "%verify")),
        (Slot::PostTrans, at(expanding, "%posttrans")),
    ]
    .into();
    package.files = FileList::new(vec![symlink("/usr/share/scripted/data", "../data")]);
    (spec.sources, vec![package])
}

/// Everything that is reported at a line of the spec.
pub(crate) fn faults() -> (SourceMap, Vec<Package>) {
    let spec = Spec::new(
        "Name: a:b\n/run/socket\n%config /usr/share/defaults\n%config(missingok) /etc/may-be-gone\n\
         %triggerprein -- vim\n%triggerin -- nobody-knows\n/usr/share/defaults\n",
    );
    let mut bad = package("a:b", "1.0-1");
    bad.origin = spec.at("Name");
    bad.evr.version = "1%0".into();
    bad.arch = "vax".into();
    bad.tags.set(Tag::License, "LicenseRef-Unheard-Of");
    let at = |mut it: FileEntry, start: &str| {
        it.origin = spec.at(start);
        it
    };
    let mut gone = config("/etc/may-be-gone", "x");
    gone.flags.missingok = true;
    bad.files = FileList::new(vec![
        at(
            entry("/run/socket", package::FileKind::Socket, 0o600),
            "/run",
        ),
        at(config("/usr/share/defaults", "x"), "%config /usr"),
        at(gone, "%config(missingok)"),
    ]);
    let trigger = |kind, name: &str, start: &str| Trigger {
        kind,
        conditions: vec![Dependency::on(name)],
        priority: 100_000,
        scriptlet: Scriptlet {
            origin: spec.at(start),
            ..scriptlet("true\n")
        },
    };
    bad.triggers = vec![
        trigger(TriggerKind::PackagePreIn, "vim", "%triggerprein"),
        trigger(TriggerKind::PackageIn, "nobody-knows", "%triggerin"),
    ];
    let mut twin = package("twin", "1-1");
    twin.tags.set(Tag::License, "GPL-2.0-only");
    twin.changelog.clear();
    twin.files = FileList::new(vec![at(
        text("/usr/share/defaults", "x", 0o644),
        "/usr/share",
    )]);
    let mut other = package("Twin", "1-1");
    other.tags.set(Tag::License, "GPL-2.0-only");
    (spec.sources, vec![bad, twin, other])
}
