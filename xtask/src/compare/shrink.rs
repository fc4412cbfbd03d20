//! Makes a program that differs smaller, as long as it differs.

use super::program::Program;
use crate::shell::Outcome;

/// How many smaller programs are tried.
const MOST_TRIES: usize = 600;

/// Takes away options, then pieces of each text, from large to small, until nothing more can go or
/// it has taken long enough.
pub(super) fn shrink(
    program: &mut Program,
    mut differs: impl FnMut(&Program) -> Outcome<bool>,
) -> Outcome {
    let mut tries = 0;
    let mut differs = |program: &Program| {
        tries += 1;
        Ok(tries <= MOST_TRIES && differs(program)?)
    };
    loop {
        let before = program.clone();
        drop_options(program, &mut differs)?;
        for number in 0..program.texts().len() {
            shrink_text(program, number, &mut differs)?;
        }
        if *program == before {
            return Ok(());
        }
    }
}

fn drop_options(
    program: &mut Program,
    differs: &mut impl FnMut(&Program) -> Outcome<bool>,
) -> Outcome {
    for number in (0..program.given.len()).rev() {
        let mut smaller = program.clone();
        smaller.given.remove(number);
        if differs(&smaller)? {
            *program = smaller;
        }
    }
    Ok(())
}

/// Takes pieces out of one text, half of it first, single letters last.
fn shrink_text(
    program: &mut Program,
    number: usize,
    differs: &mut impl FnMut(&Program) -> Outcome<bool>,
) -> Outcome {
    let mut size = program.texts()[number].chars().count().max(1);
    loop {
        let mut at = 0;
        while let Some(smaller) = without(program, number, at, size) {
            if differs(&smaller)? {
                *program = smaller;
            } else {
                at += size;
            }
        }
        if size == 1 {
            return Ok(());
        }
        size /= 2;
    }
}

/// The program without `size` letters of one text from `at` on; `None` at its end.
fn without(program: &Program, number: usize, at: usize, size: usize) -> Option<Program> {
    let mut smaller = program.clone();
    let text = smaller.text_mut(number)?;
    let letters: Vec<char> = text.chars().collect();
    if at >= letters.len() {
        return None;
    }
    let kept = letters
        .iter()
        .take(at)
        .chain(letters.iter().skip(at + size));
    *text = kept.collect();
    Some(smaller)
}
