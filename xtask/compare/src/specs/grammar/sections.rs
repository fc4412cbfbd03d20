//! What is below the preamble: headers and bodies.

use super::Writer;

/// Build scripts.
const BUILD: [&str; 8] = [
    "conf",
    "build",
    "install",
    "check",
    "clean",
    "generate_buildrequires",
    "build",
    "install",
];

const BUILD_OPTIONS: [&str; 6] = ["", "", "", " -a", " -p", " "];
const BAD_BUILD_OPTIONS: [&str; 10] = [
    " -x",
    " extra",
    " -a -p",
    " -n foo",
    " -ap",
    " \"",
    " -a extra",
    " --",
    " -",
    "x",
];

const LISTED: [&str; 7] = [
    "one.tgz",
    "http://h/two.tgz",
    "# comment",
    "",
    "%{aa}",
    "three.patch  ",
    "  four.tgz",
];
const BAD_LISTED: [&str; 5] = ["a b", "%{open", "Source: x", "http://h/", "%{nosuch}"];

const DESCRIPTION_OPTIONS: [&str; 5] = ["", "", "", " -l de", " -l C"];
const BAD_DESCRIPTION_OPTIONS: [&str; 7] = [
    " -l",
    " -x",
    " -l de -l fr",
    " extra more",
    " -p x",
    " \"",
    " -f x",
];

const POLICIES: [&str; 6] = [
    "%module x.pp",
    "%module -n x -t targeted,mls x.pp",
    "%module x.pp -t default",
    "%module a.pp b.pp",
    "",
    "# note",
];
const BAD_POLICIES: [&str; 6] = [
    "%module",
    "x.pp",
    "%module -x y",
    "%modulex",
    "%module -t",
    "%module -n \"x",
];

impl Writer {
    /// Words of a header that say what package it is about.
    pub(super) fn package_words(&mut self) -> &'static str {
        if self.is_wrong() {
            return self.dice.pick(&[
                "nosuch",
                "-n nosuch",
                "-n",
                "sub extra",
                "-n pkg",
                "-n other x",
                "\"",
                "%{nosuch}",
                "pkg",
            ]);
        }
        let number = self.dice.below(self.packages.len());
        self.packages[number]
    }

    pub(super) fn section(&mut self) -> String {
        match self.dice.below(20) {
            0..=2 => self.prep(),
            3..=5 => self.build_script(),
            6..=8 => self.scriptlet(),
            9 | 10 => self.trigger(),
            11..=13 => self.files(),
            14 => self.changelog(),
            15 => self.source_list(),
            16 => self.description(),
            17 => self.policies(),
            18 => self.odd_section(),
            _ => self.sub_package(),
        }
    }

    fn build_script(&mut self) -> String {
        let name = self.dice.pick(&BUILD);
        let options = self.value(&BUILD_OPTIONS, &BAD_BUILD_OPTIONS);
        format!("%{name}{options}\n{}", self.lines(4))
    }

    fn source_list(&mut self) -> String {
        let name = self.value(
            &["sourcelist", "patchlist"],
            &["sourcelist x", "patchlist -a", "Sourcelist"],
        );
        let lines = self.several(4, |writer| {
            let line = format!("{}\n", writer.value(&LISTED, &BAD_LISTED));
            writer.in_branch(line, 1)
        });
        format!("%{name}\n{lines}")
    }

    fn description(&mut self) -> String {
        let options = self.value(&DESCRIPTION_OPTIONS, &BAD_DESCRIPTION_OPTIONS);
        let package = self.package_words();
        format!("%description{options} {package}\n{}", self.lines(4))
    }

    fn policies(&mut self) -> String {
        let package = self.package_words();
        let options = self.value(&["", "", " "], &[" -x", " -f y"]);
        let lines = self.several(3, |writer| {
            format!("{}\n", writer.value(&POLICIES, &BAD_POLICIES))
        });
        format!("%sepolicy{options} {package}\n{lines}")
    }

    /// A line that may be a section, or may not.
    fn odd_section(&mut self) -> String {
        let right = [
            "%end\n",
            "%end\n\n",
            "%include more.inc\n",
            "%DESCRIPTION sub\n",
            "%buildx\n",
            " %build\n",
            "%%build\n",
            "\n%end\n",
        ];
        let wrong = [
            "%end x\n",
            "%end\ntext\n",
            "%end\n%end\n",
            "%end\n# note\n",
            "%package\n",
            "%nosuch x\n",
            "%description -n\n",
            "%build\n%build\n",
            "%prep\n%prep\n",
            "%files\n%files\n",
            "%changelog\n%changelog\n",
        ];
        self.value(&right, &wrong).to_owned()
    }
}
