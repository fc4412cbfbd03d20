//! Which languages texts of packages are shown in.

/// The languages that the environment asks for, the first most, as gettext(3) reads them.
pub(super) fn of_environment() -> Vec<String> {
    let variables = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    let set = variables.iter().filter_map(|name| std::env::var(name).ok());
    let wanted = set
        .into_iter()
        .find(|it| !it.is_empty())
        .unwrap_or_default();
    let mut languages = Vec::new();
    for locale in wanted.split(':') {
        let bare = locale.split(['.', '@']).next().unwrap_or_default();
        let language = bare.split('_').next().unwrap_or_default();
        languages.extend([locale, bare, language].map(str::to_owned));
    }
    languages.dedup();
    languages
}
