//! Modules of the kernel.
//!
//! Source: modules.builtin(5) of kmod; Fedora's `kernel-rpm-macros`, attribute `kmod`.

use package::Dependency;

use crate::subject::{Found, Subject, lines};

/// `kmod(name.ko)` of a module, whatever it is compressed with, and of each that a list names as built
/// in.
pub(crate) fn provides(subject: &Subject<'_>) -> Found {
    if subject.base_name() == "modules.builtin" {
        let listed = lines(subject.disk)?;
        return Ok(listed.iter().filter_map(|line| capability(line)).collect());
    }
    Ok(capability(subject.path).into_iter().collect())
}

fn capability(path: &str) -> Option<Dependency> {
    let name = path.rsplit('/').next()?;
    let end = name.find(".ko")? + ".ko".len();
    Some(Dependency::on(format!("kmod({})", &name[..end])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_go_by_their_file_names() {
        let of = |path| capability(path).map(|it| it.to_string());
        assert_eq!(of("/lib/modules/6/a/b.ko.xz").unwrap(), "kmod(b.ko)");
        assert_eq!(of("kernel/fs/ext4.ko").unwrap(), "kmod(ext4.ko)");
        assert_eq!(of("/lib/modules/6/modules.dep"), None);
    }
}
