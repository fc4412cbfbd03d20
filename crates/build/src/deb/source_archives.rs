//! The files of a Debian source package: the upstream archive, the archive of `debian/`, the `.dsc`.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use archive::{Compression, Method};
use debfile::source_package::{CARRIED, DebSource, SummedFile, TreeFile, finish_dsc, write_tree};
use package::{Content, WriteError};

use crate::BuildError;
use crate::deb::clear_signed::signed;
use crate::deb::file_sums::{copy_summed, summing, sums_of};
use crate::deb::material::{Material, OVERRIDES, read_fault};
use crate::event::Event;
use crate::files::dir_of;
use crate::run::Run;
use crate::writing::package_file::write_package;

/// What the upstream archive of a spec without sources holds: an empty one is no archive to lintian.
const NO_UPSTREAM: &str = "\
There is no upstream release of this package: all of it is in its rpm spec, which is in
debian/specbuild/ of the source package.
";

const OVERRIDES_PLACE: &str = "source/lintian-overrides";

/// Writes all files; the result has their paths and digests, the `.dsc` first, which is written last.
pub(crate) fn write(
    run: &mut Run<'_>,
    source: &DebSource,
    material: &Material,
) -> Result<(Vec<PathBuf>, Vec<SummedFile>), BuildError> {
    let dir = dir_of(&mut run.project.engine, "_sdebdir")?;
    let mut writer = Writer {
        run,
        dir,
        paths: Vec::new(),
        files: Vec::new(),
    };
    writer.write_upstream(source, material)?;
    writer.write_tree_dir(source, material)?;
    let dsc = signed(writer.run, finish_dsc(&source.dsc, &writer.files))?;
    writer.write(&source.file_name(".dsc"), |out| {
        out.write_all(dsc.as_bytes()).map_err(WriteError::Write)
    })?;
    let (mut paths, mut files) = (writer.paths, writer.files);
    paths.rotate_right(1);
    files.rotate_right(1);
    Ok((paths, files))
}

/// Writes the files of one package.
struct Writer<'w, 'r> {
    run: &'w mut Run<'r>,
    dir: PathBuf,
    paths: Vec<PathBuf>,
    files: Vec<SummedFile>,
}

impl Writer<'_, '_> {
    fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
    ) -> Result<(), BuildError> {
        let path = self.dir.join(name);
        let sums = write_package(self.run.project, &path, self.run.listener, |out, _| {
            let mut summing = summing(&mut *out.file);
            write(&mut summing)?;
            Ok(sums_of(&summing.finish().1))
        })?;
        self.files.push(SummedFile {
            name: name.to_owned(),
            sums,
        });
        self.paths.push(path);
        Ok(())
    }

    /// The upstream archive byte for byte, or one around what is no such archive.
    fn write_upstream(
        &mut self,
        source: &DebSource,
        material: &Material,
    ) -> Result<(), BuildError> {
        if let Some((path, upstream)) = &material.upstream {
            let name = source.upstream_name(upstream.extension);
            return self.write(&name, |out| copy_summed(path, out).map(drop));
        }
        let name = source.upstream_name("xz");
        self.note_wrapping(&name, material);
        let top = format!("{}-{}", source.name, source.upstream_version).into_bytes();
        // The same bytes for each release of the package and for each target.
        let spec = PathBuf::from(&self.run.project.spec.path);
        let time = self.time_of(material.wrapped.as_ref().unwrap_or(&spec))?;
        let mut tree = BTreeMap::from([(top.clone(), TreeFile::Directory { time })]);
        let (name_inside, file) = match &material.wrapped {
            Some(path) => (
                path.file_name().unwrap_or_default().as_encoded_bytes(),
                self.tree_file(path)?,
            ),
            None => (&b"README"[..], text_file(NO_UPSTREAM, false, time)),
        };
        tree.insert([&top, &b"/"[..], name_inside].concat(), file);
        self.write(&name, |out| write_tree(&tree, &compression(), out))
    }

    fn note_wrapping(&mut self, name: &str, material: &Material) {
        let why = match &material.wrapped {
            Some(path) => format!(
                "`{}` is no tar archive that dpkg-source takes, and is put into one",
                path.file_name().unwrap_or_default().to_string_lossy()
            ),
            None => "the spec has no source: the upstream archive only says so".to_owned(),
        };
        let line = format!("note: {name}: {why}");
        self.run.listener.take(&Event::Note(line));
    }

    fn write_tree_dir(
        &mut self,
        source: &DebSource,
        material: &Material,
    ) -> Result<(), BuildError> {
        let time = self.latest();
        let mut tree = BTreeMap::new();
        for (path, text) in &source.texts {
            let file = text_file(text, path == "debian/rules", time);
            tree.insert(path.clone().into_bytes(), file);
        }
        for (name, path) in &material.carried {
            let file = self.tree_file(path)?;
            tree.insert(format!("{CARRIED}/{name}").into_bytes(), file);
            if name.ends_with(OVERRIDES) {
                tree.insert(
                    format!("debian/{OVERRIDES_PLACE}").into_bytes(),
                    self.tree_file(path)?,
                );
            }
        }
        for directory in ["debian/", "debian/source", CARRIED] {
            tree.insert(
                directory.trim_end_matches('/').into(),
                TreeFile::Directory { time },
            );
        }
        let name = source.file_name(".debian.tar.xz");
        self.write(&name, |out| write_tree(&tree, &compression(), out))
    }

    /// No file of the package is later than this: what is made has this time.
    fn latest(&self) -> i64 {
        let build_time = &self.run.build_time;
        build_time.source_date.unwrap_or(build_time.seconds)
    }

    /// The time of a file, as the package has it.
    fn time_of(&self, path: &Path) -> Result<i64, BuildError> {
        let metadata = path.metadata().map_err(|source| read_fault(path, source))?;
        Ok(metadata.mtime().min(self.latest()))
    }

    fn tree_file(&self, path: &Path) -> Result<TreeFile, BuildError> {
        let metadata = path.metadata().map_err(|source| read_fault(path, source))?;
        Ok(TreeFile::Regular {
            content: Content::OnDisk(path.to_owned()),
            size: metadata.len(),
            is_executable: metadata.permissions().mode() & 0o111 != 0,
            time: self.time_of(path)?,
        })
    }
}

fn text_file(text: &str, is_executable: bool, time: i64) -> TreeFile {
    TreeFile::Regular {
        content: Content::Inline(text.as_bytes().to_vec()),
        size: text.len() as u64,
        is_executable,
        time,
    }
}

fn compression() -> Compression {
    Compression::new(Method::Xz)
}
