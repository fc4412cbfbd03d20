//! Folders of a build in the text of a spec, as rpm keeps it in source packages.
//!
//! Ours puts macros in their place, so that packages do not depend on where they are built.

use super::subjects::Subject;
use super::tools::Setting;

/// The text with macros for the folders that a build by rpm since 4.20 names in it.
pub(super) fn with_macros(setting: &Setting, subject: &Subject, text: &str) -> String {
    let top = format!("{}/top", setting.place(subject).display());
    let text = with_build_folders(text, &format!("{top}/BUILD/"));
    let ours = &setting.ours.program.with_file_name("specbuild");
    let folders = [
        (subject.sources.display().to_string(), "%{_sourcedir}"),
        (top, "%{_topdir}"),
        (setting.library().display().to_string(), "%{_specbuilddir}"),
        (ours.display().to_string(), "%{__specbuild}"),
    ];
    let replace = |text: String, (folder, name): &(String, &str)| text.replace(folder, name);
    folders.iter().fold(text, replace)
}

/// The text of an error with macros for the folders of a build, those of an rpm before 4.20 too, which
/// has one build directory for all packages.
pub(super) fn in_errors(setting: &Setting, subject: &Subject, text: &str) -> String {
    without_old_folders(&with_macros(setting, subject, text))
}

fn without_old_folders(text: &str) -> String {
    let mut parts = text.split("%{_topdir}/BUILDROOT/");
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find('/').unwrap_or(part.len());
        made.extend(["%{buildroot}", &part[end..]]);
    }
    made.replace("%{_topdir}/BUILD/", "%{builddir}/")
}

/// Each package is built in a folder `NAME-VERSION-build`, which holds its build root.
fn with_build_folders(text: &str, above: &str) -> String {
    let mut parts = text.split(above);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| "/'\"\\ \t\n;&|)".contains(c));
        let (folder, rest) = part.split_at(end.unwrap_or(part.len()));
        let in_root = rest.strip_prefix("/BUILDROOT");
        match (folder.ends_with("-build"), in_root) {
            (true, Some(rest)) => made.extend(["%{buildroot}", rest]),
            (true, None) => made.extend(["%{builddir}", rest]),
            (false, _) => made.extend([above, part]),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{with_build_folders, without_old_folders};

    #[test]
    fn folders_become_macros() {
        let text = "cd '/t/BUILD/a-1-build'\ncp x /t/BUILD/a-1-build/BUILDROOT/usr; ls /t/BUILD/b";
        assert_eq!(
            with_build_folders(text, "/t/BUILD/"),
            "cd '%{builddir}'\ncp x %{buildroot}/usr; ls /t/BUILD/b"
        );
    }

    #[test]
    fn older_folders_become_the_same() {
        let text = "%{_topdir}/BUILD/list and %{_topdir}/BUILDROOT/a-1-1.x86_64/usr";
        let expected = "%{builddir}/list and %{buildroot}/usr";
        assert_eq!(without_old_folders(text), expected);
    }
}
