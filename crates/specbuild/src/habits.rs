//! Commands and options that people bring along from other programs, and what does the same here.

use std::path::Path;

/// Words that other programs have as commands.
const WORDS: [(&str, &str); 38] = [
    ("all", "-ba"),
    ("binary", "-bb"),
    ("build", "-ba"),
    ("builddep", "-bd"),
    ("builddeps", "-bd"),
    ("buildpackage", "-ba"),
    ("check", "query"),
    ("compile", "-bc"),
    ("contents", "query -l"),
    ("convert", "-bb --target deb"),
    ("deb", "-bb --target deb"),
    ("debbuild", "-ba"),
    ("debuild", "-ba"),
    ("deps", "-bd"),
    ("download", "-bp --fetch"),
    ("dpkg-buildpackage", "-ba"),
    ("eval", "--eval"),
    ("extract", "--install"),
    ("fetch", "-bp --fetch"),
    ("files", "query -l"),
    ("info", "query -i"),
    ("install", "-bi"),
    ("lint", "query"),
    ("list", "query -l"),
    ("package", "-bb"),
    ("parse", "query"),
    ("prep", "-bp"),
    ("rebuild", "--rebuild"),
    ("rpm", "-bb --target rpm"),
    ("rpmbuild", "-ba"),
    ("rpmlint", "query"),
    ("rpmspec", "query"),
    ("show", "query -i"),
    ("source", "-bs"),
    ("srpm", "-bs"),
    ("test", "-bk"),
    ("unpack", "--install"),
    ("validate", "query"),
];

/// What is written instead of a word, after the program's name.
pub(crate) fn instead_of_word(word: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|(known, _)| *known == word);
    known.map(|(_, instead)| *instead)
}

/// Options of other programs. `{}` is the file.
const OPTIONS: [(&[&str], &str); 18] = [
    (&["-q", "--query", "-p", "--info"], "query {}"),
    (&["-l", "--list", "--contents"], "query -l {}"),
    (&["-K", "--checksig", "--verify"], "verify {}"),
    (&["--addsign", "--resign"], "sign {}"),
    (&["--targets", "--list-targets"], "targets"),
    (&["--all", "--build"], "-ba {}"),
    (&["--binary", "--binary-only", "--package"], "-bb {}"),
    (&["--source", "--source-only", "--srpm"], "-bs {}"),
    (&["--prep", "--unpack"], "-bp {}"),
    (&["--compile"], "-bc {}"),
    (&["--check", "--lint", "--parse", "--validate"], "query {}"),
    (&["--dry-run", "-n"], "-ba --nobuild {}"),
    (&["--deb"], "-bb {} --target deb"),
    (&["--rpm"], "-bb {} --target rpm"),
    (
        &[
            "--arch",
            "--dist",
            "--distribution",
            "--distro",
            "--host",
            "--os",
            "--platform",
            "--release",
        ],
        "-bb {} --target NAME",
    ),
    (
        &[
            "--dest",
            "--destdir",
            "--out",
            "--outdir",
            "--output-dir",
            "--resultdir",
        ],
        "-bb {} --output DIR",
    ),
    (
        &["-j", "--jobs", "--parallel"],
        "-bb {} -D '_smp_build_ncpus NUMBER'",
    ),
    (&["-d", "--no-deps", "--nobuilddeps"], "-bb {} --nodeps"),
];

/// Directories that rpm's macros name, and options that other programs have for them.
const DIRECTORIES: [&str; 6] = [
    "builddir",
    "rpmdir",
    "sourcedir",
    "specdir",
    "srcrpmdir",
    "topdir",
];

/// Options that install and remove.
const INSTALLING: [&str; 10] = [
    "-F",
    "-U",
    "-e",
    "--erase",
    "--freshen",
    "--purge",
    "--reinstall",
    "--remove",
    "--uninstall",
    "--upgrade",
];

/// The error about an option that nobody knows, if it is known what was meant.
pub(crate) fn about_option(option: &str, last_word: Option<&str>) -> Option<String> {
    let file = last_word.filter(|word| is_file(word));
    let instead = instead_of_option(option, file);
    let help = match instead {
        Some(instead) => format!("did you mean `specbuild {instead}`?"),
        None if INSTALLING.contains(&option) => {
            "packages are installed by `apt install ./FILE` or `dnf install ./FILE`".to_owned()
        }
        None => return None,
    };
    Some(format!("error: there is no option `{option}`; {help}"))
}

/// The error about a stage that is not one letter right behind its option.
pub(crate) fn about_stage(option: &str, value: &str) -> Option<String> {
    let option = option.split(' ').next()?;
    let is_stage = matches!(option, "-b" | "-t" | "-r");
    is_stage.then(|| {
        format!(
            "error: `{value}` is no stage; the stage is a letter right behind `{option}`, as in \
             `specbuild {option}b FILE`"
        )
    })
}

fn instead_of_option(option: &str, file: Option<&str>) -> Option<String> {
    // A stage with a hyphen too much.
    if let [b'-', b'-', b'b' | b'r' | b't', letter] = option.as_bytes()
        && letter.is_ascii_lowercase()
    {
        let file = file.unwrap_or("SPEC");
        return Some(format!("{} {file}", &option[1..]));
    }
    let bare = option.trim_start_matches('-');
    if DIRECTORIES.contains(&bare) {
        let file = file.unwrap_or("SPEC");
        return Some(format!("-bb {file} -D '_{bare} DIR'"));
    }
    let (_, instead) = OPTIONS.iter().find(|(known, _)| known.contains(&option))?;
    let of_packages = ["query", "sign", "verify"];
    let placeholder = match of_packages.iter().any(|it| instead.starts_with(it)) {
        true => "FILE",
        false => "SPEC",
    };
    Some(instead.replace("{}", file.unwrap_or(placeholder)))
}

/// Whether a word is a file, by its name.
fn is_file(word: &str) -> bool {
    let ends = ["spec", "rpm", "deb", "dsc"];
    let end = Path::new(word).extension().and_then(|it| it.to_str());
    !word.starts_with('-') && end.is_some_and(|end| ends.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_other_programs_are_answered() {
        let said = |option: &str, last: &str| about_option(option, Some(last)).unwrap_or_default();
        for (option, last, meant) in [
            ("--ba", "a.spec", "`specbuild -ba a.spec`?"),
            ("--ts", "-v", "`specbuild -ts SPEC`?"),
            ("-q", "a.spec", "`specbuild query a.spec`?"),
            ("-K", "x", "`specbuild verify FILE`?"),
            ("--distro", "one", "`specbuild -bb SPEC --target NAME`?"),
            (
                "--topdir",
                "a.spec",
                "`specbuild -bb a.spec -D '_topdir DIR'`?",
            ),
            ("-U", "a.rpm", "`dnf install ./FILE`"),
        ] {
            assert!(
                said(option, last).ends_with(meant),
                "{}",
                said(option, last)
            );
        }
        assert_eq!(said("--no-such", "a.spec"), "");
        assert!(
            about_stage("-b <STAGE>", "a.spec")
                .unwrap()
                .contains("`specbuild -bb FILE`")
        );
        assert_eq!(about_stage("-o <DIR>", "a"), None);
    }
}
