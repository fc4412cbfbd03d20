//! Counts the steps that matching a Lua pattern takes, before Lua's own library does the matching.
//!
//! That library looks at neither count nor clock while it matches, and a few `*` in a row make it
//! go on for years. Not here: captures as values, and faults of patterns; both are the library's.
//!
//! Source: Lua 5.4 Reference Manual, 6.4.1 "Patterns".

/// A search as one of the functions of `string` makes it.
pub(crate) struct Search<'s> {
    pub(crate) subject: &'s [u8],
    pub(crate) pattern: &'s [u8],
    /// Where it begins, from 0.
    pub(crate) start: usize,
    /// How many matches it looks for.
    pub(crate) matches: usize,
    /// Whether `^` at the front holds the pattern to the start.
    pub(crate) anchors: bool,
}

/// Why a search ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// It takes more steps than are left.
    Steps,
    /// The library will refuse the pattern.
    Malformed,
}

/// How deep the library lets matches nest.
const MOST_NESTED: usize = 200;

/// How many captures a pattern may have.
const MOST_CAPTURES: usize = 32;

/// The steps of a search; more than `most` if it takes too many.
pub(crate) fn steps(search: &Search<'_>, most: u64) -> u64 {
    let mut matcher = Matcher::new(search, most);
    // A pattern that the library refuses costs no more than what came before.
    let _ = matcher.find_all(search);
    matcher.steps
}

#[derive(Clone, Copy)]
enum Capture {
    Open(usize),
    Closed(usize, usize),
    Position,
}

struct Matcher<'s> {
    subject: &'s [u8],
    pattern: &'s [u8],
    captures: Vec<Capture>,
    depth: usize,
    steps: u64,
    most: u64,
}

/// Where a match ends, if there is one.
type Found = Result<Option<usize>, Stop>;

impl<'s> Matcher<'s> {
    fn new(search: &Search<'s>, most: u64) -> Self {
        let pattern = match search.pattern {
            [b'^', rest @ ..] if search.anchors => rest,
            pattern => pattern,
        };
        Self {
            subject: search.subject,
            pattern,
            captures: Vec::new(),
            depth: 0,
            steps: 0,
            most,
        }
    }

    /// The end of the last match looked for.
    fn find_all(&mut self, search: &Search<'_>) -> Found {
        let is_anchored = self.pattern.len() < search.pattern.len();
        let (mut at, mut count, mut last) = (search.start, 0, None);
        while at <= self.subject.len() {
            self.captures.clear();
            match self.matches(at, 0)? {
                Some(end) if Some(end) != last => {
                    (at, last) = (end, Some(end));
                    count += 1;
                }
                _ => at += 1,
            }
            if is_anchored || count >= search.matches {
                break;
            }
        }
        Ok(last)
    }

    fn step(&mut self) -> Result<(), Stop> {
        self.steps += 1;
        if self.steps > self.most {
            return Err(Stop::Steps);
        }
        Ok(())
    }

    /// Matches the pattern from `p` on with the subject from `s` on.
    fn matches(&mut self, s: usize, p: usize) -> Found {
        if self.depth >= MOST_NESTED {
            return Err(Stop::Malformed);
        }
        self.depth += 1;
        let found = self.matches_items(s, p);
        self.depth -= 1;
        found
    }

    fn matches_items(&mut self, mut s: usize, mut p: usize) -> Found {
        loop {
            self.step()?;
            match &self.pattern[p.min(self.pattern.len())..] {
                [] => return Ok(Some(s)),
                [b'(', b')', ..] => return self.capture(Capture::Position, s, p + 2),
                [b'(', ..] => return self.capture(Capture::Open(s), s, p + 1),
                [b')', ..] => return self.close_capture(s, p + 1),
                [b'$'] => return Ok((s == self.subject.len()).then_some(s)),
                [b'%', b'b', rest @ ..] => {
                    let &[open, close, ..] = rest else {
                        return Err(Stop::Malformed);
                    };
                    match self.balanced(s, open, close)? {
                        Some(end) => (s, p) = (end, p + 4),
                        None => return Ok(None),
                    }
                }
                [b'%', b'f', ..] => {
                    let end = self.frontier_end(p + 2)?;
                    if !self.is_frontier(s, p + 2, end) {
                        return Ok(None);
                    }
                    p = end;
                }
                [b'%', digit @ b'0'..=b'9', ..] => match self.repeated(s, *digit)? {
                    Some(end) => (s, p) = (end, p + 2),
                    None => return Ok(None),
                },
                _ => {
                    let end = self.item_end(p)?;
                    match self.pattern.get(end) {
                        Some(b'?') => {
                            if self.is_single(s, p, end)
                                && let Some(found) = self.matches(s + 1, end + 1)?
                            {
                                return Ok(Some(found));
                            }
                            p = end + 1;
                        }
                        Some(b'+') if !self.is_single(s, p, end) => return Ok(None),
                        Some(b'+') => return self.most_of(s + 1, p, end),
                        Some(b'*') => return self.most_of(s, p, end),
                        Some(b'-') => return self.least_of(s, p, end),
                        _ if !self.is_single(s, p, end) => return Ok(None),
                        _ => (s, p) = (s + 1, end),
                    }
                }
            }
        }
    }

    /// `x*`: as many as there are, then fewer and fewer.
    fn most_of(&mut self, s: usize, p: usize, end: usize) -> Found {
        let mut count = 0;
        while self.is_single(s + count, p, end) {
            self.step()?;
            count += 1;
        }
        loop {
            if let Some(found) = self.matches(s + count, end + 1)? {
                return Ok(Some(found));
            }
            if count == 0 {
                return Ok(None);
            }
            count -= 1;
        }
    }

