//! The `.deb` format behind [`PackageWriter`].

use std::num::NonZeroU32;

use package::{Output, Package, PackageWriter, Receipt, WriteError};
use source::Sink;

use crate::context::Context;
use crate::write::{WriteOptions, write};
use crate::{file_name, lower};

/// Writes binary packages of one spec as `.deb` files.
pub struct DebWriter<'a> {
    /// What lowering has to know.
    pub context: &'a Context<'a>,
    /// How files are written.
    pub options: WriteOptions,
}

impl PackageWriter for DebWriter<'_> {
    fn file_name(&self, package: &Package) -> String {
        file_name(package, self.context)
    }

    fn useful_threads(&self, package: &Package) -> NonZeroU32 {
        let bytes = package.files.content_length();
        self.options.compression.useful_threads(bytes)
    }

    fn check(&self, package: &Package, sink: &mut Sink) {
        lower(package, self.context, sink);
    }

    fn write(
        &self,
        package: &Package,
        out: &mut Output<'_>,
        sink: &mut Sink,
    ) -> Result<Receipt, WriteError> {
        let before = sink.errors();
        let deb = lower(package, self.context, sink);
        if sink.errors() > before {
            sink.check()?;
        }
        write(&deb, &self.options, out)
    }
}
