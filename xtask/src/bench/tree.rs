//! A large tree of files to package: the same bytes on every machine, and about as
//! compressible as software is.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use common::shell::{Outcome, failed};

const FILES_PER_FOLDER: u64 = 50;
/// Raise this when the content changes, so that an old tree is made anew.
const EDITION: &str = "2";

/// What a tree consists of.
pub(super) struct Shape {
    name: &'static str,
    files: u64,
    /// Size of each file in bytes.
    size_of: fn(u64) -> u64,
}

/// A tree as of a large program: 30 KB a file on average.
pub(super) const MIXED: Shape = Shape {
    name: "files",
    files: 20_000,
    size_of,
};

/// Many small files.
pub(super) const SMALL: Shape = Shape {
    name: "small files",
    files: 100_000,
    size_of: |index| 200 + Random::new(index).below(1_600),
};

/// A generated tree and its size.
pub(super) struct Tree {
    pub(super) path: PathBuf,
    pub(super) name: &'static str,
    pub(super) files: u64,
    /// Sum of file sizes in bytes.
    pub(super) bytes: u64,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}, {} MB",
            self.files,
            self.name,
            self.bytes / 1_000_000
        )
    }
}

/// Makes the tree, unless it is there already.
pub(super) fn generate(path: &Path, shape: &Shape) -> Outcome<Tree> {
    let sizes: Vec<u64> = (0..shape.files).map(shape.size_of).collect();
    let tree = Tree {
        path: path.to_owned(),
        name: shape.name,
        files: shape.files,
        bytes: sizes.iter().sum(),
    };
    let stamp = path.with_extension("edition");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == EDITION) {
        return Ok(tree);
    }
    println!("--- making {tree}, in {}", path.display());
    if path.exists() {
        fs::remove_dir_all(path).map_err(failed("remove", path))?;
    }
    let words = words();
    for (index, size) in (0..).zip(sizes) {
        let file = path.join(name_of(index));
        let folder = file.parent().expect("a name has a folder");
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
        fs::write(&file, content(&words, index, size)).map_err(failed("write", &file))?;
    }
    fs::write(&stamp, EDITION).map_err(failed("write", &stamp))?;
    Ok(tree)
}

/// Most files are a few KB, a few are megabytes: 30 KB on average.
fn size_of(index: u64) -> u64 {
    let mut random = Random::new(index);
    let base = 200 + random.below(6_000);
    match random.below(1000) {
        0..3 => 1_500_000 + random.below(2_500_000),
        3..80 => 80_000 + random.below(200_000),
        80..300 => 10_000 + random.below(40_000),
        _ => base,
    }
}

fn name_of(index: u64) -> String {
    let folder = index / FILES_PER_FOLDER;
    format!("part-{:02}/module-{folder:03}/file-{index:05}", folder % 20)
}

/// A vocabulary, as source text and symbol tables have one.
fn words() -> Vec<Vec<u8>> {
    let mut random = Random::new(u64::MAX);
    let mut word = || {
        let length = 2 + random.below(9);
        let mut word: Vec<u8> = (0..length).map(|_| b'a' + random.below(26) as u8).collect();
        word.push(*b" \n_(".get(random.below(4) as usize).expect("four ends"));
        word
    };
    (0..4096).map(|_| word()).collect()
}

/// Words, the frequent ones more often, and every now and then bytes without any pattern.
fn content(words: &[Vec<u8>], index: u64, size: u64) -> Vec<u8> {
    let mut random = Random::new(!index);
    let size = usize::try_from(size).expect("a file of the tree fits into memory");
    let mut bytes = Vec::with_capacity(size + 16);
    while bytes.len() < size {
        let rank = random.below(4096) * random.below(4096) / 4096 * random.below(4096) / 4096;
        bytes.extend_from_slice(&words[rank as usize]);
        if random.below(24) == 0 {
            bytes.extend_from_slice(&random.next().to_le_bytes()[..6]);
        }
    }
    bytes.truncate(size);
    bytes
}

/// Steele, Lea and Flood's SplitMix64: a few lines, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

#[cfg(test)]
mod tests {
    use super::{MIXED, content, size_of, words};

    #[test]
    fn the_tree_is_about_600_megabytes() {
        let bytes: u64 = (0..MIXED.files).map(size_of).sum();
        assert!((550_000_000..650_000_000).contains(&bytes), "{bytes}");
    }

    #[test]
    fn content_is_the_same_each_time_and_as_long_as_said() {
        let words = words();
        assert_eq!(content(&words, 7, 1234).len(), 1234);
        assert_eq!(content(&words, 7, 1234), content(&words, 7, 1234));
        assert_ne!(content(&words, 7, 1234), content(&words, 8, 1234));
    }
}