    /// `x-`: none, then more and more.
    fn least_of(&mut self, mut s: usize, p: usize, end: usize) -> Found {
        loop {
            if let Some(found) = self.matches(s, end + 1)? {
                return Ok(Some(found));
            }
            if !self.is_single(s, p, end) {
                return Ok(None);
            }
            self.step()?;
            s += 1;
        }
    }

    fn capture(&mut self, capture: Capture, s: usize, p: usize) -> Found {
        if self.captures.len() >= MOST_CAPTURES {
            return Err(Stop::Malformed);
        }
        self.captures.push(capture);
        let found = self.matches(s, p)?;
        if found.is_none() {
            self.captures.pop();
        }
        Ok(found)
    }

    fn close_capture(&mut self, s: usize, p: usize) -> Found {
        let is_open = |capture: &Capture| matches!(capture, Capture::Open(_));
        let index = self.captures.iter().rposition(is_open);
        let index = index.ok_or(Stop::Malformed)?;
        let opened = self.captures[index];
        if let Capture::Open(start) = opened {
            self.captures[index] = Capture::Closed(start, s);
        }
        let found = self.matches(s, p)?;
        if found.is_none() {
            self.captures[index] = opened;
        }
        Ok(found)
    }

    /// `%1`: what a capture holds, once more.
    fn repeated(&mut self, s: usize, digit: u8) -> Found {
        let index = usize::from(digit).checked_sub(usize::from(b'1'));
        match index.and_then(|index| self.captures.get(index)) {
            Some(&Capture::Closed(start, end)) => {
                self.steps += (end - start) as u64;
                let captured = &self.subject[start..end];
                let is_there = self.subject[s..].starts_with(captured);
                Ok(is_there.then_some(s + end - start))
            }
            // Its length is no length of a text.
            Some(Capture::Position) => Ok(None),
            _ => Err(Stop::Malformed),
        }
    }

    /// `%bxy`.
    fn balanced(&mut self, s: usize, open: u8, close: u8) -> Found {
        if self.subject.get(s) != Some(&open) {
            return Ok(None);
        }
        let mut depth = 1usize;
        for at in s + 1..self.subject.len() {
            self.step()?;
            if self.subject[at] == close {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            } else if self.subject[at] == open {
                depth += 1;
            }
        }
        Ok(None)
    }

    fn frontier_end(&self, p: usize) -> Result<usize, Stop> {
        match self.pattern.get(p) {
            Some(b'[') => self.item_end(p),
            _ => Err(Stop::Malformed),
        }
    }

    fn is_frontier(&self, s: usize, p: usize, end: usize) -> bool {
        let byte = |at: Option<usize>| at.and_then(|at| self.subject.get(at)).copied();
        let (before, here) = (byte(s.checked_sub(1)), byte(Some(s)));
        let is_in = |byte: Option<u8>| is_in_set(byte.unwrap_or(0), &self.pattern[p + 1..end - 1]);
        !is_in(before) && is_in(here)
    }

    /// Where the item at `p` ends: a byte, `%x` or `[set]`.
    fn item_end(&self, p: usize) -> Result<usize, Stop> {
        match &self.pattern[p..] {
            [b'%'] => Err(Stop::Malformed),
            [b'%', ..] => Ok(p + 2),
            [b'[', ..] => self.set_end(p + 1),
            _ => Ok(p + 1),
        }
    }

    /// Past the `]` of a set; one that stands first is part of the set.
    fn set_end(&self, p: usize) -> Result<usize, Stop> {
        let mut at = p + usize::from(self.pattern.get(p) == Some(&b'^'));
        loop {
            match self.pattern.get(at) {
                None => return Err(Stop::Malformed),
                Some(b'%') => at += 2,
                Some(_) => at += 1,
            }
            if self.pattern.get(at) == Some(&b']') {
                return Ok(at + 1);
            }
        }
    }

    /// Whether the byte at `s` is one of those that the item `p..end` stands for.
    fn is_single(&self, s: usize, p: usize, end: usize) -> bool {
        let Some(&byte) = self.subject.get(s) else {
            return false;
        };
        match &self.pattern[p..end] {
            [b'.'] => true,
            [b'%', class] => is_in_class(byte, *class),
            [b'[', set @ .., b']'] => is_in_set(byte, set),
            [item] => *item == byte,
            _ => false,
        }
    }
}

/// Whether a byte is in a set, which is given without its brackets.
fn is_in_set(byte: u8, set: &[u8]) -> bool {
    let (mut rest, is_negated) = match set {
        [b'^', rest @ ..] => (rest, true),
        _ => (set, false),
    };
    loop {
        let (is_in, after) = match rest {
            [] => return is_negated,
            [b'%', class, after @ ..] => (is_in_class(byte, *class), after),
            [low, b'-', high, after @ ..] => ((*low..=*high).contains(&byte), after),
            [one, after @ ..] => (*one == byte, after),
        };
        if is_in {
            return !is_negated;
        }
        rest = after;
    }
}

/// Whether a byte is in a class such as `%a`; an upper-case letter stands for all others.
fn is_in_class(byte: u8, class: u8) -> bool {
    let is_in = match class.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'g' => byte.is_ascii_graphic(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => byte.is_ascii_whitespace() || byte == 0x0b,
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        _ => return class == byte,
    };
    is_in != class.is_ascii_uppercase()
}

#[cfg(test)]
mod tests;
