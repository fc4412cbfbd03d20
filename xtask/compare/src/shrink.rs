//! Makes a trial that differs smaller, as long as it differs.

use super::trial::Trial;
use common::shell::Outcome;

/// How many smaller trials are tried.
const MOST_TRIES: usize = 200;

/// Takes away parts, then lines and letters of each text, many first, until nothing more can go or
/// it has taken long enough.
pub(super) fn shrink<T: Trial>(
    trial: &mut T,
    mut differs: impl FnMut(&T) -> Outcome<bool>,
) -> Outcome {
    let mut tries = 0;
    let mut differs = |trial: &T| {
        tries += 1;
        Ok(tries <= MOST_TRIES && differs(trial)?)
    };
    loop {
        let before = trial.clone();
        drop_parts(trial, &mut differs)?;
        for number in 0..trial.texts().len() {
            shrink_text(trial, number, lines, &mut differs)?;
            shrink_text(trial, number, letters, &mut differs)?;
        }
        if *trial == before {
            return Ok(());
        }
    }
}

fn drop_parts<T: Trial>(trial: &mut T, differs: &mut impl FnMut(&T) -> Outcome<bool>) -> Outcome {
    let mut number = trial.without_parts().len();
    while number > 0 {
        number -= 1;
        let Some(smaller) = trial.without_parts().into_iter().nth(number) else {
            continue;
        };
        if differs(&smaller)? {
            *trial = smaller;
        }
    }
    Ok(())
}

/// A way to cut a text into pieces.
type Cut = fn(&str) -> Vec<String>;

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn letters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

/// Takes pieces out of one text, half of them first, single ones last.
fn shrink_text<T: Trial>(
    trial: &mut T,
    number: usize,
    cut: Cut,
    differs: &mut impl FnMut(&T) -> Outcome<bool>,
) -> Outcome {
    let mut size = cut(trial.texts()[number]).len().max(1);
    loop {
        let mut at = 0;
        while let Some(smaller) = without(trial, number, cut, at..at + size) {
            if differs(&smaller)? {
                *trial = smaller;
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

/// The trial without some pieces of one text; `None` at its end.
fn without<T: Trial>(
    trial: &T,
    number: usize,
    cut: Cut,
    left_out: std::ops::Range<usize>,
) -> Option<T> {
    let mut smaller = trial.clone();
    let text = smaller.text_mut(number)?;
    let pieces = cut(text);
    if left_out.start >= pieces.len() {
        return None;
    }
    let kept = pieces.iter().enumerate();
    let kept = kept.filter(|(index, _)| !left_out.contains(index));
    *text = kept.map(|(_, piece)| piece.as_str()).collect();
    Some(smaller)
}
