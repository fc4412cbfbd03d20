//! Menu entries and software metadata.
//!
//! Source: Desktop Entry Specification; AppStream specification.

use package::Dependency;

use crate::subject::{Found, Subject, lines};

/// `application()`, `application(x.desktop)` and `mimehandler(type)` of what can be started.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    let (mut starts, mut types) = (false, String::new());
    for line in lines(subject.disk)? {
        match line
            .split_once('=')
            .map(|(key, value)| (key.trim_end(), value.trim()))
        {
            Some(("Type", "Application") | ("Exec", _)) => starts = true,
            Some(("MimeType", value)) => value.clone_into(&mut types),
            _ => {}
        }
    }
    if !starts {
        return Ok(Vec::new());
    }
    let mut found = vec![
        Dependency::on("application()"),
        Dependency::on(format!("application({})", subject.base_name())),
    ];
    let handled = types.split(';').map(str::trim).filter(|it| !it.is_empty());
    found.extend(handled.map(|it| Dependency::on(format!("mimehandler({it})"))));
    Ok(found)
}

/// `metainfo()` and `metainfo(x.metainfo.xml)`.
pub(crate) fn metainfo(subject: &Subject<'_>) -> Found {
    Ok(vec![
        Dependency::on("metainfo()"),
        Dependency::on(format!("metainfo({})", subject.base_name())),
    ])
}
