//! Files below `debian/` where a section should be.

/// Each with rpm's word for it.
const FILES: [(&str, &str); 22] = [
    ("preinst", "the script `preinst` is the section `%pre`"),
    ("postinst", "the script `postinst` is the section `%post`"),
    ("prerm", "the script `prerm` is the section `%preun`"),
    ("postrm", "the script `postrm` is the section `%postun`"),
    (
        "triggers",
        "what runs for others' files is a section `%filetriggerin -- PATH`, and for others' \
         packages `%triggerin -- NAME`",
    ),
    (
        "control",
        "its fields are the tags that a spec begins with, and a section `%package` for each \
         further package",
    ),
    (
        "rules",
        "its targets are the sections `%prep`, `%build`, `%install` and `%check`",
    ),
    (
        "copyright",
        "write the licence as `License:`, and its file as `%license FILE` in `%files`",
    ),
    (
        "conffiles",
        "write `%config(noreplace) PATH` in the section `%files`",
    ),
    (
        "conffile",
        "write `%config(noreplace) PATH` in the section `%files`",
    ),
    ("dirs", "write `%dir PATH` in the section `%files`"),
    ("docs", "write `%doc FILE` in the section `%files`"),
    (
        "manpages",
        "install them in `%install`, and list them in the section `%files`",
    ),
    ("examples", "write `%doc examples` in the section `%files`"),
    (
        "links",
        "make them in `%install` with `ln -s`, and list them in the section `%files`",
    ),
    (
        "patches",
        "write `Patch0: FILE` for each, and `%autosetup -p1` in `%prep`",
    ),
    (
        "watch",
        "`Source0:` is the whole address of the source archive",
    ),
    ("compat", "a spec has nothing of the kind"),
    (
        "templates",
        "a spec has nothing of the kind: rpm asks no questions",
    ),
    (
        "substvars",
        "a spec has macros instead: `%global NAME VALUE`",
    ),
    ("shlibs", "a spec needs none: they are found in the files"),
    ("symbols", "a spec needs none: they are found in the files"),
];

/// What stands in a spec for a file of `debian/`, or for a target of its `rules`.
pub(crate) fn help_for_section(name: &str) -> Option<String> {
    let target = name.strip_prefix("override_").unwrap_or(name);
    if let Some(step) = target.strip_prefix("dh_auto_") {
        let section = match step {
            "install" => "%install",
            "test" => "%check",
            _ => "%build",
        };
        return Some(format!(
            "the target `{name}` is a part of the section `{section}`"
        ));
    }
    let known = FILES
        .iter()
        .find(|(file, _)| file.eq_ignore_ascii_case(name));
    known.map(|(file, help)| match help.starts_with("the script") {
        true => (*help).to_owned(),
        false => format!("rpm has no `%{file}`: {help}"),
    })
}
